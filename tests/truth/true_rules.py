"""The rules of 07_metrics, said again over the truth: who satisfies each of them at the end of
a day.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Set
from functools import cache, cached_property

from true_golden import by_order, forgotten, whole
from true_world import DAY, NEVER, World

PLAN = {"billing.customers": "plan", "product.workspaces": "plan"}


class Rules:
    """Each method gives the ids for which the rule of its name holds at the end of a day."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.on = cache(self._on)

    def _on(self, name: str, when: dt.date) -> Set[str]:
        rule: Callable[[dt.date], Set[str]] = getattr(self, f"_{name}")
        return rule(when)

    def _paid_lately(self, when: dt.date) -> Set[str]:
        window = ((when - 29 * DAY).isoformat(), when.isoformat())
        return {i["invoice"] for i in self._paid_invoices if window[0] <= i["paid_on"] <= window[1]}

    def _paid_period_runs(self, when: dt.date) -> Set[str]:
        return {
            i["invoice"] for i in self._paid_invoices if i["from"] <= when.isoformat() < i["to"]
        }

    @cached_property
    def _paid_invoices(self) -> list[dict[str, str]]:
        return [i for i in self.world.invoices if i["status"] == "paid" and i["kind"] == "invoice"]

    def _whose_invoice(self, invoices: Set[str]) -> Set[str]:
        return {i["account"] for i in self.world.invoices if i["invoice"] in invoices}

    def _running(self, when: dt.date) -> Set[str]:
        return {s.key for s in self.world.subscriptions if s.runs_on(when)}

    def _test_account(self, when: dt.date) -> Set[str]:
        return {account for account in self.world.accounts if account.startswith("X")}

    def _paid(self, when: dt.date) -> Set[str]:
        return self._whose_invoice(self.on("paid_lately", when))

    def _used_product(self, when: dt.date) -> Set[str]:
        return {u.account for u in self.world.used(when, 30) if u.beyond_login}

    def _active_customer(self, when: dt.date) -> Set[str]:
        return self.on("paid", when) & self.on("used_product", when) - self.on("test_account", when)

    def _active_by_period(self, when: dt.date) -> Set[str]:
        return self._whose_invoice(self.on("paid_period_runs", when)) & self.on(
            "used_product", when
        ) - self.on("test_account", when)

    def _active_customer_in_sales(self, when: dt.date) -> Set[str]:
        return {
            who
            for who, stage in by_order(self.world, {"crm.accounts": "stage"}).items()
            if stage == "customer"
        }

    def _subscribed(self, when: dt.date) -> Set[str]:
        return {s.account for s in self.world.subscriptions if s.runs_on(when)}

    def _churned(self, when: dt.date) -> Set[str]:
        return {s.account for s in self.world.subscriptions if s.start <= when} - self.on(
            "subscribed", when
        )

    def _tried(self, when: dt.date) -> Set[str]:
        return {
            who for who, orgs in self.world.accounts.items() if any(org["trial_on"] for org in orgs)
        } - self.on("test_account", when)

    def _activated(self, when: dt.date) -> Set[str]:
        return self.on("tried", when) & {
            u.account for u in self.world.use if u.shared and u.day <= when
        }

    def _employees(self, least: int) -> Set[str]:
        """What CRM says of a company's size, where it says it in a number."""
        return {
            who
            for who, count in by_order(self.world, {"crm.accounts": "employees"}, whole).items()
            if int(count) >= least
        }

    def _qualified(self, when: dt.date) -> Set[str]:
        return (self._employees(50) | self.on("tried", when)) - self.on("test_account", when)

    def _enterprise_customer(self, when: dt.date) -> Set[str]:
        return self._employees(1000) | {
            who for who, plan in by_order(self.world, PLAN).items() if plan == "enterprise"
        }

    def _silent(self, when: dt.date) -> Set[str]:
        known = {row["true_id"] for row in self.world.rows("records") if row["entity"] == "account"}
        return known - {u.account for u in self.world.used(when, 14)}

    def _urgent_tickets_wait(self, when: dt.date) -> Set[str]:
        urgent = Counter(
            t["account"]
            for t in self.world.tickets
            if t["ticket_id"] in self.on("urgent_and_open", when) and t["opened"] <= when
        )
        return {who for who, count in urgent.items() if who and count >= 2}

    def _overdue(self, when: dt.date) -> Set[str]:
        limit = (when - 30 * DAY).isoformat()
        return {
            i["invoice"]
            for i in self.world.invoices
            if i["status"] == "open" and i["issued_on"] < limit
        }

    def _payment_overdue(self, when: dt.date) -> Set[str]:
        return self._whose_invoice(self.on("overdue", when))

    def _term_ends_soon(self, when: dt.date) -> Set[str]:
        return {
            s.key
            for s in self.world.subscriptions
            if s.months == 12
            and s.runs_on(when)
            and s.renewal != NEVER
            and (s.renewal - when).days <= 60
        }

    def _renewal_near(self, when: dt.date) -> Set[str]:
        return {
            s.account for s in self.world.subscriptions if s.key in self.on("term_ends_soon", when)
        }

    def points(self, when: dt.date) -> dict[str, int]:
        """What speaks for leaving, of who has a subscription."""
        given = {"silent": 50, "urgent_tickets_wait": 50, "payment_overdue": 30, "renewal_near": 20}
        return {
            who: sum(points for rule, points in given.items() if who in self.on(rule, when))
            for who in self.on("subscribed", when)
        }

    def _churn_risk(self, when: dt.date) -> Set[str]:
        return {who for who, points in self.points(when).items() if points >= 50}

    def _open_ticket(self, when: dt.date) -> Set[str]:
        return {t["ticket_id"] for t in self.world.tickets if t["waits"]}

    def _urgent_and_open(self, when: dt.date) -> Set[str]:
        return {
            t["ticket_id"] for t in self.world.tickets if t["waits"] and t["priority"] == "urgent"
        }

    def _recent_ticket(self, when: dt.date) -> Set[str]:
        return {
            t["ticket_id"] for t in self.world.tickets if when - 89 * DAY <= t["opened"] <= when
        }

    def _tester(self, when: dt.date) -> Set[str]:
        return {p["person"] for p in self.world.rows("people") if p["kind"] == "test"}

    def _engaged_user(self, when: dt.date) -> Set[str]:
        days = defaultdict(set)
        for u in self.world.used(when, 30):
            days[u.person].add(u.day)
        return {who for who, found in days.items() if len(found) >= 5} - self.on("tester", when)

    def _needs_onboarding(self, when: dt.date) -> Set[str]:
        window = ((when - 29 * DAY).isoformat(), when.isoformat())
        return (
            {
                p["person"]
                for p in self.world.rows("people")
                if window[0] <= p["signed_up_on"] <= window[1]
            }
            - self.on("engaged_user", when)
            - self.on("tester", when)
            - forgotten(self.world)
        )
