"""How far the building of tables is, as one line that changes, for a person who waits."""

from __future__ import annotations

import time
from typing import Any

from workbook.notebook.notices import line_bundle
from workbook.scenarios.attended_notebook import is_attended
from workbook.show.text import clean, clip
from workbook.words import words_of

_AFTER = 1.0  # seconds before anything is shown
_EACH = 0.2  # seconds between two changes of the line
_LONGEST = 60  # characters of a table's name


class ProgressLine:
    """Is called with each table that begins, and shows one line once it takes a while; `done` ends
    it, and the line is gone.
    """

    def __init__(self) -> None:
        self._handle: Any = None
        self._began = self._shown = 0.0

    def __call__(self, table: str, done: int, whole: int) -> None:
        """Show that a table is being built."""
        now = time.monotonic()
        self._began = self._began or now
        if now - self._began < _AFTER or now - self._shown < _EACH or not is_attended():
            return
        self._shown = now
        name = clip(clean(table), _LONGEST)
        text = words_of("data").text("notice.building", done=done, whole=whole, table=name)
        if self._handle is None:
            from IPython.display import display

            self._handle = display(line_bundle(text), raw=True, display_id=True)
        else:
            self._handle.update(line_bundle(text), raw=True)

    def done(self) -> None:
        """The tables are there: take the line away."""
        if self._handle is not None:
            self._handle.update(line_bundle(""), raw=True)
        self._handle, self._began, self._shown = None, 0.0, 0.0
