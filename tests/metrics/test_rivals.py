"""Figures that claim one name: which was chosen, and why they differ, to the last cent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbook import metrics
from workbook.metrics.results.definition_diff import (
    DifferenceReason,
    distinct_primary_count,
    reasons,
)
from workbook.metrics.results.definitions import choices, rests_on_choice
from workbook.metrics.report.definition_wording import word_of

MODELS = {
    "contracts": {
        "of": "contract",
        "measures": {
            "mrr": {"agg": "sum", "expr": "monthly", "over_time": "last"},
            "latest": {
                "agg": "sum",
                "expr": "monthly",
                "over_time": "last",
                "latest_per": "client",
                "latest_by": "starts",
            },
            "every": {"agg": "sum", "expr": "monthly"},
            "yearly": {"agg": "sum", "expr": "monthly * 12", "over_time": "last"},
        },
    },
    "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
}
DATA = {
    "shop.clients": "k1 | | DE | large | \n k2 | | FR | small | ",
    "shop.contracts": (
        "c1 | k1 | 10 | EUR | 1 | 2025-01-01 | | \n c2 | k1 | 20 | EUR | 1 | 2025-02-01 | | \n c3 |"
        " k1 | 40 | EUR | 1 | 2025-01-01 | 2025-03-01 | \n c4 | k2 | 80 | EUR | 9 | 2025-01-01 | |"
    ),
    "shop.visits": (
        "v1 | k1 | a | 2025-05-03 10:00 \n v2 | k1 | a | 2025-06-02 10:00 \n v3 | k1 | a |"
        " 2025-07-02 10:00"
    ),
}
FIGURES = {
    "mrr": {"measure": "mrr", "label": "MRR, in force"},
    "every": {"measure": "every", "label": "MRR, every contract", "competes_with": "mrr"},
    "latest": {"measure": "latest", "label": "MRR, the latest", "competes_with": "mrr"},
    "large": {
        "measure": "mrr",
        "filter": "seats < 5",
        "label": "MRR, small contracts",
        "competes_with": "mrr",
    },
    "yearly": {"measure": "yearly", "label": "MRR, times twelve", "competes_with": "mrr"},
}


def seven(**more: object) -> dict[str, object]:
    return {"semantic_models": MODELS, "metrics": {**FIGURES, **more}}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("every", [DifferenceReason("time", 1, Decimal(40), "mrr")]),
        ("latest", [DifferenceReason("latest", 1, Decimal(-10), "latest")]),
        ("large", [DifferenceReason("filter", 1, Decimal(-80), "large")]),
        ("yearly", [DifferenceReason("amount", 3, Decimal(1210))]),
    ],
)
def test_a_difference_is_laid_to_what_leaves_the_rows_out(company, name, expected) -> None:
    """
    contract | client | monthly | seats | from       | to c1       | k1     | 10      | 1     |
    2025-01-01 | c2       | k1     | 20      | 1     | 2025-02-01 | c3       | k1     | 40
    | 1     | 2025-01-01 | 2025-03-01   ended: no level counts it on 30 June c4       | k2     |
    80      | 9     | 2025-01-01 |
    """
    made = company(DATA, seven())
    found = reasons(made.model, made, name, "mrr")
    assert found == expected
    assert sum(each.amount for each in found) == made.value(name) - made.value("mrr")


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("other", FIGURES)
def test_causes_add_up_to_the_difference_of_any_two(company, name, other) -> None:
    made = company(DATA, seven())
    assert sum(each.amount for each in reasons(made.model, made, name, other)) == made.value(
        name
    ) - made.value(other)


def test_a_figure_says_to_how_many_of_the_primary_entity_it_belongs(company) -> None:
    made = company(
        DATA, seven(), more={"02_grain": "primary: client\nsentence: One row is one client.\n"}
    )
    assert [distinct_primary_count(made.model, made, name) for name in ("mrr", "large")] == [2, 1]


def test_figures_that_name_each_other_are_one_choice_under_the_words_they_share(company) -> None:
    found = choices(company(DATA, seven()).model)
    assert [(each.base, set(each.names)) for each in found] == [("mrr", set(FIGURES))]
    assert found[0].open
    assert word_of(company(DATA, seven()).model, found[0]) == "MRR"


def test_two_figures_that_both_claim_to_be_chosen_leave_the_choice_open(company) -> None:
    decided = {"decided": "2025-06-01", "because": "It is ours."}
    pair = {
        "one": {"measure": "mrr", "competes_with": "two", **decided},
        "two": {"measure": "every", "competes_with": "one", **decided},
    }
    found = choices(company(DATA, {"semantic_models": MODELS, "metrics": pair}).model)
    assert [(each.names, each.open) for each in found] == [(("one", "two"), True)]


def test_a_reason_of_a_rejected_figure_does_not_choose_it(company) -> None:
    every = {**FIGURES["every"], "decided": "2025-06-01", "because": "A report of old uses it."}
    assert choices(company(DATA, seven(every=every)).model)[0].open


def test_the_reason_of_an_adopted_change_chooses_nothing(company) -> None:
    """`adopt` writes because and decided; the change is in `considered`, without a reason
    before it.
    """
    decided = {"decided": "2025-06-01", "because": "Tests are left out."}

    def is_open(**considered) -> bool:
        pair = {
            "one": {"measure": "mrr", **decided, "considered": considered},
            "two": {"measure": "every", "competes_with": "one"},
        }
        return choices(company(DATA, {"semantic_models": MODELS, "metrics": pair}).model)[0].open

    assert not is_open()
    assert is_open(until_2025_06_01={"was": {"filter": "x = 1"}})
    assert is_open(until_2025_06_01={"was": {}})
    assert not is_open(until_2025_06_01={"was": {}, "because": "The board chose it."})
    assert not is_open(until_2025_06_01={"was": {}}, two="It counts what ended.")


def test_a_number_made_of_numbers_rests_on_the_choice_below_all_of_them(company) -> None:
    more = {
        "each": {"type": "ratio", "numerator": "mrr", "denominator": "clients"},
        "clients": {"measure": "clients"},
        "twice": {"type": "derived", "expr": "each * 2"},
    }
    model = company(DATA, seven(**more)).model
    assert [name for name, _ in rests_on_choice(model, "twice")] == ["mrr"]
    assert list(rests_on_choice(model, "clients")) == []
    assert list(rests_on_choice(model, "every")) == [], "a rival does not depend on its own choice"


def test_what_two_definitions_disagree_on_is_a_table_with_what_happened_and_what_is_at_stake(
    company,
) -> None:
    """k1 came twice by 30 June (the third visit is later) and is not small; k2 is small and
    never came.
    """
    pair = {
        "came": {"measure": "clients", "filter": "visited", "competes_with": "small"},
        "small": {"measure": "clients", "filter": "kind = 'small'"},
    }
    rules = {"visited": {"of": "client", "all": [{"some": "visit", "within": "30 days"}]}}
    grain = "primary: client\nsentence: One row is one client.\nheadline: [mrr]\n"
    made = company(DATA, {**seven(**pair), "rules": rules}, more={"02_grain": grain})
    rows = {row["id"]: row for row in made.frame("m__came__or__small").iter_rows(named=True)}
    assert {
        id_: (
            row["only_in"],
            row["visit_times"],
            str(row["visit_first_on"]),
            str(row["visit_last_on"]),
            row["at_stake"],
        )
        for id_, row in rows.items()
    } == {
        "k1": ("came", 2, "2025-05-03", "2025-06-02", 30),
        "k2": ("small", None, "None", "None", 80),
    }


def test_a_disagreement_is_for_whoever_decides_between_the_definitions(company) -> None:
    """The rival is of sales and the chosen name of finance, who decides."""
    pair = {
        "came": {"measure": "clients", "competes_with": "small", "owner": "sales"},
        "small": {"measure": "clients", "filter": "kind = 'small'", "owner": "finance"},
    }
    made = company(DATA, seven(**pair))
    outcomes = made.outcomes
    contests = metrics.contests(made.model, made, outcomes)
    evidence = metrics.MetricEvidence(made.model, outcomes, contests=contests)
    found = [each for each in metrics.conclude(evidence) if each.code == "metrics.disagree"]
    assert [(each.about, each.owner) for each in found] == [(("came", "small"), "finance")]


def test_the_list_of_a_disagreement_has_the_class_of_the_entitys_id(company) -> None:
    pair = {
        "all_of_them": {"measure": "clients", "competes_with": "small"},
        "small": {"measure": "clients", "filter": "kind = 'small'"},
    }
    made = company(DATA, seven(**pair))
    table = next(
        each for each in metrics.tables(made.model) if each.name == "m__all_of_them__or__small"
    )
    assert table.classes == {"id": made.model.class_of("client.id")}


def test_an_amount_that_may_not_be_shown_is_not_listed_by_customer(company) -> None:
    """`score` is sensitive: a sum of one client alone would be the value itself."""
    models = {
        **MODELS,
        "teams": {
            "of": "bill",
            "measures": {
                "owed": {
                    "agg": "sum",
                    "expr": "client.score",
                    "over_time": "last",
                    "latest_per": "client",
                    "latest_by": "billed",
                }
            },
        },
    }
    pair = {
        "owing": {"measure": "owed"},
        "all_of_them": {"measure": "clients", "competes_with": "small"},
        "small": {"measure": "clients", "filter": "kind = 'small'"},
    }
    grain = "primary: client\nsentence: One row is one client.\nheadline: [owing]\n"
    made = company(DATA, {"semantic_models": models, "metrics": pair}, more={"02_grain": grain})
    assert made.refused.get(("owing", "")) is None, "the number itself is computed"
    assert "at_stake" not in made.frame("m__all_of_them__or__small").columns
