"""The sample's model where its data says nothing: every page has its headline, its figures and
its findings.
"""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.show import Figure
from workbook.steps import STEPS
from workbook.steps.step import Step

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data" / "b2b_saas"
LINES = 40  # of each file: enough for every page, and quick
_FULL_YEAR, _ISO_YEAR = re.compile(r"\b(\d\d/\d\d/)\d{4}"), re.compile(r"\b\d{4}(-\d\d-\d\d)")
Row = list[str]


def no_rows(head: Row, rows: list[Row]) -> list[Row]:
    """Headers only."""
    return []


def no_values(head: Row, rows: list[Row]) -> list[Row]:
    """A key in each record, and not one value beside it."""
    return [[row[0], *[""] * (len(head) - 1)] for row in rows]


def nothing_at_all(head: Row, rows: list[Row]) -> list[Row]:
    """No key either."""
    return [[""] * len(head) for _ in rows]


def all_rejected(head: Row, rows: list[Row]) -> list[Row]:
    """A field too many in each record."""
    return [[*row, "one", "more"] for row in rows]


def all_in_the_future(head: Row, rows: list[Row]) -> list[Row]:
    """Every day ninety years on, behind the day that the pages are about."""
    return [
        [_ISO_YEAR.sub(r"2115\1", _FULL_YEAR.sub(r"\g<1>2115", cell)) for cell in row]
        for row in rows
    ]


def one_row(head: Row, rows: list[Row]) -> list[Row]:
    """One record of each source, which has no counterpart anywhere."""
    return rows[:1]


DESERTS = [
    no_rows,
    no_values,
    *(
        pytest.param(change, marks=pytest.mark.long)
        for change in (nothing_at_all, all_rejected, all_in_the_future, one_row)
    ),
]


def rewrite(folder: Path, change: Callable[[Row, list[Row]], list[Row]]) -> None:
    """Write the sample's files into a project, changed."""
    for path in DATA.rglob("*.csv"):
        support = path.parent.name == "support"
        text = path.read_bytes().decode("windows-1252" if support else "utf-8")
        mark = ";" if support else ","
        head, *rows = csv.reader(text.splitlines(), delimiter=mark)
        to = folder / "data" / path.relative_to(DATA)
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("w", encoding="windows-1252" if support else "utf-8", newline="") as file:
            csv.writer(file, delimiter=mark).writerows([head, *change(head, rows[:LINES])])


def shown(step: Step) -> Iterator[str]:
    """What a page crashes on, of its headline, each figure that needs nothing named, and its
    findings.
    """
    calls: dict[str, Callable[[], object]] = {
        "headline": lambda: step.headline().html(),
        "conclude": step.conclude,
    }
    for name, method in inspect.getmembers(type(step), inspect.isfunction):
        needed = [
            each
            for each in list(inspect.signature(method).parameters.values())[1:]
            if each.default is inspect.Parameter.empty
        ]
        if not needed and inspect.signature(method).return_annotation == "Figure":
            calls[name] = getattr(step, name)
    for name, call in calls.items():
        try:
            made = call()
            if isinstance(made, Figure):
                made.html(), made.as_dict()
        except Exception as error:  # noqa: BLE001 (every crash of every page is named at once)
            yield f"{step.page} {name}: {type(error).__name__}: {error}"


@pytest.mark.parametrize("change", DESERTS, ids=lambda change: change.__name__)
def test_no_page_crashes_where_the_data_says_nothing(
    a_sample: Callable[..., Path], change: Callable[[Row, list[Row]], list[Row]]
) -> None:
    folder = a_sample()
    rewrite(folder, change)
    with closing(Workbook.open(folder)) as book:
        book.build()
        assert [crash for step in STEPS for crash in shown(book.step(step.word))] == []
        assert book.headlines()
