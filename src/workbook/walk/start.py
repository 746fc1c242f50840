"""Where the team stands: one question first, its sheet, and what to decide next."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook.scenarios.context import Context
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps import STEPS
from workbook.steps.question_sheet import LINES, PAGES, Line
from workbook.steps.questions import Questions
from workbook.walk.condition import Condition, done_figure, every
from workbook.walk.exercise import ExerciseCard, Task, card_for, recorded
from workbook.words import words_of

_WORDS = words_of("start")
_ORDER = {"fail": 0, "look": 1, "untested": 2}


class Start:
    """The page `start_here`: one question, what it depends on, and the next decision."""

    word = "start"

    def __init__(self, context: Context, question: str = "") -> None:
        self.context, self.model = context, context.model
        known = self.model.questions.questions
        self.question = question if question in known else next(iter(known), "")

    @cached_property
    def page(self) -> Questions:
        """The page that traces the question."""
        return self.context.step(Questions)

    @cached_property
    def lines(self) -> list[Line]:
        """The six lines of the question's sheet; none without a question."""
        return self.page.sheets.sheet(self.question) if self.question else []

    @property
    def _open(self) -> list[Line]:
        return [line for line in self.lines if line.state != "pass"]

    def headline(self) -> Headline:
        """The question, and how many lines of its sheet hold."""
        if not self.question:
            return self._headline("open", "open")
        met = len(self.lines) - len(self._open)
        asked = self.model.questions.questions[self.question]
        return self._headline("decided", "decided", ask=asked.ask, met=met, of=len(self.lines))

    def _headline(self, name: str, state: str, **values: Any) -> Headline:
        return Headline(
            _WORDS.text("page"),
            _WORDS.text("title"),
            _WORDS.text(f"headline.{name}", **values),
            _WORDS.text(f"lede.{name}"),
            "",
            state,
        )

    def sheet(self) -> Figure:
        """The question on one sheet: six lines, each with its state and the file that decides."""
        rows = [
            {
                "line": words_of("questions").text(f"sheet.lines.{line.name}"),
                "says": line.says,
                "state": line.state,
                "where": self.model.texts[line.word].file,
            }
            for line in self.lines
        ]
        columns = [
            Column("line", _text("sheet.columns.line")),
            Column("says", _text("sheet.columns.says"), detail="where"),
            Column("state", _text("sheet.columns.state"), "check"),
        ]
        asked = self.model.questions.questions.get(self.question)
        return Figure(
            "",
            asked.ask if asked else _text("sheet.no_question"),
            _text("sheet.subtitle", asked_by=list(asked.asked_by), decides=asked.decides)
            if asked
            else "",
            table(frame_for(rows, columns), columns),
            _text("sheet.caption" if rows else "sheet.none"),
        )

    def next(self) -> Figure:
        """What to decide next: the earliest page on which the question depends and that is
        open; then every page, and where it stands.
        """
        needed: dict[str, list[Line]] = {}
        for line in self._open:
            needed.setdefault(line.word, []).append(line)
        rows = [
            {
                "page": f"{step.page} {step.title}",
                "asks": step.asks,
                "state": self._state(step.word),
                "who": self.model.owner_of(step.word),
                "why": self._why(step.word, needed),
            }
            for step in STEPS
            if step.word != "diagnosis"
        ]
        columns = [
            Column("state", " ", "check"),
            Column("page", _text("next.columns.page"), detail="asks"),
            Column("why", _text("next.columns.why")),
            Column("who", _text("next.columns.who")),
        ]
        first = next((step for step in STEPS if step.word in needed), None)
        return Figure(
            "",
            _text("next.title"),
            _text("next.first", page=first.page.lstrip("0"), title=first.title, asks=first.asks)
            if first
            else _text("next.nothing" if self.question else "next.question"),
            table(frame_for(rows, columns), columns),
            _text("next.caption"),
        )

    def _state(self, word: str) -> str:
        states = [line.state for line in self.lines if line.word == word]
        if states:
            return min(states, key=lambda state: _ORDER.get(state, 3))
        return "untested" if self.model.is_open(word) else "pass"

    def _why(self, word: str, needed: dict[str, list[Line]]) -> str:
        if word == "entities" and "grain" in needed and self.model.is_open(word):
            return _text("next.entities")  # where the grain is declared
        if word in needed:
            label = words_of("questions").text
            lines = [label(f"sheet.lines.{line.name}") for line in needed[word]]
            return _text("next.needed", lines=lines)
        if word in PAGES.values():
            return _text("next.settled" if self.question else "next.later")
        return _text("next.decided" if not self.model.is_open(word) else "next.later")

    def exercise(self, answer: Any = None) -> ExerciseCard:
        """Which line of the sheet would be defended least gladly: one that does not hold."""
        task = self.task()
        return card_for(task or recorded(self.word), answer, example=task is None)

    def task(self) -> Task | None:
        """The exercise; None while nothing is asked or every line holds."""
        if not self._open:
            return None
        disputed = [line for line in self._open if line.name in ("metric", "confirmed")]
        right = disputed or self._open
        label = words_of("questions").text
        return Task(
            self.word,
            {
                "right": [label(f"sheet.lines.{line.name}") for line in right],
                "says": right[0].says,
            },
            tuple((line.name,) for line in right),
            LINES,
            {name: label(f"sheet.lines.{name}") for name in LINES},
        )

    def done(self) -> Figure:
        """What has to be true before the question is answered."""
        open_ = [words_of("questions").text(f"sheet.lines.{line.name}") for line in self._open]
        file = self.model.texts["questions"].file
        owner = self.model.owner_of("questions")
        asked = self.model.questions.questions.get(self.question)
        return done_figure(
            "",
            self.word,
            [
                Condition("asked", "pass" if asked else "look", {}, "" if asked else owner, file),
                Condition(
                    "decides",
                    "untested" if not asked else "pass" if asked.decides else "look",
                    {"decides": asked.decides if asked else ""},
                    owner,
                    file,
                ),
                every("lines", len(LINES) if asked else 0, open_, owner, file),
            ],
        )


def _text(name: str, /, **values: Any) -> str:
    return _WORDS.text(name, **values)
