"""A value of a decision: as the text that a YAML file holds, and as a page may quote it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.model import Model
from workbook.model.csv_ledger import cells_of
from workbook.model.personal_literals import personal_literals
from workbook.privacy import readable_sql, shown
from workbook.words import number

_LITERAL = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"\w+")
_HIDDEN = "'…'"


def as_written(value: Any) -> Any:
    """The value with every part as the text that a file would hold.

    >>> as_written({"limit": 10, "on": True, "names": ("a", None)})
    {'limit': '10', 'on': 'true', 'names': ['a', None]}
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {str(name): as_written(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_written(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def said(model: Model, value: Any, path: tuple[Any, ...] = ()) -> str:
    """The value at a place as a page may show it: without literals beside a personal field,
    addresses, or what a ledger holds.

    Values that identity ignores are counted, for they are somebody's.
    """
    if value in (None, [], {}):
        return "nothing"
    secrets = _secrets(model)
    return secrets.counted(value) if "ignore" in path else secrets.said(value)


def shown_values(model: Model, value: Any, path: tuple[Any, ...] = ()) -> Any:
    """The value at a place in the same shape, each part as a page may show it."""
    return _secrets(model).shaped(value, counted="ignore" in path)


def _secrets(model: Model) -> _Secrets:
    return _Secrets(
        cells_of(model.root / model.project.decisions) | personal_literals(model),
        frozenset(_protected(model)),
    )


def _protected(model: Model) -> Iterator[str]:
    """Names of attributes and fields whose values no page shows."""
    for entity in model.entity_names:
        yield from (
            name
            for name in model.attributes(entity)
            if not shown(model.class_of(f"{entity}.{name}"))
        )
    for source in model.source_names:
        yield from (name for name, field in model.fields(source).items() if not shown(field.cls))


@dataclass(frozen=True)
class _Secrets:
    decided: frozenset[str]
    protected: frozenset[str]

    def said(self, value: Any) -> str:
        if isinstance(value, dict):
            return (
                "{"
                + ", ".join(
                    f"{name}: {self.counted(item) if name == 'ignore' else self.said(item)}"
                    for name, item in value.items()
                )
                + "}"
            )
        if isinstance(value, list):
            return "[" + ", ".join(map(self.said, value)) + "]"
        text = str(value or "")
        if readable_sql(f"'{text}'", frozenset()) == _HIDDEN:
            return "…"
        if self.protected & set(_WORD.findall(_LITERAL.sub("", text))):
            return _LITERAL.sub(_HIDDEN, text)
        return readable_sql(text, self.decided)

    def shaped(self, value: Any, *, counted: bool = False) -> Any:
        """Maps and lists as they are; what identity ignores is counted."""
        if isinstance(value, dict):
            return {
                name: self.shaped(item, counted=counted or name == "ignore")
                for name, item in value.items()
            }
        if counted:
            return self.counted(value)
        if isinstance(value, list):
            return [self.shaped(item) for item in value]
        return self.said(value) if value is not None else ""

    def counted(self, value: Any) -> str:
        if isinstance(value, dict):
            return (
                "{"
                + ", ".join(f"{name}: {self.counted(item)}" for name, item in value.items())
                + "}"
            )
        return number.plural(len(value) if isinstance(value, list) else 1, "value")
