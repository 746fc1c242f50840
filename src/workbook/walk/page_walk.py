"""What the walk of every page has: five calls that read the same on each, and what a page adds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from workbook.model.decision_records import words_at
from workbook.scenarios.decision_options import Option, of_identity, options
from workbook.show import Column, Figure, nothing, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps import Step
from workbook.walk.choice import Choice, Choices, NothingToTry, choice_between
from workbook.walk.condition import Condition, done_figure, record_of_file
from workbook.walk.decision_card import DecisionCard, card_of
from workbook.walk.exercise import ExerciseCard, Task, card_for, recorded
from workbook.walk.statements import by_state, of_page
from workbook.words import words_of

_WORDS = words_of("walk")
_CHECKS = {"disputed": "look", "lapsed": "look", "not_asked": "untested", "agreed": "pass"}


class Walk:
    """How a page leads a team to its decision; a page overrides `places`, `options`, `task` and
    `conditions`.
    """

    word: ClassVar[str] = ""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.model = step.model
        self.context = step.context

    # ---- the five calls

    def decision(self) -> DecisionCard:
        """The decision of this page as it is written now, with file and line; without one, an
        example to begin with.
        """
        return card_of(self.model, self.step.word, self.places())

    def choices(self) -> Choices:
        """Other decisions that can be tried here, each as a text to paste; `first` is the one to
        begin with.
        """
        return Choices(self.step.word, self.options())

    def what_if(self, path: str, value: Any = None) -> Any:
        """What another value would move; of nothing to try, the example to begin with."""
        if not path:
            return NothingToTry(self.decision())
        return self.step.what_if(path, value)

    def exercise(self, answer: Any = None) -> ExerciseCard:
        """A question about this project's data and, where an answer is given, whether it is
        right; where the data cannot ask it, the recorded question of the sample.
        """
        task = self.task()
        example = task is None
        return card_for(task or recorded(self.step.word), answer, example=example)

    def signoffs(self) -> Figure:
        """Who confirms this page: each statement about it, and its status."""
        found = of_page(self.context, self.step.word)
        rows = [
            {
                "state": _CHECKS[each.status.state],
                "statement": each.text,
                "department": each.department,
                "says": words_of("review").text(f"status.{each.status.state}"),
                "name": each.status.name,
            }
            for each in found
        ]
        columns = [
            Column("state", " ", "check"),
            *(
                Column(name, _WORDS.text(f"signoffs.columns.{name}"))
                for name in ("statement", "department", "says")
            ),
        ]
        return Figure(
            self._number("signoffs"),
            _WORDS.text("signoffs.title"),
            _WORDS.text("signoffs.subtitle"),
            table(frame_for(rows, columns), columns)
            if rows
            else nothing(why=_WORDS.text("signoffs.none")),
            _WORDS.text("signoffs.caption"),
        )

    def done(self) -> Figure:
        """What has to be true before this page is done, each computed; who, and where."""
        return done_figure(
            self._number("done"),
            self.step.word,
            [*self.conditions(), *self._common()],
        )

    # ---- what a page adds

    def places(self) -> list[tuple[str, ...]]:
        """The places of the page's file that `decision` shows; all of it by default."""
        return [(name,) for name in self.model.texts[self.step.word].values]

    def options(self) -> list[Choice]:
        """Other decisions that can be tried: the alternatives that the pages measure."""
        values = self.model.texts[self.step.word].values
        found: dict[str, Choice] = {}
        for option in self.alternatives:
            choice = choice_between(values, option.model.texts[self.step.word].values)
            if choice:
                found.setdefault(repr(choice), choice)
        return list(found.values())

    @cached_property
    def alternatives(self) -> list[Option]:
        """What else could be decided on this page, as far as it can be measured."""
        return [
            each
            for each in (*options(self.model), *of_identity(self.model))
            if each.step == self.step.word
        ]

    def task(self) -> Task | None:
        """The exercise of the page; None where the data cannot ask it."""
        return None

    def conditions(self) -> Iterator[Condition]:
        """What has to be true of this page alone."""
        yield from ()

    # ---- what every page asks

    def _common(self) -> Iterator[Condition]:
        """An owner, a reason and a day; no failed check; the departments agree."""
        if "owner" in words_at(self.step.word, ()):
            yield record_of_file(self.model, self.step.word)
        failed = [each for each in self.findings if each.severity == "fail"]
        decided = not self.model.is_open(self.step.word)
        yield Condition(
            "shared.no_failure",
            "fail" if failed else "pass" if decided else "untested",
            {"count": len(failed)},
            failed[0].owner if failed else "",
        )
        found = of_page(self.context, self.step.word)
        if found:
            agreed = [each for each in found if each.status.state == "agreed"]
            waiting = [each.department for each in found if each not in agreed]
            yield Condition(
                "shared.signed",
                "pass" if not waiting else "look",
                {"count": len(agreed), "of": len(found), **by_state(found)},
                ", ".join(dict.fromkeys(waiting)),
                f"{self.model.project.decisions}/signoffs.csv",
            )

    @cached_property
    def findings(self) -> list[Any]:
        """What the page concludes."""
        return self.step.conclude()

    def _number(self, name: str) -> str:
        return words_of(self.step.word).text(f"walk.numbers.{name}")
