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
from workbook.words.wording import humanize, join_words

_NO_LIMIT = 1_000_000_000


@dataclass(frozen=True)
class Option:
    """Another decision: the step that it belongs to, what is decided, where (`file:line`), what
    it would say, and the model that says so.
    """

    step: str
    decision: str
    place: str
    alternative: str
    because: str
    model: Model
    entity: str
    attribute: str = ""  # one field of one entity, where no other can change
    rule: str = ""  # the rule of identity that is switched off


def options(model: Model, contested: tuple[str, ...] = ()) -> Iterator[Option]:
    """Every alternative that is said as a decision and cheap to compute: what the YAML names,
    exceptions, rules of metrics, then swaps of neighbours.
    """
    tried = survivorship.alternatives(model, contested)
    yield from (_of_field(model, each) for each in tried if each.name != "swapped")
    yield from _exceptions(model)
    yield from _rules(model)
    yield from (_of_field(model, each) for each in tried if each.name == "swapped")


def _of_field(model: Model, each: survivorship.Alternative) -> Option:
    entity, _, attribute = each.field.partition(".")
    says = (
        each.says
        if each.name in ("swapped", "no age limit")
        else f"{humanize(each.name)}: {each.says}"
    )
    return Option(
        "survivorship",
        f"{entity} {humanize(attribute)}",
        model.place(each.path),
        says,
        each.because,
        each.model,
        entity,
        attribute,
    )


def _exceptions(model: Model) -> Iterator[Option]:
    other = survivorship.without_exceptions(model)
    if other is None:
        return
    held = [e for e in survivorship.exceptions(model) if not e.trouble]
    place = f"{model.project.decisions}/{survivorship.EXCEPTIONS}:{held[0].line}"
    for entity in sorted({e.field.partition(".")[0] for e in held}):
        yield Option(
            "survivorship",
            f"exceptions of {humanize(entity)}",
            place,
            "none of them",
            "an exception is a rule for one customer",
            other,
            entity,
        )


def of_identity(model: Model) -> Iterator[Option]:
    """Each rule of identity switched off, each guard switched off, each never-merge key left
    out: every one groups the records anew.
    """
    for entity, spec in (model.identity.identity if model.identity else {}).items():
        if not spec.rules or entity not in model.entity_names:
            continue
        base, written = (
            f"identity.identity.{entity}",
            model.texts["identity"].values["identity"][entity],
        )
        rules = written["rules"]
        for turn, rule in enumerate(spec.rules):
            place = model.place(f"{base}.rules")
            matches = (
                "it joins records with the same"
                f" {join_words([humanize(name) for name in rule.match])}"
            )
            yield from _changed(
                model,
                entity,
                f"joining by {humanize(rule.name)}",
                place,
                f"{base}.rules",
                [*rules[:turn], *rules[turn + 1 :]],
                matches,
                rule.name,
            )
        if "guard" in written:
            guard, why = (
                {
                    "records_per_value": _NO_LIMIT,
                    "cluster_size": _NO_LIMIT,
                },
                "a value on many records would link them all",
            )
            yield from _changed(
                model,
                entity,
                f"guard of {humanize(entity)}",
                model.place(f"{base}.guard"),
                f"{base}.guard",
                guard,
                why,
            )
        for key in spec.never_merge:
            rest = [name for name in spec.never_merge if name != key]
            path, why = f"{base}.never_merge", "two values of it would no longer keep records apart"
            yield from _changed(
                model, entity, f"never merge by {humanize(key)}", model.place(path), path, rest, why
            )


def _changed(
    model: Model,
    entity: str,
    decision: str,
    place: str,
    path: str,
    value: Any,
    because: str,
    rule: str = "",
) -> Iterator[Option]:
    """The option, unless the other decisions contradict it."""
    try:
        yield Option(
            "identity",
            decision,
            place,
            "not at all",
            because,
            model.with_change(path, value),
            entity,
            rule=rule,
        )
    except ModelError:
        return


def _rules(model: Model) -> Iterator[Option]:
    """Rules that compete with another one, in its place."""
    part, texts = model.metrics, model.texts["metrics"].values
    for name, rule in (part.rules if part else {}).items():
        if part is None or rule.competes_with not in part.rules:
            continue
        other = {**texts["rules"][rule.competes_with], **_meaning(texts["rules"][name])}
        path = f"metrics.rules.{rule.competes_with}"
        try:
            changed = model.with_change(path, other)
        except ModelError:
            continue
        yield Option(
            "metrics",
            f"meaning of {humanize(rule.competes_with)}",
            model.place(path),
            f"that of {humanize(name)}",
            f"for it: {rule.because}" if rule.because else rule.means,
            changed,
            rule.of,
        )


def _meaning(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What decides who keeps a rule, all parts of it, so that nothing of the one that it
    replaces is left.
    """
    return {word: rule.get(word, []) for word in ("all", "any", "none")}
