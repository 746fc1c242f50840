"""The one stylesheet of evidence: for the outputs of notebooks and for the figures of the
dossier.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def css() -> str:
    """The stylesheet; its colours are tokens with a light and a dark set, its classes all begin
    with `wb`.
    """
    return (files("workbook.show") / "theme.css").read_text("utf-8")
