"""Whether a person watches the kernel, and lines for them beside the output of a cell."""

from __future__ import annotations

import sys
from typing import Any

from workbook.show.text import escape


def shell() -> Any:
    """The IPython shell of this process; None outside of one."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None


def is_attended() -> bool:
    """Whether a person runs the cells: a kernel that may ask for input. `workbook run` and
    papermill may not.
    """
    kernel = getattr(shell(), "kernel", None)
    return bool(kernel is not None and getattr(kernel, "_allow_stdin", False))


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
