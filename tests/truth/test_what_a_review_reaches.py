"""What people reach who judge the suggestions rightly: nobody wrongly joined, most duplicates
found, and the number of customers that is true.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample_of_truth import Sample

from workbook.identity.plan import LEDGER
from workbook.scenarios import pair_review
from workbook.scenarios.context import Context

# recall of pairs: what rules alone reach at least, and what a review of all suggestions does
FOUND = {"account": (0.83, 0.96), "user": (0.83, 0.88)}


def quality(context: Context, entity: str, truth: dict[str, str]) -> tuple[float, float]:
    """Pairwise precision and recall of the customers as they are."""
    rows = context.frame(f"{entity}__clusters").select("record", "id").rows()
    sizes: dict[tuple[str, ...], int] = {}
    for record, identifier in rows:
        for key in (
            ("id", identifier),
            ("true", truth[record]),
            ("both", identifier, truth[record]),
        ):
            sizes[key] = sizes.get(key, 0) + 1
    pairs = {
        kind: sum(n * (n - 1) // 2 for key, n in sizes.items() if key[0] == kind)
        for kind in ("id", "true", "both")
    }
    return pairs["both"] / pairs["id"], pairs["both"] / pairs["true"]


@pytest.fixture(scope="module")
def truth(sample: Sample) -> dict[str, str]:
    return {row["record"]: row["true_id"] for row in sample.rows("records")}


@pytest.fixture(scope="module")
def reviewed(sample: Sample, truth: dict[str, str]) -> Context:
    """The model as if a reviewer who makes no mistake had judged every suggestion."""
    context, rows = sample.book.context, []
    for entity in pair_review.suggesting(context):
        desk = pair_review.desk_of(context, entity)
        rows += [
            pair_review.preview_decision(
                desk, "same" if truth[pair.left] == truth[pair.right] else "different", pair
            )
            for pair in desk.pairs()
        ]
    assert 300 < len(rows) < 1500
    return context.what_if(
        context.model.as_if(
            LEDGER, *({**row, "id": f"judged-{number}"} for number, row in enumerate(rows))
        )
    )


@pytest.mark.parametrize("entity", FOUND)
def test_rules_join_nobody_wrongly_and_a_review_finds_what_they_leave(
    sample: Sample, reviewed: Context, truth: dict[str, str], entity: str
) -> None:
    precision, recall = quality(sample.book.context, entity, truth)
    after, found = quality(reviewed, entity, truth)
    assert precision >= 0.999
    assert after >= 0.999
    assert recall >= FOUND[entity][0]
    assert found >= FOUND[entity][1]


def test_suggestions_change_no_customer(sample: Sample) -> None:
    model = sample.book.model
    unheard = {"none": 2.0}  # a band that no score reaches
    plain = {
        name: part.model_copy(
            update={"suggest": part.suggest.model_copy(update={"bands": unheard})}
        )
        for name, part in model.identity.identity.items()
    }
    other = sample.book.context.what_if(
        replace(model, identity=model.identity.model_copy(update={"identity": plain}))
    )
    for entity in FOUND:
        assert other.frame(f"{entity}__suggestions").is_empty()
        assert other.frame(f"{entity}__clusters").equals(
            sample.book.context.frame(f"{entity}__clusters")
        )


def test_the_number_of_active_customers_comes_to_what_is_true(
    sample: Sample, reviewed: Context
) -> None:
    value = 'select value from "m__active_customers__total"'
    now, then = (context.query(value)["value"][0] for context in (sample.book.context, reviewed))
    true = sample.answers["active"]["paid_and_used"]
    assert abs(now - true) <= 8
    assert abs(then - true) <= abs(now - true)
    assert abs(then - true) <= 2
