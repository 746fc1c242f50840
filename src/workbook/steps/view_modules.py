"""Figure 11.5: the modules below Customer 360, and what of this project each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.model import Model
from workbook.model.persons import is_person
from workbook.model.view_reads import uses_of
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import capital, humanize_list

# The modules of the method that an entity is told by its name, with the words of such names.
_WORDS = {
    "subscriptions": ("subscription", "contract", "plan", "licence", "license", "order", "invoice"),
    "product_usage": ("activity", "event", "usage", "session", "login", "feature"),
    "support_history": ("ticket", "case", "conversation", "issue", "incident"),
    "marketing_engagement": ("campaign", "message", "email", "newsletter", "click", "lead"),
    "consent_preferences": ("consent", "preference", "permission", "erasure"),
}
# All modules, in the order of the method.
MODULES = (
    "customer_profile",
    "account_hierarchy",
    "subscriptions",
    "product_usage",
    "support_history",
    "marketing_engagement",
    "consent_preferences",
    "calculated_metrics",
)
OTHER = "other"  # entities that are none of them


def modules_figure(step: Step) -> Figure:
    """One row per module: the entities, relationships or metrics that are it, and how many
    fields of views come from them.
    """
    model, at = step.model, "figures.modules"
    found, shown = modules_of(model), shown_of_modules(model)
    names = [*MODULES, *([OTHER] if found[OTHER] else [])]
    metrics = len(model.metrics.metrics)
    rows = [
        {
            "module": step.text(f"{at}.other")
            if name == OTHER
            else capital(words_of("method").text(f"modules.{name}")),
            "made_of": step.text(f"{at}.metrics", metrics=metrics)
            if name == "calculated_metrics" and metrics
            else capital(humanize_list(found[name])) or step.text(f"{at}.absent"),
            "shown": shown.get(name, 0),
        }
        for name in names
    ]
    columns = step.heads(
        "modules", Column("module"), Column("made_of"), Column("shown", kind="int")
    )
    body = table(frame_for(rows if model.entity_names else [], columns), columns)
    return step.figure("modules", body)


def modules_of(model: Model) -> dict[str, list[str]]:
    """The names of what each module is in a model: entities, and relationships of the hierarchy."""
    found: dict[str, list[str]] = {name: [] for name in (*MODULES, OTHER)}
    for entity in model.entity_names:
        found[_module_of(model, entity)].append(entity)
    found["account_hierarchy"] += _hierarchy(model)
    return found


def shown_of_modules(model: Model) -> dict[str, int]:
    """How many fields of views and audiences come from each module; a field counts once."""
    fields = {
        (owner or use.of, name)
        for _, _, use in uses_of(model)
        for field in use.fields
        for owner, _, name in [field.rpartition(".")]
    }
    counts: dict[str, int] = {}
    for entity, name in fields:
        attribute = bool(model.attributes(entity).get(name))
        module = _module_of(model, entity) if attribute else "calculated_metrics"
        counts[module] = counts.get(module, 0) + 1
    return counts


def _module_of(model: Model, entity: str) -> str:
    """The module that an entity is: the profile where it is the customer, a resolved one, or a
    person.
    """
    if entity == model.grain.primary or model.has_identity(entity):
        return "customer_profile"
    words = set(re.split(r"[_\W]+", entity.lower()))
    otherwise = "customer_profile" if is_person(model, entity) else OTHER
    return next((name for name, known in _WORDS.items() if words & set(known)), otherwise)


def _hierarchy(model: Model) -> Iterator[str]:
    """The relationships between customers, and between customers and who belongs to them."""
    resolved = {name for name in model.entity_names if _module_of(model, name) == MODULES[0]}
    for name, link in model.entities.relationships.items():
        if {link.from_, link.to} <= resolved:
            yield name
