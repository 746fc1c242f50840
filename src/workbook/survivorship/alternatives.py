"""Other decisions that could be taken: those that the YAML names, swaps of neighbours in an
order, limits and exceptions left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbook.errors import ModelError
from workbook.model import Model
from workbook.model.dated_by import group_of, sources_of
from workbook.survivorship.exceptions import COLUMNS, EXCEPTIONS, exceptions

RULE_WORDS = ("rule", "order", "no_older_than", "expr", "dated_by")
SWAPPED = "swapped"
NO_AGE_LIMIT = "no age limit"
ENDED = "1970-01-01"  # an exception that ended then holds on no day


@dataclass(frozen=True)
class RuleChange:
    """What an alternative decides otherwise about a field; empty is the default rule.

    `rule` is not given for an expression, which `condition` is; `order` names sources or systems
    without their conditions.
    """

    rule: str = ""
    condition: str = ""
    order: tuple[str, ...] = ()
    no_older_than: str = ""
    any_age: bool = False


@dataclass(frozen=True)
class RuleAlternative:
    """Another decision for one field, and the model in which it was taken.

    `name` is the team's, `SWAPPED` or `NO_AGE_LIMIT`; `because` is what the team wrote of it, or
    the age limit that is left out; `path` is the decision that it replaces.
    """

    field: str
    name: str
    change: RuleChange
    because: str
    model: Model
    path: str = ""


def alternatives(model: Model, contested: tuple[str, ...] = ()) -> tuple[RuleAlternative, ...]:
    """Every alternative that is written as a rule, every age limit left out; for contested fields
    also each swap of two neighbours of the order.
    """
    fields = model.survivorship.fields
    named = [
        _named(model, field, name)
        for field, rule in fields.items()
        for name, other in rule.considered.items()
        if other.was is not None or other.rule or other.order or other.no_older_than or other.expr
    ]
    limits = [
        _unlimited(model, field)
        for field, rule in fields.items()
        if rule.no_older_than and _leader(model, field) == field
    ]
    swaps = [
        item
        for field in dict.fromkeys(_leader(model, field) for field in contested)
        for item in _swapped(model, field)
    ]
    distinct: dict[tuple[str, RuleChange], RuleAlternative] = {}
    for item in (*named, *limits, *swaps):
        # a swap that the YAML names already is not tried twice
        distinct.setdefault((item.field, item.change), item)
    return tuple(distinct.values())


def without_exceptions(model: Model) -> Model | None:
    """The model in which no exception is in force; None where none is."""
    day = model.project.as_of
    held = [e for e in exceptions(model) if isinstance(day, dt.date) and e.holds(day)]
    return (
        model.as_if(
            EXCEPTIONS, *({**dict.fromkeys(COLUMNS, ""), "id": e.id, "until": ENDED} for e in held)
        )
        if held
        else None
    )


def _named(model: Model, field: str, name: str) -> RuleAlternative:
    written: dict[str, Any] = dict(model.texts["survivorship"].values["fields"][field])
    other = dict(written["considered"][name])
    because = other.pop("because", "")
    for word in ("owner", "decided", "decided_by"):
        other.pop(word, None)
    kept = {key: value for key, value in written.items() if key != "considered"}
    if "was" in other:  # the rule as it was written then, all words of it
        kept = {key: value for key, value in kept.items() if key not in RULE_WORDS}
        other = dict(other["was"] or {})
    changed = {**kept, **other}
    if changed.get("rule") != "expression":
        changed.pop("expr", None)  # the decision's own, which another rule does not read
    if changed.get("rule") == "union":
        changed.pop("dated_by", None)
    return RuleAlternative(
        field,
        name,
        _change(other),
        because,
        _decided(model, field, changed),
        f"survivorship.fields.{field}",
    )


def _decided(model: Model, field: str, rule: dict[str, Any]) -> Model:
    """The model in which a field has another rule; what comes from one record with it repeats
    no word of the old one.
    """
    entity, _, attribute = field.partition(".")
    fields = dict(model.texts["survivorship"].values.get("fields") or {})
    for name in (f"{entity}.{item}" for item in group_of(model, entity, attribute)[1:]):
        if isinstance(fields.get(name), dict):
            fields[name] = {
                word: value for word, value in fields[name].items() if word not in RULE_WORDS
            }
    if fields == (model.texts["survivorship"].values.get("fields") or {}):
        return model.with_change(f"survivorship.fields.{field}", rule)
    return model.with_change("survivorship.fields", {**fields, field: rule})


def _leader(model: Model, field: str) -> str:
    """The field whose rule decides: its own, or the first of those that come from one record
    with it.
    """
    entity, _, attribute = field.partition(".")
    return f"{entity}.{group_of(model, entity, attribute)[0]}"


def _written(model: Model, field: str) -> dict[str, Any]:
    """The rule of a field as it is written."""
    return dict((model.texts["survivorship"].values.get("fields") or {}).get(field) or {})


def _unlimited(model: Model, field: str) -> RuleAlternative:
    path = f"survivorship.fields.{field}.no_older_than"
    limit = str(model.survivorship.fields[field].no_older_than)
    changed = _decided(model, field, {**_written(model, field), "no_older_than": ""})
    return RuleAlternative(
        field,
        NO_AGE_LIMIT,
        RuleChange(any_age=True),
        limit,
        changed,
        path,
    )


def _swapped(model: Model, field: str) -> Iterator[RuleAlternative]:
    entity, _, attribute = field.partition(".")
    order = [
        ({item.source: item.only_if} if item.only_if else item.source)
        for item in model.order(entity, attribute)
    ]
    known = set(sources_of(model, entity, attribute))
    sources = known | {model.system_of(source) for source in known}
    order = [
        item for item in order if (item if isinstance(item, str) else next(iter(item))) in sources
    ]
    if model.rule(entity, attribute).rule != "source_order":
        return
    path = f"survivorship.fields.{field}.order"
    for rank in range(len(order) - 1):
        swapped = [*order[:rank], order[rank + 1], order[rank], *order[rank + 2 :]]
        try:
            changed = _decided(model, field, {**_written(model, field), "order": swapped})
        except ModelError:  # a condition that belongs to its place
            continue
        yield RuleAlternative(
            field,
            SWAPPED,
            _change({"order": swapped}),
            "",
            changed,
            path,
        )


def _change(written: dict[str, Any]) -> RuleChange:
    """What a rule as it is written decides."""
    rule = str(written.get("rule") or "")
    order = written.get("order") or []
    items = order if isinstance(order, list) else [order]
    return RuleChange(
        "" if rule == "expression" else rule,
        str(written.get("expr") or ""),
        tuple(item if isinstance(item, str) else next(iter(item)) for item in items),
        str(written.get("no_older_than") or ""),
    )
