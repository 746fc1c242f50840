"""The truth as tables: whom records stand for, who exists, who owns, what is paid, and who did what on which day."""

from __future__ import annotations

from making.answers import month_ends
from making.money import Invoice, Subscription
from making.sample import Row, Sample, amount
from making.world import AS_OF, OPEN, Org, Person


def truth_tables(sample: Sample) -> dict[str, list[Row]]:
    """Every table of the truth by its name; a row's ids are true ones."""
    money, people = sample.money, [*sample.world.people, *sample.world.testers]
    signed_up = sample.usage.signed_up()
    return {
        "records": [{"record": r, "entity": e, "true_id": t} for r, e, t in sorted(sample.records)],
        "accounts": [_account(sample, org) for org in sample.world.orgs],
        "owners": [
            {"organisation": org.key, "since": day.isoformat(), "owner": owner}
            for org in sample.world.orgs
            for day, owner in org.owners
        ],
        "people": [_person(p, _day(signed_up.get(p.key, OPEN))) for p in people],
        "subscriptions": [_subscription(s) for s in money.subscriptions],
        "account_mrr": _account_mrr(sample),
        "invoices": [_invoice(i) for i in money.invoices],
        "use": _use(sample),
    }


def _day(day) -> str:
    return "" if day == OPEN else day.isoformat()


def _account(sample: Sample, org: Org) -> Row:
    end = sample.money.last_end(org.key) if not org.absorbed_by else None
    return {
        "organisation": org.key,
        "account": org.true_id,
        "kind": org.kind,
        "name": org.name,
        "old_name": org.old_name,
        "country": org.country,
        "industry": org.industry,
        "employees": org.employees,
        "currency": org.currency,
        "parent": org.parent.key if org.parent else "",
        "partner": org.partner,
        "created_on": org.created.isoformat(),
        "trial_on": org.trial_on.isoformat() if org.trial_on else "",
        "churned_on": end.isoformat() if end and end <= AS_OF else "",
    }


def _person(who: Person, signed_up: str) -> Row:
    return {
        "person": who.key,
        "kind": who.kind,
        "first": who.first,
        "last": who.last,
        "language": who.language,
        "jobs": len(who.jobs),
        "account": who.job.org.true_id if who.job and who.job.end == OPEN else "",
        "signed_up_on": signed_up,
        "erased_on": who.erased_on.isoformat() if who.erased_on else "",
    }


def _subscription(s: Subscription) -> Row:
    return {
        "subscription": s.key,
        "account": s.payer.org.true_id,
        "organisation": s.payer.org.key,
        "plan": s.plan,
        "currency": s.payer.org.currency,
        "mrr_cents": s.mrr,
        "months_per_invoice": s.months,
        "start": s.start.isoformat(),
        "end": _day(s.end),
    }


def _invoice(i: Invoice) -> Row:
    return {
        "invoice": i.key,
        "account": i.subscription.payer.org.true_id,
        "kind": i.kind,
        "status": i.status,
        "currency": i.subscription.payer.org.currency,
        "amount": amount(i.amount),
        "issued_on": i.issued.isoformat(),
        "paid_on": i.paid.date().isoformat() if i.paid else "",
        "from": i.start.isoformat(),
        "to": i.end.isoformat(),
    }


def _account_mrr(sample: Sample) -> list[Row]:
    out = []
    for day in month_ends():
        sums: dict[tuple[str, str], int] = {}
        for s in sample.money.subscriptions:
            if s.runs_on(day):
                key = (s.payer.org.true_id, s.payer.org.currency)
                sums[key] = sums.get(key, 0) + s.mrr
        out += [
            {"month": day.isoformat()[:7], "account": a, "currency": c, "mrr_cents": cents}
            for (a, c), cents in sorted(sums.items())
        ]
    return out


def _use(sample: Sample) -> list[Row]:
    """What one person did in one account on one day: actions, those beyond signing in, and reports shared."""
    done: dict[tuple[str, str, str], list[str]] = {}
    for a in sample.usage.actions:
        if a.person and a.workspace:
            done.setdefault((a.at.date().isoformat(), a.workspace.org.true_id, a.person.key), []).append(a.name)
    return [
        {
            "day": day,
            "account": account,
            "person": person,
            "actions": len(names),
            "beyond_login": sum(name != "login" for name in names),
            "shared": names.count("report_shared"),
        }
        for (day, account, person), names in sorted(done.items())
    ]
