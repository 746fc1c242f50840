"""The surviving value of each attribute of every customer, and the overruled ones."""

from __future__ import annotations

import datetime as dt

from workbook.engine import Table, quote
from workbook.engine.comparison_keys import keyed_rows
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.model import Model, erased_name, nothing_sql
from workbook.model.as_of import as_of_day
from workbook.model.conditions import condition, condition_fields, of_records
from workbook.model.dated_by import dated_sources, group_of, sources_of
from workbook.model.durations import duration
from workbook.model.schema import FieldRule, OrderItem
from workbook.model.times import instant_before, midnight_sql
from workbook.survivorship.exceptions import ValueException, exceptions
from workbook.survivorship.normal_forms import ERASED, STEP, forgets, form_of, typed
from workbook.survivorship.union_of_values import union_of
from workbook.survivorship.value_dates import dated_sql


def choice_name(entity: str, attribute: str) -> str:
    """The table of an attribute's surviving values."""
    return f"{entity}__{attribute}__choice"


def given_sql(model: Model, entity: str, attribute: str, value: str) -> str:
    """Whether a record states a value: it has one, and that means something; `value` is its
    column.
    """
    if not _is_text(model, entity, attribute):
        return f"{value} is not null"
    return (
        f"{value} is not null and not ({nothing_sql(value, model.placeholders(entity, attribute))})"
    )


def _is_text(model: Model, entity: str, attribute: str) -> bool:
    return model.sql_type_of(entity, attribute) == "VARCHAR"


def choice_table(model: Model, entity: str, attribute: str) -> Table:
    """`<entity>__<attribute>__choice`: one row per customer that has a value: the value, where
    it comes from, what it beat.

    A word that means nothing (`N/A`, `unknown`) is no value. Attributes that belong together
    come from one record, which may state only some of them. Of whoever asked to be forgotten a
    protected value is NULL and its rule `erased`; where it still stands is kept.
    """
    rule = model.rule(entity, attribute)
    name = choice_name(entity, attribute)
    classes = {"value": model.class_of(f"{entity}.{attribute}")}
    row_is = f"one {entity} that has a value for {attribute}, the value that stands, and its source"
    if rule.rule == "union":
        function = union_of(model, entity, attribute)
        return Table(name, row_is, STEP, "evidence", ("id",), function=function, classes=classes)
    return Table(
        name,
        row_is,
        STEP,
        "evidence",
        ("id",),
        _sql(model, entity, attribute, rule),
        classes=classes,
    )


def _sql(model: Model, entity: str, attribute: str, rule: FieldRule) -> str:
    value, asked, cases = "ranked.value", "", ""
    if forgets(model, entity, attribute):
        asked = f"left join {quote(erased_name(entity))} as asked on asked.id = ranked.id"
        value = "case when asked.id is null then ranked.value end"
        cases = f"when asked.id is not null then cast('{ERASED}' as varchar) "
    if in_force(model, entity, attribute):
        cases += "when ranked.excepted = 1 then cast('exception' as varchar) "
    said = f"cast('{rule.rule}' as varchar)"
    grouped = is_grouped(model, entity, attribute)
    return filled_sql(
        "survivorship/choice",
        candidates=candidates(model, entity, attribute),
        typed=typed(model, entity, attribute, "value"),
        weights=_WEIGHTS if rule.rule == "most_frequent" else "",
        order=order_of(model, entity, attribute),
        counted="value" if grouped else "*",
        erased=asked,
        value=value,
        rule=f"case {cases}else {said} end" if cases else said,
        has_value="ranked.value is not null" if grouped else "",
    )


_WEIGHTS = (
    "count(*) over (partition by id, form) as times, count(*) over (partition by id, value) as"
    " spelled"
)


def candidates(model: Model, entity: str, attribute: str) -> str:
    """A query of every value that could stand: one row per record that has one, its turn in the
    order, whether it is too old or excepted.

    Of attributes that belong together one row per record that states any of them; the value is
    NULL where not this one.
    """
    rule, items, kind = (
        model.rule(entity, attribute),
        model.order(entity, attribute),
        model.sql_type_of(entity, attribute),
    )
    value, joins = f"r.{quote(model.column_of(entity, attribute))}", []
    for source in sources_of(model, entity, attribute):
        if any(item.only_if and item.source in (source, model.system_of(source)) for item in items):
            alias = quote(f"of_{source}")
            fields = [
                name
                for item in items
                if item.source in (source, model.system_of(source))
                for name in condition_fields(item.only_if)
            ]
            joins.append(
                f"left join {keyed_rows(model, source, fields)} as {alias} on {alias}._record ="
                " r._record"
            )
    dated, changes = dated_sql(model, entity, attribute)
    held, given = in_force(model, entity, attribute), given_sql(model, entity, attribute, value)
    said, on = _excepted(entity, held)
    taken, stated, filled = f"cast({value} as {kind})", given, ""
    if is_grouped(model, entity, attribute):
        each = [
            given_sql(model, entity, name, f"r.{quote(model.column_of(entity, name))}")
            for name in group_of(model, entity, attribute)
        ]
        taken, stated = (
            f"case when {given} then {taken} end",
            "(" + "\n    or ".join(f"({one})" for one in each) + ")",
        )
        filled = (
            " + ".join(f"case when {one} then 1 else 0 end" for one in each)
            if rule.rule == "most_complete"
            else ""
        )
        said = said if said == "0" else f"case when {given} then {said} else 0 end"
    form, forms = (
        form_of(model, entity, attribute, value) if rule.rule == "most_frequent" else ("", "")
    )
    joins += [forms] if forms else []
    more = {
        "form": (form, typed(model, entity, attribute, "v.value")) if form else None,
        "merged": ("r._merged", "0") if model.merges(entity) else None,
        "filled": (filled, "0") if filled else None,
        "dated": (dated, "cast(null as timestamp)") if dated else None,
        "preferred": (
            (_preferred(model, entity, rule), "null") if rule.rule == "expression" else None
        ),
    }
    read, own = (
        ", ".join(f"{item[rank]} as {name}" for name, item in more.items() if item)
        for rank in (0, 1)
    )
    return filled_sql(
        "survivorship/candidates",
        records=f"{entity}__records",
        clusters=f"{entity}__clusters",
        conditions="\n".join(sorted(joins)),
        changes="\n".join(changes),
        exceptions=on,
        stated=stated,
        value=taken,
        rank=_rank(model, entity, attribute, items),
        too_old=_too_old(model, rule),
        excepted=said,
        more=read,
        own_values=_own_values(entity, held, kind, own),
    )


def is_grouped(model: Model, entity: str, attribute: str) -> bool:
    """Whether an attribute takes its value from one record together with others."""
    return len(group_of(model, entity, attribute)) > 1


def in_force(model: Model, entity: str, attribute: str) -> list[ValueException]:
    """The exceptions that hold for an attribute on the as-of day."""
    return [
        e
        for e in exceptions(model)
        if e.field == f"{entity}.{attribute}" and e.holds(as_of_day(model))
    ]


def _rank(model: Model, entity: str, attribute: str, items: tuple[OrderItem, ...]) -> str:
    """The turn of a record in the order; whoever is not named comes last."""
    sources = sorted(sources_of(model, entity, attribute))
    cases = []
    for number, item in enumerate(items, 1):
        for source in sources:
            if item.source in (source, model.system_of(source)):
                asked = ""
                if item.only_if:
                    day = as_of_day(model)
                    holds = condition(model, source, item.only_if, day, f"of_{source}")
                    asked = f" and coalesce({holds}, false)"
                cases.append(f"when r._source = '{source}'{asked} then {number}")
    return f"case {' '.join(cases)} else {len(items) + 1} end" if cases else "1"


def _own_names(model: Model, source: str) -> dict[str, str]:
    """The fields of a source, each of which is a column of its own name."""
    return {name: name for name in model.fields(source)}


def _too_old(model: Model, rule: FieldRule) -> str:
    """Whether a value lost its turn by age; it still stands where nothing fresher does."""
    if not rule.no_older_than:
        return "0"
    limit = instant_before(
        model, duration(rule.no_older_than), as_of_day(model) + dt.timedelta(days=1)
    )
    return f"case when r._recorded < cast('{limit}' as timestamp) then 1 else 0 end"


def _preferred(model: Model, entity: str, rule: FieldRule) -> str:
    """What an expression says of a record."""
    return (
        f"({of_records(model, entity, rule.expr, as_of_day(model), 'r')})"
        if rule.rule == "expression"
        else ""
    )


def is_a_time(model: Model, entity: str, attribute: str) -> bool:
    """Whether values of an attribute are times themselves, so that the earliest is the least of
    them; else it is the value of the record written first.
    """
    return model.type_of(entity, attribute) in ("date", "timestamp")


def order_of(model: Model, entity: str, attribute: str) -> str:
    """What comes first: an exception, what was written by the as-of day, what is not too old,
    then by rule.

    Every rule ends with the order, the newest record and its name. What was written later
    stands only where nothing else does.

    With `dated_by` the newest is the one whose value changed last.
    """
    rule = model.rule(entity, attribute)
    when = "dated" if dated_sources(model, entity, attribute) else "recorded"
    newest, oldest = f"{when} desc nulls last", f"{when} nulls last"
    longest = (
        "filled desc"
        if is_grouped(model, entity, attribute)
        else "length(cast(value as varchar)) desc"
    )
    by_value = is_a_time(model, entity, attribute)
    by_rule = {
        "source_order": (),
        "expression": ("preferred desc nulls last",),
        "most_recent": (newest,),
        "most_frequent": ("times desc, spelled desc",),
        "most_complete": (longest,),
        "earliest": ("value" if by_value else oldest,),
        "min": ("value",),
        "latest": ("value desc" if by_value else newest,),
        "max": ("value desc",),
    }[rule.rule]
    first = ("excepted desc",) if in_force(model, entity, attribute) else ()
    fresh = ("too_old",) if rule.no_older_than else ()
    # what its source merged away has its turn after all others
    merged = ("merged",) if model.merges(entity) else ()
    return ", ".join(
        (
            *first,
            late_sql(model),
            *merged,
            *fresh,
            *by_rule,
            "rank",
            newest,
            *(("recorded desc nulls last",) if when == "dated" else ()),
            "record",
        )
    )


def late_sql(model: Model) -> str:
    """1 where a record was written after the as-of day, else 0."""
    end = midnight_sql(model, as_of_day(model) + dt.timedelta(days=1))
    return f"case when recorded >= {end} then 1 else 0 end"


def _own_values(entity: str, held: list[ValueException], kind: str, more: str) -> str:
    """Values that an exception states itself, as candidates of their own."""
    rows = [e for e in held if e.use_value]
    if not rows:
        return ""
    values = ", ".join(f"({text(e.record)}, {text(e.use_value)})" for e in rows)
    columns = (
        f"c.id as id, cast(v.value as {kind}) as value, cast('exception' as varchar) as source,"
        " v.record as record,\n  cast(null as timestamp) as recorded, 0 as rank, 0 as too_old, 1 as"
        " excepted"
    )
    return (
        f"select {', '.join((columns, *([more] if more else [])))}\n"
        f"from (values {values}) as v(record, value)\n"
        f"join {quote(f'{entity}__clusters')} as c on c.record = v.record"
    )


def _excepted(entity: str, held: list[ValueException]) -> tuple[str, str]:
    """Whether an exception gives a record its turn, and the join that says so."""
    rows = [e for e in held if e.use_source]
    if not rows:
        return "0", ""
    values = ", ".join(f"({text(e.record)}, {text(e.use_source)})" for e in rows)
    join = (
        f"left join (\n  select o.id as id, v.use_source as use_source\n  from (values {values}) as"
        f" v(record, use_source)\n  join {quote(f'{entity}__clusters')} as o on o.record ="
        " v.record\n) as x on x.id = c.id and (x.use_source = r._source or x.use_source ="
        " r._system)"
    )
    return "case when x.id is null then 0 else 1 end", join
