"""Sheets of workbooks: cells as text by the same rules, rows counted twice, nothing guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from opendocument import write_opendocument
from workbooks import Failed, Formula, Shown, write_workbook

from workbook.engine import Engine, FieldSpec, Plan, SourceSpec, landing_tables, records_in
from workbook.engine.landing import records_skipped
from workbook.engine.landing.formats.excel import hidden_in
from workbook.errors import DataError

NOON = dt.datetime(2025, 6, 1, 12, 30)
DAY = dt.datetime(2025, 6, 1)
DEALS = [
    ["Deals of June"],
    [],
    ["Deal", "Amount", "Closed on", "At", "Won", "Ref"],
    ["12345678901234567", 1234.5, DAY, NOON, True, "x"],
    [123, "$2,000.00", "2025-06-02", DAY, False, Failed("#N/A")],
    [],
    [12345678901234567, Failed("#DIV/0!"), NOON, "n/a", None, " "],
    ["Total", 3234.5],
]
FIELDS = (
    FieldSpec("deal", "Deal", type="id"),
    FieldSpec("amount", "Amount", type="money", currency="USD"),
    FieldSpec("closed", "Closed on", type="date"),
    FieldSpec("at", "At", type="timestamp"),
    FieldSpec("won", "Won", type="boolean"),
    FieldSpec("ref", "Ref"),
)


def a_sheet(file: Path, fields: tuple[FieldSpec, ...] = FIELDS, **more: object) -> SourceSpec:
    return SourceSpec("crm.deals", (str(file),), fields, format="excel", **more)


@pytest.mark.parametrize("write", [write_workbook, write_opendocument])
def test_cells_are_read_as_they_are_written(
    write: Callable[..., Path], tmp_path: Path, engine: Engine
) -> None:
    file = write(
        tmp_path / ("deals.xlsx" if write is write_workbook else "deals.ods"), {"Deals": DEALS}
    )
    spec = a_sheet(file, skip_before=1, skip_after=1)
    plan = Plan(landing_tables(spec.name, spec))
    assert [
        ("12345678901234567", Decimal("1234.50"), DAY.date(), NOON, True, "x"),
        ("123", Decimal("2000.00"), dt.date(2025, 6, 2), DAY, False, None),
        (None, None, None, None, None, None),
    ] == engine.frame(plan, "crm__deals").select(
        "deal", "amount", "closed", "at", "won", "ref"
    ).rows()
    bad = (
        engine.frame(plan, "crm__deals__bad")
        .sort("_row", "field")
        .select("_row", "field", "reason")
        .rows()
    )
    assert [
        (2, "ref", "a formula that failed in a spreadsheet"),
        (3, "amount", "a formula that failed in a spreadsheet"),
        (3, "at", "not a time written ISO"),
        (3, "closed", "not a date written ISO"),
        (
            3,
            "deal",
            "a long number that a spreadsheet cut to some of its digits: export it as text",
        ),
    ] == bad
    assert 3 == records_in(spec)


@pytest.mark.parametrize("sheet", ["Deals", "2"])
def test_a_sheet_by_its_name_or_number(sheet: str, tmp_path: Path, engine: Engine) -> None:
    file = write_workbook(tmp_path / "b.xlsx", {"Notes": [["a"]], "Deals": [["a"], ["1"], ["2"]]})
    spec = a_sheet(file, (FieldSpec("a"),), sheet=sheet)
    assert ["1", "2"] == engine.frame(Plan(landing_tables(spec.name, spec)), "crm__deals")[
        "a"
    ].to_list()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, ["2 sheets: 'Notes', 'Deals'", "`sheet:`"]),
        ({"sheet": "deals"}, ["no sheet 'deals'", "Did you mean 'Deals'", "Notes and Deals"]),
        ({"sheet": "3"}, ["no sheet '3'"]),
        ({"sheet": "Empty", "book": {"Empty": []}}, ["no row with a header"]),
        (
            {"book": {"S": [["a", "b"], [1, 2]]}, "fields": (FieldSpec("a"), FieldSpec("c"))},
            ["no column 'c'"],
        ),
        (
            {
                "book": {"S": [["a"], [1]]},
                "decimal_mark": "comma",
                "fields": (FieldSpec("a", type="money"),),
            },
            ["stored with a point", "`decimal_mark: point`"],
        ),
    ],
)
def test_what_cannot_be_meant_is_one_clear_error(
    more: dict, words: list[str], tmp_path: Path, engine: Engine
) -> None:
    more = dict(more)
    file = write_workbook(
        tmp_path / "b.xlsx", more.pop("book", {"Notes": [["a"]], "Deals": [["a"], ["1"]]})
    )
    spec = a_sheet(file, more.pop("fields", (FieldSpec("a"),)), **more)
    with pytest.raises(DataError) as caught:
        engine.frame(Plan(landing_tables(spec.name, spec)), "crm__deals")
    for word in ["crm.deals", *words]:
        assert word in str(caught.value)


def test_a_torn_workbook_is_one_clear_error(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 torn")
    spec = a_sheet(tmp_path / "b.xlsx")
    with pytest.raises(DataError, match="cannot be read as a workbook"):
        engine.frame(Plan(landing_tables(spec.name, spec)), "crm__deals")


def test_an_opendocument_sheet_that_starts_below_and_beside_the_corner(
    tmp_path: Path, engine: Engine
) -> None:
    rows = [
        [],
        [None, None, "a", "b"],
        [],
        [None, None, Failed("#DIV/0!"), 1],
        [None, None, 12345678901234567, 2],
    ]
    spec = a_sheet(
        write_opendocument(tmp_path / "b.ods", {"N": [["x"]], "S": rows}),
        (FieldSpec("a", type="id"), FieldSpec("b")),
        sheet="S",
    )
    plan = Plan(landing_tables(spec.name, spec))
    assert [(None, "1"), (None, "2")] == engine.frame(plan, "crm__deals").select("a", "b").rows()
    assert ["#DIV/0!", "1.23456789012346E+16"] == engine.frame(plan, "crm__deals__bad")[
        "raw_text"
    ].to_list()
    assert 2 == records_in(spec)


def test_columns_beside_the_table_and_rows_without_anything(tmp_path: Path, engine: Engine) -> None:
    rows = [
        [None, None],
        [None, "a", "b"],
        [None, None, None],
        [None, 1, "x"],
        [None, None, None],
        [None, 2, None],
    ]
    spec = a_sheet(
        write_workbook(tmp_path / "b.xlsx", {"S": rows}),
        (FieldSpec("a", type="integer"), FieldSpec("b", "#2")),
    )
    assert [(1, "x"), (2, None)] == engine.frame(
        Plan(landing_tables(spec.name, spec)), "crm__deals"
    ).select("a", "b").rows()
    assert 2 == records_in(spec)


MAC_DAY = 44347  # 2025-06-01, counted from 1904
CELLS = [  # what the workbook holds, and what lands as text
    (Shown(0.15, "0%"), "0.15"),
    (Shown(1234.5, '#,##0.00 "€"'), "1234.5"),
    (Shown(1067, "00000"), "01067"),
    (Shown(123456, "00000"), "123456"),
    (Shown(-7, "000"), "-7"),
    (Shown(0.3541666666666667, "hh:mm"), "08:30:00"),
    (Shown(0, "h:mm AM/PM"), "00:00:00"),
    (Shown(1.510416666666667, "[h]:mm"), "36:15:00"),
    (Shown(45809.75, "dd.mm.yyyy hh:mm"), "2025-06-01 18:00:00"),
    (Shown(45809, "d mmm yyyy"), "2025-06-01"),
    (Shown(0.5, "dd.mm.yyyy hh:mm"), "12:00:00"),  # a day that is none
    (1 / 3, "0.333333333333333"),
    (1.5e-11, "0.000000000015"),
    (0.1 + 0.2, "0.3"),
    (999999999999999, "999999999999999"),
    ("00123", "00123"),
    (Formula(42), "42"),
    (Formula("a text"), "a text"),
    (Formula(0), "0"),  # others were calculated, so this one was
    (Formula(), None),
    (Failed("#REF!"), None),
]


def test_every_kind_of_cell_lands_as_it_is_meant(tmp_path: Path, engine: Engine) -> None:
    file = write_workbook(
        tmp_path / "b.xlsx", {"S": [["v"], *([cell] for cell, _ in CELLS)]}, waits=True
    )
    spec = a_sheet(file, (FieldSpec("v"),))
    plan = Plan(landing_tables(spec.name, spec))
    assert [text for _, text in CELLS] == engine.frame(plan, "crm__deals")["v"].to_list()
    assert [
        (20, "a formula without its value: open the workbook in a spreadsheet program and save it"),
        (21, "a formula that failed in a spreadsheet"),
    ] == engine.frame(plan, "crm__deals__bad").sort("_row").select("_row", "reason").rows()
    assert len(CELLS) == records_in(spec)


def test_a_workbook_that_counts_from_1904(tmp_path: Path, engine: Engine) -> None:
    rows = [
        ["at", "on", "time", "long"],
        [
            Shown(MAC_DAY + 0.25, "yyyy-mm-dd hh:mm"),
            Shown(MAC_DAY, "dd.mm.yyyy"),
            Shown(0.75, "hh:mm"),
            Shown(2.5, "[h]:mm"),
        ],
    ]
    spec = a_sheet(
        write_workbook(tmp_path / "b.xlsx", {"S": rows}, mac=True),
        (
            FieldSpec("at", type="timestamp"),
            FieldSpec("on", type="date"),
            FieldSpec("time"),
            FieldSpec("long"),
        ),
    )
    landed = (
        engine.frame(Plan(landing_tables(spec.name, spec)), "crm__deals")
        .select("at", "on", "time", "long")
        .rows()
    )
    assert [(dt.datetime(2025, 6, 1, 6), dt.date(2025, 6, 1), "18:00:00", "60:00:00")] == landed


@pytest.mark.parametrize(("waits", "bad"), [(True, 2), (False, 0)])
def test_formulas_that_a_program_wrote_are_not_all_nothing(
    waits: bool, bad: int, tmp_path: Path, engine: Engine
) -> None:
    file = write_workbook(
        tmp_path / "b.xlsx",
        {"S": [["a", "sum"], ["x", Formula(0)], ["y", Formula(0)]]},
        waits=waits,
    )
    spec = a_sheet(file, (FieldSpec("a"), FieldSpec("sum", type="integer")))
    plan = Plan(landing_tables(spec.name, spec))
    assert bad == engine.frame(plan, "crm__deals__bad").height
    assert [None if bad else 0] * 2 == engine.frame(plan, "crm__deals")["sum"].to_list()
    assert 2 == records_in(spec)


@pytest.mark.parametrize("column", ["Amount (EUR)", "Amount\n(EUR)", " Amount \r\n (EUR)"])
def test_a_header_over_two_lines_is_one_name(column: str, tmp_path: Path, engine: Engine) -> None:
    spec = a_sheet(
        write_workbook(tmp_path / "b.xlsx", {"S": [["Amount\n(EUR)"], [7]]}),
        (FieldSpec("amount", column, type="integer"),),
    )
    assert [7] == engine.frame(Plan(landing_tables(spec.name, spec)), "crm__deals")[
        "amount"
    ].to_list()


def test_a_sheet_that_nobody_sees(tmp_path: Path) -> None:
    file = write_workbook(
        tmp_path / "b.xlsx", {"Deals": [["a"], [1]], "_lists": [["open"]]}, hidden="_lists"
    )
    assert {"_lists"} == hidden_in(file)
    assert set() == hidden_in(write_workbook(tmp_path / "c.xlsx", {"Deals": [["a"]]}))


@pytest.mark.parametrize(("last", "records"), [(["Total", None, 3], 0), (["c", 3, 5], 1)])
def test_a_row_that_is_skipped_and_is_no_total(last: list, records: int, tmp_path: Path) -> None:
    file = write_workbook(
        tmp_path / "b.xlsx", {"S": [["k", "n", "amount"], ["a", 1, 1], ["b", 2, 2], last]}
    )
    assert records == records_skipped(a_sheet(file, (FieldSpec("k"),), skip_after=1))
