"""Diagnosis: what the data and the decisions say to ten questions, six symptoms and seven
failure modes.
"""

from __future__ import annotations

from workbook.diagnose.answers import QUESTIONS, UNTOLD, Answered, answers
from workbook.diagnose.inputs import Disagreement, Duplicates, Evidence, Workflows
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
    "DETECTORS",
    "MODES",
    "QUESTIONS",
    "SYMPTOMS",
    "TOLD_BY",
    "UNTOLD",
    "Answered",
    "Detected",
    "Disagreement",
    "Duplicates",
    "Evidence",
    "Landed",
    "Mode",
    "Symptom",
    "Workflows",
    "answers",
    "detected",
    "modes",
    "symptom_of",
    "symptoms",
]
