"""A drawing above the table of its numbers."""

from __future__ import annotations

from workbook.show import Body


def with_drawing(drawing: str, table: Body) -> Body:
    """A drawing above the table of its numbers; what the figure holds as data is the table's."""
    if table.empty or not drawing:
        return table
    return Body(f"{drawing}{table.html}", table.columns, table.rows, table.texts, table.what)
