"""How the columns of a view are shown: a number by what it counts and in which currency, with
its period.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from workbook.governance import class_of
from workbook.metrics import SHARE, kind_of, unit_of_metric
from workbook.metrics.report import metric_wording
from workbook.metrics.report.period_wording import period_of
from workbook.model import CLASSES, Model
from workbook.model.distinct_columns import distinct_columns
from workbook.model.schema import Audience, View
from workbook.scenarios.context import Context
from workbook.show import Body, Column, nothing, table
from workbook.words import words_of
from workbook.words.wording import humanize

_WORDS = words_of("customer_360")
_FIRST = 4  # records that a page shows


def first_rows(model: Model, context: Context, name: str, use: View | Audience) -> Body:
    """The first records of a view, a line for each field; `name` is its table."""
    frame = context.frame(name).head(_FIRST)
    fields = {column: field for field, column in distinct_columns(use.fields).items()}
    columns = [
        view_column(
            model,
            context,
            use.of,
            frame,
            column,
            fields[column],
            class_of(model, fields[column], use.of),
        )
        for column in frame.columns
        if column != "id"
    ]
    if not columns:
        return nothing(why=_WORDS.text("figures.sample.no_fields"))
    hidden = [column.name for column in columns if column.hides]
    shown = with_currencies(model, use.of, apart(frame, hidden), fields)
    return transposed(table(shown, columns))


def apart(frame: pl.DataFrame, hidden: Sequence[str]) -> pl.DataFrame:
    """The frame with a word of its own in each filled cell of columns that are hidden: equal
    tokens would tell who has something in common.
    """
    words = {
        column: [
            None if value is None else f"{column} {row}" for row, value in enumerate(frame[column])
        ]
        for column in hidden
    }
    return frame.with_columns(pl.Series(name, cells, pl.String) for name, cells in words.items())


def view_column(
    model: Model,
    context: Context,
    entity: str,
    frame: pl.DataFrame,
    column: str,
    field: str,
    cls: str,
) -> Column:
    """A column of a view: `field` is what the view asks for, `cls` the class of its values."""
    metric = _metric(model, field)
    owner, _, name = field.rpartition(".")
    label = humanize(field if owner != entity else name)
    if metric:
        label, period = metric_wording.label_of(model, metric), period_of(model, context, metric)
        if period:
            label = _WORDS.text("figures.sample.label_of_period", label=label, period=period)
    kind = frame.schema[column]
    if (
        cls in CLASSES[2:]
        or kind == pl.String
        or (not metric and _has_currency(model, entity, field))
    ):
        return Column(column, label, "value", cls=cls, token=name)
    if kind == pl.Boolean:
        return Column(column, label, "dot")
    if kind in (pl.Date, pl.Datetime):
        return Column(column, label, "date")
    return _number(model, column, label, metric)


def transposed(body: Body) -> Body:
    """The same cells with a line for each field, so that a view of fifteen is read on one page."""
    names = [f"row_{number}" for number in range(1, len(body.texts) + 1)]
    lines = {name: list(row) for name, row in zip(names, body.texts, strict=True)}
    fields = [column["label"] for column in body.columns]
    frame = pl.DataFrame(
        {"field": fields, **lines}, schema=dict.fromkeys(["field", *names], pl.String)
    )
    heads = [
        Column("field", _WORDS.text("figures.sample.field")),
        *(
            Column(name, _WORDS.text("figures.sample.record", number=number))
            for number, name in enumerate(names, start=1)
        ),
    ]
    return replace(body, html=table(frame, heads).html) if names else body


def with_currencies(
    model: Model, entity: str, frame: pl.DataFrame, named: Mapping[str, str]
) -> pl.DataFrame:
    """Amounts of the rows' own currencies as they are written: two decimals or none, never one."""
    amounts = [
        column
        for column, field in named.items()
        if column in frame.columns
        and not _metric(model, field)
        and _has_currency(model, entity, field)
    ]
    written = {
        column: [
            (
                metric_wording.format_metric_value(
                    value, "money", _code(model, entity, named[column])
                )
                if value is not None
                else None
            )
            for value in frame[column]
        ]
        for column in amounts
    }
    return frame.with_columns(
        pl.Series(column, texts, pl.String) for column, texts in written.items()
    )


def _number(model: Model, column: str, label: str, metric: str) -> Column:
    unit, kind = (unit_of_metric(model, metric), kind_of(model, metric)) if metric else ("", "")
    if unit == SHARE:
        return Column(column, label, "percent")
    if len(unit) == 3 and unit.isupper():
        return Column(column, label, "money", unit=unit)
    if kind in ("count", "whole"):
        return Column(column, label, "int", unit=unit)
    return Column(
        column, label, "number", unit=unit, decimals=2 if kind in ("ratio", "money") else None
    )


def _metric(model: Model, field: str) -> str:
    """The metric that a field of a view names, or ''."""
    name = field.rpartition(".")[2]
    return name if name in model.metrics.metrics else ""


def _has_currency(model: Model, entity: str, field: str) -> bool:
    owner, _, attribute = field.rpartition(".")
    return (
        attribute in model.attributes(owner or entity)
        and model.type_of(owner or entity, attribute) == "money"
    )


def _code(model: Model, entity: str, field: str) -> str:
    """The one currency of an attribute's amounts; '' where each row has its own."""
    owner, _, attribute = field.rpartition(".")
    places = model.attributes(owner or entity)[attribute]
    codes = {model.field(place.source, place.field).currency for place in places}
    code = codes.pop() if len(codes) == 1 else ""
    return code.upper() if code and code not in model.fields(places[0].source) else ""
