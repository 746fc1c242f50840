"""Several tables in one file are told and landed apart; a second line of a header is no record's
type.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from workbook.model import load_model
from workbook.sources.onboard.add import add_sources

from test_real_shapes import landed
from workbooks import write_workbook

SALES = [["Customer", "Amount", "Paid on"]] + [
    [f"Firm {n}", f"{n}.50", f"2025-01-{n:02d}"] for n in range(1, 13)
]
GOALS = [["Region", "Head", "Target"]] + [
    [f"R{n}", f"Boss {n}", str(n * 1000)] for n in range(1, 9)
]
Project = Callable[..., Path]


def put(root: Path, name: str, rows: list[list]) -> None:
    if name.endswith("xlsx"):
        write_workbook(root / "data" / name, {"Q": rows})
        return
    texts = [",".join(cell or "" for cell in row) for row in rows]
    (root / "data" / name).write_text("\n".join(texts) + "\n", "utf-8")


@pytest.mark.parametrize("name", ["book.xlsx", "book.csv"])
@pytest.mark.parametrize("titles", [[], [["Report"], []]])
def test_a_table_below_another_is_a_source_of_its_own(
    name: str, titles: list, a_project: Project, tmp_path: Path
) -> None:
    root = a_project()
    put(root, name, [*titles, *SALES, [], [], *GOALS])
    report = add_sources(root, [root / "data"])
    assert report.sources == ("files.book", "files.book_2")
    model = load_model(root)
    first, second = model.sources.sources.values()
    assert (first.ends_before, second.starts_at) == ("Region", "Region")
    sales, _ = landed(model, "files.book", tmp_path / "a")
    goals, _ = landed(model, "files.book_2", tmp_path / "b")
    assert sales["amount"].sum() == Decimal("84.00")  # 78 + 12 × 0.50
    assert goals["target"].to_list() == [n * 1000 for n in range(1, 9)]


@pytest.mark.parametrize(
    "rows",
    [
        [*SALES[:7], [], *SALES[7:]],  # a page break
        [*SALES, [], ["Total", "84.00", ""]],
        [*SALES, [], ["made by sales", "", ""], ["for the board", "", ""]],
        [["Name", "Town"], ["Ann", "Rome"], [], ["Bob", "Oslo"], ["Cy", "Bern"], ["Di", "Kiel"]],
    ],
    ids=["gap", "total", "notes", "texts"],
)
def test_one_table_stays_one(rows: list, a_project: Project) -> None:
    root = a_project()
    put(root, "book.csv", rows)
    assert add_sources(root, [root / "data"]).sources == ("files.book",)


def test_units_below_the_header_change_no_type(a_project: Project) -> None:
    root = a_project()
    put(root, "book.csv", [SALES[0], ["", "EUR", "day"], *SALES[1:]])
    report = add_sources(root, [root / "data"])
    fields = load_model(root).fields("files.book")
    assert {name: each.type for name, each in fields.items()} == {
        "customer": "text",
        "amount": "money",
        "paid_on": "date",
    }
    assert any("second line of the header" in each for each in report.sentences)


def test_tables_side_by_side_are_told(a_project: Project) -> None:
    root = a_project()
    beside = [*GOALS, *[[None, None, None]] * 4]
    rows = [[*left, None, *right] for left, right in zip(SALES, beside, strict=True)]
    put(root, "book.xlsx", rows)
    report = add_sources(root, [root / "data"])
    assert any("side by side" in each for each in report.sentences)
