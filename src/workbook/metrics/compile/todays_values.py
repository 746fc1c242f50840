"""Attributes that a metric's filter reads as they are today, for earlier periods too."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import WorkbookError
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.units import resolved
from workbook.model import Model
from workbook.model.expressions import scalar_expression

_DATED = ("date", "timestamp")


def todays_values(model: Model, name: str) -> tuple[str, ...]:
    """The attributes without a history that the filter of a simple or cumulative metric reads.

    A date that is compared with `as_of` is asked anew at each period's end, and is none of them.
    """
    metric = metrics_of(model).metrics[name]
    if metric.type not in ("simple", "cumulative") or "." in metric.measure or not metric.filter:
        return ()
    entity = resolved(model, name).entity
    return tuple(dict.fromkeys(_read(model, entity, [metric.filter], frozenset())))


def _read(
    model: Model, entity: str, conditions: list[str], passed: frozenset[str]
) -> Iterator[str]:
    """The attributes of some conditions that hold together, and of the rules that they name."""
    rules, known = metrics_of(model).rules, model.attributes(entity)
    named = {text: _names(text) for text in conditions}
    asked_anew = {
        name for text, names in named.items() if "as_of" in text for name in names if name in known
    }
    for item in dict.fromkeys(name for names in named.values() for name in names):
        if item in rules and rules[item].of == entity and item not in passed:
            inner = [text for text in rules[item].conditions if isinstance(text, str)]
            yield from _read(model, entity, inner, passed | {item})
        elif item in known and not _is_kept(model, entity, item):
            types = {model.field(ref.source, ref.field).type for ref in known[item]}
            dated = item in asked_anew and types <= set(_DATED)
            if not dated and "id" not in types:
                yield item


def _names(text: str) -> tuple[str, ...]:
    try:
        return scalar_expression(text)[1]
    except WorkbookError:
        return ()


def _is_kept(model: Model, entity: str, attribute: str) -> bool:
    return not model.is_open("history") and f"{entity}.{attribute}" in model.history.history
