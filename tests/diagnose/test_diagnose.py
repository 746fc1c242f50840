"""Ten answers, six symptoms and seven failure modes: each turns when what it depends on turns."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from builders import a_project

from workbook import diagnose
from workbook.catalog import entries
from workbook.diagnose import DiagnosisInputs
from workbook.finding import Finding
from workbook.model import Model, load_model
from workbook.model.contested_attributes import shared_attributes, shared_identifiers
from workbook.model.validate.diagnosis import DIAGNOSTIC
from workbook.model.validate.diagnosis import SYMPTOMS as NAMED
from workbook.words import words_of
from workbook.words.wording import humanize

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(ROOT)


@pytest.fixture(scope="module")
def blank() -> Model:
    return load_model(ROOT / "templates" / "blank")


def answers(evidence: DiagnosisInputs) -> dict[str, str]:
    return {found.name: found.answer for found in diagnose.answers(evidence)}


def test_names_are_those_that_the_yaml_knows() -> None:
    assert tuple(diagnose.QUESTIONS) == DIAGNOSTIC
    assert tuple(diagnose.DETECTORS) == NAMED
    assert len(diagnose.SYMPTOMS) == 6 and len(diagnose.MODES) == 7
    told = [detector for detectors, _ in diagnose.SYMPTOMS.values() for detector in detectors]
    assert sorted(told) == sorted(NAMED)  # each detector belongs to one symptom


def test_the_lists_of_the_method_are_quoted_in_their_own_words() -> None:
    words = words_of("method").tree
    assert list(words["questions"]) == list(diagnose.QUESTIONS)
    assert list(words["symptoms"]) == list(diagnose.SYMPTOMS)
    assert list(words["modes"]) == list(diagnose.MODES)
    assert list(words["decisions"]) == list(diagnose.DECISIONS)
    assert [mode["name"] for mode in words["modes"].values()] == [
        "One word, many meanings",
        "Duplicate customer records",
        "Overwritten history",
        "Metric logic buried in dashboards",
        "Unmodeled relationships",
        "Untrusted source priority",
        "AI context without governance",
    ]
    assert [symptom["symptom"] for symptom in words["symptoms"].values()] == [
        "Dashboards show different customer counts",
        "Revenue is double counted",
        "Customer history is missing",
        "AI summaries mention the wrong account",
        "Lifecycle automation targets the wrong people",
        "Teams distrust Customer 360",
    ]


def test_where_nothing_is_declared_nothing_is_answered_but_what_is_missing(blank: Model) -> None:
    """A question about data that nobody declared has no answer: neither yes nor no."""
    found = answers(DiagnosisInputs(blank))
    assert {name for name, answer in found.items() if answer != diagnose.UNTOLD} == {
        "what_one_row_is",
        "workflows_governed",
    }
    assert {found["what_one_row_is"], found["workflows_governed"]} == {"no"}
    assert [mode.name for mode in diagnose.modes(DiagnosisInputs(blank)) if mode.open] == [
        "duplicates",
        "source_priority",
        "ai_context",
    ]
    assert [mode.name for mode in diagnose.modes(DiagnosisInputs(blank)) if mode.shown] == [
        "one_word",
        "history",
        "metric_logic",
        "relationships",
    ]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("grain.key_not_unique", "what_one_row_is"),
        ("sources.trace_breaks", "trace_crm_to_support"),
        ("history.overwritten", "history_kept"),
        ("identity.refused_links", "duplicates_explained"),
        ("entities.cardinality_broken", "levels_separated"),
        ("sources.guessed", "sensitive_known"),
    ],
)
def test_a_finding_turns_a_yes_into_partly_and_is_its_reason(
    model: Model, code: str, name: str
) -> None:
    assert answers(DiagnosisInputs(model))[name] == "yes"
    (found,) = [
        each
        for each in diagnose.answers(
            DiagnosisInputs(model, (Finding(code, "look", "This is why.", "00"),))
        )
        if each.name == name
    ]
    assert (found.answer, found.because) == ("partly", "This is why.")


def test_two_values_of_one_word_are_a_no_and_a_symptom(model: Model) -> None:
    part = model.metrics
    name, other = next((n, m.competes_with) for n, m in part.metrics.items() if m.competes_with)
    apart, alike = (
        DiagnosisInputs(model, values={name: 3, other: 4}),
        DiagnosisInputs(model, values={name: 4, other: 4}),
    )
    assert (answers(apart)["same_active_count"], answers(alike)["same_active_count"]) == (
        "no",
        "yes",
    )
    assert diagnose.detected(apart)[0].shown and diagnose.symptoms(apart)[0].shown


def test_a_symptom_is_clear_only_where_every_detector_says_so() -> None:
    def shown(*found: bool | None) -> bool | None:
        detected = tuple(diagnose.Detected("", each, "") for each in found)
        return diagnose.Symptom("", detected, ()).shown

    assert [shown(True, None), shown(False, None), shown(False, False)] == [True, None, False]
    assert shown() is None


def test_what_another_page_found_shows_a_failure_mode_and_is_no_second_finding(
    model: Model,
) -> None:
    def mode(name: str, *findings: Finding) -> diagnose.Mode:
        return next(
            each for each in diagnose.modes(DiagnosisInputs(model, findings)) if each.name == name
        )

    differ = Finding("grain.functions_differ", "look", "", "02", 5)
    assert not mode("one_word").shown
    assert "5" in mode("one_word", differ).shown and mode("one_word", differ).told
    competing = Finding("metrics.competing", "look", "", "07", 1)
    assert not mode("metric_logic").shown
    assert mode("metric_logic", competing).shown and mode("metric_logic", competing).told
    lost = Finding("history.overwritten", "look", "", "06", 7)
    assert "7" in mode("history", lost).shown and mode("history", lost).told
    broken = Finding("entities.cardinality_broken", "look", "", "04")
    assert not mode("relationships").shown
    several = mode("relationships", broken, broken)
    assert "2" in several.shown and several.told


def test_symptoms_say_when_they_cannot_tell(blank: Model) -> None:
    shown = {found.name: found.shown for found in diagnose.detected(DiagnosisInputs(blank))}
    assert shown["ai_wrong_account"] is None and shown["history_overwritten"] is None
    counted = DiagnosisInputs(
        blank, shared_names=2, contested=(diagnose.Disagreement("a b", "a", "crm and shop", 10, 3),)
    )
    shown = {found.name: found.shown for found in diagnose.detected(counted)}
    assert shown["crm_and_product_disagree"] and shown["ai_wrong_account"]


def test_a_number_that_counts_a_rule_says_what_the_rule_means(model: Model) -> None:
    part = model.metrics
    borrowed = [name for name, metric in part.metrics.items() if not metric.means]
    assert borrowed and answers(DiagnosisInputs(model))["definitions_findable"] == "yes"
    rule = part.metrics[borrowed[0]].filter  # type: ignore[union-attr]
    silent = model.with_change(f"metrics.rules.{rule}.means", "")
    (found,) = [
        each
        for each in diagnose.answers(DiagnosisInputs(silent))
        if each.name == "definitions_findable"
    ]
    assert found.answer == "partly" and "1 are" not in found.because and "_" not in found.because


def test_a_metric_is_called_by_its_label_and_short_forms_by_their_capitals(model: Model) -> None:
    silent = model.with_change("metrics.metrics.mrr.means", "")
    says = [
        {each.name: each.because for each in diagnose.answers(DiagnosisInputs(held))}[
            "definitions_findable"
        ]
        for held in (silent, silent.with_change("metrics.metrics.mrr.label", "Monthly revenue"))
    ]
    assert [text.rpartition(" is ")[2] for text in says] == ["MRR.", "Monthly revenue."]


def test_one_of_a_thing_is_said_in_the_singular(tmp_path: Path) -> None:
    sources = """
systems: {shop: {label: Shop}}
sources: {shop.people: {file: people.csv, primary_key: id, row_is: one person,
  fields: {id: id, mail: email}}}
"""
    a_project(tmp_path, settings={"name": "one"}, sources=sources)
    (found,) = [
        each
        for each in diagnose.answers(DiagnosisInputs(load_model(tmp_path)))
        if each.name == "sensitive_known"
    ]
    assert re.findall(r"\d+", found.because) == ["1", "2"]
    assert "2 fields" in found.because and " is personal" in found.because


def test_definitions_of_which_somebody_chose_one_do_not_compete() -> None:
    model = load_model(ROOT / "templates" / "b2b_saas")
    rivals = [
        (name, metric.competes_with)
        for name, metric in model.metrics.metrics.items()
        if metric.competes_with
    ]
    (one, other), *_ = rivals
    values = {one: 1, other: 2}
    assert [(one, 1, other, 2)] == list(DiagnosisInputs(model, values=values).competing())
    assert [] == list(DiagnosisInputs(model, values=values, settled=frozenset(values)).competing())


def test_duplicates_are_counted_with_what_was_done_with_them(model: Model) -> None:
    def found(*counts: int) -> diagnose.Answered:
        told = DiagnosisInputs(model, duplicates=(diagnose.Duplicates("account", *counts),))
        return next(each for each in diagnose.answers(told) if each.name == "duplicates_explained")

    assert found(10, 7, 0, 0).answer == "yes"
    assert {found(10, 7, 2, 0).answer, found(10, 7, 0, 4).answer} == {"partly"}
    because = found(10, 7, 2, 4).because
    assert all(
        part in because
        for part in ("3 duplicates", "10 account", "7 accounts", "2 merges", "4 pairs")
    )


def test_revenue_is_counted_twice_where_an_amount_is(model: Model) -> None:
    def shown(**told: object) -> bool | None:
        every = diagnose.detected(DiagnosisInputs(model, **told))  # type: ignore[arg-type]
        return next(each.shown for each in every if each.name == "revenue_double_counted")

    people = Finding("entities.cardinality_broken", "look", "86 rows of contacts.", "04")
    assert shown(findings=(people,)) is False
    assert shown(counted_once=("The sheet",)) is False
    assert shown(double_counted=("The sheet counts 10 EUR more than once.",)) is True


def test_fields_that_several_sources_hold_are_compared_or_named_as_what_connects_records(
    model: Model,
) -> None:
    several = {
        (each.entity, each.attribute)
        for each in entries(model)
        if len(set(each.sources)) > 1 and model.has_identity(each.entity)
    }
    compared, connecting = set(shared_attributes(model)), set(shared_identifiers(model))
    assert compared | connecting == several and not compared & connecting
    (found,) = [
        each
        for each in diagnose.answers(DiagnosisInputs(model))
        if each.name == "which_system_wins"
    ]
    assert {int(count) for count in re.findall(r"\d+", found.because)} >= {
        len(compared),
        len(connecting),
    }


def test_every_rule_that_competes_for_a_name_is_counted(model: Model) -> None:
    (found,) = [
        each
        for each in diagnose.detected(DiagnosisInputs(model))
        if each.name == "active_means_two_things"
    ]
    rivals = [
        name
        for name, rule in model.metrics.rules.items()
        if rule.competes_with == "active_customer"
    ]  # type: ignore[union-attr]
    assert len(rivals) == 2 and all(
        humanize(name) in found.because[:1].lower() + found.because[1:] for name in rivals
    )


def test_a_limit_of_age_is_no_reason_why_the_newest_value_wins(model: Model) -> None:
    (mode,) = [each for each in diagnose.modes(DiagnosisInputs(model)) if each.page == "05"]
    assert "user display name" in mode.shown and "user phone" in mode.shown
    settled = model.with_change(
        "survivorship.fields.user.phone.because", "nobody keeps an old number"
    ).with_change("survivorship.fields.user.display_name.because", "people rename themselves")
    assert not [
        each
        for each in diagnose.modes(DiagnosisInputs(settled))
        if each.page == "05" and each.shown
    ]


def test_duplicates_are_not_ruled_out_while_suggested_matches_await_review(model: Model) -> None:
    def mode(*findings: Finding) -> diagnose.Mode:
        every = diagnose.modes(DiagnosisInputs(model, findings))
        return next(each for each in every if each.name == "duplicates")

    waiting = [Finding("identity.suggestions_wait", "note", "", "04b", n) for n in (3, 4)]
    assert not mode().shown
    assert "7" in mode(*waiting).shown and mode(*waiting).told


def test_workflows_are_governed_where_it_is_measured_and_not_by_declaration(model: Model) -> None:
    def answered(told: diagnose.Workflows | None) -> diagnose.Answered:
        every = diagnose.answers(DiagnosisInputs(model, workflows=told))
        return next(each for each in every if each.name == "workflows_governed")

    assert answered(None).answer == diagnose.UNTOLD
    sound = diagnose.Workflows(
        uses=3,
        built=3,
        held=3,
        on_consent=2,
        asked=2,
        fields=30,
        personal=9,
        permitted=30,
        excluded="Missing permission excludes 8 tickets.",
    )
    assert answered(sound).answer == "partly"  # what reads the sources directly is not measured
    assert {"3", "2", "30", "9", "8"} <= set(re.findall(r"\d+", answered(sound).because))
    for fewer in (
        {"built": 2},
        {"held": 2},
        {"asked": 1},
        {"permitted": 29},
        {"raw": ("the board sheet",)},
        {"idle_roles": ("guest",)},
    ):
        assert answered(replace(sound, **fewer)).answer == "partly"


def test_ai_context_that_nothing_speaks_against_is_not_ruled_sound(model: Model) -> None:
    """Views may be governed while a workflow reads the sources past them: that is not measured."""
    found = {mode.name: mode for mode in diagnose.modes(DiagnosisInputs(model))}
    assert not found["ai_context"].shown and found["ai_context"].unmeasured
    assert not any(mode.unmeasured for name, mode in found.items() if name != "ai_context")
