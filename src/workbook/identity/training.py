"""Trains weights with Splink on the records at hand: an explicit act, whose result is a file
that runs read.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl

from workbook.engine import quote
from workbook.engine.function_sandbox import scratch
from workbook.errors import DataError
from workbook.identity.comparison_levels import levels_of
from workbook.identity.shared_attributes import (
    SharedAttributes,
    individual_attributes,
    shared_attributes,
)
from workbook.identity.weights import LevelWeight, Weights
from workbook.words import error_of

SEED = 1
# random pairs from which u is estimated, and the most that one round of learning m looks at
PAIRS = 2_000_000
# the share of true pairs that exact rules are taken to find, from which the prior follows
RECALL = 0.7
LEAST, DIGITS = 0.000001, 6
# how Splink complains of them
_EXTREME = ("m_probability value", "u_probability value", 'column "inf"', 'column "nan"')
DOUBT = 0.005  # added to the m of every level: no sample shows that true pairs never differ


def train(
    compared: pl.DataFrame, kinds: Mapping[str, str], rules: Sequence[Sequence[str]], settings: str
) -> Weights:
    """Weights for the attributes that `kinds` names, from a frame with `record` and one column
    per attribute.

    u comes from random pairs, m from expectation maximisation among the pairs that agree on
    each rule or attribute in turn, which leaves that attribute out (Fellegi & Sunter 1969, as
    Splink estimates it). Deterministic given the data.

    Raises:
        DataError: there are too few records, none of the attributes is filled, or no pair
          leaves one to compare.
    """
    filled = [name for name in kinds if compared[name].null_count() < compared.height]
    if compared.height < 2 or not filled:
        raise error_of(DataError, "identity.too_little_to_train")
    usable = [rule for rule in rules if all(name in compared.columns for name in rule)]
    blocks = dict.fromkeys([*(tuple(rule) for rule in usable), *((name,) for name in filled)])
    with _quiet(), scratch(people=compared.sort("record")) as connection:
        linker = _linker(connection, kinds)
        linker.training.estimate_probability_two_random_records_match(
            [_equal(rule) for rule in usable] or [_equal((filled[0],))], recall=RECALL
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=SEED)
        prior = _rounded(linker.misc.save_model_to_json()["probability_two_random_records_match"])
        shared = shared_attributes(compared, kinds, prior)
        blocks = _of_individuals(blocks, kinds, usable) if shared else blocks
        if not _learn(
            linker,
            [
                block
                for block in blocks
                if not set(kinds) <= set(block) and 0 < _pairs(connection, block) <= PAIRS
            ],
        ):
            raise error_of(DataError, "identity.nothing_to_train")
        model = linker.misc.save_model_to_json()
    levels = dict(_learnt(model, kinds))
    return Weights(settings, compared.height, prior, levels, _per_match(shared, levels))


def _of_individuals(
    blocks: Iterable[tuple[str, ...]], kinds: Mapping[str, str], rules: Sequence[Sequence[str]]
) -> list[tuple[str, ...]]:
    """The blocks in which pairs of relatives are rare: rules, and the attributes that tell
    individuals apart.
    """
    telling = individual_attributes(kinds)
    trusted = {tuple(rule) for rule in rules}
    return [
        block for block in blocks if not telling or block in trusted or set(block) & set(telling)
    ]


def _per_match(
    shared: Sequence[SharedAttributes], levels: Mapping[str, tuple[LevelWeight, ...]]
) -> tuple[SharedAttributes, ...]:
    """The rates of pairs that share the attributes at any level, given those that are equal in
    them: over m of each.
    """
    return tuple(
        SharedAttributes(
            item.attributes,
            min(
                float(
                    f"{item.rate / math.prod(levels[name][0].m for name in item.attributes):.6g}"
                ),
                1 - LEAST,
            ),
        )
        for item in shared
    )


def _learn(linker: Any, blocks: Iterable[Sequence[str]]) -> bool:
    """Whether the pairs that agree on any block teach anything: all that is compared, less the
    block, is estimated among them.

    A few pairs of which some agree in everything and some in nothing end in probabilities of 0
    or 1, which Splink refuses or cannot write as SQL; such a block says nothing of how true
    pairs differ, and is left out.

    Raises:
        ValueError, SplinkException: no block teaches anything, and one failed for another
        reason than its probabilities.
    """
    from splink.internals.exceptions import SplinkException

    # a round that breaks off leaves it without what it did not compare
    settings = linker._settings_obj  # noqa: SLF001
    taught, failed = False, None
    for block in blocks:
        before = settings.core_model_settings.copy()
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                _equal(block), estimate_without_term_frequencies=True
            )
            taught = True
        except (ValueError, SplinkException) as error:
            settings.core_model_settings = before
            failed = failed if any(word in str(error) for word in _EXTREME) else error
    if failed and not taught:
        raise failed
    return taught


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink tells its progress, which may quote values, to loggers; none of it is shown."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _linker(connection: Any, kinds: Mapping[str, str]) -> Any:
    from splink import DuckDBAPI, Linker, SettingsCreator

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record",
        comparisons=[_comparison(name, kind) for name, kind in kinds.items()],
        blocking_rules_to_generate_predictions=[_equal((next(iter(kinds)),))],
    )
    return Linker(
        DuckDBAPI(connection).register(connection.sql("select * from people")),
        settings,
        log_level=logging.CRITICAL,
    )


def _comparison(attribute: str, kind: str) -> dict[str, Any]:
    """The levels in Splink's words, which calls the two sides `<column>_l` and `<column>_r`."""
    left, right = quote(f"{attribute}_l"), quote(f"{attribute}_r")
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": f"{left} is null or {right} is null",
            "label_for_charts": "empty",
            "is_null_level": True,
        }
    ]
    for level in levels_of(attribute, kind)[:-1]:
        sql = level.sql.replace(f"l.{quote(attribute)}", left).replace(
            f"r.{quote(attribute)}", right
        )
        levels.append({"sql_condition": sql, "label_for_charts": level.says})
    levels.append({"sql_condition": "ELSE", "label_for_charts": "differs"})
    return {"output_column_name": attribute, "comparison_levels": levels}


def _equal(attributes: Sequence[str]) -> str:
    return " and ".join(f"l.{quote(name)} = r.{quote(name)}" for name in attributes)


def _pairs(connection: Any, attributes: Sequence[str]) -> int:
    names = ", ".join(map(quote, attributes))
    filled = " and ".join(f"{quote(name)} is not null" for name in attributes)
    sql = (
        "select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from people where"
        f" {filled} group by {names}) as groups"
    )
    return int(connection.execute(sql).fetchall()[0][0])


def _learnt(
    model: Mapping[str, Any], kinds: Mapping[str, str]
) -> Iterator[tuple[str, tuple[LevelWeight, ...]]]:
    """The m and u of each level; one that was never seen is worth nothing either way."""
    for comparison in model["comparisons"]:
        name = comparison["output_column_name"]
        found = [
            level for level in comparison["comparison_levels"] if not level.get("is_null_level")
        ]
        both = [
            (
                _probability(level, "m_probability", DOUBT, len(found)),
                _probability(level, "u_probability"),
            )
            for level in found
        ]
        words = [level.says for level in levels_of(name, kinds[name])]
        yield (
            name,
            tuple(
                LevelWeight(says, *(pair if None not in pair else (1.0, 1.0)))
                for says, pair in zip(words, both, strict=True)
            ),
        )  # type: ignore[arg-type]


def _probability(
    level: Mapping[str, Any], name: str, doubt: float = 0.0, levels: int = 0
) -> float | None:
    value = level.get(name)
    return (
        _rounded((value + doubt) / (1 + doubt * levels)) if isinstance(value, float | int) else None
    )


def _rounded(value: float) -> float:
    return min(max(round(float(value), DIGITS), LEAST), 1 - LEAST)
