"""What a database knows of a table: columns with their types, the primary key, foreign keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbook.engine.databases.connect import Address, connected
from workbook.engine.databases.dialects import DatabaseDialect, dialect_of
from workbook.engine.sql import quote, text
from workbook.errors import DataError
from workbook.words import error_of


@dataclass(frozen=True)
class ColumnInfo:
    """One column: its name, its type as the database writes it, and whether it may be empty."""

    name: str
    type: str = ""
    may_be_empty: bool = True


@dataclass(frozen=True)
class TableInfo:
    """One table or query: its columns, its primary key, and where its foreign keys lead.

    `links` holds a pair per foreign key of one column: the column, and the table and column there.
    """

    columns: tuple[ColumnInfo, ...]
    key: tuple[str, ...] = ()
    links: tuple[tuple[str, tuple[str, str]], ...] = ()


def describe(address: Address, *, table: str = "", query: str = "") -> TableInfo:
    """What is known of a table or of the columns of a query.

    Raises:
        DataError: there is no such table, or the query fails.
    """
    with connected(address) as connection, connection.cursor() as cursor:
        return described(cursor, address, table=table, query=query)


def described(cursor: Any, address: Address, *, table: str = "", query: str = "") -> TableInfo:
    """The same over an open cursor."""
    dialect = dialect_of(address.driver)
    if query:
        asked = f"({query.strip().rstrip(';')}) as asked"
        return TableInfo(_typed(cursor, asked, _query_columns(cursor, asked), dialect))
    schema, name = split_name(table, address)
    known = _rows(cursor, dialect.columns, schema, name) if dialect.columns else []
    columns = tuple(
        ColumnInfo(str(item[0]), str(item[1] or "").lower(), bool(item[2])) for item in known
    )
    if not columns and not dialect.columns:
        columns = _query_columns(cursor, table_sql(table, address))
    if not columns:
        known_tables = [".".join(filter(None, table)) for table in _tables(cursor, dialect)]
        raise error_of(
            DataError,
            "engine.databases.unknown_table",
            name=address.name,
            table=table,
            known=known_tables,
        )
    keys = (
        tuple(str(row[0]) for row in _rows(cursor, dialect.keys, schema, name))
        if dialect.keys
        else ()
    )
    links = _rows(cursor, dialect.links, schema, name) if dialect.links else []
    refers = tuple(
        (str(a), (".".join(filter(None, (str(b), str(c)))), str(d))) for a, b, c, d in links
    )
    return TableInfo(columns, keys, refers)


def tables_in(address: Address) -> list[str]:
    """Every table and view, as `schema.table`, or `table` where the database has no schemas."""
    with connected(address) as connection, connection.cursor() as cursor:
        return [
            ".".join(filter(None, table)) for table in _tables(cursor, dialect_of(address.driver))
        ]


def split_name(table: str, address: Address) -> tuple[str, str]:
    """Schema and name of `schema.table`; PostgreSQL's default schema is public."""
    schema, _, name = table.rpartition(".")
    return schema or ("public" if address.driver == "postgresql" else ""), name


def table_sql(table: str, address: Address) -> str:
    """The quoted name of a table."""
    schema, name = split_name(table, address)
    return ".".join(quote(part) for part in (schema, name) if part)


def _tables(cursor: Any, dialect: DatabaseDialect) -> list[tuple[str, str]]:
    if not dialect.tables:
        return []
    cursor.execute(dialect.tables)
    return [(str(schema), str(name)) for schema, name in cursor.fetchall()]


def _rows(cursor: Any, sql: str, schema: str, name: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql.replace("{schema}", text(schema)).replace("{name}", text(name)))
    return [tuple(row) for row in cursor.fetchall()]


def _query_columns(cursor: Any, what: str) -> tuple[ColumnInfo, ...]:
    cursor.execute(f"select * from {what} where 1 = 0")
    return tuple(ColumnInfo(str(item[0])) for item in cursor.description)


def _typed(
    cursor: Any, what: str, columns: tuple[ColumnInfo, ...], dialect: DatabaseDialect
) -> tuple[ColumnInfo, ...]:
    """The columns of a query with their types, as its first row tells; a query without rows tells
    none.
    """
    if not dialect.type_of:
        return columns
    types = ", ".join(dialect.type_of.replace("{column}", quote(each.name)) for each in columns)
    cursor.execute(f"select {types} from {what} limit 1")
    row = cursor.fetchone() or [""] * len(columns)
    return tuple(ColumnInfo(each.name, str(kind)) for each, kind in zip(columns, row, strict=True))
