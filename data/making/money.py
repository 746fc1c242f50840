"""The truth about money: paying parties, subscriptions, invoices that tie to them, and the rates of the euro."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from making.dice import Dice
from making.world import AS_OF, OPEN, Org, World

PRICES = {"team": 1900, "business": 3900, "enterprise": 7500}  # cents a seat and month, in either currency
PLANS = list(PRICES)
REFUNDS, CREDITS, VOIDS, OVERDUE, SECOND_SUBSCRIPTIONS, NOT_ENDED = 45, 40, 30, 22, 25, 6


@dataclass
class Payer:
    """One paying party of an organisation: a row of billing.customers."""

    key: str
    org: Org
    since: dt.date
    subscriptions: list[Subscription] = field(default_factory=list)


@dataclass
class Subscription:
    """One plan at one size, from start to end (half-open); a change of plan or seats ends it and starts another."""

    key: str
    payer: Payer
    plan: str
    seats: int
    annual: bool
    start: dt.date
    end: dt.date = OPEN
    invoices: list[Invoice] = field(default_factory=list)

    @property
    def mrr(self) -> int:
        """Monthly recurring revenue in cents; a year paid at once costs a tenth less."""
        return self.seats * PRICES[self.plan] * (90 if self.annual else 100) // 100

    @property
    def months(self) -> int:
        """Months that one invoice pays for."""
        return 12 if self.annual else 1

    def runs_on(self, day: dt.date) -> bool:
        """Whether the subscription is in force at the end of the day."""
        return self.start <= day < self.end


@dataclass
class Invoice:
    key: str
    subscription: Subscription
    kind: str  # invoice or credit_note
    amount: int
    start: dt.date
    end: dt.date
    issued: dt.date
    paid: dt.datetime | None = None
    status: str = "open"
    credits: str = ""


@dataclass
class Money:
    payers: list[Payer]
    subscriptions: list[Subscription]
    invoices: list[Invoice]
    rates: dict[dt.date, int]  # millionths of a euro for one dollar, on days when markets are open

    def rate(self, day: dt.date) -> int:
        """The last rate published on or before the day."""
        while day not in self.rates:
            day -= dt.timedelta(days=1)
        return self.rates[day]

    def last_end(self, account: str) -> dt.date | None:
        """The day on which the account's last subscription ends; OPEN while one has no end, None without any."""
        return max((s.end for s in self.subscriptions if s.payer.org.true_id == account), default=None)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month; days above 28 never occur here."""
    place = day.year * 12 + day.month - 1 + months
    return dt.date(place // 12, place % 12 + 1, day.day)


def make_money(seed: int, world: World) -> Money:
    """Subscriptions of every customer with their invoices up to the as-of date."""
    dice = Dice(seed, "money")
    payers: list[Payer] = []
    for org in world.orgs:
        if org.kind == "customer":
            payers += _payers(dice, org, len(payers))
    _second_subscriptions(dice, payers)
    subscriptions = [s for payer in payers for s in payer.subscriptions]
    yearly = [s for s in subscriptions if s.annual and s.end == OPEN and s.start < AS_OF - dt.timedelta(days=40)]
    for s in dice.sample(yearly, NOT_ENDED):
        s.end = renewal(s)
    for number, s in enumerate(dice.shuffled(subscriptions), start=1):
        s.key = f"sub_{number:05}"
    subscriptions.sort(key=lambda s: s.key)
    invoices = [invoice for s in subscriptions for invoice in _bill(dice, s)]
    invoices += _corrections(dice, invoices)
    invoices.sort(key=lambda i: (i.issued, i.subscription.key, i.kind, i.amount))
    renamed = {}
    for number, invoice in enumerate(invoices, start=1):
        renamed[invoice.key], invoice.key = f"inv_{number:06}", f"inv_{number:06}"
    for invoice in invoices:
        invoice.credits = renamed.get(invoice.credits, "")
    return Money(payers, subscriptions, invoices, _rates(Dice(seed, "rates")))


def renewal(s: Subscription) -> dt.date:
    """The first day after the as-of date on which the subscription renews."""
    day = s.start
    while day <= AS_OF:
        day = add_months(day, s.months)
    return day


def _payers(dice: Dice, org: Org, number: int) -> list[Payer]:
    """One to three paying parties; the first carries the organisation's main line of subscriptions."""
    count = dice.weighted([(1, 85), (2, 11), (3, 4)])
    first = dice.day(org.created, min(org.created + dt.timedelta(days=60), dt.date(2025, 6, 5))).replace(
        day=dice.between(1, 28)
    )
    if first < org.created:
        first = add_months(first, 1)
    if dice.chance(0.55) and not org.absorbed_by:
        org.trial_on = max(org.created, first - dt.timedelta(days=dice.between(5, 30)))
    out = []
    for place in range(count):
        since = first if place == 0 else add_months(first, dice.between(2, 10))
        if place and since > dt.date(2025, 6, 20):
            break
        payer = Payer(f"cus_{dice.code(5)}{number + place:03}", org, since)
        payer.subscriptions = _line(dice, payer, since)
        out.append(payer)
    return out


def _line(dice: Dice, payer: Payer, start: dt.date) -> list[Subscription]:
    """One line of subscriptions without overlap: changes at renewals, an end, and sometimes a return."""
    big = payer.org.employees > 120
    annual = dice.chance(0.65 if big else 0.3)
    plan = dice.weighted(
        [("enterprise", 45), ("business", 45), ("team", 10)]
        if big
        else [("team", 60), ("business", 38), ("enterprise", 2)]
    )
    seats = dice.between(12, 90) if big else dice.between(2, 14)
    current = Subscription("", payer, plan, seats, annual, start)
    line, day = [current], start
    leave, grow, shrink = (0.17, 0.40, 0.08) if annual else (0.027, 0.035, 0.010)
    while (day := add_months(day, current.months)) <= AS_OF:
        if dice.chance(leave):
            current.end = day
            back = add_months(day, dice.between(2, 6))
            if back > AS_OF or not dice.chance(0.15):
                return line
            current = Subscription("", payer, current.plan, max(2, current.seats // 2), annual, back)
            line.append(current)
            day = back
        elif dice.chance(grow):
            current = _changed(current, day, dice.between(110, 160))
            if dice.chance(0.3) and current.plan != "enterprise":
                current.plan = PLANS[PLANS.index(current.plan) + 1]
            line.append(current)
        elif dice.chance(shrink) and current.seats > 3:
            current = _changed(current, day, dice.between(50, 85))
            line.append(current)
    return line


def _changed(old: Subscription, day: dt.date, percent: int) -> Subscription:
    old.end = day
    seats = max(2, old.seats * percent // 100 + (1 if percent > 100 else 0))
    return Subscription("", old.payer, old.plan, seats, old.annual, day)


def _second_subscriptions(dice: Dice, payers: list[Payer]) -> None:
    """A second team buys on the same paying party: it overlaps, and both are real."""
    able = [p for p in payers if p.subscriptions[-1].end == OPEN and p.since < dt.date(2024, 9, 1)]
    for payer in dice.sample(able, SECOND_SUBSCRIPTIONS):
        start = add_months(payer.since, dice.between(3, 8))
        end = add_months(start, dice.between(6, 14)) if dice.chance(0.4) else OPEN
        end = OPEN if end > AS_OF else end
        payer.subscriptions.append(Subscription("", payer, "team", dice.between(2, 6), False, start, end))


def _bill(dice: Dice, s: Subscription) -> list[Invoice]:
    day = s.start
    while day < s.end and day <= AS_OF:
        until = add_months(day, s.months)
        key = f"{s.key}/{len(s.invoices)}"
        invoice = Invoice(key, s, "invoice", s.mrr * s.months, day, until, day)
        paid = dice.moment(
            day + dt.timedelta(days=dice.weighted([(0, 45), (3, 15), (8, 15), (14, 15), (27, 7), (34, 3)]))
        )
        if paid.date() <= AS_OF:
            invoice.paid, invoice.status = paid, "paid"
        s.invoices.append(invoice)
        day = until
    return s.invoices


def _corrections(dice: Dice, invoices: list[Invoice]) -> list[Invoice]:
    """Refunds and overdue invoices change rows; void ones and credit notes add rows."""
    old = [i for i in invoices if i.status == "paid" and i.issued < dt.date(2025, 6, 10)]
    chosen = dice.shuffled(dice.sample(old, REFUNDS + CREDITS + VOIDS))
    for invoice in chosen[:REFUNDS]:
        invoice.status = "refunded"
    extra = []
    for invoice in chosen[REFUNDS : REFUNDS + CREDITS]:
        day = min(AS_OF, invoice.paid.date() + dt.timedelta(days=dice.between(1, 20)))
        part = -(invoice.amount * dice.between(10, 50) // 100)
        extra.append(
            Invoice(
                f"{invoice.key}/credit",
                invoice.subscription,
                "credit_note",
                part,
                invoice.start,
                invoice.end,
                day,
                dice.moment(day),
                "paid",
                invoice.key,
            )
        )
    for invoice in chosen[REFUNDS + CREDITS :]:
        extra.append(
            Invoice(
                f"{invoice.key}/void",
                invoice.subscription,
                "invoice",
                invoice.amount,
                invoice.start,
                invoice.end,
                invoice.issued,
                None,
                "void",
            )
        )
    touched = {id(i) for i in chosen}
    monthly = [
        i
        for i in invoices
        if id(i) not in touched and dt.date(2025, 3, 1) <= i.issued < dt.date(2025, 5, 30) and i.status == "paid"
    ]
    for invoice in dice.sample(monthly, OVERDUE):
        invoice.paid, invoice.status = None, "open"
    return extra


def _rates(dice: Dice) -> dict[dt.date, int]:
    rates, rate, day = {}, 955_000, dt.date(2022, 7, 1)
    while day <= AS_OF:
        if day.weekday() < 5:
            rate = min(1_020_000, max(860_000, rate + dice.between(-6000, 5800)))
            rates[day] = rate
        day += dt.timedelta(days=1)
    return rates
