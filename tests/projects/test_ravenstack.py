"""RavenStack: three figures for one word, and a flag that its own events contradict."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from workbook import Workbook

Opened = Callable[..., Workbook]
TOTALS = {
    "customers": 500,
    "mrr_of_all_rows": Decimal("11338747.00"),
    "mrr_of_open_subscriptions": Decimal("10159608.00"),
    "mrr_of_latest_subscription": Decimal("1174305.00"),
    "departures": 600,
    "refunds": Decimal("8652.25"),
}


def other_dates(folder: Path) -> None:
    """The same data with a byte-order mark, days first, and one file under another name."""
    project, sources = folder / "workbook.yml", folder / "model" / "03_sources.yml"
    project.write_text(project.read_text().replace("/ravenstack\n", "/ravenstack/variant_bom_ddmmyyyy\n"))
    text = sources.read_text().replace('{timestamps: "YYYY-MM-DD HH:MI"}', '{dates: DD-MM-YYYY, timestamps: "DD-MM-YYYY HH:MI"}')
    sources.write_text(text.replace("  ravenstack.support_tickets:\n", "  ravenstack.support_tickets:\n    file: ravenstack_supports_ticket.csv\n"))


def values(book: Workbook) -> dict[str, object]:
    return {name: book.engine.query(book.plan, f'select value from "m__{name}__total"')["value"][0] for name in TOTALS}


def test_three_figures_for_mrr_stand_side_by_side(opened: Opened) -> None:
    assert values(opened("ravenstack")) == TOTALS


def test_another_export_with_other_dates_gives_the_same_totals_after_a_dialect_change(opened: Opened) -> None:
    assert values(opened("ravenstack", other_dates)) == TOTALS


def test_flag_and_events_disagree_on_312_accounts(opened: Opened) -> None:
    sql = """with gone as (select to_id as id, count(*) as times from account_departures where to_id is not null group by to_id)
    select a.churn_flag, g.times is not null as has_event, count(*) from account a left join gone g on g.id = a.id
    group by a.churn_flag, g.times is not null"""
    book = opened("ravenstack")
    counts = {(flag, event): n for flag, event, n in book.engine.query(book.plan, sql).rows()}
    assert counts[True, False] + counts[False, True] == 312
