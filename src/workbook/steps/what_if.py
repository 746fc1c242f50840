"""A person plays with a decision: what another value would move, as a figure that shows itself, and `adopt`, which writes it down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from workbook.errors import ModelError, Problem, WorkbookError
from workbook.model import Model
from workbook.model.places import at_place
from workbook.show import Column, Figure, number, table
from workbook.show.text import capital, clip
from workbook.steps.adopt import Adopted, Signature, adopt_value
from workbook.steps.base import Context
from workbook.steps.compared import flips, numbers, rows_of, tables
from workbook.steps.exempting import adopt_exception, exempting
from workbook.steps.headlines import Move
from workbook.steps.words import frame_for, spoken
from workbook.steps.written import as_written, said

_COLUMNS = [Column("what", " "), Column("now", "Now", "written"), Column("then", "Under this decision", "written"), Column("by", "Moved by", "written")]
_LONGEST = 70  # characters of a value in the question


@dataclass(frozen=True, repr=False)
class WhatIf:
    """What another decision would move; shows itself as its figure.

    `numbers` are all headline numbers and `moves` those that move; `customers` count, by entity, the ids of today that would
    change in any way, and `values`, by `entity.field`, those for whom another value would stand. `built` of the tables
    that were needed differ from those of today, `stayed` are the same.
    """

    figure: Figure
    numbers: tuple[Move, ...]
    customers: Mapping[str, int]
    values: Mapping[str, int]
    built: int
    stayed: int
    write: Callable[[Signature], Adopted]

    @property
    def moves(self) -> tuple[Move, ...]:
        """The headline numbers that move."""
        return tuple(each for each in self.numbers if each.by)

    def adopt(
        self, *, because: str, by: str, agreed_by: str = "", sentence: str = ""
    ) -> Adopted:
        """Write the decision into the project, with its reason and who took it; gives what was written, and where.

        What it overrules is kept under `considered`, with its reason. `agreed_by` is the department that owns the
        decision, where that is not `by`; `sentence` is the text of a sentence that would else be false.

        Raises:
            WorkbookError: no reason, nobody of this project, another department owns it and did not agree, a sentence
                would be false, or the file was changed meanwhile; nothing is written then.
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
        WorkbookError: the path names no decision, or the step would be open.
    """
    model = context.model
    word, place = model.split(path)
    _reachable(model, word, place, path)
    changed = model.with_change(path, as_written(value))
    if getattr(changed, word) is None:
        raise WorkbookError(f"Then nothing of {model.texts[word].file} would be decided and the step would be open; that is not shown as a what-if.")
    old, new = (said(model, each, place) for each in (at_place(model.texts[word].values, place), as_written(value)))
    name = " ".join(spoken(str(key).replace(".", " ")) for key in place[len(place) > 2 :])  # the first word only says which kind of thing is named
    caption = f"Changed: {'.'.join(map(str, place))} from {old} to {new} ({model.place(path)})."
    return _measured(context, changed, word, f"What if {name} said {clip(new, _LONGEST)}?", caption, partial(adopt_value, model, changed, word, place, value))


def what_if_exception(context: Context, field: str, *, record: str, use_source: str = "", use_value: str = "", until: str | dt.date = "") -> WhatIf:
    """What an exception for the customer of one record would move; what is shown names neither the record nor the value.

    Raises:
        WorkbookError: the exception names no field, record or source of the model, or no day.
    """
    model, entity = context.model, field.partition(".")[0]
    row = {"field": field, "record": record, "use_source": use_source, "use_value": use_value, "until": str(until)}
    changed = exempting(context, row)
    takes = f"took the value of {use_source}" if use_source else "took a value of its own"
    name = f"{spoken(entity)} {spoken(field.partition('.')[2])}"
    caption = f"An exception to {field} for the {spoken(entity)} of one record{f', until {number.date(str(until))}' if until else ''}."
    return _measured(context, changed, "survivorship", f"What if {name} of one {spoken(entity)} {takes}?", caption, partial(adopt_exception, model, row))


def _reachable(model: Model, word: str, place: tuple[Any, ...], path: str) -> None:
    """Nothing that stands on the way to the place may be lost."""
    text = model.texts[word]
    if not place:
        raise WorkbookError(f"Say which decision of {text.file}: a dotted path below it, such as '{next(iter(text.values), 'owner')}'.")
    for depth in range(1, len(place)):
        around = at_place(text.values, place[:depth])
        if around is not None and not isinstance(around, dict):
            what = f"'{'.'.join(map(str, place[:depth]))}' holds {'a list' if isinstance(around, list) else 'one value'}, so there is no '{path.partition('.')[2]}'."
            raise ModelError([Problem(text.file, text.line(place[:depth]), what, "Give the whole value of it.")])


# ---- what moves


def _measured(context: Context, model: Model, word: str, title: str, caption: str, write: Callable[[Signature], Adopted]) -> WhatIf:
    """Planned as a whole, not by one step alone: a person may change what another step's SQL repeats."""
    other = context.what_if(model)
    moves = tuple(numbers(context, other))
    entities = [name for name in context.model.entity_names if context.has(name) and other.has(name)]
    customers, values = {}, {}
    for entity in entities:
        changed, fields = flips(context, other, entity)
        customers |= {entity: changed} if changed else {}
        values |= {f"{entity}.{name}": n for name, n in fields.items() if n}
    built, stayed = tables(context, other, entities)
    rows = [*_rows_of_numbers(moves), *_rows_of_customers(context, other, customers), *_rows_of_values(values)]
    caption += f" {number.plural(built, 'table')} {'was' if built == 1 else 'were'} built for it, {number.integer(stayed)} stayed as they are. Nothing is written: adopt(because=, by=) writes it."
    page = next((step.page for step in context.steps if step.word == word), "").lstrip("0")
    body = table(frame_for(rows, [*_COLUMNS, Column("group")]), _COLUMNS, group="group")
    figure = Figure(f"{page}?", title, "All headline numbers, and who and what would read otherwise, on the same data", body, caption)
    return WhatIf(figure, moves, customers, values, built, stayed, write)


def _rows_of_numbers(numbers: tuple[Move, ...]) -> Iterator[dict[str, Any]]:
    for each in numbers:
        share = f" ({each.percent})" if each.share and each.percent else ""
        yield {"group": "Headline numbers", "what": each.label, "now": each.before, "then": each.after, "by": f"{each.by}{share}" if each.by else "does not move"}


def _rows_of_customers(context: Context, other: Context, customers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for entity, count in customers.items() or {"nobody": 0}.items():
        now, then = (number.integer(rows_of(each, entity)) if count else "" for each in (context, other))
        yield {"group": "How many there are", "what": capital(spoken(entity)), "now": now, "then": then, "by": f"{number.integer(count)} would change"}


def _rows_of_values(values: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for name, count in values.items() or {"no value": 0}.items():
        entity, _, field = name.partition(".")
        yield {"group": "Values that would read otherwise", "what": capital(f"{spoken(entity)} {spoken(field)}".strip()), "by": number.integer(count)}
