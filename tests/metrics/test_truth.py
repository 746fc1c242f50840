"""Every number of the sample that its truth can tell, recomputed from the truth's own tables where identity is known."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest
from test_samples import ROOT, TRUTH, answers, computed, sample  # noqa: F401  (fixtures)

MONTHS = ("2025-06", "2025-05")


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (TRUTH / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def rate(month: str) -> Decimal:
    """The last rate of the dollar on or before a month's end."""
    with (ROOT / "data" / "b2b_saas" / "finance" / "fx_rates.csv").open(encoding="utf-8-sig", newline="") as file:
        known = [row for row in csv.DictReader(file) if row["currency"] == "USD" and row["rate_date"][:7] <= month]
    return Decimal(max(known, key=lambda row: row["rate_date"])["rate"])


@cache
def levels(month: str, rates_of: str) -> dict[str, Decimal]:
    """Each account's MRR at a month's end, at the rates of (another) month's end."""
    found: dict[str, Decimal] = {}
    for row in rows("account_mrr"):
        if row["month"] == month:
            worth = Decimal(row["mrr_cents"]) / 100 * (1 if row["currency"] == "EUR" else rate(rates_of))
            found[row["account"]] = found.get(row["account"], Decimal(0)) + worth
    return found


def moved() -> dict[str, list[Decimal]]:
    """The changes of June by their name, each account's once."""
    now, then = levels("2025-06", "2025-06"), levels("2025-05", "2025-06")
    ever = {row["account"] for row in rows("account_mrr") if row["month"] < "2025-06"}
    found: dict[str, list[Decimal]] = {kind: [] for kind in ("new", "expansion", "contraction", "churned", "reactivated", "unchanged")}
    for account in {*now, *then}:
        after, before = now.get(account, Decimal(0)), then.get(account, Decimal(0))
        back = "reactivated" if account in ever else "new"
        kind = back if not before else "churned" if not after else "expansion" if after > before else "contraction" if after < before else "unchanged"
        found[kind].append(after - before)
    return found


def expected() -> dict[str, Decimal]:
    now, then, by = levels("2025-06", "2025-06"), levels("2025-05", "2025-06"), moved()
    mrr, opening = sum(now.values()), sum(then.values())
    change = {kind: sum(changes, Decimal(0)) for kind, changes in by.items()}
    lost = len(by["churned"])
    return {
        "customers": Decimal(len(now)), "mrr": mrr, "arr": mrr * 12, "arpa": mrr / len(now), "opening_mrr": opening, "new_mrr": change["new"],
        "expansion_mrr": change["expansion"], "contraction_mrr": change["contraction"], "churned_mrr": change["churned"], "reactivated_mrr": change["reactivated"],
        "opening_customers": Decimal(len(then)), "new_customers": Decimal(len(by["new"])), "lost_customers": Decimal(lost), "logo_churn": Decimal(lost) / len(then),
        "logo_retention": 1 - Decimal(lost) / len(then), "revenue_churn": -change["churned"] / opening,
        "retained_mrr": opening + change["expansion"] + change["contraction"] + change["churned"],
        "nrr": (opening + change["expansion"] + change["contraction"] + change["churned"]) / opening, "kept_mrr": opening + change["contraction"] + change["churned"],
        "grr": (opening + change["contraction"] + change["churned"]) / opening, "expected_lifetime_value": mrr / len(now) / (-change["churned"] / opening),
    }  # fmt: skip


@pytest.mark.parametrize("name", expected())
def test_levels_movements_and_retention_are_those_of_the_truth(name: str, sample) -> None:  # noqa: F811
    ours, true = Decimal(sample.value(name)), expected()[name]
    digits = {"count": "1", "money": "0.01"}.get(sample.outcomes[name].kind, "0.000001")
    assert abs(ours - true.quantize(Decimal(digits), ROUND_HALF_UP)) <= Decimal("0.05") * (name == "expected_lifetime_value"), (ours, true)


def test_mrr_of_every_customer_and_of_every_month(sample) -> None:  # noqa: F811
    """The movement's own table against the truth's, account by account and month by month."""
    closing = sample.query('select month, id, closing from "m__mrr_movement__each" where closing <> 0').rows()
    found = {(str(month)[:7], who): value for month, who, value in closing}
    months = sorted({row["month"] for row in rows("account_mrr")})
    true = {(month, who): value for month in months for who, value in levels(month, month).items()}
    assert found == true


def test_plan_at_churn_is_that_of_the_truth(sample, answers) -> None:  # noqa: F811
    true = Counter(answers["plan_at_churn"].values())
    assert sample.segments("churned_customers", "account.plan at churn") == true
