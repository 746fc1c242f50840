"""Names that stand anywhere in the decisions, so that nothing is called unused that a
condition, a view or a check reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from workbook.model import Model

_PROSE = frozenset(
    [
        "because",
        "means",
        "describe",
        "description",
        "ask",
        "decides",
        "sentence",
        "statement",
        "statements",
        "reported",
        "considered",
        "glossary",
        "label",
        "owner",
        "asked_by",
        "answered_by",
        "caveats",
        "row_is",
        "name",
    ]
)
_WORD = re.compile(r"[^\W\d]\w*")
_SOURCES = "sources"  # where every field is declared, which is no use of it


def named_in_decisions(model: Model) -> set[str]:
    """Every word that a decision outside 03_sources names, in small letters; sentences for
    people left out.
    """
    return {
        word.lower()
        for step, text in model.texts.items()
        if step not in (_SOURCES, "project")
        for said in _texts(text.values)
        for word in _WORD.findall(said)
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _PROSE:
                yield str(key)
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif value is not None:
        yield str(value)
