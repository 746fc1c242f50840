"""Where boxes and lines of a diagram go: columns by what points to what, lines between boxes
and never through them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_HEIGHT, _DOCK, _GAP_Y, _LANE, _TOP = 52, 20, 26, 12, 30
_WIDTHS = {1: (172, 132), 2: (172, 132), 3: (172, 132), 4: (150, 108)}
_TIGHT = (140, 104)

# a box by its name, or the lane of a passing line: its number and column
Item = str | tuple[int, int]


@dataclass(frozen=True)
class Arrangement:
    """Left, top and height of each box; the points of each line; the size of it all."""

    boxes: Mapping[str, tuple[int, int, int]]
    paths: Sequence[Sequence[tuple[int, int]]]
    box_width: int
    width: int
    height: int


def arrange(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> Arrangement:
    """Places for boxes and lines; equal input gives equal places."""
    column = levels(names, edges)
    columns = _columns(names, edges, column)
    box, gap = _WIDTHS.get(len(columns), _TIGHT)
    heights = {
        name: max(_HEIGHT, _DOCK * (1 + max(_count(edges, name, 0), _count(edges, name, 1))))
        for name in names
    }
    blocks = [
        sum(heights.get(item, _LANE) if isinstance(item, str) else _LANE for item in items)
        + _GAP_Y * (len(items) - 1)
        for items in columns
    ]
    tallest = max(blocks)
    tops: dict[Item, int] = {}
    for items, block in zip(columns, blocks, strict=True):
        y = _TOP + (tallest - block) // 2
        for item in items:
            tops[item] = y
            y += (heights[item] if isinstance(item, str) else _LANE) + _GAP_Y
    boxes = {name: (1 + column[name] * (box + gap), tops[name], heights[name]) for name in names}
    leaves, arrives = _docks(edges, boxes, tops, column, 0), _docks(edges, boxes, tops, column, 1)
    paths = [
        _path(n, edge, boxes, tops, column, box, gap, leaves, arrives)
        for n, edge in enumerate(edges)
    ]
    return Arrangement(boxes, paths, box, len(columns) * (box + gap) - gap + 2, tallest + _TOP + 4)


def levels(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The column of each name: one right of the farthest that it points to; a circle is cut
    where it closes.

    >>> levels(["a", "b", "c"], [("b", "a"), ("c", "b"), ("c", "a")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    targets = {name: [to for from_, to in edges if from_ == name and to != name] for name in names}
    found: dict[str, int] = {}

    def level(name: str, above: tuple[str, ...]) -> int:
        if name not in found:
            found[name] = 1 + max(
                (level(to, (*above, name)) for to in targets[name] if to not in (*above, name)),
                default=-1,
            )
        return found[name]

    for name in names:
        level(name, ())
    return {name: found[name] for name in names}


def _columns(
    names: Sequence[str], edges: Sequence[tuple[str, str]], column: Mapping[str, int]
) -> list[list[Item]]:
    """Boxes and lanes of each column, ordered by the mean place of what they lead to."""
    columns: list[list[Item]] = [[] for _ in range(max(column.values()) + 1)]
    leads: dict[Item, list[Item]] = {name: [] for name in names}
    for name in names:
        columns[column[name]].append(name)
    for n, (from_, to) in enumerate(edges):
        near, far = sorted((from_, to), key=lambda name: column[name])
        before: Item = near
        for at in range(column[near] + 1, column[far]):
            lane = (n, at)
            columns[at].append(lane)
            leads[lane] = [before]
            before = lane
        if near != far:
            leads[far].append(before)
    order: dict[Item, float] = {}
    for items in columns:
        items.sort(key=lambda item: _mean([order[lead] for lead in leads[item] if lead in order]))
        order.update({item: (n + 0.5) / len(items) for n, item in enumerate(items)})
    return columns


def _docks(
    edges: Sequence[tuple[str, str]],
    boxes: Mapping[str, tuple[int, int, int]],
    tops: Mapping[Item, int],
    column: Mapping[str, int],
    end: int,
) -> dict[int, int]:
    """The height at which each line leaves (0) or reaches (1) its box: spread over the side, in
    the order of the other ends.
    """
    found: dict[int, int] = {}
    for name, (_, top, height) in boxes.items():
        mine = sorted(
            (_neighbour(n, edge, tops, column, end), n)
            for n, edge in enumerate(edges)
            if edge[end] == name and edge[0] != edge[1]
        )
        found.update(
            {n: top + height * (at + 1) // (len(mine) + 1) for at, (_, n) in enumerate(mine)}
        )
    return found


def _neighbour(
    number: int,
    edge: tuple[str, str],
    tops: Mapping[Item, int],
    column: Mapping[str, int],
    end: int,
) -> int:
    step = 1 if column[edge[1 - end]] > column[edge[end]] else -1
    return tops.get((number, column[edge[end]] + step), tops[edge[1 - end]])


def _path(
    number: int,
    edge: tuple[str, str],
    boxes: Mapping[str, tuple[int, int, int]],
    tops: Mapping[Item, int],
    column: Mapping[str, int],
    box: int,
    gap: int,
    leaves: Mapping[int, int],
    arrives: Mapping[int, int],
) -> list[tuple[int, int]]:
    from_, to = edge
    if from_ == to:
        x, y, _ = boxes[from_]
        return [(x + box - 44, y), (x + box - 12, y)]
    left = column[from_] > column[to]
    lanes = range(min(column[from_], column[to]) + 1, max(column[from_], column[to]))
    points = [(boxes[from_][0] + (0 if left else box), leaves[number])]
    for at in reversed(lanes) if left else lanes:
        x, y = 1 + at * (box + gap), tops[(number, at)] + _LANE // 2
        points += [(x + box, y), (x, y)] if left else [(x, y), (x + box, y)]
    return [*points, (boxes[to][0] + (box if left else 0), arrives[number])]


def _count(edges: Sequence[tuple[str, str]], name: str, end: int) -> int:
    return sum(edge[end] == name and edge[0] != edge[1] for edge in edges)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.5
