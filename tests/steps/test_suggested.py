"""What page 04b says of suggestions: figures that add up, no value of a record, and what to do
where nothing is trained.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from workbook import Workbook

DATA = str(Path(__file__).parents[2] / "data" / "b2b_saas")
# one book, read by one worker
pytestmark = [pytest.mark.xdist_group("suggested"), pytest.mark.long]


@pytest.fixture(scope="module")
def book(a_sample: Callable[..., Path]) -> Iterator[Workbook]:
    with closing(Workbook.open(a_sample(), data=DATA)) as opened:
        yield opened


def rows(figure) -> list[dict]:
    shown = figure.as_dict()
    return [
        dict(zip([column["name"] for column in shown["columns"]], row, strict=True))
        for row in shown["rows"]
    ]


def test_bands_and_patterns_add_up_to_what_is_suggested_and_waits(book: Workbook) -> None:
    step = book.identity
    ranges, worth = rows(step.suggestions()), rows(step.waiting())
    for entity in ("account", "user"):
        suggested = book.context.frame(f"{entity}__suggestions").height
        waits = book.context.frame(f"{entity}__waiting").height
        here = [row for row in ranges if row["entity"].lower() == entity]
        assert sum(row["pairs"] for row in here) == suggested > 100
        assert sum(row["waiting"] for row in here) == waits
        assert sum(row["same"] + row["different"] for row in here) + waits == suggested
        told = [row for row in worth if row["entity"].lower() == entity]
        bands = [row["pairs"] for row in told if row["what"].startswith("All in band")]
        patterns = [row["pairs"] for row in told[1:] if not row["what"].startswith("All in band")]
        assert sum(bands) == sum(patterns) == waits
    (told,) = [
        finding
        for finding in step.conclude()
        if finding.code == "identity.suggestions_wait" and finding.about == ("user",)
    ]
    assert told.count == book.context.frame("user__waiting").height


def test_what_is_expected_to_be_wrong_is_a_range_where_nobody_judged(book: Workbook) -> None:
    """Counted apart from the page, pair by pair: the least if odds are four times higher; the
    most if they are four times lower and only the strongest attribute that agrees is evidence,
    for these weights know no dependence.
    """
    evidence = book.context.frame("account__suggestion_evidence")
    bits: dict[tuple[str, str], dict[str, float]] = {}
    for left, right, attribute, weight in evidence.select(
        "left_record", "right_record", "attribute", "weight"
    ).iter_rows():
        bits.setdefault((left, right), {})[attribute] = weight
    waits = book.context.frame("account__waiting")
    bands = {
        row["what"]: row for row in rows(book.identity.waiting()) if row["entity"] == "Account"
    }
    for band in ("likely", "weak"):
        pairs = [
            bits[pair]
            for pair in (
                waits.filter(pl.col("band") == band).select("left_record", "right_record").rows()
            )
        ]
        ends = [
            _wrong([sum(each.values()) + 2 for each in pairs], -2),
            _wrong([_worst(each) - 2 for each in pairs], 2),
        ]
        low, high = max(0, math.floor(ends[0])), min(len(pairs), math.ceil(ends[1]))
        told = bands[f"All in band “{band}”"]
        assert told["wrong"] == f"{low} to {high}"
        calibrated = book.identity._suggestions.backlog.expected["account"].of(
            pl.col("band") == band
        )
        assert calibrated and not calibrated.calibrated


def _worst(bits: dict[str, float]) -> float:
    agree = [each for name, each in bits.items() if name != "prior" and each > 0]
    return sum(bits.values()) - sum(agree) + max(agree, default=0.0)


def _wrong(bits: list[float], spreads: int) -> float:
    chances = [1 / (1 + 2**each) for each in bits]
    return sum(chances) + spreads * math.sqrt(sum(p * (1 - p) for p in chances))


def test_a_band_says_how_many_of_its_pairs_rest_on_what_alone(book: Workbook) -> None:
    """Counted apart from the page: in the patterns of the waiting pairs."""
    waits = (
        book.context.frame("user__waiting")
        .filter(pl.col("band") == "possible")["pattern"]
        .to_list()
    )
    alone = [
        each
        for each in waits
        if each.startswith("email: one is empty · phone: one is empty") and "differs" not in each
    ]
    (told,) = [
        row["name"]
        for row in rows(book.identity.waiting())
        if row["entity"] == "User" and row["what"] == "All in band “possible”"
    ]
    assert told.startswith(f"{len(alone)} of {len(waits)} pairs ")
    assert told.index("first name and last name only") < told.index("email and phone are missing")
    assert len(alone) > 10


def test_the_points_of_the_shown_pair_add_up(book: Workbook) -> None:
    first, *each, total = rows(book.identity.why())
    assert abs(sum(row["points"] for row in (first, *each)) - total["points"]) < 0.3
    assert each[-1]["running"] == total["running"]
    assert first["points"] == round(_prior(book), 1)
    assert first["says"] == f"1 pair in {round(1 + 2 ** -_prior(book)):,}"
    assert [abs(row["points"]) for row in each] == sorted(
        (abs(row["points"]) for row in each), reverse=True
    )


def _prior(book: Workbook) -> float:
    evidence = book.context.frame("account__suggestion_evidence").filter(
        pl.col("attribute") == "prior"
    )
    return evidence["weight"].unique().item()


def test_what_accepting_would_do_is_computed_and_the_lede_tells_it(book: Workbook) -> None:
    told = rows(book.identity.waiting())
    computed = [row for row in told if row["change"] is not None]
    assert len(computed) >= 8
    now = {row["entity"]: row["customers"] for row in told if row["pairs"] is None}
    for row in computed:
        assert now[row["entity"]] - row["pairs"] <= row["customers"] < now[row["entity"]]
        assert row["customers"] == now[row["entity"]] + row["change"]
    first = next(row for row in told if row["what"] == "All in band “likely”")
    label, _, moved = first["moves"].partition(" 1")
    before, after = f"1{moved}".split(" → ")
    lede = book.identity.headline().lede
    assert f"{first['pairs']} account pairs in the band “likely”" in lede
    assert f"{label} from {before} to {after}" in lede


def test_no_value_of_a_record_is_shown(book: Workbook) -> None:
    step = book.identity
    shown = " ".join(
        str(figure._repr_mimebundle_())
        for figure in (step.suggestions(), step.waiting(), step.why())
    )
    people = book.context.frame("user__records")
    for name in ("email", "phone", "last_name"):
        for value in people[name].drop_nulls().unique().to_list():
            assert len(value) < 5 or f">{value}<" not in shown
            assert "@" not in value or value not in shown
    assert not [record for record in people["_record"] if record in shown]


def test_without_weights_the_page_says_what_to_do(a_sample: Callable[..., Path]) -> None:
    folder = a_sample()
    shutil.rmtree(folder / "decisions" / "weights")
    book = Workbook.open(folder, data=DATA)
    assert not book.context.has("account__suggestions")
    said = [finding for finding in book.identity.conclude() if finding.code == "identity.untrained"]
    assert [finding.about for finding in said] == [("account",), ("user",)]
    assert "workbook match train account" in said[0].advice
    assert "have not been learned" in book.identity.suggestions().html()
    assert (book.identity.waiting(), book.identity.why()) == (
        None,
        None,
    ), "one sentence, and no two figures more that say nothing"
    book.close()
