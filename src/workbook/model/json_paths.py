"""Where a value is inside JSON: `address.city`, `emails[0].value`,
`params[key=page].value.text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class ListEntry:
    """The first object of a list whose `key` is `value`."""

    key: str
    value: str


Step = str | int | ListEntry
_STEP = re.compile(r'\[(\d+)\]|\[([^\[\]="]+)=([^\[\]"]*)\]|([^.\[\]"]+)')
_NAME = r'[^.\[\]"]+'
_BRACKET = r'\[(?:\d+|[^\[\]="]+=[^\[\]"]*)\]'
_PATH = re.compile(rf"(?:{_NAME}|{_BRACKET})(?:\.{_NAME}|{_BRACKET})*")
_FIRST = re.compile(_NAME)


def is_path(text: str) -> bool:
    """Whether a text is a path.

    >>> is_path("a.b[0].c"), is_path("[key=a.b].value"), is_path("a..b"), is_path("a.[b")
    (True, True, False, False)
    """
    return _PATH.fullmatch(text) is not None


def steps_of(path: str) -> list[Step]:
    """The keys, places and entries of a path.

    >>> steps_of("emails[0].value"), steps_of("p[key=a.b].v")
    (['emails', 0, 'value'], ['p', ListEntry(key='key', value='a.b'), 'v'])
    """
    return [
        int(place) if place else ListEntry(key, value) if key else name
        for place, key, value, name in _STEP.findall(path)
    ]


def first_key(path: str) -> str:
    """The first key of a path; '' where it begins with a place or an entry.

    >>> first_key("address.city"), first_key("[0].city")
    ('address', '')
    """
    found = _FIRST.match(path)
    return found[0] if found else ""
