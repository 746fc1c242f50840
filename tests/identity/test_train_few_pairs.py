"""Training where an id rule joins a handful of pairs: what cannot be learned from them is left
out, and never ends in a crash.
"""

from __future__ import annotations

import random

import polars as pl
import pytest

from workbook.errors import DataError
from workbook.identity.training import train


def people(attributes: int, apart: int) -> tuple[pl.DataFrame, dict[str, str]]:
    """400 records; five have a passport that another record bears too, which agrees in
    everything, or (of `apart`) in nothing.
    """
    draw = random.Random(1)
    names = [f"c{number}" for number in range(attributes)]
    rows = [
        (f"a:{n:03d}", *(f"v{draw.randint(1, 400)}" for _ in names), f"p{n}" if n < 5 else None)
        for n in range(400)
    ]
    rows += [(f"b:{n:03d}", *rows[n][1:-1], f"p{n}") for n in range(5 - apart)]
    rows += [
        (f"c:{n:03d}", *(f"zz{draw.randint(1000, 9999)}qq{name}" for name in names), f"p{4 - n}")
        for n in range(apart)
    ]
    return pl.DataFrame(rows, schema=["record", *names, "passport"], orient="row"), dict.fromkeys(
        names, "text"
    )


@pytest.mark.parametrize(("attributes", "apart"), [(5, 1), (5, 3), (8, 5), (12, 1)])
def test_an_id_rule_of_five_pairs_that_agree_in_all_or_in_nothing_teaches_nothing_and_stops_nothing(
    attributes: int, apart: int
) -> None:
    frame, kinds = people(attributes, apart)
    weights = train(frame, kinds, [["passport"]], "s")
    assert set(weights.levels) == set(kinds)
    assert all(levels[0].bits > 0 for levels in weights.levels.values())


def test_a_rule_over_all_that_is_compared_leaves_nothing_to_compare() -> None:
    frame, kinds = people(2, 1)
    assert set(train(frame, kinds, [["c0", "c1"], ["passport"]], "s").levels) == {"c0", "c1"}


def test_one_compared_attribute_that_is_its_own_block_is_refused_in_words() -> None:
    frame, _ = people(2, 1)
    with pytest.raises(DataError, match="Compare another attribute"):
        train(frame, {"c0": "text"}, [], "s")


def with_ids() -> tuple[pl.DataFrame, list[list[str]]]:
    """160 records with addresses that hold commas; four ids that two to eight pairs bear, some
    of them given out twice.
    """
    draw = random.Random(3)
    ids, names = ("passport", "ssn", "licence", "national"), ("first_name", "last_name", "address")
    rows = []
    for n in range(160):
        own = (
            draw.choice(["ann", "bob", "eve"]),
            f"{draw.choice(['lee', 'novak'])}{n % 9}",
            f"{n % 70} high st, {draw.choice(['ulm', 'kiel'])}",
        )
        mine = {name: f"{name}{n}" for at, name in enumerate(ids) if n % 4 == at}
        rows.append((f"a:{n:03}", *own, *(mine.get(name) for name in ids)))
        if n < 8 * 4 and n % (n % 4 + 1) == 0:
            other = own if n % 3 else ("zed", f"quux{n}", f"{n} elm, oslo")
            rows.append((f"b:{n:03}", *other, *(mine.get(name) for name in ids)))
    rules = [
        *([name] for name in ids),
        list(names),
        ["first_name", "address"],
        ["passport", "last_name"],
    ]
    return pl.DataFrame(rows, schema=["record", *names, *ids], orient="row"), rules


@pytest.mark.parametrize("rules", [slice(0, 4), slice(0, 1), slice(4, 7), slice(0, 7)])
def test_any_rules_train_any_comparison(rules: slice) -> None:
    frame, every = with_ids()
    kinds = {"first_name": "person_name", "last_name": "person_name", "address": "postal_address"}
    found = train(frame, kinds, every[rules], "s")
    assert list(found.levels) == list(kinds)
    assert 0 < found.prior < 1


def test_a_block_that_the_engine_refuses_is_left_out_and_others_teach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever Splink stumbles over in one block stops nothing; where every block fails, the
    reason is not hidden.
    """
    from splink.internals.exceptions import SplinkException
    from splink.internals.linker_components.training import LinkerTraining

    frame, rules = with_ids()
    kinds = {"last_name": "person_name", "address": "postal_address"}
    learn = LinkerTraining.estimate_parameters_using_expectation_maximisation
    refused = ("passport",)

    def breaking(self: object, block: str, **more: object) -> object:
        if any(f'"{name}"' in block for name in refused):
            raise SplinkException('Parser Error: syntax error at or near ","')
        return learn(self, block, **more)

    monkeypatch.setattr(
        LinkerTraining, "estimate_parameters_using_expectation_maximisation", breaking
    )
    assert set(train(frame, kinds, rules, "s").levels) == set(kinds)
    refused = (*frame.columns[1:],)
    with pytest.raises(SplinkException, match="Parser Error"):
        train(frame, kinds, rules, "s")
