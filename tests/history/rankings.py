"""Rankings of a plan's SQL: whether the order of each says which row comes first."""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from workbook.engine import Engine, Plan

_BY_PLACE = (exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue)


def rankings(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Each window of each table whose answer depends on the order of its rows: the table, the
    window, and a query of how many different rows share a place in it at most.
    """
    for table in plan.tables.values():
        for window in (
            sqlglot.parse_one(table.sql, dialect="duckdb").find_all(exp.Window) if table.sql else ()
        ):
            if isinstance(window.this, _BY_PLACE) or _counts_rows(window):
                yield table.name, window.sql("duckdb"), _tied_sql(window)


def ties(engine: Engine, plan: Plan) -> list[str]:
    """The rankings in which two different rows share a place, so that chance says which comes
    first.
    """
    found = []
    for table, window, sql in rankings(plan):
        if (engine.query(plan, sql)["rows"][0] or 0) > 1:
            found.append(f"{table}: {window}")
    return found


def _counts_rows(window: exp.Window) -> bool:
    spec = window.args.get("spec")
    return (
        spec is not None
        and spec.args.get("kind") == "ROWS"
        and window.args.get("order") is not None
    )


def _tied_sql(window: exp.Window) -> str:
    """Different rows below the window, as many as share its parts and its order."""
    select = window.find_ancestor(exp.Select)
    order = window.args.get("order")
    by = [
        *(window.args.get("partition_by") or []),
        *(each.this for each in (order.expressions if order else ())),
    ]
    rows = select.copy()
    for clause in ("distinct", "qualify", "order", "limit", "offset", "with", "with_"):
        rows.set(clause, None)
    keys = ", ".join(f"{each.sql('duckdb')} as k{number}" for number, each in enumerate(by))
    rows.set(
        "expressions", sqlglot.parse_one(f"select distinct {keys}, *", dialect="duckdb").expressions
    )
    rows.set("distinct", exp.Distinct())
    grouped = ", ".join(f"k{number}" for number in range(len(by)))
    counted = f"select count(*) as n from ({rows.sql('duckdb')}) as below group by {grouped}"
    before = ", ".join(_ctes(select))
    return f"{f'with {before} ' if before else ''}select max(n) as rows from ({counted}) as counted"


def _ctes(select: exp.Select) -> list[str]:
    """The named queries that a query can read, in their order."""
    found: list[str] = []
    node: exp.Expression | None = select
    while node is not None:
        named = (
            node.args.get("with_") or node.args.get("with") if isinstance(node, exp.Query) else None
        )
        own: list[str] = []
        for each in named.expressions if named else ():
            if any(part is select for part in each.walk()):
                break
            own.append(each.sql("duckdb"))
        found = [*own, *found]
        node = node.parent
    return found
