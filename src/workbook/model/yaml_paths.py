"""Places in the values of a YAML file: what stands there, and with another value there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook.model.yaml_text import Place


def at_place(values: Any, path: Place) -> Any:
    """What stands at a place of a file's values, or None."""
    for step in path:
        values = values.get(step) if isinstance(values, dict) else None
    return values


def keys_of(values: Any, words: list[str]) -> Iterator[str]:
    """The keys that dotted words name in a file's values; a key may itself hold dots."""
    top = True
    while words:
        known = values if isinstance(values, dict) else {}
        lengths = [n for n in range(len(words), 0, -1) if ".".join(words[:n]) in known]
        # A key that is not there yet, as in `fields.account.name.order`: the last word is deepest.
        n = lengths[0] if lengths else 1 if top else max(1, len(words) - 1)
        top = False
        key = ".".join(words[:n])
        yield key
        values, words = known.get(key), words[n:]


def with_value_at(values: Any, path: Place, value: Any) -> Any:
    """The values with another one at a place; maps that are not there yet are made."""
    if not path:
        return value
    here = dict(values) if isinstance(values, dict) else {}
    here[str(path[0])] = with_value_at(here.get(str(path[0])), path[1:], value)
    return here
