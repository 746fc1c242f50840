"""Lines for a person beside the output of a cell."""

from __future__ import annotations

from workbook.scenarios.attended_notebook import is_attended
from workbook.show.text import escape


def line_bundle(text: str) -> dict[str, str]:
    """One quiet line as a notebook shows it; an empty text shows nothing."""
    if not text:
        return {"text/plain": ""}
    style = "margin:0;font:400 12px/1.5 system-ui,sans-serif;opacity:.7"
    return {"text/plain": text, "text/html": f'<p style="{style}">{escape(text)}</p>'}


def notice(text: str) -> None:
    """Show one quiet line to a person; nobody watching, nothing is shown."""
    if is_attended():
        from IPython.display import display

        display(line_bundle(text), raw=True)
