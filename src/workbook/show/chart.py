"""Small charts of several series: one drawing in percent of its width, so that it flexes and
its text never shrinks.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from workbook.errors import ShowError
from workbook.show.axis import Scale, day_labels, decimals_of, ticks
from workbook.show.body import Body, nothing
from workbook.show.cell import figure
from workbook.show.column import NUMERIC, Column, check_columns
from workbook.show.table import cells_of, heads_of, rows_of, tokens_of
from workbook.show.text import clip, escape
from workbook.words.number import finite, plural

_TONES = ("d1", "d2", "d3", "d4", "amber", "blue", "red")
_TOP, _FOOT, _GAP = 20, 38, 15  # pixels above the plot, below it, and between two labels
_WIDE, _NARROW = 16, 6  # labels that fit under a wide and a narrow chart
Series = str | Column


def bars(
    frame: pl.DataFrame,
    x: Series,
    series: Series | Sequence[Series],
    *,
    net: Series = "",
    height: int = 220,
    key: bytes | None = None,
) -> Body:
    """Stacked bars, what is below zero downward; `net` is a column that stands as a dot on each
    bar.

    One row of the frame is one bar.
    """
    chart = _Chart(frame, x, series, net, height, key)
    if chart.empty:
        return chart.nothing()
    highs = [sum(value for value in bar if value > 0) for bar in chart.bars()]
    lows = [sum(value for value in bar if value < 0) for bar in chart.bars()]
    nets = [value for value in chart.net_values if value is not None]
    chart.scale_to(min([0.0, *lows, *nets]), max([0.0, *highs, *nets]))
    marks = [mark for at, bar in enumerate(chart.bars()) for mark in _stacked(chart, at, bar)]
    marks += [_zero(chart), *_nets(chart)]
    marks += _tops(chart, highs)
    return chart.body(marks, _direct_bars(chart))


def lines(
    frame: pl.DataFrame,
    x: Series,
    series: Series | Sequence[Series],
    *,
    zero: bool = False,
    provisional: int = 0,
    height: int = 220,
    key: bytes | None = None,
) -> Body:
    """One line per series, broken where there is no value; the last `provisional` steps are
    dashed, with an open dot.

    One row of the frame is one point of every line.
    """
    chart = _Chart(frame, x, series, "", height, key, points=True)
    known = [value for line in chart.values for value in line if value is not None]
    if chart.empty or not known:
        return chart.nothing()
    chart.scale_to(min([0.0, *known] if zero else known), max([0.0, *known] if zero else known))
    marks = [
        mark for n, line in enumerate(chart.values) for mark in _line(chart, n, line, provisional)
    ]
    return chart.body(marks, _direct_lines(chart))


class _Chart:
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
        self.series = [_numeric(each) for each in several]
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
        self.scale = Scale(0, 1, _TOP, height)
        self.steps = ticks(0, 1)

    def scale_to(self, low: float, high: float) -> None:
        """Set the scale so that its ticks hold all numbers."""
        self.steps = ticks(low, high)
        self.scale = Scale(float(self.steps[0]), float(self.steps[-1]), _TOP, self.height)

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
        html = (
            "<div"
            f' class="wb-chart{" wb-named" if direct and many else " wb-keyed" if many else ""}">{_legend(self) if many else ""}{_axis(self)}<svg'
            f' class="wb-plot" height="{self.height + _FOOT}" role="img"'
            f' aria-label="{escape(self.words())}"'
            f' focusable="false">{"".join([*_grid(self), *marks, *_feet(self)])}</svg>'
            + (
                f'<svg class="wb-direct" height="{self.height + _FOOT}" aria-hidden="true"'
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
    made = Column(column, kind="number") if isinstance(column, str) else column
    if made.kind not in NUMERIC or made.hides:
        raise ShowError(f"A chart draws numbers; column '{made.name}' is of kind {made.kind!r}.")
    return made


def _floats(frame: pl.DataFrame, column: Column) -> list[float | None]:
    return [
        None if value is None else float(finite(value)) for value in frame.get_column(column.name)
    ]


def _stacked(chart: _Chart, place: int, bar: Sequence[float]) -> list[str]:
    width = min(24.0, 64 / chart.count)
    marks, up, down = [], 0.0, 0.0
    for number, value in enumerate(bar):
        if not value:
            continue
        start = up if value > 0 else down
        top, bottom = sorted((chart.scale.y(start), chart.scale.y(start + value)))
        marks.append(
            f'<rect class="wb-f wb-seam {chart.tone(number)}"'
            f' x="{_n(chart.at(place) - width / 2)}%" y="{_n(top)}" width="{_n(width)}%"'
            f' height="{_n(max(bottom - top, 0.5))}"></rect>'
        )
        up, down = (up + value, down) if value > 0 else (up, down + value)
    return marks


def _zero(chart: _Chart) -> str:
    y = _n(chart.scale.y(0))
    return f'<line class="wb-zero" x1="0%" y1="{y}" x2="100%" y2="{y}"></line>'


def _nets(chart: _Chart) -> list[str]:
    return [
        f'<circle class="wb-net" cx="{_n(chart.at(place))}%" cy="{_n(chart.scale.y(value))}"'
        ' r="4.5"></circle>'
        for place, value in enumerate(chart.net_values)
        if value is not None
    ]


def _tops(chart: _Chart, highs: Sequence[float]) -> list[str]:
    """The number over each bar: its net, or its value where there is but one series."""
    column = chart.net or (chart.series[0] if len(chart.series) == 1 else None)
    if column is None or chart.count > _WIDE:
        return []
    texts = [cells[0].text for cells in chart.made[chart.columns.index(column)]]
    cls = "wb-top" if chart.count <= _NARROW else "wb-top wb-roomy"
    return [
        f'<text class="{cls}" x="{_n(chart.at(place))}%" y="{_n(chart.scale.y(high) - 6)}"'
        f' text-anchor="middle">{escape(text)}</text>'
        for place, (high, text) in enumerate(zip(highs, texts, strict=True))
        if text
    ]


def _line(chart: _Chart, number: int, line: Sequence[float | None], provisional: int) -> list[str]:
    tone = chart.tone(number)
    points = [
        None if value is None else (_n(chart.at(place)), _n(chart.scale.y(value)))
        for place, value in enumerate(line)
    ]
    firm = len(points) - 1 - provisional
    marks = [
        f'<line class="wb-l {tone}{"" if place < firm else " wb-dashed"}" x1="{a[0]}%" y1="{a[1]}"'
        f' x2="{b[0]}%" y2="{b[1]}"></line>'
        for place, (a, b) in enumerate(itertools.pairwise(points))
        if a and b
    ]
    alone = [point for place, point in enumerate(points) if point and not _beside(points, place)]
    marks += [
        f'<circle class="wb-f {tone}" cx="{point[0]}%" cy="{point[1]}" r="3"></circle>'
        for point in alone
    ]
    last = next((point for point in reversed(points) if point), None)
    if last:
        cls = "wb-opendot" if provisional else f"wb-f {tone}"
        marks.append(f'<circle class="{cls}" cx="{last[0]}%" cy="{last[1]}" r="4"></circle>')
    return marks


def _beside(points: Sequence[object], place: int) -> bool:
    return any(0 <= near < len(points) and points[near] for near in (place - 1, place + 1))


def _grid(chart: _Chart) -> list[str]:
    return [
        f'<line class="wb-grid" x1="0%" y1="{_n(chart.scale.y(float(tick)))}" x2="100%"'
        f' y2="{_n(chart.scale.y(float(tick)))}"></line>'
        for tick in chart.steps
    ]


def _axis(chart: _Chart) -> str:
    column = replace(
        chart.series[0],
        kind="percent" if chart.series[0].kind == "percent" else "number",
        unit="",
        sign=bool(chart.net and chart.net.sign),
    )
    places = max(0, decimals_of(chart.steps) - (2 if column.kind == "percent" else 0))
    texts = "".join(
        f'<text class="wb-tick" x="100%" y="{_n(chart.scale.y(float(tick)) + 4)}"'
        f' text-anchor="end">{escape(figure(column, tick, places))}</text>'
        for tick in chart.steps
    )
    return (
        f'<svg class="wb-axis" height="{chart.height + _FOOT}" aria-hidden="true"'
        f' focusable="false">{texts}</svg>'
    )


def _feet(chart: _Chart) -> list[str]:
    """The labels under the plot; some stand only where there is room."""
    wide, narrow = -(-chart.count // _WIDE), -(-chart.count // _NARROW)
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
                    f'<text class="{cls}" x="{_n(chart.at(place))}%"'
                    f' y="{chart.height + 18 + 15 * line}"'
                    f' text-anchor="{anchor}">{escape(clip(text, 18))}</text>'
                )
    return marks


def _direct_bars(chart: _Chart) -> list[str]:
    """Names at the parts of the last bar; none where it is empty, so that a legend names them."""
    bar, up, down = chart.bars()[-1], 0.0, 0.0
    places: list[tuple[float, str, str]] = []
    for number, value in enumerate(bar):
        start = up if value >= 0 else down
        places.append((chart.scale.y(start + value / 2), _named(chart, number), ""))
        up, down = (up + value, down) if value >= 0 else (up, down + value)
    if not any(bar) and not chart.net:
        return []
    if chart.net and chart.net_values[-1] is not None:
        text = chart.made[-1][-1][0].text
        places.append(
            (chart.scale.y(chart.net_values[-1]), f"{chart.net.head} {text}", " wb-strong")
        )
    return _spread(places, chart.height)


def _direct_lines(chart: _Chart) -> list[str]:
    """Names at the ends of the lines."""
    ends = [
        next((value for value in reversed(line) if value is not None), None)
        for line in chart.values
    ]
    return _spread(
        [
            (chart.scale.y(end), _named(chart, number), "")
            for number, end in enumerate(ends)
            if end is not None
        ],
        chart.height,
    )


def _named(chart: _Chart, number: int) -> str:
    cells = [cell[0].text for cell in chart.made[number + 1] if cell[0].text]
    return f"{clip(chart.series[number].head, 22)} {cells[-1] if cells else ''}".rstrip()


def _spread(places: list[tuple[float, str, str]], height: int) -> list[str]:
    """Labels at their heights, pushed apart where they would touch."""
    ordered = sorted(places)
    heights: list[float] = []
    for y, _, _ in ordered:
        heights.append(max(y + 4, heights[-1] + _GAP) if heights else y + 4)
    over = heights[-1] - (height + 4) if heights else 0
    for place in range(len(heights) - 1, -1, -1):
        limit = heights[place + 1] - _GAP if place + 1 < len(heights) else height + 4
        heights[place] = min(heights[place], limit) if over > 0 else heights[place]
    return [
        f'<text class="wb-name{cls}" x="8" y="{_n(y)}">{escape(text)}</text>'
        for y, (_, text, cls) in zip(heights, ordered, strict=True)
    ]


def _legend(chart: _Chart) -> str:
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


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if round(value, 2) else "0"
