"""What a decision overrules: kept under `considered`, beside what was considered before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from workbook.model import Model
from workbook.model.decision_records import RECORD, DecisionBlock, Record
from workbook.model.yaml_paths import at_place, with_value_at
from workbook.scenarios.yaml_values import as_written
from workbook.survivorship.alternatives import RULE_WORDS

Place = tuple[str, ...]


def considered_then(
    model: Model,
    step: str,
    block: DecisionBlock,
    path: Place,
    value: Any,
    old: Record,
    day: dt.date,
) -> dict[str, Any] | None:
    """All that was considered: also what is overruled, with its record; not what is decided now."""
    if "considered" in (*block.place, *block.inside) or _is_first(model, step, block, path):
        return None
    record = {
        "because": old.because,
        "owner": old.owner,
        "decided": old.decided,
        "decided_by": old.decided_by,
    }
    kept = {name: as_written(item) for name, item in record.items() if item}
    known = dict(old.considered or {})
    if step == "grain" and path == ("primary",):
        known.pop(str(value), None)
        before = at_place(model.texts[step].values, path)
        return {**known, before: {**known.get(before, {}), **kept}} if before else known
    was = _was(model, step, block, path)
    values = with_value_at(model.texts[step].values, path, as_written(value))
    now = at_place(values, block.place) if block.own else None
    rest = {name: item for name, item in known.items() if not _is_now(item, now)}
    name = f"until_{day:%Y_%m_%d}"
    window = next(
        n for n in range(1, len(rest) + 2) if (name if n == 1 else f"{name}_{n}") not in rest
    )
    return {**rest, name if window == 1 else f"{name}_{window}": {"was": was, **kept}}


def _is_first(model: Model, step: str, block: DecisionBlock, path: Place) -> bool:
    """Whether nothing is overruled: the page had no decision, something is named that was not
    there, or the path says who answers for the page. A rule of survivorship overrules the
    order that holds without it.
    """
    of_page = not block.place and (step, block.inside) != ("grain", ("primary",))
    if model.is_open(step) or of_page:
        return True
    before = at_place(model.texts[step].values, path)
    named = not block.own or not block.inside
    return before in (None, {}, []) and named and step != "survivorship"


def _was(model: Model, step: str, block: DecisionBlock, path: Place) -> dict[str, Any]:
    """What was written: of a rule of survivorship all its words, else what stood at the place."""
    values = model.texts[step].values
    if block.own and step == "survivorship":
        whole = at_place(values, block.place) or {}
        return {name: item for name, item in whole.items() if name in RULE_WORDS}
    if block.own and not block.inside:
        whole = at_place(values, block.place) or {}
        return {name: item for name, item in whole.items() if name not in RECORD}
    was = at_place(values, path)
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
        return all(now.get(name) == item for name, item in (other["was"] or {}).items()) and bool(
            other["was"]
        )
    words = {name: item for name, item in other.items() if name not in RECORD}
    return bool(words) and all(now.get(name) == item for name, item in words.items())
