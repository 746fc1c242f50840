"""A first draft of what can be counted, of an active customer and of the headline numbers, made
from the entities that are declared: a proposal to try and to correct.
"""

from __future__ import annotations

from typing import Any

from workbook.engine import quote
from workbook.model import Model
from workbook.model.table_names import table_of
from workbook.privacy import shown
from workbook.scenarios.context import Context
from workbook.words import words_of

_SPLITS = 3  # attributes by which the numbers of one entity are split
_WITHIN = "30 days"
_HEADLINES = 3
_PAYING = {"payment", "invoice", "charge", "order", "purchase", "transaction", "subscription"}
_LEAVING = {"churn", "cancellation", "refund", "complaint", "ticket", "departure", "unsubscribe"}
_WORDS = words_of("walk")


def draft_models(context: Context) -> dict[str, Any]:
    """Semantic model to its block: a count of each entity, and the sum of each amount that is in
    one currency.
    """
    return {f"{name}_rows": _model(context, name) for name in context.model.entity_names}


def draft_rules(context: Context) -> dict[str, Any]:
    """The rule of an active customer: a payment, a contract or use that belongs to it and
    happened in the last 30 days or has not ended; none where nothing of the kind is dated.
    """
    model = context.model
    dated = [name for name in _belonging(model) if not _words_of(name) & _LEAVING]
    ranked = sorted(dated, key=lambda name: not _words_of(name) & _PAYING)
    if not ranked:
        return {}
    what = ranked[0]
    valid = model.sources.sources[model.entity_sources(what)[0]].valid
    until = {"where": f"{valid[1]} is null"} if len(valid) > 1 else {"within": _WITHIN}
    text = "draft.holding" if len(valid) > 1 else "draft.active"
    means = _WORDS.text(text, what=what, within=_WITHIN)
    block = {"of": model.grain.primary, "means": means, "all": [{"some": what, **until}]}
    return {_active(model): block}


def _belonging(model: Model) -> list[str]:
    """The entities of one dated source of which each belongs to one customer."""
    return [
        each.from_
        for each in model.entities.relationships.values()
        if each.to == model.grain.primary
        and each.cardinality == "many to one"
        and len(sources := model.entity_sources(each.from_)) == 1
        and model.sources.sources[sources[0]].valid
    ]


def _active(model: Model) -> str:
    """The name of the rule of an active customer."""
    return f"active_{model.grain.primary}"


def _words_of(name: str) -> set[str]:
    return {word.removesuffix("s") for word in name.split("_")}


def draft_metrics(context: Context) -> dict[str, Any]:
    """Metric to its block: how many customers there are, how many are active, and the first
    amount of each entity.
    """
    model = context.model
    primary = model.grain.primary
    found: dict[str, Any] = {}
    for part in model.metrics.semantic_models.values():
        for name, measure in part.measures.items():
            if part.of == primary and measure.agg == "count":
                found["customers"] = _metric(name, "customers")
                if _active(model) in model.metrics.rules:
                    found["active_customers"] = _metric(name, "active", filter=_active(model))
    for part in model.metrics.semantic_models.values():
        sums = ((name, each) for name, each in part.measures.items() if each.agg == "sum")
        for name, measure in [*sums][:1]:
            text = "level" if measure.over_time else "sum"
            found[name] = _metric(name, text, what=part.of, field=measure.expr)
    return found


def draft_headline(model: Model) -> list[str]:
    """The first metrics, as the numbers that the cover shows."""
    return list(model.metrics.metrics)[:_HEADLINES]


def _metric(measure: str, text: str, **values: str) -> dict[str, str]:
    rule = {"filter": values.pop("filter")} if "filter" in values else {}
    return {
        "type": "simple",
        "measure": measure,
        **rule,
        "label": _WORDS.text(f"draft.labels.{text}", **values),
        "means": _WORDS.text(f"draft.means.{text}", **values),
    }


def _model(context: Context, entity: str) -> dict[str, Any]:
    model = context.model
    sources = model.entity_sources(entity)
    valid = model.sources.sources[sources[0]].valid if len(sources) == 1 else ()
    level = {"over_time": "last"} if len(valid) > 1 else {}
    sums = {
        f"{entity}_{name}": {"agg": "sum", "expr": name, **level}
        for name in _amounts(context, entity)
    }
    splits = [
        name
        for name in model.attributes(entity)
        if model.type_of(entity, name) in ("category", "country")
        and shown(model.class_of(f"{entity}.{name}"))
        and not model.is_list(entity, name)
    ]
    return {
        "of": entity,
        "dimensions": splits[:_SPLITS],
        "measures": {f"{entity}_count": {"agg": "count"}, **sums},
    }


def _amounts(context: Context, entity: str) -> list[str]:
    """The amounts of an entity that can be added up: of one source, in one currency."""
    model = context.model
    sources = model.entity_sources(entity)
    if len(sources) != 1:
        return []
    fields = model.sources.sources[sources[0]].fields
    return [
        name
        for name, refs in model.attributes(entity).items()
        if model.type_of(entity, name) == "money"
        and shown(model.class_of(f"{entity}.{name}"))
        and _one_currency(context, sources[0], fields[refs[0].field].currency)
    ]


def _one_currency(context: Context, source: str, currency: str) -> bool:
    """Whether all amounts of a field are in one currency: that which is written, or the only one
    of the field that names it.
    """
    if currency not in context.model.sources.sources[source].fields:
        return True
    table = quote(table_of(source))
    found = context.query(f"select count(distinct {quote(currency)}) as n from {table}")
    return bool(found["n"][0] == 1)
