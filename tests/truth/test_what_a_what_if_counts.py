"""What a what-if counts on the sample: every published value that changes; spellings apart."""

from __future__ import annotations

import pytest
from sample_of_truth import Sample

from workbook.scenarios.published_values import METRIC_VALUES

BUNDLED = pytest.param("bundled", marks=pytest.mark.xdist_group("truth, bundled"))
# the numbers are those of the bundled sample
pytestmark = pytest.mark.parametrize("sample", [BUNDLED], indirect=True)


def test_names_of_crm_are_mostly_other_spellings(sample: Sample) -> None:
    order = ["crm", "billing", "support", "product"]
    tried = sample.book.survivorship.what_if("fields.account.name.order", order)
    change = tried.changes["account.name"]
    assert (change.count, change.real, tried.moves) == (346, 23, ())


def test_plans_of_the_product_move_no_headline_and_hundreds_of_published_values(
    sample: Sample,
) -> None:
    """14 accounts with a plan that is paid would read free."""
    tried = sample.book.survivorship.what_if("fields.account.plan.order", ["product", "billing"])
    assert (tried.moves, tried.values) == ((), {"account.plan": 44})
    shifts = tried.changes["account.plan"].shifts
    assert sum(count for now, then, count in shifts if then == "free" and now != "free") == 14
    (values,) = [each for each in tried.effects if each.table == METRIC_VALUES]
    assert (values.now, values.count) == (4933, 523)
    assert {each.group for each in tried.effects} == {"rules", "published", "views"}


def test_users_as_customers_read_as_figure_2_2_says(sample: Sample) -> None:
    tried = sample.book.grain.what_if("primary", "user")
    assert [(each.before, each.after) for each in tried.numbers] == [
        ("122", "574"),
        ("€345,005.56", "€1,843,434.70"),
        ("98.3\u202f%", "not measured"),
    ]


def test_without_the_past_of_plans_what_stands_on_it_is_gone(sample: Sample) -> None:
    tried = sample.book.history.what_if("history.account.plan", None)
    gone = {each.table for each in tried.effects if each.then is None}
    assert gone == {"account__plan__history", "account__plan__at__churn"}
    (values,) = [each for each in tried.effects if each.table == METRIC_VALUES]
    assert (values.gone, values.come, values.changed) == (541, 0, 0)


def test_who_wins_for_status_and_owner_is_seen(sample: Sample) -> None:
    """CRM would call active who owes or has left; billing would name who sold, and no headline
    moves.
    """
    status = sample.book.survivorship.what_if("fields.account.status.order", ["crm", "billing"])
    assert (status.moves, status.changes["account.status"].shifts) == (
        (),
        (("past_due", "active", 21), ("churned", "active", 18)),
    )
    owner = sample.book.survivorship.what_if("fields.account.owner.order", ["billing", "crm"])
    # an employee's name is shown to nobody
    assert (
        owner.moves,
        owner.changes["account.owner"].count,
        owner.changes["account.owner"].shifts,
    ) == ((), 128, ())
