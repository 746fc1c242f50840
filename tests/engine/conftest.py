"""Builders for the engine's tests: a source from text, a plan from SQL, an engine over a fresh
store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbook.engine import Engine, FieldSpec, Plan, SourceSpec, Table, landing_tables


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine over an empty store that may read the test's own folder."""
    with Engine(tmp_path / "store", data_roots=[tmp_path]) as made:
        yield made


@pytest.fixture
def a_source(tmp_path: Path) -> Callable[..., SourceSpec]:
    """A source whose file holds these bytes, with fields by name (a type, or a FieldSpec's
    arguments).
    """

    def build(
        content: str | bytes,
        fields: dict[str, object] | None = None,
        file: str = "shop_orders.csv",
        **more: object,
    ):
        path = tmp_path / file
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        declared = fields or {"a": "text", "b": "text"}
        made = [
            FieldSpec(name, **(kind if isinstance(kind, dict) else {"type": kind}))
            for name, kind in declared.items()
        ]
        return SourceSpec("shop.orders", (str(path),), tuple(made), **more)

    return build


@pytest.fixture
def landed(engine: Engine) -> Callable[..., Plan]:
    """The plan of a source's three tables and of more tables in SQL."""

    def build(spec: SourceSpec, *more: Table) -> Plan:
        return Plan([*landing_tables(spec.name, spec), *more])

    return build


def a_table(name: str, sql: str, *keys: str, **more: object) -> Table:
    """A table in SQL."""
    return Table(name, row_is=f"one row of {name}", step="test", keys=keys, sql=sql, **more)


@pytest.fixture
def table() -> Callable[..., Table]:
    return a_table
