"""What differs between databases: quoting, text of a value, the catalogue of columns and keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DatabaseDialect:
    """How one kind of database is asked; `{schema}` and `{name}` become text literals.

    `begin` opens a snapshot in which a count and the rows agree. `columns` gives a row per column
    in order: name, type, whether it may be empty. `keys` gives a row per column of the primary key,
    `links` a row per foreign key of one column (column, schema, table, column there), `tables` a
    row per table or view (schema, name). `type_of` is SQL of the type of `{column}`, for queries;
    without it nothing is known of the columns of a query.
    """

    begin: tuple[str, ...] = ()
    columns: str = ""
    keys: str = ""
    links: str = ""
    tables: str = ""
    type_of: str = ""

    def as_text(self, column: str, kind: str) -> str:
        """SQL of a value as text: every digit, times in ISO with their offset, structures as
        JSON.
        """
        return f"cast({column} as varchar)"


class _PostgreSQL(DatabaseDialect):
    def as_text(self, column: str, kind: str) -> str:
        if kind.startswith("money"):  # as digits: the server would write it in its own locale
            kind = kind.replace("money", "numeric")
            column = f"cast({column} as {kind})"
        if kind.endswith("[]") or kind in ("hstore", "record"):
            return f"cast(to_json({column}) as text)"
        if kind == "inet":
            return f"abbrev({column})"  # an address without the /32 of a single host
        if kind == "bytea":
            return f"encode({column}, 'hex')"
        return f"cast({column} as text)"


class _SQLite(DatabaseDialect):
    def as_text(self, column: str, kind: str) -> str:
        short, exact = (f"printf('%!.{digits}g', {column})" for digits in (15, 17))
        real = f"case when cast({short} as real) = {column} then {short} else {exact} end"
        kinds = f"when 'blob' then hex({column}) when 'real' then {real}"
        return f"case typeof({column}) {kinds} else cast({column} as text) end"


_POSTGRES_TABLE = "c.relname = {name} and n.nspname = {schema}"
DIALECTS: dict[str, DatabaseDialect] = {
    "postgresql": _PostgreSQL(
        begin=(
            "set time zone 'UTC'",
            "set datestyle = 'ISO, YMD'",
            "set intervalstyle = 'iso_8601'",
            "set extra_float_digits = 1",
            "set transaction isolation level repeatable read, read only",
        ),
        columns=(
            "select a.attname, case when t.typtype = 'd' then format_type(t.typbasetype,"
            " t.typtypmod) else format_type(a.atttypid, a.atttypmod) end, not a.attnotnull from"
            " pg_attribute as a join pg_type as t on t.oid = a.atttypid join pg_class as c on"
            " c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace where"
            f" {_POSTGRES_TABLE} and a.attnum > 0 and not"
            " a.attisdropped order by a.attnum"
        ),
        keys=(
            "select a.attname from pg_index as i join pg_class as c on c.oid = i.indrelid "
            "join pg_namespace as n on n.oid = c.relnamespace "
            "cross join lateral unnest(i.indkey) with ordinality as k(attnum, place) "
            "join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum "
            f"where {_POSTGRES_TABLE} and i.indisprimary order by k.place"
        ),
        links=(
            "select a.attname, fn.nspname, f.relname, fa.attname from pg_constraint as x join"
            " pg_class as c on c.oid = x.conrelid join pg_namespace as n on n.oid = c.relnamespace"
            " join pg_class as f on f.oid = x.confrelid join pg_namespace as fn on fn.oid ="
            " f.relnamespace join pg_attribute as a on a.attrelid = c.oid and a.attnum ="
            " x.conkey[1] join pg_attribute as fa on fa.attrelid = f.oid and fa.attnum ="
            f" x.confkey[1] where {_POSTGRES_TABLE} and x.contype = 'f' and array_length(x.conkey,"
            " 1) = 1 order by x.conname"
        ),
        tables=(
            "select n.nspname, c.relname from pg_class as c join pg_namespace as n on n.oid ="
            " c.relnamespace where c.relkind in ('r', 'v', 'm', 'p', 'f') and not c.relispartition"
            " and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like"
            " 'pg_t%' order by 1, 2"
        ),
        type_of="cast(pg_typeof({column}) as text)",
    ),
    "sqlite": _SQLite(
        columns='select name, type, "notnull" = 0 from pragma_table_info({name}) order by cid',
        keys="select name from pragma_table_info({name}) where pk > 0 order by pk",
        links=(
            'select "from", \'\', "table", coalesce("to", \'\') from'
            " pragma_foreign_key_list({name}) order by id, seq"
        ),
        tables=(
            "select '', name from sqlite_schema where type in ('table', 'view') and name not like"
            " 'sqlite_%' order by 2"
        ),
    ),
}


def dialect_of(driver: str) -> DatabaseDialect:
    """The dialect of a driver; one that is not known is asked in standard SQL, without a
    catalogue.
    """
    return DIALECTS.get(driver, DatabaseDialect())
