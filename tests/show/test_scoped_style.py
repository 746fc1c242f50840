"""The rules that travel with a piece of evidence: all that it needs, in force beside it alone, and
left out of the dossier.
"""

from __future__ import annotations

import re

import polars as pl
import pytest

from workbook.dossier.sanitize_html import UnsafeMarkupError, rebuild
from workbook.finding import Finding
from workbook.show import Column, Figure, FindingsList, lines, styled, table, theme, unstyled
from workbook.show.scoped_style import _blocks, _needed, _selectors

PARTS = [
    Figure("1", "t", "", table(pl.DataFrame({"a": [1]}), [Column("a", kind="int")])),
    Figure("1", "t", "", table(pl.DataFrame({"a": [0.5]}), [Column("a", kind="bar", scale=1)])),
    Figure("1", "t", "", lines(pl.DataFrame({"a": ["x", "y"], "b": [1, 2]}), "a", "b")),
    FindingsList([Finding("a.b", "look", "s", "o")]),
    FindingsList([]),
]


@pytest.mark.parametrize("part", PARTS, ids=range(len(PARTS)))
def test_a_piece_brings_its_rules_and_the_dossier_leaves_them_out(part: Figure) -> None:
    html = part._repr_mimebundle_()["text/html"]
    assert html.startswith("<style>@scope{.wb{")
    assert html == styled(part.html())
    assert unstyled(html) == part.html()
    assert rebuild(html) == rebuild(part.html())
    assert len(html) - len(part.html()) < 9_000 < len(theme.css())


def test_every_rule_whose_classes_are_there_is_there() -> None:
    """Of each rule of the stylesheet that names only classes of the piece, outside of groups."""
    html = PARTS[1].html()
    classes = {name for names in re.findall(r'class="([^"]*)"', html) for name in names.split()}
    assert {"wb-bar", "wb-table"} <= classes
    style = styled(html).partition("</style>")[0]
    plain = re.sub(r"/\*.*?\*/", "", theme.css(), flags=re.DOTALL)
    wanted = [
        ", ".join(" ".join(each.split()) for each in _selectors(head))
        for head, _ in _blocks(plain)
        if not head.startswith("@") and any(_needed(each, classes) for each in _selectors(head))
    ]
    assert len(wanted) > 20
    assert [head for head in wanted if head + "{" not in style] == []
    assert ".wb.wb-findings{" not in style
    # what the page around it says of light and dark holds from outside of the piece
    assert 'body[data-jp-theme-light="false"] :scope .wb, body.vscode-dark :scope .wb{' in style


@pytest.mark.parametrize(
    "style",
    [
        "<style>@scope{}</style>",
        "<style>@scope{.wb{color:red}}</style>",
        "<style>@scope{@import url(http://x)}</style>",
        "<style>x</style>",
    ],
)
def test_any_other_style_is_refused(style: str) -> None:
    html = PARTS[0].html()
    assert unstyled(style + html) == style + html
    with pytest.raises(UnsafeMarkupError):
        rebuild(style + html)
    with pytest.raises(UnsafeMarkupError):
        rebuild(styled(html).replace("--wb-ink: #17191c", "--wb-ink: #17191d"))
