"""The model of a project: what was decided, and every name in it looked up in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from workbook.errors import ModelError, WorkbookError
from workbook.model.attribute_lookup import AttributeLookup
from workbook.model.same_record_rule import rule_in
from workbook.model.schema import FieldRule, OrderItem
from workbook.model.yaml_paths import at_place, keys_of, with_value_at
from workbook.model.yaml_read import TYPES_OF, part_of
from workbook.model.yaml_text import Place
from workbook.privacy import shown
from workbook.words import error_of


class Model(AttributeLookup):
    """A validated model."""

    # ---- survivorship

    def rule(self, entity: str, attribute: str) -> FieldRule:
        """How the value of an attribute is chosen, by the first of those that belong together;
        where nothing was decided, the order of its sources.
        """
        return rule_in(self.survivorship, entity, attribute)

    def order(self, entity: str, attribute: str) -> tuple[OrderItem, ...]:
        """The order of sources for an attribute: its own, the entity's default, or that of the
        entity's `from`.
        """
        own = self.rule(entity, attribute).order
        if own:
            return own
        default = self.survivorship.default.get(entity, ())
        return tuple(OrderItem(source=name) for name in default or self.entity_sources(entity))

    # ---- history

    def forgets(self, entity: str, cls: str) -> bool:
        """Whether values of this class are taken away from whoever asks to be forgotten: those
        that no page may show.
        """
        return not shown(cls) and bool(entity in self.history.erasures)

    def forgotten(self, entity: str) -> tuple[str, ...]:
        """The attributes of an entity that are taken away from whoever asks to be forgotten."""
        return tuple(
            name
            for name in self.attributes(entity)
            if self.forgets(entity, self.class_of(f"{entity}.{name}"))
        )

    def as_held(self, entity: str) -> str:
        """The table of an entity of one source with what the source still holds of whoever
        asked to be forgotten.
        """
        return (
            f"{entity}__as_held"
            if self.forgotten(entity) and not self.has_identity(entity)
            else entity
        )

    # ---- names and places

    def owner_of(self, step: str, *parts: str) -> str:
        """Who answers for a decision: the nearest owner written around it, in its block or
        under `decisions:`.

        Of a metric and the rule that it counts the one that names no owner has the other's.
        """
        values, owner = self.texts[step].values, ""
        for depth in range(len(parts) + 1):
            path = parts[:depth]
            apart = at_place(values, ("decisions", ".".join(path))) if path else None
            for block in (at_place(values, path), apart):
                owner = str(block.get("owner") or owner) if isinstance(block, dict) else owner
        own = at_place(values, parts) if step == "metrics" and parts[:1] == ("metrics",) else None
        if isinstance(own, dict) and not own.get("owner"):
            rule = at_place(values, ("rules", str(own.get("filter"))))
            owner = str(rule.get("owner") or owner) if isinstance(rule, dict) else owner
        rule = at_place(values, parts) if step == "metrics" and parts[:1] == ("rules",) else None
        if isinstance(rule, dict) and not rule.get("owner"):
            owner = _only_owner(values, parts[1]) or owner
        return owner

    def place(self, path: str) -> str:
        """`model/05_survivorship.yml:14` for a path such as `survivorship.fields.account.name`."""
        step, yaml_path = self.split(path)
        return f"{self.texts[step].file}:{self.texts[step].line(yaml_path)}"

    def split(self, path: str) -> tuple[str, Place]:
        """The step and the keys of a dotted path; a key may itself hold dots.

        Raises:
            WorkbookError: the first word is no step.
        """
        step, _, rest = path.partition(".")
        if step not in self.texts:
            raise error_of(WorkbookError, "model.unknown_step", name=step, known=list(self.texts))
        return step, tuple(keys_of(self.texts[step].values, rest.split(".") if rest else []))

    def with_change(self, path: str, value: Any) -> Model:
        """The same model with one decision changed, validated and cross-checked again: a what-if.

        Raises:
            ModelError: the changed model contradicts itself.
        """
        step, yaml_path = self.split(path)
        return self.with_values(step, [(yaml_path, value)])

    def with_values(self, step: str, changes: Iterable[tuple[Place, Any]]) -> Model:
        """The same model with values at places of one file, validated and cross-checked again.

        Raises:
            ModelError: the changed model contradicts itself.
        """
        values: Any = self.texts[step].values
        for path, value in changes:
            values = with_value_at(values, path, value)
        text = replace(self.texts[step], values=values, problems=[])
        part = part_of(step, text)
        decided = self.decided - {step} if part is None else self.decided | {step}
        changed = replace(
            self,
            texts={**self.texts, step: text},
            decided=decided,
            **{step: TYPES_OF[step]() if part is None else part},
        )
        problems = text.problems or list(self.validate(changed))
        if problems:
            raise ModelError(problems)
        return changed


def _only_owner(values: Any, rule: str) -> str:
    """The owner that every metric that counts a rule names; '' where none does or they differ."""
    metrics = at_place(values, ("metrics",))
    owners = {
        str(metric["owner"])
        for metric in (metrics.values() if isinstance(metrics, dict) else ())
        if isinstance(metric, dict) and metric.get("filter") == rule and metric.get("owner")
    }
    return owners.pop() if len(owners) == 1 else ""
