"""What a figure holds: its HTML, and the redacted data behind it.

The raw values are gone by the time one exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbook.show.great_table import TableRecipe
from workbook.show.text import escape
from workbook.words import words_of

Cell = str | int | float | bool | None | list[Any]


@dataclass(frozen=True)
class Body:
    """A drawn table, chart or diagram; `rows` are redacted, `texts` the same as a page writes
    them.
    """

    html: str = field(repr=False)
    columns: tuple[dict[str, str], ...] = field(default=(), repr=False)
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    texts: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    what: str = "Nothing"
    empty: bool = False
    recipe: TableRecipe | None = field(default=None, repr=False)  # where it is one table

    def __repr__(self) -> str:
        return f"Body({self.what})"


def nothing(columns: tuple[dict[str, str], ...] = (), why: str = "") -> Body:
    """The sentence that stands where a table or chart would be empty."""
    words = words_of("shared")
    text = words.text("page.nothing_because", why=why) if why else words.text("page.nothing")
    return Body(
        f'<p class="wb-nothing">{escape(text)}</p>',
        columns,
        what="no rows",
        empty=True,
    )


def with_drawings(drawings: Sequence[tuple[str, str]], table: Body) -> Body:
    """Drawings above the table of their numbers, each under a title ('': none); the data, and the
    table to take and change, are the table's. Where the table is empty nothing is drawn.
    """
    drawn = "".join(
        (f'<p class="wb-part">{escape(title)}</p>' if title else "") + html
        for title, html in drawings
    )
    return table if table.empty else replace(table, html=f"{drawn}{table.html}")


def one_below_another(parts: Sequence[tuple[str, Body]]) -> Body:
    """Tables under a title each; their data is one row per cell: part, row, field and value."""
    drawn = "".join(f'<p class="wb-part">{escape(title)}</p>{body.html}' for title, body in parts)
    names = ("part", "row", "field", "value")
    columns = tuple({"name": name, "label": name.capitalize(), "kind": "words"} for name in names)
    rows = tuple(
        (title, number, *cell)
        for title, body in parts
        for number, cell in _cells(body.columns, body.rows)
    )
    texts = tuple(
        (title, str(number), *cell)
        for title, body in parts
        for number, cell in _cells(body.columns, body.texts)
    )
    return Body(
        drawn, columns, rows, texts, what=f"{len(parts)} tables, one below another", empty=not rows
    )


def _cells(
    columns: Sequence[dict[str, str]], rows: Sequence[Sequence[Any]]
) -> Iterator[tuple[int, tuple[str, Any]]]:
    """Row by row, each cell by the label of its column."""
    for number, row in enumerate(rows, start=1):
        for column, value in zip(columns, row, strict=True):
            yield number, (column["label"], value)
