"""Every rule of 07_metrics holds for whom the truth says, one by one; whoever differs stands
apart.
"""

from __future__ import annotations

from collections import Counter

import pytest
from sample_of_truth import ENTITIES, Sample
from test_numbers import SEVEN
from true_world import AS_OF

RULES = {name: rule["of"] for name, rule in SEVEN["rules"].items()}


@pytest.mark.parametrize("rule", RULES)
def test_under_true_identity_it_holds_for_exactly_those(sample: Sample, rule: str) -> None:
    true = sample.numbers.rules.on(rule, AS_OF)
    assert true
    assert sample.known.holds(RULES[rule], rule) == Counter(true)


@pytest.mark.parametrize("rule", RULES)
def test_as_it_is_only_duplicates_that_stand_apart_differ(sample: Sample, rule: str) -> None:
    ours, true = sample.holds(RULES[rule], rule), Counter(sample.numbers.rules.on(rule, AS_OF))
    differ = {who for who in ours | true if ours[who] != true[who]}
    if RULES[rule] not in ENTITIES:
        assert not differ
    assert differ <= set(sample.apart)
    assert all(ours[who] <= 1 + sample.apart.get(who, 0) for who in ours)


def test_few_stand_apart(sample: Sample) -> None:
    of_accounts = [who for who in sample.apart if who[0] in "AX"]
    assert 0 < len(of_accounts) < 0.25 * len(sample.world.accounts)


def test_every_month_of_every_customers_mrr(sample: Sample) -> None:
    """Account by account and month by month: the level, and the name of its change."""
    told = sample.known.query('select month, id, kind, closing from "m__mrr_movement__each"')
    moves = sample.numbers.moves
    assert {(f"{month:%Y-%m}", who): kind for month, who, kind, _ in told} == {
        (month, who): kind
        for month, kinds in moves.changes.items()
        for kind, changes in kinds.items()
        for who in changes
    }
    assert {(f"{month:%Y-%m}", who): closing for month, who, _, closing in told if closing} == {
        (month, who): level
        for month in moves.changes
        for who, level in moves.levels(month, month).items()
    }


def test_as_it_is_only_who_stands_apart_moves_differently(sample: Sample) -> None:
    told = sample.query('select month, id, kind from "m__mrr_movement__each"')
    ours = {(f"{month:%Y-%m}", sample.who[identifier], kind) for month, identifier, kind in told}
    true = {
        (month, who, kind)
        for month, kinds in sample.numbers.moves.changes.items()
        for kind, changes in kinds.items()
        for who in changes
    }
    assert ours != true
    assert {who for _, who, _ in ours ^ true} <= set(sample.apart)
