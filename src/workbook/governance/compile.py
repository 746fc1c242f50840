"""Views and audiences as tables: who is in, with which fields, and who is out for which reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from workbook.engine import Table, quote
from workbook.errors import WorkbookError
from workbook.governance.people import people_in, people_sql
from workbook.governance.policy import class_of, may_read
from workbook.model import Model
from workbook.model.columns import distinct_columns
from workbook.model.schema import Audience, View

STEP = "11_customer_360"
IN = "in"
TOO_FEW = "fewer than the smallest group"


class Compiled(Protocol):
    """An expression over alias `e`, and the joins that it needs."""

    sql: str
    joins: tuple[str, ...]


@dataclass(frozen=True)
class Compiler:
    """What turns the model's words into SQL: an expression over an entity, the id that each of its rows reaches, a metric for each."""

    expression: Callable[[str, str], Compiled]
    key_of: Callable[[str, str], Compiled]  # (entity, other) -> the id of the other's row; of the row itself where both are one
    per_row: Callable[[str, str], str]  # (metric, entity) -> the table with `id` and `value`
    zero: Callable[[str], bool] = lambda metric: False  # whether a metric of nothing is 0


def view_tables(model: Model, compiler: Compiler) -> tuple[list[Table], dict[str, str]]:
    """The tables of every view, and the views that cannot be compiled, each with the reason."""
    views = model.customer_360.views if model.customer_360 else {}
    return _each(views, lambda name, view, refused: _view(model, compiler, name, view, refused))


def audience_tables(model: Model, compiler: Compiler) -> tuple[list[Table], dict[str, str]]:
    """The tables of every audience, and the audiences that cannot be compiled, each with the reason."""
    audiences = model.customer_360.audiences if model.customer_360 else {}
    return _each(audiences, lambda name, audience, refused: _audience(model, compiler, name, audience, refused))


def _each(named: Mapping[str, Any], make: Callable[[str, Any, dict[str, str]], Iterator[Table]]) -> tuple[list[Table], dict[str, str]]:
    """Tables of each; refused by the name of the view, or by `view: field` where only a field cannot be compiled."""
    made: list[Table] = []
    refused: dict[str, str] = {}
    for name, part in named.items():
        fields: dict[str, str] = {}
        try:
            made += list(make(name, part, fields))
        except WorkbookError as error:
            refused[name] = str(error)
        refused |= {f"{name}: {field}": why for field, why in fields.items()}
    return made, refused


def _view(model: Model, compiler: Compiler, name: str, view: View, refused: dict[str, str]) -> Iterator[Table]:
    conditions = [("outside of what the view asks for", view.only)]
    yield from _decided(model, compiler, f"view__{name}", view, conditions, refused)


def _audience(model: Model, compiler: Compiler, name: str, audience: Audience, refused: dict[str, str]) -> Iterator[Table]:
    conditions = [("outside of what the audience asks for", audience.only), ("no consent", audience.consent)]
    conditions += [("opted out", f"not coalesce({audience.opt_out}, false)")] if audience.opt_out else []
    yield from _decided(model, compiler, f"audience__{name}", audience, conditions, refused)


def _decided(
    model: Model, compiler: Compiler, table: str, use: View | Audience, conditions: list[tuple[str, str]], refused: dict[str, str]
) -> Iterator[Table]:
    """`<table>__decided`: one row per row of the entity, in or out and why. `<table>`: those who are in, with their fields.

    Where it tells of fewer than the smallest group of the purpose, nobody is in. A field that cannot be compiled is left out and noted in `refused`; a condition that cannot be stops the view.
    """
    entity = use.of
    purpose = model.ai_context.purposes.get(use.purpose) if model.ai_context else None
    conditions += [("no permission for this purpose", purpose.only_if)] if purpose and purpose.only_if else []
    joins: dict[str, None] = {}
    turns = []
    for reason, text in conditions:
        if text:
            compiled = compiler.expression(entity, text)
            joins |= dict.fromkeys(compiled.joins)
            turns.append(f"when not coalesce({compiled.sql}, false) then cast('{reason}' as varchar)")
    case = f"case {' '.join(turns)} else cast('{IN}' as varchar) end" if turns else f"cast('{IN}' as varchar)"
    body = "\n".join(joins)
    decided = f"select e.id as id, {case} as decision\nfrom {quote(entity)} as e\n{body}"
    if purpose and purpose.smallest_group > 1:
        decided = _at_least(model, use, decided, purpose.smallest_group)
    yield Table(f"{table}__decided", f"one {entity}: in, or the first reason why it is out", STEP, "evidence", ("id",), decided)
    columns, needed, classes, named = ["e.id as id"], {}, {}, distinct_columns(use.fields)
    for field in use.fields:
        if not may_read(model, use.purpose, field).allowed:
            continue  # what is not allowed never reaches the view; the page lists it
        try:
            sql, more = _field(model, compiler, entity, field)
        except WorkbookError as error:
            refused[field] = str(error)
            continue
        columns.append(f"{sql} as {quote(named[field])}")
        needed |= dict.fromkeys(more)
        classes[named[field]] = class_of(model, field)
    joined = "\n".join([f"join {quote(table + '__decided')} as d on d.id = e.id", *needed])
    sql = f"select {', '.join(columns)}\nfrom {quote(entity)} as e\n{joined}\nwhere d.decision = '{IN}'"
    yield Table(table, f"one {entity} that the purpose {use.purpose or 'nobody named'} may read", STEP, "customer-360", ("id",), sql, classes=classes)


def _at_least(model: Model, use: View | Audience, decided: str, least: int) -> str:
    """The same decisions, but nobody is in where those who are tell of fewer people than so many: different ids, not rows."""
    counts = [f"({people_sql(model, use, name, 'decided', IN)})" for name in people_in(model, use)]
    fewest = counts[0] if len(counts) == 1 else f"least({', '.join(counts)})"
    return f"""with decided as (
{decided}
), counted as (
  select {fewest} as people
)
select d.id as id, case when d.decision = '{IN}' and c.people < {least} then cast('{TOO_FEW}' as varchar) else d.decision end as decision
from decided as d
cross join counted as c"""


def _field(model: Model, compiler: Compiler, entity: str, field: str) -> tuple[str, tuple[str, ...]]:
    """A field of a view as SQL: an attribute or a rule in reach, or a metric for each row or for what the row reaches."""
    owner, _, attribute = field.rpartition(".")
    if model.metrics and attribute in model.metrics.metrics:
        of = owner or entity
        table, alias = compiler.per_row(attribute, of), quote(f"of_{field}")
        row = compiler.key_of(entity, of)
        nothing = f"{row.sql} is not null and {alias}.id is null"
        value = f"case when {nothing} then 0 else {alias}.value end" if compiler.zero(attribute) else f"{alias}.value"
        return value, (*row.joins, f"left join {quote(table)} as {alias} on {alias}.id = {row.sql}")
    text = ".".join(quote(word) for word in ((owner, attribute) if owner and owner != entity else (attribute,)))
    compiled = compiler.expression(entity, text)
    return compiled.sql, compiled.joins
