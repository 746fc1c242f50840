"""Laws of growth: all records at once and one delivery after another give the same customers,
and from the same registry the same ids.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows_in import ENTITY, METHODS, Resolved, resolve
from test_identity_laws import SPEC, few, many_decisions, many_records

from workbook.engine import Engine, Function, Plan, Table
from workbook.identity import entity_tables
from workbook.identity.id_registry import publish
from workbook.identity.match_ledger import MatchDecision
from workbook.model.schema import EntityIdentity

pytestmark = pytest.mark.long


def deliveries(records: pl.DataFrame, shuffle: random.Random) -> list[pl.DataFrame]:
    """The records in up to three deliveries, each with all that came before it."""
    mixed = records.sample(fraction=1.0, shuffle=True, seed=shuffle.randrange(2**31))
    ends = sorted(
        {shuffle.randint(1, mixed.height), shuffle.randint(1, mixed.height), mixed.height}
    )
    return [mixed.head(end) for end in ends]


def published(folder: Path, made: Resolved) -> Path:
    path = folder / "registry" / f"{ENTITY}.parquet"
    publish(path, made["clusters"])
    return path


@few
@given(many_records(), many_decisions(), st.randoms(use_true_random=False))
def test_one_delivery_after_another_gives_the_customers_of_all_at_once(
    records: pl.DataFrame, decisions: list[MatchDecision], shuffle: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        registry = Path(folder) / "registry" / f"{ENTITY}.parquet"
        for delivery in deliveries(records, shuffle):
            last = resolve(delivery, SPEC, decisions, registry=registry)
            published(Path(folder), last)
        assert last.groups == resolve(records, SPEC, decisions).groups
        # and another run changes no id
        assert resolve(records, SPEC, decisions, registry=registry).ids == last.ids


@few
@given(many_records(), many_decisions(), st.randoms(use_true_random=False))
def test_the_same_registry_gives_the_same_tables_whatever_the_store_held_before(
    records: pl.DataFrame, decisions: list[MatchDecision], shuffle: random.Random
) -> None:
    first, *more = deliveries(records, shuffle)
    last = more[-1] if more else first
    with tempfile.TemporaryDirectory() as folder:
        registry = published(Path(folder), resolve(first, SPEC, decisions))
        with (
            Engine(Path(folder) / "grown", data_roots=[folder]) as grown,
            Engine(Path(folder) / "fresh", data_roots=[folder]) as fresh,
        ):
            grown.build(_plan(first, decisions, registry), _plan(first, decisions, registry).order)
            one, other = (
                engine.build(
                    _plan(last, decisions, registry), _plan(last, decisions, registry).order
                )
                for engine in (grown, fresh)
            )
        assert {name: artifact.content for name, artifact in one.items()} == {
            name: artifact.content for name, artifact in other.items()
        }


@few
@given(many_records(), many_decisions(), st.permutations(["crm", "shop", "web"]))
def test_which_source_comes_first_changes_no_customer(
    records: pl.DataFrame, decisions: list[MatchDecision], order: list[str]
) -> None:
    """Sources in another order are the same rows in another order, and another name for the
    source of each.
    """
    homes = pl.col("record").replace_strict(
        {f"r{n}": ("crm", "shop", "web")[n % 3] for n in range(9)}
    )
    placed = records.with_columns(source=homes, system=homes)
    turned = pl.concat([placed.filter(pl.col("source") == name) for name in order])
    one, other = resolve(placed, SPEC, decisions), resolve(turned, SPEC, decisions)
    assert one.ids == other.ids
    assert one.rows("links", *one["links"].columns) == other.rows("links", *one["links"].columns)


def _plan(records: pl.DataFrame, decisions: list[MatchDecision], registry: Path) -> Plan:
    said = EntityIdentity.model_validate(SPEC)
    stamp = {"rows": [list(row) for row in records.sort("record").rows()]}
    source = Table(
        f"{ENTITY}__records",
        "one record",
        "test",
        keys=("_record",),
        function=Function(
            "given", 1, lambda inputs, params: records.rename({"record": "_record"}), (), stamp
        ),
    )
    methods = {name: METHODS.get(name, "exact") for name in records.columns if name != "record"}
    return Plan(
        [
            source,
            *entity_tables(ENTITY, said, methods=methods, decisions=decisions, registry=registry),
        ]
    )
