"""Rules: a yes or no for every row of an entity, from expressions and from what happened in a
window.
"""

from __future__ import annotations

from functools import lru_cache

from workbook.engine import Table, quote
from workbook.engine.sql import text
from workbook.metrics.compile.as_of_clock import (
    AsOf,
    NotComputableError,
    as_of_date,
    before_end,
    end_of,
    moment,
    now,
)
from workbook.metrics.compile.expression_scope import Scope
from workbook.metrics.compile.references import (
    clause_target,
    depends_on_time,
    rule_table_name,
    rules_under,
)
from workbook.metrics.compile.row_times import moment_sql, recorded_of
from workbook.model import Model
from workbook.model.durations import duration
from workbook.model.fact_sources import is_log
from workbook.model.schema import Clause, Rule
from workbook.words import error_of
from workbook.words.wording import capital, humanize

STEP = "07_metrics"


def rule_tables(model: Model, names: tuple[str, ...], clock: AsOf) -> list[Table]:
    """The tables of these rules and of all that they depend on, asked at one clock."""
    results: dict[str, Table] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        timed = depends_on_time(model, name)
        table = rule_table(model, name, clock if timed else now(model))
        if table.name not in results:
            results[table.name] = table
            waiting += rules_under(model, name)
    return list(results.values())


@lru_cache(maxsize=512)  # a rule is asked at the same clock by many numbers
def rule_table(model: Model, name: str, clock: AsOf) -> Table:
    """One row per row of the rule's entity: its id, and whether the rule holds (never NULL).

    At the end of every period: one row per period and row for which it holds; the others are
    left out.
    """
    rule = model.metrics.rules[name]
    clauses, joins, holds, score = _terms(model, rule, clock)
    head = "with " + ",\n".join(clauses) + "\n" if clauses else ""
    body = "\n".join((clock.join, *joins) if clock.join else joins)
    if clock.grain:
        sql = (
            f"{head}select {clock.period} as {clock.grain}, e.id as id, true as holds\nfrom"
            f" {quote(rule.of)} as e\n{body}\nwhere {holds}"
        )
        row_is, keys = (
            f"one {clock.grain}'s end and one {rule.of} for which '{name}' held",
            (
                clock.grain,
                "id",
            ),
        )
    elif score:
        scored = f"select e.id as id, {score}\nfrom {quote(rule.of)} as e\n{body}"
        sql = (
            f"{head}select id, coalesce(points >= {rule.reach}, false) as holds, points,"
            f" reasons\nfrom (\n{scored}\n)"
        )
        row_is, keys = f"one {rule.of}, its points, and whether '{name}' holds for it", ("id",)
    else:
        sql = f"{head}select e.id as id, {holds} as holds\nfrom {quote(rule.of)} as e\n{body}"
        row_is, keys = f"one {rule.of}, and whether '{name}' holds for it", ("id",)
    return Table(rule_table_name(model, name, clock), row_is, STEP, "canonical", keys, sql)


def _terms(model: Model, rule: Rule, clock: AsOf) -> tuple[list[str], list[str], str, str]:
    """The clauses' CTEs, the joins, the condition of a rule, and the columns of its score (''
    without points).
    """
    scope = Scope(model, rule.of, clock)
    joins: dict[str, None] = {}
    clauses: list[str] = []

    def term(item: str | Clause) -> str:
        if isinstance(item, str):
            compiled = scope.compile(item)
            joins.update(dict.fromkeys(compiled.joins))
            return f"coalesce({compiled.sql}, false)"
        alias = f"clause_{len(clauses) + 1}"
        clauses.append(f"{alias} as (\n{event_counts_sql(model, rule.of, item, clock)}\n)")
        on = f"{alias}.id = e.id" + (
            f" and {alias}.{clock.grain} = {clock.period}" if clock.grain else ""
        )
        joins[f"left join {alias} on {on}"] = None
        return _clause_holds(item, alias)

    parts = [f"({' and '.join(term(item) for item in rule.all)})"] if rule.all else []
    parts += [f"({' or '.join(term(item) for item in rule.any)})"] if rule.any else []
    parts += [f"not ({' or '.join(term(item) for item in rule.none)})"] if rule.none else []
    given = {point: term(point) for point in rule.points}
    if not given:
        return clauses, list(joins), " and ".join(parts) or "false", ""
    scored = " and ".join(parts) or "true"
    sums = " + ".join(
        f"case when {given[item]} then {points} else 0 end" for item, points in rule.points.items()
    )
    holds = f"({scored}) and {sums} >= {rule.reach}"
    return (
        clauses,
        list(joins),
        holds,
        (
            f"case when {scored} then {sums} end as points, case when {scored} then"
            f" {_reasons(rule, given)} end as reasons"
        ),
    )


def _reasons(rule: Rule, given: dict[str, str]) -> str:
    """SQL of what gave a row its points, the most first: `Silent (40); Pays late (25)`."""
    told = sorted(rule.points.items(), key=lambda item: -item[1])
    cases = [
        f"case when {given[item]} then {text(f'; {_said(item)} ({points})')} else '' end"
        for item, points in told
    ]
    return f"substr({' || '.join(cases)}, 3)"


def _said(condition: str) -> str:
    """A rule's name as it is read; an expression as it is written."""
    return capital(humanize(condition)) if condition.isidentifier() else condition


def _clause_holds(clause: Clause, alias: str) -> str:
    if clause.no:
        return f"coalesce({alias}.times, 0) = 0"
    held = f"coalesce({alias}.times, 0) >= {clause.at_least}"
    return f"({held} and coalesce({alias}.days, 0) >= {clause.on_days})" if clause.on_days else held


def event_counts_sql(
    model: Model, entity: str, clause: Clause, clock: AsOf, *, dated: bool = False
) -> str:
    """How often, and on how many days, the named thing happened to each row of the entity;
    `dated`: on which days first and last.
    """
    name = clause.some or clause.no
    thing, time, condition = clause_target(model, name)
    scope = Scope(model, thing, clock)
    hop = scope.key_of(entity)
    conditions = [scope.compile(text) for text in (condition, clause.where) if text]
    inside = [
        f"{hop.sql} is not null",
        *(f"coalesce({condition.sql}, false)" for condition in conditions),
        *recorded_by_as_of(model, thing),
    ]
    if time:
        at = moment_sql(model, thing, time)
        inside.append(f"{at} < {clock.end}")
    if clause.within:
        inside.append(_within(clause, name, at if time else "", clock))
    counted = "count(*) as times"
    if clause.on_days:
        counted += f", count(distinct cast({at} as date)) as days" if time else ", 0 as days"
    if dated:
        day = f"cast({at} as date)" if time else "cast(null as date)"
        counted += f", min({day}) as first_on, max({day}) as last_on"
    joins = dict.fromkeys(
        [clock.join, *hop.joins, *(join for condition in conditions for join in condition.joins)]
    )
    period, by_period = (
        (f"{clock.period} as {clock.grain}, ", f"{clock.period}, ") if clock.grain else ("", "")
    )
    return (
        f"select {period}{hop.sql} as id, {counted}\nfrom {quote(thing)} as e\n"
        + "\n".join(join for join in joins if join)
        + f"\nwhere {' and '.join(inside)}\ngroup by {by_period}{hop.sql}"
    )


def _within(clause: Clause, name: str, at: str, clock: AsOf) -> str:
    length = duration(clause.within)
    if not at:
        raise error_of(
            NotComputableError, "metrics.within_undated", entity=name, length=clause.within
        )
    return f"{at} >= {before_end(clock.end, length)}"


def recorded_by_as_of(model: Model, entity: str) -> list[str]:
    """The condition that a row was written by the as-of day, where its source is a log.

    A source that writes over its rows is not cut: `recorded` then tells of the last change, and
    a row that changed since would be missing from the days before.
    """
    recorded = recorded_of(model, entity)
    if not recorded or not is_log(model, model.entity_sources(entity)[0]):
        return []
    column = f"e.{quote(model.column_of(entity, recorded))}"
    return [
        f"({column} is null or {moment_sql(model, entity, recorded)} <"
        f" {moment(end_of(as_of_date(model)))})"
    ]
