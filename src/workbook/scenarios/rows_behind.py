"""The rows behind a number or a name of a page: the customers that a metric counts, for whom a rule
holds, whose records conflict, who are in a view.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from workbook import metrics
from workbook.engine import quote
from workbook.engine.sql import fold, text
from workbook.errors import WorkbookError
from workbook.nearest_name import did_you_mean
from workbook.scenarios.context import Context
from workbook.scenarios.masked_tables import answer_of_query
from workbook.scenarios.published_values import published
from workbook.show.text import clean
from workbook.survivorship import compared_name, in_conflict_sql, shared_attributes
from workbook.words import words_of
from workbook.words.wording import humanize, truncate_list

_WORDS = words_of("data")
_CHECKED = re.compile(r"for which '(.+)' does not hold")
_LISTED = 12  # names that an error lists


def rows_behind(context: Context, texts: Sequence[str], name: str = "") -> pl.DataFrame:
    """The rows behind a name that a figure shows, personal values as tokens; the name may be left
    out where the figure shows but one that has rows.

    Raises:
        WorkbookError: nothing of that name stands in the figure, or no rows are kept behind it.
    """
    known = dict(_queries(context))
    here = {_key(item): item for item in texts if _key(item) in known}
    asked = _key(name)
    if not name and len(here) == 1:
        asked = next(iter(here))
    if asked not in here:
        listed = list(dict.fromkeys(here.values()))
        hint = did_you_mean(name, listed) if name else ""
        raise WorkbookError(
            _WORDS.text(
                "errors.no_rows",
                name=clean(name)[:80],
                hint=hint,
                names=truncate_list([f"'{item}'" for item in listed], _LISTED),
                any=bool(listed),
            )
        )
    return answer_of_query(context, known[asked]).masked


def _key(name: str) -> str:
    """A name without case and signs, so that a label and a name of YAML are one.

    >>> _key("Active customers") == _key("active_customers")
    True
    """
    return " ".join(re.findall(r"\w+", fold(name.replace("_", " "))))


def _queries(context: Context) -> Iterator[tuple[str, str]]:
    """Each name with the query of its rows; what comes later is meant where two share a name."""
    yield from _states(context)
    yield from _conflicts(context)
    yield from _checks(context)
    for entity in filter(context.has, context.model.entity_names):
        yield _key(humanize(entity)), f"select * from {quote(entity)}"
    for table, (group, label) in published(context).items():
        yield _key(label), _members(table) if group == "rules" else f"select * from {quote(table)}"
    yield from _metrics(context)


def _states(context: Context) -> Iterator[tuple[str, str]]:
    for entity in context.model.entity_names:
        table = f"{entity}__lifecycle"
        if not (context.has(table) and context.has(entity)):
            continue
        states = context.query(f"select distinct state from {quote(table)} where state is not null")
        for state in states["state"].to_list():
            inside = f"select id from {quote(table)} where is_current and state = {text(state)}"
            yield _key(state), _of(entity, inside)


def _conflicts(context: Context) -> Iterator[tuple[str, str]]:
    """A field of several sources has the customers whose records differ in meaning."""
    fields = [
        shared_attribute
        for shared_attribute in shared_attributes(context.model)
        if context.has(shared_attribute[0])
    ]
    spelled = {field for field in fields if context.has(compared_name(*field))}
    for entity, attribute in fields:
        inside = in_conflict_sql(
            context.model, entity, attribute, spelled=(entity, attribute) in spelled
        )
        yield _key(f"{entity} {attribute}"), _of(entity, inside)


def _checks(context: Context) -> Iterator[tuple[str, str]]:
    for table in context.plan.tables.values():
        said = _CHECKED.search(table.row_is) if table.name.startswith("check__") else None
        if said:
            yield _key(said[1]), f"select * from {quote(table.name)}"


def _metrics(context: Context) -> Iterator[tuple[str, str]]:
    model = context.model
    for name, metric in model.metrics.metrics.items():
        table = f"m__{name}__rows"
        if not context.has(table):
            continue
        query = _of(metrics.resolved(model, name).entity, f"select id from {quote(table)}")
        yield from ((_key(item), query) for item in (name, metric.label) if item)


def _members(table: str) -> str:
    entity = table.partition("__")[0]
    return _of(entity, f"select id from {quote(table)} where holds")


def _of(entity: str, inside: str) -> str:
    return f"select * from {quote(entity)} where id in ({inside})"
