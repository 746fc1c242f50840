"""A workbook as finance and sales keep it: every value lands, and what is left out is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from workbooks import Failed, Formula, Shown, write_workbook

from workbook.engine import Engine, Plan, landing_spec, landing_tables
from workbook.model import Model, load_model
from workbook.sources.onboard.add import AddReport, add_sources

Project = Callable[..., Path]
WORDY = "Please do not change the headers."


def landed(model: Model, source: str, store: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The typed rows and the bad cells of a source."""
    with Engine(store, data_roots=[model.data_root]) as engine:
        plan = Plan(landing_tables(source, landing_spec(model, source)))
        return engine.frame(plan, plan.order[1]), engine.frame(plan, plan.order[2])


def customers() -> list[list[object]]:
    """A title, who exported it, a header over two lines, twelve customers."""
    head = [
        "Customer No.",
        "Name",
        "E-mail",
        "Postal\ncode",
        None,
        "Customer since",
        "Birth date",
        "Discount",
        "Active",
        "Loyalty id",
        "Name",
        "Turnover\n(EUR)",
    ]
    body = [
        [
            f"{n:05d}",
            f"Firm {n} Ltd",
            f"P{n}@Mail.example" if n == 3 else f"p{n}@mail.example",
            Shown(1060 + n, "00000"),
            None,
            Shown(45000 + n, "dd.mm.yyyy"),
            f"{10 + n}.02.1980",
            Shown(0.15, "0%"),
            n % 2 == 0,
            12345678901234567 + n * 1000,
            f"F{n}",
            Shown(1000.5 * n, '#,##0.00 "€"'),
        ]
        for n in range(1, 13)
    ]
    return [
        ["Customers of Sales Europe"],
        ["Exported by", "K. Maier", Shown(45839, "dd.mm.yyyy")],
        [],
        head,
        *body,
    ]


def invoices() -> list[list[object]]:
    """A title, invoices with two failed formulas and one without a value, and a total."""
    head = [
        "Invoice",
        "Customer No.",
        "Date",
        "Due",
        "Time",
        "Amount\n(EUR)",
        "VAT rate",
        "Gross",
        "Paid",
        "Amount\n(EUR)",
    ]
    body = [
        [
            f"RE-{100 + n}",
            f"{1 + n % 12:05d}",
            Shown(45809 + n, "dd.mm.yyyy"),
            f"{1 + n % 28:02d}.07.2025",
            Shown(0.5 + n / 96, "hh:mm"),
            Shown(100.25 * n, '#,##0.00 "€"'),
            Shown(0.19, "0%"),
            Formula(119.2975 * n),
            n % 3 > 0,
            2.5 * n,
        ]
        for n in range(1, 31)
    ]
    body[4][7], body[5][7], body[6][7] = Failed("#N/A"), Failed("#REF!"), Formula()
    return [
        ["Invoices 2025"],
        [],
        head,
        *body,
        ["Total", None, None, None, None, Formula(46616.25), None, None, None, Formula(1162.5)],
    ]


@pytest.fixture
def added(a_project: Project) -> tuple[Model, AddReport]:
    """The project whose workbook was added, and what was said of it."""
    root = a_project()
    rates = [
        ["Month", "Currency", "Rate to EUR"],
        *([Shown(45658 + 31 * n, "mmm yyyy"), "USD", 0.9 + n / 1000] for n in range(6)),
    ]
    sheets = {
        "Customers": customers(),
        "Invoices": invoices(),
        "Rates": rates,
        "_lists": [["open"], ["paid"]],
        "Notes": [[WORDY]],
    }
    write_workbook(root / "data" / "book.xlsx", sheets, hidden="_lists")
    report = add_sources(root, [root / "data"])
    return load_model(root), report


def test_titles_totals_and_sheets_without_a_table_are_left_out_and_told(
    added: tuple[Model, AddReport],
) -> None:
    model, report = added
    assert report.sources == ("book.customers", "book.invoices", "book.rates")
    sources = model.sources.sources
    assert [(each.skip_before, each.skip_after) for each in sources.values()] == [
        (3, 0),
        (2, 1),
        (0, 0),
    ]
    assert {"skip_before", "skip_after"} <= set(sources["book.invoices"].guess)
    said = "\n".join(report.sentences)
    for words in (
        "The header is in row 4",
        "`skip_before: 3`, a guess",
        "The last row holds totals and no record",
        "`skip_after: 1`, a guess",
        "Left out: The sheet '_lists' of book.xlsx is hidden.",
        "Left out: book.xlsx, sheet 'Notes' holds no row below a header",
        "loyalty_id: 12 of 12 cells are long numbers that a spreadsheet cut",
        "Formulas that failed or were not calculated are left empty and counted: gross (3).",
    ):
        assert words in said
    assert WORDY not in report.text


def test_headers_over_two_lines_and_twice_give_clean_names(added: tuple[Model, AddReport]) -> None:
    model, _ = added
    assert list(model.fields("book.customers")) == [
        "customer_no",
        "name",
        "e_mail",
        "postal_code",
        "customer_since",
        "birth_date",
        "discount",
        "active",
        "loyalty_id",
        "name_2",
        "turnover_eur",
    ]
    assert {
        name: field.column
        for name, field in model.fields("book.invoices").items()
        if name.startswith("amount")
    } == {
        "amount_eur": "Amount (EUR)#1",
        "amount_eur_2": "Amount (EUR)#2",
    }


def test_every_value_of_a_wide_sheet_lands(added: tuple[Model, AddReport], tmp_path: Path) -> None:
    rows, bad = landed(added[0], "book.customers", tmp_path / "store")
    assert rows.height == 12
    assert rows.select(pl.exclude("_row", "_record")).row(2) == (
        "00003",
        "Firm 3 Ltd",
        "P3@Mail.example",
        "01063",
        dt.date(2023, 3, 18),
        dt.date(1980, 2, 13),
        Decimal("0.150000"),
        False,
        None,
        "F3",
        Decimal("3001.50"),
    )
    assert rows["turnover_eur"].sum() == Decimal("78039.00")  # 1000.5 × (1 + … + 12)
    assert bad.group_by("field").len().rows() == [("loyalty_id", 12)]


def test_every_value_of_a_simple_sheet_lands(
    added: tuple[Model, AddReport], tmp_path: Path
) -> None:
    rows, bad = landed(added[0], "book.invoices", tmp_path / "store")
    assert rows.height == 30
    assert rows.select(pl.exclude("_row", "_record")).row(0) == (
        "RE-101",
        "00002",
        dt.date(2025, 6, 2),
        dt.date(2025, 7, 2),
        "12:15:00",
        Decimal("100.25"),
        Decimal("0.190000"),
        Decimal("119.2975"),
        True,
        Decimal("2.50"),
    )
    assert rows["amount_eur"].sum() == Decimal(
        "46616.25"
    )  # what the sheet's own total says; 100.25 × 465
    assert bad.sort("_row").select("_row", "field", "reason").rows() == [
        (5, "gross", "a formula that failed in a spreadsheet"),
        (6, "gross", "a formula that failed in a spreadsheet"),
        (
            7,
            "gross",
            "a formula without its value: open the workbook in a spreadsheet program and save it",
        ),
    ]


def test_types_of_times_and_taxes(added: tuple[Model, AddReport]) -> None:
    fields = added[0].fields("book.invoices")
    assert {
        name: (fields[name].type, fields[name].cls) for name in ("time", "vat_rate", "gross")
    } == {
        "time": ("text", "internal"),
        "vat_rate": ("decimal", "internal"),
        "gross": ("money", "internal"),
    }


def test_the_only_sheet_that_is_shown_is_called_like_its_file(a_project: Project) -> None:
    root = a_project()
    write_workbook(
        root / "data" / "deals.xlsx",
        {"_lists": [["x"], ["y"]], "Sheet1": [["id", "won"], *([f"d{n}", True] for n in range(5))]},
        hidden="_lists",
    )
    report = add_sources(root, [root / "data" / "deals.xlsx"])
    assert report.sources == ("files.deals",)
    assert load_model(root).sources.sources["files.deals"].sheet == "Sheet1"


def test_an_empty_column_between_others_is_not_missed(added: tuple[Model, AddReport]) -> None:
    from workbook.engine.landing import undeclared_columns

    assert undeclared_columns(landing_spec(added[0], "book.customers")) == ()
