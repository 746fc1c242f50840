"""The metrics of 07_metrics, said again over the truth: the value of every month, computed from
its tables alone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal, getcontext
from functools import cache

from true_moves import Moves
from true_rules import Rules
from true_world import DAY, NEVER, Use, World

getcontext().prec = 60
Number = Decimal | dt.date | None
Months = dict[str, Number]
COUNTED = {  # metrics that count for whom a rule holds
    "active_customers": "active_customer",
    "customers": "subscribed",
    "active_by_paid_period": "active_by_period",
    "active_customers_in_sales": "active_customer_in_sales",
    "qualified_accounts": "qualified",
    "enterprise_customers": "enterprise_customer",
    "churned_customers": "churned",
    "accounts_at_risk": "churn_risk",
    "users_to_onboard": "needs_onboarding",
    "trials": "tried",
    "activated_trials": "activated",
    "engaged_users": "engaged_user",
    "recent_tickets": "recent_ticket",
}


def share(part: Number, whole: Number) -> Number:
    """A division; by nothing it has no value."""
    return part / whole if part is not None and whole else None


class Numbers:
    """`months(metric)` is its value by month; of a flow only from its first month on, as of the
    last month's end.
    """

    def __init__(self, world: World) -> None:
        self.world, self.rules, self.moves = world, Rules(world), Moves(world)
        self.months = cache(self._months)

    def _months(self, metric: str) -> Months:
        """The value of a metric at every month's end, or in every month."""
        if metric in COUNTED:
            return self._each(lambda end: Decimal(len(self.rules.on(COUNTED[metric], end))))
        if metric in self.moves.names:
            return self.moves.months(metric)
        return getattr(self, f"_{metric}")()

    def value(self, metric: str) -> Number:
        """The value at the as-of date: of a flow, that of all time."""
        whole = getattr(self, f"_{metric}_of_all_time", None)
        return whole() if whole else self.months(metric)[f"{self.world.months[-1]:%Y-%m}"]

    def _each(self, at: Callable[[dt.date], Number]) -> Months:
        return {f"{end:%Y-%m}": at(end) for end in self.world.months}

    def _both(
        self, left: str, right: str, how: Callable[[Number, Number], Number] = share
    ) -> Months:
        a, b = self.months(left), self.months(right)
        return {month: how(a[month], b[month]) for month in a}

    # ---- use

    def _used(self, last: dt.date) -> list[Use]:
        """What people did in the thirty days that end with the last; testers are no people."""
        return [
            u
            for u in self.world.used(last, 30)
            if u.person not in self.rules.on("tester", self.world.months[-1])
        ]

    def _active_users(self) -> Months:
        return self._each(lambda end: self.people(end))

    def people(self, last: dt.date) -> Decimal:
        """Who did anything in the thirty days that end with this one."""
        return Decimal(len({u.person for u in self._used(last)}))

    def _actions(self) -> Months:
        return self._each(lambda end: Decimal(sum(u.actions for u in self._used(end))))

    def _actions_per_user(self) -> Months:
        return self._both("actions", "active_users")

    def _usage_trend(self) -> Months:
        return self._each(lambda end: share(self.people(end), self.people(end - 30 * DAY)))

    def _activation(self) -> Months:
        return self._both("activated_trials", "trials")

    # ---- tickets

    def _by_opening(
        self, value: Callable[[list[dict]], Number], keep: Callable[[dict], bool] = bool
    ) -> Months:
        found = defaultdict(list)
        for ticket in filter(keep, self.world.tickets):
            found[f"{ticket['opened']:%Y-%m}"].append(ticket)
        return {
            month: value(found[month])
            for month in self._each(lambda _: None)
            if month >= min(found)
        }

    def _open_urgent(self) -> Callable[[dict], bool]:
        urgent = self.rules.on("urgent_and_open", self.world.months[-1])
        return lambda ticket: ticket["ticket_id"] in urgent

    def _open_urgent_tickets(self) -> Months:
        return self._by_opening(lambda some: Decimal(len(some)), self._open_urgent())

    def _open_urgent_tickets_of_all_time(self) -> Number:
        return sum(self._open_urgent_tickets().values())

    def _open_tickets(self) -> Months:
        return self._by_opening(lambda some: Decimal(len(some)), lambda ticket: ticket["waits"])

    def _open_tickets_of_all_time(self) -> Number:
        return sum(self._open_tickets().values())

    # ---- e-mails

    def _emails(self, keep: Callable[[dict], bool]) -> Months:
        found = defaultdict(Decimal)
        for row in filter(keep, self.world.raw("marketing.messages")):
            found[row["sent_at"][:7]] += 1
        return {month: found[month] for month in self._each(lambda _: None) if month >= "2025-01"}

    def _emails_sent(self) -> Months:
        return self._emails(lambda row: True)

    def _emails_sent_of_all_time(self) -> Number:
        return sum(self._emails_sent().values())

    def _emails_clicked(self) -> Months:
        return self._emails(lambda row: bool(row["clicked_at"]))

    def _emails_clicked_of_all_time(self) -> Number:
        return sum(self._emails_clicked().values())

    def _click_rate(self) -> Months:
        return self._both("emails_clicked", "emails_sent")

    def _click_rate_of_all_time(self) -> Number:
        return share(self._emails_clicked_of_all_time(), self._emails_sent_of_all_time())

    def _hours_to_first_response(self) -> Months:
        return self._by_opening(_hours)

    def _hours_to_first_response_of_all_time(self) -> Number:
        return _hours(self.world.tickets)

    def _days_to_solve(self) -> Months:
        return self._by_opening(_days, _solved)

    def _days_to_solve_of_all_time(self) -> Number:
        return _days(self.world.tickets)

    # ---- invoices

    def _issued(
        self, keep: Callable[[dict[str, str]], bool], value: Callable[[dict[str, str]], Decimal]
    ) -> Months:
        found = defaultdict(Decimal)
        for invoice in filter(keep, self.world.invoices):
            found[invoice["issued_on"][:7]] += value(invoice)
        return self._each(lambda end: found[f"{end:%Y-%m}"])

    def _orders(self) -> Months:
        return self._issued(
            lambda i: i["kind"] == "invoice" and i["status"] != "void", lambda _: Decimal(1)
        )

    def _orders_of_all_time(self) -> Number:
        return sum(self._orders().values())

    def _paid_revenue(self) -> Months:
        return self._issued(lambda i: i["status"] == "paid", self.worth)

    def worth(self, invoice: dict[str, str]) -> Decimal:
        """An invoice in euro, at the rate of the month in which it was issued."""
        return self.world.euros(
            Decimal(invoice["amount"]), invoice["currency"], invoice["issued_on"][:7]
        )

    def _paid_revenue_of_all_time(self) -> Number:
        return sum(self._paid_revenue().values())

    def _running_sum(self, since: Callable[[str], str]) -> Months:
        paid = self._paid_revenue()
        return {
            month: sum(amount for each, amount in paid.items() if since(month) <= each <= month)
            for month in paid
        }

    def _lifetime_value(self) -> Months:
        return self._running_sum(lambda month: "")

    def _revenue_this_year(self) -> Months:
        return self._running_sum(lambda month: f"{month[:4]}-01")

    def _revenue_12_months(self) -> Months:
        # after the same month of the year before
        return self._running_sum(lambda month: f"{int(month[:4]) - 1}{month[4:]}~")

    def _next_renewal(self) -> Months:
        def next_of(end: dt.date) -> Number:
            found = [
                s.renewal for s in self.world.subscriptions if s.runs_on(end) and s.renewal != NEVER
            ]
            return min(found, default=None)

        return self._each(next_of)

    def _mrr_per_customer(self) -> Months:
        return self._both("mrr", "active_customers")

    def _arpa(self) -> Months:
        return self._both("mrr", "customers")

    def _expected_lifetime_value(self) -> Months:
        return self._both("arpa", "revenue_churn")


def _hours(tickets: list[dict]) -> Number:
    known = [
        Decimal(t["first_response_hours"].replace(",", "."))
        for t in tickets
        if t["first_response_hours"]
    ]
    return share(sum(known), len(known))


def _days(tickets: list[dict]) -> Number:
    known = [(t["solved"] - t["opened"]).days for t in tickets if _solved(t)]
    return share(Decimal(sum(known)), len(known))


def _solved(ticket: dict) -> bool:
    return bool(ticket["solved"] and ticket["solved"] >= ticket["opened"])
