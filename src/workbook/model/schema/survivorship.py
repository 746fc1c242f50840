"""05_survivorship.yml: which source wins, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from workbook.model.schema.yaml_part import Decision, DecisionFile, Names, Overruled, Part, Short


class OrderItem(Part):
    """One turn in an order: a system or source, and optionally a condition on its own row."""

    source: str = Field(
        description="A system, or a source as `system.table`. `[billing, sales]` needs no more.",
        examples=["billing"],
    )
    only_if: str = Field(
        "",
        description=(
            "Its turn counts only where this holds of its own row: an expression over the "
            "source's fields. Shorter: `{billing: \"status = 'open'\"}`."
        ),
        examples=["status = 'open'"],
    )


def _as_order(value: Any) -> Any:
    items = value if isinstance(value, (list, tuple)) else [value]
    turned = []
    for item in items:
        if isinstance(item, str):
            turned.append({"source": item})
        elif isinstance(item, dict) and len(item) == 1 and "source" not in item:
            ((source, condition),) = item.items()
            turned.append({"source": source, "only_if": condition})
        else:
            turned.append(item)
    return tuple(turned)


_STEP_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]
}
Order = Annotated[
    tuple[OrderItem, ...],
    BeforeValidator(_as_order),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": _STEP_SCHEMA}]}),
]


class Dating(Short):
    """What says when one source's value last changed: a field beside the value, or a change log."""

    bare = "at"

    at: str = Field(
        description=(
            "A field of the source with a date or a timestamp, or `system.table.field` of a change"
            " log that shares an identifier with the source: its newest row dates the value."
            " `system.table` alone is the start of the log's `valid`. A record without such a time"
            " comes after all that have one."
        ),
        examples=["phone_changed_at", "erp.changes.at"],
    )
    where: str = Field(
        "",
        description=(
            "Which rows of the change log are about this attribute: an expression over its fields."
            " Default: the `where` by which 06_history.yml keeps this attribute from the same log,"
            " and without one all rows."
        ),
        examples=["field = 'phone'"],
    )


def _as_groups(value: Any) -> Any:
    """Groups of attributes; a flat list is one group."""
    if not isinstance(value, (list, tuple)):
        return value
    flat = all(isinstance(name, str) for name in value)
    return (
        (tuple(value),)
        if flat
        else tuple(tuple(item) if isinstance(item, list) else item for item in value)
    )


_GROUP_SCHEMA = {"type": "array", "items": {"type": "string"}, "minItems": 2}
Groups = Annotated[
    tuple[tuple[str, ...], ...],
    BeforeValidator(_as_groups),
    WithJsonSchema({"anyOf": [_GROUP_SCHEMA, {"type": "array", "items": _GROUP_SCHEMA}]}),
]

RuleName = Literal[
    "source_order",
    "most_recent",
    "most_frequent",
    "most_complete",
    "earliest",
    "latest",
    "min",
    "max",
    "union",
    "expression",
]


_RULE = (
    "Which value survives. `source_order`: that of the first system in `order` that has one. "
    "`most_recent`: by the source's `recorded`. `most_frequent`: what most records say. "
    "`most_complete`: the longest text. `min`, `max`: the smallest, the greatest value. "
    "`earliest`, `latest`: that of the record written first, last (`recorded`); of a date or a "
    "timestamp the smallest, the greatest value. `union`: all different values, joined. "
    "`expression`: that of the record for which `expr` is greatest. `order` decides what the rule "
    "leaves open. An empty value, or a word that means nothing (`empty_words` in 03_sources), is "
    "never the surviving value."
)
_ORDER = (
    "The systems or sources, from the first to the last turn; one that is not named comes last. An "
    "item may have a condition: `{billing: \"status = 'open'\"}`."
)
_AGE = (
    "A value whose record was last written longer ago than this loses its turn; it survives only "
    "where nothing fresher does. A length of time, counted back from the end of the as-of day. It "
    "reads `recorded` of the source."
)
_EXPR = (
    "For `rule: expression`: an expression over the attributes of the record, and `recorded`. The "
    "record for which it is greatest wins; true is greater than false."
)


class Alternative(Overruled):
    """Another way to choose that was considered; said in these words, its effect is measured."""

    rule: RuleName | None = Field(
        None, description="Another rule. Default: that of the decision.", examples=["most_recent"]
    )
    order: Order = Field(
        (),
        description="Another order. Default: that of the decision.",
        examples=[["sales", "billing"]],
    )
    no_older_than: str = Field(
        "", description="Another limit of age. Default: that of the decision.", examples=["45 days"]
    )
    expr: str = Field("", description="Another expression.", examples=["length(vat_id) > 0"])


class FieldRule(Decision):
    """How the surviving value of one attribute is chosen."""

    rule: RuleName = Field("source_order", description=_RULE, examples=["most_recent"])
    order: Order = Field(
        (),
        description=(
            f"{_ORDER} Default: the order under `default`, and without it the order of "
            "`from` in 04_entities.yml."
        ),
        examples=[["billing", "sales"], [{"billing": "status = 'open'"}, "sales"]],
    )
    no_older_than: str = Field("", description=f"{_AGE} Default: no limit.", examples=["2 years"])
    expr: str = Field("", description=_EXPR, examples=["length(vat_id) > 0"])
    dated_by: Mapping[str, Dating] = Field(
        default_factory=dict,
        description=(
            "Source (or system) to what says when its value changed, where `recorded` does not: a"
            " nightly job that writes every row again makes old values look new. The rule, and"
            " whatever it leaves open, then go by that time; `no_older_than` still reads"
            " `recorded`. Default: `recorded` of each source."
        ),
        examples=[{"crm.people": "phone_changed_at", "erp.people": "erp.changes.at"}],
    )
    considered: Mapping[str, Alternative] = Field(
        default_factory=dict,
        description=(
            "Other ways that were considered, by name. One that names a rule, an order, an age or"
            " an expression is measured: how many values would change, and which numbers move."
        ),
        examples=[{"fresh_only": {"no_older_than": "45 days", "because": "plans change"}}],
    )


class Survivorship(DecisionFile):
    """Which source wins, field by field."""

    default: Mapping[str, Names] = Field(
        default_factory=dict,
        description=(
            "Entity to the order of systems or sources, for every attribute that is not "
            "under `fields`. Default: the order of `from` in 04_entities.yml."
        ),
        examples=[{"account": ["sales", "billing", "app"]}],
    )
    fields: Mapping[str, FieldRule] = Field(
        default_factory=dict,
        description="How the value of one attribute is chosen, as `entity.attribute`.",
        examples=[{"account.name": {"order": ["billing", "sales"]}}],
    )
    together: Mapping[str, Groups] = Field(
        default_factory=dict,
        description=(
            "Entity to groups of attributes that belong together, such as the parts of an address."
            " All of a group come from one record, chosen among those that state any of them by the"
            " rule and order of the first one (`source_order`, `most_recent`, `expression`, or"
            " `most_complete`: the record that states the most of the group). What that record"
            " leaves empty stays empty; an exception still replaces its one value. Default: every"
            " attribute is chosen by itself."
        ),
        examples=[{"person": [["street", "city", "postcode"]]}],
    )
