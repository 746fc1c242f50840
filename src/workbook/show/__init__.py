"""How evidence looks: tables, charts and diagrams that escape and redact every value before a
page can hold it.
"""

from workbook.errors import ShowError
from workbook.show import theme
from workbook.show.chart import bars, lines
from workbook.show.column import Column
from workbook.show.curves import Curve, Limit, Point, curves
from workbook.show.diagram import Box, Edge, er
from workbook.show.figure_body import Body, nothing, one_below_another, with_drawings
from workbook.show.flow import Move, Stage, flow
from workbook.show.page import Figure, FindingsList, Headline, style_tag
from workbook.show.sankey import Node, Stream, sankey
from workbook.show.scoped_style import styled, unstyled
from workbook.show.table import table

__all__ = [
    "Body",
    "Box",
    "Column",
    "Curve",
    "Edge",
    "Figure",
    "FindingsList",
    "Headline",
    "Limit",
    "Move",
    "Node",
    "Point",
    "ShowError",
    "Stage",
    "Stream",
    "bars",
    "curves",
    "er",
    "flow",
    "lines",
    "nothing",
    "one_below_another",
    "sankey",
    "style_tag",
    "styled",
    "table",
    "theme",
    "unstyled",
    "with_drawings",
]
