"""Curves over a numeric axis: steps, intervals, ticks, limits, names at their ends."""

from __future__ import annotations

import re

from workbook.dossier.sanitize_html import rebuild
from workbook.show import Column, Curve, Figure, Limit, Point, curves

DAYS = Column("day", "Days", kind="int")
SHARE = Column("share", "Still in", kind="percent", decimals=0)
FIRST = Curve("First", [Point(0, 1.0), Point(10, 0.5, 0.4, 0.6), Point(20, 0.25, 0.2, 0.3)], [15])


def test_a_step_holds_its_value_until_the_next_point() -> None:
    drawn = curves([FIRST], DAYS, SHARE, step=True).html
    found = re.findall(
        r'<line class="wb-l d1" x1="([\d.]+)%" y1="([\d.]+)" x2="([\d.]+)%" y2="([\d.]+)"', drawn
    )
    level = [(x1, x2) for x1, y1, x2, y2 in found if y1 == y2]
    upright = [(x1, x2) for x1, y1, x2, y2 in found if y1 != y2]
    assert level == [("0", "49.5"), ("49.5", "99")]
    assert upright == [("49.5", "49.5"), ("99", "99")]


def test_intervals_ticks_and_a_limit_are_drawn() -> None:
    drawn = curves([FIRST], DAYS, SHARE, step=True, limit=Limit(5, "expected: 5 days")).html
    assert drawn.count('class="wb-band"') == 1 and drawn.count("wb-thin") == 1
    assert 'class="wb-limit" x1="24.75%"' in drawn and "expected: 5 days</text>" in drawn
    assert "wb-limit" not in curves([FIRST], DAYS, SHARE, limit=Limit(99, "beyond")).html


def test_its_data_are_one_row_a_point() -> None:
    body = curves([FIRST, Curve("Few", [Point(0, 1.0)])], DAYS, SHARE)
    assert [head["name"] for head in body.columns] == ["curve", "day", "share", "low", "high"]
    assert len(body.rows) == 4 and body.rows[1] == ("First", 10, 0.5, 0.4, 0.6)
    assert body.texts[1][2].startswith("50")


def test_nothing_is_drawn_of_nothing() -> None:
    assert curves([], DAYS, SHARE).empty and curves([Curve("Empty", [])], DAYS, SHARE).empty


def test_an_axis_that_does_not_start_at_zero_starts_where_it_says() -> None:
    drawn = curves([Curve("a", [Point(0, 1.0), Point(6, 0.8)])], DAYS, SHARE, base=0.5).html
    ticks = re.findall(r'text-anchor="end">(\d+)\W%</text>', drawn)
    assert ticks[0] == "50" and ticks[-1] == "100"


def test_no_value_is_markup_and_a_dossier_takes_it() -> None:
    drawn = curves([Curve("<b>x</b>", [Point(0, 1.0), Point(1, 0.5)])], DAYS, SHARE)
    assert "<b>" not in drawn.html
    html = Figure("6.4", "How long?", body=drawn).html()
    assert rebuild(html) == html
