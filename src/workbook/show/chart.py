"""Small charts of several series: one drawing in percent of its width, so that it flexes and
its text never shrinks.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import polars as pl

from workbook.show.chart_frame import NARROW, WIDE, Chart, Series, written
from workbook.show.figure_body import Body
from workbook.show.text import clip, escape

_GAP = 15  # pixels between two labels


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
    chart = Chart(frame, x, series, net, height, key)
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
    chart = Chart(frame, x, series, "", height, key, points=True)
    known = [value for line in chart.values for value in line if value is not None]
    if chart.empty or not known:
        return chart.nothing()
    chart.scale_to(min([0.0, *known] if zero else known), max([0.0, *known] if zero else known))
    marks = [
        mark for n, line in enumerate(chart.values) for mark in _line(chart, n, line, provisional)
    ]
    return chart.body(marks, _direct_lines(chart))


def _stacked(chart: Chart, place: int, bar: Sequence[float]) -> list[str]:
    width = min(24.0, 64 / chart.count)
    marks, up, down = [], 0.0, 0.0
    for number, value in enumerate(bar):
        if not value:
            continue
        start = up if value > 0 else down
        top, bottom = sorted((chart.scale.y(start), chart.scale.y(start + value)))
        marks.append(
            f'<rect class="wb-f wb-seam {chart.tone(number)}"'
            f' x="{written(chart.at(place) - width / 2)}%" y="{written(top)}"'
            f' width="{written(width)}%" height="{written(max(bottom - top, 0.5))}"></rect>'
        )
        up, down = (up + value, down) if value > 0 else (up, down + value)
    return marks


def _zero(chart: Chart) -> str:
    y = written(chart.scale.y(0))
    return f'<line class="wb-zero" x1="0%" y1="{y}" x2="100%" y2="{y}"></line>'


def _nets(chart: Chart) -> list[str]:
    return [
        f'<circle class="wb-net" cx="{written(chart.at(place))}%"'
        f' cy="{written(chart.scale.y(value))}" r="4.5"></circle>'
        for place, value in enumerate(chart.net_values)
        if value is not None
    ]


def _tops(chart: Chart, highs: Sequence[float]) -> list[str]:
    """The number over each bar: its net, or its value where there is but one series."""
    column = chart.net or (chart.series[0] if len(chart.series) == 1 else None)
    if column is None or chart.count > WIDE:
        return []
    texts = [cells[0].text for cells in chart.made[chart.columns.index(column)]]
    cls = "wb-top" if chart.count <= NARROW else "wb-top wb-roomy"
    return [
        f'<text class="{cls}" x="{written(chart.at(place))}%"'
        f' y="{written(chart.scale.y(high) - 6)}" text-anchor="middle">{escape(text)}</text>'
        for place, (high, text) in enumerate(zip(highs, texts, strict=True))
        if text
    ]


def _line(chart: Chart, number: int, line: Sequence[float | None], provisional: int) -> list[str]:
    tone = chart.tone(number)
    points = [
        None if value is None else (written(chart.at(place)), written(chart.scale.y(value)))
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


def _direct_bars(chart: Chart) -> list[str]:
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
    return spread(places, chart.height)


def _direct_lines(chart: Chart) -> list[str]:
    """Names at the ends of the lines."""
    ends = [
        next((value for value in reversed(line) if value is not None), None)
        for line in chart.values
    ]
    return spread(
        [
            (chart.scale.y(end), _named(chart, number), "")
            for number, end in enumerate(ends)
            if end is not None
        ],
        chart.height,
    )


def _named(chart: Chart, number: int) -> str:
    cells = [cell[0].text for cell in chart.made[number + 1] if cell[0].text]
    return f"{clip(chart.series[number].head, 22)} {cells[-1] if cells else ''}".rstrip()


def spread(places: list[tuple[float, str, str]], height: int) -> list[str]:
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
        f'<text class="wb-name{cls}" x="8" y="{written(y)}">{escape(text)}</text>'
        for y, (_, text, cls) in zip(heights, ordered, strict=True)
    ]
