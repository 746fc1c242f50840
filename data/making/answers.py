"""What is knowable about the sample: the answers that tests hold the workbook's figures against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from making.money import Invoice, Subscription
from making.sample import Row, Sample, amount
from making.terms import cancelled, renewals
from making.world import AS_OF, OPEN

WINDOW = AS_OF - dt.timedelta(days=29)  # the first of the thirty days that end with the as-of date


def answers(sample: Sample) -> dict[str, object]:
    """Counts, amounts and lists of true ids; amounts are text with two decimals."""
    accounts = sample.world.accounts()
    kinds = ("customer", "trial", "prospect")
    churned = _churned(sample)
    return {
        "as_of": AS_OF.isoformat(),
        "seed": sample.seed,
        "accounts": {"all": len(accounts), **{kind: sum(o.kind == kind for o in accounts) for kind in kinds}},
        "test_accounts": sum(o.kind == "test" for o in sample.world.orgs),
        "people": len(sample.world.people),
        "in_any_system": {entity: _met(sample, entity) for entity in ("account", "user")},
        "records": _records(sample),
        "mrr_at_month_end": {day.isoformat()[:7]: _mrr(sample, day) for day in month_ends()},
        "paid_revenue_by_month_of_issue": _paid(sample, lambda i: i.issued),
        "paid_revenue_by_month_of_payment": _paid(sample, lambda i: i.paid.date()),
        "active": _active(sample),
        "churned_on": {key: day.isoformat() for key, day in churned.items()},
        "plan_at_churn": {key: _plan_at_end(sample, key, day) for key, day in churned.items()},
        "consents_in_force": _consents(sample),
        "tickets": _tickets(sample),
        "engaged_people": _engaged(sample),
        "renewals": sum(len(renewals(s)) for s in sample.money.subscriptions),
        "cancellations": sum(cancelled(s) for s in sample.money.subscriptions),
        "messages": _messages(sample),
        "accounts_by_campaign": _by_campaign(sample),
    }


def month_ends() -> list[dt.date]:
    days, day = [], dt.date(2022, 8, 1)
    while day - dt.timedelta(days=1) <= AS_OF:
        days.append(day - dt.timedelta(days=1))
        day = (day + dt.timedelta(days=31)).replace(day=1)
    return days


def half_up(millionths: int) -> int:
    """Whole cents from millionths of a cent; half a cent away from zero, as books round."""
    cents = (abs(millionths) + 500_000) // 1_000_000
    return cents if millionths >= 0 else -cents


def _in_both(sample: Sample, day: dt.date, cents: Iterable[tuple[str, int]]) -> dict[str, str]:
    """An amount per currency, and all of it in euro at the last rate on or before the day; rounded once, at the end."""
    sums = {"EUR": 0, "USD": 0}
    for currency, value in cents:
        sums[currency] += value
    euro = sums["EUR"] + half_up(sums["USD"] * sample.money.rate(day))
    return {"EUR": amount(sums["EUR"]), "USD": amount(sums["USD"]), "in_EUR": amount(euro)}


def _mrr(sample: Sample, day: dt.date) -> dict[str, str]:
    running = [s for s in sample.money.subscriptions if s.runs_on(day)]
    return _in_both(sample, day, ((s.payer.org.currency, s.mrr) for s in running))


def _paid(sample: Sample, when) -> dict[str, dict[str, str]]:
    """Paid invoices less credit notes, by month; a refunded invoice is not paid."""
    paid = [i for i in sample.money.invoices if i.status == "paid"]
    out = {}
    for day in month_ends():
        inside = [i for i in paid if (when(i).year, when(i).month) == (day.year, day.month)]
        out[day.isoformat()[:7]] = _in_both(
            sample, day, ((i.subscription.payer.org.currency, i.amount) for i in inside)
        )
    return out


def _active(sample: Sample) -> dict[str, object]:
    """Paid and used in the last 30 days, read twice: as money that came in, and as a paid period that is running."""
    tests = {o.key for o in sample.world.orgs if o.kind == "test"}
    invoices = [i for i in sample.money.invoices if i.status == "paid" and i.kind == "invoice"]
    paid = {_whose(i) for i in invoices if WINDOW <= i.paid.date() <= AS_OF}
    covered = {_whose(i) for i in invoices if i.start <= AS_OF < i.end}
    recent = [a for a in sample.usage.actions if a.workspace and WINDOW <= a.at.date()]
    used = {a.workspace.org.true_id for a in recent if a.name != "login"}
    opened = {a.workspace.org.true_id for a in recent}
    return {
        "means": "an invoice was paid, and an action other than login happened, from 2025-06-01 to 2025-06-30; no test accounts",
        "paid": len(paid),
        "used": len(used - tests),
        "paid_and_used": len(paid & used),
        "paid_and_opened": len(paid & opened),
        "paid_period_running_and_used": len(covered & used),
        "test_accounts_that_paid_nothing_and_used": len(used & tests & _paid_nothing(sample)),
        "accounts": sorted(paid & used),
        "accounts_by_paid_period": sorted(covered & used),
    }


def _paid_nothing(sample: Sample) -> set[str]:
    """Test accounts with an invoice of 0.00 in the window."""
    whose = {r.split(":")[1]: true for r, _, true in sample.records if r.startswith("billing.customers:")}
    return {
        whose[r["customer_id"]]
        for r in sample.tables["billing.invoices"]
        if r["amount"] == "0.00" and r["paid_at"] >= WINDOW.isoformat()
    }


def _met(sample: Sample, entity: str) -> dict[str, int]:
    """How many true ones, tests and shared mailboxes any system holds: what perfect identity would find."""
    met = {true for _, e, true in sample.records if e == entity}
    real = "A" if entity == "account" else "P"
    mailboxes = sum(true.startswith("mailbox") for true in met)
    true = sum(t[0] == real for t in met)
    return {"true": true, "tests": len(met) - true - mailboxes, "mailboxes": mailboxes}


def _whose(invoice: Invoice) -> str:
    return invoice.subscription.payer.org.true_id


def _churned(sample: Sample) -> dict[str, dt.date]:
    """Accounts whose last subscription has ended, and the day."""
    ends = {o.key: sample.money.last_end(o.key) for o in sample.world.accounts() if o.kind == "customer"}
    return {key: end for key, end in sorted(ends.items()) if end and end <= AS_OF}


def _plan_at_end(sample: Sample, account: str, day: dt.date) -> str:
    last: list[Subscription] = [
        s for s in sample.money.subscriptions if s.payer.org.true_id == account and s.end == day
    ]
    return max(last, key=lambda s: (s.mrr, s.key)).plan


def _consents(sample: Sample) -> dict[str, object]:
    """The last answer of each subscriber is `granted`; an erased person has none, whatever an import says."""
    erased = {row["subscriber_id"] for row in sample.tables["marketing.erasures"]}
    last: dict[tuple[str, str], Row] = {}
    for row in sorted(sample.tables["marketing.consents"], key=lambda r: (r["answered_at"], r["consent_id"])):
        last[row["permission"], row["subscriber_id"]] = row
    out: dict[str, object] = {"means": "per subscriber; the last answer by answered_at, received by the as-of date"}
    for permission in ("email_marketing", "product_research", "ai_processing"):
        held = sorted(s for (p, s), row in last.items() if p == permission and row["answer"] == "granted")
        out[permission] = {
            "in_force": len(set(held) - erased),
            "without_heeding_erasures": len(held),
            "subscribers": sorted(set(held) - erased),
        }
    return out


def _tickets(sample: Sample) -> dict[str, int]:
    rows = sample.tables["support.tickets"]
    waiting = [r for r in rows if r["status"] in ("open", "pending")]
    return {"all": len(rows), "open": len(waiting), "urgent_and_open": sum(r["priority"] == "urgent" for r in waiting)}


def _messages(sample: Sample) -> dict[str, int]:
    rows = sample.tables["marketing.messages"]
    return {"sent": len(rows), "opened": sum(bool(r["opened_at"]) for r in rows), "clicked": sum(bool(r["clicked_at"]) for r in rows)}


def _by_campaign(sample: Sample) -> dict[str, int]:
    """True accounts that CRM knows by the campaign that brought them; '' where nobody asked."""
    counts: dict[str, int] = {}
    for true, campaign in sample.campaigns.items():
        if not true.startswith("X"):
            counts[campaign] = counts.get(campaign, 0) + 1
    return dict(sorted(counts.items()))


def _engaged(sample: Sample) -> int:
    days: dict[str, set[dt.date]] = {}
    for action in sample.usage.actions:
        if action.person and action.person.kind == "person" and action.at.date() >= WINDOW:
            days.setdefault(action.person.key, set()).add(action.at.date())
    return sum(len(found) >= 5 for found in days.values())


def _records(sample: Sample) -> dict[str, dict[str, int]]:
    """Per source: its records (rows of one key count once), whom they stand for, and how many are more than one of theirs."""
    out: dict[str, dict[str, int]] = {}
    true: dict[str, set[str]] = {}
    for record, _, true_id in sample.records:
        source = record.split(":", 1)[0]
        out.setdefault(source, {"records": 0})["records"] += 1
        true.setdefault(source, set()).add(true_id)
    for source, counts in out.items():
        counts |= {"true": len(true[source]), "more_than_one": counts["records"] - len(true[source])}
    return out
