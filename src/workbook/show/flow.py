"""States in a line and the moves between them, each as wide as it is frequent; where it is
narrow, as sentences.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.errors import ShowError
from workbook.show.chart_frame import written
from workbook.show.fixed_widths import Canvas, at_widths
from workbook.show.flow_layout import HEIGHT, Arc, Layout, Placed, arrange
from workbook.show.text import clean, clip, escape
from workbook.words import error_of
from workbook.words.number import integer

_LETTER = 6.6  # pixels of a letter of 12 px


@dataclass(frozen=True)
class Stage:
    """A state: how many are in it, a line below, and the share of them beyond a limit in words."""

    name: str
    count: int
    note: str = ""
    over: float | None = None
    warning: str = ""


@dataclass(frozen=True)
class Move:
    """A move between two states: how often, a word about it, and whether it is not permitted."""

    from_: str
    to: str
    count: int
    note: str = ""
    refused: bool = False


def flow(stages: Sequence[Stage], moves: Sequence[Move], words: str, *, listed: bool = True) -> str:
    """The drawing as HTML; `words` say for those who do not see it what it shows. Where it is
    narrow its states are sentences, and its moves unless a table beside it lists them.

    Moves to the next state lie between the boxes, those that pass over a state above them,
    returns and moves past several states into the last one below them.

    Raises:
        ShowError: a move names a state that is not there.
    """
    names = [stage.name for stage in stages]
    for move in moves:
        for name in (move.from_, move.to):
            if name not in names:
                raise error_of(ShowError, "show.unknown_entity", name=clean(name), known=names)
    arcs = [
        Arc(names.index(move.from_), names.index(move.to), move.count, move.refused)
        for move in moves
    ]
    sentences = [_state(stage) for stage in stages]
    sentences += [_sentence(move) for move in moves] if listed else []

    def draw(width: int) -> Canvas:
        plan = arrange(len(stages), arcs, width)
        marks = [_way(placed) for placed in plan.arcs]
        marks += [_box(stage, plan.lefts[at], plan) for at, stage in enumerate(stages)]
        marks += [_label(move, placed) for move, placed in zip(moves, plan.arcs, strict=True)]
        return Canvas(marks, plan.width, plan.height)

    return at_widths(draw, words, sentences)


def _way(placed: Placed) -> str:
    tone = "wb-refused" if placed.arc.refused else "wb-stream"
    return (
        f'<path class="{tone}" d="{placed.path}" fill="none"'
        f' stroke-width="{written(placed.thick)}"></path>'
        f'<path class="{tone}-head" d="{placed.head}"></path>'
    )


def _label(move: Move, placed: Placed) -> str:
    """The number of moves above the way, in red with its mark where it is not permitted."""
    count = f"✕ {integer(move.count)}" if move.refused else integer(move.count)
    cls = "wb-strong wb-t-red" if move.refused else "wb-strong"
    x, y = written(placed.label[0]), placed.label[1]
    note = clip(move.note, 26)
    if placed.straight:
        below = (
            f'<text class="wb-tick" x="{x}" y="{written(y + 14)}"'
            f' text-anchor="middle">{escape(note)}</text>'
        )
        return (
            f'<text class="{cls}" x="{x}" y="{written(y)}" text-anchor="middle">{escape(count)}'
            f"</text>{below if note else ''}"
        )
    start = placed.label[0] - _LETTER * (len(count) + len(note) + 2) / 2
    after = start + _LETTER * (len(count) + 1) + 4
    return (
        f'<text class="{cls} wb-halo" x="{written(start)}" y="{written(y)}">{escape(count)}</text>'
        f'<text class="wb-tick wb-halo" x="{written(after)}" y="{written(y)}">{escape(note)}</text>'
    )


def _box(stage: Stage, left: float, plan: Layout) -> str:
    top, box = plan.top, plan.box
    x, fits = left + 10, int((box - 20) // _LETTER)
    texts = [
        f'<text class="wb-node-name" x="{written(x)}" y="{written(top + 20)}">'
        f"{escape(clip(stage.name, fits))}</text>",
        f'<text class="wb-big" x="{written(x)}" y="{written(top + 44)}">'
        f"{escape(integer(stage.count))}</text>",
    ]
    if not stage.warning:
        texts += _lines(stage.note, x, top + 66, fits, "wb-tick")
    if stage.over is not None and stage.warning:
        width = box - 20
        texts += [
            f'<rect class="wb-f d4" x="{written(x)}" y="{written(top + 56)}"'
            f' width="{written(width)}" height="5"></rect>',
            f'<rect class="wb-f amber" x="{written(x)}" y="{written(top + 56)}"'
            f' width="{written(width * min(stage.over, 1))}" height="5"></rect>',
        ]
        texts += _lines(f"▲ {stage.warning}", x, top + 78, fits, "wb-tick wb-look")
    return (
        f'<rect class="wb-node" x="{written(left)}" y="{written(top)}" width="{written(box)}"'
        f' height="{HEIGHT}"></rect>{"".join(texts)}'
    )


def _lines(words: str, x: float, y: float, fits: int, cls: str) -> list[str]:
    """At most two lines of so many letters, the second cut where it is longer."""
    lines = textwrap.wrap(clean(words), fits + 1, break_long_words=False)
    lines = [*lines[:1], " ".join(lines[1:])] if lines[1:] else lines
    return [
        f'<text class="{cls}" x="{written(x)}" y="{written(y + 15 * at)}">'
        f"{escape(clip(line, fits + 2))}</text>"
        for at, line in enumerate(lines)
    ]


def _state(stage: Stage) -> str:
    parts = (integer(stage.count), stage.note, stage.warning)
    return f"{clean(stage.name)}: {', '.join(part for part in parts if part)}"


def _sentence(move: Move) -> str:
    mark = "✕ " if move.refused else ""
    parts = (integer(move.count), move.note)
    return (
        f"{mark}{clean(move.from_)} → {clean(move.to)}: {', '.join(part for part in parts if part)}"
    )
