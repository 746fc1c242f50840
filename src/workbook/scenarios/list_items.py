"""A decision that is one item of a list, such as `account.rules[2].match`: told as the whole list
with that item changed.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from workbook.errors import WorkbookError
from workbook.model import Model
from workbook.model.yaml_paths import at_place
from workbook.nearest_name import did_you_mean
from workbook.words import words_of

_ITEM = re.compile(r"(?P<list>[^\[\]]+)\[(?P<item>[^\[\]]+)\](?:\.(?P<rest>.+))?")
_WORDS = words_of("data")


def whole_list(model: Model, path: str, value: Any) -> tuple[str, Any]:
    """The path of the list and all its items, one of them with another value, or without it where
    the value is None; any other path and value as they are. An item is a number from 0, or the
    `name` that it has.

    Raises:
        WorkbookError: there is no list at that place, or no such item.
    """
    found = _ITEM.fullmatch(path)
    if found is None:
        return path, value
    step, yaml_path = model.split(found["list"])
    below = found["list"].removeprefix(f"{step}.")
    items = at_place(model.texts[step].values, yaml_path)
    if not isinstance(items, list):
        raise WorkbookError(_WORDS.text("errors.no_list", path=below))
    at, changed = _number(items, found["item"], below), deepcopy(items)
    if not found["rest"]:
        changed[at : at + 1] = [] if value is None else [value]
        return found["list"], changed
    around, *keys = changed[at], *found["rest"].split(".")
    for key in keys[:-1]:
        around = around.get(key) if isinstance(around, dict) else None
    if not isinstance(around, dict):
        raise WorkbookError(_WORDS.text("errors.no_list", path=path.removeprefix(f"{step}.")))
    if value is None:
        around.pop(keys[-1], None)
    else:
        around[keys[-1]] = value
    return found["list"], changed


def _number(items: list[Any], item: str, path: str) -> int:
    """Where an item stands."""
    names = [str(item.get("name", "")) if isinstance(item, dict) else str(item) for item in items]
    if item in names:
        return names.index(item)
    if re.fullmatch(r"\d+", item) and int(item) < len(items):
        return int(item)
    known = [name for name in names if name]
    raise WorkbookError(
        _WORDS.text(
            "errors.no_item",
            item=item[:80],
            path=path,
            items=len(items),
            last=max(len(items) - 1, 0),
            hint=did_you_mean(item, known),
        )
    )
