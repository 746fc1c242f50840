"""History against the sample's truth: with everybody told apart as they truly are, who churned
when, and on which plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from history_shop import Shop

from workbook import entities, history
from workbook.engine import Engine, Function, Plan, Table, landing_spec, landing_tables
from workbook.model import load_model

ROOT = Path(__file__).parents[2]
TRUTH = ROOT / "data" / "truth" / "b2b_saas"
ANSWERS = json.loads((TRUTH / "answers.json").read_text("utf-8"))
DEFECTS = json.loads((TRUTH / "defects.json").read_text("utf-8"))


def true_clusters(entity: str) -> Table:
    """Every record under its true id; one that stands for nobody keeps its own."""

    def call(inputs: dict[str, pl.DataFrame], params: object) -> pl.DataFrame:
        (records,) = inputs.values()
        truth = (
            pl.read_csv(TRUTH / "records.csv", infer_schema=False)
            .filter(pl.col("entity") == entity)
            .select("record", pl.col("true_id").alias("id"))
        )
        return (
            records.select(record="_record")
            .join(truth, on="record", how="left")
            .with_columns(pl.col("id").fill_null(pl.col("record")))
        )

    return Table(
        f"{entity}__clusters",
        "one record",
        "test",
        keys=("record",),
        function=Function("truth", 1, call, (f"{entity}__records",)),
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    model = load_model(ROOT)
    landed = [
        table
        for source in model.source_names
        for table in landing_tables(source, landing_spec(model, source))
    ]
    resolved = [
        true_clusters(entity) for entity in model.entity_names if model.has_identity(entity)
    ]
    plan = Plan([*landed, *entities_of(model), *resolved, *history.tables(model)])
    with Engine(tmp_path_factory.mktemp("store"), data_roots=[model.data_root]) as engine:
        yield Shop(model, plan, engine)


def entities_of(model: object) -> list[Table]:
    """Records, single-source entities, and the relationships that need no golden record."""
    made = entities.tables(model)  # type: ignore[arg-type]
    known = {table.name for table in made}
    resolved = {name for name in model.entity_names if model.has_identity(name)}
    return [table for table in made if not resolved & (set(table.reads) - known)]


def true_accounts(sample: Shop, sql: str) -> dict[str, str]:
    return {
        row[0]: row[1]
        for row in sample.query(sql).rows()
        if row[0].startswith("A") and row[0][1:].isdigit()
    }


def test_who_churned_when(sample: Shop) -> None:
    sql = """select id, cast(cast("at" as date) as varchar) from account__event
        where event = 'churn' and "at" < cast('2025-07-01' as timestamp)"""
    assert true_accounts(sample, sql) == ANSWERS["churned_on"]


def test_the_plan_when_they_churned(sample: Shop) -> None:
    assert (
        true_accounts(sample, "select id, value from account__plan__at__churn")
        == ANSWERS["plan_at_churn"]
    )


def test_a_history_never_overlaps_and_has_one_open_row(sample: Shop) -> None:
    for name in sample.model.history.history:
        table = name.replace(".", "__") + "__history"
        follows = (
            "select valid_to, lead(valid_from) over (partition by id order by valid_from) as"
            f" next_from from {table}"
        )
        assert (
            sample.query(f"select count(*) from ({follows}) as f where next_from < valid_to").item()
            == 0
        )
        assert (
            sample.query(
                f"select count(*) - count(distinct id) from {table} where is_current"
            ).item()
            == 0
        )


def test_late_changes_are_all_found(sample: Shop) -> None:
    late = {row["name"]: row["late"] for row in sample.evidence.kept}
    assert late["account.owner"] == DEFECTS["late_changes"]["count"]


def test_no_fact_is_lost_but_those_that_others_of_the_same_time_overrule(sample: Shop) -> None:
    """An account that two records of the CRM turned out to be has two scores in one night, and
    a plan that a newer one covers.
    """
    said = {row["name"]: dict(sample.evidence.troubles(row)) for row in sample.evidence.kept}
    assert {
        name: reasons
        for name, reasons in said.items()
        if reasons and name != "account.health_score"
    } == {"account.plan": {"overruled": 1}}
    assert set(said["account.health_score"]) == {"overruled"}
    twice = (
        "select id, valid_from from account__health_score__facts group by id, valid_from having"
        " count(distinct value) > 1"
    )
    (rows,) = sample.query(
        f"select count(*) as n from account__health_score__facts as f join ({twice}) as t on t.id ="
        " f.id and t.valid_from = f.valid_from"
    ).row(0)
    assert 0 < said["account.health_score"]["overruled"] <= rows


def test_the_answer_in_force_is_the_last_one_that_was_given_and_received(sample: Shop) -> None:
    """Per person; the truth counts per address, so only people with one address are compared."""
    force = set(ANSWERS["consents_in_force"]["email_marketing"]["subscribers"])
    people = pl.read_csv(TRUTH / "records.csv", infer_schema=False).filter(
        pl.col("record").str.starts_with("marketing.subscribers:")
    )
    single = people.filter(
        pl.col("true_id").is_first_distinct() & pl.col("true_id").is_last_distinct()
    )
    assert single.height > 1000
    erased = {
        row[0]
        for row in sample.query("select distinct subscriber_id from marketing__erasures").rows()
    }
    answers = dict(
        sample.query(
            "select id, value from user__marketing_consent__history where is_current"
        ).rows()
    )
    for record, _, person in single.select("record", "entity", "true_id").rows():
        address = record.partition(":")[2]
        if address not in erased:
            assert (answers.get(person) == "granted") == (address in force), address
