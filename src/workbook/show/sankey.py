"""Streams from column to column, such as records to match rules to customers: on one scale, so
that a stream that narrows says so; where it is narrow, the numbers as sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbook.errors import ShowError
from workbook.show.chart_frame import written
from workbook.show.fixed_widths import Canvas, at_widths
from workbook.show.text import clean, clip, escape
from workbook.words import error_of
from workbook.words.number import integer

_TALL, _GAP, _BAR, _TOP = 380.0, 26.0, 10.0, 48.0
_LINE = 15.0  # pixels from line to line of a label


@dataclass(frozen=True)
class Node:
    """A bar in a column: its key, its name, how much it is, a word below, and what of it waits.

    A `mark` is a line in red below the node's name, such as what was blocked there.
    """

    key: str
    name: str
    count: int
    note: str = ""
    quiet: bool = False
    waiting: int = 0
    waits: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Stream:
    """How much of a node goes into one of the next column, and how much of that one it makes."""

    from_: str
    to: str
    leaves: float
    arrives: float


@dataclass(frozen=True)
class NodeColumn:
    """A column: its heading, a word below, its nodes from the top."""

    title: str
    note: str
    nodes: Sequence[Node]


@dataclass
class _Place:
    x: float
    y: float
    height: float
    out: float = 0.0
    into: float = field(default=0.0)


def sankey(columns: Sequence[NodeColumn], streams: Sequence[Stream], words: str) -> str:
    """The drawing as HTML; `words` say for those who do not see it what it shows.

    Raises:
        ShowError: a stream names a node that its columns do not have.
    """
    names = [node.key for column in columns for node in column.nodes]
    for stream in streams:
        for name in (stream.from_, stream.to):
            if name not in names:
                raise error_of(ShowError, "show.unknown_entity", name=clean(name), known=names)
    sentences = [_sentence(node) for column in columns for node in column.nodes]
    return at_widths(lambda width: _drawing(columns, streams, width), words, sentences)


def _drawing(columns: Sequence[NodeColumn], streams: Sequence[Stream], width: int) -> Canvas:
    scale = _TALL / max(sum(node.count for node in column.nodes) for column in columns)
    left, right = 130.0, 190.0
    between = (width - left - right - _BAR) / max(len(columns) - 1, 1)
    places: dict[str, _Place] = {}
    heights = [_height(column, scale) for column in columns]
    tallest = max(heights)
    for at, column in enumerate(columns):
        y = _TOP + (tallest - heights[at]) / 2
        for node in column.nodes:
            height = max(node.count * scale, 1.0)
            places[node.key] = _Place(left + at * between, y, height)
            y += max(height, _room(node)) + _GAP
    marks = [_stream(stream, places, columns, scale) for stream in streams]
    for at, column in enumerate(columns):
        anchor, shift = ("end", -10.0) if at == 0 else ("start", _BAR + 10.0)
        x = left + at * between + (_BAR if at == 0 else 0)
        marks.append(_head(column, x, "end" if at == 0 else "start"))
        marks += [_node(node, places[node.key], scale, anchor, shift) for node in column.nodes]
    return Canvas(marks, width, _TOP + tallest + 8)


def _height(column: NodeColumn, scale: float) -> float:
    tall = [max(node.count * scale, 1.0, _room(node)) for node in column.nodes]
    return sum(tall) + _GAP * (len(tall) - 1)


def _room(node: Node) -> float:
    """The height of a node's label."""
    lines = 2 + bool(node.note) + bool(node.mark) + 2 * bool(node.waits)
    return _LINE * (lines - 1)


def _stream(
    stream: Stream, places: Mapping[str, _Place], columns: Sequence[NodeColumn], scale: float
) -> str:
    """A band between two bars, as wide at each end as it is there."""
    start, end = places[stream.from_], places[stream.to]
    wide, after = stream.leaves * scale, stream.arrives * scale
    y1, y2 = start.y + start.out, end.y + end.into
    start.out, end.into = start.out + wide, end.into + after
    x1, x2 = start.x + _BAR, end.x
    half = (x1 + x2) / 2
    if max(wide, after) < 1:
        y1, y2, wide, after = y1 - 0.5, y2 - 0.5, 1.0, 1.0
    path = (
        f"M{written(x1)},{written(y1)}C{written(half)},{written(y1)} {written(half)},{written(y2)}"
        f" {written(x2)},{written(y2)}L{written(x2)},{written(y2 + after)}C{written(half)},"
        f"{written(y2 + after)} {written(half)},{written(y1 + wide)} {written(x1)},"
        f"{written(y1 + wide)}Z"
    )
    ends = (stream.from_, stream.to)
    quiet = any(node.quiet for column in columns for node in column.nodes if node.key in ends)
    return f'<path class="wb-ribbon{" wb-faint" if quiet else ""}" d="{path}"></path>'


def _node(node: Node, place: _Place, scale: float, anchor: str, shift: float) -> str:
    tone = "d2" if node.quiet else "d1"
    x, y = written(place.x), place.y
    marks = [
        f'<rect class="wb-f {tone}" x="{x}" y="{written(y)}" width="{written(_BAR)}"'
        f' height="{written(place.height)}"></rect>'
    ]
    if node.waiting:
        share = min(node.waiting * scale, place.height)
        marks.append(
            f'<rect class="wb-f amber" x="{x}" y="{written(y + place.height - share)}"'
            f' width="{written(_BAR)}" height="{written(share)}"></rect>'
        )
    lines = [
        ("wb-strong", node.name),
        ("wb-tick", " ".join(part for part in (integer(node.count), node.note) if part)),
        ("wb-strong wb-t-red", f"✕ {node.mark}" if node.mark else ""),
        ("wb-tick wb-look", f"▲ {node.waits}" if node.waits else ""),
    ]
    shown = [(cls, text) for cls, text in lines if text]
    at = y + max(place.height, 1) / 2 - _LINE * (len(shown) - 1) / 2 + 4
    if place.height < _LINE * len(shown):
        at = y + 10
    for line, (cls, text) in enumerate(shown):
        marks.append(
            f'<text class="{cls} wb-halo" x="{written(place.x + shift)}"'
            f' y="{written(at + _LINE * line)}" text-anchor="{anchor}">'
            f"{escape(clip(text, 34))}</text>"
        )
    return "".join(marks)


def _head(column: NodeColumn, x: float, anchor: str) -> str:
    return (
        f'<text class="wb-strong" x="{written(x)}" y="14" text-anchor="{anchor}">'
        f"{escape(clip(column.title, 30))}</text>"
        f'<text class="wb-tick" x="{written(x)}" y="30" text-anchor="{anchor}">'
        f"{escape(clip(column.note, 30))}</text>"
    )


def _sentence(node: Node) -> str:
    more = [
        node.note,
        f"✕ {node.mark}" if node.mark else "",
        f"▲ {node.waits}" if node.waits else "",
    ]
    return f"{clean(node.name)}: {', '.join(part for part in [integer(node.count), *more] if part)}"
