"""The five decisions of the method: what this project decided, beside a good first answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbook.diagnose.diagnosis_inputs import DiagnosisInputs
from workbook.model import Model
from workbook.model.contested_attributes import shared_attributes
from workbook.words import words_of
from workbook.words.wording import customer_is

_TEXT = words_of("diagnosis").text
Decision = tuple[bool | None, str]  # None: nothing is decided; what was decided, in words
_NEWEST = ("most_recent", "latest")


@dataclass(frozen=True)
class DecisionMade:
    """One of the five: `sound` is None where it is open or not measured, and False where what it
    is to avoid is found; `says` is what was decided; `page` shows it.
    """

    name: str
    page: str
    sound: bool | None
    says: str


def decisions_made(evidence: DiagnosisInputs) -> tuple[DecisionMade, ...]:
    """All five, in the order of the method."""
    return tuple(
        DecisionMade(name, page, *judge(evidence)) for name, (page, judge) in DECISIONS.items()
    )


def _grain(e: DiagnosisInputs) -> Decision:
    grain = e.model.grain
    if not grain.primary or not grain.sentence:
        return None, _TEXT("decided.grain.open")
    sentence = customer_is(grain.sentence)
    broken = bool(e.having("grain.key_not_unique"))
    return not broken, _TEXT("decided.grain.sentence", sentence=sentence, broken=broken)


def _source_priority(e: DiagnosisInputs) -> Decision:
    model = e.model
    if model.is_open("survivorship"):
        return None, _TEXT("decided.source_priority.open")
    wins: dict[str, list[str]] = {}
    newest, other, unexplained = [], [], []
    for entity, name in shared_attributes(model):
        field = f"{entity}.{name}"
        rule, order = model.rule(entity, name), model.order(entity, name)
        if rule.rule in _NEWEST:
            newest.append(field)
            unexplained += [field] if not rule.because else []
        elif rule.rule == "source_order" and order:
            wins.setdefault(_system(model, order[0].source), []).append(field)
        else:
            other.append(field)
    if not wins and not newest and not other:
        return True, _TEXT("decided.source_priority.single")
    winners = [
        _TEXT("decided.source_priority.wins", system=system, fields=fields)
        for system, fields in wins.items()
    ]
    return not unexplained, _TEXT(
        "decided.source_priority.decided", winners=" ".join(winners), newest=newest, other=other
    )


def _system(model: Model, source: str) -> str:
    return model.system_of(source) if "." in source else source


def _history(e: DiagnosisInputs) -> Decision:
    history = e.model.history
    kept, events = len(history.history), len(history.events)
    if e.model.is_open("history") or not (kept or events):
        return None, _TEXT("decided.history.open")
    lost = sum(item.count or 0 for item in e.having("history.overwritten"))
    return not lost, _TEXT("decided.history.kept", kept=kept, events=events, lost=lost)


def _metrics(e: DiagnosisInputs) -> Decision:
    metrics = e.model.metrics
    if e.model.is_open("metrics") or not metrics.metrics:
        return None, _TEXT("decided.metrics.open")
    rivals = len(e.competing())
    differ = len(e.having("metrics.dashboard_differs"))
    return not (rivals or differ), _TEXT(
        "decided.metrics.defined", metrics=len(metrics.metrics), rivals=rivals, differ=differ
    )


def _ai_context(e: DiagnosisInputs) -> Decision:
    views = e.model.customer_360
    if e.model.is_open("customer_360") or not (views.views or views.audiences):
        return None, _TEXT("decided.ai_context.open")
    if e.workflows is None:
        return None, _TEXT("evidence.workflows.unmeasured")
    found = e.workflows
    answered = (found.built, found.held, found.permitted, found.asked)
    sound = answered == (found.uses, found.uses, found.fields, found.on_consent)
    broken = not sound or found.idle_roles
    # what an AI workflow reads past its view is not measured, so that nothing rules it out
    return False if broken else None, _TEXT(
        "decided.ai_context.exposed",
        uses=found.uses,
        fields=found.fields,
        permitted=found.permitted,
        idle=list(found.idle_roles),
    )


# By the names that method.toml has: the page of the decision, and what reads it.
DECISIONS: dict[str, tuple[str, Callable[[DiagnosisInputs], Decision]]] = {
    "grain": ("02", _grain),
    "source_priority": ("05", _source_priority),
    "history": ("06", _history),
    "metrics": ("07", _metrics),
    "ai_context": ("12", _ai_context),
}
