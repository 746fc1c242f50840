"""Bars that live in a table's cell: SVG in percent of the cell, filled by class, so that they
flex without script.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from workbook.errors import ShowError
from workbook.show.text import escape
from workbook.words import error_of
from workbook.words.number import Number, finite

STACK = ("d1", "d2", "d3", "d4", "amber", "blue", "red")


def bar(value: Number, scale: Number, colour: str, words: str) -> str:
    """A bar from the left edge; below zero and without a scale there is none."""
    width = _share(max(finite(value), Decimal(0)), scale)
    return _svg("wb-bar", [_rect(Decimal(0), width, colour)] if width else [], words)


def stack(parts: Sequence[Number], scale: Number, colours: Sequence[str], words: str) -> str:
    """Parts one after the other, each in its tone."""
    marks, at = [], Decimal(0)
    for part, colour in zip(parts, _enough(colours, len(parts)), strict=True):
        size = finite(part)
        if size < 0:
            raise error_of(ShowError, "show.bar_below_zero")
        width = _share(size, scale)
        if width:
            marks.append(_rect(at, width, colour))
        at += width
    return _svg("wb-bar", marks, words)


def diverging(value: Number, low: Number, high: Number, colour: str, words: str) -> str:
    """A bar to the left or right of zero, whose line is drawn in every row."""
    zero = _at(0, low, high)
    end = _at(value, low, high)
    rect = [_rect(min(zero, end), abs(end - zero), colour)] if end != zero else []
    return _svg("wb-bar", [*rect, _line(zero, zero, "0", "100%", "wb-zero")], words)


def span(
    start: Number,
    end: Number,
    low: Number,
    high: Number,
    colour: str,
    words: str,
    *,
    last: bool = False,
) -> str:
    """A floating bar of a waterfall, and the dotted line down to the next step from where this
    one ends.
    """
    first, second = _at(start, low, high), _at(end, low, high)
    marks = [_rect(min(first, second), max(abs(second - first), Decimal("0.4")), colour)]
    if not last:
        marks.append(_line(second, second, "100%", "200%", "wb-join"))
    return _svg("wb-bar wb-span", marks, words)


def interval(
    low: Number, middle: Number, high: Number, start: Number, end: Number, words: str
) -> str:
    """An estimate as a dot in its interval, over a hairline from one end of the scale to the
    other.
    """
    left, at, right = (_at(value, start, end) for value in (low, middle, high))
    marks = [
        _line(Decimal(0), Decimal(100), "50%", "50%", "wb-grid"),
        _rect(left, right - left, "d2", "35%", "30%"),
        _dot(at, Decimal(50), "d1"),
    ]
    return _svg("wb-bar", marks, words)


def spark(values: Sequence[Number | None], words: str) -> str:
    """A line on a scale of its own; a gap where there is no value, and an open dot at the
    newest.
    """
    known = [finite(value) for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    points = [
        (
            None
            if v is None
            else (_at(n, 0, max(len(values) - 1, 1)), 88 - _at(v, low, high) * Decimal("0.76"))
        )
        for n, v in enumerate(values)
    ]
    marks = [
        f'<line class="wb-l d1" x1="{_p(a[0])}" y1="{_p(a[1])}" x2="{_p(b[0])}"'
        f' y2="{_p(b[1])}"></line>'
        for a, b in itertools.pairwise(points)
        if a and b
    ]
    newest = next(point for point in reversed(points) if point)
    return _svg("wb-bar wb-spark", [*marks, _dot(newest[0], newest[1], "wb-opendot")], words)


def _svg(cls: str, marks: Sequence[str], words: str) -> str:
    return (
        f'<svg class="{cls}" role="img" aria-label="{escape(words)}"'
        f' focusable="false">{"".join(marks)}</svg>'
    )


def _rect(x: Decimal, width: Decimal, colour: str, y: str = "20%", height: str = "60%") -> str:
    return (
        f'<rect class="wb-f {colour}" x="{_p(x)}" y="{y}" width="{_p(max(width, Decimal("0.3")))}"'
        f' height="{height}"></rect>'
    )


def _line(x1: Decimal, x2: Decimal, y1: str, y2: str, cls: str) -> str:
    return f'<line class="{cls}" x1="{_p(x1)}" y1="{y1}" x2="{_p(x2)}" y2="{y2}"></line>'


def _dot(x: Decimal, y: Decimal, cls: str) -> str:
    return f'<circle class="wb-f {cls}" cx="{_p(x)}" cy="{_p(y)}" r="4"></circle>'


def _share(value: Decimal, scale: Number) -> Decimal:
    full = finite(scale)
    return min(value / full, Decimal(1)) * 100 if full > 0 else Decimal(0)


def _at(value: Number, low: Number, high: Number) -> Decimal:
    start, end = finite(low), finite(high)
    if end <= start:
        return Decimal(50)
    return min(max((finite(value) - start) / (end - start), Decimal(0)), Decimal(1)) * 100


def _p(value: Decimal) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{text or '0'}%"


def _enough(colours: Sequence[str], count: int) -> list[str]:
    used = tuple(colours) or STACK
    return [used[n % len(used)] for n in range(count)]
