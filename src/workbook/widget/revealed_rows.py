"""Rows with their values as they are, for a person at the screen: they travel as messages, and a
saved notebook holds none of them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl

from workbook.show import theme
from workbook.show.cell import text_of
from workbook.show.text import clean, clip, escape
from workbook.widget.review_widget import static_text
from workbook.words import words_of

MOST = 2_000  # rows that are sent
_LONGEST = 300  # characters of one value that are sent
_WORDS = words_of("data")


def revealed(frame: pl.DataFrame, title: str) -> Any:
    """A table of values as they are; in JupyterLab it shows itself, and what is saved says how many
    rows there are. `frame` on it is the rows as Polars.
    """
    return _kind()(frame, title)


def rows_message(frame: pl.DataFrame, title: str) -> dict[str, Any]:
    """What the front end is told.

    It holds UNREDACTED values: send it as a message, keep it nowhere.
    """
    head = frame.head(MOST)
    return {
        "kind": "rows",
        "title": clean(title),
        "note": _WORDS.text("revealed.note", shown=head.height, rows=frame.height),
        "find": _WORDS.text("revealed.find"),
        "columns": [clean(name) for name in frame.columns],
        "numeric": [dtype.is_numeric() for dtype in frame.dtypes],
        "rows": [[_cell(value) for value in row] for row in head.iter_rows()],
    }


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    try:
        return clip(text_of(value), _LONGEST)
    except Exception:  # noqa: BLE001 (lists and structs are written as Python writes them)
        return clip(clean(str(value)), _LONGEST)


@cache
def _kind() -> type:
    """The class, made on first use, because its library takes a third of a second to load."""
    import anywidget

    class Revealed(anywidget.AnyWidget):  # type: ignore[misc]
        """Holds the code and the look of the front end as its only state."""

        _esm = static_text("revealed.js")
        _css = theme.css() + static_text("revealed.css")

        def __init__(self, frame: pl.DataFrame, title: str) -> None:
            self.frame, self._title = frame, title
            super().__init__()
            self.on_msg(_answer)

        def __repr__(self) -> str:
            return _WORDS.text("revealed.saved", rows=self.frame.height, columns=self.frame.width)

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            bundle = super()._repr_mimebundle_(**kwargs)
            if bundle is None:
                return None
            data, metadata = bundle
            html = f"<p>{escape(repr(self))}</p>"
            return {**data, "text/plain": repr(self), "text/html": html}, metadata

    return Revealed


def _answer(widget: Any, message: Any, buffers: Any) -> None:
    widget.send(rows_message(widget.frame, widget._title))  # noqa: SLF001 (its own)
