"""A drawing that cannot flex, drawn at several widths of which a page shows the one that fits;
where none does, sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbook.show.chart_frame import written
from workbook.show.text import clean, clip, escape

WIDTHS = (920, 700)  # pixels; the stylesheet says when each is shown


@dataclass(frozen=True)
class Canvas:
    """Marks of a drawing, and its size in pixels."""

    marks: Sequence[str]
    width: float
    height: float


def at_widths(draw: Callable[[int], Canvas], words: str, sentences: Sequence[str]) -> str:
    """The drawing of each width and the sentences, as HTML; `words` say for those who do not see
    it what it shows.
    """
    said = escape(clip(clean(words), 600))
    drawn = "".join(_svg(draw(width), width, said) for width in WIDTHS)
    listed = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return (
        f'<div class="wb-scroll" role="group" aria-label="{said}" tabindex="0">{drawn}</div>'
        f'<ul class="wb-edges">{listed}</ul>'
    )


def _svg(canvas: Canvas, width: int, said: str) -> str:
    return (
        f'<svg class="wb-fixed wb-at-{width}" width="{written(canvas.width)}"'
        f' height="{written(canvas.height)}" role="img" aria-label="{said}"'
        f' focusable="false">{"".join(canvas.marks)}</svg>'
    )
