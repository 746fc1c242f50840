"""Views and audiences as tables: who is in, with which fields, and who is out for which reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from workbook.engine import Table, quote
from workbook.errors import WorkbookError
from workbook.governance.exclusion_reasons import (
    IN,
    NO_CONSENT,
    NO_CONTACT,
    NO_PERMISSION,
    NOT_IN_AUDIENCE,
    NOT_IN_VIEW,
    NOT_OF_ROLE,
    OPTED_OUT,
)
from workbook.governance.policy import class_of, may_read
from workbook.governance.withheld_views import withheld_sql
from workbook.model import Model
from workbook.model.channels import contacts_of
from workbook.model.derivation import derivation_of
from workbook.model.distinct_columns import distinct_columns
from workbook.model.schema import Audience, View
from workbook.model.view_reads import limited_by, readings, uses_of

STEP = "11_customer_360"


class ViewExpression(Protocol):
    """An expression over alias `e`, and the joins that it needs."""

    sql: str
    joins: tuple[str, ...]


@dataclass(frozen=True)
class Compiler:
    """What turns the model's words into SQL: an expression over an entity, the id that each of
    its rows reaches, a metric for each.
    """

    expression: Callable[[str, str], ViewExpression]
    key_of: Callable[
        [str, str], ViewExpression
    ]  # (entity, other) -> the id of the other's row; of the row itself where both are one
    per_row: Callable[[str, str], str]  # (metric, entity) -> the table with `id` and `value`
    zero: Callable[[str], bool] = lambda metric: False  # whether a metric of nothing is 0


def view_tables(model: Model, compiler: Compiler) -> tuple[list[Table], dict[str, str]]:
    """The tables of every view and audience, and what of them cannot be compiled, each with the
    reason.

    The reason stands by the name of the view, or by `view: field` where only a field cannot be
    compiled.
    """
    tables: list[Table] = []
    refused: dict[str, str] = {}
    for kind, name, use in uses_of(model):
        fields: dict[str, str] = {}
        try:
            for served in _served(model, kind, name, use):
                tables += _decided(model, compiler, served, fields)
        except WorkbookError as error:
            refused[name] = str(error)
        refused |= {f"{name}: {field}": why for field, why in fields.items()}
    return tables, refused


@dataclass(frozen=True)
class Served:
    """One table of a view or an audience: for all who read it, or for a role with limited rows."""

    table: str
    use: View | Audience
    conditions: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


def _served(model: Model, kind: str, name: str, use: View | Audience) -> Iterator[Served]:
    derivation, table = derivation_of(model), table_of_use(kind, name)
    things = [read.thing for reading in readings(model, kind, name, use) for read in reading.reads]
    conditions = tuple(_conditions(model, use))
    yield Served(table, use, conditions, derivation.sources(things))
    for role, spec, reading in limited_by(model, use):
        more = [*things, *(read.thing for read in reading.reads)]
        yield Served(
            table_of_role(table, role),
            use,
            (*conditions, (NOT_OF_ROLE, spec.rows)),
            derivation.sources(more),
        )


def table_of_use(kind: str, name: str) -> str:
    """The table of one of the `views` or `audiences`: those who are in, with their fields."""
    return f"{kind.removesuffix('s')}__{name}"


def table_of_role(table: str, role: str) -> str:
    """The table of a view as a role reads it that may see only some of its rows."""
    return f"{table}__role__{role}"


def _conditions(model: Model, use: View | Audience) -> Iterator[tuple[str, str]]:
    """What keeps somebody in, each with the reason why somebody is out, in the order asked."""
    if isinstance(use, View):
        yield NOT_IN_VIEW, use.only
    else:
        yield NOT_IN_AUDIENCE, use.only
        yield NO_CONSENT, use.consent
        yield OPTED_OUT, f"not coalesce({use.opt_out}, false)" if use.opt_out else ""
    purpose = (
        model.ai_context.purposes.get(use.purpose) if not model.is_open("ai_context") else None
    )
    yield NO_PERMISSION, purpose.only_if if purpose else ""
    if isinstance(use, Audience) and use.channel:
        contacts = (".".join(map(quote, name.split(".", 1))) for name in contacts_of(model, use))
        yield (
            f"{NO_CONTACT}{use.channel}",
            " or ".join(f"{contact} is not null" for contact in contacts),
        )


def _decided(
    model: Model, compiler: Compiler, served: Served, refused: dict[str, str]
) -> Iterator[Table]:
    """`<table>__decided`: one row per row of the entity, in or out and why.

    `<table>`: those who are in, with their fields.

    Nobody is in where the purpose is not met: what is read is too old, or tells of too few
    people. A field that cannot be compiled is left out and noted in `refused`; a condition that
    cannot be stops the view.
    """
    use, table = served.use, served.table
    entity = use.of
    purpose = (
        model.ai_context.purposes.get(use.purpose) if not model.is_open("ai_context") else None
    )
    joins: dict[str, None] = {}
    cases = []
    for reason, text in served.conditions:
        if text:
            compiled = compiler.expression(entity, text)
            joins |= dict.fromkeys(compiled.joins)
            cases.append(
                f"when not coalesce({compiled.sql}, false) then cast('{reason}' as varchar)"
            )
    case = (
        f"case {' '.join(cases)} else cast('{IN}' as varchar) end"
        if cases
        else f"cast('{IN}' as varchar)"
    )
    body = "\n".join(joins)
    decided = f"select e.id as id, {case} as decision\nfrom {quote(entity)} as e\n{body}"
    if purpose:
        decided = withheld_sql(model, use, purpose, decided, served.sources)
    yield Table(
        f"{table}__decided",
        f"one {entity}: in, or the first reason why it is out",
        STEP,
        "evidence",
        ("id",),
        decided,
    )
    yield _shown(model, compiler, served, refused)


def _shown(model: Model, compiler: Compiler, served: Served, refused: dict[str, str]) -> Table:
    """Those who are in, with every field that the purpose permits."""
    use, table = served.use, served.table
    columns, needed, classes, named = ["e.id as id"], {}, {}, distinct_columns(use.fields)
    for field in use.fields:
        if not may_read(model, use.purpose, field, use.of).allowed:
            continue  # what is not allowed never reaches the view; the page lists it
        try:
            sql, more = _field(model, compiler, use.of, field)
        except WorkbookError as error:
            refused[field] = str(error)
            continue
        columns.append(f"{sql} as {quote(named[field])}")
        needed |= dict.fromkeys(more)
        classes[named[field]] = class_of(model, field, use.of)
    joined = "\n".join([f"join {quote(table + '__decided')} as d on d.id = e.id", *needed])
    sql = (
        f"select {', '.join(columns)}\nfrom {quote(use.of)} as e\n{joined}\nwhere d.decision ="
        f" '{IN}'"
    )
    row_is = f"one {use.of} that the purpose {use.purpose or 'nobody named'} may read"
    return Table(table, row_is, STEP, "customer-360", ("id",), sql, classes=classes)


def _field(
    model: Model, compiler: Compiler, entity: str, field: str
) -> tuple[str, tuple[str, ...]]:
    """A field of a view as SQL: an attribute or a rule in reach, or a metric for each row or
    for what the row reaches.
    """
    owner, _, attribute = field.rpartition(".")
    if attribute in model.metrics.metrics:
        of = owner or entity
        table, alias = compiler.per_row(attribute, of), quote(f"of_{field}")
        row = compiler.key_of(entity, of)
        nothing = f"{row.sql} is not null and {alias}.id is null"
        value = (
            f"case when {nothing} then 0 else {alias}.value end"
            if compiler.zero(attribute)
            else f"{alias}.value"
        )
        return value, (*row.joins, f"left join {quote(table)} as {alias} on {alias}.id = {row.sql}")
    text = ".".join(
        quote(word) for word in ((owner, attribute) if owner and owner != entity else (attribute,))
    )
    compiled = compiler.expression(entity, text)
    return compiled.sql, compiled.joins
