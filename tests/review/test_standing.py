"""Agreed is computed: from the newest word, the wording of the decision, the number, and the
age of the signature.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import a_project

from workbook.model import Model, load_model
from workbook.model.dependencies import dependencies_of
from workbook.review import (
    LapseReason,
    SignoffLedger,
    SignoffStatus,
    read_ledger,
    standings,
    strangers,
)

SOURCES = {
    "systems": {"shop": {}},
    "sources": {
        "shop.orders": {
            "primary_key": "no",
            "fields": {"no": "id", "paid": "money", "state": "text"},
        }
    },
}
ENTITIES = {"entities": {"order": {"from": "shop.orders"}}}
METRICS = {
    "rules": {
        "good": {"of": "order", "all": ["state = 'ok'"]},
        "other": {"of": "order", "all": ["state = 'x'"]},
    },
    "semantic_models": {
        "orders": {"of": "order", "measures": {"paid": {"agg": "sum", "expr": "paid"}}}
    },
    "metrics": {"paid_total": {"type": "simple", "measure": "paid", "filter": "good"}},
}
REVIEW = {
    "statements": {
        "finance": {"paid": {"says": "We were paid {paid_total}.", "about": "paid_total"}},
        "sales": {"rule": {"says": "Good is good.", "about": "good"}},
    }
}


def a_model(
    folder: Path,
    metrics: dict[str, Any] = METRICS,
    review: dict[str, Any] = REVIEW,
    as_of: str = "2025-06-30",
) -> Model:
    (folder / "model").mkdir(exist_ok=True)
    project = {
        "name": "Test",
        "as_of": as_of,
        "departments": {"sales": "head of sales", "finance": "head of finance"},
    }
    parts = {"sources": SOURCES, "entities": ENTITIES, "metrics": metrics, "review": review}
    return load_model(a_project(folder, settings=project, **parts))


def stand(
    model: Model, ledger: SignoffLedger = SignoffLedger(), value: str = "100.00"
) -> dict[tuple[str, str], SignoffStatus]:
    found = standings(
        model,
        ledger,
        {"paid_total": Decimal(value)},
        lambda names: dependencies_of(model, names).names | set(names),
    )
    return {each.key: each for each in found}


def signed(folder: Path, *rows: str) -> SignoffLedger:
    path = folder / "signoffs.csv"
    path.write_text(
        "id,at,by,department,statement,verdict,decision,figure,tolerance,because\n"
        + "".join(f"{row}\n" for row in rows)
    )
    return read_ledger(path)


@pytest.fixture
def digest(tmp_path: Path) -> str:
    return stand(a_model(tmp_path))["finance", "paid"].digest


def test_not_asked(tmp_path):
    assert {each.state for each in stand(a_model(tmp_path)).values()} == {"not_asked"}


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("agree,{digest},100,0.5%,", "agreed"),
        ("agree,{digest},99.51,0.5%,", "agreed"),
        ("agree,{digest},99.50,0.5%,", "lapsed"),
        ("agree,{digest},90,10,", "agreed"),
        ("agree,{digest},100,,", "agreed"),
        ("agree,{digest},100.01,,", "lapsed"),
        ("agree,{digest},,,", "agreed"),
        ("agree,000000000000,100,,", "lapsed"),
        ("agree,,100,,", "lapsed"),
        ("disagree,{digest},100,,not mine", "disputed"),
        ("disagree,000000000000,1,,not mine", "disputed"),
    ],
)
def test_the_newest_word_and_what_moved(row, state, tmp_path, digest):
    ledger = signed(
        tmp_path,
        "s1,2025-06-01T00:00:00Z,head of finance,finance,paid," + row.format(digest=digest),
    )
    assert stand(a_model(tmp_path), ledger)["finance", "paid"].state == state


def test_a_later_word_counts_wherever_it_stands_in_the_file(tmp_path, digest):
    ledger = signed(
        tmp_path,
        f"s2,2025-06-02T00:00:00Z,head of finance,finance,paid,agree,{digest},100,,",
        f"s1,2025-06-01T00:00:00Z,head of finance,finance,paid,disagree,{digest},100,,no",
    )
    assert stand(a_model(tmp_path), ledger)["finance", "paid"].state == "agreed"


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2025-06-30", "disputed"), ("2025-06-26", "disputed"), ("2025-06-25", "not_asked")],
)
def test_a_word_on_data_of_a_later_day_does_not_count(as_of, state, tmp_path):
    path = tmp_path / "signoffs.csv"
    path.write_text(
        "id,at,by,department,statement,verdict,decision,figure,tolerance,because,as_of,says\n"
        "s1,2025-06-26T09:00:00Z,head of "
        "finance,finance,paid,disagree,,100,,no,2025-06-26,We were.\n"
    )
    found = stand(a_model(tmp_path, as_of=as_of), read_ledger(path))
    assert found["finance", "paid"].state == state


def test_of_two_words_at_one_time_the_later_line_counts(tmp_path, digest):
    row = "2025-06-02T00:00:00Z,head of finance,finance,paid"
    ledger = signed(
        tmp_path, f"s1,{row},agree,{digest},100,,", f"s2,{row},disagree,{digest},100,,no"
    )
    assert stand(a_model(tmp_path), ledger)["finance", "paid"].state == "disputed"


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2026-01-01", "agreed"), ("2026-01-02", "lapsed"), ("2025-01-01", "agreed")],
)
def test_a_signature_grows_old(as_of, state, tmp_path, digest):
    ledger = signed(
        tmp_path, f"s1,2025-07-01T00:00:00Z,head of finance,finance,paid,agree,{digest},100,,"
    )
    found = stand(a_model(tmp_path, as_of=as_of), ledger)["finance", "paid"]
    assert found.state == state and found.changes == (
        (LapseReason("expired", {"limit": "6 months"}),) if state == "lapsed" else ()
    )


def test_the_digest_follows_a_rule_under_the_number(tmp_path, digest):
    rules = {**METRICS["rules"], "good": {"of": "order", "all": ["state = 'fine'"]}}
    assert stand(a_model(tmp_path, {**METRICS, "rules": rules}))["finance", "paid"].digest != digest


def test_the_digest_follows_the_measure_and_the_sentence(tmp_path, digest):
    models = {"orders": {"of": "order", "measures": {"paid": {"agg": "average", "expr": "paid"}}}}
    said = {
        "statements": {"finance": {"paid": {"says": "We got {paid_total}.", "about": "paid_total"}}}
    }
    assert (
        stand(a_model(tmp_path, {**METRICS, "semantic_models": models}))["finance", "paid"].digest
        != digest
    )
    assert stand(a_model(tmp_path, review=said))["finance", "paid"].digest != digest


def test_the_digest_does_not_follow_what_is_elsewhere(tmp_path, digest):
    rules = {**METRICS["rules"], "other": {"of": "order", "all": ["state = 'y'"]}}
    assert stand(a_model(tmp_path, {**METRICS, "rules": rules}))["finance", "paid"].digest == digest


def test_the_digest_does_not_follow_how_a_number_is_split(tmp_path, digest):
    more = {
        name: {**metric, "by": ["order.state"], "grains": ["year"]}
        for name, metric in METRICS["metrics"].items()
    }
    assert (
        stand(a_model(tmp_path, {**METRICS, "metrics": more}))["finance", "paid"].digest == digest
    )
    said = {
        name: {**metric, "means": "Something else."} for name, metric in METRICS["metrics"].items()
    }
    assert (
        stand(a_model(tmp_path, {**METRICS, "metrics": said}))["finance", "paid"].digest != digest
    )


def test_the_digest_does_not_follow_comments(tmp_path, digest):
    model = a_model(tmp_path)
    path = tmp_path / "model" / "07_metrics.yml"
    path.write_text("# a remark\n" + path.read_text().replace('{"of"', '{  "of"'))
    assert stand(load_model(model.root))["finance", "paid"].digest == digest


def test_a_number_that_is_gone(tmp_path, digest):
    ledger = signed(
        tmp_path, f"s1,2025-06-01T00:00:00Z,head of finance,finance,paid,agree,{digest},100,,"
    )
    model = a_model(tmp_path)
    found, *_ = standings(
        model,
        ledger,
        {"paid_total": None},
        lambda names: dependencies_of(model, names).names | set(names),
    )
    assert (found.state, found.changes) == ("lapsed", (LapseReason("number_gone"),))


def test_a_word_on_what_nobody_asks_stays_and_is_named(tmp_path):
    ledger = signed(tmp_path, "s1,2025-06-01T00:00:00Z,head of finance,finance,gone,agree,x,,,")
    assert [(each.line, each.why) for each in strangers(a_model(tmp_path), ledger)] == [
        (2, "finance is not asked about 'gone'")
    ]
