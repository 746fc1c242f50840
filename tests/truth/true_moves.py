"""MRR and its movements over the truth: each account's change from one month's end to the next
has one name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import cache, cached_property

from true_world import World

KINDS = ("new", "expansion", "contraction", "churned", "reactivated")
Levels = dict[str, Decimal]


class Moves:
    """Levels of every month, and what moved them; the month before is told at this month's
    rates.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.levels, self.before = cache(self._levels), cache(self._before)
        self.names: dict[str, Callable[[str], Decimal | None]] = {
            "mrr": lambda month: self.closing(month),
            "arr": lambda month: 12 * self.closing(month),
            "opening_mrr": lambda month: self.opening(month),
            **{f"{kind}_mrr": lambda month, kind=kind: self.moved(month, kind) for kind in KINDS},
            "opening_customers": lambda month: Decimal(len(self.before(month))),
            "new_customers": lambda month: Decimal(len(self.changes[month]["new"])),
            "lost_customers": lambda month: Decimal(len(self.changes[month]["churned"])),
            "logo_churn": lambda month: self._of(
                Decimal(len(self.changes[month]["churned"])), len(self.before(month))
            ),
            "logo_retention": lambda month: self._of(
                Decimal(len(self.before(month)) - len(self.changes[month]["churned"])),
                len(self.before(month)),
            ),
            "revenue_churn": lambda month: self._of(
                -self.moved(month, "churned"), self.opening(month)
            ),
            "retained_mrr": lambda month: (
                self.opening(month) + self.moved(month, "expansion", "contraction", "churned")
            ),
            "kept_mrr": (
                lambda month: self.opening(month) + self.moved(month, "contraction", "churned")
            ),
            "nrr": lambda month: self._of(self.names["retained_mrr"](month), self.opening(month)),
            "grr": lambda month: self._of(self.names["kept_mrr"](month), self.opening(month)),
            "nrr_12_months": lambda month: self._over_a_year(month, lambda then, now: now),
            "grr_12_months": lambda month: self._over_a_year(month, min),
            "logo_churn_12_months": lambda month: self._lost_in_a_year(month),
        }

    def months(self, name: str) -> dict[str, Decimal | None]:
        return {month: self.names[name](month) for month in self.changes}

    @staticmethod
    def _of(part: Decimal, whole: Decimal | int) -> Decimal | None:
        return part / whole if whole else None

    @cached_property
    def _native(self) -> dict[str, list[tuple[str, str, Decimal]]]:
        found = defaultdict(list)
        for row in self.world.rows("account_mrr"):
            found[row["month"]].append(
                (row["account"], row["currency"], Decimal(row["mrr_cents"]) / 100)
            )
        return found

    def _levels(self, month: str, rates_of: str) -> Levels:
        """Each account's MRR at a month's end, at the rates of a month's end."""
        found: Levels = defaultdict(Decimal)
        for account, currency, amount in self._native[month]:
            found[account] += self.world.euros(amount, currency, rates_of)
        return dict(found)

    def _before(self, month: str) -> Levels:
        """The levels of the month before."""
        earlier = [f"{end:%Y-%m}" for end in self.world.months if f"{end:%Y-%m}" < month]
        return self.levels(earlier[-1], month) if earlier else {}

    def _year(self, month: str) -> tuple[Levels, Levels]:
        """The levels of twelve months before, at this month's rates, and those of today."""
        ago = f"{int(month[:4]) - 1}{month[4:]}"
        known = {f"{end:%Y-%m}" for end in self.world.months}
        return (self.levels(ago, month) if ago in known else {}), self.levels(month, month)

    def _over_a_year(
        self, month: str, kept: Callable[[Decimal, Decimal], Decimal]
    ) -> Decimal | None:
        then, now = self._year(month)
        left = sum(
            (kept(level, now.get(account, Decimal(0))) for account, level in then.items()),
            Decimal(0),
        )
        return self._of(left, sum(then.values(), Decimal(0)))

    def _lost_in_a_year(self, month: str) -> Decimal | None:
        then, now = self._year(month)
        return self._of(Decimal(sum(not now.get(account) for account in then)), len(then))

    def opening(self, month: str) -> Decimal:
        return sum(self.before(month).values(), Decimal(0))

    def closing(self, month: str) -> Decimal:
        return sum(self.levels(month, month).values(), Decimal(0))

    def moved(self, month: str, *kinds: str) -> Decimal:
        return sum(
            (change for kind in kinds for change in self.changes[month][kind].values()), Decimal(0)
        )

    def expansion_of_quarter(self, end: str) -> Levels:
        """By how much accounts grew in the quarter that ends with a month, at its rates."""
        months = [f"{each:%Y-%m}" for each in self.world.months]
        place = months.index(end)
        then, now = (
            (self.levels(months[place - 3], end) if place >= 3 else {}),
            self.levels(end, end),
        )
        return {who: now[who] - level for who, level in then.items() if now.get(who, level) > level}

    @cached_property
    def changes(self) -> dict[str, dict[str, Levels]]:
        """By month and name of the change: by how much each account's level changed."""
        ever: set[str] = set()
        found: dict[str, dict[str, Levels]] = {}
        for month in (f"{end:%Y-%m}" for end in self.world.months):
            now, then = self.levels(month, month), self.before(month)
            found[month] = {kind: {} for kind in (*KINDS, "unchanged")}
            for account in now | then:
                before, after = then.get(account, Decimal(0)), now.get(account, Decimal(0))
                found[month][_name(before, after, account in ever)][account] = after - before
            ever |= set(now)
        return found


def _name(before: Decimal, after: Decimal, known: bool) -> str:
    if not before:
        return "reactivated" if known else "new"
    if not after:
        return "churned"
    return "expansion" if after > before else "contraction" if after < before else "unchanged"
