"""The third-party samples, where WORKBOOK_EXTERNAL_DATA names their folder: every row is there,
every cell fits.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from workbook.engine import Engine, FieldSpec, Plan, SourceSpec, landing_tables, records_in

EXTERNAL = os.environ.get("WORKBOOK_EXTERNAL_DATA", "")
pytestmark = pytest.mark.skipif(not EXTERNAL, reason="WORKBOOK_EXTERNAL_DATA is not set")

ROWS = {
    "app_events": 6397,
    "app_signups": 1300,
    "billing_accounts": 1200,
    "billing_invoices": 2974,
    "crm_companies": 107,
    "crm_contacts": 1839,
    "partner_leads": 800,
    "partner_referrals": 484,
    "support_tickets": 2861,
    "support_users": 1400,
}


def _spec(file: Path, **more: object) -> SourceSpec:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream))
    typed = {
        "amount_cents": {"type": "money", "unit": "cents"},
        "mrr_cents": {"type": "money", "unit": "cents"},
        "timestamp": {"type": "timestamp"},
        "properties": {"type": "json"},
        "employee_count": {"type": "integer"},
        "estimated_arr": {"type": "money"},
        "is_active": {"type": "boolean"},
        "is_verified": {"type": "boolean"},
        "mrr_amount": {"type": "money"},
        "arr_amount": {"type": "money"},
        "seats": {"type": "integer"},
    }
    kinds = {name: {"type": "date"} for name in header if name.endswith("_date")}
    kinds |= {name: {"type": "timestamp"} for name in header if name.endswith("_at")}
    kinds |= {
        name: {"type": "boolean"}
        for name in header
        if name.startswith("is_") or name.endswith("_flag")
    }
    fields = tuple(FieldSpec(name, **(typed | kinds).get(name, {})) for name in header)
    return SourceSpec(f"sample.{file.stem}", (str(file),), fields, primary_key=(header[0],), **more)


def _engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path, data_roots=[EXTERNAL])


@pytest.mark.parametrize("name", ROWS)
def test_every_row_lands_and_every_cell_fits(name: str, tmp_path: Path) -> None:
    spec = _spec(Path(EXTERNAL, "kanoniv_c360", "data", f"{name}.csv"))
    with _engine(tmp_path) as engine:
        built = engine.build(plan := Plan(landing_tables(spec.name, spec)), plan.order)
        raw, typed, bad = (
            built[table] for table in (f"raw__{spec.table}", spec.table, f"{spec.table}__bad")
        )
    assert ROWS[name] == raw.rows == typed.rows == records_in(spec)
    assert (0, 0) == (bad.rows, typed.duplicate_keys)


def test_the_control_total_of_the_invoices(tmp_path: Path) -> None:
    spec = _spec(Path(EXTERNAL, "kanoniv_c360", "data", "billing_invoices.csv"))
    with _engine(tmp_path) as engine:
        got = engine.query(
            Plan(landing_tables(spec.name, spec)),
            "select status, count(*) as n, cast(sum(amount_cents) as varchar) as s "
            "from sample__billing_invoices group by status order by status",
        )
    assert [
        ("open", 636, "1677432.21"),
        ("paid", 1778, "4602366.42"),
        ("void", 560, "1493636.14"),
    ] == got.rows()


@pytest.mark.parametrize("name", ["accounts", "subscriptions", "feature_usage", "churn_events"])
def test_another_dialect_gives_the_same_content(name: str, tmp_path: Path) -> None:
    folder = Path(EXTERNAL, "ravenstack")
    one = _spec(folder / f"ravenstack_{name}.csv")
    other = _spec(
        folder / "variant_bom_ddmmyyyy" / f"ravenstack_{name}.csv",
        dates="DD-MM-YYYY",
        timestamps="DD-MM-YYYY HH:MI",
    )
    with _engine(tmp_path) as engine:
        contents = [
            sorted(
                engine.frame(Plan(landing_tables(s.name, s)), s.table).drop("_row").rows(), key=repr
            )
            for s in (one, other)
        ]
        bad = [
            engine.artifact(Plan(landing_tables(s.name, s)), f"{s.table}__bad").rows
            for s in (one, other)
        ]
    assert contents[0] == contents[1]
    assert [0, 0] == bad
