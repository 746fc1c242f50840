"""Metrics that aggregate one measure: their value, their values by segment and by month."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.metrics.clock import MONTHS, Clock, NotComputableError, month_ends, now
from workbook.metrics.guard import EXACT, entities_under, guarded
from workbook.metrics.naming import parts_of, reads_the_past, rules_in
from workbook.metrics.rows import NO_VALUE, NOT_LINKED, SEVERAL, converts, left_out_table, rows_sql, rows_table, under_rows
from workbook.metrics.rules import STEP, rule_tables
from workbook.metrics.scope import Scope
from workbook.metrics.semantic import Resolved
from workbook.model import Model
from workbook.privacy import strictest


def aggregate(model: Model, found: Resolved, *rows: str) -> str:
    """SQL of the measure over amounts, before rounding; `rows` is the SQL that finds them.

    NULL where amounts of several currencies meet (one that is not told is another), and where intervals of the past
    overlap and so repeat a row.
    """
    value = {
        "count": f"cast(count(*) as {EXACT})",
        "sum": f"cast(coalesce(sum(amount), 0) as {EXACT})",
        "count_distinct": f"cast(count(distinct amount) as {EXACT})",
        "average": f"cast(sum(amount) / nullif(count(amount), 0) as {EXACT})",
        "min": "min(amount)",
        "max": "max(amount)",
    }[found.measure.agg]
    sound = ["count(distinct coalesce(currency, '')) <= 1"] if mixed(model, found) else []
    sound += ["count(distinct id) = count(*)"] if any(reads_the_past(model, sql) for sql in rows) else []
    return f"case when {' and '.join(sound)} then {value} end" if sound else value


def totals(model: Model, found: Resolved, clock: Clock) -> list[Table]:
    """The rows that count at the clock, what is left out, and `m__<metric>__total`."""
    under = under_rows(model, found, clock)
    rows = rows_table(model, found, clock)
    body = f"select {aggregate(model, found, rows.sql)} as exact, count(*) as rows_counted\nfrom {quote(rows.name)}"
    sql = guarded(body, found.value, entities_under(model, [*under, rows]))
    tables = [*under, rows, Table(f"m__{found.name}__total{clock.suffix}", f"the value of {found.name}", STEP, "canonical", (), sql)]
    aside = None if clock.suffix else left_out_table(model, found, quote(rows.name), clock)
    return [*tables, aside] if aside else tables


def mixed(model: Model, found: Resolved) -> bool:
    """Whether rows bear currencies that nothing brings together."""
    return bool(found.currency and found.value == "money") and not (model.metrics and model.metrics.currency and model.metrics.currency.rates)


def segment_table(metric: str, dimension: str) -> str:
    """The name of the table that holds a metric by a dimension."""
    return f"m__{metric}__by__{dimension.replace('.', '__').replace(' ', '_')}"


def segments(model: Model, found: Resolved, dimension: str, earlier: str = "") -> list[Table]:
    """`m__<metric>__by__<dimension>`: at most one to-one hop away; rows that reach none or several keep a bucket of their own."""
    clock = now(model, earlier)
    owner, attribute, event = parts_of(dimension)
    owner = owner or found.entity
    bucket, joins, rules = _bucket(model, Scope(model, found.entity, clock), owner, attribute, event)
    rows = f"m__{found.name}__rows{clock.suffix}"
    apart = owner == found.entity and attribute != "id" and not event  # only then does the segment stand in the row itself
    alias, own = ("m", f"join {quote(found.entity)} as e on e.id = m.id\n") if apart else ("e", "")
    currency = f", {alias}.currency as currency" if mixed(model, found) else ""
    split = f"select {bucket} as segment, {alias}.id as id, {alias}.amount as amount{currency}\nfrom {quote(rows)} as {alias}\n{own}" + "\n".join(joins)
    counted = rows_sql(model, found, clock)
    body = f"select segment, {aggregate(model, found, split, counted)} as exact, count(*) as rows_counted\nfrom (\n{split}\n) as split\ngroup by segment"
    below = entities_under(model, [*under_rows(model, found, clock), *rules], split, counted)
    sql = guarded(body, found.value, below, ("segment",))
    classes = {"segment": class_of_dimension(model, owner, attribute, event)}
    name, row_is = segment_table(found.name, dimension) + clock.suffix, f"{found.name} of one {dimension}"
    return [*rules, Table(name, row_is, STEP, "canonical", ("segment",), sql, classes=classes)]


def class_of_dimension(model: Model, owner: str, attribute: str, event: str = "") -> str:
    """The privacy class of a dimension's values; of one that only the past knows, that of the field it is kept from."""
    kept = model.history.history.get(f"{owner}.{attribute}") if model.history else None
    then = [model.class_of(f"{kept.from_}.{kept.value}")] if kept else []
    if model.attributes(owner).get(attribute) or attribute == "id":
        return strictest([model.class_of(f"{owner}.{attribute}"), *(then if event else [])])
    return strictest(then) if then else "internal"


def _bucket(model: Model, scope: Scope, owner: str, attribute: str, event: str) -> tuple[str, tuple[str, ...], list[Table]]:
    """SQL of the segment that a row belongs to, the joins and the rules that it needs."""
    at = scope.at_event(owner, attribute, event) if event else scope.value(attribute if owner == scope.entity else f"{owner}.{attribute}")
    is_yes_or_no = not event and (attribute in model.rules_of(owner) or model.type_of(owner, attribute) == "boolean")
    text = f"case when {at.sql} then 'yes' when not {at.sql} then 'no' end" if is_yes_or_no else f"cast({at.sql} as varchar)"
    cases = [f"when {at.reaches[0]} > 1 then '{SEVERAL}'"] if event else []
    if owner != scope.entity:
        hop = quote(f"hop_{scope.link_to(owner)}")
        cases = [f"when {hop}.reached > 1 then '{SEVERAL}'", f"when {hop}.to_id is null then '{NOT_LINKED}'", *cases]
    named = f"coalesce({text}, '{NO_VALUE}')"
    rules = [] if event else rule_tables(model, rules_in(model, owner, f'"{attribute}"'), scope.clock)
    return f"case {' '.join(cases)} else {named} end" if cases else named, at.joins, rules


def months(model: Model, found: Resolved, earlier: str = "") -> list[Table]:
    """`m__<metric>__month`: a flow by the month of its valid time, anything else as it stood at each month's end."""
    if found.kind == "flow" and not earlier:
        return [_flow(model, found)]
    if found.kind == "still" or (found.kind == "level" and not found.at):
        raise NotComputableError(f"rows of {found.entity} carry no valid time, and its filter does not depend on the date")
    if found.kind == "flow":
        raise NotComputableError("a flow belongs to its month; an earlier one is read from its own row")
    clock = month_ends(earlier)
    under = under_rows(model, found, clock)
    rows = rows_sql(model, found, clock)
    priced = converts(model, found)
    unrated = ", coalesce(counted.unrated, 0) as unrated" if priced else ""
    count = ", count(case when amount is null and native is not null then 1 end) as unrated" if priced else ""
    body = f"""select listed.month as month, {_or_zero(found)} as exact, coalesce(counted.rows_counted, 0) as rows_counted{unrated}
from {quote(MONTHS)} as listed
left join (
select month, {aggregate(model, found, rows)} as exact, count(*) as rows_counted{count}
from (
{rows}
) as kept
group by month
) as counted on counted.month = listed.month"""
    sql = guarded(body, found.value, entities_under(model, under, rows), ("month",), ("unrated",) if priced else ())
    row_is = f"{found.name} at the end of one month" + (", and how many of its rows have no exchange rate then" if priced else "")
    return [*under, Table(f"m__{found.name}{clock.suffix}", row_is, STEP, "canonical", ("month",), sql)]


def _flow(model: Model, found: Resolved) -> Table:
    """By month of valid time, months without a row included; rows without a date keep a row without a month."""
    rows = quote(f"m__{found.name}__rows")
    clock = now(model)
    counted = rows_sql(model, found, clock)
    body = f"""select listed.month as month, {_or_zero(found)} as exact, coalesce(counted.rows_counted, 0) as rows_counted
from (
    select months.month as month
    from {quote(MONTHS)} as months
    cross join (select min(starts) as since from {rows}) as earliest
    where months.ends > earliest.since
    union
    select cast(date_trunc('month', starts) as date) as month from {rows}
) as listed
left join (
    select cast(date_trunc('month', starts) as date) as month, {aggregate(model, found, counted)} as exact, count(*) as rows_counted
    from {rows}
    group by cast(date_trunc('month', starts) as date)
) as counted on counted.month is not distinct from listed.month"""
    below = entities_under(model, under_rows(model, found, clock), counted)
    sql = guarded(body, found.value, below, ("month",))
    return Table(f"m__{found.name}__month", f"{found.name} of one month", STEP, "canonical", ("month",), sql)


def _or_zero(found: Resolved) -> str:
    """A month without a row is nothing where amounts are added or counted, and unknown elsewhere."""
    adds = found.measure.agg in ("count", "sum", "count_distinct")
    return "case when counted.rows_counted is null then 0 else counted.exact end" if adds else "counted.exact"
