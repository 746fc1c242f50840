"""The product's own tables: workspaces, logins, memberships, and the stream of actions as it arrived."""

from __future__ import annotations

import datetime as dt

from making import words
from making.billing import plan_of
from making.dice import Dice
from making.money import PLANS
from making.sample import Row, Sample, last_written, stamp
from making.text import respelled
from making.usage import DEVICES_SINCE, Action, Workspace
from making.world import AS_OF, OPEN, Person

END = dt.datetime(2025, 6, 30, 23, 59, 59)
CAMEL = {
    "report_viewed": "reportViewed",
    "dashboard_opened": "dashboardOpened",
    "report_created": "reportCreated",
    "report_shared": "reportShared",
    "export_run": "exportRun",
    "login": "login",
    "page_viewed": "pageViewed",
}


def view(sample: Sample) -> None:
    """Adds product.workspaces, product.users, product.memberships and product.events."""
    dice = sample.dice("product")
    _workspaces(sample, dice)
    logins = _users(sample, dice)
    sample.tables["product.memberships"] = [
        {
            "user_id": logins[m.person.key],
            "workspace_id": m.workspace.key,
            "role": m.role,
            "joined_at": stamp(dice.moment(m.joined, 5, 6)),
            "left_at": "" if m.left == OPEN else stamp(dice.moment(m.left, 0, 0)),
        }
        for m in sample.usage.memberships
    ]
    _events(sample, dice, logins)


def _workspaces(sample: Sample, dice: Dice) -> None:
    plant, rows = sample.plant, []
    spaces = sample.usage.workspaces
    known = {record.split(":")[1]: true for record, _, true in sample.records if record.startswith("crm.accounts:")}
    subscriptions: dict[str, list] = {}
    for s in sample.money.subscriptions:
        subscriptions.setdefault(s.payer.org.true_id, []).append(s)
    for space in spaces:
        org = space.org
        crm_id = sample.crm_ids.get(org.key, "")
        told = known.get(crm_id) == org.true_id and (org.kind == "test" or dice.chance(0.85))
        plan = plan_of(subscriptions.get(org.true_id, []))
        running = any(s.runs_on(AS_OF) for s in subscriptions.get(org.true_id, []))
        name = org.old_name or org.name
        rows.append(
            {
                "workspace_id": space.key,
                "crm_account_id": crm_id if told else "",
                "name": respelled(dice, name) if dice.chance(0.2) else name,
                "domain": org.domain,
                "plan": plan if running else "free",
                "trial_started_on": org.trial_on.isoformat() if org.trial_on and space.since == org.trial_on else "",
                "updated_at": stamp(last_written(dice, space.since)),
            }
        )
        sample.whose("product.workspaces", space.key, "account", org.true_id)
    pairs: list[tuple[Workspace, Row]] = list(zip(spaces, rows, strict=True))
    plant.note("workspaces_without_crm_id", sum(not r["crm_account_id"] for r in rows), len(rows))
    for _, row in plant.choose(
        dice, "leading_zeros_lost_in_product", [(s, r) for s, r in pairs if r["crm_account_id"].startswith("0")], 0.04
    ):
        row["crm_account_id"] = row["crm_account_id"].lstrip("0")
    for _, row in plant.choose(dice, "free_mail_workspaces", [(s, r) for s, r in pairs if s.org.kind == "trial"], 0.2):
        row["domain"] = dice.pick(words.FREE_MAIL)
    for _, row in plant.choose(dice, "stale_plans_in_product", [(s, r) for s, r in pairs if r["plan"] in PLANS], 0.06):
        row["plan"] = dice.pick([plan for plan in PLANS if plan != row["plan"]])
    sample.tables["product.workspaces"] = rows


def _users(sample: Sample, dice: Dice) -> dict[str, str]:
    """One login for each member; a few people hold a second one, which is in no workspace."""
    plant = sample.plant
    people = sorted({m.person.key: m.person for m in sample.usage.memberships}.values(), key=lambda p: p.key)
    since = sample.usage.signed_up()
    pairs: list[tuple[Person, Row]] = []
    for who in people:
        joined = since[who.key]
        job = next((j for j in reversed(who.jobs) if j.start <= joined), who.jobs[0])
        pairs.append((who, _login(dice, who, job.email, joined)))
    real = [(p, r) for p, r in pairs if p.kind == "person"]
    for who, row in plant.choose(dice, "free_mail_users", real, 0.06):
        row["email"] = who.free_mail
    nicked = [(p, r) for p, r in real if p.first in words.NICK]
    for who, row in plant.choose(dice, "nicknames_in_product", nicked, 0.2):
        row["display_name"] = f"{words.NICK[who.first]} {who.last}"
    for who, row in plant.choose(dice, "duplicate_logins", real, 0.02):
        again = dice.day(since[who.key], AS_OF)
        pairs.append((who, _login(dice, who, who.free_mail if dice.chance(0.6) else row["email"].title(), again)))
    logins: dict[str, str] = {}
    for number, (who, row) in enumerate(dice.shuffled(pairs), start=1):
        row["user_id"] = f"u{number:05}"
    for who, row in pairs:
        logins.setdefault(who.key, row["user_id"])
        sample.whose("product.users", row["user_id"], "user", who.key)
    sample.tables["product.users"] = sorted((row for _, row in pairs), key=lambda r: r["user_id"])
    return logins


def _login(dice: Dice, who: Person, email: str, day: dt.date) -> Row:
    return {
        "user_id": "",
        "email": email,
        "display_name": f"{who.first} {who.last}",
        "language": who.language,
        "signed_up_at": stamp(dice.moment(day, 4, 4)),
        "updated_at": stamp(last_written(dice, day)),
    }


def _events(sample: Sample, dice: Dice, logins: dict[str, str]) -> None:
    plant, usage = sample.plant, sample.usage
    rows: list[Row] = []
    for number, action in enumerate(usage.actions, start=1):
        rows.append(_event(dice, number, action, logins))
    old = [r for r in rows if r["occurred"].date() < DEVICES_SINCE]
    for row in old:
        row["name"] = CAMEL[row["name"]]
    plant.note("old_schema_events", len(old), len(rows))
    early = [r for r in rows if r["occurred"] < END - dt.timedelta(days=10)]
    late = plant.choose(dice, "late_events", early, 0.015)
    for row in late:
        row["received"] = row["occurred"] + dt.timedelta(days=dice.between(2, 9), minutes=dice.between(1, 500))
    _out_of_order(sample, dice, rows)
    for row in plant.choose(
        dice,
        "recased_ids_in_events",
        [r for r in rows if r["workspace_id"] and r["occurred"] < END - dt.timedelta(days=60)],
        0.005,
    ):
        row["workspace_id"] = row["workspace_id"].upper()
    for row in plant.choose(
        dice, "duplicate_events", [r for r in rows if r["received"] < END - dt.timedelta(hours=1)], 0.008
    ):
        rows.append(row | {"received": row["received"] + dt.timedelta(seconds=dice.between(5, 1800))})
    plant.note("anonymous_devices", len(usage.unresolved_devices), len({a.device for a in usage.actions if a.device}))
    plant.note("anonymous_events", sum(not r["user_id"] for r in rows), len(rows))
    plant.note("shared_devices", len(usage.shared_devices), len({a.device for a in usage.actions if a.device}))
    rows.sort(key=lambda r: (r["received"], r["event_id"]))
    for row in rows:
        row["occurred_at"], row["received_at"] = stamp(row.pop("occurred")), stamp(row.pop("received"))
    sample.tables["product.events"] = rows


def _event(dice: Dice, number: int, action: Action, logins: dict[str, str]) -> Row:
    return {
        "event_id": f"e{number:06}",
        "user_id": logins[action.person.key] if action.person else "",
        "workspace_id": action.workspace.key if action.workspace else "",
        "device_id": action.device,
        "name": action.name,
        "occurred": action.at,
        "received": action.at + dt.timedelta(seconds=dice.between(1, 40)),
    }


def _out_of_order(sample: Sample, dice: Dice, rows: list[Row]) -> None:
    """An action of a busy hour arrives after the same user's next one."""
    last: dict[str, Row] = {}
    pairs = []
    for row in rows:
        before = last.get(row["user_id"])
        if row["user_id"] and before and row["received"] - row["occurred"] < dt.timedelta(minutes=2):
            gap = row["received"] - before["occurred"]
            if (
                gap < dt.timedelta(hours=8)
                and before["received"] < row["received"]
                and row["received"] < END - dt.timedelta(hours=1)
            ):
                pairs.append((before, row))
        last[row["user_id"]] = row
    for before, row in sample.plant.choose(dice, "out_of_order_events", pairs, 0.05):
        before["received"] = row["received"] + dt.timedelta(seconds=dice.between(10, 900))
