"""What a decision overrules: kept under `considered`, beside what was considered before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from workbook.model import Model
from workbook.model.decisions import RECORD, Block, Record
from workbook.model.places import at_place, with_value_at
from workbook.scenarios.yaml_values import as_written
from workbook.survivorship.alternatives import RULE_WORDS

Place = tuple[str, ...]


def considered_then(
    model: Model,
    word: str,
    block: Block,
    place: Place,
    value: Any,
    old: Record,
    day: dt.date,
) -> dict[str, Any] | None:
    """All that was considered: also what is overruled, with its record; not what is decided now."""
    if "considered" in (*block.place, *block.inside) or _is_first(model, word, block, place):
        return None
    record = {
        "because": old.because,
        "owner": old.owner,
        "decided": old.decided,
        "decided_by": old.decided_by,
    }
    kept = {name: as_written(each) for name, each in record.items() if each}
    known = dict(old.considered or {})
    if word == "grain" and place == ("primary",):
        known.pop(str(value), None)
        before = at_place(model.texts[word].values, place)
        return {**known, before: {**known.get(before, {}), **kept}} if before else known
    was = _was(model, word, block, place)
    values = with_value_at(model.texts[word].values, place, as_written(value))
    now = at_place(values, block.place) if block.own else None
    rest = {name: each for name, each in known.items() if not _is_now(each, now)}
    name = f"until_{day:%Y_%m_%d}"
    turn = next(
        n for n in range(1, len(rest) + 2) if (name if n == 1 else f"{name}_{n}") not in rest
    )
    return {**rest, name if turn == 1 else f"{name}_{turn}": {"was": was, **kept}}


def _is_first(model: Model, word: str, block: Block, place: Place) -> bool:
    """Whether nothing is overruled: the page had no decision, something is named that was not
    there, or the place says who answers for the page. A rule of survivorship overrules the
    order that holds without it.
    """
    of_page = not block.place and (word, block.inside) != ("grain", ("primary",))
    if model.is_open(word) or of_page:
        return True
    before = at_place(model.texts[word].values, place)
    named = not block.own or not block.inside
    return before in (None, {}, []) and named and word != "survivorship"


def _was(model: Model, word: str, block: Block, place: Place) -> dict[str, Any]:
    """What was written: of a rule of survivorship all its words, else what stood at the place."""
    values = model.texts[word].values
    if block.own and word == "survivorship":
        whole = at_place(values, block.place) or {}
        return {name: each for name, each in whole.items() if name in RULE_WORDS}
    if block.own and not block.inside:
        whole = at_place(values, block.place) or {}
        return {name: each for name, each in whole.items() if name not in RECORD}
    was = at_place(values, place)
    if was is None:
        return {}
    for name in reversed(block.inside):
        was = {name: was}
    return was


def _is_now(other: Any, now: Any) -> bool:
    """Whether something that was considered says what the decision says now."""
    if not isinstance(other, dict) or not isinstance(now, dict):
        return False
    if "was" in other:
        return all(now.get(name) == each for name, each in (other["was"] or {}).items()) and bool(
            other["was"]
        )
    words = {name: each for name, each in other.items() if name not in RECORD}
    return bool(words) and all(now.get(name) == each for name, each in words.items())
