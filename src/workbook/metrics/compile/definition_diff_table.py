"""The rows on which two definitions of one thing disagree, each with what happened to it: what
a team needs to settle them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbook.engine import Table, quote
from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import now
from workbook.metrics.compile.references import clause_target, rules_in, rules_under
from workbook.metrics.compile.resolve import ADDITIVE, ResolvedMeasure, metrics_of
from workbook.metrics.compile.rules import STEP, event_counts_sql
from workbook.metrics.compile.units import adds_up, resolved
from workbook.model import Model, scalar_expression
from workbook.model.schema import Clause
from workbook.privacy import shown

Segment = Callable[[str, str], str]


def disagreement_table(name: str, other: str) -> str:
    """The table of what only one of two competing definitions counts."""
    return f"m__{name}__or__{other}"


def same_rows(model: Model, name: str, other: str) -> bool:
    """Whether two figures are simple ones that count or add up rows of one entity."""
    parts = metrics_of(model).metrics
    if {parts[name].type, parts[other].type} != {"simple"}:
        return False
    try:
        first, second = resolved(model, name), resolved(model, other)
    except WorkbookError:  # one of them is refused, and its refusal says why
        return False
    return first.entity == second.entity and {first.measure.agg, second.measure.agg} <= set(
        ADDITIVE
    )


def pairs_that_count(model: Model) -> Iterator[tuple[str, str]]:
    """Competing metrics that both count rows of one entity, so that they disagree about single
    rows.
    """
    known = model.metrics.metrics
    for name, metric in known.items():
        other = metric.competes_with
        if (
            other in known
            and same_rows(model, name, other)
            and {resolved(model, item).measure.agg for item in (name, other)} == {"count"}
        ):
            yield name, other


def asked_about(model: Model, name: str, other: str) -> dict[str, Clause]:
    """What the rules of two definitions look for, by name; all of it, so that every list tells
    the same of one row.
    """
    bare = {"where": "", "within": "", "on_days": 0}
    return {
        (item.some or item.no): item.model_copy(update=bare)
        for _, item in _clauses(model, name, other)
    }


def counted_by(model: Model, name: str, other: str) -> dict[tuple[str, str], Clause]:
    """What each rule of two definitions counts of it, by the thing and the rule."""
    return {((item.some or item.no), rule): item for rule, item in _clauses(model, name, other)}


def counted_column(thing: str, rule: str) -> str:
    """The column of how many of a thing a rule counts."""
    return f"{thing}_for_{rule}"


def _clauses(model: Model, name: str, other: str) -> Iterator[tuple[str, Clause]]:
    """The clauses under two definitions about what happened to their rows, each with its rule."""
    entity = resolved(model, name).entity
    waiting = [
        rule
        for item in (name, other)
        for rule in rules_in(model, entity, resolved(model, item).filter)
    ]
    for rule in waiting:
        part = metrics_of(model).rules[rule]
        for item in part.conditions:
            if not isinstance(item, str) and part.of == entity:
                yield rule, item
        waiting += [item for item in rules_under(model, rule) if item not in waiting]


def headline_sum(model: Model, entity: str) -> str:
    """The first headline number that is a sum in force on the as-of day over another entity, of
    values that may be shown; '' without one.
    """
    for name in model.grain.headline:
        metric = metrics_of(model).metrics.get(name)
        if metric is None or metric.type != "simple":
            continue
        try:
            found = resolved(model, name)
        except WorkbookError:  # refused, and its refusal says why
            continue
        if (
            found.kind == "level"
            and found.measure.agg == "sum"
            and adds_up(model, name)
            and found.entity != entity
            and _may_be_shown(model, found)
        ):
            return name
    return ""


def _may_be_shown(model: Model, found: ResolvedMeasure) -> bool:
    """Whether a sum of one thing alone gives nothing protected away: every value in it may be
    shown.
    """
    own = model.attributes(found.entity)
    return all(
        name in own and shown(model.class_of(f"{found.entity}.{name}"))
        for name in scalar_expression(found.measure.expr)[1]
    )


def disagreement(model: Model, name: str, other: str, segment: Segment) -> Table:
    """`m__<name>__or__<other>`: id, which definition counts it (`only_in`), and per thing asked
    about: how often, first and last day.

    `<thing>_for_<rule>` is how many of it a rule counts. `at_stake` is what the headline level
    of `stake_of` comes to for it. `segment` makes a metric's table by a dimension.
    """
    entity, clock = resolved(model, name).entity, now(model)
    things = asked_about(model, name, other)
    alias = {thing: f"thing_{number}" for number, thing in enumerate(things, start=1)}
    columns = [
        f"{alias[thing]}.{column} as {quote(f'{thing}_{column}')}"
        for thing in things
        for column in ("times", "first_on", "last_on")
    ]
    joins = [f"left join {item} on {item}.id = apart.id" for item in alias.values()]
    stake = _stake(model, entity, segment)
    columns += ["at_stake.exact as at_stake"] if stake else []
    joins += (
        [f"left join {quote(stake)} as at_stake on at_stake.segment = apart.id"] if stake else []
    )
    parts = [
        f"{alias[thing]} as (\n{event_counts_sql(model, entity, clause, clock, dated=True)}\n)"
        for thing, clause in things.items()
    ]
    for number, ((thing, rule), clause) in enumerate(
        counted_by(model, name, other).items(), start=1
    ):
        columns.append(f"coalesce(rule_{number}.times, 0) as {quote(counted_column(thing, rule))}")
        joins.append(f"left join rule_{number} on rule_{number}.id = apart.id")
        parts.append(f"rule_{number} as (\n{event_counts_sql(model, entity, clause, clock)}\n)")
    parts.append(f"""apart as (
    select coalesce(a.id, b.id) as id,
           case when b.id is null then '{name}' else '{other}' end as only_in
    from {quote(f"m__{name}__rows")} as a
    full outer join {quote(f"m__{other}__rows")} as b on b.id = a.id
    where a.id is null or b.id is null
)""")
    listed = ", ".join(["apart.id as id", "apart.only_in as only_in", *columns])
    sql = "with " + ",\n".join(parts) + f"\nselect {listed}\nfrom apart\n" + "\n".join(joins)
    row_is = f"one {entity} that only one of {name} and {other} counts"
    return Table(
        disagreement_table(name, other),
        row_is,
        STEP,
        "evidence",
        ("id",),
        sql,
        classes=_classes(model, entity, things),
    )


def _stake(model: Model, entity: str, segment: Segment) -> str:
    name = headline_sum(model, entity)
    try:
        return segment(name, f"{entity}.{model.id_of(entity)}") if name else ""
    except WorkbookError:  # the level cannot be split by this entity, so nothing is said of it
        return ""


def _classes(model: Model, entity: str, things: dict[str, Clause]) -> dict[str, str]:
    """An id has the class of the entity's; the days that of the attribute that holds them."""
    found = {"id": model.class_of(f"{entity}.{model.id_of(entity)}")}
    for thing in things:
        of, time, _ = clause_target(model, thing)
        if time:
            found |= dict.fromkeys(
                (f"{thing}_first_on", f"{thing}_last_on"), model.class_of(f"{of}.{time}")
            )
    return found
