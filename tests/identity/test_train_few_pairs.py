"""Training where an id rule joins a handful of pairs: what cannot be learned from them is left out, and never ends in a crash."""

from __future__ import annotations

import random

import polars as pl
import pytest

from workbook.errors import DataError
from workbook.identity.suggest_train import train


def people(attributes: int, apart: int) -> tuple[pl.DataFrame, dict[str, str]]:
    """400 records; five have a passport that another record bears too, which agrees in everything, or (of `apart`) in nothing."""
    draw = random.Random(1)
    names = [f"c{number}" for number in range(attributes)]
    rows = [(f"a:{n:03d}", *(f"v{draw.randint(1, 400)}" for _ in names), f"p{n}" if n < 5 else None) for n in range(400)]
    rows += [(f"b:{n:03d}", *rows[n][1:-1], f"p{n}") for n in range(5 - apart)]
    rows += [(f"c:{n:03d}", *(f"zz{draw.randint(1000, 9999)}qq{name}" for name in names), f"p{4 - n}") for n in range(apart)]
    return pl.DataFrame(rows, schema=["record", *names, "passport"], orient="row"), dict.fromkeys(names, "text")


@pytest.mark.parametrize(("attributes", "apart"), [(5, 1), (5, 3), (8, 5), (12, 1)])
def test_an_id_rule_of_five_pairs_that_agree_in_all_or_in_nothing_teaches_nothing_and_stops_nothing(attributes: int, apart: int) -> None:
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
