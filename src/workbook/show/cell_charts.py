"""Cells that are drawn: they share one scale per column, so they are made column by column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from workbook.errors import ShowError
from workbook.show import svg
from workbook.show.cell import EMPTY, Shown, data_of, figure
from workbook.show.column import Column
from workbook.words import error_of, number

Draw = Callable[[Any, str, bool], str]


def drawn(column: Column, values: Sequence[Any], tones: Sequence[str]) -> list[Shown]:
    """The column's cells on one scale; an empty value draws nothing."""
    draw = _DRAWERS[column.kind](column, [value for value in values if value is not None])
    last = len(values) - 1
    return [
        (
            EMPTY
            if value is None
            else Shown(draw(value, tone, row == last), _said(column, value), _data(value))
        )
        for row, (value, tone) in enumerate(zip(values, tones, strict=True))
    ]


def _said(column: Column, value: Any) -> str:
    numbers = (
        [value]
        if isinstance(value, number.Number)
        else [part for part in value if part is not None]
    )
    return ", ".join(figure(column, part, column.decimals) for part in numbers)


def _data(value: Any) -> Any:
    return data_of(value) if isinstance(value, number.Number) else [data_of(part) for part in value]


def _bar(column: Column, values: list[Any]) -> Draw:
    scale = (
        column.scale
        if column.scale is not None
        else max((number.finite(value) for value in values), default=0)
    )
    colour = _first(column, "d2")
    return lambda value, tone, last: svg.bar(value, scale, tone or colour, _said(column, value))


def _stack(column: Column, values: list[Any]) -> Draw:
    scale = (
        column.scale
        if column.scale is not None
        else max((sum(map(number.finite, _parts(column, value))) for value in values), default=0)
    )
    return lambda value, tone, last: svg.stack(
        _parts(column, value), scale, column.colours, _said(column, value)
    )


def _diverging(column: Column, values: list[Any]) -> Draw:
    known = [number.finite(value) for value in values]
    low, high = min([0, *known]), max([0, *known])
    if column.scale is not None:
        low, high = -column.scale, column.scale
    colour = _first(column, "blue")
    return lambda value, tone, last: svg.diverging(
        value, low, high, tone or colour, _said(column, value)
    )


def _span(column: Column, values: list[Any]) -> Draw:
    ends = [number.finite(end) for value in values for end in _parts(column, value, 2)]
    low, high = min([0, *ends]), column.scale if column.scale is not None else max([0, *ends])
    colour = _first(column, "d3")
    return lambda value, tone, last: svg.span(
        *value, low, high, tone or colour, _said(column, value), last=last
    )


def _interval(column: Column, values: list[Any]) -> Draw:
    ends = [number.finite(end) for value in values for end in _parts(column, value, 3)]
    high = column.scale if column.scale is not None else max([0, *ends])
    low = min([0, *ends])
    return lambda value, tone, last: svg.interval(*value, low, high, _said(column, value))


def _spark(column: Column, values: list[Any]) -> Draw:
    return lambda value, tone, last: svg.spark(list(value), _said(column, value))


def _parts(column: Column, value: Any, count: int = 0) -> list[Any]:
    parts = list(value)
    if any(part is None for part in parts) or (count and len(parts) != count):
        raise error_of(
            ShowError, "show.chart_in_cell", column=column.name, kind=column.kind, count=count or 0
        )
    return parts


def _first(column: Column, usual: str) -> str:
    return column.colours[0] if column.colours else usual


_DRAWERS = {
    "bar": _bar,
    "stack": _stack,
    "diverging": _diverging,
    "span": _span,
    "interval": _interval,
    "spark": _spark,
}
