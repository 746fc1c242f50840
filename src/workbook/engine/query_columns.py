"""Follows the columns of one query to the tables that it reads, scope by scope."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from workbook.dialect import DIALECT
from workbook.engine.sql import parsed
from workbook.engine.sql_cache import MEMO, MISSING

Answer = TypeVar("Answer")
Step = tuple[str, str, str]  # table, column, direct | indirect


class UntraceableError(Exception):
    """The query uses something through which columns cannot be followed."""


def columns_of_query(sql: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names of a query's columns, given those of the tables that it reads."""
    names = MEMO.recall("columns", sql, _written(known))
    if names is MISSING:
        names = _or_none(lambda: tuple(_qualified(sql, known).expression.named_selects))
        MEMO.remember("columns", names, sql, _written(known))
    if names is None or "*" in names:
        raise UntraceableError(sql)
    return tuple(names)


def trace_query(sql: str, known: Mapping[str, tuple[str, ...]]) -> dict[str, set[Step]]:
    """Each column of a query with the columns of tables that it depends on, one step down."""
    traced = MEMO.recall("trace", sql, _written(known))
    if traced is MISSING:
        traced = _or_none(lambda: _traced(sql, known))
        MEMO.remember(
            "trace",
            traced and {name: sorted(steps) for name, steps in traced.items()},
            sql,
            _written(known),
        )
    if traced is None:
        raise UntraceableError(sql)
    return {
        name: {(table, column, how) for table, column, how in steps}
        for name, steps in traced.items()
    }


def values_of_query(
    sql: str, known: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, frozenset[tuple[str, str]]], ...]:
    """For each column of a query, in its order, its name and the (table, column) pairs that its
    values are made from; what only chooses or counts rows is not among them.

    Raises:
        UntraceableError: a column cannot be followed to the tables that the query reads.
    """
    result = MEMO.recall("values", sql, _written(known))
    if result is MISSING:
        result = _or_none(lambda: _values(sql, known))
        MEMO.remember("values", result, sql, _written(known))
    if result is None:
        raise UntraceableError(sql)
    return tuple((name, frozenset((table, column) for table, column in of)) for name, of in result)


def _values(sql: str, known: Mapping[str, tuple[str, ...]]) -> list[tuple[str, list[list[str]]]]:
    tree = parsed(sql).copy()
    for count in list(tree.find_all(exp.Count)):
        count.set("this", exp.Star())  # a number of values holds none of them
    scope = _qualified(tree.sql(dialect=DIALECT), known)
    whole = (exp.Columns, exp.Star, exp.TableColumn)  # columns that are named by no name
    if any(not isinstance(part.parent, exp.Count) for part in scope.expression.find_all(*whole)):
        raise UntraceableError(sql)
    tracer, found = _Tracer(), []
    for place, name in enumerate(scope.expression.named_selects):
        steps = sorted(tracer.output(scope, place))
        found.append((name, [[table, column] for table, column, how in steps if how == "direct"]))
    return found


def _traced(sql: str, known: Mapping[str, tuple[str, ...]]) -> dict[str, set[Step]]:
    scope = _qualified(sql, known)
    tracer = _Tracer()
    return {
        name: tracer.output(scope, place)
        for place, name in enumerate(scope.expression.named_selects)
    }


def _or_none(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except UntraceableError:
        return None


def _written(known: Mapping[str, tuple[str, ...]]) -> str:
    return json.dumps(known, sort_keys=True)


def _qualified(sql: str, known: Mapping[str, tuple[str, ...]]) -> Scope:
    """The query with every column under its table's name, and stars written out."""
    # a twentieth of a second, which only lineage needs
    from sqlglot.optimizer.qualify_columns import qualify_columns
    from sqlglot.optimizer.qualify_tables import qualify_tables

    schema = MappingSchema(
        {
            name: dict.fromkeys(columns, "text")
            for name, columns in known.items()
            if columns != ("*",)
        },
        dialect=DIALECT,
        normalize=False,
    )
    try:
        tree = qualify_tables(parsed(sql).copy(), dialect=DIALECT)
        scope = build_scope(qualify_columns(tree, schema, expand_alias_refs=True))
    except SqlglotError as error:
        raise UntraceableError(sql) from error
    if scope is None:
        raise UntraceableError(sql)
    return scope


class _Tracer:
    """Resolves outputs of scopes; each is followed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], set[Step]] = {}
        self._choices: dict[int, set[Step]] = {}

    def output(self, scope: Scope, place: int) -> set[Step]:
        """What the column at this place of a scope's result depends on."""
        at = (id(scope), place)
        if at not in self._known:
            self._known[at] = set()  # a recursive CTE meets itself here
            self._known[at] = (
                self._union(scope, place)
                if scope.set_operation_scopes
                else self._select(scope, place)
            )
        return self._known[at]

    def _union(self, scope: Scope, place: int) -> set[Step]:
        return set().union(*(self.output(branch, place) for branch in scope.set_operation_scopes))

    def _select(self, scope: Scope, place: int) -> set[Step]:
        item = scope.expression.selects[place]
        direct, chosen = _split(item)
        found = self._columns(scope, direct) | _indirect(self._columns(scope, chosen))
        touched = {column.table for column in (*direct, *chosen)}
        if _counts_rows(item):
            found |= self._rows(scope)
            touched |= set(scope.sources)
        for query in item.find_all(exp.Query):
            found |= self._inside(scope, query)
        return found | self._chosen(scope) | self._joined(scope, touched)

    def _columns(self, scope: Scope, columns: Iterable[exp.Column]) -> set[Step]:
        found: set[Step] = set()
        for column in columns:
            found |= self._column(scope, column)
        return found

    def _column(self, scope: Scope, column: exp.Column) -> set[Step]:
        source = _source(scope, column.table)
        own = scope.expression.named_selects
        ordered = column.find_ancestor(exp.Order) is not None
        if ordered and not column.table and column.name in own:  # a column of the result
            return self.output(scope, own.index(column.name))
        if isinstance(source, exp.Table):
            return {(source.name, column.name, "direct")}
        if isinstance(source, Scope) and isinstance(source.expression, exp.Values):
            return set()
        if not isinstance(source, Scope) or not isinstance(source.expression, exp.Query):
            raise UntraceableError(column.sql())
        names = source.expression.named_selects
        if column.name not in names:
            raise UntraceableError(column.sql())
        return self.output(source, names.index(column.name))

    def _chosen(self, scope: Scope) -> set[Step]:
        """What every output of a scope depends on indirectly: filters, groups, rankings, inner
        joins.
        """
        if id(scope) not in self._choices:
            self._choices[id(scope)] = set()
            found: set[Step] = set()
            for clause in _clauses(scope.expression):
                found |= self._columns(scope, _own_columns(clause))
                for query in clause.find_all(exp.Query):
                    found |= self._inside(scope, query)
            self._choices[id(scope)] = _indirect(found)
        return self._choices[id(scope)]

    def _joined(self, scope: Scope, touched: set[str]) -> set[Step]:
        """The conditions of the outer joins that bring a column of those touched."""
        found: set[Step] = set()
        for join in scope.expression.args.get("joins") or ():
            side = (join.side or "").upper()
            if (side == "LEFT" and join.alias_or_name in touched) or side in {"RIGHT", "FULL"}:
                found |= (
                    self._columns(scope, _own_columns(join.args["on"]))
                    if join.args.get("on")
                    else set()
                )
        return _indirect(found)

    def _rows(self, scope: Scope) -> set[Step]:
        """A count of rows: '*' of each table that the scope reads."""
        found: set[Step] = set()
        for source in scope.sources.values():
            if isinstance(source, exp.Table):
                found.add((source.name, "*", "direct"))
            elif isinstance(source, Scope):
                found |= self._rows_of(source)
        return found

    def _rows_of(self, scope: Scope) -> set[Step]:
        if scope.set_operation_scopes:
            return set().union(*(self._rows_of(branch) for branch in scope.set_operation_scopes))
        return self._rows(scope) | self._chosen(scope)

    def _inside(self, scope: Scope, query: exp.Query) -> set[Step]:
        """A subquery inside an expression: all that it returns and all that it chose by."""
        inner = next((s for s in scope.subquery_scopes if s.expression is query), None)
        if inner is None:
            return set()
        found = self._rows_of(inner) if not inner.expression.named_selects else set()
        for place in range(len(inner.expression.selects)):
            found |= self.output(inner, place)
        return found


def _split(item: exp.Expression) -> tuple[list[exp.Column], list[exp.Column]]:
    """The columns whose values an expression returns, and those by which it only chooses or
    arranges.
    """
    direct, chosen = [], []
    for column in _own_columns(item):
        (chosen if _chooses(column, item) else direct).append(column)
    return direct, chosen


def _chooses(column: exp.Expression, top: exp.Expression) -> bool:
    node = column
    while node is not top and node.parent is not None:
        parent = node.parent
        if isinstance(parent, exp.Window) and node.arg_key in {"partition_by", "order"}:
            return True
        if isinstance(parent, exp.Filter) and node.arg_key == "expression":
            return True
        if isinstance(parent, exp.If) and node.arg_key == "this":
            return True
        node = parent
    return False


def _clauses(select: exp.Expression) -> Iterator[exp.Expression]:
    for key in ("where", "group", "having", "qualify", "distinct"):
        if select.args.get(key):
            yield select.args[key]
    if select.args.get("limit") and select.args.get("order"):
        yield select.args["order"]
    for join in select.args.get("joins") or ():
        if not join.side and join.args.get("on"):
            yield join.args["on"]


def _own_columns(node: exp.Expression) -> list[exp.Column]:
    """The columns of an expression, without those of queries inside it."""
    found = node.walk(prune=lambda part: isinstance(part, exp.Query) and part is not node)
    return [part for part in found if isinstance(part, exp.Column)]


def _source(scope: Scope, name: str) -> exp.Expression | Scope | None:
    """The table or scope that a name stands for, in this scope or one around it."""
    at: Scope | None = scope
    while at is not None:
        if name in at.sources:
            return at.sources[name]
        at = at.parent
    return None


def _counts_rows(item: exp.Expression) -> bool:
    stars = item.walk(prune=lambda part: isinstance(part, exp.Query))
    return any(
        isinstance(star, exp.Count) and (star.this is None or isinstance(star.this, exp.Star))
        for star in stars
    )


def _indirect(steps: set[Step]) -> set[Step]:
    return {(table, column, "indirect") for table, column, _ in steps}
