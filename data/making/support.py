"""Support's export: semicolons, windows-1252, day first, decimal comma; it knows no id of any other system."""

from __future__ import annotations

import datetime as dt

from making import words
from making.dice import Dice
from making.issues import known_issues
from making.sample import Row, Sample, day_first, last_written
from making.text import respelled, typo
from making.world import AS_OF, OPEN, Org, Person

NOW = dt.datetime(2025, 6, 30, 20, 0)
LEVELS = {"enterprise": "premium", "business": "standard", "team": "basic", "free": "none"}


def view(sample: Sample) -> None:
    """Adds support.organizations, support.requesters and support.tickets."""
    dice = sample.dice("support")
    orgs = [
        o
        for o in sample.world.orgs
        if (o.kind == "customer" and dice.chance(0.78)) or (o.kind == "trial" and dice.chance(0.2))
    ]
    keys = {org.key: f"org-{number + 200}" for number, org in enumerate(dice.shuffled(orgs))}
    _organizations(sample, dice, orgs, keys)
    requesters = _requesters(sample, dice, orgs, keys)
    _tickets(sample, dice, requesters, keys)


def _organizations(sample: Sample, dice: Dice, orgs: list[Org], keys: dict[str, str]) -> None:
    rows = []
    for org in orgs:
        name = org.name if org.renamed_on is None or dice.chance(0.5) else org.old_name
        plans = [s.plan for s in sample.money.subscriptions if s.payer.org.true_id == org.true_id and s.runs_on(AS_OF)]
        level = LEVELS[max(plans, key=list(reversed(LEVELS)).index)] if plans else "none"
        rows.append(
            {
                "organization_id": keys[org.key],
                "name": respelled(dice, name) if dice.chance(0.1) else name,
                "domain": org.domain if dice.chance(0.85) else "",
                "entitlement": level,
                "updated_at": day_first(last_written(dice, org.created)),
            }
        )
        sample.whose("support.organizations", keys[org.key], "account", org.true_id)
    for row in sample.plant.choose(dice, "typos_in_support_company_names", rows, 0.02):
        row["name"] = typo(dice, row["name"])
    sample.tables["support.organizations"] = sorted(rows, key=lambda r: r["organization_id"])


def _requesters(
    sample: Sample, dice: Dice, orgs: list[Org], keys: dict[str, str]
) -> list[tuple[Person | None, Org, Row]]:
    plant = sample.plant
    found: list[tuple[Person | None, Org, Row]] = []
    for org in orgs:
        for job in org.jobs:
            if dice.chance(0.42):
                name = f"{job.person.first} {job.person.last}"
                phone = job.person.phone if dice.chance(0.4) else ""
                found.append((job.person, org, _requester(dice, name, job.email, phone, keys[org.key], job.start)))
    people = [f for f in found if len(f[0].jobs) == 1]
    for who, _, row in plant.choose(
        dice, "nicknames_in_support", [f for f in people if f[0].first in words.NICK], 0.25
    ):
        row["full_name"] = f"{words.NICK[who.first]} {who.last}"
    for who, _, row in plant.choose(dice, "typos_in_support_last_names", people, 0.03):
        first, _, last = row["full_name"].partition(" ")
        row["full_name"] = f"{first} {typo(dice, last)}"
    for *_, row in plant.choose(dice, "last_name_first", people, 0.1):
        first, _, last = row["full_name"].partition(" ")
        row["full_name"] = f"{last}, {first}"
    for *_, row in plant.choose(
        dice, "support_phones_without_country_code", [f for f in people if f[2]["phone"]], 0.06
    ):
        row["phone"] = "0" + row["phone"].split(" ", 1)[1]
    for who, org, row in plant.choose(dice, "duplicate_requesters", people, 0.03):
        double = row | {
            "full_name": f"{who.first} {who.last}",
            "email": who.free_mail if dice.chance(0.6) else row["email"].upper(),
            "phone": who.phone,
        }
        found.append((who, org, double))
    writers = dice.sample(orgs, 30)
    for org in writers:
        role = dice.pick(["Accounts Payable", "Helpdesk", "IT Office"])
        mailbox = f"{dice.pick(['info', 'it', 'billing'])}@{org.mail_domain}"
        found.append((None, org, _requester(dice, role, mailbox, "", keys[org.key], org.created)))
    plant.note("role_mailboxes_that_write", len(writers), len(found))
    for number, (who, _, row) in enumerate(dice.shuffled(found), start=1):
        row["requester_id"] = f"r{number + 40000}"
    lost = 0
    for who, _, row in found:
        name = row["full_name"].encode("windows-1252", "replace").decode("windows-1252")
        lost += name != row["full_name"]
        row["full_name"] = name
        sample.whose("support.requesters", row["requester_id"], "user", who.key if who else f"mailbox {row['email']}")
    plant.note("characters_lost_in_export", lost, len(found))
    sample.tables["support.requesters"] = sorted((row for *_, row in found), key=lambda r: r["requester_id"])
    return found


def _requester(dice: Dice, name: str, email: str, phone: str, organization: str, since: dt.date) -> Row:
    return {
        "requester_id": "",
        "email": email,
        "phone": phone,
        "full_name": name,
        "organization_id": organization if dice.chance(0.85) else "",
        "updated_at": day_first(last_written(dice, since)),
    }


def _tickets(
    sample: Sample, dice: Dice, requesters: list[tuple[Person | None, Org, Row]], keys: dict[str, str]
) -> None:
    plant, made = sample.plant, []
    for who, org, row in requesters:
        first, last = max(org.created, dt.date(2022, 8, 1)), AS_OF
        end = sample.money.last_end(org.true_id) or OPEN
        if org.kind == "trial":
            end = org.trial_on + dt.timedelta(days=40)
        for _ in range(dice.weighted([(1, 25), (2, 25), (4, 30), (7, 14), (11, 6)])):
            made.append(_ticket(dice, row, dice.day(first, max(first, min(last, end))), keys[org.key]))
    made.sort(key=lambda t: (t["created"], t["requester_id"]))
    for number, ticket in enumerate(made, start=1):
        ticket["ticket_id"] = f"t{number + 1000}"
    with_org = [t for t in made if t["organization_id"]]
    for ticket in plant.choose(dice, "recased_ids_in_tickets", with_org, 0.03):
        ticket["organization_id"] = ticket["organization_id"].upper()
    done = [t for t in made if t["solved"] and t["created"] > dt.datetime(2023, 1, 1)]
    for ticket in plant.choose(dice, "solved_before_opened", done, 0.002):
        ticket["solved"] = ticket["created"] - dt.timedelta(days=dice.between(1, 3), minutes=dice.between(1, 600))
    closed = [t for t in made if t["status"] == "closed" and t["created"] < dt.datetime(2025, 1, 1)]
    for ticket in plant.choose(dice, "ragged_rows", closed, 0.002):
        ticket["subject"] = "Two questions; please call back"
    known_issues(sample, made)
    plant.note("ambiguous_day_first_dates", sum(t["created"].day <= 12 for t in made), len(made))
    rows = []
    for t in made:
        created, solved, updated = t.pop("created"), t.pop("solved"), t.pop("updated")
        t |= {
            "created_at": day_first(created),
            "solved_at": day_first(solved) if solved else "",
            "updated_at": day_first(updated),
        }
        rows.append(t)
    sample.tables["support.tickets"] = rows


def _ticket(dice: Dice, requester: Row, day: dt.date, organization: str) -> Row:
    created = dice.moment(day).replace(second=0)
    hours = dice.between(1, 4000)  # hundredths of an hour until the first answer
    solved = created + dt.timedelta(
        hours=hours // 100 + dice.weighted([(4, 40), (30, 35), (120, 20), (500, 5)]), minutes=dice.between(1, 59)
    )
    age = (NOW - created).days
    waits = solved > NOW or (age < 45 and dice.chance(0.55))
    status = dice.pick(["open", "open", "pending"]) if waits else "closed" if age > 30 else "solved"
    subject = dice.pick(words.SUBJECTS)
    if dice.chance(0.03):
        subject = (
            f"Please call {requester['full_name'].split()[0].strip(',')} on {requester['phone'] or 'the usual number'}"
        )
    return {
        "ticket_id": "",
        "requester_id": requester["requester_id"],
        "organization_id": organization if dice.chance(0.9) else "",
        "subject": subject,
        "priority": dice.weighted([("low", 20), ("normal", 50), ("high", 20), ("urgent", 10)]),
        "status": status,
        "first_response_hours": "" if waits and age < 2 else f"{hours // 100},{hours % 100:02}",
        "created": created,
        "solved": None if waits else solved,
        "updated": max(created, min(NOW, created + dt.timedelta(hours=hours // 100 + 1) if waits else solved)),
    }
