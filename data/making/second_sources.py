"""What a second system says of the same thing: status and last use in CRM, the seller in billing; chance of its own."""

from __future__ import annotations

import datetime as dt

from making.dice import Dice
from making.sample import Sample, stamp
from making.world import AS_OF, Org

ENTITLED = {
    "free": "Reports",
    "team": "Reports, Sharing",
    "business": "Reports, Sharing, Exports, Single sign-on",
    "enterprise": "Reports, Sharing, Exports, Single sign-on, API, Audit log",
}


def view(sample: Sample) -> None:
    """Adds columns to crm.accounts, billing.customers and product.workspaces."""
    dice = sample.dice("second sources")
    orgs = {org.key: org for org in sample.world.orgs}
    whose = {record: orgs[true] for record, entity, true in sample.records if entity == "account"}
    used = _last_used(sample)
    _billing(sample, whose)
    _product(sample, used)
    _crm(sample, dice, whose, used)


def _last_used(sample: Sample) -> dict[str, dt.date]:
    """The day of the last action in each workspace."""
    return {a.workspace.key: a.at.date() for a in sample.usage.actions if a.workspace}


def _billing(sample: Sample, whose: dict[str, Org]) -> None:
    """Who sold the first contract; and, a quarter after the last one ended, the free plan."""
    last_end = {payer.key: max((s.end for s in payer.subscriptions), default=None) for payer in sample.money.payers}
    quarter_ago = AS_OF - dt.timedelta(days=90)
    for row in sample.tables["billing.customers"]:
        org = whose[f"billing.customers:{row['customer_id']}"]
        row["sold_by"] = "" if org.kind == "test" else org.owners[0][1]
        ended = last_end.get(row["customer_id"])
        if ended and ended <= quarter_ago:
            moved = dt.datetime.fromisoformat(row["updated_at"]) + dt.timedelta(days=90)
            row |= {"plan": "free", "updated_at": stamp(moved)}


def _product(sample: Sample, used: dict[str, dt.date]) -> None:
    for row in sample.tables["product.workspaces"]:
        day = used.get(row["workspace_id"])
        row["last_used_on"] = day.isoformat() if day else ""
        row["entitlements"] = ENTITLED[row["plan"]]


def _crm(sample: Sample, dice: Dice, whose: dict[str, Org], used: dict[str, dt.date]) -> None:
    """Sales hears late who left and never who owes; its last activity is a call as often as a click."""
    seen: dict[str, dt.date] = {}
    for space in sample.usage.workspaces:
        if space.key in used:
            seen[space.org.true_id] = max(used[space.key], seen.get(space.org.true_id, used[space.key]))
    stale = []
    for row in sample.tables["crm.accounts"]:
        org = whose[f"crm.accounts:{row['account_id']}"]
        end = sample.money.last_end(org.key)
        left = end is not None and end <= AS_OF
        row["account_status"] = "" if end is None or row["stage"] == "prospect" else "churned" if left else "active"
        if left and row["account_status"]:
            stale.append(row)
        day, written = seen.get(org.key), dt.date.fromisoformat(row["updated_at"][:10])
        called = dice.day(max(org.created, written - dt.timedelta(days=120)), written)
        row["last_activity_on"] = max(called, day).isoformat() if day and dice.chance(0.5) else called.isoformat()
    for row in sample.plant.choose(dice, "stale_statuses_in_crm", stale, 0.2):
        row["account_status"] = "active"
