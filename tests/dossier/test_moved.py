"""A movement is split into the past restated, new data and our decisions, and the three add up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbook.dossier.decision_snapshots import (
    decision_files,
    digest_of,
    keep_decisions,
    kept_decisions,
)
from workbook.dossier.headline_bridge import movements
from workbook.errors import WorkbookError
from workbook.metrics import SHARE
from workbook.steps import HeadlineNumber
from workbook.words import words_of

MAY, JUNE = dt.date(2025, 5, 31), dt.date(2025, 6, 30)
OLD = Path("old")


class Book:
    """MRR by (whose decisions, which day), on today's data; or another number, that is a day."""

    as_of = JUNE

    def __init__(self, values: Mapping[tuple[Path | None, dt.date], int | dt.date | None]) -> None:
        self.values = values
        self.asked: list[tuple[Path | None, dt.date]] = []

    def headlines(
        self, decisions: Path | None = None, as_of: dt.date | None = None
    ) -> dict[str, HeadlineNumber]:
        asked = (decisions, as_of or JUNE)
        self.asked.append(asked)
        if asked not in self.values:
            raise WorkbookError("it contradicts itself")
        value = self.values[asked]
        if isinstance(value, dt.date):
            return {"MRR": HeadlineNumber("mrr", "MRR", None, "date", "", value)}
        return {
            "MRR": HeadlineNumber(
                "mrr", "MRR", None if value is None else Decimal(value), "count", ""
            )
        }


def then(value: int | dt.date = 100, day: dt.date = MAY) -> dict[str, object]:
    return {"headline_values": {"MRR": str(value)}, "project": {"as_of": day.isoformat()}}


def test_the_three_parts_add_up() -> None:
    book = Book({(None, JUNE): 175, (OLD, JUNE): 160, (OLD, MAY): 103})
    made = movements(book, then(100), same_decisions=False, same_data=False, kept=OLD)
    assert made == {
        "rows": [{"metric": "MRR", "restated": "+3", "new_data": "+57", "decisions": "+15"}],
        "unsplit": "",
    }
    assert 100 + 3 + 57 + 15 == 175


@pytest.mark.parametrize("kind", [dt.date, dt.datetime])
def test_a_day_moves_by_days(kind: type[dt.date]) -> None:
    """The next renewal: on 3 March as reported, the past of it restated to the 1st, new data to
    the 15th, our decisions to the 10th.
    """
    book = Book(
        {
            (None, JUNE): kind(2025, 3, 10),
            (OLD, JUNE): kind(2025, 3, 15),
            (OLD, MAY): kind(2025, 3, 1),
        }
    )
    (row,) = movements(
        book, then(kind(2025, 3, 3)), same_decisions=False, same_data=False, kept=OLD
    )["rows"]
    assert row == {
        "metric": "MRR",
        "restated": "−2 days",
        "new_data": "+14 days",
        "decisions": "−5 days",
    }
    assert -2 + 14 - 5 == 10 - 3


def test_a_share_moves_by_points_and_any_other_number_by_a_share_of_itself() -> None:
    share, money = (
        HeadlineNumber("nrr", "NRR", Decimal(value), kind, unit)
        for value, kind, unit in (("0.983", "ratio", SHARE), ("200", "money", "EUR"))
    )
    assert share.moved(Decimal("0.962")).said == "NRR 98.3\u202f% → 96.2\u202f% (−2.1\u202fpoints)"
    assert money.moved(Decimal(150)).said == "NRR €200 → €150 (−25.0\u202f%)"
    assert share.moved(Decimal("0.983")).by == share.moved(None).said.partition("(")[2] == ""


@pytest.mark.parametrize(
    ("same_decisions", "same_data", "day", "expected"),
    [
        (False, True, JUNE, ("", "", "+75")),  # the same files on the same day: it was us
        # the same day told differently: the past was restated
        (True, False, JUNE, ("+75", "", "")),
        (True, True, MAY, ("", "+75", "")),  # only time went on
    ],
)
def test_what_did_not_change_moves_nothing(
    same_decisions: bool, same_data: bool, day: dt.date, expected: tuple[str, str, str]
) -> None:
    book = Book({(None, JUNE): 175, (OLD, JUNE): 100, (OLD, MAY): 100, (None, MAY): 100})
    (row,) = movements(
        book, then(100, day), same_decisions=same_decisions, same_data=same_data, kept=OLD
    )["rows"]
    assert (row["restated"], row["new_data"], row["decisions"]) == expected


def test_nothing_is_computed_where_nothing_moved() -> None:
    book = Book({(None, JUNE): 100})
    assert movements(book, then(100), same_decisions=False, same_data=False, kept=None) == {
        "rows": [],
        "unsplit": "",
    }
    assert book.asked == [(None, JUNE)]


@pytest.mark.parametrize(("kept", "why"), [(None, "decisions_lost"), (OLD, "decisions_unreadable")])
def test_what_cannot_be_split_says_why(kept: Path | None, why: str) -> None:
    made = movements(
        Book({(None, JUNE): 175}), then(100), same_decisions=False, same_data=False, kept=kept
    )
    assert made["rows"] == []
    assert made["unsplit"] == words_of("dossier").text(f"cover.changed.{why}")


def test_a_number_that_one_side_cannot_compute_has_no_parts() -> None:
    book = Book({(None, JUNE): 175, (OLD, JUNE): None, (OLD, MAY): None})
    assert movements(book, then(100), same_decisions=False, same_data=False, kept=OLD)["rows"] == []


def test_decisions_are_kept_whole_and_found_again(tmp_path: Path) -> None:
    project = SimpleNamespace(model="model", decisions="decisions")
    (tmp_path / "model").mkdir()
    (tmp_path / "decisions" / "weights").mkdir(parents=True)
    (tmp_path / "workbook.yml").write_text("name: acme\n")
    (tmp_path / "model" / "02_grain.yml").write_text("primary: account\n")
    (tmp_path / "decisions" / "weights" / "account.json").write_text("{}")
    first = decision_files(tmp_path, project)
    assert list(first) == ["decisions/weights/account.json", "model/02_grain.yml", "workbook.yml"]
    keep_decisions(tmp_path, first)
    (tmp_path / "model" / "02_grain.yml").write_text("primary: company\n")
    kept = kept_decisions(tmp_path, digest_of(first))
    assert kept is not None
    assert (kept / "model" / "02_grain.yml").read_text() == "primary: account\n"
    assert kept_decisions(tmp_path, digest_of(decision_files(tmp_path, project))) is None


def test_a_move_bears_the_period_of_its_number():
    now = HeadlineNumber(
        "nrr", "NRR", Decimal("0.983"), "ratio", SHARE, period="June 2025, one month"
    )
    assert now.moved(Decimal("0.982")).said.startswith("NRR (June 2025, one month) 98.3")
