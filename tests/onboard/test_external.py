"""Proven on whole folders: the bundled sample and two third-party sets become projects that
load and land without loss.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from workbook.engine import Engine, Plan, landing_spec, landing_tables, records_in
from workbook.model import Model, load_model
from workbook.sources.onboard.add import add_sources

EXTERNAL = os.environ.get("WORKBOOK_EXTERNAL_DATA", "")
SAMPLE = Path(__file__).parents[2] / "data" / "b2b_saas"
needs_external = pytest.mark.skipif(not EXTERNAL, reason="WORKBOOK_EXTERNAL_DATA is not set")
ROWS = {
    "app.events": 6397,
    "app.signups": 1300,
    "billing.accounts": 1200,
    "billing.invoices": 2974,
    "crm.companies": 107,
    "crm.contacts": 1839,
    "partner.leads": 800,
    "partner.referrals": 484,
    "support.tickets": 2861,
    "support.users": 1400,
}


def landed(model: Model, store: Path) -> dict[str, dict[str, pl.DataFrame]]:
    """The raw table, the rows and the bad cells of every source; records are counted apart, and
    none may be missing.
    """
    found = {}
    with Engine(store, data_roots=[model.data_root]) as engine:
        for source in model.source_names:
            spec = landing_spec(model, source)
            plan = Plan(landing_tables(source, spec))
            # and the items of a list in a cell
            raw, rows, bad, *_ = (engine.frame(plan, name) for name in plan.order)
            assert (
                records_in(spec) == raw.height == rows.height + raw["_reject"].is_not_null().sum()
            )
            found[source] = {"raw": raw, "rows": rows, "bad": bad}
    return found


def test_the_sample_comes_out_much_as_people_wrote_it(
    a_project: Callable[..., Path], tmp_path: Path
) -> None:
    root = a_project(data=SAMPLE)
    add_sources(root, [SAMPLE])
    drafted, written = load_model(root), load_model(Path(__file__).parents[2])
    assert set(drafted.source_names) == set(written.source_names)
    keys = {source: spec.primary_key for source, spec in written.sources.sources.items()}
    same = [
        source for source, key in keys.items() if drafted.sources.sources[source].primary_key == key
    ]
    # nobody joined a workspace twice in these three years
    assert set(keys) - set(same) == {"product.memberships"}
    assert drafted.dialect("support.tickets") == written.dialect("support.tickets")
    tables = landed(drafted, tmp_path / "store")
    bad = {source: table["bad"].height for source, table in tables.items() if table["bad"].height}
    assert bad == {"crm.accounts": 7}


@needs_external
def test_kanoniv(a_project: Callable[..., Path], tmp_path: Path) -> None:
    folder = Path(EXTERNAL) / "kanoniv_c360" / "data"
    root = a_project(data=folder)
    report = add_sources(root, [folder])
    tables = landed(load_model(root), tmp_path / "store")
    assert {source: table["rows"].height for source, table in tables.items()} == ROWS
    assert sum(table["bad"].height for table in tables.values()) == 0
    places = load_model(root).identifier_places["email"]
    assert {ref.source for ref in places} == {
        "crm.contacts",
        "billing.accounts",
        "app.signups",
        "support.users",
        "partner.leads",
    }
    emails = pl.concat(
        [
            tables[ref.source]["rows"][ref.field].str.to_lowercase().unique().drop_nulls()
            for ref in places
        ]
    )
    assert emails.n_unique() == 2092
    assert [
        emails.value_counts().filter(pl.col("email") != "")["count"].to_list().count(n)
        for n in range(1, 6)
    ] == [373, 558, 688, 401, 72]
    assert len(report.sources) == 10


@needs_external
def test_ravenstack_and_its_variant_give_the_same_totals(
    a_project: Callable[..., Path], tmp_path: Path
) -> None:
    folder = Path(EXTERNAL) / "ravenstack"
    root = a_project(data=folder)
    add_sources(root, [folder])
    model = load_model(root)
    assert len(model.source_names) == 10
    tables = landed(model, tmp_path / "store")
    assert sum(table["bad"].height for table in tables.values()) == 0
    one, other = (
        tables["ravenstack.subscriptions"]["rows"],
        tables["variant_bom_ddmmyyyy.ravenstack_subscriptions"]["rows"],
    )
    assert one["mrr_amount"].sum() == other["mrr_amount"].sum() == 11_338_747
    assert one.drop("_record").equals(other.drop("_record"))
    first, second = (
        tables["ravenstack.support_tickets"]["rows"],
        tables["variant_bom_ddmmyyyy.ravenstack_supports_ticket"]["rows"],
    )
    assert first["closed_at"].equals(second["closed_at"])


@needs_external
def test_a_second_run_refuses_and_one_more_file_joins(a_project: Callable[..., Path]) -> None:
    folder = Path(EXTERNAL) / "kanoniv_c360" / "data"
    root = a_project(data=folder)
    add_sources(
        root,
        [
            folder / name
            for name in (
                "crm_contacts.csv",
                "crm_companies.csv",
                "app_signups.csv",
                "app_events.csv",
            )
        ],
    )
    before = load_model(root)
    report = add_sources(root, [folder / "support_users.csv"], system="support")
    after = load_model(root)
    assert report.sources == ("support.users",)
    assert [ref.name for ref in after.identifier_places["email"]] == [
        *(ref.name for ref in before.identifier_places["email"]),
        "support.users.email",
    ]
    assert after.sources.sources["crm.contacts"] == before.sources.sources["crm.contacts"]
