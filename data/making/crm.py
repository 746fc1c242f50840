"""CRM as sales keeps it: organisations and contacts, a log of changes since 2024-02, snapshots at month ends."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from making import words
from making.dice import Dice
from making.money import add_months
from making.sample import Row, Sample, last_written, recent_order, stamp
from making.text import respelled, typo
from making.world import AS_OF, OPEN, Job, Org

LOG_STARTS = dt.date(2024, 2, 1)
REUSED = 6


def view(sample: Sample) -> None:
    """Adds crm.accounts, crm.contacts, crm.account_changes and crm.account_snapshots."""
    dice = sample.dice("crm")
    known = [o for o in recent_order(sample.world.orgs) if o.kind != "trial" or dice.chance(0.25)]
    deleted = _number(sample, dice, known)
    kept = [org for org in known if org not in deleted]
    accounts = _accounts(sample, dice, kept)
    _contacts(sample, dice, kept)
    _changes(sample, dice, kept)
    _snapshots(sample, dice, kept)
    _duplicate_accounts(sample, dice, kept, accounts)
    accounts.sort(key=lambda row: row["account_id"])


def _number(sample: Sample, dice: Dice, known: list[Org]) -> list[Org]:
    """Gives five digits to each; six ids of deleted accounts are given again to later ones."""
    for number, org in enumerate(known, start=1):
        sample.crm_ids[org.key] = f"{number * 3 % 2003:05}"
    gone = [
        o
        for o in known
        if o.kind == "customer"
        and o.vat
        and not o.absorbed_by
        and not o.parent
        and _ended(sample, o) < dt.date(2024, 9, 1)
    ]
    plain = [o for o in gone if not any(other.parent is o or other.absorbed_by is o for other in known)]
    deleted = dice.sample(plain, REUSED)
    heirs = dice.sample(
        [
            o
            for o in known
            if o.kind == "customer"
            and o.vat
            and not o.absorbed_by
            and o.created > dt.date(2024, 9, 1)
            and o not in gone
            and not any(x.absorbed_by is o for x in known)
        ],
        REUSED,
    )
    for old, heir in zip(deleted, heirs, strict=True):
        sample.crm_ids[heir.key] = sample.crm_ids[old.key]
    sample.plant.note("reused_crm_ids", REUSED, len(known))
    return deleted


def _ended(sample: Sample, org: Org) -> dt.date:
    return sample.money.last_end(org.true_id) or OPEN


def _stage(sample: Sample, org: Org) -> str:
    if org.kind in ("trial", "prospect", "test"):
        return "prospect"
    return "former" if org.absorbed_by or _ended(sample, org) <= AS_OF else "customer"


def _accounts(sample: Sample, dice: Dice, kept: list[Org]) -> list[Row]:
    plant, rows = sample.plant, []
    heirs = {sample.crm_ids[o.key] for o in kept if list(sample.crm_ids.values()).count(sample.crm_ids[o.key]) > 1}
    survivors = {id(o.absorbed_by) for o in kept if o.absorbed_by}
    for org in kept:
        row = {
            "account_id": sample.crm_ids[org.key],
            "parent_account_id": sample.crm_ids.get(org.parent.key, "") if org.parent and dice.chance(0.8) else "",
            "partner_id": org.partner,
            "name": org.name,
            "website": dice.weighted([(f"https://www.{org.domain}/", 35), (f"www.{org.domain}", 25), (org.domain, 40)]),
            "vat_id": org.vat if dice.chance(0.5) or id(org) in survivors else "",
            "industry": org.industry if dice.chance(0.9) else "",
            "employees": str(org.employees) if dice.chance(0.85) else "",
            "country": org.country if dice.chance(0.93) else "",
            "stage": _stage(sample, org),
            "owner_name": org.owners[-1][1],
            "health_score": str(dice.between(20, 99)) if org.kind == "customer" else "",
            "created_at": stamp(dice.moment(org.created)),
            "updated_at": stamp(last_written(dice, org.created)),
        }
        if row["account_id"] in heirs:
            row["vat_id"] = org.vat
        if org.absorbed_by:
            row["vat_id"] = ""
        if org.kind == "test":
            row |= {"website": org.domain, "vat_id": "", "industry": "", "employees": "", "owner_name": ""}
        rows.append(row)
        sample.whose("crm.accounts", row["account_id"], "account", org.true_id)
    pairs = list(zip(kept, rows, strict=True))
    plain = [(o, r) for o, r in pairs if o.kind != "test"]
    for _, row in plant.choose(dice, "typos_in_crm_company_names", plain, 0.02):
        row["name"] = typo(dice, row["name"])
    for _, row in plant.choose(dice, "numbers_as_text", [(o, r) for o, r in plain if r["employees"]], 0.015):
        row["employees"] = dice.pick(["200+", "50-100", "ca. 30", "1 000 – 2 000"])
    ended = [(o, r) for o, r in plain if r["stage"] == "former" and not o.absorbed_by]
    for _, row in plant.choose(dice, "stale_stages_in_crm", ended, 0.35):
        row["stage"] = "customer"
    plant.note("partner_accounts", sum(bool(r["partner_id"]) for r in rows), len(rows))
    sample.tables["crm.accounts"] = rows
    return rows


def _duplicate_accounts(sample: Sample, dice: Dice, kept: list[Org], rows: list[Row]) -> None:
    """Two of three duplicates keep website and name, so that they can be found; the others are misspelt or bare."""
    plain = [
        (o, r)
        for o, r in zip(kept, list(rows), strict=True)
        if o.kind in ("customer", "prospect") and not o.absorbed_by
    ]
    used, number = {row["account_id"] for row in rows} | set(sample.crm_ids.values()), 2100
    for org, row in sample.plant.choose(dice, "duplicate_crm_accounts", plain, 0.06):
        while f"{number:05}" in used:
            number += 1
        used.add(f"{number:05}")
        name = row["name"] if dice.chance(0.5) else respelled(dice, row["name"])
        double = row | {
            "account_id": f"{number:05}",
            "vat_id": "",
            "employees": "",
            "stage": "prospect",
            "parent_account_id": "",
            "health_score": "",
            "name": name,
            "owner_name": dice.pick(words.OWNERS),
        }
        if dice.chance(0.35):
            double |= {"name": typo(dice, row["name"]), "website": row["website"] if dice.chance(0.5) else ""}
        created = dice.day(org.created, AS_OF)
        double |= {"created_at": stamp(dice.moment(created)), "updated_at": stamp(last_written(dice, created, 0.1))}
        rows.append(double)
        sample.whose("crm.accounts", double["account_id"], "account", org.true_id)


def _contacts(sample: Sample, dice: Dice, kept: list[Org]) -> None:
    plant = sample.plant
    jobs = [job for org in kept for job in org.jobs if not job.person.erased_on and _known(dice, org, job)]
    rows: list[Row] = []
    for job in jobs:
        who = job.person
        row = {
            "contact_id": "",
            "account_id": sample.crm_ids[job.org.key],
            "email": job.email if dice.chance(0.9) else "",
            "phone": who.phone if len(who.jobs) > 1 or dice.chance(0.7) else "",
            "first_name": who.first,
            "last_name": who.last,
            "job_title": job.title,
            "updated_at": stamp(dice.moment(dice.day(job.start, min(AS_OF, job.end)))),
        }
        rows.append(row)
    pairs = list(zip(jobs, rows, strict=True))
    once = [(j, r) for j, r in pairs if len(j.person.jobs) == 1 and not j.person.has_relative]
    everybody = [job.person.key for job in jobs]
    plant.note("people_who_change_employer", len(everybody) - len(set(everybody)), len(set(everybody)))
    for _, row in plant.choose(dice, "typos_in_crm_last_names", once, 0.02):
        row["last_name"] = typo(dice, row["last_name"])
    for _, row in plant.choose(dice, "typos_in_emails", [(j, r) for j, r in once if r["email"]], 0.012):
        local, _, domain = row["email"].partition("@")
        row["email"] = f"{typo(dice, local)}@{domain}"
    _shared_values(sample, dice, once)
    _families(sample, pairs)
    for _, row in plant.choose(dice, "crm_phones_without_country_code", [(j, r) for j, r in once if r["phone"]], 0.04):
        row["phone"] = "0" + row["phone"].split(" ", 1)[1]
    doubled = plant.choose(dice, "duplicate_crm_contacts", once, 0.04)
    for job, row in doubled:
        double = row | {
            "job_title": "" if dice.chance(0.5) else row["job_title"],
            "updated_at": stamp(last_written(dice, job.start)),
        }
        if dice.chance(0.4):
            double |= {
                "email": "",
                "phone": job.person.phone,
                "first_name": words.NICK.get(job.person.first, job.person.first),
            }
        pairs.append((job, double))
    numbered = dice.shuffled(pairs)
    for number, (job, row) in enumerate(numbered, start=1):
        row["contact_id"] = f"c{number:05}"
        sample.whose("crm.contacts", row["contact_id"], "user", job.person.key)
    sample.tables["crm.contacts"] = [row for _, row in numbered]


def _known(dice: Dice, org: Org, job: Job) -> bool:
    """Sales knows seven in ten, everybody who moved from one customer to another, and none of our testers."""
    return org.kind != "test" and (dice.chance(0.7) or len(job.person.jobs) > 1 or job.person.has_relative)


def _shared_values(sample: Sample, dice: Dice, pairs: list[tuple[Job, Row]]) -> None:
    by_org: dict[str, list[tuple[Job, Row]]] = {}
    for job, row in pairs:
        by_org.setdefault(job.org.key, []).append((job, row))
    big = [group for key, group in sorted(by_org.items()) if len(group) >= 3]
    sharing = dice.sample(big, 34)
    count = 0
    for group in sharing[:20]:
        role = dice.pick(words.ROLES)
        for job, row in group[: dice.between(2, 5)]:
            row["email"] = f"{role}@{job.org.mail_domain}"
            count += 1
    sample.plant.note("role_mailboxes_of_people", count, len(pairs))
    count = 0
    for group in sharing[20:]:
        phone = group[0][0].person.phone
        for _, row in group:
            row["phone"] = phone[:-1] + "0"
            count += 1
    sample.plant.note("shared_switchboards", count, len(pairs))


def _families(sample: Sample, pairs: list[tuple[Job, Row]]) -> None:
    """Relatives were given one phone in the truth; both contacts carry it."""
    phones = set()
    for job, row in pairs:
        if job.person.has_relative:
            row["phone"] = job.person.phone
            phones.add(job.person.phone)
    sample.plant.note("families_on_one_phone", len(phones), len(pairs))


def _changes(sample: Sample, dice: Dice, kept: list[Org]) -> None:
    """Owner, stage and name, old and new value; nothing before the log was switched on."""
    rows = []

    def change(org: Org, field: str, old: str, new: str, day: dt.date) -> None:
        if LOG_STARTS <= day <= AS_OF:
            at = dice.moment(day)
            logged = min(at + dt.timedelta(minutes=dice.between(0, 90)), dt.datetime(2025, 6, 30, 21))
            rows.append(
                {
                    "change_id": "",
                    "account_id": sample.crm_ids[org.key],
                    "field": field,
                    "old_value": old,
                    "new_value": new,
                    "changed_at": stamp(at),
                    "logged_at": stamp(logged),
                }
            )

    for org in kept:
        for (_, old), (day, new) in pairwise(org.owners):
            change(org, "owner", old, new, day)
        if org.kind == "customer" and not org.absorbed_by:
            starts = [s.start for s in sample.money.subscriptions if s.payer.org is org]
            change(org, "stage", "prospect", "customer", min(starts))
            if _ended(sample, org) <= AS_OF:
                change(
                    org,
                    "stage",
                    "customer",
                    "former",
                    min(AS_OF, _ended(sample, org) + dt.timedelta(days=dice.between(0, 20))),
                )
        if org.renamed_on:
            change(org, "name", org.old_name, org.name, org.renamed_on)
    owners = [r for r in rows if r["field"] == "owner" and r["changed_at"] < "2025-05-01"]
    for row in sample.plant.choose(dice, "late_changes", owners, 0.08):
        at = dt.datetime.fromisoformat(row["changed_at"])
        row["logged_at"] = stamp(at + dt.timedelta(days=dice.between(14, 42)))
    rows.sort(key=lambda r: (r["logged_at"], r["account_id"], r["field"]))
    for number, row in enumerate(rows, start=1):
        row["change_id"] = f"chg{number:05}"
    sample.tables["crm.account_changes"] = rows


def _snapshots(sample: Sample, dice: Dice, kept: list[Org]) -> None:
    """The first night of each month of the last fifteen: health score and owner as they stood then."""
    rows = []
    for org in kept:
        if org.kind != "customer":
            continue
        score, night = dice.between(35, 95), dt.date(2024, 4, 1)
        while night <= AS_OF:
            if night > org.created:
                score = min(99, max(5, score + dice.between(-9, 8)))
                owner = [name for since, name in org.owners if since < night][-1]
                rows.append(
                    {
                        "account_id": sample.crm_ids[org.key],
                        "snapshot_date": night.isoformat(),
                        "health_score": str(score),
                        "owner_name": owner,
                    }
                )
            night = add_months(night, 1)
    rows.sort(key=lambda r: (r["snapshot_date"], r["account_id"]))
    sample.tables["crm.account_snapshots"] = rows
