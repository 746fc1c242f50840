"""Where the boxes and ways of a flow lie: boxes in one line, ways above and below them that
do not touch where they run level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbook.show.chart_frame import written

HEIGHT = 104  # pixels of a box
_LEAST, _MOST = 1.0, 26.0  # pixels of the thinnest and the thickest way
_LABEL, _AIR, _ROUND = 18.0, 8.0, 14.0
_HEAD = 9.0  # length of an arrow's head


@dataclass(frozen=True)
class Arc:
    """A way from one box to another, by their places from 0, and how much it bears."""

    from_: int
    to: int
    count: int
    refused: bool = False

    @property
    def span(self) -> int:
        """Over how many boxes it passes."""
        return abs(self.to - self.from_)


@dataclass(frozen=True)
class Placed:
    """A way as it is drawn: its line, its head, its width and where its label is centred."""

    arc: Arc
    path: str
    head: str
    thick: float
    label: tuple[float, float]
    straight: bool = False


@dataclass(frozen=True)
class Layout:
    """The left of each box, the top and width of all, the ways in the order given, the size."""

    lefts: Sequence[float]
    top: float
    box: float
    arcs: Sequence[Placed]
    width: float
    height: float


@dataclass(frozen=True)
class _Side:
    """One way above (-1) or below (1): the places where it leaves and arrives, its middle line."""

    number: int
    side: int
    leaves: float = 0
    arrives: float = 0
    away: float = 0  # from the boxes to the middle of its level run


def arrange(count: int, arcs: Sequence[Arc], width: float) -> Layout:
    """Places for boxes and ways within this width, or more where the boxes need it; equal input
    gives equal places.
    """
    box = max(96.0, min(126.0, (width - 2) * 0.66 / max(count, 1)))
    gap = round(max((width - 2 - count * box) / max(count - 1, 1), 56.0), 2) - 0.01
    lefts = [1 + at * (box + gap) for at in range(count)]
    thick = _widths(arcs)
    bowed = [_Side(n, _side_of(arc, count)) for n, arc in enumerate(arcs) if not _straight(arc)]
    bowed = _ports(bowed, arcs, thick, lefts, box)
    bowed = [way for side in (-1, 1) for way in _levels(bowed, side, thick)]
    high = [way.away + thick[way.number] / 2 + _LABEL for way in bowed if way.side < 0]
    low = [way.away + thick[way.number] / 2 + _LABEL for way in bowed if way.side > 0]
    top = max(high, default=0) + 4
    placed = {
        way.number: _bow(arcs[way.number], way, top, thick[way.number], _free(way, bowed, thick))
        for way in bowed
    }
    for n, arc in enumerate(arcs):
        if _straight(arc):
            placed[n] = _level(arc, lefts, box, top, thick[n])
    bottom = top + HEIGHT + max(low, default=0) + 6
    ordered = [placed[n] for n in range(len(arcs))]
    return Layout(lefts, top, box, ordered, lefts[-1] + box + 1 if lefts else 0, bottom)


def _straight(arc: Arc) -> bool:
    return arc.to == arc.from_ + 1 and not arc.refused


def _side_of(arc: Arc, count: int) -> int:
    """Above the boxes for what passes over some, below for returns, what is not permitted and
    what leads past others into the last.
    """
    back = arc.to <= arc.from_
    return 1 if back or arc.refused or (arc.to == count - 1 and arc.from_ > 0) else -1


def _widths(arcs: Sequence[Arc]) -> list[float]:
    """Pixels of each way, all on one scale."""
    most = max((arc.count for arc in arcs if not arc.refused), default=1) or 1
    return [1.5 if arc.refused else max(_LEAST, _MOST * arc.count / most) for arc in arcs]


def _ports(
    ways: Sequence[_Side],
    arcs: Sequence[Arc],
    thick: Sequence[float],
    lefts: Sequence[float],
    box: float,
) -> list[_Side]:
    """Where each way leaves and reaches its boxes: those to and from the left on the left half,
    the longest outside, so that no way crosses another at a box.
    """
    found = {way.number: way for way in ways}
    for side in (-1, 1):
        for at, left in enumerate(lefts):
            ends = []
            for way in ways:
                arc = arcs[way.number]
                if way.side == side and at in (arc.from_, arc.to):
                    other = arc.to if arc.from_ == at else arc.from_
                    ends.append((other - at, way.number, arc.from_ == at))
            ends.sort(key=lambda end: (end[0] > 0, -end[0] if end[0] > 0 else abs(end[0])))
            room = box - sum(thick[number] for _, number, _ in ends)
            air = room / (len(ends) + 1)
            x = left
            for _, number, leaves in ends:
                x += air + thick[number] / 2
                found[number] = replace(
                    found[number], **({"leaves": x} if leaves else {"arrives": x})
                )
                x += thick[number] / 2
    return list(found.values())


def _levels(ways: Sequence[_Side], side: int, thick: Sequence[float]) -> list[_Side]:
    """How far from the boxes each way runs level: short ones near, none on another."""
    mine = sorted(
        (way for way in ways if way.side == side),
        key=lambda way: (abs(way.arrives - way.leaves), way.number),
    )
    done: list[_Side] = []
    for way in mine:
        left, right = sorted((way.leaves, way.arrives))
        below = [
            other.away + thick[other.number] / 2 + _LABEL
            for other in done
            if min(other.leaves, other.arrives) - 30 < right
            and left < max(other.leaves, other.arrives) + 30
        ]
        away = max([_AIR + _HEAD, *below]) + _AIR + thick[way.number] / 2
        done.append(replace(way, away=away))
    return done


def _free(way: _Side, ways: Sequence[_Side], thick: Sequence[float]) -> float:
    """The middle of the widest stretch of a level run over which no other way comes down."""
    left, right = sorted((way.leaves, way.arrives))
    cuts = sorted(
        (x - thick[other.number] / 2, x + thick[other.number] / 2)
        for other in ways
        if other.side == way.side and other.away > way.away
        for x in (other.leaves, other.arrives)
        if left < x < right
    )
    starts, ends = [left, *(end for _, end in cuts)], [*(start for start, _ in cuts), right]
    wide = max(zip(starts, ends, strict=True), key=lambda run: run[1] - run[0])
    return sum(wide) / 2


def _bow(arc: Arc, way: _Side, top: float, thick: float, label: float) -> Placed:
    """Out of a box, level, and into another, with round corners."""
    edge = top if way.side < 0 else top + HEIGHT
    level = edge + way.side * way.away
    right = 1 if way.arrives > way.leaves else -1
    bend = min(_ROUND + thick / 2, way.away - 2, abs(way.arrives - way.leaves) / 2)
    tip = edge + way.side * _HEAD
    path = (
        f"M{written(way.leaves)},{written(edge)}"
        f"L{written(way.leaves)},{written(level - way.side * bend)}"
        f"Q{written(way.leaves)},{written(level)}"
        f" {written(way.leaves + right * bend)},{written(level)}"
        f"L{written(way.arrives - right * bend)},{written(level)}"
        f"Q{written(way.arrives)},{written(level)}"
        f" {written(way.arrives)},{written(level - way.side * bend)}"
        f"L{written(way.arrives)},{written(tip)}"
    )
    half = thick / 2 + 4
    head = (
        f"M{written(way.arrives - half)},{written(tip)}"
        f"L{written(way.arrives + half)},{written(tip)}L{written(way.arrives)},{written(edge)}Z"
    )
    away = thick / 2 + (6 if way.side < 0 else 14)
    return Placed(arc, path, head, thick, (label, level + way.side * away))


def _level(arc: Arc, lefts: Sequence[float], box: float, top: float, thick: float) -> Placed:
    """From a box to the next."""
    start, end = lefts[arc.from_] + box, lefts[arc.to]
    y = top + HEIGHT / 2 + 10
    half = thick / 2 + 4
    path = f"M{written(start)},{written(y)}L{written(end - _HEAD)},{written(y)}"
    head = (
        f"M{written(end - _HEAD)},{written(y - half)}L{written(end - _HEAD)},{written(y + half)}"
        f"L{written(end)},{written(y)}Z"
    )
    return Placed(arc, path, head, thick, ((start + end) / 2, y - half - 20), straight=True)
