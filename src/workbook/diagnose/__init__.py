"""Diagnosis: what the data and the decisions say to ten questions, six symptoms, seven failure
modes and five decisions.
"""

from __future__ import annotations

from workbook.diagnose.diagnosis_inputs import (
    DiagnosisInputs,
    Disagreement,
    Duplicates,
    Reached,
    ShownFields,
    Workflows,
)
from workbook.diagnose.failure_modes import MODES, Mode, modes
from workbook.diagnose.five_decisions import DECISIONS, DecisionMade, decisions_made
from workbook.diagnose.source_symptoms import Landed
from workbook.diagnose.symptoms import (
    DECIDED_IN,
    DETECTORS,
    SYMPTOMS,
    TOLD_BY,
    Detected,
    Symptom,
    detected,
    symptom_of,
    symptoms,
)
from workbook.diagnose.ten_questions import QUESTIONS, UNTOLD, Answered, answers

__all__ = [
    "DECIDED_IN",
    "DECISIONS",
    "DETECTORS",
    "MODES",
    "QUESTIONS",
    "SYMPTOMS",
    "TOLD_BY",
    "UNTOLD",
    "Answered",
    "DecisionMade",
    "Detected",
    "DiagnosisInputs",
    "Disagreement",
    "Duplicates",
    "Landed",
    "Mode",
    "Reached",
    "ShownFields",
    "Symptom",
    "Workflows",
    "answers",
    "decisions_made",
    "detected",
    "modes",
    "symptom_of",
    "symptoms",
]
