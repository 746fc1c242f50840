"""Decisions that could have been others, across the steps: what each would say instead, and the
model in which it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbook import survivorship
from workbook.errors import ModelError
from workbook.model import Model
from workbook.words import words_of
from workbook.words.wording import humanize

_NO_LIMIT = 1_000_000_000


@dataclass(frozen=True)
class NamedOption:
    """Another decision by name: the step that it belongs to, what is decided and what instead.

    `kind` is a text of `[decision]` in the catalogue, `subject` what it is about (a field, a
    rule, a key, an entity) and `choice` what would be decided; `decision`, `alternative` and
    `because` are the same in words. `place` is `file:line`.
    """

    step: str
    kind: str
    subject: str
    choice: str
    decision: str
    alternative: str
    because: str
    place: str


@dataclass(frozen=True)
class Option(NamedOption):
    """Another decision and the model that says so."""

    model: Model
    entity: str
    attribute: str = ""  # one field of one entity, where no other can change


def options(model: Model, contested: tuple[str, ...] = ()) -> Iterator[Option]:
    """Every alternative that is said as a decision and cheap to compute: what the YAML names,
    exceptions, rules of metrics, then swaps of neighbours.
    """
    tried = survivorship.alternatives(model, contested)
    yield from (_of_field(model, item) for item in tried if item.name != survivorship.SWAPPED)
    yield from _exceptions(model)
    yield from _rules(model)
    yield from (_of_field(model, item) for item in tried if item.name == survivorship.SWAPPED)


def _of_field(model: Model, item: survivorship.RuleAlternative) -> Option:
    entity, _, attribute = item.field.partition(".")
    change, because = _change_text(item.change), item.because
    if item.name == survivorship.SWAPPED:
        because = _text("alternative.because.swapped")
    elif item.name == survivorship.NO_AGE_LIMIT:
        because = _text("alternative.because.no_age_limit", limit=item.because)
    else:
        change = _text("alternative.named", name=item.name, change=change)
    return Option(
        "survivorship",
        "field",
        item.field,
        item.name,
        _text("decision.field", entity=entity, attribute=attribute),
        change,
        because,
        model.place(item.path),
        item.model,
        entity,
        attribute,
    )


def _change_text(change: survivorship.RuleChange) -> str:
    """A survivorship rule that could be decided, in words."""
    parts = []
    if change.rule and not (change.rule == "source_order" and change.order):
        ordered = change.rule == "source_order"
        parts.append(
            _text(f"rule_change.{'source_order' if ordered else 'rule'}", rule=change.rule)
        )
    if change.condition:
        parts.append(_text("rule_change.condition", condition=change.condition))
    if change.order:
        sources = ", ".join(humanize(source) for source in change.order)
        parts.append(_text("rule_change.priority", sources=sources))
    if change.no_older_than:
        parts.append(_text("rule_change.age_limit", limit=change.no_older_than))
    if change.any_age:
        parts.append(_text("rule_change.any_age"))
    return ", ".join(parts) or _text("rule_change.default")


def _exceptions(model: Model) -> Iterator[Option]:
    other = survivorship.without_exceptions(model)
    if other is None:
        return
    held = [e for e in survivorship.exceptions(model) if not e.trouble]
    path = f"{model.project.decisions}/{survivorship.EXCEPTIONS}:{held[0].line}"
    for entity in sorted({e.field.partition(".")[0] for e in held}):
        yield Option(
            "survivorship",
            "exceptions",
            entity,
            "none_applied",
            _text("decision.exceptions", entity=entity),
            _text("alternative.none_applied"),
            _text("alternative.because.exceptions", entity=entity),
            path,
            other,
            entity,
        )


def of_identity(model: Model) -> Iterator[Option]:
    """Each rule of identity switched off, each guard switched off, each never-merge key left
    out: every one groups the records anew.
    """
    for entity, spec in (model.identity.identity).items():
        if not spec.rules or entity not in model.entity_names:
            continue
        base = f"identity.identity.{entity}"
        written = model.texts["identity"].values["identity"][entity]
        rules = written["rules"]
        for rank, rule in enumerate(spec.rules):
            rest = [*rules[:rank], *rules[rank + 1 :]]
            values = {"rule": rule.name, "attributes": rule.match}
            yield from _changed(
                model, entity, "match_rule", rule.name, f"{base}.rules", rest, values
            )
        if "guard" in written:
            guard = {"records_per_value": _NO_LIMIT, "cluster_size": _NO_LIMIT}
            yield from _changed(model, entity, "guard", entity, f"{base}.guard", guard, {})
        for key in spec.never_merge:
            others = [name for name in spec.never_merge if name != key]
            path = f"{base}.never_merge"
            yield from _changed(model, entity, "never_merge", key, path, others, {"key": key})


def _changed(
    model: Model,
    entity: str,
    kind: str,
    subject: str,
    path: str,
    value: Any,
    values: Mapping[str, Any],
) -> Iterator[Option]:
    """The option of identity, unless the other decisions contradict it."""
    choice = "no_limits" if kind == "guard" else "switched_off"
    texts = {**values, "entity": entity}
    try:
        yield Option(
            "identity",
            kind,
            subject,
            choice,
            _text(f"decision.{kind}", **texts),
            _text(f"alternative.{choice}"),
            _text(f"alternative.because.{kind}", **texts),
            model.place(path),
            model.with_change(path, value),
            entity,
        )
    except ModelError:
        return


def _rules(model: Model) -> Iterator[Option]:
    """Rules that compete with another one, in its place."""
    part, texts = model.metrics, model.texts["metrics"].values
    for name, rule in part.rules.items():
        if rule.competes_with not in part.rules:
            continue
        replaced = rule.competes_with
        other = {**texts["rules"][replaced], **_meaning(texts["rules"][name])}
        path = f"metrics.rules.{replaced}"
        try:
            changed = model.with_change(path, other)
        except ModelError:
            continue
        reason = rule.because and _text("alternative.because.definition", reason=rule.because)
        yield Option(
            "metrics",
            "definition",
            replaced,
            name,
            _text("decision.definition", rule=replaced),
            _text("alternative.definition", rule=name),
            reason or rule.means,
            model.place(path),
            changed,
            rule.of,
        )


def _text(name: str, /, **values: Any) -> str:
    return words_of("scenarios").text(name, **values)


def _meaning(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What decides who keeps a rule, all parts of it, so that nothing of the one that it
    replaces is left.
    """
    return {step: rule.get(step, []) for step in ("all", "any", "none")}
