"""The widget itself: a thin shell round a sitting.

What a reviewer sees travels only as messages and is never saved.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from workbook.identity.review_session import PairReview
from workbook.show import styled, theme
from workbook.widget.plain_list import waiting_figure
from workbook.widget.review_sitting import Session
from workbook.words import number


def review_widget(desk: PairReview, *, by: str) -> Any:
    """The review of what waits on a desk, for one named person; each word is written to the
    desk's file at once.

    In JupyterLab it shows itself as a widget; where none can run, and in the saved notebook, as
    a table by band and pattern. No value of a record is in its state, its text or its saved
    output.

    Raises:
        WorkbookError: nobody is named.
    """
    return _kind()(desk, Session(desk, by))


@cache
def _kind() -> type:
    """The class, made on first use, because its library takes a third of a second to load."""
    import anywidget

    class ReviewWidget(anywidget.AnyWidget):  # type: ignore[misc]
        """Holds the code and the look of the front end as its only state; the sitting answers
        its messages.
        """

        _esm = static_text("review.js")
        _css = theme.css() + static_text("review.css")

        def __init__(self, desk: PairReview, session: Session) -> None:
            self._desk, self._session = desk, session
            super().__init__()
            self.on_msg(_answer)

        def __repr__(self) -> str:
            return (
                f"Review of {self._desk.entity.replace('_', ' ')}:"
                f" {number.plural(len(self._desk.pairs()), 'pair')} to decide"
            )

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            bundle = super()._repr_mimebundle_(**kwargs)
            if bundle is None:
                return None
            data, metadata = bundle
            return {
                **data,
                "text/plain": repr(self),
                "text/html": styled(waiting_figure(self._desk).html()),
            }, metadata

    return ReviewWidget


def _answer(widget: Any, message: Any, buffers: Any) -> None:
    # its own
    told = message if isinstance(message, dict) else {}
    widget.send(widget._session.answer(told))  # noqa: SLF001


def static_text(name: str) -> str:
    """A file of this room: code or looks of a front end."""
    return (files("workbook.widget") / name).read_text("utf-8")
