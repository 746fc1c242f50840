"""Why a figure is empty: a reader must not take what nobody has decided yet for a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from workbook.show import Figure, nothing
from workbook.steps.step import Step

Why = str | Callable[[Any], str]  # in words, or what finds the words for one step
S = TypeVar("S", bound=Step)


def why_empty(**reasons: Why) -> Callable[[type[S]], type[S]]:
    """Of each figure (by its method) why it has nothing to show, where it has nothing; the rest
    of it stays.
    """

    def explaining(step: type[S]) -> type[S]:
        for name, why in reasons.items():
            setattr(step, name, _explained(getattr(step, name), why))
        return step

    return explaining


def _explained(draw: Callable[..., Figure], why: Why) -> Callable[..., Figure]:
    @wraps(draw)
    def drawn(self: Step, *given: Any, **named: Any) -> Figure:
        figure = draw(self, *given, **named)
        if not figure.body.empty:
            return figure
        return replace(
            figure, body=nothing(figure.body.columns, why if isinstance(why, str) else why(self))
        )

    return drawn
