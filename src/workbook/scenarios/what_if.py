"""A person plays with a decision: what another value would move, as a figure that shows itself,
and `adopt`, which writes it down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from workbook.errors import WorkbookError
from workbook.metrics import value_table
from workbook.model import Model
from workbook.model.yaml_paths import at_place
from workbook.scenarios.adopt import (
    JOURNAL,
    Adopted,
    NotAdopted,
    Signature,
    adopt_value,
)
from workbook.scenarios.attended_notebook import is_unattended
from workbook.scenarios.changed_rows import changed_rows
from workbook.scenarios.changed_tables import changed_tables
from workbook.scenarios.compare import AttributeChange, flips, numbers, rows_of
from workbook.scenarios.context import Context
from workbook.scenarios.decision_path import belongs
from workbook.scenarios.headline_numbers import NumberChange
from workbook.scenarios.other_grain import (
    NOT_MEASURED,
    adopt_grain,
    regrained,
    regrained_rows,
    rows_of_customers,
    rows_of_others,
)
from workbook.scenarios.published_values import METRIC_VALUES, Effect, by_metric, effects, published
from workbook.scenarios.try_exception import adopt_exception, exempting
from workbook.scenarios.yaml_values import MOST, as_written, said
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.show.text import clip
from workbook.words import error_of, number, words_of
from workbook.words.wording import capital, humanize

_WORDS, _DATA = words_of("scenarios"), words_of("data")
_COLUMNS = [
    Column("what", _WORDS.text("what_if.columns.what")),
    Column("now", _WORDS.text("what_if.columns.now"), "written"),
    Column("then", _WORDS.text("what_if.columns.then"), "written"),
    Column("by", _WORDS.text("what_if.columns.by"), "written"),
]
_NO_VALUE = "–"
_SHIFTS = 6  # of an attribute, and of metrics: shown one by one
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
    changes: Mapping[str, AttributeChange]
    built: int
    stayed: int
    write: Callable[[Signature], Adopted]
    effects: tuple[Effect, ...] = ()
    behind: Callable[[str], pl.DataFrame] | None = None

    def rows(self, name: str = "") -> pl.DataFrame:
        """The customers behind it, personal values as tokens: of an entity a row per customer and
        attribute that would read otherwise, of a published table (by its label in the figure) a
        row per row that would be added, removed or changed; of another grain a row per customer
        that would not be exactly one.

        >>> from workbook import Workbook
        >>> book = Workbook.open("shop")
        >>> tried = book.survivorship.what_if("fields.person.city.order", ["shop", "desk"])
        >>> tried.rows("person").select("attribute", "now", "then").rows()
        [('city', 'Neu-Ulm', 'Ulm')]

        Raises:
            WorkbookError: nothing of that name would change, or nobody's rows are compared.
        """
        if self.behind is None:
            raise WorkbookError(_DATA.text("errors.not_compared"))
        return self.behind(name)

    @property
    def values(self) -> dict[str, int]:
        """How many values would read otherwise, by `entity.field`."""
        return {name: item.count for name, item in self.changes.items()}

    @property
    def moves(self) -> tuple[NumberChange, ...]:
        """The headline numbers that move."""
        return tuple(item for item in self.numbers if item.by)

    def adopt(
        self, *, because: str, by: str, agreed_by: str = "", sentence: str = ""
    ) -> Adopted | NotAdopted:
        """Write the decision into the project, with its reason and who took it; gives what was
        written, and where.

        While no line is filled in, and where a notebook runs without a person, nothing is written.

        What it overrules is kept under `considered`, with its reason. `agreed_by` is the
        department that owns the decision, where that is not `by`; `sentence` is the text of a
        sentence that would else be false.

        Raises:
            WorkbookError: no reason, nobody of this project, another department owns it and did
                not agree, a sentence would be false, or the file was changed meanwhile; nothing
                is written then.
        """
        if not any(item.strip() for item in (because, by, agreed_by, sentence)):
            return NotAdopted(_WORDS.text("adopted.empty"))
        if is_unattended():
            return NotAdopted(_WORDS.text("adopted.unattended"))
        adopted = self.write(Signature(because, by, agreed_by, sentence))
        JOURNAL.append(adopted)
        return adopted

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
    step, yaml_path = model.split(path)
    belongs(model, step, yaml_path, value)
    if step == "grain" and yaml_path == ("primary",) and value and value != _primary(context):
        return _another_grain(context, str(value))
    changed = model.with_change(path, as_written(value))
    if changed.is_open(step):
        raise error_of(WorkbookError, "scenarios.would_be_open", file=model.texts[step].file)
    # the first word only says which kind of thing is named
    name = " ".join(humanize(str(key).replace(".", " ")) for key in yaml_path[len(yaml_path) > 2 :])
    written = clip(said(model, as_written(value), yaml_path), _LONGEST)
    title = _text("title", name=name, value=written)
    return _measured(
        context,
        changed,
        step,
        title,
        _caption(model, path, value),
        partial(adopt_value, model, step, yaml_path, value),
    )


def _caption(model: Model, path: str, value: Any) -> str:
    step, yaml_path = model.split(path)
    old, new = (
        clip(said(model, item, yaml_path), MOST)
        for item in (at_place(model.texts[step].values, yaml_path), as_written(value))
    )
    at = ".".join(map(str, yaml_path))
    return _text("caption", place=at, old=old, new=new, line=model.place(path))


def _primary(context: Context) -> str:
    return context.model.grain.primary


def _another_grain(context: Context, name: str) -> WhatIf:
    """Another grain is measured as figure 2.2 measures it: no table is built otherwise for it."""
    found = regrained(context, name)
    rows = [
        *_rows_of_numbers(found.numbers),
        *rows_of_customers(context, found),
        *rows_of_others(),
    ]
    changed = _caption(context.model, "grain.primary", name)
    caption = _text("caption_grain", changed=changed)
    figure = _figure("2?", _text("title_grain", entity=name), rows, caption)
    write = partial(adopt_grain, context, found.candidate)

    def behind(_: str) -> pl.DataFrame:
        return regrained_rows(context, found.candidate)

    return WhatIf(figure, found.numbers, {}, {}, 0, 0, write, behind=behind)


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
    return _measured(
        context,
        changed,
        "survivorship",
        _text("title_exception", field=field, entity=entity, source=use_source),
        _text("caption_exception", field=field, entity=entity, until=str(until)),
        partial(adopt_exception, model, row),
    )


# ---- what moves


def _measured(
    context: Context,
    model: Model,
    step_word: str,
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
    values: dict[str, AttributeChange] = {}
    for entity in entities:
        changed, fields = flips(context, other, entity)
        customers |= {entity: changed} if changed else {}
        values |= {f"{entity}.{name}": item for name, item in fields.items()}
    found = tuple(effects(context, other))
    headline = map(value_table, context.model.grain.headline)
    clusters = (f"{name}__clusters" for name in entities)
    built, stayed = changed_tables(
        context, other, (*headline, *entities, *clusters, *published(context))
    )
    page = next((step.page for step in context.steps if step.word == step_word), "").lstrip("0")
    rows = [
        *_rows_of_numbers(moves),
        *_rows_of_customers(context, other, customers),
        *(fresh := list(_rows_of_new(context, other))),
        *_rows_of_values(values),
        *_rows_of_effects(context, other, found),
        *([] if customers or fresh or values or found else _rows_not_measured(page)),
    ]
    caption = _text("caption_measured", changed=caption, built=built, same=stayed)
    figure = _figure(f"{page}?", title, rows, caption)
    behind = partial(changed_rows, context, other, list(customers), found)
    return WhatIf(figure, moves, customers, values, built, stayed, write, found, behind)


def _figure(page: str, title: str, rows: list[dict[str, Any]], caption: str) -> Figure:
    body = table(frame_for(rows, [*_COLUMNS, Column("group")]), _COLUMNS, group="group")
    return Figure(page, title, _text("subtitle"), body, caption)


def _rows_of_numbers(numbers: tuple[NumberChange, ...]) -> Iterator[dict[str, Any]]:
    for item in numbers:
        unmoved = "see_grain" if item.after == NOT_MEASURED else "unmoved"
        moved = _text("rows.moved", by=item.by, percent=item.percent if item.share else "")
        yield {
            "group": _text("groups.numbers"),
            "what": item.named,
            "now": item.before,
            "then": item.after,
            "by": moved if item.by else _text(f"rows.{unmoved}"),
        }


def _rows_of_customers(
    context: Context, other: Context, customers: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    for entity, count in customers.items():
        now, then = (number.integer(rows_of(item, entity)) for item in (context, other))
        yield {
            "group": _text("groups.customers"),
            "what": capital(humanize(entity)),
            "now": now,
            "then": then,
            "by": _text("rows.customers", count=count),
        }


def _rows_of_new(context: Context, other: Context) -> Iterator[dict[str, Any]]:
    """The entities that only the other decision has, each with its rows."""
    for entity in other.model.entity_names:
        if other.has(entity) and not context.has(entity):
            yield {
                "group": _text("groups.customers"),
                "what": capital(humanize(entity)),
                "now": _NO_VALUE,
                "then": number.integer(rows_of(other, entity)),
                "by": _text("rows.added"),
            }


def _rows_of_values(values: Mapping[str, AttributeChange]) -> Iterator[dict[str, Any]]:
    group = _text("groups.values")
    for name, item in values.items():
        what = capital(humanize(name))
        by = _text("rows.values", count=item.count, real=item.real, spellings=item.spellings)
        yield {"group": group, "what": what, "by": by}
        for now, then, count in item.shifts[:_SHIFTS]:
            yield {
                "group": group,
                "what": what,
                "now": now or _NO_VALUE,
                "then": then or _NO_VALUE,
                "by": number.integer(count),
            }


def _rows_of_effects(
    context: Context, other: Context, found: tuple[Effect, ...]
) -> Iterator[dict[str, Any]]:
    for item in found:
        now, then = (_NO_VALUE if n is None else number.integer(n) for n in (item.now, item.then))
        group = _text(f"groups.{item.group}")
        yield {"group": group, "what": item.label, "now": now, "then": then, "by": _effect(item)}
        if item.table == METRIC_VALUES:
            metrics = by_metric(context, other).items()
            for label, (moved, of) in [*metrics][:_SHIFTS]:
                by = _text("rows.of_values", moved=moved, of=of)
                yield {"group": group, "what": label, "by": by}


def _effect(effect: Effect) -> str:
    """How many rows are added, removed and changed, in words."""
    if effect.then is None:
        return _text("rows.removed")
    if effect.now is None:
        return _text("rows.added")
    counts = (("more", effect.come), ("fewer", effect.gone), ("changed", effect.changed))
    parts = [_text(f"rows.{name}", count=count) for name, count in counts if count]
    if len(parts) == 1:
        return parts[0]
    return _text("rows.effects", count=effect.count, effects=parts)


def _rows_not_measured(page: str) -> Iterator[dict[str, Any]]:
    """No published value changes, so what changes is what a page concludes."""
    yield {
        "group": _text("groups.values"),
        "what": _text("rows.nothing_published"),
        "by": _text("rows.none"),
    }
    yield {
        "group": _text("groups.not_measured"),
        "what": _text("rows.conclusions", page=page),
        "then": NOT_MEASURED,
        "by": _text("rows.see_page", page=page),
    }


def _text(name: str, /, **values: Any) -> str:
    return _WORDS.text(f"what_if.{name}", **values)
