"""Names in 00 diagnosis, 01 questions and 02 grain."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.crosscheck.desk import Desk
from workbook.model.model import Model

DIAGNOSTIC = (
    "what_one_row_is", "trace_crm_to_support", "which_system_wins", "history_kept", "same_active_count",
    "duplicates_explained", "levels_separated", "workflows_governed", "definitions_findable", "sensitive_known",
)  # fmt: skip
SYMPTOMS = (
    "customer_counts_differ", "active_means_two_things", "revenue_double_counted", "crm_and_product_disagree",
    "history_overwritten", "ai_wrong_account",
)  # fmt: skip


def diagnosis(model: Model) -> Iterator[Problem]:
    """The ten questions and the six symptoms by their names."""
    part, desk = model.diagnosis, Desk(model, "diagnosis")
    if part is None:
        return
    yield from desk.owner(part)
    for name in part.answers:
        yield from desk.known(("answers", name), "diagnostic question", name, DIAGNOSTIC)
    for name in part.symptoms:
        yield from desk.known(("symptoms", name), "symptom", name, SYMPTOMS)


def questions(model: Model) -> Iterator[Problem]:
    """Who asks, which metric answers, by what it is split."""
    part, desk = model.questions, Desk(model, "questions")
    if part is None:
        return
    yield from desk.owner(part)
    for name, question in part.questions.items():
        place = ("questions", name)
        yield from desk.owner(question, *place)
        yield from desk.functions((*place, "asked_by"), question.asked_by)
        for metric in question.answered_by:
            yield from desk.metric((*place, "answered_by"), metric)
        for dimension in question.by:
            yield from desk.dotted((*place, "by"), dimension)


def grain(model: Model) -> Iterator[Problem]:
    """The primary grain is an entity, what would be a key is an identifier or a relationship."""
    part, desk = model.grain, Desk(model, "grain")
    if part is None:
        return
    yield from desk.owner(part)
    if part.primary:
        yield from desk.entity(("primary",), part.primary)
        if not part.sentence:
            what = f"'{part.primary}' is the grain, but no sentence says what one row is."
            yield desk.problem(("primary",), what, "Add `sentence: One row is one …`.")
    for name, candidate in part.considered.items():
        if candidate.by and model.sources:
            keys = {*model.identifier_places, *(model.entities.relationships if model.entities else ())}
            yield from desk.known(("considered", name, "by"), "key", candidate.by, keys, "03_sources.yml and 04_entities.yml")
    for metric in part.headline:
        yield from desk.metric(("headline",), metric)
    yield from desk.functions(("customer_means",), part.customer_means)
