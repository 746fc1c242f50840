"""Suggestions: pairs of groups that no rule joined and that look alike, scored by trained
weights; none changes a cluster.

The score is Fellegi and Sunter's (1969): bits of evidence log2(m/u) of each attribute's level,
added to the prior's. Where two values are the same, u is how frequent that very value is
(Winkler's adjustment), so that a rare name says more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl

from workbook.engine import quote
from workbook.engine.function_sandbox import scratch
from workbook.engine.sql import text
from workbook.identity.comparison_levels import EMPTY, levels_of, pattern_of
from workbook.identity.connected_components import grouped
from workbook.identity.constraints import apply_constraints, never_merged
from workbook.identity.evidence_digest import digests
from workbook.identity.scoring import DEPENDENCE, corrected, parts, same_bits, score
from workbook.identity.weights import Weights

VERSION = 2
MOST_PAIRS = 100  # pairs per record that one way of blocking may give before it is left out
LEAST_PAIRS = 100_000  # and the number of pairs that is always allowed
PRIOR = "prior"
ONCE = "what two different ones have in common, counted once"
BOTH_DIFFER = "first name and birth date both differ"
BLOCKS = {"block": pl.String, "pairs": pl.Int64, "used": pl.Boolean}


def base(proposed: pl.DataFrame, values: pl.DataFrame, never_merge: Sequence[str]) -> pl.DataFrame:
    """One row per record and its group (`root`, the group's first record) as rules, guard and
    never-merge keys make it.
    """
    nobody = pl.DataFrame(
        schema={
            "left_record": pl.String,
            "right_record": pl.String,
            "verdict": pl.String,
            "kind": pl.String,
            "stands": pl.Boolean,
        }
    )
    told = apply_constraints(
        {"p": proposed, "v": values, "d": nobody},
        {"proposed": "p", "values": "v", "decisions": "d", "never_merge": list(never_merge)},
    )
    ends = ["left_number", "right_number"]
    calm = proposed.join(told, on=["rank", *ends], how="anti").select(ends)
    links = pl.concat([calm, told.filter("accepted").select(ends)])
    records = values["record"]
    return pl.DataFrame(
        {
            "record": records,
            "root": records.gather(
                grouped(len(records), links["left_number"], links["right_number"]).roots()
            ),
        }
    )


def blocks(compared: pl.DataFrame, block_on: Sequence[str]) -> pl.DataFrame:
    """One row per way of blocking: how many pairs of records it gives, and whether they are few
    enough to be scored.
    """
    most = max(LEAST_PAIRS, MOST_PAIRS * compared.height)
    rows = []
    with scratch(people=compared) as connection:
        for block in block_on:
            by = ", ".join(parts(block, ""))
            filled = " and ".join(f"({part}) is not null" for part in parts(block, ""))
            sql = (
                "select cast(coalesce(sum(n * (n - 1) / 2), 0) as bigint) from (select count(*) as"
                f" n from people where {filled} group by {by}) as groups"
            )
            pairs = int(connection.execute(sql).fetchall()[0][0])
            rows.append((block, pairs, pairs <= most))
    return pl.DataFrame(rows, schema=BLOCKS, orient="row")


def scored(
    records: pl.DataFrame,
    compared: pl.DataFrame,
    groups: pl.DataFrame,
    values: pl.DataFrame,
    ways: pl.DataFrame,
    *,
    kinds: Mapping[str, str],
    methods: Mapping[str, str],
    never_merge: Sequence[str],
    bands: Mapping[str, float],
    weights: Weights,
    said: Mapping[str, str] = MappingProxyType({}),
) -> pl.DataFrame:
    """One row per pair of groups that scores at or above the lowest band: its best pair of
    records, and what each attribute says.
    """
    lowest = min(bands.values(), default=2.0)
    used = ways.filter("used")["block"].to_list()
    people = _people(compared, groups, weights)
    found = (
        score(people, used, kinds, weights, lowest)
        if used and people.height > 1
        else pl.DataFrame(schema=_raw_schema(kinds, correct=corrected(kinds, weights)))
    )
    found = _apart(found, groups, values, never_merge)
    best = found.sort(
        ["weight", "left_record", "right_record"], descending=[True, False, False]
    ).unique(["left_root", "right_root"], keep="first", maintain_order=True)
    return _told(best.sort("left_record", "right_record"), records, kinds, methods, bands, said)


def _people(compared: pl.DataFrame, groups: pl.DataFrame, weights: Weights) -> pl.DataFrame:
    """One row per group and combination of its values (the first record that has it), with the
    bits that each value is worth if it is the same.
    """
    names = [name for name in compared.columns if name != "record"]
    shares = {name: pl.len().over(name) / max(compared[name].count(), 1) for name in weights.levels}
    bits = [
        pl.when(pl.col(name).is_not_null())
        .then(same_bits(name, weights, share))
        .alias(f"{name} bits")
        for name, share in shares.items()
    ]
    whole = compared.with_columns(bits).join(groups, on="record").sort("record")
    alone = pl.len().over("root") == 1
    several = whole.filter(~alone).unique(["root", *names], keep="first", maintain_order=True)
    return (
        pl.concat([whole.filter(alone), several])
        .sort("record")
        .with_row_index("n")
        .cast({"n": pl.Int64})
    )


def _raw_schema(kinds: Mapping[str, str], *, correct: bool) -> dict[str, Any]:
    each = {
        f"{name} {word}": kind
        for name in kinds
        for word, kind in (("level", pl.Int32), ("weight", pl.Float64))
    }
    more = {f"{DEPENDENCE} weight": pl.Float64, "two": pl.Boolean} if correct else {}
    return {
        **dict.fromkeys(("left_record", "right_record", "left_root", "right_root"), pl.String),
        **each,
        **more,
        "weight": pl.Float64,
    }


def _apart(
    found: pl.DataFrame, groups: pl.DataFrame, values: pl.DataFrame, never_merge: Sequence[str]
) -> pl.DataFrame:
    """Without pairs of groups that hold two values of a never-merge key."""
    held = (
        never_merged(values, never_merge)
        .join(groups, on="record")
        .group_by("root", "attribute")
        .agg(pl.col("value").min())
    )
    for attribute in never_merge:
        mine = held.filter(pl.col("attribute") == attribute).select("root", "value")
        both = found.join(
            mine, left_on="left_root", right_on="root", how="left", maintain_order="left"
        ).rename({"value": "mine"})
        both = both.join(
            mine, left_on="right_root", right_on="root", how="left", maintain_order="left"
        )
        found = both.filter((pl.col("mine") == pl.col("value")).fill_null(value=True)).drop(
            "mine", "value"
        )
    return found


def _told(
    best: pl.DataFrame,
    records: pl.DataFrame,
    kinds: Mapping[str, str],
    methods: Mapping[str, str],
    bands: Mapping[str, float],
    said: Mapping[str, str],
) -> pl.DataFrame:
    """The pairs as they are stored: lower key first, rounded, with band, pattern, evidence, and
    what each attribute says.
    """
    swap = pl.col("left_record") > pl.col("right_record")
    ends = [
        pl.when(swap)
        .then(pl.col(f"{b}_{word}"))
        .otherwise(pl.col(f"{a}_{word}"))
        .alias(f"{a}_{word}")
        for word in ("record", "root")
        for a, b in (("left", "right"), ("right", "left"))
    ]
    score = (1 / (1 + pl.lit(2.0).pow(-pl.col("weight")))).round(6)
    band = pl.lit(None, dtype=pl.String)
    for name, least in sorted(bands.items(), key=lambda item: (item[1], item[0])):
        band = pl.when(pl.col("score") >= least).then(pl.lit(name)).otherwise(band)
    says = [_says(name, kind) for name, kind in kinds.items()]
    correct = f"{DEPENDENCE} weight" in best.columns
    if correct:
        says.append(
            pl.when("two")
            .then(pl.lit(BOTH_DIFFER))
            .otherwise(pl.lit(ONCE))
            .alias(f"{DEPENDENCE} says")
        )
    weighed = [*kinds, *([DEPENDENCE] if correct else [])]
    told = best.with_columns(*ends, *says, score=score).with_columns(
        weight=pl.col("weight").round(2), band=band
    )
    told = told.with_columns(pl.col(f"{name} weight").round(2) for name in weighed)
    words = [f"{name} says" for name in kinds]
    phrases, named = told.select(words).unique(), [said.get(name, name) for name in kinds]
    phrases = phrases.with_columns(
        pattern=pl.Series(
            [pattern_of(list(zip(named, row, strict=True))) for row in phrases.iter_rows()],
            dtype=pl.String,
        )
    )
    told = told.join(phrases, on=words, how="left", maintain_order="left")
    pairs = list(told.select("left_record", "right_record").iter_rows())
    seen = digests(records, methods, pairs)
    told = told.with_columns(pl.Series("evidence", [seen[pair] for pair in pairs], dtype=pl.String))
    each = [f"{name} {word}" for name in weighed for word in ("says", "weight")]
    return told.select(
        "left_record",
        "right_record",
        "left_root",
        "right_root",
        "score",
        "weight",
        "band",
        "pattern",
        "evidence",
        *each,
    )


def _says(name: str, kind: str) -> pl.Expr:
    words = [level.says for level in levels_of(name, kind)]
    return (
        pl.col(f"{name} level")
        .replace_strict([-1, *range(len(words))], [EMPTY, *words], return_dtype=pl.String)
        .alias(f"{name} says")
    )


def evidence_sql(
    entity: str,
    names: Sequence[str],
    prior: float,
    said: Mapping[str, str] = MappingProxyType({}),
    *,
    correct: bool = False,
) -> str:
    """One row per suggestion and attribute: what it says, and its bits; the row `prior`
    completes the sum.

    `correct` says that scores are corrected for dependence, which is a row of its own.
    """
    scored_table = quote(f"{entity}__scored")
    names = [*names, *([DEPENDENCE] if correct else [])]
    return "\nunion all\n".join(_evidence_parts(scored_table, names, prior, said))


def _evidence_parts(
    table: str, names: Sequence[str], prior: float, said: Mapping[str, str]
) -> Iterator[str]:
    yield (
        f"select left_record, right_record, cast({text(PRIOR)} as varchar) as attribute, cast(0 as"
        " bigint) as level,\n  cast('how rare a true pair is' as varchar) as says,"
        f" cast({round(prior, 2)!r} as double) as weight\nfrom {table}"
    )
    for number, name in enumerate(names, start=1):
        yield (
            f"select left_record, right_record, cast({text(said.get(name, name))} as varchar) as"
            f" attribute, cast({number} as bigint) as level,\n  {quote(f'{name} says')} as says,"
            f" {quote(f'{name} weight')} as weight\nfrom {table}"
        )
