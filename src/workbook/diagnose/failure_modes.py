"""Seven failure modes of customer data modeling, looked for in the decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbook.diagnose.diagnosis_inputs import DiagnosisInputs
from workbook.words import words_of

_TEXT = words_of("diagnosis").text
_WEAK = {"person_name", "company_name", "full_name", "country", "postal_address"}  # types


@dataclass(frozen=True)
class Mode:
    """One failure mode: where the decisions show it (`shown`, '' where they do not).

    `open` says that nothing is decided in which it could show, `told` that a finding of its own
    page is about it.
    """

    name: str
    page: str
    shown: str
    open: bool = False
    told: bool = False
    unmeasured: bool = False  # decided soundly, and whether it is so in use is not measured


def modes(evidence: DiagnosisInputs) -> tuple[Mode, ...]:
    """All seven, in the order of the method."""
    return tuple(_mode(evidence, name) for name in MODES)


def _mode(e: DiagnosisInputs, name: str) -> Mode:
    page, detect = MODES[name]
    own, elsewhere = detect(e), _found_elsewhere(e, name)
    shown = own or elsewhere
    told = bool(elsewhere) and (not own or name == "history")
    decided = _decided(e, name)
    # views can be governed while a workflow reads the sources past them
    unmeasured = not shown and decided and name == "ai_context"
    return Mode(name, page, shown, not shown and not decided, told, unmeasured)


def _found_elsewhere(e: DiagnosisInputs, name: str) -> str:
    """What findings of other pages say of a mode."""
    findings = e.having(*TOLD_BY.get(name, ()))
    if not findings:
        return ""
    by_finding = name in ("metric_logic", "relationships")  # whose counts are of unlike things
    count = len(findings) if by_finding else sum(finding.count or 0 for finding in findings)
    handled = {
        "removed": sum(duplicate.records - duplicate.things for duplicate in e.duplicates),
        "blocked": sum(duplicate.blocked for duplicate in e.duplicates),
    }
    return _TEXT(
        f"shown.elsewhere.{name}", count=count, **(handled if name == "duplicates" else {})
    )


def _decided(e: DiagnosisInputs, name: str) -> bool:
    """Whether anything is declared in which a mode could show."""
    model = e.model
    declared = {
        "duplicates": not model.is_open("identity") and model.identity.identity,
        "source_priority": not model.is_open("survivorship"),
        "ai_context": not model.is_open("customer_360") and model.customer_360.views,
    }
    return bool(declared.get(name, True))


def _many_meanings(e: DiagnosisInputs) -> str:
    grain = e.model.grain
    if not grain.primary:
        return _TEXT("shown.no_grain")
    if not grain.considered:
        return _TEXT("shown.no_alternative")
    sentence = grain.sentence.lower()
    several = "and/or" in sentence or sentence.count(" or ") > 1
    return _TEXT("shown.several_things") if several else ""


def _duplicates(e: DiagnosisInputs) -> str:
    declared = e.model.identity.identity
    by_name = [
        _TEXT("shown.rule_of", entity=entity, rule=rule.name)
        for entity, spec in declared.items()
        for rule in spec.rules
        if {e.model.type_of(entity, attribute) for attribute in rule.match} <= _WEAK
    ]
    if by_name:
        return _TEXT("shown.by_name", rules=by_name)
    without = [name for name in _of_several_systems(e) if name not in declared]
    return _TEXT("shown.no_match_rule", entities=without) if without else ""


def _of_several_systems(e: DiagnosisInputs) -> list[str]:
    return [name for name in e.model.entity_names if len(e.model.entity_sources(name)) > 1]


def _history(e: DiagnosisInputs) -> str:
    history = e.model.history
    return "" if history and (history.history or history.events) else _TEXT("shown.no_history")


def _metric_logic(e: DiagnosisInputs) -> str:
    metrics = e.model.metrics
    if e.model.is_open("metrics"):
        return _TEXT("shown.no_metric")
    count = sum(not e.model.owner_of("metrics", "metrics", name) for name in metrics.metrics)
    return _TEXT("shown.no_owner", count=count) if count else ""


def _relationships(e: DiagnosisInputs) -> str:
    model = e.model
    for entity in model.entity_names:
        types = {model.type_of(entity, name) for name in model.attributes(entity)}
        own = model.entities.entities[entity].attributes
        if own and {"person_name", "company_name", "money"} <= types:
            return _TEXT("shown.mixed", entity=entity)
    if len(model.entity_names) > 1:
        return ""
    return _TEXT("shown.one_table") if model.entity_names else _TEXT("shown.no_entity")


def _source_priority(e: DiagnosisInputs) -> str:
    survivorship = e.model.survivorship
    if survivorship is None:
        return _TEXT("shown.no_priority") if _of_several_systems(e) else ""
    newest = [
        name
        for name, rule in survivorship.fields.items()
        if rule.rule == "most_recent" and not rule.because
    ]
    return _TEXT("shown.newest", fields=newest) if newest else ""


def _ai_context(e: DiagnosisInputs) -> str:
    views = e.model.customer_360.views
    over = [name for name, view in views.items() if len(view.fields) > view.budget]
    if over:
        return _TEXT("shown.over_budget", views=over)
    aimless = [name for name, view in views.items() if not view.answers and not view.purpose]
    if aimless:
        return _TEXT("shown.aimless", views=aimless)
    unlimited = e.model.is_open("ai_context") and not e.model.is_open("customer_360")
    return _TEXT("shown.no_purposes") if unlimited else ""


# Findings of other pages that are about a mode.
TOLD_BY = {
    "one_word": ("grain.functions_differ",),
    "duplicates": ("identity.suggestions_wait",),
    "history": ("history.overwritten",),
    "relationships": ("entities.cardinality_broken",),
    "metric_logic": ("metrics.competing", "metrics.disagree", "metrics.dashboard_differs"),
}
# By name: the page of the decisions, and what looks for it in them.
MODES: dict[str, tuple[str, Callable[[DiagnosisInputs], str]]] = {
    "one_word": ("02", _many_meanings),
    "duplicates": ("04b", _duplicates),
    "history": ("06", _history),
    "metric_logic": ("07", _metric_logic),
    "relationships": ("04", _relationships),
    "source_priority": ("05", _source_priority),
    "ai_context": ("12", _ai_context),
}
