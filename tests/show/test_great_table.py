"""A figure's table as a great-tables object, and its data: redacted, typed, to take and change."""

from __future__ import annotations

import datetime as dt
from html import unescape

import polars as pl
import pytest

from workbook.errors import ShowError
from workbook.show import Column, Figure, bars, table

ROWS = pl.DataFrame(
    {
        "plan": ["free", "pro", "<b>max</b>"],
        "kind": ["a", "a", "b"],
        "owner": ["ann@example.com", "bob@example.com", "ann@example.com"],
        "rows": [1200, 30, 4],
        "share": [0.5, 0.25, None],
        "mrr": [12.75, 7.0, 0.0],
        "since": [dt.date(2025, 6, 1), None, dt.date(2025, 7, 1)],
    }
)
COLUMNS = [
    Column("plan", "Plan"),
    Column("owner", "Owner", "value", cls="personal"),
    Column("rows", "Rows", "int"),
    Column("share", "Share", "percent"),
    Column("mrr", "MRR", "money", unit="EUR"),
    Column("since", "Since", "date"),
]


@pytest.fixture
def drawn() -> Figure:
    body = table(ROWS, COLUMNS, group="kind", spanners={"Counts": ["rows", "share"]})
    return Figure("9.9", "Plans", "By plan", body, "One row a plan.")


def test_data_is_typed_and_redacted(drawn: Figure) -> None:
    data = drawn.data
    assert data.schema["rows"] == pl.Int64
    assert data.schema["since"] == pl.Date
    assert data["mrr"].to_list() == [12.75, 7.0, 0.0]
    assert "example.com" not in str(data.to_dicts())
    assert data["owner"][0] == data["owner"][2] != data["owner"][1]


def test_gt_is_the_library_s_own_and_formats_by_type(drawn: Figure) -> None:
    made = drawn.gt
    assert type(made).__module__.startswith("great_tables")
    html = unescape(made.as_raw_html())
    assert "<b>max</b>" not in made.as_raw_html()
    for text in ("Plans", "By plan", "One row a plan.", "Counts", "1,200", "50.0%", "€12.75"):
        assert text in html
    assert "example.com" not in html


def test_gt_can_be_changed(drawn: Figure) -> None:
    changed = drawn.gt.fmt_currency("mrr", currency="EUR", decimals=0)
    assert "€13" in unescape(changed.as_raw_html())


def test_a_chart_has_data_and_no_table() -> None:
    frame = pl.DataFrame({"day": [dt.date(2025, 1, 31), dt.date(2025, 2, 28)], "n": [1, 2]})
    figure = Figure("9.8", "Months", body=bars(frame, "day", [Column("n", kind="int")]))
    assert figure.data["n"].to_list() == [1, 2]
    with pytest.raises(ShowError, match="9.8 is no single table"):
        _ = figure.gt
