"""The content of a table as one short text: the same for any row order and thread count,
another for any change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from workbook.engine.connection import run
from workbook.engine.sql import quote
from workbook.errors import PlanError
from workbook.words import error_of

# What Parquet gives back as it was put in.
_KEPT = frozenset(
    [
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "UBIGINT",
        "FLOAT",
        "DOUBLE",
        "VARCHAR",
        "DATE",
        "TIMESTAMP",
        "TIME",
        "BLOB",
        "UUID",
    ]
)
# What does not, and the type that it is stored as. A value that does not fit is an error, never a
# DOUBLE.
_CAST = {
    "HUGEINT": "BIGINT",
    "UHUGEINT": "BIGINT",
    "BIGNUM": "BIGINT",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
    "TIMESTAMP_S": "TIMESTAMP",
    "TIMESTAMP_MS": "TIMESTAMP",
    "TIMESTAMP_NS": "TIMESTAMP",
    "JSON": "VARCHAR",
    '"NULL"': "VARCHAR",
    "NULL": "VARCHAR",
}


def columns_of(connection: Any, query: str) -> dict[str, str]:
    """Column names and DuckDB types of a query."""
    return {row[0]: row[1] for row in run(connection, f"describe {query}")}


def stored_type(kind: str) -> str | None:
    """The type that a column of this type is stored as; None where Parquet cannot carry it.

    >>> stored_type("HUGEINT"), stored_type("ENUM('a', 'b')"), stored_type("BIT")
    ('BIGINT', 'VARCHAR', None)
    """
    if kind in _KEPT or kind.startswith("DECIMAL("):
        return kind
    if kind.startswith("ENUM("):
        return "VARCHAR"
    if kind.endswith("[]"):
        inner = stored_type(kind[:-2])
        return f"{inner}[]" if inner else None
    return _CAST.get(kind)


def stored_columns(columns: Mapping[str, str], table: str) -> dict[str, str]:
    """The types that these columns are stored with.

    Raises:
        PlanError: a column has a type that Parquet cannot carry.
    """
    stored = {name: stored_type(kind) for name, kind in columns.items()}
    lost = [f"{name} ({columns[name]})" for name, kind in stored.items() if kind is None]
    if lost:
        raise error_of(PlanError, "engine.type_not_stored", table=table, columns=lost)
    return {name: kind for name, kind in stored.items() if kind}


def content_digest(
    connection: Any, relation: str, columns: Mapping[str, str], keys: Sequence[str]
) -> tuple[str, int]:
    """The content of a relation and its row count.

    Count, sum and xor of `hash(hash(a), hash(b), …)`, with the columns' names and types and the
    declared keys (they are the order in which the rows are stored). `hash(a, b)` alone would
    ignore which values stand together.
    """
    row = ", ".join(f"hash({quote(name)})" for name in columns)
    [(count, total, xor)] = run(
        connection,
        "select count(*), coalesce(sum(h), 0)::varchar, coalesce(bit_xor(h), 0)::varchar "
        f"from (select hash({row}, 0) as h from {relation})",
    )
    whole = json.dumps(
        [list(columns.items()), list(keys), count, total, xor], separators=(",", ":")
    )
    return hashlib.sha256(whole.encode()).hexdigest()[:32], count


def duplicate_keys(
    connection: Any, relation: str, keys: Sequence[str], rows: int, *, together: bool = False
) -> int:
    """How many rows repeat the key of another row: rows less distinct keys (0 without declared
    keys).

    `together`: rows with the same key stand together, so that each needs to look at the one
    before it only.
    """
    if not keys or not rows:
        return 0
    if together:
        same = " and ".join(
            f"{quote(key)} is not distinct from lag({quote(key)}) over ()" for key in keys
        )
        [(repeated,)] = run(
            connection,
            f"select count(*) from (select {same} as same, row_number() over () as turn from"
            f" {relation}) where same and turn > 1",
        )
        return repeated
    names = ", ".join(quote(key) for key in keys)
    [(distinct,)] = run(
        connection, f"select count(*) from (select distinct {names} from {relation})"
    )
    return rows - distinct


def strictly_increasing(connection: Any, relation: str, keys: Sequence[str]) -> bool:
    """Whether the keys rise from row to row: the rows stand in their order, and none has those
    of another, or an empty one.
    """
    above = "false"
    for key in reversed(keys):
        name, before = quote(key), f"lag({quote(key)}) over ()"
        above = f"({name} > {before} or ({name} = {before} and {above}))"
    whole = " and ".join(f"{quote(key)} is not null" for key in keys)
    [(all_above,)] = run(
        connection,
        "select coalesce(bool_and(coalesce(whole and (above or turn = 1), false)), true) from"
        f" (select {above} as above, {whole} as whole, row_number() over () as turn from"
        f" {relation})",
    )
    return bool(all_above)
