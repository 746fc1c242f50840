"""The truth of the sample as plain rows: read from its own tables, never through the workbook."""

from __future__ import annotations

import csv
import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

AS_OF = dt.date(2025, 6, 30)
DAY = dt.timedelta(days=1)
NEVER = dt.date(9999, 12, 31)
Row = dict[str, str]


def day(text: str) -> dt.date:
    """The day of a date or a moment in ISO form; NEVER where there is none."""
    return dt.date.fromisoformat(text[:10]) if text else NEVER


@dataclass(frozen=True)
class Subscription:
    key: str
    account: str
    plan: str
    currency: str
    mrr: Decimal
    months: int
    start: dt.date
    end: dt.date

    def runs_on(self, when: dt.date) -> bool:
        return self.start <= when < self.end

    @property
    def renewal(self) -> dt.date:
        """The first day after as-of on which it renews; NEVER where it ends."""
        number = self.start.year * 12 + self.start.month - 1
        while (
            self.end == NEVER
            and (found := dt.date(number // 12, number % 12 + 1, self.start.day)) <= AS_OF
        ):
            number += self.months
        return found if self.end == NEVER else NEVER


@dataclass(frozen=True)
class Use:
    day: dt.date
    account: str
    person: str
    actions: int
    beyond_login: int
    shared: int


class World:
    """What is true: `truth` holds its tables, `data` what the systems hold."""

    def __init__(self, truth: Path, data: Path) -> None:
        self.truth, self.data = truth, data
        self.rows, self.raw = cache(self._rows), cache(self._raw)

    def _rows(self, name: str) -> list[Row]:
        with (self.truth / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _raw(self, source: str) -> list[Row]:
        """The rows of a system's file; a row with a field too many is none."""
        system, table = source.split(".")
        european = system == "support"
        with (self.data / system / f"{table}.csv").open(
            encoding="windows-1252" if european else "utf-8", newline=""
        ) as file:
            return [
                row
                for row in csv.DictReader(file, delimiter=";" if european else ",")
                if None not in row
            ]

    @cached_property
    def whose(self) -> dict[str, str]:
        """Whom a record `system.table:key` stands for."""
        return {row["record"]: row["true_id"] for row in self.rows("records")}

    @cached_property
    def months(self) -> list[dt.date]:
        """The last day of every month."""
        firsts = [dt.date(2022 + n // 12, n % 12 + 1, 1) for n in range(7, 43)]
        return [first - DAY for first in firsts]

    @cached_property
    def rates(self) -> dict[str, Decimal]:
        """What a dollar is worth by month: the last rate on or before the month's end."""
        last = sorted(
            (row["rate_date"], Decimal(row["rate"])) for row in self.raw("finance.fx_rates")
        )
        return {
            f"{end:%Y-%m}": last[bisect_left(last, ((end + DAY).isoformat(),)) - 1][1]
            for end in self.months
        }

    def euros(self, amount: Decimal, currency: str, month: str) -> Decimal:
        return amount if currency == "EUR" else amount * self.rates[month]

    @cached_property
    def subscriptions(self) -> list[Subscription]:
        return [
            Subscription(
                r["subscription"],
                r["account"],
                r["plan"],
                r["currency"],
                Decimal(r["mrr_cents"]) / 100,
                int(r["months_per_invoice"]),
                day(r["start"]),
                day(r["end"]),
            )
            for r in self.rows("subscriptions")
        ]

    @cached_property
    def invoices(self) -> list[Row]:
        """Every true invoice, and those of 0.00 that testers pay."""
        known = {row["invoice"] for row in self.rows("invoices")}
        tests = [
            {
                "invoice": r["invoice_id"],
                "account": self.whose[f"billing.customers:{r['customer_id']}"],
                "kind": r["kind"],
                "status": r["status"],
                "currency": r["currency"],
                "amount": r["amount"],
                "issued_on": r["issued_on"],
                "paid_on": r["paid_at"][:10],
                "from": r["period_start"],
                "to": r["period_end"],
            }
            for r in self.raw("billing.invoices")
            if r["invoice_id"] not in known
        ]
        assert {row["account"][0] for row in tests} == {"X"}
        return [*self.rows("invoices"), *tests]

    @cached_property
    def use(self) -> list[Use]:
        return [
            Use(
                day(r["day"]),
                r["account"],
                r["person"],
                int(r["actions"]),
                int(r["beyond_login"]),
                int(r["shared"]),
            )
            for r in self.rows("use")
        ]

    def used(self, last: dt.date, days: int) -> list[Use]:
        """What was done in the days that end with the last."""
        days_of = self._days_of_use
        return self.use[
            bisect_left(days_of, last - (days - 1) * DAY) : bisect_left(days_of, last + DAY)
        ]

    @cached_property
    def _days_of_use(self) -> list[dt.date]:
        return [each.day for each in self.use]

    @cached_property
    def tickets(self) -> list[dict]:
        """Support's rows; each with the days on which it was opened and solved, and the true
        account that it names.
        """
        found = []
        for row in self.raw("support.tickets"):
            opened, solved = (
                dt.datetime.strptime(row[name], "%d/%m/%Y %H:%M").date() if row[name] else None
                for name in ("created_at", "solved_at")
            )
            account = self.whose.get(f"support.organizations:{row['organization_id'].lower()}")
            found.append(
                {
                    **row,
                    "opened": opened,
                    "solved": solved,
                    "account": account,
                    "waits": row["status"] in ("open", "pending"),
                }
            )
        return found

    @cached_property
    def accounts(self) -> dict[str, list[Row]]:
        """The organisations of every true account, the account's own first."""
        found = defaultdict(list)
        for row in sorted(
            self.rows("accounts"), key=lambda row: row["organisation"] != row["account"]
        ):
            found[row["account"]].append(row)
        return dict(found)
