"""A person plays with a decision: what another value would move, as a figure that shows itself,
and `adopt`, which writes it down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from workbook.errors import WorkbookError
from workbook.metrics import value_table
from workbook.model import Model
from workbook.model.places import at_place
from workbook.scenarios.adopt import Adopted, Signature, adopt_value
from workbook.scenarios.compare import Change, flips, numbers, rows_of, tables
from workbook.scenarios.context import Context
from workbook.scenarios.exceptions import adopt_exception, exempting
from workbook.scenarios.headline_numbers import NumberChange
from workbook.scenarios.other_grain import (
    NOT_MEASURED,
    adopt_grain,
    regrained,
    rows_of_customers,
    rows_of_others,
)
from workbook.scenarios.published_values import METRIC_VALUES, Effect, by_metric, effects, published
from workbook.scenarios.reachable import belongs
from workbook.scenarios.yaml_values import as_written, said
from workbook.show import Column, Figure, table
from workbook.show.frame import frame_for
from workbook.show.text import clip
from workbook.words import number
from workbook.words.wording import capital, humanize

_COLUMNS = [
    Column("what", " "),
    Column("now", "Now", "written"),
    Column("then", "Under this decision", "written"),
    Column("by", "Moved by", "written"),
]
_SHIFTS = 6  # of an attribute, and of metrics: told one by one
_LONGEST = 70  # characters of a value in the question


@dataclass(frozen=True, repr=False)
class WhatIf:
    """What another decision would move; shows itself as its figure.

    `numbers` are all headline numbers and `moves` those that move; `customers` count, by
    entity, the ids of today that would change in any way, and `changes`, by `entity.field`,
    those for whom another value would be the surviving one, and how many of them in meaning.
    `effects` are the published tables that would change: members of rules, values of metrics,
    views, audiences, the past. `built` of the tables that were needed differ from those of
    today, `stayed` are the same.
    """

    figure: Figure
    numbers: tuple[NumberChange, ...]
    customers: Mapping[str, int]
    changes: Mapping[str, Change]
    built: int
    stayed: int
    write: Callable[[Signature], Adopted]
    effects: tuple[Effect, ...] = ()

    @property
    def values(self) -> dict[str, int]:
        """How many values would read otherwise, by `entity.field`."""
        return {name: each.count for name, each in self.changes.items()}

    @property
    def moves(self) -> tuple[NumberChange, ...]:
        """The headline numbers that move."""
        return tuple(each for each in self.numbers if each.by)

    def adopt(self, *, because: str, by: str, agreed_by: str = "", sentence: str = "") -> Adopted:
        """Write the decision into the project, with its reason and who took it; gives what was
        written, and where.

        What it overrules is kept under `considered`, with its reason. `agreed_by` is the
        department that owns the decision, where that is not `by`; `sentence` is the text of a
        sentence that would else be false.

        Raises:
            WorkbookError: no reason, nobody of this project, another department owns it and did
                not agree, a sentence would be false, or the file was changed meanwhile; nothing
                is written then.
        """
        return self.write(Signature(because, by, agreed_by, sentence))

    def __repr__(self) -> str:
        return repr(self.figure)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return self.figure._repr_mimebundle_(include, exclude)


def what_if(context: Context, path: str, value: Any) -> WhatIf:
    """What another value at a path such as `survivorship.fields.account.name.order` would move.

    Raises:
        ModelError: the value contradicts the model.
        WorkbookError: the path names no decision, or one of another step, or the step would be
          open.
    """
    model = context.model
    word, place = model.split(path)
    belongs(model, word, place, value)
    if word == "grain" and place == ("primary",) and value and value != _primary(context):
        return _another_grain(context, str(value))
    changed = model.with_change(path, as_written(value))
    if getattr(changed, word) is None:
        raise WorkbookError(
            f"Then nothing of {model.texts[word].file} would be decided and the step would be open;"
            " that is not shown as a what-if."
        )
    # the first word only says which kind of thing is named
    name = " ".join(humanize(str(key).replace(".", " ")) for key in place[len(place) > 2 :])
    title = f"What if {name} said {clip(said(model, as_written(value), place), _LONGEST)}?"
    return _measured(
        context,
        changed,
        word,
        title,
        _caption(model, path, value),
        partial(adopt_value, model, word, place, value),
    )


def _caption(model: Model, path: str, value: Any) -> str:
    word, place = model.split(path)
    old, new = (
        said(model, each, place)
        for each in (at_place(model.texts[word].values, place), as_written(value))
    )
    return f"Changed: {'.'.join(map(str, place))} from {old} to {new} ({model.place(path)})."


def _primary(context: Context) -> str:
    return context.model.grain.primary if context.model.grain else ""


def _another_grain(context: Context, name: str) -> WhatIf:
    """Another grain is measured as figure 2.2 measures it: no table is built otherwise for it."""
    found = regrained(context, name)
    rows = [
        *_rows_of_numbers(found.numbers),
        *rows_of_customers(context, found),
        *rows_of_others(),
    ]
    caption = (
        f"{_caption(context.model, 'grain.primary', name)} Counts and sums as in figure 2.2. "
        "Nothing is written: adopt(because=, by=, sentence=) writes it."
    )
    figure = _figure("2?", f"What if a customer were a {humanize(name)}?", rows, caption)
    return WhatIf(
        figure, found.numbers, {}, {}, 0, 0, partial(adopt_grain, context, found.candidate)
    )


def what_if_exception(
    context: Context,
    field: str,
    *,
    record: str,
    use_source: str = "",
    use_value: str = "",
    until: str | dt.date = "",
) -> WhatIf:
    """What an exception for the customer of one record would move; what is shown names neither
    the record nor the value.

    Raises:
        WorkbookError: the exception names no field, record or source of the model, or no day.
    """
    model, entity = context.model, field.partition(".")[0]
    row = {
        "field": field,
        "record": record,
        "use_source": use_source,
        "use_value": use_value,
        "until": str(until),
    }
    changed = exempting(context, row)
    takes = f"took the value of {use_source}" if use_source else "took a value of its own"
    name = f"{humanize(entity)} {humanize(field.partition('.')[2])}"
    caption = (
        f"An exception to {field} for the {humanize(entity)} of one"
        f" record{f', until {number.date(str(until))}' if until else ''}."
    )
    return _measured(
        context,
        changed,
        "survivorship",
        f"What if {name} of one {humanize(entity)} {takes}?",
        caption,
        partial(adopt_exception, model, row),
    )


# ---- what moves


def _measured(
    context: Context,
    model: Model,
    word: str,
    title: str,
    caption: str,
    write: Callable[[Signature], Adopted],
) -> WhatIf:
    """Planned as a whole, not by one step alone: a person may change what another step's SQL
    repeats.
    """
    other = context.what_if(model)
    moves = tuple(numbers(context, other))
    entities = [
        name for name in context.model.entity_names if context.has(name) and other.has(name)
    ]
    customers: dict[str, int] = {}
    values: dict[str, Change] = {}
    for entity in entities:
        changed, fields = flips(context, other, entity)
        customers |= {entity: changed} if changed else {}
        values |= {f"{entity}.{name}": each for name, each in fields.items()}
    found = tuple(effects(context, other))
    headline = map(value_table, context.model.grain.headline if context.model.grain else ())
    clusters = (f"{name}__clusters" for name in entities)
    built, stayed = tables(context, other, (*headline, *entities, *clusters, *published(context)))
    page = next((step.page for step in context.steps if step.word == word), "").lstrip("0")
    rows = [
        *_rows_of_numbers(moves),
        *_rows_of_customers(context, other, customers),
        *_rows_of_values(values),
        *_rows_of_effects(context, other, found),
        *([] if customers or values or found else _rows_not_measured(page)),
    ]
    caption += (
        f" {number.plural(built, 'table')} {'was' if built == 1 else 'were'} built for it,"
        f" {number.integer(stayed)} stayed as they are. Findings and checks are not measured: see"
        " page 08. Nothing is written: adopt(because=, by=) writes it."
    )
    figure = _figure(f"{page}?", title, rows, caption)
    return WhatIf(figure, moves, customers, values, built, stayed, write, found)


def _figure(page: str, title: str, rows: list[dict[str, Any]], caption: str) -> Figure:
    body = table(frame_for(rows, [*_COLUMNS, Column("group")]), _COLUMNS, group="group")
    return Figure(
        page,
        title,
        "All headline numbers, and who and what would read otherwise, on the same data",
        body,
        caption,
    )


def _rows_of_numbers(numbers: tuple[NumberChange, ...]) -> Iterator[dict[str, Any]]:
    for each in numbers:
        share = f" ({each.percent})" if each.share and each.percent else ""
        still = "see figure 2.2" if each.after == NOT_MEASURED else "does not move"
        yield {
            "group": "Headline numbers",
            "what": each.named,
            "now": each.before,
            "then": each.after,
            "by": f"{each.by}{share}" if each.by else still,
        }


def _rows_of_customers(
    context: Context, other: Context, customers: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    for entity, count in customers.items():
        now, then = (number.integer(rows_of(each, entity)) for each in (context, other))
        yield {
            "group": "How many there are",
            "what": capital(humanize(entity)),
            "now": now,
            "then": then,
            "by": f"{number.integer(count)} would change",
        }


def _rows_of_values(values: Mapping[str, Change]) -> Iterator[dict[str, Any]]:
    group = "Values that would read otherwise"
    for name, each in values.items():
        entity, _, field = name.partition(".")
        by = number.integer(each.count)
        if each.spellings:
            real, same = number.integer(each.real), number.integer(each.spellings)
            by += f": {real} in meaning, {same} another spelling"
        what = capital(f"{humanize(entity)} {humanize(field)}".strip())
        yield {"group": group, "what": what, "by": by}
        for now, then, count in each.shifts[:_SHIFTS]:
            yield {
                "group": group,
                "what": what,
                "now": now or "–",
                "then": then or "–",
                "by": number.integer(count),
            }


def _rows_of_effects(
    context: Context, other: Context, found: tuple[Effect, ...]
) -> Iterator[dict[str, Any]]:
    for each in found:
        now, then = ("–" if n is None else number.integer(n) for n in (each.now, each.then))
        yield {"group": each.group, "what": each.label, "now": now, "then": then, "by": _told(each)}
        if each.table == METRIC_VALUES:
            metrics = by_metric(context, other).items()
            for label, (moved, of) in [*metrics][:_SHIFTS]:
                by = f"{number.integer(moved)} of {number.integer(of)} values"
                yield {"group": each.group, "what": label, "by": by}


def _told(each: Effect) -> str:
    """How many rows come, go and read otherwise, in words."""
    if each.then is None:
        return "would not exist"
    if each.now is None:
        return "would be new"
    words = ((each.come, "more"), (each.gone, "fewer"), (each.changed, "read otherwise"))
    parts = [f"{number.integer(count)} {word}" for count, word in words if count]
    whole = f"{number.integer(each.count)} would change: " if len(parts) > 1 else ""
    return whole + ", ".join(parts)


def _rows_not_measured(page: str) -> Iterator[dict[str, Any]]:
    """Nothing that is published reads otherwise, so what changes is what a page concludes."""
    yield {"group": "Values that would read otherwise", "what": "No published value", "by": "0"}
    what = f"What page {page} concludes"
    yield {"group": "Not measured", "what": what, "then": NOT_MEASURED, "by": f"see page {page}"}
