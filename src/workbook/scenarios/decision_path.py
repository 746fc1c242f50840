"""Whether a dotted path is a decision of the step that is asked, and where it else belongs."""

from __future__ import annotations

from typing import Any

from workbook.errors import ModelError, WorkbookError
from workbook.model import Model
from workbook.model.decision_records import words_at
from workbook.model.yaml_paths import at_place
from workbook.model.yaml_read import FILES
from workbook.nearest_name import did_you_mean
from workbook.words import error_of, problem_of

Keys = tuple[Any, ...]


def belongs(model: Model, step: str, place: Keys, value: Any) -> None:
    """Nothing: the path is a place of this step's file at which a value may be tried.

    Raises:
        WorkbookError: no decision is named, or one of another step.
        ModelError: the way to it leads through a list or one value, or nothing is there to be
            taken back.
    """
    text = model.texts[step]
    if not place:
        first = next(iter(text.values), "owner")
        raise error_of(WorkbookError, "scenarios.no_decision_named", file=text.file, first=first)
    path, known = ".".join(map(str, place)), words_at(step, ())
    if place[0] not in known:
        other = _other_step(step, path)
        raise ModelError(
            [
                problem_of(
                    "scenarios.unknown_word",
                    text.file,
                    1,
                    name=str(place[0]),
                    other=other,
                    known=list(known),
                )
            ]
        )
    for depth in range(1, len(place)):
        around = at_place(text.values, place[:depth])
        if around is not None and not isinstance(around, dict):
            raise ModelError(
                [
                    problem_of(
                        "scenarios.path_through_value",
                        text.file,
                        text.line(place[:depth]),
                        above=".".join(map(str, place[:depth])),
                        many=isinstance(around, list),
                        path=path,
                    )
                ]
            )
    if value is None and at_place(text.values, place) is None:
        depth = next(n for n in range(len(place)) if at_place(text.values, place[: n + 1]) is None)
        near = at_place(text.values, place[:depth])
        hint = did_you_mean(str(place[depth]), near if isinstance(near, dict) else ())
        raise ModelError(
            [
                problem_of(
                    "scenarios.nothing_to_take_back",
                    text.file,
                    text.line(place),
                    path=path,
                    hint=hint,
                )
            ]
        )


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
