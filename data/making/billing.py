"""Billing as finance keeps it: paying parties, subscriptions, invoices; and the reference rates of finance."""

from __future__ import annotations

import datetime as dt

from making.dice import Dice
from making.money import OVERDUE, Payer, Subscription, renewal
from making.sample import Row, Sample, amount, stamp
from making.world import AS_OF, OPEN, Org


def view(sample: Sample) -> None:
    """Adds billing.customers, billing.subscriptions, billing.invoices and finance.fx_rates."""
    dice = sample.dice("billing")
    testers = _testers(sample, dice)
    _customers(sample, dice, testers)
    sample.tables["billing.subscriptions"] = [_subscription(dice, s) for s in sample.money.subscriptions]
    _invoices(sample, dice, testers)
    sample.tables["finance.fx_rates"] = [
        {"currency": "USD", "rate_date": day.isoformat(), "rate": f"{rate / 1_000_000:.6f}"}
        for day, rate in sorted(sample.money.rates.items())
    ]
    _count(sample)


def _testers(sample: Sample, dice: Dice) -> list[Payer]:
    """Four test accounts have a paying party, and pay nothing every month."""
    orgs = [org for org in sample.world.orgs if org.kind == "test"][:4]
    return [Payer(f"cus_{dice.code(5)}9{place:02}", org, dt.date(2025, 1, 15)) for place, org in enumerate(orgs)]


def _customers(sample: Sample, dice: Dice, testers: list[Payer]) -> None:
    plant = sample.plant
    payers = dice.shuffled([*sample.money.payers, *testers])
    deleted = _deleted(sample)
    survivors = {id(o.absorbed_by) for o in sample.world.orgs if o.absorbed_by}
    rows = [_customer(sample, dice, payer) for payer in payers]
    pairs = list(zip(payers, rows, strict=True))
    for payer, row in pairs:
        org = payer.org
        if org.key in deleted or id(org) in survivors or org.absorbed_by or _is_heir(sample, org, deleted):
            row["vat_id"] = org.vat
            row["crm_account_id"] = sample.crm_ids.get(org.key, "")
        sample.whose("billing.customers", row["customer_id"], "account", org.true_id)
    special = {payer.key for payer, row in pairs if payer.org.key in deleted}
    lost = [
        (p, r)
        for p, r in pairs
        if r["crm_account_id"].startswith("0") and p.key not in special and p.org.kind == "customer"
    ]
    for _, row in plant.choose(dice, "leading_zeros_lost_in_billing", lost, 0.05):
        row["crm_account_id"] = row["crm_account_id"].lstrip("0")
    for payer, row in plant.choose(
        dice, "role_mailboxes_that_pay", [(p, r) for p, r in pairs if p.org.kind == "customer"], 0.3
    ):
        row["billing_email"] = f"{dice.pick(['billing', 'accounts'])}@{payer.org.mail_domain}"
    for payer, row in plant.choose(dice, "partner_payers", [(p, r) for p, r in pairs if p.org.partner], 0.4):
        row["partner_id"] = payer.org.partner
    for _, row in plant.choose(dice, "legacy_status_words", [(p, r) for p, r in pairs if r["status"] != "active"], 0.4):
        row["status"] = {"past_due": "delinquent", "churned": "cancelled"}[row["status"]]
    plant.note("dollar_customers", sum(r["currency"] == "USD" for r in rows), len(rows))
    sample.tables["billing.customers"] = rows


def _deleted(sample: Sample) -> set[str]:
    kept = {record.split(":")[1]: true for record, _, true in sample.records if record.startswith("crm.accounts:")}
    return {o.key for o in sample.world.orgs if o.key in sample.crm_ids and kept[sample.crm_ids[o.key]] != o.true_id}


def _is_heir(sample: Sample, org: Org, deleted: set[str]) -> bool:
    return sample.crm_ids.get(org.key, "") in {sample.crm_ids[key] for key in deleted}


def _customer(sample: Sample, dice: Dice, payer: Payer) -> Row:
    org = payer.org
    name = f"{org.old_name or org.name} {org.legal}".strip()
    mail = org.jobs[0].email if org.jobs else f"office@{org.mail_domain}"
    return {
        "customer_id": payer.key,
        "crm_account_id": sample.crm_ids.get(org.key, "") if dice.chance(0.9) else "",
        "partner_id": "",
        "company_name": name,
        "billing_email": mail,
        "vat_id": _spaced(dice, org.vat) if dice.chance(0.85) else "",
        "country": org.country,
        "currency": org.currency,
        "plan": plan_of(payer.subscriptions),
        "status": _status(payer),
        "updated_at": stamp(dice.moment(_last_touch(dice, payer))),
    }


def _last_touch(dice: Dice, payer: Payer) -> dt.date:
    """A paying party is written with each invoice run, and for the last time when its last subscription ends."""
    last = max((s.end for s in payer.subscriptions), default=OPEN)
    return last if last <= AS_OF else dice.day(max(payer.since, dt.date(2025, 6, 1)), AS_OF)


def _spaced(dice: Dice, vat: str) -> str:
    """A tax id as clerks type it."""
    if dice.chance(0.7) or not vat:
        return vat
    return f"{vat[:2]} {vat[2:5]} {vat[5:]}" if dice.chance(0.6) else vat.lower()


def plan_of(subscriptions: list[Subscription]) -> str:
    """The plan in force at the as-of date, the dearest if several; otherwise the last one that was held."""
    if not subscriptions:
        return "free"
    running = [s for s in subscriptions if s.runs_on(AS_OF)]
    if running:
        return max(running, key=lambda s: (s.mrr, s.key)).plan
    return max(subscriptions, key=lambda s: (s.end, s.mrr, s.key)).plan


def _status(payer: Payer) -> str:
    if payer.subscriptions and not any(s.runs_on(AS_OF) for s in payer.subscriptions):
        return "churned"
    limit = AS_OF - dt.timedelta(days=30)
    return (
        "past_due"
        if any(i.status == "open" and i.issued < limit for s in payer.subscriptions for i in s.invoices)
        else "active"
    )


def _subscription(dice: Dice, s: Subscription) -> Row:
    return {
        "subscription_id": s.key,
        "customer_id": s.payer.key,
        "plan": s.plan,
        "seats": str(s.seats),
        "billing_period": "annual" if s.annual else "monthly",
        "mrr_cents": str(s.mrr),
        "currency": s.payer.org.currency,
        "started_on": s.start.isoformat(),
        "ended_on": "" if s.end == OPEN else s.end.isoformat(),
        "renews_on": renewal(s).isoformat() if s.end == OPEN else "",
        "updated_at": stamp(dice.moment(min(AS_OF, s.end if s.end <= AS_OF else dice.day(s.start, AS_OF)))),
    }


def _invoices(sample: Sample, dice: Dice, testers: list[Payer]) -> None:
    rows = []
    for i in sample.money.invoices:
        written = i.paid + dt.timedelta(minutes=dice.between(1, 50)) if i.paid else dice.moment(i.issued)
        rows.append(
            {
                "invoice_id": i.key,
                "customer_id": i.subscription.payer.key,
                "subscription_id": i.subscription.key,
                "kind": i.kind,
                "credits_invoice_id": i.credits,
                "amount": amount(i.amount),
                "currency": i.subscription.payer.org.currency,
                "status": i.status,
                "period_start": i.start.isoformat(),
                "period_end": i.end.isoformat(),
                "issued_on": i.issued.isoformat(),
                "paid_at": stamp(i.paid) if i.paid else "",
                "updated_at": stamp(written),
            }
        )
    for payer in testers:
        for month in range(2, 7):
            day = dt.date(2025, month, 15)
            row = dict.fromkeys(rows[0], "") | {
                "invoice_id": f"inv_t{dice.code(5)}",
                "customer_id": payer.key,
                "kind": "invoice",
                "amount": "0.00",
                "currency": "EUR",
                "status": "paid",
            }
            row |= {
                "period_start": day.isoformat(),
                "period_end": dt.date(2025, month + 1, 15).isoformat(),
                "issued_on": day.isoformat(),
            }
            row |= {"paid_at": stamp(dice.moment(day)), "updated_at": stamp(dice.moment(day, 20, 21))}
            rows.append(row)
    rows.sort(key=lambda r: (r["issued_on"], r["invoice_id"]))
    sample.tables["billing.invoices"] = rows


def _count(sample: Sample) -> None:
    """What the truth holds by itself, counted as it came out."""
    plant, money = sample.plant, sample.money
    invoices, subscriptions = money.invoices, money.subscriptions
    plant.note("refunds", sum(i.status == "refunded" for i in invoices), len(invoices))
    plant.note("credit_notes", sum(i.kind == "credit_note" for i in invoices), len(invoices))
    plant.note("void_invoices", sum(i.status == "void" for i in invoices), len(invoices))
    limit = AS_OF - dt.timedelta(days=30)
    plant.note("overdue_invoices", sum(i.status == "open" and i.issued < limit for i in invoices), len(invoices))
    if plant.planted["overdue_invoices"]["count"] < OVERDUE:
        raise ValueError("fewer invoices are overdue than were planted")
    plant.note("annual_subscriptions", sum(s.annual for s in subscriptions), len(subscriptions))
    plant.note("cancelled_but_not_ended", sum(AS_OF < s.end < OPEN for s in subscriptions), len(subscriptions))
    overlapping = {
        s.key
        for p in money.payers
        for s in p.subscriptions
        for o in p.subscriptions
        if o is not s and s.start < o.end and o.start < s.end and (s.start, s.key) > (o.start, o.key)
    }
    plant.note("overlapping_subscriptions", len(overlapping), len(subscriptions))
    held: dict[str, int] = {}
    for payer in money.payers:
        held[payer.org.true_id] = held.get(payer.org.true_id, 0) + 1
    plant.note("accounts_with_several_billing_customers", sum(count > 1 for count in held.values()), len(held))
