"""Six symptoms of a customer modeling problem: whether the data shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbook.diagnose import source_symptoms as raw
from workbook.diagnose.diagnosis_inputs import DiagnosisInputs, Reached
from workbook.diagnose.source_symptoms import Detection
from workbook.metrics.report.metric_wording import label_of
from workbook.words import words_of

_TEXT = words_of("diagnosis").text


@dataclass(frozen=True)
class Detected:
    """One detector: `shown` is True, False, or None where nothing measured can tell."""

    name: str
    shown: bool | None
    because: str


@dataclass(frozen=True)
class Symptom:
    """One symptom of the method by what its detectors found; `pages` show the evidence."""

    name: str
    detected: tuple[Detected, ...]
    pages: tuple[str, ...]

    @property
    def shown(self) -> bool | None:
        """Whether a detector found it; None where one could not tell, or there is none."""
        found = [item.shown for item in self.detected]
        return True if True in found else None if None in found or not found else False

    @property
    def because(self) -> str:
        """The evidence: of detectors that found it, else of all; '' without one."""
        deciding = [item for item in self.detected if item.shown or not self.shown]
        return " ".join(item.because for item in deciding)


def detected(evidence: DiagnosisInputs) -> tuple[Detected, ...]:
    """What all detectors found, in order."""
    return tuple(Detected(name, *detect(evidence)) for name, detect in DETECTORS.items())


def symptoms(evidence: DiagnosisInputs) -> tuple[Symptom, ...]:
    """All six, in the order of the method."""
    found = {item.name: item for item in detected(evidence)}
    return tuple(
        Symptom(name, tuple(found[detector] for detector in detectors), pages)
        for name, (detectors, pages) in SYMPTOMS.items()
    )


def symptom_of(detector: str) -> str:
    """The symptom that a detector belongs to."""
    return next(name for name, (detectors, _) in SYMPTOMS.items() if detector in detectors)


def _counts_differ(e: DiagnosisInputs) -> Detection:
    if e.competing():
        return True, competing_values(e)
    meanings = e.model.grain.customer_means.values()
    different = {meaning.means.strip().lower() for meaning in meanings} - {""}
    if len(different) > 1:
        return True, _TEXT("detected.counts.meanings", count=len(different))
    if e.landed:
        return raw.counts_differ(e.landed)
    if e.values:
        return False, _TEXT("detected.counts.alike")
    return None, _TEXT("detected.counts.unknown")


def competing_values(e: DiagnosisInputs) -> str:
    """The first two metrics that compete for one name, with their values and periods."""
    (first, first_value, second, second_value), *_ = e.competing()
    return _TEXT(
        "evidence.competing",
        first=_dated(e, first),
        first_value=first_value,
        second=_dated(e, second),
        second_value=second_value,
    )


def _dated(e: DiagnosisInputs, metric: str) -> str:
    return _TEXT(
        "evidence.dated", metric=label_of(e.model, metric), period=e.periods.get(metric, "")
    )


def _active_twice(e: DiagnosisInputs) -> Detection:
    metrics = e.model.metrics
    if not metrics.rules:
        return None, _TEXT("detected.active.no_rule")
    rivals = [
        (name, rule.competes_with) for name, rule in metrics.rules.items() if rule.competes_with
    ]
    if not rivals:
        if len(metrics.rules) == 1:
            return False, _TEXT("detected.active.one")
        return False, _TEXT("detected.active.none", rules=len(metrics.rules))
    rule = rivals[0][1]
    against = [name for name, other in rivals if other == rule]
    more = len(rivals) - len(against)
    return True, _TEXT("detected.active.rivals", rivals=against, rule=rule, more=more)


def _double_counted(e: DiagnosisInputs) -> Detection:
    counted = e.first("metrics.not_reconciled")
    if counted:
        return True, counted
    if e.double_counted:
        return True, " ".join(e.double_counted)
    if e.landed:
        return raw.double_counted(e.landed)
    if e.model.is_open("entities") or not e.model.entities.relationships:
        return None, _TEXT("detected.revenue.unknown")
    broken = e.first("metrics.fan_out", "entities.cardinality_broken")
    return False, _TEXT("detected.revenue.sound", sentence=broken, dashboards=e.counted_once)


def _disagree(e: DiagnosisInputs) -> Detection:
    if e.landed:
        return raw.disagree(e.landed)
    if not e.contested:
        return None, _TEXT("detected.disagree.unknown")
    worst = max(e.contested, key=lambda item: (item.share, item.differ, item.field))
    if not worst.differ:
        return False, _TEXT("detected.disagree.agree")
    return True, _TEXT("detected.disagree.differ", **vars(worst))


def _overwritten(e: DiagnosisInputs) -> Detection:
    lost = e.first("history.overwritten")
    if lost:
        return True, lost
    if e.landed and e.model.is_open("history"):
        return raw.overwritten(e.landed)
    if e.model.is_open("history"):
        return None, _TEXT("detected.overwritten.unknown")
    return False, _TEXT("detected.overwritten.kept")


def _wrong_account(e: DiagnosisInputs) -> Detection:
    if e.landed:
        return raw.wrong_account(e.landed)
    if e.shared_names is None:
        return None, _TEXT("detected.wrong_account.unknown")
    if e.shared_names:
        return True, _TEXT("detected.wrong_account.shared", count=e.shared_names)
    return False, _TEXT("detected.wrong_account.unique")


def _wrong_people(e: DiagnosisInputs) -> Detection:
    measured = [item for item in e.reached if item.measured]
    if not measured:
        return None, _TEXT("detected.wrong_people.unknown")
    mistaken = [item for item in measured if item.mistaken]
    return bool(mistaken), " ".join(_reached(item) for item in mistaken or measured)


def _reached(reached: Reached) -> str:
    """Whom one audience reaches by mistake, what was not found, and what could not be measured."""

    def said(kind: str, names: list[str]) -> list[str]:
        at, counts = f"detected.wrong_people.{kind}", reached.counts
        return [
            _TEXT(
                f"{at}.{name}",
                count=counts[name] or 0,
                customer=reached.customer,
                entity=reached.entity,
                asked=reached.asked.get(name, reached.members),
                members=reached.members,
                everywhere=reached.everywhere.get(name) or 0,
            )
            for name in names
        ]

    return _TEXT(
        "detected.wrong_people.reached",
        audience=reached.audience,
        members=reached.members,
        entity=reached.entity,
        found=said("found", [name for name, count in reached.counts.items() if count]),
        clear=said("looked_for", [name for name, count in reached.counts.items() if count == 0]),
        unmeasured=said(
            "looked_for", [name for name, count in reached.counts.items() if count is None]
        ),
        mixed=list(reached.mixed),
    )


def _distrusted(e: DiagnosisInputs) -> Detection:
    if e.shown is None:
        return None, _TEXT("detected.distrusted.unknown")
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(e.shown).items()
    }
    return e.shown.doubtful, _TEXT("detected.distrusted.fields", **values)


# By the names that 00_diagnosis.yml knows.
DETECTORS: dict[str, Callable[[DiagnosisInputs], Detection]] = {
    "customer_counts_differ": _counts_differ,
    "active_means_two_things": _active_twice,
    "revenue_double_counted": _double_counted,
    "crm_and_product_disagree": _disagree,
    "history_overwritten": _overwritten,
    "ai_wrong_account": _wrong_account,
    "automation_targets_wrong_people": _wrong_people,
    "teams_distrust_360": _distrusted,
}
# The symptoms of the method, each with the detectors that can show it and the pages of their
# evidence.
SYMPTOMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "counts": (("customer_counts_differ", "active_means_two_things"), ("02", "07")),
    "revenue": (("revenue_double_counted",), ("07", "04")),
    "history": (("history_overwritten",), ("06",)),
    "ai": (("ai_wrong_account",), ("04b", "12")),
    "automation": (("automation_targets_wrong_people",), ("11", "12")),
    "customer_360": (("teams_distrust_360", "crm_and_product_disagree"), ("05", "11")),
}
# Findings of other pages that are about the same defect: beside one of them a symptom is no
# second finding.
TOLD_BY = {
    "customer_counts_differ": ("metrics.competing", "metrics.disagree", "grain.functions_differ"),
    "active_means_two_things": ("metrics.competing", "metrics.disagree"),
    "revenue_double_counted": (
        "metrics.not_reconciled",
        "metrics.dashboard_differs",
        "metrics.fan_out",
        "entities.cardinality_broken",
    ),
    "crm_and_product_disagree": (),
    "history_overwritten": ("history.overwritten",),
    "ai_wrong_account": (),
    "automation_targets_wrong_people": (),
    "teams_distrust_360": (),
}
# The step that decides what each detector is about: its owner acts.
DECIDED_IN = {
    "customer_counts_differ": "grain",
    "active_means_two_things": "metrics",
    "revenue_double_counted": "metrics",
    "crm_and_product_disagree": "survivorship",
    "history_overwritten": "history",
    "ai_wrong_account": "identity",
    "automation_targets_wrong_people": "customer_360",
    "teams_distrust_360": "customer_360",
}
