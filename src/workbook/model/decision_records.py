"""Where a decision stands in its file, and its record: owner, day, reason, what it overruled."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from workbook.model.model import Model
from workbook.model.schema import Decided, Decision, Part
from workbook.model.yaml_paths import at_place
from workbook.model.yaml_read import TYPES_OF

RECORD = tuple(Decision.model_fields)  # words that say of a decision who took it, when and why
Keys = tuple[str, ...]


@dataclass(frozen=True)
class DecisionBlock:
    """The block of a file that holds a decision; `place` is where its record is written.

    `inside` is the way from there to the value; where the decision has no block of its own, its
    record stands under `decisions:` and `inside` is the last word of its place.
    """

    place: Keys
    inside: Keys
    own: bool

    def decides(self, path: Keys) -> Keys:
        """The place at which the decision itself stands, given that of the value."""
        return self.place if self.own else path


@dataclass(frozen=True)
class Record:
    """Who answers for a decision, since when, who took it and why; `considered` is as written."""

    owner: str = ""
    decided: dt.date | None = None
    because: str = ""
    decided_by: str = ""
    considered: Mapping[str, Any] | None = None


def parts_along(step_word: str, path: Keys) -> Iterator[tuple[int, Any]]:
    """What the schema says of each step on the way to a place; it ends where nothing is known."""
    kind: Any = TYPES_OF[step_word]
    yield 0, kind
    for depth, step in enumerate(path, start=1):
        kind = _below(kind, step)
        if kind is None:
            return
        yield depth, kind


def block_of(step: str, path: Keys, value: Any) -> DecisionBlock:
    """The block that holds the decision at a place, given the value that is to stand there."""
    if len(path) == 1 and path[0] in Decided.model_fields:
        return DecisionBlock((), path, own=True)  # who answers for the whole page
    if step == "grain" and path[:1] == ("considered",) and len(path) > 1:
        return DecisionBlock(path[:2], path[2:], own=True)  # each grain has its own reason
    kept = path.index("considered") if "considered" in path else len(path)
    along = [each for each in parts_along(step, path[:kept]) if _is(each[1], Decision)]
    depths = [depth for depth, _ in along if depth < len(path) or isinstance(value, dict)]
    if depths:
        return DecisionBlock(path[: depths[-1]], path[depths[-1] :], own=True)
    if step == "grain" and path[:1] in (("primary",), ("sentence",), ("considered",)):
        return DecisionBlock((), path, own=True)  # the page is one decision
    return DecisionBlock(("decisions", ".".join(path)), path[-1:], own=False)


def record_of(model: Model, step: str, block: DecisionBlock) -> Record:
    """The record of a decision: what its block says, and owner and day of the nearest around it."""
    values = model.texts[step].values
    own = at_place(values, block.place)
    own = own if isinstance(own, dict) else {}
    around = block.place if block.own else tuple(block.place[1].split("."))
    days = [at_place(values, (*around[:depth], "decided")) for depth in range(len(around) + 1)]
    day = next((item for item in (own.get("decided"), *reversed(days)) if item), None)
    return Record(
        model.owner_of(step, *around),
        dt.date.fromisoformat(str(day)) if day else None,
        str(own.get("because") or ""),
        str(own.get("decided_by") or ""),
        own.get("considered") or {},
    )


def decided_blocks(
    part: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Decided]]:
    """Every block of a typed file that carries a record, with its place."""
    if isinstance(part, Decided):
        yield path, part
    if isinstance(part, Part):
        for name, field in type(part).model_fields.items():
            yield from decided_blocks(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, Mapping):
        for name, item in part.items():
            yield from decided_blocks(item, (*path, name))
    elif isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from decided_blocks(item, (*path, number))


def words_at(step: str, path: Keys) -> tuple[str, ...]:
    """The words that the schema knows at a place of a file; none where names are free."""
    depth, kind = [*parts_along(step, path)][-1]
    if depth < len(path) or not _is(kind, Part):
        return ()
    return tuple(field.alias or name for name, field in kind.model_fields.items())


def _below(kind: Any, step: str) -> Any:
    if _is(kind, Part):
        fields = kind.model_fields.items()
        found = next((field for name, field in fields if step == (field.alias or name)), None)
        return _plain(found.annotation) if found else None
    inner = get_args(kind)
    return _plain(inner[1]) if _is(get_origin(kind), Mapping) and len(inner) > 1 else None


def _plain(kind: Any) -> Any:
    """The type without its marks; of several the one that holds words."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        inner = [_plain(get_argument) for get_argument in get_args(kind)]
        held = (item for item in inner if _is(item, Part) or _is(get_origin(item), Mapping))
        return next(held, inner[0])
    return kind


def _is(kind: Any, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)
