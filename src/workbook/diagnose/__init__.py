"""Diagnosis: what the data and the decisions say to ten questions, six symptoms and seven failure modes."""

from __future__ import annotations

from workbook.diagnose.answers import QUESTIONS, UNTOLD, Answered, answers
from workbook.diagnose.evidence import Evidence
from workbook.diagnose.modes import MODES, Mode, modes
from workbook.diagnose.symptoms import SYMPTOMS, Symptom, symptoms

__all__ = ["MODES", "QUESTIONS", "SYMPTOMS", "UNTOLD", "Answered", "Evidence", "Mode", "Symptom", "answers", "modes", "symptoms"]
