"""Other decisions that could be taken: those that the YAML names, and swaps of neighbours in an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbook.model import Model


@dataclass(frozen=True)
class Alternative:
    """Another decision for one field: its name, what it says, and the model in which it was taken."""

    field: str
    name: str
    says: str
    because: str
    model: Model


def alternatives(model: Model, contested: tuple[str, ...] = ()) -> tuple[Alternative, ...]:
    """Every alternative that is said as a rule; for contested fields without one, the first two of the order swapped."""
    fields = model.survivorship.fields if model.survivorship else {}
    made = [_named(model, field, name) for field, rule in fields.items() for name, other in rule.considered.items() if other.rule or other.order or other.no_older_than]
    done = {each.field for each in made}
    made += [each for field in contested if field not in done and (each := _swapped(model, field))]
    return tuple(made)


def _named(model: Model, field: str, name: str) -> Alternative:
    written: dict[str, Any] = dict(model.texts["survivorship"].values["fields"][field])
    other = dict(written["considered"][name])
    because = other.pop("because", "")
    for word in ("owner", "decided"):
        other.pop(word, None)
    changed = {**{key: value for key, value in written.items() if key != "considered"}, **other}
    return Alternative(field, name, _says(other), because, model.with_change(f"survivorship.fields.{field}", changed))


def _swapped(model: Model, field: str) -> Alternative | None:
    entity, _, attribute = field.partition(".")
    order = [({item.source: item.only_if} if item.only_if else item.source) for item in model.order(entity, attribute)]
    known = {ref.source for ref in model.attributes(entity)[attribute]}
    sources = known | {model.system_of(source) for source in known}
    order = [item for item in order if (item if isinstance(item, str) else next(iter(item))) in sources]
    if len(order) < 2 or model.rule(entity, attribute).rule != "source_order":
        return None
    order[0], order[1] = order[1], order[0]
    changed = model.with_change(f"survivorship.fields.{field}.order", order)
    return Alternative(field, "swapped", _says({"order": order}), "the first two of the order swapped", changed)


def _says(words: dict[str, Any]) -> str:
    parts = [str(words["rule"]).replace("_", " ")] if words.get("rule") else []
    if words.get("order"):
        order = words["order"] if isinstance(words["order"], list) else [words["order"]]
        parts.append(" before ".join(item if isinstance(item, str) else next(iter(item)) for item in order))
    if words.get("no_older_than"):
        parts.append(f"nothing older than {words['no_older_than']}")
    return ", ".join(parts)
