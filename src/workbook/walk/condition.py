"""What has to be true before a page is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbook.model import Model
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.words import words_of
from workbook.words.wording import humanize

_WORDS = words_of("walk")
_MET = ("pass", "accepted")
_ORDER = ("fail", "look", "untested")


@dataclass(frozen=True)
class Condition:
    """One condition: its text in the catalogue, its state as computed, the evidence, who acts and
    where.

    `name` is a text below `[walk.done]` of the page's file, or `shared.…` below `[done]` of
    walk.toml; each has `says`, `evidence` and, where it can be open, `next`.
    """

    name: str
    state: str
    values: Mapping[str, Any] = field(default_factory=dict)
    who: str = ""
    where: str = ""

    @property
    def is_met(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in _MET


def every(
    name: str,
    of: int,
    missing: Sequence[str],
    who: str = "",
    where: str = "",
    *,
    state: str = "look",
    **values: Any,
) -> Condition:
    """A condition that holds of each of several things: how many there are, and the names of
    those of which it does not; not assessed where there is none.
    """
    names = [humanize(each) for each in missing]
    return Condition(
        name,
        "untested" if not of else state if missing else "pass",
        {"count": of - len(missing), "of": of, "missing": names, **values},
        who if missing else "",
        where,
    )


def done_figure(number: str, word: str, conditions: Sequence[Condition]) -> Figure:
    """The conditions as a table, and how many are met; the first open one is what to do next."""
    rows = [
        {
            "state": each.state,
            "condition": _text(word, each, "says"),
            "evidence": _text(word, each, "evidence"),
            "who": humanize(each.who) if each.who else "",
            "where": each.where.rpartition("/")[2],
        }
        for each in conditions
    ]
    columns = [
        Column("state", " ", "check"),
        Column("condition", _WORDS.text("done.columns.condition"), detail="evidence"),
        Column("who", _WORDS.text("done.columns.who"), detail="where"),
    ]
    met = sum(each.is_met for each in conditions)
    unmet = sorted(
        (each for each in conditions if not each.is_met), key=lambda each: _ORDER.index(each.state)
    )
    caption = _text(word, unmet[0], "next") if unmet else _WORDS.text("done.all")
    return Figure(
        number,
        _WORDS.text("done.title"),
        _WORDS.text("done.subtitle", met=met, of=len(conditions)),
        table(frame_for(rows, columns), columns),
        caption,
    )


def record_of_file(model: Model, word: str) -> Condition:
    """Whether somebody answers for the page, and since when."""
    values = model.texts[word].values
    owner, day = model.owner_of(word), values.get("decided")
    text = model.texts[word]
    missing = [name for name, value in (("owner", owner), ("decided", day)) if not value]
    state = "pass" if not missing else "look"
    return Condition(
        "shared.record",
        "untested" if model.is_open(word) else state,
        {"owner": owner, "day": str(day or ""), "missing": missing},
        owner,
        f"{text.file}:{text.line(('owner',))}" if "owner" in values else text.file,
    )


def _text(word: str, condition: Condition, kind: str) -> str:
    shared = condition.name.startswith("shared.")
    words = _WORDS if shared else words_of(word)
    at = f"done.{condition.name}" if shared else f"walk.done.{condition.name}"
    return words.text(f"{at}.{kind}", **condition.values)
