"""A rule with points is a score with its reasons; what moved in an earlier period has a word of
its own.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbook.catalog.dictionary import entries
from workbook.errors import ModelError
from workbook.governance.policy import class_of
from workbook.metrics import per_row_tables
from workbook.words import words_of

CLIENTS = {"shop.clients": "a | | DE | big |\nb | | DE | small |\nc | | FR | |\nd | | FR | big |"}
VISITS = {"shop.visits": "v1 | b | home | 2025-06-29 10:00:00\nv2 | d | home | 2025-05-29 10:00:00"}
CONTRACTS = {
    "shop.contracts": (
        "c1 | a | 10 | EUR | 1 | 2025-01-01 | |\nc2 | b | 10 | EUR | 1 | 2025-01-01 | |\nc3 | d |"
        " 10 | EUR | 1 | 2025-01-01 | |"
    )
}
RULES = {
    "holds_one": {"of": "client", "all": [{"some": "contract"}]},
    "silent": {"of": "client", "all": [{"no": "visit", "within": "7 days"}]},
    "leaving": {
        "of": "client",
        "all": ["holds_one"],
        "points": {"kind = 'big'": 20, "silent": 40},
        "reach": 60,
    },
}
SEVEN = {
    "rules": RULES,
    "semantic_models": {
        "clients": {
            "of": "client",
            "dimensions": ["leaving"],
            "measures": {
                "clients": {"agg": "count"},
                "points": {"agg": "average", "expr": "leaving_points"},
            },
        }
    },
    "metrics": {
        "leaving_clients": {"measure": "clients", "filter": "leaving"},
        "doubtful": {"measure": "clients", "filter": "leaving_points >= 40"},
        "average_points": {"measure": "points"},
    },
}


def test_points_add_up_the_reasons_stand_in_order_and_nobody_else_is_scored(company) -> None:
    made = company(CLIENTS | VISITS | CONTRACTS, SEVEN)
    unknown = words_of("metric_values").text("score.not_measured", reason="Silent")
    rows = {
        who.rpartition(":")[2]: told for who, *told in made.frame("client__rule__leaving").rows()
    }
    assert rows == {
        "a": [True, 60, f"{unknown} (40); kind = 'big' (20)"],  # never a visit, and big
        "b": [False, 0, ""],  # seen yesterday, and small
        "c": [False, None, None],  # holds no contract: not scored
        "d": [True, 60, "Silent (40); kind = 'big' (20)"],
    }
    assert (made.value("leaving_clients"), made.value("doubtful")) == (2, 2)
    assert made.value("average_points") == Decimal("40")  # 60, 0 and 60 of three


def test_a_month_asks_whether_the_score_held_then(company) -> None:
    made = company(CLIENTS | VISITS | CONTRACTS, SEVEN)
    # d was seen two days before the end of May: only a was silent then
    assert [made.months("leaving_clients")[f"2025-0{month}"] for month in (4, 5, 6)] == [2, 1, 2]
    assert made.refused["doubtful", "month"] == "metrics.known_today_only"


def test_what_gives_points_is_read_and_its_class_inherited(company) -> None:
    made = company(
        CLIENTS,
        SEVEN
        | {
            "rules": (
                RULES
                | {
                    "leaving": {
                        "of": "client",
                        "points": {"score < 3": 20, "silent": 40},
                        "reach": 60,
                    }
                }
            )
        },
    )
    for word in ("leaving", "leaving_points", "leaving_reasons"):
        # as the score that sales sets by hand
        assert class_of(made.model, f"client.{word}", "client") == "sensitive"
    told = {
        entry.attribute: (entry.type, entry.cls)
        for entry in entries(made.model)
        if entry.entity == "client"
    }
    assert [told[word] for word in ("leaving", "leaving_points", "leaving_reasons")] == [
        ("boolean", "sensitive"),
        ("integer", "sensitive"),
        ("text", "sensitive"),
    ]
    assert told["silent"][1] == class_of(made.model, "client.silent", "client")


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"points": {"silent": 40}}, "model.metrics.reach_beyond_points"),
        ({"points": {"silent": 40}, "reach": 50}, "model.metrics.reach_beyond_points"),
        ({"all": ["silent"], "reach": 5}, "model.metrics.reach_without_points"),
        ({"points": {"silnt": 40}, "reach": 40}, "model.unknown_name"),
    ],
)
def test_a_score_that_cannot_be_is_refused(company, rule, code) -> None:
    with pytest.raises(ModelError) as refused:
        company({}, {"rules": {"silent": RULES["silent"], "leaving": {"of": "client", **rule}}})
    assert code in [each.code for each in refused.value.problems]


GROWTH = {
    "shop.contracts": "\n".join(
        [
            "c1 | a | 10 | EUR | 1 | 2024-08-01 | 2024-12-15 |",
            "c2 | a | 30 | EUR | 1 | 2024-12-15 | 2025-02-10 |",
            "c3 | a | 35 | EUR | 1 | 2025-02-10 | |",
            "c4 | b | 10 | EUR | 1 | 2024-08-01 | 2025-05-01 |",
            "c5 | b | 12 | EUR | 1 | 2025-05-01 | |",
        ]
    )
}
MOVED = {
    "semantic_models": {
        "contracts": {
            "of": "contract",
            "measures": {"level": {"agg": "sum", "expr": "monthly", "over_time": "last"}},
        }
    },
    "movements": {
        "moved": {"of": "level", "by": "client", "every": "quarter", "kinds": ["expansion"]}
    },
    "metrics": {
        "level": {"measure": "level"},
        "grown": {"measure": "moved.expansion"},
        "grown_1": {"measure": "moved.expansion", "ago": 1},
        "grown_2": {"measure": "moved.expansion", "ago": 2},
    },
}


def test_a_quarter_ago_is_the_quarter_before_in_all_that_is_told_of_it(company) -> None:
    made = company(CLIENTS | GROWTH, MOVED)
    # a: 10 to 30 in the last quarter of 2024, to 35 in the first of 2025; b: 10 to 12 in the second
    assert [made.value(name) for name in ("grown", "grown_1", "grown_2")] == [2, 5, 20]
    assert made.periods("grown_1", "quarter")["2025-04-01"] == 5
    assert made.periods("grown_1", "quarter")["2025-01-01"] == 20
    (table,) = [
        each
        for each in per_row_tables(made.model, "grown_2", "client")
        if each.name == "m__grown_2__per__client"
    ]
    assert "2024-10-01" in table.sql


def test_what_moved_is_not_summed_up_over_other_periods(company) -> None:
    """It was: `grain_to_date` of a kind of a movement was read by nothing, and the value was
    the month's.
    """
    seven = MOVED | {
        "metrics": {
            **MOVED["metrics"],
            "so_far": {"type": "cumulative", "measure": "moved.expansion", "grain_to_date": "year"},
        }
    }
    with pytest.raises(ModelError, match="belongs to the periods of its movement"):
        company(CLIENTS | GROWTH, seven)


def test_a_filter_of_what_moved_is_refused(company) -> None:
    """It was read by nothing: 2, the growth of b, stood for that of a."""
    seven = MOVED | {
        "metrics": {
            **MOVED["metrics"],
            "of_a": {"measure": "moved.expansion", "filter": "client_id = 'a'"},
        }
    }
    with pytest.raises(ModelError) as refused:
        company(CLIENTS | GROWTH, seven)
    assert [each.code for each in refused.value.problems] == ["model.metrics.movement_filtered"]


@pytest.mark.parametrize(
    "metric",
    [
        {
            "type": "ratio",
            "numerator": "grown",
            "denominator": "level",
            "filter": "client_id = 'a'",
        },
        {"type": "derived", "expr": "grown * 2", "measure": "level"},
        {"measure": "level", "expr": "level * 2"},
    ],
)
def test_a_word_that_the_type_of_a_metric_does_not_read_is_refused(company, metric) -> None:
    with pytest.raises(ModelError, match="`(filter|measure|expr)`") as refused:
        company({}, MOVED | {"metrics": {**MOVED["metrics"], "odd": metric}})
    assert {each.code for each in refused.value.problems} == {"model.metrics.word_of_another_type"}


def test_ago_is_refused_of_what_does_not_move(company) -> None:
    with pytest.raises(ModelError) as refused:
        company(CLIENTS | GROWTH, MOVED | {"metrics": {"level": {"measure": "level", "ago": 1}}})
    assert refused.value.code == "model.metrics.ago_without_movement"
