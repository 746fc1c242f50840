"""The survivorship rule of a field, in words."""

from __future__ import annotations

from typing import Any

from workbook.model import Model
from workbook.model.dated_by import group_of
from workbook.model.personal_literals import readable
from workbook.words import words_of
from workbook.words.wording import humanize, quoted


def rule_text(model: Model, entity: str, attribute: str) -> str:
    """How the surviving value of an attribute is chosen: `source priority (CRM, billing)`."""
    rule, group = model.rule(entity, attribute), group_of(model, entity, attribute)
    sources = ", ".join(
        _text("source_if", source=item.source, condition=readable(model, item.only_if))
        if item.only_if
        else humanize(item.source)
        for item in model.order(entity, attribute)
    )
    parts = [_text("source_order", sources=sources)]
    if rule.rule != "source_order":
        values = {"condition": readable(model, rule.expr)} if rule.rule == "expression" else {}
        kind = _text(f"kinds.{rule.rule}", **values)
        parts = [_text("other", rule=kind, sources=sources)]
    if rule.dated_by:
        fields = sorted(quoted(item.at) for item in rule.dated_by.values())
        parts.append(_text("dated_by", fields=fields))
    if len(group) > 1:
        parts.append(_text("one_record", attributes=group))
    if rule.no_older_than:
        parts.append(_text("age_limit", limit=rule.no_older_than))
    return ", ".join(parts)


def sources_by_priority(model: Model, entity: str, attribute: str) -> list[str]:
    """The sources of an attribute, the highest priority first; those without one last."""
    sources = [ref.source for ref in model.attributes(entity)[attribute]]
    priority: dict[str, int] = {}
    for rank, item in enumerate(model.order(entity, attribute)):
        for source in sources:
            if item.source in (source, model.system_of(source)):
                priority.setdefault(source, rank)
    return sorted(dict.fromkeys(sources), key=lambda source: (priority.get(source, 99), source))


def _text(name: str, /, **values: Any) -> str:
    return words_of("survivorship").text(f"rule.{name}", **values)
