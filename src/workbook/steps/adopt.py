"""A decision that somebody tried is written down: one value of a YAML file, with who decided it, when and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbook.errors import ModelError, WorkbookError
from workbook.model import Model
from workbook.model.model import at_place
from workbook.model.rewrite import rewrite
from workbook.steps.matching import reviewer
from workbook.steps.written import as_written, said

Place = tuple[str, ...]
_ANY = "no_such_word"  # where this would be taken, any word would be: a map of names, and no decision


@dataclass(frozen=True)
class Adopted:
    """What was written: where it stands now (`file:line`), and in words."""

    place: str
    words: str

    def __repr__(self) -> str:
        return f"{self.place}: {self.words}"


def adopt_value(model: Model, changed: Model, word: str, place: Place, value: Any, *, because: str, by: str) -> Adopted:
    """Write one value into a step's file, and `because`, `owner` and `decided` at the nearest decision around it.

    Raises:
        WorkbookError: no reason, nobody of this project, a file that was changed meanwhile, or one that cannot be written so.
    """
    owner = _function(model, by)
    edits = [(place, value), *_signature(changed, word, place, {"because": reason(because), "owner": owner, "decided": dt.datetime.now(dt.UTC).date().isoformat()})]
    for where, what in edits[1:]:
        changed = changed.with_change(".".join((word, *where)), what)
    by_hand = f"Write by hand: {', '.join(f'{_dotted(where)}: {said(model, as_written(what), where)}' for where, what in edits)}."
    text = rewrite(model, word, edits, changed.texts[word].values, by_hand)
    return Adopted(f"{text.file}:{text.line(place)}", f"{_dotted(place)} is {said(model, as_written(value), place)}, decided by {owner}")


def reason(because: str) -> str:
    """The reason on one line.

    Raises:
        WorkbookError: there is none.
    """
    if not because.strip():
        raise WorkbookError("Say why: because=, one sentence that stands beside the decision.")
    return " ".join(because.split())


def named(by: str) -> str:
    """Who decides.

    Raises:
        WorkbookError: nobody is named.
    """
    if not by.strip():
        raise WorkbookError("Say who decides: by=, a function of workbook.yml or the name written there.")
    return by


def _function(model: Model, by: str) -> str:
    """The function, given its name or that of who holds it: an owner is a function."""
    name, functions = reviewer(model, named(by)), model.project.functions
    return by if by in functions else next((function for function, who in functions.items() if who == name), name)


def _signature(model: Model, word: str, place: Place, words: Mapping[str, str]) -> list[tuple[Place, str]]:
    """Where the words stand: at the nearest decision around a place that takes some of them, those that it takes.

    A file as a whole keeps the owner that it has: one decision in it makes nobody the owner of all.
    """
    values = model.texts[word].values
    for depth in range(len(place), -1, -1):
        around = place[:depth]
        here = at_place(values, around)
        if isinstance(here, dict) and not _takes(model, word, (*around, _ANY), _ANY):
            kept = {"owner"} if not around and here.get("owner") else set()
            taken = [((*around, name), text) for name, text in words.items() if name not in kept and _takes(model, word, (*around, name), text)]
            if taken:
                return taken
    return []


def _takes(model: Model, word: str, place: Place, value: str) -> bool:
    try:
        model.with_change(".".join((word, *place)), value)
    except ModelError:
        return False
    return True


def _dotted(place: Place) -> str:
    return ".".join(map(str, place))
