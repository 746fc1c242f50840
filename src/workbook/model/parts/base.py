"""What all parts share: frozen, strict, and shorthand for one name or several."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema


class Part(BaseModel):
    """Base of all parts: immutable, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


# One name or a list of names: `in: crm.contacts` and `in: [crm.contacts, app.users]`.
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(as_tuple),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Decided(Part):
    """What any decision may carry: who answers for it, since when, and why."""

    owner: str = ""
    decided: dt.date | None = None
    because: str = ""
