"""Another decision that can be tried: where it would be written, and what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from workbook.scenarios.adopt import NotAdopted
from workbook.show import Column, table
from workbook.show.page import Displayable, Figure
from workbook.show.rows_to_frame import frame_for
from workbook.walk.decision_card import DecisionCard
from workbook.words import words_of

_WORDS = words_of("walk")


class Choice(NamedTuple):
    """A path below the page's file and the value to try there, as `what_if` takes them."""

    path: str
    value: Any


NOTHING = Choice("", None)


class Choices(Displayable):
    """The decisions that can be tried on a page, each as a line to paste."""

    def __init__(self, word: str, options: Sequence[Choice]) -> None:
        self.word, self.options = word, tuple(options)

    @property
    def first(self) -> Choice:
        """The one to begin with; where there is none, one that tries nothing."""
        return self.options[0] if self.options else NOTHING

    def html(self) -> str:
        """The list as a table."""
        return self._figure().html()

    def text(self) -> str:
        """How many there are."""
        return self._figure().text()

    def as_dict(self) -> dict[str, Any]:
        """The lines."""
        return self._figure().as_dict()

    def __iter__(self) -> Any:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    def _figure(self) -> Figure:
        columns = [Column("line", _WORDS.text("choices.columns.line"), "mono")]
        rows = [{"line": f"choice = {each.path!r}, {each.value!r}"} for each in self.options]
        return Figure(
            "",
            _WORDS.text("choices.title"),
            "",
            table(frame_for(rows, columns), columns),
            _WORDS.text("choices.caption" if rows else "choices.none"),
        )


class NothingToTry(Displayable):
    """What stands where nothing can be tried yet: the example to begin with."""

    def __init__(self, card: DecisionCard) -> None:
        self.card = card

    def html(self) -> str:
        """The card."""
        return self.card.html()

    def text(self) -> str:
        """The card's line."""
        return self.card.text()

    def as_dict(self) -> dict[str, Any]:
        """The card's data."""
        return self.card.as_dict()

    def adopt(self, **signed: str) -> NotAdopted:
        """Nothing is written: nothing was tried."""
        return NotAdopted(_WORDS.text("adopt.nothing_tried"))


def choice_between(now: Any, then: Any) -> Choice | None:
    """The smallest place at which the values of two files differ, and what stands there in the
    second, what was considered aside; None where they are the same.

    >>> choice_between({"a": {"b": "1", "c": "2"}}, {"a": {"b": "1", "c": "3"}})
    Choice(path='a.c', value='3')
    """
    place: list[str] = []
    while isinstance(now, dict) and isinstance(then, dict):
        changed = [
            name
            for name in dict.fromkeys((*now, *then))
            if (now.get(name) or None) != (then.get(name) or None) and name != "considered"
        ]
        if len(changed) != 1:
            break
        place.append(changed[0])
        now, then = now.get(changed[0]), then.get(changed[0])
    if isinstance(then, dict):
        then = {name: value for name, value in then.items() if name != "considered" and value}
    return Choice(".".join(place), then) if now != then and place else None
