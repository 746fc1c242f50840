"""SQL as data: names quoted, the tables that a query reads, and the lint of the portable subset."""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from workbook.engine.memo import MEMO, MISSING
from workbook.engine.portable import refusals
from workbook.errors import PlanError


def quote(name: str) -> str:
    """A name as SQL writes it, whatever it holds.

    >>> quote('the "one" here')
    '"the ""one"" here"'
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as a SQL literal.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


@lru_cache(maxsize=4096)
def parsed(sql: str) -> exp.Expression:
    """The one query in this SQL, as a tree that callers must not change.

    Raises:
        PlanError: it does not parse, is more than one statement, or is not a query.
    """
    try:
        statements = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except SqlglotError as error:
        raise PlanError(f"SQL that cannot be read: {str(error).splitlines()[0]} In: {_short(sql)}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise PlanError(f"SQL of a table must be one query (select …). Got: {_short(sql)}")
    return statements[0]


@lru_cache(maxsize=4096)
def tables_read(sql: str) -> tuple[str, ...]:
    """The tables that a query reads, sorted; names that its own CTEs define are left out where they are in reach.

    >>> tables_read("with a as (select * from b) select * from a join c using (id)")
    ('b', 'c')
    """
    known = MEMO.recall("reads", sql)
    if known is not MISSING:
        return tuple(known)
    names: set[str] = set()
    seen: set[int] = set()
    for scope in traverse_scope(parsed(sql)):
        for source in scope.sources.values():
            if isinstance(source, exp.Table) and source.name:
                names.add(source.name)
                seen.add(id(source))
        for table in scope.tables:  # a table that lost its alias to another one of the same name
            if id(table) not in seen and table.name and table.name not in scope.cte_sources:
                names.add(table.name)
    MEMO.remember("reads", sorted(names), sql)
    return tuple(sorted(names))


def passes_through(sql: str) -> bool:
    """Whether each row of the answer is likely a row of one table, in that table's order: nothing is grouped, sorted or multiplied on purpose.

    >>> passes_through("select a, b + 1 as c from t left join u on u.a = t.a"), passes_through("select a from t group by a")
    (True, False)
    """
    tree = parsed(sql)
    return _streams(tree, {cte.alias: cte.this for cte in tree.ctes})


_MOVES = ("group", "distinct", "having", "order", "limit", "offset", "qualify")


def _streams(query: exp.Expression, ctes: dict[str, exp.Expression]) -> bool:
    """A select of plain expressions over one table, CTE or subquery that streams itself, with left joins at most."""
    if not isinstance(query, exp.Select) or any(query.args.get(word) for word in _MOVES):
        return False
    if any(each.find(exp.AggFunc, exp.Window) for each in query.expressions) or any(join.side != "LEFT" for join in query.args.get("joins") or ()):
        return False
    start = query.args.get("from_") or query.args.get("from")
    first = start.this if start else None
    if isinstance(first, exp.Table):
        return first.name not in ctes or _streams(ctes[first.name], ctes)
    return isinstance(first, exp.Subquery) and _streams(first.this, ctes)


@lru_cache(maxsize=4096)
def lint(sql: str, table: str = "") -> None:
    """Refuse SQL that leaves the portable subset.

    Raises:
        PlanError: names the table, the construct, and what to write instead; all constructs at once.
    """
    if MEMO.recall("portable", sql) is True:
        return
    found = refusals(parsed(sql))
    if not found:
        MEMO.remember("portable", True, sql)
    if found:
        place = f"Table '{table}'" if table else f"SQL ({_short(sql)})"
        raise PlanError(f"{place} leaves the portable subset: " + " ".join(found))


def _short(sql: str) -> str:
    line = " ".join(sql.split())
    return line if len(line) <= 80 else line[:79] + "…"
