"""The documentation page: shares are computed, code is escaped, every table is there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbook import Workbook
from workbook.dossier.sanitize_html import rebuild
from workbook.errors import PlanError
from workbook.scenarios.context import Context
from workbook.steps.documentation import Documentation

SOURCES = {
    "systems": {"shop": {}},
    "sources": {
        "shop.orders": {
            "primary_key": "order_no",
            "row_is": "one order",
            "valid": "made",
            "fields": {"order_no": "id", "paid": "money", "made": "date", "note": "free_text"},
        }
    },
}
ENTITIES = {
    "owner": "finance",
    "entities": {"order": {"row_is": "one order", "from": "shop.orders"}},
}
GRAIN = {"primary": "order", "sentence": "One row is one order."}
METRICS = {
    "semantic_models": {
        "orders": {"of": "order", "measures": {"paid": {"agg": "sum", "expr": "paid"}}}
    },
    "metrics": {
        "paid_total": {
            "type": "simple",
            "measure": "paid",
            "label": "Paid",
            "means": "All that was paid.",
            "filter": "order_no <> '</code><script>' and note <> 'secret words'",
        }
    },
}
WORDS = {
    "owner": "finance",
    "glossary": {"order": {"means": "What somebody bought.", "is": "order", "not": "invoice"}},
    "describe": {"order.paid": "What was paid <b>in all</b>."},
    "caveats": {
        "old": {"about": "order.paid", "says": "In cents until May.", "until": "2025-06-01"},
        "new": {"about": "paid_total", "says": "No refunds."},
    },
}


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Documentation]:
    """The documentation step of a small project."""

    def build(words: dict[str, Any] | None = WORDS) -> Documentation:
        (tmp_path / "model").mkdir()
        (tmp_path / "data").mkdir()
        (tmp_path / "workbook.yml").write_text(
            json.dumps({"name": "Test", "as_of": "2025-06-30", "departments": {"finance": "x"}})
        )
        parts = {
            "02_grain": GRAIN,
            "03_sources": SOURCES,
            "04_entities": ENTITIES,
            "07_metrics": METRICS,
            "09_documentation": words,
        }
        for stem, value in parts.items():
            if value is not None:
                (tmp_path / "model" / f"{stem}.yml").write_text(json.dumps(value))
        (tmp_path / "data" / "shop_orders.csv").write_text(
            "order_no,paid,made,note\no1,5,2025-06-30,secret words\n"
        )
        return Workbook.open(tmp_path).documentation  # type: ignore[return-value]

    return build


def test_the_sentence_counts_attributes_and_their_owners(opened):
    assert re.findall(r"\d+", opened().headline().sentence) == ["1", "4", "100"]


def test_what_rules_add_is_counted_apart(opened):
    step = opened()
    rule = {"of": "order", "means": "Something was paid.", "all": ["paid > 0"]}
    changed = Documentation(
        Context(
            step.model.with_change("metrics.rules", {"some": rule}),
            step.context.plan,
            step.context.engine,
            lambda model: step.context.plan,
        )
    )
    assert re.findall(r"\d+", changed.headline().sentence)[:4] == ["1", "4", "1", "1"]


def test_fields_of_a_number_are_counted_once_and_rows_are_none(opened):
    row = next(row for row in opened().lineage().as_dict()["rows"] if row[0] == "Paid")
    named = {part.strip() for cell in row[3:5] for part in str(cell).split(",")}
    fields = {part for part in named if not part.startswith("all records of")}
    assert fields and fields < named
    assert row[2] == len(fields)


def test_while_it_is_open_the_page_says_what_follows_from_the_others(opened):
    step = opened(None)
    assert step.headline().state == "open"
    assert {each.code: each.severity for each in step.conclude()} == {
        "documentation.open": "note",
        "documentation.undescribed": "note",
    }


def test_findings(opened):
    found = {each.code: each for each in opened().conclude()}
    assert found["documentation.undescribed"].count == 3
    expired = found["documentation.expired_caveat"]
    assert (expired.severity, expired.about, expired.owner) == ("look", ("order.paid",), "finance")
    assert "1 Jun 2025" in expired.sentence and "In cents until May." in expired.sentence


def test_every_attribute_is_in_the_dictionary(opened):
    step = opened()
    # what nobody described is named in one row
    assert [row[1] for row in step.dictionary().body.rows] == ["paid", "3 more"]
    assert [row[1] for row in step.dictionary("order").body.rows] == [
        "order no",
        "paid",
        "made",
        "note",
    ]


def test_a_number_leads_back_to_its_field(opened):
    rows = {row[0]: row for row in opened().lineage().body.rows}
    assert "shop orders paid" in rows["Paid"][3] and "shop orders note" in rows["Paid"][4]
    assert rows["Order paid"][3] == "shop orders paid"


def test_caveats_stand_beside_their_numbers(opened):
    rows = opened().caveats().body.rows
    assert [(row[0], row[2], row[3], row[4]) for row in rows] == [
        ("In cents until May.", "ended", 1, "Paid"),
        ("No refunds.", "yes", 1, "Paid"),
    ]


def test_every_table_is_counted_once(opened):
    step = opened()
    assert sum(row[4] for row in step.inventory().body.rows) == len(step.context.plan.tables)


def test_code_is_escaped_and_keeps_its_lines(opened):
    figure = opened().sql("m__paid_total__rows")
    html = figure.html()
    assert "&lt;/code&gt;&lt;script&gt;" in html and "<script" not in html and html.count("\n") > 1
    assert "secret words" not in html  # a text that a personal column is compared with
    rebuild(html)


def test_the_table_of_the_primary_entity_by_default(opened):
    figure = opened().sql()
    assert "“order”" in figure.title and "one order" in figure.subtitle
    assert "paid" in figure.html()


def test_an_unknown_table_is_named(opened):
    with pytest.raises(PlanError, match="ordr"):
        opened().sql("ordr")


def test_every_figure_is_fit_for_a_dossier_and_holds_no_value(opened):
    step = opened()
    for figure in (
        step.dictionary(),
        step.glossary(),
        step.lineage(),
        step.caveats(),
        step.inventory(),
        step.sql(),
    ):
        rebuild(figure.html())
        assert "secret words" not in figure.html() and "<b>in" not in figure.html()
