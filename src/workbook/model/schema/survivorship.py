"""05_survivorship.yml: which source wins, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from workbook.model.schema.base import Decided, Names, Part, Short


class OrderItem(Part):
    """One turn in an order: a system or source, and optionally a condition on its own row."""

    source: str
    only_if: str = ""


def _as_order(value: Any) -> Any:
    items = value if isinstance(value, (list, tuple)) else [value]
    turned = []
    for item in items:
        if isinstance(item, str):
            turned.append({"source": item})
        elif isinstance(item, dict) and len(item) == 1 and "source" not in item:
            (source, condition), = item.items()
            turned.append({"source": source, "only_if": condition})
        else:
            turned.append(item)
    return tuple(turned)


_STEP_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
Order = Annotated[
    tuple[OrderItem, ...],
    BeforeValidator(_as_order),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": _STEP_SCHEMA}]}),
]

RuleName = Literal[
    "source_order", "most_recent", "most_frequent", "most_complete", "earliest", "latest", "min", "max", "union", "expression"
]


class Alternative(Short, Decided):
    """An alternative said in the words of the decision; it is measured."""

    bare = "because"

    rule: RuleName | None = None
    order: Order = ()
    no_older_than: str = ""
    expr: str = ""


class FieldRule(Decided):
    rule: RuleName = "source_order"
    order: Order = ()
    no_older_than: str = ""
    expr: str = ""  # of `rule: expression`: over the record's own attributes; the record for which it is greatest wins
    considered: Mapping[str, Alternative] = Field(default_factory=dict)


class Survivorship(Decided):
    default: Mapping[str, Names] = Field(default_factory=dict)  # entity -> order of systems
    fields: Mapping[str, FieldRule] = Field(default_factory=dict)
