"""The bundled sample passes every proof; two third-party sets meet their outside figures.
(Numbers of the sample: tests/truth.)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from small_company import Company

from workbook import entities, history, metrics
from workbook.engine import Engine, Function, Plan, Table, landing_spec, landing_tables, quote
from workbook.model import Model, load_model

ROOT = Path(__file__).parents[2]
OUTSIDE = os.environ.get("WORKBOOK_EXTERNAL_DATA", str(ROOT.parent / "shared" / "data"))
TRUTH = ROOT / "data" / "truth" / "b2b_saas"
needs_data = pytest.mark.skipif(
    not Path(OUTSIDE).is_dir(),
    reason="the third-party data is not here; set WORKBOOK_EXTERNAL_DATA",
)


def known_clusters(entity: str, truth: pl.DataFrame) -> Table:
    """Perfect identity: records clustered as the truth says; those it does not know stand alone."""

    def call(inputs, params):
        records = (
            inputs[f"{entity}__records"]
            .select(record="_record")
            .join(truth, on="record", how="left")
        )
        return records.select("record", id=pl.coalesce("true_id", "record"))

    return Table(
        f"{entity}__clusters",
        "one record",
        "test",
        keys=("record",),
        function=Function("known", 1, call, (f"{entity}__records",)),
    )


def golden(model: Model, entity: str) -> Table:
    """Per attribute the first source of its order that has a value."""
    parts, columns, joins = [], [], []
    for number, name in enumerate(model.attributes(entity)):
        ranks = " ".join(
            f"when '{item.source}' in (r._source, r._system) then {rank}"
            for rank, item in enumerate(model.order(entity, name))
        )
        turn = (
            f"row_number() over (partition by c.id order by case {ranks} else 99 end, r._recorded"
            " desc, r._record)"
        )
        joined = (
            f"{quote(entity + '__records')} as r join {quote(entity + '__clusters')} as c on"
            " c.record = r._record"
        )
        parts.append(
            f"v{number} as (select * from (select c.id, r.{quote(name)} as v, {turn} as turn from"
            f" {joined} where r.{quote(name)} is not null) as x where turn = 1)"
        )
        columns.append(f"v{number}.v as {quote(name)}")
        joins.append(f"left join v{number} on v{number}.id = ids.id")
    sql = (
        f"with ids as (select distinct id from {quote(entity + '__clusters')}), {', '.join(parts)}"
        f" select ids.id, {', '.join(columns)} from ids {' '.join(joins)}"
    )
    return Table(entity, f"one {entity}", "test", keys=("id",), sql=sql)


@pytest.fixture(scope="module")
def computed(tmp_path_factory) -> Iterator[Callable[..., Company]]:
    """The metrics of a project, its identities known."""
    engines = []

    def build(folder: Path, truth: pl.DataFrame) -> Company:
        model = load_model(folder, env={"WORKBOOK_EXTERNAL_DATA": OUTSIDE})
        tables = [
            table
            for source in model.source_names
            for table in landing_tables(source, landing_spec(model, source))
        ]
        tables += [*entities.tables(model), *metrics.tables(model), *history.tables(model)]
        for entity in model.entity_names:
            if model.has_identity(entity):
                tables += [known_clusters(entity, truth), golden(model, entity)]
        engine = Engine(tmp_path_factory.mktemp("store"), data_roots=[model.data_root])
        engines.append(engine)
        return Company(model, Plan({table.name: table for table in tables}.values()), engine)

    yield build
    for engine in engines:
        engine.close()


@pytest.fixture(scope="module")
def sample(computed) -> Company:
    truth = pl.read_csv(TRUTH / "records.csv", columns=["record", "true_id"])
    return computed(ROOT, truth)


NOBODY = pl.DataFrame(schema={"record": pl.String, "true_id": pl.String})


def test_every_proof_of_the_sample_passes(sample) -> None:
    proofs = sample.proofs
    # what a reader must know, and no test of the numbers
    told = {"negative", "gaps", "unmeasured", "held rates", "no amount", "still open"}
    assert {proof.kind for proof in proofs} == {
        "control",
        "key",
        "rows",
        "link",
        "segments",
        "months",
        "periods",
        "movement",
        "at once",
    } | told
    assert [proof for proof in proofs if proof.verdict != "pass"] == []
    assert [each for each in metrics.refusals(sample.model) if each.part != "month"] == []


@needs_data
def test_one_system_of_two_thousand_invoices_meets_its_manifest(computed) -> None:
    made = computed(ROOT / "tests" / "projects" / "kanoniv", NOBODY)
    assert made.value("invoiced") == Decimal("7773434.77")
    assert (made.value("active_accounts"), made.value("mrr"), made.value("paid_revenue")) == (
        722,
        Decimal("1356100.00"),
        Decimal("4602366.42"),
    )
    assert {proof.verdict for proof in made.proofs} == {"pass"}


@needs_data
def test_three_mrr_figures_stand_side_by_side(computed) -> None:
    made = computed(ROOT / "tests" / "projects" / "ravenstack", NOBODY)
    found = [
        made.value(name)
        for name in ("mrr_of_all_rows", "mrr_of_open_subscriptions", "mrr_of_latest_subscription")
    ]
    assert found == [Decimal(11338747), Decimal(10159608), Decimal(1174305)]
    pairs = {
        (pair.name, pair.other): pair for pair in metrics.contests(made.model, made, made.outcomes)
    }
    every = pairs["mrr_of_all_rows", "mrr_of_open_subscriptions"]
    assert (every.both, every.only_this, every.only_other, every.difference) == (
        4514,
        486,
        0,
        Decimal(1179139),
    )
    left = pairs["left_by_event", "flagged_as_churned"]
    assert left.only_this + left.only_other == 312


@needs_data
def test_another_dialect_gives_the_same_totals(computed, tmp_path) -> None:
    """The same set with a byte-order mark and other dates: only the dialect changes."""
    base = ROOT / "tests" / "projects" / "ravenstack"
    (tmp_path / "model").mkdir()
    for file in (base / "model").glob("*.yml"):
        text = file.read_text()
        if file.name == "03_sources.yml":
            text = text.replace(
                '{timestamps: "YYYY-MM-DD HH:MI"}',
                '{dates: DD-MM-YYYY, timestamps: "DD-MM-YYYY HH:MI"}',
            )
            text = text.replace(
                "  ravenstack.support_tickets:\n",
                "  ravenstack.support_tickets:\n    file: ravenstack_supports_ticket.csv\n",
            )
        (tmp_path / "model" / file.name).write_text(text)
    (tmp_path / "workbook.yml").write_text(
        (base / "workbook.yml")
        .read_text()
        .replace("/ravenstack", "/ravenstack/variant_bom_ddmmyyyy")
    )
    mine, other = computed(tmp_path, NOBODY), computed(base, NOBODY)
    names = list(mine.model.metrics.metrics)
    assert {name: mine.value(name) for name in names} == {name: other.value(name) for name in names}
