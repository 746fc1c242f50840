"""What pairs of two people share, counted by hand; how it lowers a score; and what a sample of
judged pairs says.
"""

from __future__ import annotations

import polars as pl
import pytest

from workbook.identity import shared_attributes as room
from workbook.identity.expected_wrong import (
    PAIR,
    WrongRange,
    expected_wrong,
    judged_pairs,
    range_by_judged,
    wrong_probabilities,
)
from workbook.identity.shared_attributes import (
    SharedAttributes,
    individual_attributes,
    shared_attributes,
)
from workbook.identity.candidate_pairs import blocks, scored
from workbook.identity.candidate_tables import wide
from workbook.identity.weights import Weights, LevelWeight, parse_weights

KINDS = {"first_name": "person_name", "born": "date", "house": "text", "street": "text"}
METHODS = {"first_name": "person_name", "born": "exact", "house": "exact", "street": "exact"}


def town() -> pl.DataFrame:
    """Six couples of two different people, each at an address of its own, and eight who live
    alone.
    """
    rows = [
        (
            f"{n:02}",
            f"f{n:02}",
            f"1950-01-{n + 1:02}",
            *((f"h{n // 2}", f"s{n // 2}") if n < 12 else (f"h{n}", f"s{n}")),
        )
        for n in range(20)
    ]
    return pl.DataFrame(rows, schema=["record", *KINDS], orient="row")


def test_the_rate_is_counted_among_pairs_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """20 people make 190 pairs, all of two; 6 of them share house and street: by chance it were
    (6/190)².
    """
    monkeypatch.setattr(room, "LEAST_PAIRS", 6)
    assert shared_attributes(town(), KINDS, 0.01) == (
        SharedAttributes(("house", "street"), 6 / 190),
    )
    monkeypatch.setattr(room, "LEAST_PAIRS", 7)
    assert shared_attributes(town(), KINDS, 0.01) == ()


def test_records_of_one_person_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everyone twice: of 780 pairs 20 are of one person; of the 760 others 6 × 4 share the
    address.
    """
    monkeypatch.setattr(room, "LEAST_PAIRS", 1)
    twice = pl.concat([town(), town().with_columns(pl.col("record") + "b")])
    assert shared_attributes(twice, KINDS, 0.01) == (
        SharedAttributes(("house", "street"), 24 / 760),
    )


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ({"name_first": "person_name", "dob": "date"}, ("name_first", "dob")),
        ({"vorname": "person_name", "geburtsdatum": "date"}, ("vorname", "geburtsdatum")),
        ({"first_name": "person_name", "signed_up": "date"}, ()),
        ({"name": "company_name", "born": "date"}, ()),
        ({"first_name": "person_name", "born": "text"}, ()),
    ],
)
def test_first_name_and_birth_date_are_known_by_name_and_type(kinds: dict, found: tuple) -> None:
    assert individual_attributes(kinds) == found


def weights(*shared: SharedAttributes) -> Weights:
    """Equal weighs log2(.5 / .0625) = 3 bits, different log2(.5 / 1) = -1; the prior is 1 in
    17, so -4 bits.
    """
    levels = {
        "first_name": (
            LevelWeight("same", 1.0, 0.125),
            LevelWeight("a typo apart", 1.0, 1.0),
            LevelWeight("an initial of the other", 1.0, 1.0),
            LevelWeight("similar", 1.0, 1.0),
            LevelWeight("differs", 0.5, 1.0),
        ),
        "born": (
            LevelWeight("same", 1.0, 0.125),
            LevelWeight("day and month swapped", 1.0, 1.0),
            LevelWeight("one digit apart", 1.0, 1.0),
            LevelWeight("differs", 0.5, 1.0),
        ),
        "house": (
            LevelWeight("same", 1.0, 0.125),
            LevelWeight("a typo apart", 1.0, 1.0),
            LevelWeight("differs", 0.5, 1.0),
        ),
        "street": (
            LevelWeight("same", 1.0, 0.125),
            LevelWeight("a typo apart", 1.0, 1.0),
            LevelWeight("differs", 0.5, 1.0),
        ),
    }
    return Weights("s", 4, 1 / 17, levels, shared)


def weight_of(rows: list[tuple], made: Weights) -> tuple[float, float, str]:
    people = pl.DataFrame(
        rows,
        schema=["record", *KINDS],
        orient="row",
        schema_overrides=dict.fromkeys(KINDS, pl.String),
    )
    compared = wide(people.rename({"record": "_record"}), METHODS, {})
    values = people.select("record").with_row_index("number", 1)
    found = scored(
        people.rename({"record": "_record"}),
        compared,
        people.select("record", root="record"),
        values,
        blocks(compared, ["street"]),
        kinds=KINDS,
        methods=METHODS,
        never_merge=[],
        bands={"any": 0.0},
        weights=made,
    )
    return found.select("weight", "dependence weight", "dependence says").row(0)


ONE = ("a", "anna", "1950-01-01", "7", "elm")


@pytest.mark.parametrize(
    ("other", "rate", "weight", "correction"),
    [
        (("b", "anna", "1950-01-01", "7", "elm"), None, 8.0, 0.0),  # -4 + 4 × 3
        (
            ("b", "anna", "1950-01-01", "7", "elm"),
            0.125,
            5.0,
            -3.0,
        ),  # house and street are worth 3 together, not 6
        (
            ("b", "anna", "1950-01-01", "123", "elm"),
            0.125,
            4.0,
            0.0,
        ),  # the house differs: 3 - 1 is less than 3
        (("b", "anna", "1950-01-01", None, "elm"), 0.125, 5.0, 0.0),
        (("b", "anna", "1971-12-28", "7", "elm"), 0.125, 1.0, -3.0),  # -4 + 3 - 1 + 3
        (("b", "zoltan", "1971-12-28", "7", "elm"), 0.125, -3.0, -3.0),  # -4 - 1 - 1 + 3
        (
            ("b", "zoltan", "1971-12-28", "7", "elm"),
            None,
            -1.0,
            -1.0,
        ),  # 0 without it, at most 1 in 3 with it
    ],
)
def test_what_two_share_weighs_once(
    other: tuple, rate: float | None, weight: float, correction: float
) -> None:
    shared = [SharedAttributes(("house", "street"), rate)] if rate else []
    assert weight_of([ONE, other], weights(*shared))[:2] == (weight, correction)


def test_rates_are_kept_with_the_weights() -> None:
    made = weights(SharedAttributes(("house", "street"), 0.125))
    assert parse_weights(made.text()) == made
    assert "shared" not in weights().text(), "weights without rates read as they always did"
    for wrong in ('"rate": 1.5', '"rate": 0'):
        with pytest.raises(ValueError, match="rate"):
            parse_weights(made.text().replace('"rate": 0.125', wrong))


def test_without_a_measure_of_dependence_only_the_strongest_agreement_is_sure() -> None:
    """Bits 6 + 5 - 1 - 4 = 6.

    Measured: 6 ± 2, so 1/257 to 1/17. Not measured: at the least 6 - 1 - 4 - 2 = -1, so 2/3.
    """
    for measured, high in ((True, 1 / 17), (False, 2 / 3)):
        rows = [
            ("a", "b", "prior", -4.0),
            ("a", "b", "x", 6.0),
            ("a", "b", "y", 5.0),
            ("a", "b", "z", -1.0),
        ]
        rows += [("a", "b", "dependence", 0.0)] if measured else []
        found = wrong_probabilities(
            pl.DataFrame(rows, schema=[*PAIR, "attribute", "weight"], orient="row")
        )
        assert found.select("low", "high").row(0) == pytest.approx((1 / 257, high))


def test_judged_pairs_bound_the_rest() -> None:
    """None of 10 wrong: 1 - .025^(1/10) = 30.8 % at most, so 28 of 90; two of the 100 pairs are
    known themselves.
    """
    assert range_by_judged(90, judged=10, wrong=0) == WrongRange(0, 28, 90, 10)
    assert range_by_judged(92, judged=10, wrong=10, known=2, known_wrong=2) == WrongRange(
        2 + 62, 92, 92, 10
    )


def test_labels_go_before_decisions_and_a_contradiction_says_nothing() -> None:
    pairs = pl.DataFrame(
        {"left_record": ["a", "a", "b", "c"], "right_record": ["b", "c", "c", "d"]}
    )
    said = pl.DataFrame(
        [("a", "b", "same"), ("a", "c", "different"), ("b", "c", "same"), ("b", "c", "different")],
        schema=[*PAIR, "verdict"],
        orient="row",
    )
    assert sorted(judged_pairs(pairs, None, said).rows()) == [("a", "b", False), ("a", "c", True)]
    labels = pl.DataFrame({"record": ["a", "b", "c"], "label": ["1", "2", "2"]})
    assert sorted(judged_pairs(pairs, labels, said).rows()) == [
        ("a", "b", True),
        ("a", "c", True),
        ("b", "c", False),
    ]
    few = pairs.with_columns(
        low=pl.lit(0.0), high=pl.lit(1.0), wrong=pl.Series([True, None, None, None])
    )
    assert expected_wrong(few, few) == WrongRange(0, 4, 4, 1), (
        "fewer than ten judged pairs calibrate nothing"
    )
