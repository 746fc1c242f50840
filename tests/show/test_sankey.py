"""Streams are drawn on one scale, fill their bars exactly, and are sentences where it is narrow."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from workbook.dossier.sanitize_html import rebuild
from workbook.errors import ShowError
from workbook.show import Figure, Node, Stream, sankey
from workbook.show.figure_body import Body
from workbook.show.sankey import NodeColumn

COLUMNS = [
    NodeColumn("6 records", "in 2 systems", [Node("a", "CRM", 4), Node("b", "Billing", 2)]),
    NodeColumn(
        "Outcome", "", [Node("r", "Same id", 4, mark="1 merge blocked"), Node("n", "No match", 2)]
    ),
    NodeColumn(
        "4 customers",
        "",
        [
            Node("m", "Several", 2, "from 4 records", waiting=1, waits="1 waits"),
            Node("s", "One", 2, quiet=True),
        ],
    ),
]
STREAMS = [
    Stream("a", "r", 3, 3),
    Stream("b", "r", 1, 1),
    Stream("a", "n", 1, 1),
    Stream("b", "n", 1, 1),
    Stream("r", "m", 4, 2),
    Stream("n", "s", 2, 2),
]


def bars(drawn: str) -> dict[tuple[str, str], float]:
    """The height of each dark or grey bar by its place in the wide drawing."""
    wide = drawn[: drawn.index("wb-at-700")]
    found = re.findall(
        r'<rect class="wb-f d[12]" x="([\d.]+)" y="([\d.]+)" width="10" height="([\d.]+)"', wide
    )
    return {(x, y): float(height) for x, y, height in found}


def test_one_scale_for_all_columns() -> None:
    heights = sorted(bars(sankey(COLUMNS, STREAMS, "words")).values())
    assert heights == pytest.approx([380 * n / 6 for n in (2, 2, 2, 2, 4, 4)], abs=0.01)


def test_the_streams_fill_each_bar_and_lie_in_the_order_of_the_other_side() -> None:
    """At the bar `r` (4 records) a stream of 3 and one of 1 arrive, one below the other."""
    wide = sankey(COLUMNS, STREAMS, "words")
    wide = wide[: wide.index("wb-at-700")]
    ends = [
        [float(number) for number in re.findall(r"-?[\d.]+", path)]
        for path in re.findall(r'class="wb-ribbon[^"]*" d="([^"]+)"', wide)
    ]
    top = {index: (each[7], each[9]) for index, each in enumerate(ends)}  # arrives from, to
    assert top[0][1] == pytest.approx(top[1][0], abs=0.02)
    assert top[1][1] - top[0][0] == pytest.approx(380 * 4 / 6, abs=0.05)
    assert all(a < b for a, b in top.values())
    assert all(one[0] <= two[0] for one, two in pairwise(sorted(top.values())))


def test_what_was_blocked_and_what_waits_is_said_with_its_mark() -> None:
    drawn = sankey(COLUMNS, STREAMS, "words")
    assert ">✕ 1 merge blocked</text>" in drawn and ">▲ 1 waits</text>" in drawn
    assert drawn.count('class="wb-f amber"') == 2
    assert "<li>Several: 2, from 4 records, ▲ 1 waits</li>" in drawn


def test_a_dossier_takes_it_and_no_value_is_markup() -> None:
    html = Figure("4b.1", "How?", body=Body(sankey(COLUMNS, STREAMS, "words"))).html()
    assert rebuild(html) == html
    bad = [NodeColumn("<b>", "<i>", [Node("x", "<script>", 1, "<u>", mark="<s>")])]
    assert not re.search("<(b|i|script|u|s)>", sankey(bad, [], "<p>"))


def test_a_stream_to_nowhere_is_refused() -> None:
    with pytest.raises(ShowError, match="nowhere"):
        sankey(COLUMNS, [Stream("a", "nowhere", 1, 1)], "words")
