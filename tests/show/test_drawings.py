"""Charts and diagrams: what is drawn, where, and what stands for it in words."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re

import polars as pl
import pytest

from workbook.dossier.sanitize_html import rebuild
from workbook.show import Box, Column, Edge, Figure, ShowError, bars, er, lines
from workbook.show.diagram_layout import arrange, levels

MONTHS = [dt.date(2026, month, 1) for month in range(1, 13)]


def test_bars_stack_up_and_down_from_zero() -> None:
    frame = pl.DataFrame(
        {"month": MONTHS[:2], "new": [60, 40], "more": [40, 0], "lost": [-50, None]}
    )
    html = bars(frame, "month", ["new", "more", "lost"], height=220).html
    boxes = [
        tuple(map(float, found))
        for found in re.findall(
            r'<rect class="wb-f wb-seam \w+" x="[\d.]+%" y="([\d.]+)" width="[\d.]+%"'
            r' height="([\d.]+)"',
            html,
        )
    ]
    (new_y, new_h), (more_y, more_h), (lost_y, lost_h), (_, second_h) = boxes
    assert more_y + more_h == pytest.approx(new_y, abs=0.02)
    assert lost_y == pytest.approx(new_y + new_h, abs=0.02)
    assert new_h / 60 == pytest.approx(more_h / 40, abs=0.01) and second_h / 40 == pytest.approx(
        lost_h / 50, abs=0.01
    )


def test_bars_carry_their_numbers_and_a_summary() -> None:
    frame = pl.DataFrame({"month": MONTHS, "lost": list(range(12))})
    body = bars(frame, "month", Column("lost", "Lost", kind="int"))
    assert (("2026-01-01", 0), ("2026-02-01", 1)) == body.rows[:2]
    assert 'aria-label="Lost: 0 at 1 Jan 2026, 11 at 1 Dec 2026"' in body.html
    assert "12 rows" == body.what


def test_a_line_breaks_where_there_is_no_value_and_the_provisional_end_is_dashed() -> None:
    frame = pl.DataFrame({"month": MONTHS[:6], "n": [1, 2, None, 4, 5, 6]})
    html = lines(frame, "month", Column("n", kind="int"), provisional=1).html
    assert 3 == html.count('<line class="wb-l d1') and 1 == html.count("wb-dashed")
    assert 1 == html.count("wb-opendot")


def test_a_point_without_neighbours_is_a_dot() -> None:
    html = lines(pl.DataFrame({"x": ["a", "b", "c"], "n": [1, None, 3]}), "x", "n").html
    assert 3 == html.count("<circle")  # two alone, and the newest on top of the second


def test_many_labels_thin_out_and_the_newest_stays() -> None:
    frame = pl.DataFrame({"x": [f"week {n}" for n in range(52)], "n": list(range(52))})
    html = bars(frame, "x", "n").html
    assert "week 51" in html and html.count('class="wb-tick') < 30


def test_names_of_lines_do_not_lie_on_each_other() -> None:
    frame = pl.DataFrame({"x": ["a", "b"], **{f"s{n}": [1.0, 1.0 + n / 1000] for n in range(6)}})
    html = lines(frame, "x", [f"s{n}" for n in range(6)], zero=True).html
    heights = sorted(float(y) for y in re.findall(r'class="wb-name" x="8" y="([\d.]+)"', html))
    assert all(after - before >= 14.9 for before, after in zip(heights, heights[1:], strict=False))


@pytest.mark.parametrize("draw", [bars, lines])
def test_nothing_to_draw_is_a_sentence(draw: object) -> None:
    empty = pl.DataFrame({"x": [], "n": []}, schema={"x": pl.Date, "n": pl.Int64})
    assert "Nothing to show." in draw(empty, "x", "n").html  # type: ignore[operator]


@pytest.mark.parametrize("draw", [bars, lines])
def test_a_chart_refuses_what_is_no_number(draw: object) -> None:
    frame = pl.DataFrame({"x": ["a"], "n": [math.nan], "t": ["a"]})
    with pytest.raises(ShowError):
        draw(frame, "x", "n")  # type: ignore[operator]
    with pytest.raises(ShowError):
        draw(frame, "x", "t")  # type: ignore[operator]
    with pytest.raises(ShowError, match="no column 'm'"):
        draw(frame, "x", "m")  # type: ignore[operator]


@pytest.mark.parametrize("values", [[0, 0], [5, 5], [-3, -3], [1e9, 2e9], [1e-6, 3e-6], [None, 2]])
def test_flat_tiny_and_huge_series_are_drawn(values: list[float | None]) -> None:
    frame = pl.DataFrame({"x": ["a", "b"], "n": values}, strict=False)
    for body in (bars(frame, "x", "n"), lines(frame, "x", "n")):
        assert "nan" not in body.html
        html = Figure("1", "x", body=body).html()
        assert html == rebuild(html)


def test_entities_stand_right_of_what_they_point_to() -> None:
    assert {"a": 0, "b": 1, "c": 2} == levels(["a", "b", "c"], [("b", "a"), ("c", "b"), ("c", "a")])
    assert {"a": 1, "b": 0} == levels(["a", "b"], [("a", "b"), ("b", "a")])
    assert {"a": 0} == levels(["a"], [("a", "a")])


def test_lines_never_run_through_a_box() -> None:
    names = [f"e{n}" for n in range(8)]
    edges = [
        (names[n], names[m]) for n in range(8) for m in range(n) if (n * 3 + m) % 2 or n == m + 1
    ]
    plan = arrange(names, edges)
    for edge, path in zip(edges, plan.paths, strict=True):
        for x, y in path:
            for name, (left, top, height) in plan.boxes.items():
                inside = left < x < left + plan.box_width and top < y < top + height
                assert not inside, (edge, name)
    tops = sorted((left, top, height) for left, top, height in plan.boxes.values())
    assert all(a[0] != b[0] or a[1] + a[2] < b[1] for a, b in zip(tops, tops[1:], strict=False))


def test_an_er_diagram_marks_what_is_open_and_what_reaches_nothing() -> None:
    body = er(
        [Box("account", 3), Box("invoice", 9), Box("owner", open=True)],
        [
            Edge("invoice", "account", "n : 1", orphans=2, trouble=True),
            Edge("account", "owner", "n : 1", open=True),
        ],
    )
    assert (
        'class="wb-edge wb-look"' in body.html
        and 'class="wb-edge wb-open"' in body.html
        and ">n (2)</text>" in body.html
        and ">1</text>" in body.html
    )
    assert "<li>invoice → account, n : 1, 2 reach nothing</li>" in body.html
    assert (
        ("invoice", "account", "n : 1", 2, "look"),
        ("account", "owner", "n : 1", 0, "open"),
    ) == body.rows
    html = Figure("4.1", "How?", body=body).html()
    assert html == rebuild(html)


def test_labels_of_a_diagram_lie_neither_on_each_other_nor_under_a_line() -> None:
    """Five lines of one box, and a level one with a label at each end, as wide as letters are."""
    spokes = [Box(f"s{n}") for n in range(5)]
    edges = [
        Edge(each.name, "hub", "many to many", orphans=12_345, trouble=True) for each in spokes
    ] + [Edge("hub", "root", "many to one", orphans=1_870, trouble=True)]
    body = er([Box("root"), Box("hub", 2597, "resolved"), *spokes], edges)
    assert "2,597 rows · resolved" in body.html
    found = re.findall(
        r'<text class="wb-tick wb-look" x="(\d+)" y="(\d+)" text-anchor="(\w+)">([^<]+)<', body.html
    )
    labels = [
        (x - 7 * len(text) if anchor == "end" else x, y, 7 * len(text))
        for x, y, anchor, text in ((int(x), int(y), anchor, text) for x, y, anchor, text in found)
    ]
    assert len(labels) == 2 * len(edges)
    for (left, y, width), (other, other_y, _) in itertools.permutations(labels, 2):
        assert abs(y - other_y) >= 12 or not left <= other < left + width
    bends = [
        sorted((int(x), int(end)))
        for x, end in re.findall(r"(\d+),\d+C\d+,\d+ \d+,\d+ (\d+),\d+", body.html)
    ]
    assert len(bends) >= 4
    for left, _, width in labels:
        assert not [bend for bend in bends if bend[0] < left + width and left < bend[1]]


def test_a_relationship_to_nowhere_is_refused() -> None:
    with pytest.raises(ShowError, match="Did you mean 'account'"):
        er([Box("account")], [Edge("account", "acount")])


def test_no_entities_are_a_sentence() -> None:
    assert "Nothing to show: no entities." in er([], []).html
