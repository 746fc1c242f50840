"""Curves over a numeric axis, such as shares over days: in percent of the width, so that they
flex and their text never shrinks.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workbook.show.axis import Scale, ticks
from workbook.show.cell import data_of, figure
from workbook.show.chart import spread
from workbook.show.chart_frame import FOOT, TOP, written
from workbook.show.column import Column
from workbook.show.figure_body import Body, nothing
from workbook.show.table import heads_of
from workbook.show.text import clean, clip, escape
from workbook.words.number import plural

_TONES = ("d1", "d2", "d3", "blue")
_FINE = 0.25  # percent of the width below which two points of a curve are drawn as one


@dataclass(frozen=True)
class Point:
    """A place of a curve: x, y, and the interval in which y lies where one is known."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Curve:
    """A name and its points by rising x; `marked` are places with a small tick on the curve."""

    name: str
    points: Sequence[Point]
    marked: Sequence[float] = field(default=())
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Limit:
    """A place of the x axis with a dashed line and a word, such as an expected time."""

    x: float
    words: str


def curves(
    drawn: Sequence[Curve],
    x: Column,
    y: Column,
    *,
    step: bool = False,
    base: float = 0.0,
    every: int = 0,
    limit: Limit | None = None,
    height: int = 240,
) -> Body:
    """The curves with their names at the right, or above where it is narrow.

    `step` holds each value until the next point; `base` is where the y axis starts; `every`
    is the distance of the numbers below the x axis (0: round ones). One row of the body's data
    is one point of one curve.
    """
    heads = tuple(
        head
        for column in (Column("curve", "Series"), x, y, *_bounds(drawn, y))
        for head in heads_of(column)
    )
    shown = [curve for curve in drawn if curve.points]
    if not shown:
        return nothing(heads)
    plot = _Plot(shown, x, y, step, base, height, every)
    marks = [mark for n, curve in enumerate(shown) for mark in plot.band(n, curve)]
    marks += [mark for n, curve in enumerate(shown) for mark in plot.line(n, curve)]
    html = (
        f'<div class="wb-chart wb-named">{_legend(shown)}{plot.axis()}<svg class="wb-plot"'
        f' height="{height + FOOT}" role="img" aria-label="{escape(plot.words())}"'
        f' focusable="false">{"".join([*plot.grid(), *marks, *plot.limit(limit), *plot.feet()])}'
        f'</svg><svg class="wb-direct" height="{height + FOOT}" aria-hidden="true"'
        f' focusable="false">{"".join(plot.names())}</svg></div>'
    )
    several = bool(_bounds(drawn, y))
    rows, texts = [], []
    for curve in shown:
        for point in curve.points:
            numbers = [(x, point.x), (y, point.y)]
            numbers += [(y, point.low), (y, point.high)] if several else []
            rows.append((clean(curve.name), *(data_of(value) for _, value in numbers)))
            texts.append(
                (
                    clean(curve.name),
                    *("" if v is None else figure(c, v, c.decimals) for c, v in numbers),
                )
            )
    return Body(html, heads, tuple(rows), tuple(texts), plural(len(rows), "row"))


def _bounds(drawn: Sequence[Curve], y: Column) -> list[Column]:
    known = any(point.low is not None for curve in drawn for point in curve.points)
    lower = Column("low", "Lower bound", y.kind, unit=y.unit, decimals=y.decimals)
    upper = Column("high", "Upper bound", y.kind, unit=y.unit, decimals=y.decimals)
    return [lower, upper] if known else []


class _Plot:
    """The scales of a drawing, and its marks."""

    def __init__(
        self,
        drawn: Sequence[Curve],
        x: Column,
        y: Column,
        step: bool,
        base: float,
        height: int,
        every: int,
    ) -> None:
        self.drawn, self.x_column, self.y_column = drawn, x, y
        self.step, self.height, self.every = step, height, every
        points = [point for curve in drawn for point in curve.points]
        tops = [top for point in points for top in (point.y, point.high) if top is not None]
        self.steps = ticks(base, max(tops))
        self.scale = Scale(float(self.steps[0]), float(self.steps[-1]), TOP, height)
        self.right = max(point.x for point in points) or 1.0

    def at(self, x: float) -> float:
        """A place of the x axis in percent of the width."""
        return 99 * x / self.right

    def tone(self, number: int) -> str:
        """The tone of a curve: its own, or dark for the first and lighter for the others."""
        return self.drawn[number].tone or _TONES[min(number, len(_TONES) - 1)]

    def pieces(self, curve: Curve) -> list[Point]:
        """Its points without those that no eye could tell from their neighbours."""
        kept = [curve.points[0]]
        for point in curve.points[1:-1]:
            far = self.at(point.x) - self.at(kept[-1].x) >= _FINE
            if far or abs(self.scale.y(point.y) - self.scale.y(kept[-1].y)) >= 3:
                kept.append(point)
        return [*kept, curve.points[-1]] if len(curve.points) > 1 else kept

    def band(self, number: int, curve: Curve) -> list[str]:
        """The interval of each stretch of a curve."""
        found = []
        for here, after in itertools.pairwise(self.pieces(curve)):
            if here.low is None or here.high is None:
                continue
            top, bottom = self.scale.y(here.high), self.scale.y(here.low)
            found.append(
                f'<rect class="wb-band" x="{written(self.at(here.x))}%" y="{written(top)}"'
                f' width="{written(self.at(after.x) - self.at(here.x))}%"'
                f' height="{written(max(bottom - top, 0.5))}"></rect>'
            )
        return found

    def line(self, number: int, curve: Curve) -> list[str]:
        """The curve, its ticks, and a dot where it ends."""
        tone, marks = self.tone(number), []
        for here, after in itertools.pairwise(self.pieces(curve)):
            x1, x2 = written(self.at(here.x)), written(self.at(after.x))
            y1, y2 = written(self.scale.y(here.y)), written(self.scale.y(after.y))
            ends = [(x1, y1, x2, y1), (x2, y1, x2, y2)] if self.step else [(x1, y1, x2, y2)]
            marks += [
                f'<line class="wb-l {tone}" x1="{a}%" y1="{b}" x2="{c}%" y2="{d}"></line>'
                for a, b, c, d in ends
                if (a, b) != (c, d)
            ]
        last = curve.points[-1]
        marks.append(
            f'<circle class="wb-f {tone}" cx="{written(self.at(last.x))}%"'
            f' cy="{written(self.scale.y(last.y))}" r="3.5"></circle>'
        )
        before = -1.0
        for x in sorted(curve.marked):
            if x > self.right or self.at(x) - before < 2 * _FINE:
                continue
            before, y = self.at(x), self.scale.y(self.value_at(curve, x))
            marks.append(
                f'<line class="wb-l wb-thin {tone}" x1="{written(before)}%" y1="{written(y - 4)}"'
                f' x2="{written(before)}%" y2="{written(y + 4)}"></line>'
            )
        return marks

    def value_at(self, curve: Curve, x: float) -> float:
        """The value that a curve of steps has at a place."""
        return next((point.y for point in reversed(curve.points) if point.x <= x), 1.0)

    def limit(self, limit: Limit | None) -> list[str]:
        """The dashed line of a limit, and its word at the side that has room."""
        if limit is None or not 0 < limit.x < self.right:
            return []
        x = self.at(limit.x)
        anchor, shift = ("start", "6") if x < 60 else ("end", "-6")
        y = written(self._free(x, 1 if x < 60 else -1))
        return [
            f'<line class="wb-limit" x1="{written(x)}%" y1="{TOP}" x2="{written(x)}%"'
            f' y2="{self.height}"></line>',
            f'<text class="wb-tick wb-look wb-halo" x="{written(x)}%" y="{y}" dx="{shift}"'
            f' text-anchor="{anchor}">{escape(clip(limit.words, 28))}</text>',
        ]

    def _free(self, x: float, way: int) -> float:
        """The height at which a word beside a place is farthest from every curve."""
        beside = [(x + way * percent) * self.right / 99 for percent in (0, 4, 8, 12, 16, 20, 24)]
        taken = [
            self.scale.y(self.value_at(curve, place)) for curve in self.drawn for place in beside
        ]
        heights = range(TOP + 14, self.height - 4, 6)
        return float(max(heights, key=lambda y: min(abs(y - 4 - other) for other in taken)))

    def grid(self) -> list[str]:
        """A hairline at each step of the y axis."""
        heights = [written(self.scale.y(float(tick))) for tick in self.steps]
        return [
            f'<line class="wb-grid" x1="0%" y1="{y}" x2="100%" y2="{y}"></line>' for y in heights
        ]

    def axis(self) -> str:
        """The numbers at the left."""
        texts = "".join(
            f'<text class="wb-tick" x="100%" y="{written(self.scale.y(float(tick)) + 4)}"'
            f' text-anchor="end">{escape(figure(self.y_column, tick, 0))}</text>'
            for tick in self.steps
        )
        return (
            f'<svg class="wb-axis" height="{self.height + FOOT}" aria-hidden="true"'
            f' focusable="false">{texts}</svg>'
        )

    def feet(self) -> list[str]:
        """The numbers below the plot, and what they are."""
        found = []
        whole = range(0, int(self.right) + 1, self.every) if self.every else ()
        for tick in [Decimal(n) for n in whole] or ticks(0, self.right):
            fraction = self.x_column.kind == "int" and tick != tick.to_integral_value()
            if fraction or float(tick) > self.right * 1.001:
                continue
            x = self.at(float(tick))
            anchor = "start" if x < 3 else "end" if x > 97 else "middle"
            found.append(
                f'<text class="wb-tick" x="{written(x)}%" y="{self.height + 18}"'
                f' text-anchor="{anchor}">{escape(figure(self.x_column, tick, 0))}</text>'
            )
        label = escape(clip(self.x_column.head, 60))
        return [*found, f'<text class="wb-tick" x="0%" y="{self.height + 34}">{label}</text>']

    def names(self) -> list[str]:
        """The name of each curve and its last value, at the height of its end."""
        return spread(
            [(self.scale.y(curve.points[-1].y), self._name(curve), "") for curve in self.drawn],
            self.height,
        )

    def _name(self, curve: Curve) -> str:
        return (
            f"{clip(curve.name, 16)} {curve.note or figure(self.y_column, curve.points[-1].y, 0)}"
        )

    def words(self) -> str:
        """The drawing for those who do not see it: where each curve ends."""
        ends = [
            f"{clean(curve.name)}: {figure(self.y_column, curve.points[-1].y, 0)}"
            f" ({clean(self.x_column.head)}: {figure(self.x_column, curve.points[-1].x, 0)})"
            for curve in self.drawn
        ]
        return clip("; ".join(ends), 600)


def _legend(drawn: Sequence[Curve]) -> str:
    keys = " ".join(
        f'<span class="wb-key"><span class="wb-swatch wb-b-'
        f'{curve.tone or _TONES[min(n, len(_TONES) - 1)]}" aria-hidden="true"></span>'
        f"{escape(curve.name)}</span>"
        for n, curve in enumerate(drawn)
    )
    return f'<p class="wb-legend">{keys}</p>'
