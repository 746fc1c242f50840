"""Tables: what each kind of cell becomes, what is refused, what the JSON carries."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest

from workbook.dossier.sanitize_html import rebuild
from workbook.errors import WorkbookError
from workbook.privacy import PrivacyError
from workbook.show import Body, Column, Figure, ShowError, table

THIN = "\u202f"


class Cells(HTMLParser):
    """The visible text of each row of a table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            self.cell = True

    def handle_data(self, data: str) -> None:
        if self.cell:
            self.rows[-1][-1] += data


def cells(body: Body) -> list[list[str]]:
    """The text of each row, the head first."""
    return Cells(body.html).rows


def one(value: Any, column: Column | None = None, **options: Any) -> tuple[str, Any]:
    """What becomes of a single value: the cell's text, and its data."""
    made = column or Column("x", **options)
    body = table(pl.DataFrame({"k": ["row"], "x": [value]}, strict=False), [Column("k"), made])
    return cells(body)[1][1], body.rows[0][1]


@pytest.mark.parametrize(
    ("value", "options", "text", "data"),
    [
        ("words", {}, "words", "words"),
        (3, {}, "3", 3),
        (True, {}, "yes", True),
        (1713, {"kind": "int"}, "1,713", 1713),
        (0, {"kind": "int"}, "0", 0),
        (26, {"kind": "int", "unit": "d"}, f"26{THIN}d", 26),
        (-2220.0, {"kind": "number"}, "−2,220", -2220.0),
        (43.44, {"kind": "number", "sign": True}, "+43.4", 43.44),
        (Decimal("7773434.77"), {"kind": "money", "unit": "USD"}, "$7,773,434.77", 7773434.77),
        (0.0744, {"kind": "percent"}, f"7.4{THIN}%", 0.0744),
        (dt.date(2026, 9, 4), {"kind": "date"}, "4 Sep 2026", "2026-09-04"),
        ("pass", {"kind": "check"}, "✓ OK", "pass"),
        ("fail", {"kind": "check"}, "✕ Failed", "fail"),
        (True, {"kind": "dot"}, "●yes", True),
        (False, {"kind": "dot"}, "·no", False),
        ("P", {"kind": "chip"}, "P", "P"),
        ("●", {"kind": "chip"}, "●yes", "●"),
        ("·", {"kind": "chip"}, "·not asked", "·"),
        (1, {"kind": "rank"}, "1", 1),
        ("a = b", {"kind": "mono"}, "a = b", "a = b"),
        ("DE", {"kind": "value", "cls": "public"}, "DE", "DE"),
        ("x", {"kind": "value", "cls": "internal"}, "x", "x"),
        ("jane@a", {"kind": "value", "cls": "personal", "token": "email"}, "email·1", "email·1"),
        ("F", {"kind": "value", "cls": "sensitive"}, "x·1", "x·1"),
        (dt.date(1980, 1, 1), {"kind": "date", "cls": "personal"}, "x·1", "x·1"),
        (12.5, {"kind": "number", "cls": "sensitive"}, "x·1", "x·1"),
        ([1, 2], {"kind": "stack"}, "", [1, 2]),
        (3, {"kind": "bar"}, "", 3),
        (["pass", "fail"], {"kind": "history"}, "·■", ["pass", "fail"]),
    ],
)
def test_a_value_becomes_a_cell(value: Any, options: dict[str, Any], text: str, data: Any) -> None:
    assert (text, data) == one(value, **options)


@pytest.mark.parametrize(
    "kind",
    [
        "words",
        "int",
        "number",
        "money",
        "percent",
        "date",
        "bar",
        "stack",
        "diverging",
        "check",
        "dot",
        "rank",
        "chip",
        "mono",
        "spark",
        "history",
    ],
)
def test_absence_is_an_empty_cell(kind: str) -> None:
    assert ("", None) == one(None, kind=kind)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("kind", ["number", "money", "percent", "bar", "diverging", "words"])
def test_what_is_not_finite_is_refused(kind: str, value: float) -> None:
    with pytest.raises(ShowError, match="finite"):
        one(value, kind=kind)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([1.0, math.nan], "stack"),
        ([1, -1], "stack"),
        ([1, None], "stack"),
        ([1], "span"),
        ([1, 2], "interval"),
        ("warn", "check"),
        ("yes", "dot"),
        (2.5, "int"),
    ],
)
def test_what_does_not_fit_its_kind_is_refused(value: Any, kind: str) -> None:
    with pytest.raises(ShowError):
        one(value, kind=kind)


def test_values_need_a_class() -> None:
    with pytest.raises(WorkbookError, check=lambda error: error.code == "show.no_class"):
        Column("email", kind="value")
    with pytest.raises(PrivacyError):
        Column("email", kind="value", cls="secret")
    with pytest.raises(ShowError, check=lambda error: error.code == "show.drawn_token"):
        Column("salary", kind="bar", cls="personal")


def test_names_that_are_not_there_get_a_hint() -> None:
    frame = pl.DataFrame({"records": [1]})
    with pytest.raises(ShowError, match="Did you mean 'records'"):
        table(frame, [Column("record")])
    with pytest.raises(ShowError, match="unknown kind 'percnt'. Did you mean 'percent'"):
        Column("x", kind="percnt")
    with pytest.raises(ShowError, match="Did you mean 'records'"):
        table(frame, [Column("records")], spanners={"Over": ["recods"]})


def test_the_first_column_heads_its_row_and_the_detail_stands_below() -> None:
    body = table(
        pl.DataFrame({"entity": ["account"], "note": ["two sources"], "n": [3]}),
        [Column("entity", detail="note"), Column("n", kind="int")],
    )
    assert (
        '<th class="wb-left wb-k-words" scope="row">account <span class="wb-detail">two'
        " sources</span></th>" in body.html
    )
    assert (("account", "two sources", 3),) == body.rows
    assert ["entity", "note", "n"] == [column["name"] for column in body.columns]


def test_a_detail_is_as_private_as_its_column_unless_said_otherwise() -> None:
    frame = pl.DataFrame({"k": ["r"], "name": ["Jane"], "email": ["j@x"]})
    assert (("r", "person·1", "person·2"),) == table(
        frame,
        [Column("k"), Column("name", kind="value", cls="personal", token="person", detail="email")],
    ).rows
    assert (("r", "Jane", "email·1"),) == table(
        frame, [Column("k"), Column("name", detail="email", detail_cls="personal")]
    ).rows


def test_equal_values_have_equal_tokens_across_columns_of_a_word() -> None:
    frame = pl.DataFrame({"k": ["a", "b"], "left": ["x", "y"], "right": ["y", "x"]})
    columns = [
        Column("k"),
        *(Column(name, kind="value", cls="personal", token="name") for name in ("left", "right")),
    ]
    assert (("a", "name·1", "name·2"), ("b", "name·2", "name·1")) == table(frame, columns).rows


def test_no_rows_are_a_sentence() -> None:
    body = table(pl.DataFrame({"a": []}, schema={"a": pl.String}), [Column("a")])
    assert '<p class="wb-nothing">Nothing to show.</p>' == body.html
    assert [] == Figure("1.1", "Why?", body=body).as_dict()["rows"]


def test_groups_total_highlight_and_heads_over_heads() -> None:
    frame = pl.DataFrame(
        {
            "g": ["A", "B", "A", ""],
            "k": ["1", "2", "3", "All"],
            "x": [1, 2, 3, 6],
            "y": [1, 2, 3, 6],
        }
    )
    body = table(
        frame,
        [Column("k"), Column("x", kind="int"), Column("y", kind="int")],
        group="g",
        total=True,
        highlight=[2],
        spanners={"Both": ["x", "y"]},
    )
    assert [
        ["K", "Both"],
        ["X", "Y"],
        ["A"],
        ["1", "1", "1"],
        ["3", "3", "3"],
        ["B"],
        ["2", "2", "2"],
        ["All", "6", "6"],
    ] == cells(body)
    assert '<tr class="wb-chosen"><th class="wb-left wb-k-words" scope="row">3' in body.html
    assert '<tr class="wb-total"><th class="wb-left wb-k-words" scope="row">All' in body.html
    assert 2 == body.html.count("<tbody>")


def test_counts_of_few_people_are_not_shown_nor_drawn() -> None:
    frame = pl.DataFrame(
        {
            "gender": ["a", "b", "c", "All"],
            "people": [3, 40, 60, 103],
            "share": [0.03, 0.39, 0.58, 1.0],
        }
    )
    columns = [
        Column("gender"),
        Column("people", kind="int", small="people"),
        Column("people", "bar", kind="bar", small="people"),
        Column("share", kind="percent", small="people"),
    ]
    rows = table(frame, columns, total=True).rows
    assert ("a", "<10", None, "not shown") == rows[0]
    assert ("b", "not shown", None, "not shown") == rows[1]
    assert ("c", 60, 60, 0.58) == rows[2]


def test_a_head_without_words_is_still_said() -> None:
    assert (
        '<span class="wb-said">in use</span>'
        in table(
            pl.DataFrame({"k": ["a"], "in_use": [1]}),
            [Column("k"), Column("in_use", " ", kind="bar")],
        ).html
    )


def test_bars_share_one_scale_and_a_zero_draws_nothing() -> None:
    frame = pl.DataFrame({"k": ["a", "b", "c"], "n": [10, 5, 0]})
    html = table(frame, [Column("k"), Column("n", kind="bar")]).html
    assert 'width="100%"' in html and 'width="50%"' in html and 2 == html.count("<rect")
    assert 'width="25%"' in table(frame, [Column("k"), Column("n", kind="bar", scale=20)]).html


def test_a_waterfall_joins_each_step_with_the_next() -> None:
    frame = pl.DataFrame({"k": ["in", "out", "left"], "s": [[0, 10], [10, 4], [0, 4]]})
    html = table(frame, [Column("k"), Column("s", kind="span")]).html
    assert 2 == html.count("wb-join")
    assert 'x="40%" y="20%" width="60%"' in html


def test_one_number_of_decimals_per_column() -> None:
    body = table(
        pl.DataFrame({"k": ["a", "b"], "n": [1.0, 2.5], "m": [1.0, 2.55]}),
        [Column("k"), Column("n", kind="number"), Column("m", kind="money", unit="EUR")],
    )
    assert [["a", "1.0", "€1.00"], ["b", "2.5", "€2.55"]] == cells(body)[1:]


def test_tones_colour_words_and_bars_and_nothing_else() -> None:
    frame = pl.DataFrame({"k": ["a"], "n": [1], "t": ["amber"]})
    html = table(
        frame,
        [Column("k"), Column("n", kind="int", tone="t"), Column("n", "bar", kind="bar", tone="t")],
    ).html
    assert '<span class="wb-t-amber">1</span>' in html and 'class="wb-f amber"' in html
    with pytest.raises(ShowError, match="unknown tone"):
        table(frame.with_columns(t=pl.lit('x" onload="')), [Column("n", kind="int", tone="t")])


def test_the_frame_is_left_alone_and_many_rows_stay_in_order() -> None:
    frame = pl.DataFrame({"k": [f"r{n}" for n in range(300)], "n": list(range(300))})
    before = frame.clone()
    body = table(frame, [Column("k"), Column("n", kind="int")])
    assert before.equals(frame)
    assert [[f"r{n}", str(n)] for n in range(300)] == cells(body)[1:]


def test_a_name_shown_twice_keeps_both_columns() -> None:
    body = table(
        pl.DataFrame({"k": ["a"], "n": [7]}),
        [Column("k"), Column("n", kind="int"), Column("n", "Bar", kind="bar")],
    )
    assert (("a", 7, 7),) == body.rows


def test_the_dossier_takes_every_kind_of_table() -> None:
    frame = pl.DataFrame(
        {
            "g": ["A", "B"],
            "k": ["1", "2"],
            "d": [True, None],
            "e": [True, False],
            "f": [True, False],
            "s": [[1, 2], [3, 4]],
            "n": [0.5, -0.25],
            "i": [[0.1, 0.2, 0.5], None],
            "l": [[1, None, 3], [1, 2, 3]],
        }
    )
    columns = [
        Column("k", detail="g"),
        Column("d", kind="dot"),
        Column("e", kind="dot"),
        Column("f", kind="dot"),
        Column("s", kind="stack"),
        Column("n", kind="diverging"),
        Column("i", kind="interval"),
        Column("l", kind="spark"),
    ]
    html = Figure(
        "1.1", "All?", body=table(frame, columns, group="g", total=True, spanners={"x": ["d", "e"]})
    ).html()
    assert html == rebuild(html)


def test_four_columns_become_cards_where_all_are_words() -> None:
    """Where it is narrow; numbers need less room and stay a table."""
    frame = pl.DataFrame({"a": ["x"], "b": ["y"], "c": ["z"], "d": ["w"], "n": [1]})
    words = [Column(name, name.upper()) for name in "abcd"]
    assert (
        'class="wb-table wb-cards"' in table(frame, words).html
        and 'data-label="D"' in table(frame, words).html
    )
    assert "wb-cards" not in table(frame, [*words[:3], Column("n", kind="int")]).html
    assert "wb-cards" not in table(frame, words[:3]).html
