"""Entities and their relationships as boxes in columns: each stands right of everything that it
points to.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.errors import ShowError
from workbook.show.diagram_layout import Arrangement, arrange
from workbook.show.figure_body import Body, nothing
from workbook.show.text import clean, clip, escape
from workbook.words import error_of
from workbook.words.number import integer, plural

# as a line bears it
_SHORT = {
    "many to one": "n : 1",
    "one to one": "1 : 1",
    "one to many": "1 : n",
    "many to many": "n : m",
}
# width of a letter; the longest piece of a line that stays level, so that no line runs through a
# label
_LETTER, _STUB = 7, 80
_STATES = {"": "", "open": " wb-open", "look": " wb-look"}


@dataclass(frozen=True)
class Box:
    """An entity: its name in the model, how many rows it has (None: not built), a word about it."""

    name: str
    rows: int | None = None
    note: str = ""
    open: bool = False


@dataclass(frozen=True)
class Edge:
    """A relationship from many to one (`from_` points to `to`), with its cardinality in words
    such as `many to one`.

    `orphans` counts rows that reach nothing; `trouble` says that the data does not keep to what was
    declared, `open` that nobody has decided it yet.
    """

    from_: str
    to: str
    cardinality: str = ""
    name: str = ""
    orphans: int = 0
    open: bool = False
    trouble: bool = False

    @property
    def state(self) -> str:
        """Why it is marked, if it is."""
        return "open" if self.open else "look" if self.trouble else ""


def er(entities: Sequence[Box], relationships: Sequence[Edge]) -> Body:
    """The entities as boxes, the relationships as lines; where it is narrow, as sentences.

    Raises:
        ShowError: a relationship names an entity that is not there.
    """
    names = [box.name for box in entities]
    for edge in relationships:
        for name in (edge.from_, edge.to):
            if name not in names:
                raise error_of(ShowError, "show.unknown_entity", name=clean(name), known=names)
    if not entities:
        return nothing(_HEADS, "no entities")
    plan = arrange(names, [(edge.from_, edge.to) for edge in relationships])
    edges = [_edge(edge, plan.paths[n]) for n, edge in enumerate(relationships)]
    marks = (
        [line for line, _ in edges]
        + [_box(box, plan) for box in entities]
        + [labels for _, labels in edges]
    )
    text = f"{plural(len(entities), 'entity')} and {plural(len(relationships), 'relationship')}"
    svg = (
        f'<svg class="wb-er" width="{plan.width}" height="{plan.height}" role="img"'
        f' aria-label="{text}" focusable="false">{"".join(marks)}</svg>'
    )
    listed = "".join(f"<li>{escape(_sentence(edge))}</li>" for edge in relationships)
    sentences = (
        f'<ul class="wb-edges">{listed}</ul>'
        if listed
        else f'<p class="wb-edges">{escape(", ".join(names))}</p>'
    )
    return Body(
        f'<div class="wb-scroll" role="group" aria-label="{text}"'
        f' tabindex="0">{svg}</div>{sentences}',
        _HEADS,
        tuple(map(_row, relationships)),
        what=plural(len(entities), "entity"),
    )


_HEADS = tuple(
    {"name": name, "label": label, "kind": kind}
    for name, label, kind in (
        ("from", "From", "words"),
        ("to", "To", "words"),
        ("cardinality", "Cardinality", "words"),
        ("orphans", "Orphans", "int"),
        ("state", "State", "words"),
    )
)


def _row(edge: Edge) -> tuple[str | int, ...]:
    return clean(edge.from_), clean(edge.to), clean(edge.cardinality), edge.orphans, edge.state


def _edge(edge: Edge, points: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """The line, and its labels, which stand on top of all lines."""
    (start_x, start_y), (end_x, end_y) = points[0], points[-1]
    cls, short, none = (
        _STATES[edge.state],
        _SHORT.get(edge.cardinality, edge.cardinality),
        integer(edge.orphans) if edge.orphans else "",
    )
    if edge.from_ == edge.to:
        loop = f"M{start_x},{start_y}C{start_x},{start_y - 20} {end_x},{end_y - 20} {end_x},{end_y}"
        return f'<path class="wb-edge{cls}" d="{loop}" fill="none"></path>', _label(
            short or edge.name, start_x - 6, start_y - 6, "end", cls
        ) + _label(none, end_x + 6, end_y - 6, "start", cls)
    back = start_x < end_x
    # each end bears its own side
    many, _, short = short.partition(" : ") if " : " in short else ("", "", short)
    lost = f"{many} ({none})" if many and none else many or none
    cardinality = _label(
        short, end_x - 8 if back else end_x + 8, end_y - 5, "end" if back else "start", cls
    )
    orphans = _label(
        lost, start_x + 8 if back else start_x - 8, start_y - 5, "start" if back else "end", cls
    )
    path = 1 if back else -1
    level = [
        points[0],
        (start_x + path * _room(lost), start_y),
        *points[1:-1],
        (end_x - path * _room(short), end_y),
        points[-1],
    ]
    return (
        f'<path class="wb-edge{cls}" d="{_curve(level)}" fill="none"></path>',
        cardinality + orphans,
    )


def _room(text: str) -> int:
    """How far a line stays level below its label."""
    return min(8 + _LETTER * len(text), _STUB) if text else 0


def _curve(points: Sequence[tuple[int, int]]) -> str:
    """Level at every point; between two points of the same height a straight line."""
    path = f"M{points[0][0]},{points[0][1]}"
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        bend = (x + next_x) // 2
        path += (
            f"C{bend},{y} {bend},{next_y} {next_x},{next_y}"
            if y != next_y
            else f"L{next_x},{next_y}"
        )
    return path


def _label(text: str, x: int, y: int, anchor: str, cls: str) -> str:
    return (
        f'<text class="wb-tick{cls}" x="{x}" y="{y}"'
        f' text-anchor="{anchor}">{escape(clip(text, 16))}</text>'
        if text
        else ""
    )


def _box(box: Box, plan: Arrangement) -> str:
    x, y, height = plan.boxes[box.name]
    rows = (
        plural(box.rows, "row") if box.rows is not None else "not decided yet" if box.open else ""
    )
    below = " · ".join(item for item in (rows, box.note) if item)
    fits = (plan.box_width - 24) // _LETTER
    return (
        f'<rect class="wb-node{" wb-open" if box.open else ""}" x="{x}" y="{y}"'
        f' width="{plan.box_width}" height="{height}"></rect><text class="wb-node-name"'
        f' x="{x + 12}" y="{y + 22}">{escape(clip(box.name.replace("_", " "), fits))}</text><text'
        f' class="wb-tick" x="{x + 12}"'
        f' y="{y + 40}">{escape(clip(below, (plan.box_width - 24) // (_LETTER - 1)))}</text>'
    )


def _sentence(edge: Edge) -> str:
    lost = f"{integer(edge.orphans)} reach nothing" if edge.orphans else ""
    parts = (
        f"{edge.from_} → {edge.to}",
        edge.cardinality,
        edge.name,
        lost,
        "not decided yet" if edge.open else "",
    )
    return ", ".join(part.replace("_", " ") for part in parts if part)
