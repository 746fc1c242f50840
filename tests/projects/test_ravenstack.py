"""RavenStack: three figures for one word, and a flag that its own events contradict."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from workbook import Workbook
from workbook.show import Figure

APART = "m__left_by_event__or__flagged_as_churned"
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
    project.write_text(
        project.read_text().replace("/ravenstack\n", "/ravenstack/variant_bom_ddmmyyyy\n")
    )
    text = sources.read_text().replace(
        '{timestamps: "YYYY-MM-DD HH:MI"}', '{dates: DD-MM-YYYY, timestamps: "DD-MM-YYYY HH:MI"}'
    )
    sources.write_text(
        text.replace(
            "  ravenstack.support_tickets:\n",
            "  ravenstack.support_tickets:\n    file: ravenstack_supports_ticket.csv\n",
        )
    )


def undecided(folder: Path) -> None:
    """The same project before finance chose: without its day, its reason and what it rejected."""
    path = folder / "model" / "07_metrics.yml"
    before, _, rest = path.read_text().partition(
        "    decided: 2024-12-31\n    because: It is what customers owe"
    )
    path.write_text(before + rest[rest.index("    by: [account.industry") :])


def values(book: Workbook) -> dict[str, object]:
    return {
        name: book.engine.query(book.plan, f'select value from "m__{name}__total"')["value"][0]
        for name in TOTALS
    }


def texts(figure: Figure) -> list[dict[str, str]]:
    names = [column["name"] for column in figure.body.columns]
    return [dict(zip(names, row, strict=True)) for row in figure.body.texts]


def mrr(book: Workbook) -> list[dict[str, str]]:
    return [row for row in texts(book.metrics.competing()) if row["name"].startswith("MRR")]


def test_three_figures_for_mrr_stand_side_by_side(opened: Opened) -> None:
    assert values(opened("ravenstack")) == TOTALS


def test_while_nobody_chose_the_page_asks_finance_to(opened: Opened) -> None:
    step = opened("ravenstack", undecided).metrics
    said = step.headline().sentence
    assert "“MRR” is not approved: 3 are in use, giving $1.17m (at 31 December 2024)" in said
    assert " to $11.3m (all time, from January 2023)" in said
    assert step.headline().sentence.endswith("and finance decides.")
    rows = mrr(opened("ravenstack", undecided))
    assert {(row["title"], row["state"]) for row in rows} == {
        ("MRR: 3 definitions, none approved; finance decides", "open")
    }
    assert [
        (row["name"], row["value_text"], row["counted"], row["difference"]) for row in rows
    ] == [
        ("MRR, open subscriptions", "$10,159,608", "4,514 subscriptions of 500 accounts", ""),
        ("MRR, every row", "$11,338,747", "5,000 subscriptions of 500 accounts", "+$1,179,139"),
        (
            "MRR, latest open subscription",
            "$1,174,305",
            "500 subscriptions of 500 accounts",
            "−$8,985,303",
        ),
    ]
    assert (
        rows[1]["why"]
        == "+$1,179,139: 486 subscriptions excluded by “MRR, open subscriptions” (“open"
        " subscription” not met)."
    )
    found = next(
        each
        for each in step.conclude()
        if "mrr_of_all_rows" in each.about and each.code == "metrics.competing"
    )
    assert (found.code, found.severity, found.owner) == ("metrics.competing", "look", "finance")
    assert found.effect.startswith("MRR per account ($20.3k, ")
    assert (
        step.evidence.caveat("mrr_per_customer")
        == "Depends on MRR, open subscriptions, whose definition is not approved"
        " (3 are in use; finance decides)."
    )


def test_the_choice_is_printed_with_who_when_why_and_what_was_rejected(opened: Opened) -> None:
    step = opened("ravenstack").metrics
    said = step.headline().sentence
    assert "“MRR” is $10.2m (" in said and "chosen by finance on 31 December 2024" in said
    rows = mrr(opened("ravenstack"))
    assert [(row["state"], row["value_text"]) for row in rows] == [
        ("chosen", "$10,159,608"),
        ("rejected", "$11,338,747"),
        ("rejected", "$1,174,305"),
    ]
    assert rows[0]["why"].startswith("It is what customers owe for a month")
    assert rows[1]["why"].startswith(
        "It counts subscriptions that have ended, for which nobody is billed any more. +$1,179,139:"
        " 486 subscriptions"
    )
    chosen = next(each for each in step.conclude() if each.code == "metrics.chosen")
    assert (chosen.severity, chosen.count, chosen.owner) == ("note", 3, "finance")
    assert chosen.sentence.startswith("MRR, open subscriptions ($10.2m, ")
    assert "chosen by finance on 31 December 2024: It is what customers owe" in chosen.sentence
    assert "MRR, every row ($11.3m, " in chosen.sentence and "because it counts" in chosen.sentence
    assert step.evidence.caveat("mrr_per_customer") == ""


def test_every_number_says_what_it_means(opened: Opened) -> None:
    assert [
        row["metric"]
        for row in texts(opened("ravenstack").metrics.every_number())
        if "not written down" in row["means"]
    ] == []


def landed_apart(book: Workbook, other: Workbook) -> set[str]:
    """The lines of the decisions in which two projects differ."""
    lines = [
        {
            f"{path.name}: {line}"
            for path in (each.root / "model").glob("*.yml")
            for line in path.read_text().splitlines()
        }
        for each in (book, other)
    ]
    return lines[0] ^ lines[1]


def test_another_export_with_other_dates_gives_the_same_totals_after_a_dialect_change(
    opened: Opened,
) -> None:
    """Every total, month and segment, and every account that flag and events disagree on; only
    the dialect and one file name differ.
    """
    book, other = opened("ravenstack"), opened("ravenstack", other_dates)
    assert landed_apart(book, other) == {
        '03_sources.yml:   default: {timestamps: "YYYY-MM-DD HH:MI"}',
        '03_sources.yml:   default: {dates: DD-MM-YYYY, timestamps: "DD-MM-YYYY HH:MI"}',
        "03_sources.yml:     file: ravenstack_supports_ticket.csv",
    }
    assert values(other) == TOTALS
    frames = [
        each.engine.frame(each.plan, "metric_values").sort(
            "metric", "grain", "period", "dimension", "member"
        )
        for each in (book, other)
    ]
    assert set(frames[0]["metric"]) == set(book.model.metrics.metrics)
    assert_frame_equal(*frames)
    assert_frame_equal(*(each.engine.frame(each.plan, APART).sort("id") for each in (book, other)))


def test_the_312_accounts_are_named_by_direction(opened: Opened) -> None:
    book = opened("ravenstack")
    found = next(each for each in book.metrics.conclude() if each.code == "metrics.disagree")
    assert (found.severity, found.count) == ("look", 312)
    assert (
        found.sentence
        == "“Left by churn event” and “Flagged as churned” differ for 312 accounts: 277 only in"
        " “Left by churn event”, 35 only in “Flagged as churned”, 75 in both."
    )
    assert "7.6" in found.advice and "lists all" in found.advice
    frame = book.engine.frame(book.plan, APART)
    assert dict(frame.group_by("only_in").len().rows()) == {
        "left_by_event": 277,
        "flagged_as_churned": 35,
    }
    assert frame["id"].n_unique() == 312
    assert frame.filter(pl.col("only_in") == "left_by_event")["departure_last_on"].null_count() == 0
    assert frame["at_stake"].null_count() == 0, "each of them still has an open subscription"


def test_the_page_lists_a_dozen_a_direction_and_says_how_many_more(opened: Opened) -> None:
    rows = texts(opened("ravenstack").metrics.competing())
    for title, more in (
        ("In “Left by churn event”, not in “Flagged as churned”: 277", 265),
        ("In “Flagged as churned”, not in “Left by churn event”: 35", 23),
    ):
        listed = [row for row in rows if row["title"].startswith(title)]
        assert len(listed) == 13
        assert listed[-1]["name"] == f"{more} more"
    assert rows[-2]["why"] == "no departure"


def test_flag_and_events_disagree_on_312_accounts(opened: Opened) -> None:
    sql = """with gone as (select to_id as id, count(*) as times from account_departures
        where to_id is not null group by to_id)
    select a.churn_flag, g.times is not null as has_event,
        count(*) from account a left join gone g on g.id = a.id
    group by a.churn_flag, g.times is not null"""
    book = opened("ravenstack")
    counts = {(flag, event): n for flag, event, n in book.engine.query(book.plan, sql).rows()}
    assert counts[True, False] + counts[False, True] == 312
