"""A flow's ways are as wide as they are frequent, lie on no other where they run level, and are
sentences where it is narrow.
"""

from __future__ import annotations

import itertools
import re

import pytest

from workbook.dossier.sanitize_html import rebuild
from workbook.errors import ShowError
from workbook.show import Figure, Move, Stage, flow
from workbook.show.figure_body import Body
from workbook.show.fixed_widths import WIDTHS
from workbook.show.flow_layout import Arc, arrange

STAGES = [
    Stage("Lead", 10, "median 3 days so far"),
    Stage("Trial", 20, "", 0.5, "10 over 14 days"),
    Stage("Won", 30),
    Stage("Lost", 4),
]
MOVES = [
    Move("Lead", "Trial", 100, "11 days"),
    Move("Lead", "Won", 50, "20 days"),
    Move("Won", "Trial", 5, "40 days"),
    Move("Won", "Lead", 1, "not declared", refused=True),
    Move("Trial", "Lost", 25, "9 days"),
]


def test_the_width_of_a_way_is_its_number_on_one_scale() -> None:
    plan = arrange(4, [Arc(0, 1, 100), Arc(0, 2, 50), Arc(2, 1, 5), Arc(1, 3, 25)], 960)
    widths = [placed.thick for placed in plan.arcs]
    assert widths[0] == 2 * widths[1] == 20 * widths[2] == 4 * widths[3]


def test_what_is_not_permitted_is_red_and_marked_and_gives_no_scale() -> None:
    plan = arrange(3, [Arc(0, 1, 10), Arc(2, 1, 10_000, refused=True)], 960)
    assert plan.arcs[1].thick < plan.arcs[0].thick
    drawn = flow(STAGES, MOVES, "words")
    assert drawn.count('class="wb-refused"') == len(WIDTHS) and ">✕ 1</text>" in drawn


@pytest.mark.parametrize("count", [2, 3, 5, 9])
def test_no_two_ways_run_level_on_each_other(count: int) -> None:
    """All ways between all states: level runs of one side that share a place differ in height by
    more than their widths.
    """
    arcs = [Arc(a, b, 3 * a + b + 1) for a, b in itertools.permutations(range(count), 2)]
    runs = []
    for placed in arrange(count, arcs, 960).arcs:
        if placed.straight:
            continue
        points = [
            tuple(map(float, each)) for each in re.findall(r"(-?[\d.]+),(-?[\d.]+)", placed.path)
        ]
        (left, y), (right, _) = points[3], points[4]
        assert points[2][1] == y == points[4][1]
        runs.append((min(left, right), max(left, right), y, placed.thick))
    for one, two in itertools.combinations(runs, 2):
        if one[0] < two[1] and two[0] < one[1]:
            assert abs(one[2] - two[2]) >= (one[3] + two[3]) / 2


def test_all_lies_within_the_drawing() -> None:
    for width in WIDTHS:
        plan = arrange(4, [Arc(0, 2, 9), Arc(0, 3, 9), Arc(3, 0, 9), Arc(2, 0, 1, True)], width)
        assert plan.width <= width
        for placed in plan.arcs:
            for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", placed.path):
                assert 0 <= float(x) <= plan.width and 0 <= float(y) <= plan.height
            assert 10 <= placed.label[1] <= plan.height


def test_where_it_is_narrow_states_and_moves_are_sentences() -> None:
    drawn = flow(STAGES, MOVES, "words")
    assert "<li>Trial: 20, 10 over 14 days</li>" in drawn
    assert "<li>✕ Won → Lead: 1, not declared</li>" in drawn


def test_a_dossier_takes_it_as_it_is_and_no_value_is_markup() -> None:
    drawn = flow(
        [Stage("<b>x</b>", 1, "<i>"), Stage("y", 2)], [Move("<b>x</b>", "y", 3, "<script>")], "<w>"
    )
    assert "<b>" not in drawn and "<script>" not in drawn and "<i>" not in drawn
    html = Figure("6.5", "How?", body=Body(flow(STAGES, MOVES, "words"))).html()
    assert rebuild(html) == html


def test_a_move_to_nowhere_is_refused() -> None:
    with pytest.raises(ShowError, match="Leed"):
        flow(STAGES, [Move("Leed", "Won", 1)], "words")
