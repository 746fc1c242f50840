"""Metric tables: totals, segments and months, each from a base table of rows that no join can multiply."""

from __future__ import annotations

import re

from workbook.engine import Table, quote
from workbook.errors import WorkbookError
from workbook.metrics.currency import RATES, converted, rates_table
from workbook.metrics.rules import moment, rule_table
from workbook.metrics.scope import Compiled, NotComputable, Scope, as_of_date, end_of
from workbook.metrics.semantic import Refusal, Resolved, resolve
from workbook.model import Model

NONE, SEVERAL = "(none)", "(several)"


def metric_tables(model: Model) -> tuple[list[Table], list[Refusal]]:
    """All tables of 07_metrics, and the metrics that were refused with their reasons."""
    if model.metrics is None or model.entities is None:
        return [], []
    tables = [_one(name, link.from_) for name, link in model.entities.relationships.items() if "to one" in link.cardinality.replace("one to one", "to one")]
    if model.metrics.currency and model.metrics.currency.rates:
        tables.append(rates_table(model))
    made, refused = _rules(model)
    tables.extend(made)
    ready = {table.name for table in tables}
    waiting = list(model.metrics.metrics)
    while waiting:
        later = []
        for name in waiting:
            try:
                some = _metric(model, name, ready)
            except NotComputable as reason:
                refused.append(Refusal(name, str(reason)))
                continue
            if some is None:
                later.append(name)
                continue
            tables.extend(some)
            ready.update(table.name for table in some)
        if len(later) == len(waiting):
            refused.extend(Refusal(name, "it rests on a number that was refused") for name in later)
            break
        waiting = later
    return tables, refused


def _rules(model: Model) -> tuple[list[Table], list[Refusal]]:
    tables, refused = [], []
    for name, rule in model.metrics.rules.items():  # type: ignore[union-attr]
        try:
            tables.append(rule_table(model, name, rule))
        except NotComputable as reason:
            refused.append(Refusal(name, str(reason)))
    names = {table.name for table in tables}
    while True:
        broken = [t for t in tables if any("__rule__" in r and r not in names for r in t.reads)]
        if not broken:
            return tables, refused
        for table in broken:
            tables.remove(table)
            names.discard(table.name)
            refused.append(Refusal(table.name.split("__rule__")[1], "it rests on a rule that was refused"))


def _one(relationship: str, entity: str) -> Table:
    link = quote(relationship)
    return Table(
        name=f"{relationship}__one",
        row_is=f"one {entity} and its only counterpart; NULL where it has none or several",
        step="07_metrics",
        keys=("from_id",),
        sql=f"""SELECT from_id, CASE WHEN COUNT(DISTINCT to_id) = 1 THEN MIN(to_id) END AS to_id,
       COUNT(DISTINCT to_id) AS reached
FROM {link}
GROUP BY from_id""",
    )


def _metric(model: Model, name: str, ready: set[str]) -> list[Table] | None:
    metric = model.metrics.metrics[name]  # type: ignore[union-attr]
    if metric.type == "simple":
        return _simple(model, resolve(model, name), ready)
    if metric.type == "ratio":
        return _combined(name, f"{quote(metric.numerator)} / NULLIF({quote(metric.denominator)}, 0)", [metric.numerator, metric.denominator], ready)
    if metric.type == "derived":
        if metric.inputs:
            raise NotComputable("inputs with an offset are not computed by this version")
        words = [w for w in dict.fromkeys(re.findall(r"[a-z_][a-z0-9_]*", metric.expr)) if w in model.metrics.metrics]  # type: ignore[union-attr]
        return _combined(name, metric.expr, words, ready)
    raise NotComputable(f"metrics of type {metric.type} are not computed by this version")


def _combined(name: str, expr: str, parts: list[str], ready: set[str]) -> list[Table] | None:
    if not all(f"m__{part}__total" in ready for part in parts):
        return None
    columns = ", ".join(f"{quote(part)}.value AS {quote(part)}" for part in parts)
    tables = " CROSS JOIN ".join(f"{quote(f'm__{part}__total')} AS {quote(part)}" for part in parts)
    sql = f"WITH parts AS (\n    SELECT {columns}\n    FROM {tables}\n)\nSELECT CAST({expr} AS DECIMAL(18, 4)) AS value FROM parts"
    return [_table(f"m__{name}__total", f"the value of {name} at as-of", sql)]


def _simple(model: Model, found: Resolved, ready: set[str]) -> list[Table]:
    rows = _rows(model, found)
    missing = [name for name in rows.reads if "__rule__" in name and name not in ready]
    if missing:
        raise NotComputable(f"rule '{missing[0].split('__rule__')[1]}' was refused")
    base = rows.name
    tables = [rows, _table(f"m__{found.name}__total", f"the value of {found.name} at as-of", _aggregate(found, base))]
    for dimension in found.metric.by:
        tables += _segments(model, found, base, dimension)
    if found.at:
        tables.append(_months(model, found, base))
    return tables


def _table(name: str, row_is: str, sql: str, keys: tuple[str, ...] = ()) -> Table:
    return Table(name=name, row_is=row_is, step="07_metrics", pattern="canonical", keys=keys, sql=sql)


def _rows(model: Model, found: Resolved) -> Table:
    """One row per row of the entity that the filter keeps: id, amount, when."""
    scope = Scope(model, found.entity)
    keep = scope.compile(found.metric.filter) if found.metric.filter else Compiled("TRUE")
    amount, joins = _amount(model, found, scope)
    where = [f"COALESCE({keep.sql}, FALSE)"]
    end = moment(end_of(as_of_date(model)))
    if found.at:
        where.append(f"(e.{quote(found.at)} IS NULL OR CAST(e.{quote(found.at)} AS TIMESTAMP) < {end})")
    time = ", ".join(
        f"CAST(e.{quote(column)} AS TIMESTAMP) AS {alias}" for column, alias in ((found.at, "starts"), (found.until, "ends")) if column
    )
    sql = (
        f"SELECT e.id AS id, {amount} AS amount{', ' + time if time else ''}\nFROM {quote(found.entity)} AS e\n"
        + "\n".join(dict.fromkeys((*keep.joins, *joins)))
        + f"\nWHERE {' AND '.join(where)}"
    )
    if found.measure.latest_per:
        sql = _latest(sql, found, scope)
    return _table(f"m__{found.name}__rows", f"one {found.entity} that {found.name} counts", sql, ("id",))


def _latest(sql: str, found: Resolved, scope: Scope) -> str:
    per, by = scope.value(found.measure.latest_per), scope.value(found.measure.latest_by or found.at)
    columns = "id, amount" + (", starts" if found.at else "") + (", ends" if found.until else "")
    body = sql.replace("SELECT e.id AS id", f"SELECT {per.sql} AS per, {by.sql} AS latest_by, e.id AS id", 1)
    return f"""WITH counted AS (
{body}
), ranked AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY per ORDER BY latest_by DESC, id DESC) AS turn FROM counted
)
SELECT {columns} FROM ranked WHERE turn = 1"""


def _amount(model: Model, found: Resolved, scope: Scope) -> tuple[str, tuple[str, ...]]:
    if found.measure.agg == "count":
        return "1", ()
    value = scope.compile(found.measure.expr)
    if not found.currency_attribute or found.measure.agg != "sum":
        return value.sql, value.joins
    day = moment(as_of_date(model))
    at = f"COALESCE(CAST(e.{quote(found.at)} AS TIMESTAMP), {day})" if found.at and not found.measure.over_time else day
    currency = f"e.{quote(found.currency_attribute)}"
    if not (model.metrics and model.metrics.currency):
        return value.sql, value.joins  # one currency or several is measured: see reconcile
    amount, join = converted(model, value.sql, currency, at)
    return f"CAST({amount} AS DECIMAL(18, 2))", (*value.joins, join)


_AGGREGATE = {
    "count": "COUNT(*)",
    "sum": "COALESCE(SUM(amount), 0)",
    "count_distinct": "COUNT(DISTINCT amount)",
    "average": "AVG(CAST(amount AS DECIMAL(18, 4)))",
    "min": "MIN(amount)",
    "max": "MAX(amount)",
}


def _value(found: Resolved) -> str:
    value = _AGGREGATE[found.measure.agg]
    return value if found.measure.agg in ("min", "max") else f"CAST({value} AS DECIMAL(18, 2))"


def _in_force(found: Resolved, model: Model, end: str) -> str:
    """A level counts the rows whose period contains the moment; a flow counts them all."""
    if not (found.measure.over_time and found.at):
        return ""
    ends = f" AND (ends IS NULL OR ends >= {end})" if found.until else ""
    return f"\nWHERE starts < {end}{ends}"


def _aggregate(found: Resolved, base: str) -> str:
    return f"SELECT {_value(found)} AS value\nFROM {quote(base)}"


def _segments(model: Model, found: Resolved, base: str, dimension: str) -> list[Table]:
    """Values by one dimension, at most one to-one hop away; orphans and ambiguous rows keep a bucket of their own."""
    scope = Scope(model, found.entity)
    owner, _, attribute = dimension.rpartition(".")
    at = scope.value(attribute if owner in ("", found.entity) else dimension)
    bucket = f"COALESCE(CAST({at.sql} AS VARCHAR), '{NONE}')"
    if owner not in ("", found.entity):
        bucket = f"CASE WHEN {quote(f'hop_{scope.to_one(owner)}')}.reached > 1 THEN '{SEVERAL}' ELSE {bucket} END"
    sql = (
        f"SELECT {bucket} AS segment, {_value(found)} AS value, COUNT(*) AS rows_counted\nFROM {quote(base)} AS m\n"
        f"JOIN {quote(found.entity)} AS e ON e.id = m.id\n" + "\n".join(at.joins) + f"\nGROUP BY {bucket}"
    )
    return [_table(segment_table(found.name, dimension), f"{found.name} of one {dimension}", sql, ("segment",))]


def segment_table(metric: str, dimension: str) -> str:
    """The name of the table that holds a metric by a dimension."""
    return f"m__{metric}__by__{dimension.replace('.', '__')}"


def _months(model: Model, found: Resolved, base: str) -> Table:
    if found.measure.over_time:
        raise WorkbookError("levels by month need month ends")
    sql = f"""SELECT CAST(DATE_TRUNC('month', starts) AS DATE) AS month, {_value(found)} AS value
FROM {quote(base)}
WHERE starts IS NOT NULL
GROUP BY CAST(DATE_TRUNC('month', starts) AS DATE)"""
    return _table(f"m__{found.name}__month", f"{found.name} of one month", sql, ("month",))
