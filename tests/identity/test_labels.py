"""Clusters measured against labels: by hand on small sets, and against every pair looked at one
by one.
"""

from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import DataError
from workbook.identity.evaluation import labels_of, measured


def clusters_of(text: str) -> pl.DataFrame:
    """`abc de` as clusters of the records a, b, c and d, e."""
    rows = [(record, group) for group in text.split() for record in group]
    return pl.DataFrame(rows, schema={"record": pl.String, "id": pl.String}, orient="row")


def labels_from(text: str) -> pl.DataFrame:
    return clusters_of(text).rename({"id": "label"})


def pairs_of(text: str) -> pl.DataFrame:
    """`ab+ cd-`: a and b are the same, c and d are not."""
    rows = [(each[0], each[1], each[2] == "+") for each in text.split()]
    return pl.DataFrame(
        rows,
        schema={"left_record": pl.String, "right_record": pl.String, "same": pl.Boolean},
        orient="row",
    )


def test_by_hand() -> None:
    found = measured(clusters_of("abc de f"), labels_from("ab cde f"))
    # abc and de join ab ac bc de; true are ab cd ce de
    assert (found.joined, found.same, found.right) == (4, 4, 2)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert found.b_precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)
    assert found.b_recall == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert (found.largest, found.false_merges, found.labelled) == (3, 1, 6)


def test_the_figures_of_bagga_and_baldwin() -> None:
    """Their first example: of the chains 12345, 67 and 89ABC the last two became one: precision
    76 %, recall 100 %.
    """
    found = measured(clusters_of("12345 6789ABC"), labels_from("12345 67 89ABC"))
    assert (round(found.b_precision, 4), found.b_recall) == (0.7619, 1.0)
    found = measured(clusters_of("1234589ABC 67"), labels_from("12345 67 89ABC"))
    assert (round(found.b_precision, 4), found.b_recall) == (0.5833, 1.0)


def test_one_large_wrong_cluster_shows_pairwise() -> None:
    many = "".join(chr(200 + n) for n in range(100))
    right = " ".join(f"{one}{other}" for one, other in zip(many[::2], many[1::2], strict=True))
    found = measured(clusters_of(f"{many[:30]} {' '.join(right.split()[15:])}"), labels_from(right))
    assert found.precision == (15 + 35) / (435 + 35)
    assert found.b_precision > 0.7
    assert (found.largest, found.false_merges) == (30, 1)


def test_records_without_a_label_count_only_in_the_largest() -> None:
    found = measured(clusters_of("abxyz c"), labels_from("ab cq"))
    assert (found.labelled, found.precision, found.same, found.largest) == (3, 1.0, 1, 5)


def test_nothing_joined_has_no_precision() -> None:
    found = measured(clusters_of("a b"), labels_from("ab"))
    assert (found.precision, found.recall, found.f1, found.b_precision, found.b_recall) == (
        None,
        0.0,
        None,
        1.0,
        0.5,
    )
    empty = measured(clusters_of(""), labels_from(""))
    assert (empty.precision, empty.b_f1, empty.largest, empty.labelled) == (None, None, 0, 0)


def test_labelled_pairs() -> None:
    found = measured(clusters_of("abc de"), pairs_of("ab+ bc- ad+ de+ ce-"))
    assert (found.labelled, found.joined, found.same, found.right) == (5, 3, 3, 2)
    assert (found.precision, found.recall, found.b_precision, found.false_merges) == (
        2 / 3,
        2 / 3,
        None,
        1,
    )


def test_a_pair_labelled_twice_counts_once_and_both_ways_not_at_all() -> None:
    found = measured(clusters_of("abcd"), pairs_of("ab+ ba+ bc+ cb- aa+ az+"))
    assert (found.labelled, found.joined, found.right) == (1, 1, 1)


def test_wrong_labels_are_told() -> None:
    with pytest.raises(DataError, check=lambda error: error.code == "identity.two_labels"):
        measured(clusters_of("ab"), labels_from("ab a"))
    with pytest.raises(DataError, check=lambda error: error.code == "identity.label_columns"):
        measured(clusters_of("ab"), pl.DataFrame({"record": ["a"], "who": ["b"]}))


def test_labels_of_an_attribute() -> None:
    records = pl.DataFrame(
        {"_record": ["s:1", "s:2", "s:3", "s:4"], "person_no": [" 7", "7", None, " "]}
    )
    assert labels_of(records, "person_no").rows() == [("s:1", "7"), ("s:2", "7")]


SETS = st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 5))), max_size=25)


@given(SETS, st.randoms(use_true_random=False))
def test_as_if_every_pair_were_looked_at(rows: list[tuple[int, int | None]], rng) -> None:
    clusters = pl.DataFrame(
        [(f"r{n}", f"c{c}") for n, (c, _) in enumerate(rows)],
        schema={"record": pl.String, "id": pl.String},
        orient="row",
    )
    known = [(f"r{n}", f"c{c}", f"t{t}") for n, (c, t) in enumerate(rows) if t is not None]
    order = list(known)
    rng.shuffle(order)
    labels = pl.DataFrame(
        [(record, truth) for record, _, truth in order],
        schema={"record": pl.String, "label": pl.String},
        orient="row",
    )
    found = measured(clusters, labels)

    pairs = list(combinations(known, 2))
    joined = {(a, b) for a, b in pairs if a[1] == b[1]}
    same = {(a, b) for a, b in pairs if a[2] == b[2]}
    assert (found.joined, found.same, found.right) == (len(joined), len(same), len(joined & same))
    if known:
        shared = [sum(o[1] == r[1] and o[2] == r[2] for o in known) for r in known]
        assert found.b_precision == pytest.approx(
            sum(n / sum(o[1] == r[1] for o in known) for n, r in zip(shared, known, strict=True))
            / len(known)
        )
        assert found.b_recall == pytest.approx(
            sum(n / sum(o[2] == r[2] for o in known) for n, r in zip(shared, known, strict=True))
            / len(known)
        )
    assert found.false_merges == len(
        {c for _, c, _ in known if len({t for _, d, t in known if d == c}) > 1}
    )

    as_pairs = pl.DataFrame(
        [(b[0], a[0], a[2] == b[2]) for a, b in pairs],
        schema={"left_record": pl.String, "right_record": pl.String, "same": pl.Boolean},
        orient="row",
    )
    looked = measured(clusters, as_pairs)
    assert (looked.joined, looked.same, looked.right, looked.false_merges) == (
        found.joined,
        found.same,
        found.right,
        found.false_merges,
    )
    assert (looked.precision, looked.recall, looked.f1) == (found.precision, found.recall, found.f1)
