"""Checks of source tables: keys, identifiers, dates, states; all of one table in one scan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from workbook.checks.check import Check, CheckRule, TableScan
from workbook.checks.check_policy import Policy, policy_of, today
from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import CLASSES, Model, ResolvedField
from workbook.model.as_of import end_of_day_sql, looks_back, says_latest
from workbook.model.fact_sources import fact_sources
from workbook.model.table_names import NEWEST, table_of
from workbook.model.times import wall, wall_begins, zone_of
from workbook.words import words_of
from workbook.words.wording import humanize

EARLIEST = "1990-01-01"
_LIFE = re.compile(r"birth|(^|_)(born|dob)(_|$)")  # days of a person's life lie before 1990
DATED = ("date", "timestamp")
PERSONAL = ("personal", "sensitive")


def source_scan(model: Model, source: str) -> TableScan:
    """Every derived check of one source."""
    keys = model.sources.sources[source].primary_key
    return TableScan(
        table=table_of(source),
        source=_from(model, source),
        record="e._record",
        row="e._row",
        of=f"row of {humanize(source)}",
        cls=max(
            (model.field(source, key).cls for key in keys), key=CLASSES.index, default="internal"
        ),
        checks=(
            *_keys(model, source),
            *_identifiers(model, source),
            *_dates(model, source),
            *_order(model, source),
            *_states(model, source),
        ),
    )


def slug(name: str) -> str:
    """A name of the model as part of a table's name."""
    return name.replace(".", "__")


def owner_of(model: Model, source: str) -> str:
    """Who answers for a source: its own owner, its system's, or that of all sources."""
    own = model.sources.sources[source].owner
    return own or model.owner_of("sources", "systems", model.system_of(source))


def _policy(model: Model, family: str, source: str, *more: str) -> Policy:
    return policy_of(
        model, family, (model.system_of(source), source, *more), owner_of(model, source)
    )


def _from(model: Model, source: str) -> str:
    """The table, with what landing found of its cells beside it where states are declared."""
    table = quote(table_of(source))
    states = [name for name, field in model.fields(source).items() if field.values]
    if not states:
        return f"{table} as e"
    columns = ", ".join(
        f"max(case when field = {text(name)} then 1 else 0 end) as {quote(name)}" for name in states
    )
    bad = quote(table_of(source) + "__bad")
    return (
        f"{table} as e\nleft join (select _row, {columns} from {bad} group by _row) as bad on"
        " bad._row = e._row"
    )


def _keys(model: Model, source: str) -> Iterator[Check]:
    keys = model.sources.sources[source].primary_key
    if not keys:
        return
    columns = ", ".join(f"e.{quote(key)}" for key in keys)
    empty = " or ".join(f"e.{quote(key)} is null" for key in keys)
    again = f"row_number() over (partition by {columns} order by e._row) > 1"
    rule = _rule("source_key", source, key=keys)
    yield Check(
        name=f"duplicate_keys__{slug(source)}",
        family="duplicate_keys",
        on=source,
        rule=rule,
        policy=_policy(model, "duplicate_keys", source),
        bad=((empty, rule.reason("empty")), (again, rule.reason("repeated"))),
        reads=tuple(f"{source}.{key}" for key in keys),
    )


def _rule(name: str, source: str, **values: Any) -> CheckRule:
    """A rule about the records of a source."""
    return CheckRule(name, {"source": source, "records": records_of(source), **values})


def records_of(source: str) -> str:
    """The records of a source in the plural: `CRM accounts`, `records of CRM export`."""
    name = humanize(source)
    is_plural = name.endswith(("s", "people")) and not name.endswith("ss")
    return name if is_plural else words_of("checks").text("records.of", source=source)


def _identifiers(model: Model, source: str) -> Iterator[Check]:
    """Strong identifiers are expected everywhere they stand.

    A weak one, and a list of further values beside the first, only where an override speaks of it.
    """
    asked = {o.on for o in model.checks.overrides if o.family == "missing_identifiers"}
    fields: dict[str, str] = {}
    for identifier, places in model.identifier_places.items():
        strong = (
            not model.is_open("sources")
            and model.sources.identifiers[identifier].strength == "strong"
        )
        here = [ref for ref in places if ref.source == source]
        for ref in here:
            name = f"{ref.source}.{ref.field}"
            further = len(here) > 1 and model.field(source, ref.field).split
            if (strong and not further) or {identifier, name} & asked:
                fields.setdefault(ref.field, identifier)
    for field, identifier in fields.items():
        name = f"{source}.{field}"
        rule = _rule("identifier", source, field=field)
        yield Check(
            name=f"missing_identifiers__{slug(name)}",
            family="missing_identifiers",
            on=name,
            rule=rule,
            policy=_policy(model, "missing_identifiers", source, identifier, name),
            bad=((f"e.{quote(field)} is null", rule.reason("empty")),),
            reads=(name,),
        )


def _dates(model: Model, source: str) -> Iterator[Check]:
    """One check per dated field: not before 1990 (but for dates of a person's life), not after
    as-of.
    """
    for name, field in model.fields(source).items():
        if field.type not in DATED:
            continue
        value, day, on = (
            wall_begins(model, source, name, f"e.{quote(name)}"),
            today(model),
            f"{source}.{name}",
        )
        early = field.cls not in PERSONAL and not _LIFE.search(name.lower())
        late = bool(day) and _is_past(model, source, name, field) and not looks_back(model)
        rule = _rule("date", source, field=name, early=early, late=late)
        bad = []
        if early:
            before = f"{value} < cast('{EARLIEST} 00:00:00' as timestamp)"
            bad.append((before, rule.reason("early")))
        if day and late:
            after = f"{value} >= {end_of_day_sql(day)}"
            if says_latest(model) and fact_sources(model):  # an earlier day may have been asked for
                after += f" and cast('{day}' as date) >= (select day from {quote(NEWEST)})"
            bad.append((after, rule.reason("late")))
        if bad:
            yield Check(
                name=f"impossible_dates__{slug(on)}",
                family="impossible_dates",
                on=on,
                rule=rule,
                policy=_policy(model, "impossible_dates", source, on),
                bad=tuple(bad),
                reads=(on,),
            )


def _is_past(model: Model, source: str, name: str, field: ResolvedField) -> bool:
    """Whether a field says what has happened: times that a machine wrote, and when a row is
    true or was recorded.

    The end of a period and days without a time may be planned.
    """
    part = model.sources.sources[source]
    if name == part.recorded or (len(part.valid) == 1 and name == part.valid[0]):
        return True
    return field.type == "timestamp" and name not in part.valid[1:]


def _order(model: Model, source: str) -> Iterator[Check]:
    """The end of a period does not precede its start; nothing that happened was recorded before
    it did.
    """
    part = model.sources.sources[source]
    if len(part.valid) == 2:
        yield _after(model, source, part.valid[1], part.valid[0])
    starts = part.valid[:1]
    planned = len(part.valid) == 2 and model.field(source, part.valid[0]).type == "date"
    if part.recorded and starts and not planned and part.recorded != starts[0]:
        yield _after(model, source, part.recorded, starts[0])


def _after(model: Model, source: str, later: str, earlier: str) -> Check:
    """Where one of the two is a day without a time, days are compared."""
    kinds = {model.field(source, later).type, model.field(source, earlier).type}
    kind = "date" if "date" in kinds else "timestamp"
    on = f"{source}.{later}"
    rule = _rule("order", source, later=later, earlier=earlier)
    return Check(
        name=f"impossible_dates__{slug(on)}__after__{earlier}",
        family="impossible_dates",
        on=on,
        rule=rule,
        policy=_policy(model, "impossible_dates", source, on),
        bad=(
            (
                (
                    f"cast({_shown(model, source, later)} as {kind}) <"
                    f" cast({_shown(model, source, earlier)} as {kind})"
                ),
                rule.reason("reversed"),
            ),
        ),
        reads=(on, f"{source}.{earlier}"),
    )


def _shown(model: Model, source: str, name: str) -> str:
    """A time on the business's clock, so that its day can be compared with a date."""
    column, zone = f"e.{quote(name)}", zone_of(model)
    return wall(column, zone) if model.field(source, name).type == "timestamp" else column


def _states(model: Model, source: str) -> Iterator[Check]:
    for name, field in model.fields(source).items():
        if field.values:
            on = f"{source}.{name}"
            rule = _rule("values", source, field=name, values=len(field.values))
            yield Check(
                name=f"invalid_states__{slug(on)}",
                family="invalid_states",
                on=on,
                rule=rule,
                policy=_policy(model, "invalid_states", source, on),
                bad=((f"bad.{quote(name)} = 1", rule.reason("undeclared")),),
                reads=(on,),
            )
