"""SQL as data: names quoted, the tables that a query reads, and the lint of the portable subset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from workbook.dialect import parse, to_sql
from workbook.engine.portable import refusals
from workbook.engine.sql_cache import MEMO, MISSING
from workbook.errors import PlanError
from workbook.words import error_of


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


def fold(name: str) -> str:
    """A name as the engine compares it: without case."""
    return name.casefold()


def shown_as(names: Iterable[str]) -> dict[str, str]:
    """Under which name each table stands where names have no case: its own, or one with a
    number where an earlier one took it.

    >>> shown_as(["Plan", "plan"])
    {'Plan': 'Plan', 'plan': 'plan~2'}
    """
    taken: dict[str, int] = {}
    found = {}
    for name in names:
        number = taken[fold(name)] = taken.get(fold(name), 0) + 1
        found[name] = name if number == 1 else f"{name}~{number}"
    return found


@lru_cache(maxsize=4096)
def parsed(sql: str) -> exp.Expression:
    """The one query in this SQL, as a tree that callers must not change.

    Raises:
        PlanError: it does not parse, is more than one statement, or is not a query.
    """
    try:
        statements = [tree for tree in parse(sql) if tree is not None]
    except SqlglotError as error:
        raise error_of(
            PlanError, "engine.sql_unreadable", why=str(error).splitlines()[0], sql=_short(sql)
        ) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise error_of(PlanError, "engine.sql_no_query", sql=_short(sql))
    return statements[0]


@lru_cache(maxsize=4096)
def tables_read(sql: str) -> tuple[str, ...]:
    """The tables that a query reads, sorted; names that its own CTEs define are left out where
    they are in reach.

    >>> tables_read("with a as (select * from b) select * from a join c using (id)")
    ('b', 'c')
    """
    known = MEMO.recall("tables", sql)
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
    names.update(table.name for table, _ in _behind_ctes(parsed(sql)))
    MEMO.remember("tables", sorted(names), sql)
    return tuple(sorted(names))


def _behind_ctes(tree: exp.Expression) -> list[tuple[exp.Table, str]]:
    """References to tables that a CTE of the same name would hide, and the name that the CTE
    has: tables are quoted, CTEs are not.
    """
    plain = {
        fold(cte.alias): cte.alias
        for cte in tree.find_all(exp.CTE)
        if not cte.args["alias"].this.quoted
    }
    if not plain:
        return []
    tables = (
        table
        for table in tree.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and table.this.quoted and not table.db
    )
    return [(table, plain[fold(table.name)]) for table in tables if fold(table.name) in plain]


def unambiguous(sql: str, shown: Mapping[str, str]) -> str:
    """The query as the engine runs it, which has no case in names: `shown` says under which
    name each table stands.

    A CTE that has the name of a table that the query reads gets another one. In all but such
    cases it is the query itself.
    """
    words = {fold(name) for name in shown}
    if all(name == here for name, here in shown.items()) and not any(
        f"{word} as (" in fold(sql) for word in words
    ):
        return sql
    tree = parsed(sql).copy()
    hidden = {fold(cte) for _, cte in _behind_ctes(tree)}
    for cte in list(tree.find_all(exp.CTE)):
        if fold(cte.alias) in hidden and not cte.args["alias"].this.quoted:
            cte.args["alias"].set("this", exp.to_identifier(f"_{cte.alias}"))
    for table in list(tree.find_all(exp.Table)):
        if not isinstance(table.this, exp.Identifier) or table.db:
            continue
        name, quoted = table.name, table.this.quoted
        if not quoted and fold(name) in hidden:
            _renamed(table, f"_{name}", quoted=False)
        elif shown.get(name, name) != name:
            _renamed(table, shown[name], quoted=True)
    return to_sql(tree)


def _renamed(table: exp.Table, name: str, *, quoted: bool) -> None:
    """Another name for what a query reads, which it keeps calling as before."""
    if not table.alias:
        table.set("alias", exp.TableAlias(this=table.this.copy()))
    table.set("this", exp.to_identifier(name, quoted=quoted))


def keeps_row_order(sql: str) -> bool:
    """Whether each row of the answer is likely a row of one table, in that table's order:
    nothing is grouped, sorted or multiplied on purpose.

    >>> keeps_row_order("select a, b + 1 as c from t left join u on u.a = t.a")
    True
    >>> keeps_row_order("select a from t group by a")
    False
    """
    tree = parsed(sql)
    return _streams(tree, {cte.alias: cte.this for cte in tree.ctes})


_MOVES = ("group", "distinct", "having", "order", "limit", "offset", "qualify")


def _streams(query: exp.Expression, ctes: dict[str, exp.Expression]) -> bool:
    """A select of plain expressions over one table, CTE or subquery that streams itself, with
    left joins at most.
    """
    if not isinstance(query, exp.Select) or any(query.args.get(move) for move in _MOVES):
        return False
    if any(expression.find(exp.AggFunc, exp.Window) for expression in query.expressions) or any(
        join.side != "LEFT" for join in query.args.get("joins") or ()
    ):
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
        PlanError: names the table, the construct, and what to write instead; all constructs at
          once.
    """
    if MEMO.recall("portable", sql) is True:
        return
    found = refusals(parsed(sql))
    if not found:
        MEMO.remember("portable", True, sql)
    if found:
        place = f"Table '{table}'" if table else f"SQL ({_short(sql)})"
        raise error_of(PlanError, "engine.sql_not_portable", place=place, refusals=" ".join(found))


def _short(sql: str) -> str:
    line = " ".join(sql.split())
    return line if len(line) <= 80 else line[:79] + "…"
