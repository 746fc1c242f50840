"""Parameters of a function table as plain values, so that equal parameters give equal recipes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any

from workbook.errors import PlanError
from workbook.words import error_of


def canonical(value: Any) -> Any:
    """The value as JSON can write it, sets sorted, so that it does not depend on a hash seed.

    >>> canonical({"on": {"b", "a"}, "at": dt.date(2025, 1, 2)})
    {'on': ['a', 'b'], 'at': '2025-01-02'}

    Raises:
        PlanError: the value has no stable text (a function, an object).
    """
    if value is None or isinstance(value, (str, int, float, bool)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted((canonical(item) for item in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    if isinstance(value, (dt.date, dt.timedelta, Decimal, PurePath)):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return canonical(asdict(value))
    if hasattr(value, "model_dump"):
        return canonical(value.model_dump(mode="json"))
    raise error_of(PlanError, "engine.parameter_without_text", type=type(value).__name__)
