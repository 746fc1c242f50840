"""Diagnosis: what the data and the decisions say to ten questions, six symptoms, seven failure
modes and five decisions.
"""

from __future__ import annotations

from workbook.diagnose.answers import QUESTIONS, UNTOLD, Answered, answers
from workbook.diagnose.decisions import DECISIONS, DecisionMade, decisions_made
from workbook.diagnose.inputs import (
    Disagreement,
    Duplicates,
    Evidence,
    Reached,
    ShownFields,
    Workflows,
)
from workbook.diagnose.landed import Landed
from workbook.diagnose.modes import MODES, Mode, modes
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
    "Disagreement",
    "Duplicates",
    "Evidence",
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
