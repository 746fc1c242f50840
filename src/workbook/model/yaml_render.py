"""Values as the YAML that a person would write: quoted only where they must be, short lists in one
line.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_](?:[\w./%-]| (?=[\w(]))*")


_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


# 10, 2 years, 2025-06-30: read as text, whether quoted or not
_TYPED = re.compile(r"\d[\w.%-]*(?: \w+)*")


LONGEST_LINE = 150


Say = Callable[[Any], str]


class Comment(str):
    """A key of a map to be rendered that becomes a line of comment; its value is left out."""

    __slots__ = ()


def render(entries: Mapping[str, Any], indent: int = 0, say: Say | None = None) -> str:
    """Entries as YAML: short values on one line, maps of maps as blocks; `say` writes a single
    value.

    >>> print(render({"a": {"type": "text", "guess": ["type"]}, "b": ["x", "y: z"]}), end="")
    a: {type: text, guess: [type]}
    b: [x, "y: z"]
    """
    lines = []
    for name, value in entries.items():
        if isinstance(name, Comment):
            lines.append(f"{' ' * indent}# {name}")
            continue
        head = f"{' ' * indent}{scalar(str(name))}:"
        inline = f"{head} {in_one_line(value, say)}".rstrip()
        if (
            isinstance(value, Mapping)
            and value
            and (
                len(inline) > LONGEST_LINE
                or any(isinstance(item, Mapping) for item in value.values())
            )
        ):
            lines.append(f"{head}\n{render(value, indent + 2, say)}".rstrip("\n"))
        elif isinstance(value, (list, tuple)) and len(inline) > LONGEST_LINE:
            lines.append(
                "\n".join(
                    [head, *(f"{' ' * indent}  - {in_one_line(item, say)}" for item in value)]
                )
            )
        else:
            lines.append(inline)
    return "\n".join(lines) + "\n" if lines else ""


def in_one_line(value: Any, say: Say | None = None) -> str:
    say = say or scalar
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(
                f"{scalar(str(name))}: {in_one_line(item, say)}" for name, item in value.items()
            )
            + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(in_one_line(item, say) for item in value) + "]"
    return say(value)


def scalar(value: Any) -> str:
    text = str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return text
    plain = _PLAIN.fullmatch(text) and text.lower() not in _RESERVED
    return text if plain else json.dumps(text, ensure_ascii=False)


def as_typed(value: Any) -> str:
    """A value as a person would type it: numbers, dates and durations without quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return text if _TYPED.fullmatch(text) else scalar(text)
