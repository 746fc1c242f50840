"""A frame read for drawing, and what every chart has: grid, axis, labels below it, a key of its
series.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from workbook.errors import ShowError
from workbook.show.axis import Scale, day_labels, decimals_of, ticks
from workbook.show.cell import figure
from workbook.show.column import NUMERIC, Column, check_columns
from workbook.show.figure_body import Body, nothing
from workbook.show.table import cells_of, heads_of, rows_of, tokens_of
from workbook.show.text import clip, escape
from workbook.words import error_of
from workbook.words.number import finite, plural

_TONES = ("d1", "d2", "d3", "d4", "amber", "blue", "red")


TOP = 20  # pixels above the plot


FOOT = 38  # pixels below it


WIDE = 16  # labels that fit under a wide chart


NARROW = 6  # labels that fit under a narrow one


Series = str | Column


class Chart:
    """A frame read for drawing: texts redacted, numbers finite, places in percent and pixels."""

    def __init__(
        self,
        frame: pl.DataFrame,
        x: Series,
        series: Series | Sequence[Series],
        net: Series,
        height: int,
        key: bytes | None,
        points: bool = False,
    ) -> None:
        several = [series] if isinstance(series, (str, Column)) else list(series)
        self.series = [_numeric(item) for item in several]
        self.net = _numeric(net) if net else None
        self.x = (
            x
            if isinstance(x, Column)
            else Column(
                x, kind="date" if x in frame.columns and frame.schema[x].is_temporal() else "words"
            )
        )
        self.columns = [self.x, *self.series, *([self.net] if self.net else [])]
        check_columns(self.columns, frame.columns)
        named = tokens_of(frame, self.columns, key)
        self.made = [cells_of(frame, column, named) for column in self.columns]
        self.values = [_floats(frame, column) for column in self.series]
        self.net_values = _floats(frame, self.net) if self.net else []
        self.count, self.height, self.points, self.empty = (
            frame.height,
            height,
            points,
            frame.is_empty(),
        )
        dated = (
            self.x.kind == "date" and not self.x.hides and frame.schema[self.x.name].is_temporal()
        )
        days = frame.get_column(self.x.name).to_list()
        self.labels = (
            day_labels(days)
            if dated and all(isinstance(day, (dt.date, type(None))) for day in days)
            else [(cell[0].text, "") for cell in self.made[0]]
        )
        self.scale = Scale(0, 1, TOP, height)
        self.steps = ticks(0, 1)

    def scale_to(self, low: float, high: float) -> None:
        """Set the scale so that its ticks hold all numbers."""
        self.steps = ticks(low, high)
        self.scale = Scale(float(self.steps[0]), float(self.steps[-1]), TOP, self.height)

    def bars(self) -> list[tuple[float, ...]]:
        """The numbers of each bar; where there is none, zero."""
        return list(zip(*([value or 0.0 for value in line] for line in self.values), strict=True))

    def at(self, place: int) -> float:
        """The middle of a bar, or a point, in percent of the width."""
        if self.points:
            return 1 + 98 * place / max(self.count - 1, 1) if self.count > 1 else 50
        return (place + 0.5) / self.count * 100

    def tone(self, number: int) -> str:
        """The tone of a series."""
        column = self.series[number]
        if len(self.series) == 1 and not column.colours and not self.points:
            return "d2"
        return column.colours[0] if column.colours else _TONES[number % len(_TONES)]

    def nothing(self) -> Body:
        """What stands where there is nothing to draw."""
        return nothing(tuple(head for column in self.columns for head in heads_of(column)))

    def body(self, marks: Sequence[str], direct: Sequence[str]) -> Body:
        """The drawing: ticks at the left, the plot, names of the series at the right or, where
        it is narrow, above.
        """
        rows, texts = rows_of(self.made)
        heads = tuple(head for column in self.columns for head in heads_of(column))
        many = len(self.series) > 1 or self.net is not None
        named = " wb-named" if direct and many else " wb-keyed" if many else ""
        html = (
            f'<div class="wb-chart{named}">{_legend(self) if many else ""}{_axis(self)}<svg'
            f' class="wb-plot" height="{self.height + FOOT}" role="img"'
            f' aria-label="{escape(self.words())}"'
            f' focusable="false">{"".join([*_grid(self), *marks, *_feet(self)])}</svg>'
            + (
                f'<svg class="wb-direct" height="{self.height + FOOT}" aria-hidden="true"'
                f' focusable="false">{"".join(direct)}</svg>'
                if direct and many
                else ""
            )
            + "</div>"
        )
        return Body(html, heads, rows, texts, plural(self.count, "row"))

    def words(self) -> str:
        """The chart for those who do not see it: every series from its first to its last number."""
        said = []
        for column, cells in zip(self.columns[1:], self.made[1:], strict=True):
            known = [(place, cell[0].text) for place, cell in enumerate(cells) if cell[0].text]
            if known:
                (first, start), (last, end) = known[0], known[-1]
                said.append(
                    f"{column.head}: {start} at {self.made[0][first][0].text}, {end} at"
                    f" {self.made[0][last][0].text}"
                )
        return clip("; ".join(said), 600)


def _numeric(column: Series) -> Column:
    result = Column(column, kind="number") if isinstance(column, str) else column
    if result.kind not in NUMERIC or result.hides:
        raise error_of(ShowError, "show.chart_of_text", column=result.name, kind=result.kind)
    return result


def _floats(frame: pl.DataFrame, column: Column) -> list[float | None]:
    return [
        None if value is None else float(finite(value)) for value in frame.get_column(column.name)
    ]


def _grid(chart: Chart) -> list[str]:
    return [
        f'<line class="wb-grid" x1="0%" y1="{written(chart.scale.y(float(tick)))}" x2="100%"'
        f' y2="{written(chart.scale.y(float(tick)))}"></line>'
        for tick in chart.steps
    ]


def _axis(chart: Chart) -> str:
    column = replace(
        chart.series[0],
        kind="percent" if chart.series[0].kind == "percent" else "number",
        unit="",
        sign=bool(chart.net and chart.net.sign),
    )
    places = max(0, decimals_of(chart.steps) - (2 if column.kind == "percent" else 0))
    texts = "".join(
        f'<text class="wb-tick" x="100%" y="{written(chart.scale.y(float(tick)) + 4)}"'
        f' text-anchor="end">{escape(figure(column, tick, places))}</text>'
        for tick in chart.steps
    )
    return (
        f'<svg class="wb-axis" height="{chart.height + FOOT}" aria-hidden="true"'
        f' focusable="false">{texts}</svg>'
    )


def _feet(chart: Chart) -> list[str]:
    """The labels under the plot; some stand only where there is room."""
    wide, narrow = -(-chart.count // WIDE), -(-chart.count // NARROW)
    marks = []
    for place, (label, below) in enumerate(chart.labels):
        back = chart.count - 1 - place  # counted from the newest, which always has its label
        if back % wide or not label:
            continue
        cls = "wb-tick" if back % (wide * -(-narrow // wide)) == 0 else "wb-tick wb-roomy"
        anchor = (
            "middle"
            if not chart.points or 0 < place < chart.count - 1 or chart.count == 1
            else "start"
            if place == 0
            else "end"
        )
        for line, text in enumerate((label, below)):
            if text:
                marks.append(
                    f'<text class="{cls}" x="{written(chart.at(place))}%"'
                    f' y="{chart.height + 18 + 15 * line}"'
                    f' text-anchor="{anchor}">{escape(clip(text, 18))}</text>'
                )
    return marks


def _legend(chart: Chart) -> str:
    keys = " ".join(
        f'<span class="wb-key"><span class="wb-swatch wb-b-{chart.tone(number)}"'
        f' aria-hidden="true"></span>{escape(column.head)}</span>'
        for number, column in enumerate(chart.series)
    )
    dot = (
        ' <span class="wb-key"><span class="wb-swatch wb-ring"'
        f' aria-hidden="true"></span>{escape(chart.net.head)}</span>'
        if chart.net
        else ""
    )
    return f'<p class="wb-legend">{keys}{dot}</p>'


def written(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if round(value, 2) else "0"
