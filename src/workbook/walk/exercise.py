"""An exercise: a question about the data whose answer is computed, and a verdict on an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from workbook.errors import WorkbookError
from workbook.resources import resources
from workbook.show.page import Displayable
from workbook.show.text import clean, escape
from workbook.words import error_of, words_of
from workbook.words.wording import humanize

_WORDS = words_of("walk")
RECORDED = "exercises.json"


@dataclass(frozen=True)
class Task:
    """The exercise of a page: the values of its texts, and every answer that is right.

    An answer is a name, a number, or a name and a number. The texts are `question`, `right` and
    `wrong` below `[walk.exercise]` of the page's file.
    """

    word: str
    values: Mapping[str, Any]
    right: tuple[tuple[Any, ...], ...]
    names: tuple[str, ...] = ()  # what a name may be, where the answer has one
    labels: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it is recorded."""
        return {**asdict(self), "right": [list(each) for each in self.right]}


@dataclass(frozen=True, repr=False)
class ExerciseCard(Displayable):
    """A question, or the verdict on an answer."""

    state: str  # asked, right, wrong
    says: str
    example: bool = False

    def html(self) -> str:
        """The verdict and the text."""
        title = escape(_WORDS.text(f"exercise.{self.state}"))
        mark = escape(_WORDS.text("exercise.example")) if self.example else ""
        note = f'<p class="wb-caption">{mark}</p>' if mark else ""
        return (
            f'<section class="wb wb-exercise"><h3 class="wb-title">{title}</h3>'
            f"<p>{escape(self.says)}</p>{note}</section>"
        )

    def text(self) -> str:
        """The verdict and the text in one line."""
        return f"{_WORDS.text(f'exercise.{self.state}')}: {clean(self.says)}"

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "kind": "exercise",
            "state": self.state,
            "says": clean(self.says),
            "example": self.example,
        }


def card_for(task: Task, answer: Any, *, example: bool = False) -> ExerciseCard:
    """The question, or the verdict on an answer.

    Raises:
        WorkbookError: the answer is not of the kind that is asked for.
    """
    text = words_of(task.word).text
    if answer is None:
        return ExerciseCard("asked", text("walk.exercise.question", **task.values), example)
    given = _parts(task, answer)
    state = "right" if any(_equal(task, given, right) for right in task.right) else "wrong"
    return ExerciseCard(state, text(f"walk.exercise.{state}", **task.values), example)


def recorded(word: str) -> Task:
    """The exercise of a page as the sample answers it."""
    file = resources("templates") / "first" / RECORDED
    found = json.loads(file.read_text("utf-8"))[word]
    return Task(
        found["word"],
        found["values"],
        tuple(tuple(each) for each in found["right"]),
        tuple(found["names"]),
        found["labels"],
    )


def _parts(task: Task, answer: Any) -> tuple[Any, ...]:
    given = tuple(answer) if isinstance(answer, (tuple, list)) else (answer,)
    shape = task.right[0]
    fits = len(given) == len(shape) and all(
        isinstance(each, str) == isinstance(wanted, str)
        for each, wanted in zip(given, shape, strict=True)
    )
    if not fits:
        kinds = tuple("name" if isinstance(each, str) else 0 for each in shape)
        form = repr(kinds if len(kinds) > 1 else kinds[0])
        raise error_of(WorkbookError, "walk.answer_form", form=form)
    return given


def _equal(task: Task, given: Sequence[Any], right: Sequence[Any]) -> bool:
    return all(
        _same_name(task, each, wanted) if isinstance(wanted, str) else _same_number(each, wanted)
        for each, wanted in zip(given, right, strict=True)
    )


def _same_name(task: Task, given: str, wanted: str) -> bool:
    names = {wanted, task.labels.get(wanted, ""), humanize(wanted)}
    return _plain(given) in set(map(_plain, names)) - {""}


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace(".", " ").split()).casefold()


def _same_number(given: Any, wanted: Any) -> bool:
    try:
        return Decimal(str(given)) == Decimal(str(wanted))
    except InvalidOperation:
        return False
