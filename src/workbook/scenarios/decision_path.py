"""Whether a dotted path is a decision of the step that is asked, and where it else belongs."""

from __future__ import annotations

from typing import Any

from workbook.errors import ModelError, Problem, WorkbookError
from workbook.model import Model
from workbook.model.decisions import words_at
from workbook.model.places import at_place
from workbook.model.yaml_read import FILES
from workbook.nearest_name import did_you_mean

Keys = tuple[Any, ...]


def belongs(model: Model, word: str, place: Keys, value: Any) -> None:
    """Nothing: the path is a place of this step's file at which a value may be tried.

    Raises:
        WorkbookError: no decision is named, or one of another step.
        ModelError: the way to it leads through a list or one value, or nothing is there to be
            taken back.
    """
    text = model.texts[word]
    if not place:
        first = next(iter(text.values), "owner")
        raise WorkbookError(
            f"Say which decision of {text.file}: a dotted path below it, such as '{first}'."
        )
    path, known = ".".join(map(str, place)), words_at(word, ())
    if place[0] not in known:
        other = _other_step(word, path)
        what = f"unknown word '{place[0]}'."
        hint = (
            other or did_you_mean(str(place[0]), known) or f"Known words here: {', '.join(known)}."
        )
        raise ModelError([Problem(text.file, 1, what, hint)])
    for depth in range(1, len(place)):
        around = at_place(text.values, place[:depth])
        if around is not None and not isinstance(around, dict):
            kind = "a list" if isinstance(around, list) else "one value"
            what = f"'{'.'.join(map(str, place[:depth]))}' holds {kind}, so there is no '{path}'."
            raise ModelError(
                [Problem(text.file, text.line(place[:depth]), what, "Give the whole value of it.")]
            )
    if value is None and at_place(text.values, place) is None:
        depth = next(n for n in range(len(place)) if at_place(text.values, place[: n + 1]) is None)
        near = at_place(text.values, place[:depth])
        hint = did_you_mean(str(place[depth]), near if isinstance(near, dict) else ())
        what = f"nothing is decided at '{path}', so there is nothing to take back."
        raise ModelError([Problem(text.file, text.line(place), what, hint)])


def _other_step(word: str, path: str) -> str:
    """The step that a path belongs to, as it is asked; '' where no step knows it."""
    first, _, rest = path.partition(".")
    for other, stem, _ in FILES:
        words = words_at(other, ())
        below = rest if first == other and rest.partition(".")[0] in words else ""
        own = below or (path if first in words else "")
        if own and other != word:
            return f"It belongs to {stem}.yml: book.{other}.what_if({own!r}, …)."
        if own and other == word:
            return f"Write the path below the file: {own!r}."
    return ""
