"""Whom a number counts for an absence of whom nothing of the kind was ever recorded: worked out by
hand.
"""

from __future__ import annotations

from collections.abc import Callable

from small_company import Company

from workbook.metrics import absences
from workbook.metrics.compile.resolve import metrics_of

SEVEN = """
rules:
  silent: {of: client, all: [{no: visit, within: 30 days}]}
  lost: {of: client, all: [silent, kind = 'x']}
  unseen: {of: client, none: [{some: visit, within: 30 days}]}
  new: {of: client, all: [{no: visit}]}
  seen: {of: client, all: [{some: visit, within: 30 days}]}
semantic_models: {clients: {of: client, measures: {clients: {agg: count}}}}
metrics:
  silent_clients: {measure: clients, filter: silent}
  lost_clients: {measure: clients, filter: lost}
  unseen_clients: {measure: clients, filter: unseen}
  new_clients: {measure: clients, filter: new}
  seen_clients: {measure: clients, filter: seen}
"""
ROWS = {
    "shop.clients": "a | | | x |\nb | | | x |\nc | | | y |\nd | | | y |",
    # a is silent since January, d was here yesterday; of b and c nothing is known
    "shop.visits": "1 | a | home | 2025-01-05 10:00:00\n2 | d | home | 2025-06-29 10:00:00",
}


def test_silence_is_not_measured_of_whom_nothing_was_ever_recorded(
    company: Callable[..., Company],
) -> None:
    opened = company(ROWS, SEVEN)
    found = {
        proof.metric: (proof.rows, int(proof.expected or 0), proof.about)
        for proof in opened.proofs
        if proof.kind == "unmeasured"
    }
    assert found == {
        "silent_clients": (2, 3, "visit"),  # b and c, of a, b and c
        "lost_clients": (1, 2, "visit"),  # through the rule that it names: b, of a and b
        "unseen_clients": (2, 3, "visit"),  # said the other way round
    }  # who never visited is what new_clients asks; seen_clients asks for no absence
    assert [int(opened.value(name)) for name in metrics_of(opened.model).metrics] == [3, 2, 3, 2, 1]


def test_expressions_of_a_view_say_the_same_of_its_records(
    company: Callable[..., Company],
) -> None:
    """All clients, of whom b and c never visited; an attribute and a rule without an absence add
    nothing.
    """
    opened = company(ROWS, SEVEN)
    told = [
        list(absences(opened.model, opened, "client", texts, "client"))
        for texts in (("", "lost", "kind"), ("seen", "kind"))
    ]
    assert told == [[("visit", 4, 2)], []]
