"""What billing logs of a contract: a term that was renewed, and a cancellation that was asked for; chance of its own."""

from __future__ import annotations

import datetime as dt

from making.dice import Dice
from making.money import Subscription, add_months
from making.sample import Row, Sample, stamp
from making.world import AS_OF, OPEN


def view(sample: Sample) -> None:
    """Adds billing.subscription_events."""
    dice = sample.dice("terms")
    rows: list[Row] = []
    for s in sample.money.subscriptions:
        rows += [_row(dice, s, "renewed", day) for day in renewals(s)]
        if cancelled(s):
            rows.append(_row(dice, s, "cancelled", _asked_on(dice, s)))
    rows.sort(key=lambda row: (row["happened_at"], row["subscription_id"], row["kind"]))
    for number, row in enumerate(rows, start=1):
        row["event_id"] = f"be{number:05}"
    sample.tables["billing.subscription_events"] = rows


def renewals(s: Subscription) -> list[dt.date]:
    """The days on which a year ended and another began, at whatever plan and size; a monthly plan runs on and renews nothing."""
    if not s.annual:
        return []
    days, day = [], add_months(s.start, 12)
    goes_on = any(other.start == s.end for other in s.payer.subscriptions)
    while day <= AS_OF and (day < s.end or (day == s.end and goes_on)):
        days.append(day)
        day = add_months(day, 12)
    return days


def cancelled(s: Subscription) -> bool:
    """Whether it ends and nothing of the same paying party begins on that day."""
    return s.end < OPEN and not any(other.start == s.end for other in s.payer.subscriptions)


def _asked_on(dice: Dice, s: Subscription) -> dt.date:
    """Somebody cancels before the end: a year's contract a month or three ahead, a monthly one within its month."""
    days = dice.between(30, 90) if s.annual else dice.between(1, 25)
    return max(s.start, min(AS_OF, s.end - dt.timedelta(days=days)))


def _row(dice: Dice, s: Subscription, kind: str, day: dt.date) -> Row:
    at = dice.moment(day, 5, 20)
    return {
        "event_id": "",
        "subscription_id": s.key,
        "customer_id": s.payer.key,
        "kind": kind,
        "happened_at": stamp(at),
        "logged_at": stamp(at + dt.timedelta(minutes=dice.between(0, 30))),
    }
