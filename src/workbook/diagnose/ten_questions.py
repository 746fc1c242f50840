"""The ten diagnostic questions, each answered from the decisions and the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from workbook.diagnose.diagnosis_inputs import DiagnosisInputs
from workbook.diagnose.source_symptoms import duplicates_of
from workbook.diagnose.symptoms import competing_values
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.report.metric_wording import label_of
from workbook.model import Model
from workbook.model.contested_attributes import shared_attributes, shared_identifiers
from workbook.model.schema import Audience, View
from workbook.words import words_of
from workbook.words.wording import customer_is

Word = Literal["yes", "partly", "no", "untold"]
UNTOLD: Word = "untold"  # nothing is declared that the data could be asked about
_TEXT = words_of("diagnosis").text


@dataclass(frozen=True)
class Answered:
    """What the data says to one question: the answer, the evidence in a sentence, and the page
    that shows it.
    """

    name: str
    answer: Word
    because: str
    page: str


def answers(evidence: DiagnosisInputs) -> tuple[Answered, ...]:
    """All ten, in order."""
    return tuple(
        Answered(name, *measure(evidence), page) for name, (page, measure) in QUESTIONS.items()
    )


def _grain(e: DiagnosisInputs) -> tuple[Word, str]:
    grain = e.model.grain
    if not grain.primary:
        return "no", _TEXT("evidence.grain.undecided")
    broken = e.first("grain.key_not_unique")
    if broken:
        return "partly", broken
    return "yes", _TEXT("evidence.grain.sound", sentence=customer_is(grain.sentence))


def _trace(e: DiagnosisInputs) -> tuple[Word, str]:
    sources = e.model.sources
    if not sources.sources:
        return UNTOLD, _TEXT("evidence.no_source")
    if not sources.trace:
        return "no", _TEXT("evidence.trace.undeclared")
    broken = e.first("sources.trace_breaks")
    return ("partly", broken) if broken else ("yes", _TEXT("evidence.trace.sound"))


def _winner(e: DiagnosisInputs) -> tuple[Word, str]:
    model = e.model
    if not model.entity_names:
        return UNTOLD, _TEXT("evidence.winner.no_entity")
    shared = [f"{entity}.{name}" for entity, name in shared_attributes(model)]
    if not shared:
        return "yes", _TEXT("evidence.winner.single")
    fields = set(model.survivorship.fields)
    defaults = set(model.survivorship.default)
    own = [name for name in shared if name in fields]
    decided = [name for name in shared if name in fields or name.partition(".")[0] in defaults]
    if not decided:
        return "no", _TEXT("evidence.winner.undecided", shared=len(shared))
    because = _TEXT(
        "evidence.winner.decided",
        shared=len(shared),
        decided=len(decided),
        own=len(own),
        connecting=len(shared_identifiers(model)),
    )
    return "yes" if len(decided) == len(shared) else "partly", because


def _history(e: DiagnosisInputs) -> tuple[Word, str]:
    history = e.model.history
    if not history.history:
        if not e.model.source_names:
            return UNTOLD, _TEXT("evidence.no_source")
        return "no", _TEXT("evidence.history.none")
    lost = e.first("history.overwritten")
    if lost:
        return "partly", lost
    return "yes", _TEXT("evidence.history.kept", count=len(history.history))


def _same_count(e: DiagnosisInputs) -> tuple[Word, str]:
    if e.competing():
        return "no", competing_values(e)
    if e.model.is_open("metrics") or not e.model.metrics.metrics:
        return UNTOLD, _TEXT("evidence.no_metric")
    return "yes", _TEXT("evidence.same_count.sound")


def _duplicates(e: DiagnosisInputs) -> tuple[Word, str]:
    model = e.model
    if not model.entity_names:
        duplicates = duplicates_of(e.landed) if e.landed else ""
        if not duplicates:
            return UNTOLD, _TEXT("evidence.no_entity")
        return "no", _TEXT("evidence.duplicates.landed", duplicates=duplicates)
    if model.is_open("identity") or not model.identity.identity:
        several = [name for name in model.entity_names if len(model.entity_sources(name)) > 1]
        if several:
            return "no", _TEXT("evidence.duplicates.no_rule", entities=several)
        return UNTOLD, _TEXT("evidence.duplicates.unassessed")
    handled = " ".join(
        _TEXT("evidence.duplicates.handled", **vars(counts)) for counts in e.duplicates
    )
    waiting = e.first("identity.guarded_values", "identity.refused_links", "identity.large_cluster")
    if waiting or any(counts.waiting or counts.blocked for counts in e.duplicates):
        return "partly", handled or waiting
    return "yes", handled or _TEXT("evidence.duplicates.sound")


def _levels(e: DiagnosisInputs) -> tuple[Word, str]:
    count = len(e.model.entity_names)
    if not count:
        return UNTOLD, _TEXT("evidence.no_entity")
    if count < 2:
        return "no", _TEXT("evidence.levels.few")
    broken = e.first("entities.cardinality_broken")
    return ("partly", broken) if broken else ("yes", _TEXT("evidence.levels.sound", count=count))


def _workflows(e: DiagnosisInputs) -> tuple[Word, str]:
    views, ai = e.model.customer_360, e.model.ai_context
    if not (views.views or views.audiences):
        return "no", _TEXT("evidence.workflows.none")
    uses: dict[str, View | Audience] = {**views.views, **views.audiences}
    without = [
        name
        for name, use in uses.items()
        if not use.purpose or not ai or use.purpose not in ai.purposes
    ]
    if without:
        return "partly", _TEXT("evidence.workflows.no_purpose", names=without)
    if e.workflows is None:
        return UNTOLD, _TEXT("evidence.workflows.unmeasured")
    because = _TEXT("evidence.workflows.measured", **vars(e.workflows))
    return "partly", because  # what reads the sources directly is not measured


def _definitions(e: DiagnosisInputs) -> tuple[Word, str]:
    metrics = e.model.metrics
    if not metrics.metrics:
        return UNTOLD, _TEXT("evidence.no_metric")
    without = [name for name in metrics.metrics if not _has_meaning(e.model, name)]
    defined = len(metrics.metrics) - len(without)
    because = _TEXT(
        "evidence.definitions.defined",
        defined=defined,
        metrics=len(metrics.metrics),
        first_without=label_of(e.model, without[0]) if without else "",
    )
    return "yes" if not without else "partly" if defined else "no", because


def _has_meaning(model: Model, name: str) -> bool:
    """Whether figure 7.1 has words for what a number means: its own, or those of the rule that
    it counts.
    """
    metrics = metrics_of(model)
    rule = metrics.rules.get(metrics.metrics[name].filter.strip())
    return bool(metrics.metrics[name].means or (rule and rule.means))


def _sensitive(e: DiagnosisInputs) -> tuple[Word, str]:
    if not e.model.source_names:
        return UNTOLD, _TEXT("evidence.no_source")
    guessed = e.first("sources.guessed", "sources.undeclared_columns")
    if guessed:
        return "partly", guessed
    classes = [
        field.cls for source in e.model.source_names for field in e.model.fields(source).values()
    ]
    marked = sum(cls in ("personal", "sensitive") for cls in classes)
    return "yes", _TEXT("evidence.sensitive.classified", fields=len(classes), marked=marked)


# By the names that 00_diagnosis.yml knows: the page of the evidence, and what measures it.
QUESTIONS: dict[str, tuple[str, Callable[[DiagnosisInputs], tuple[Word, str]]]] = {
    "what_one_row_is": ("02", _grain),
    "trace_crm_to_support": ("03", _trace),
    "which_system_wins": ("05", _winner),
    "history_kept": ("06", _history),
    "same_active_count": ("07", _same_count),
    "duplicates_explained": ("04b", _duplicates),
    "levels_separated": ("04", _levels),
    "workflows_governed": ("11", _workflows),
    "definitions_findable": ("09", _definitions),
    "sensitive_known": ("03", _sensitive),
}
