"""Names in 00_diagnosis.yml: the ten questions and the six symptoms."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.step_validator import Validator

DIAGNOSTIC = (
    "what_one_row_is",
    "trace_crm_to_support",
    "which_system_wins",
    "history_kept",
    "same_active_count",
    "duplicates_explained",
    "levels_separated",
    "workflows_governed",
    "definitions_findable",
    "sensitive_known",
)

SYMPTOMS = (
    "customer_counts_differ",
    "active_means_two_things",
    "revenue_double_counted",
    "crm_and_product_disagree",
    "history_overwritten",
    "ai_wrong_account",
    "automation_targets_wrong_people",
    "teams_distrust_360",
)


def diagnosis(model: Model) -> Iterator[Problem]:
    """The ten questions and the six symptoms by their names."""
    section, validator = model.diagnosis, Validator(model, "diagnosis")
    if model.is_open("diagnosis"):
        return
    yield from validator.owner(section)
    for name in section.answers:
        yield from validator.known(("answers", name), "diagnostic_question", name, DIAGNOSTIC)
    for name in section.symptoms:
        yield from validator.known(("symptoms", name), "symptom", name, SYMPTOMS)
