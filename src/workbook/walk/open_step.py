"""A step of an open project as a notebook holds it: its figures and its walk, never stale."""

from __future__ import annotations

from typing import Any, Protocol

from workbook.model import Model
from workbook.notebook import asked_of, decision_paths, step_figure
from workbook.steps import Step
from workbook.walk.walk_of_page import walk_of

CALLS = ("decision", "choices", "what_if", "exercise", "signoffs", "done")


class OpenBook(Protocol):
    """The open project, as far as a step of it asks."""

    @property
    def model(self) -> Model:
        """The decisions, at one date."""

    def step(self, word: str) -> Step:
        """A step by its word; files that changed since are read again first."""


class OpenStep:
    """A step of an open book as a notebook holds it: files that changed are read again at each
    use, so that no cell is stale.
    """

    def __init__(self, book: OpenBook, word: str) -> None:
        self._book, self._word, self._step = book, word, book.step(word)
        self.__doc__ = self._step.__doc__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        now = self._book.step(self._word)
        if now.context is not self._step.context:
            self._step = now
        walks = name in CALLS and not (name == "signoffs" and hasattr(self._step, name))
        return getattr(walk_of(self._step) if walks else self._step, name)

    def paths(self) -> list[str]:
        """The decisions of this step that are written, as `what_if` takes them."""
        return list(decision_paths(self._book.model.texts[self._word].values))

    def calls(self) -> list[str]:
        """What is asked of it: the headline, its figures, the findings, and the rest."""
        return asked_of(type(self._step))

    def __dir__(self) -> list[str]:
        return [*self.calls(), *CALLS, "calls", "paths"]

    def __repr__(self) -> str:
        return f"{self._step.page} {self._step.title}: {self._step.asks}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        shown = step_figure(self._step)._repr_mimebundle_()
        return {**shown, "text/plain": repr(self)}
