"""00_diagnosis.yml: the team's own answers to the ten questions, and the symptoms that it suffers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.base import Decided, Short


class Answer(Short):
    bare = "answer"

    answer: Literal["yes", "partly", "no"]
    because: str = ""


class Diagnosis(Decided):
    answers: Mapping[str, Answer] = Field(default_factory=dict)
    symptoms: Mapping[str, str] = Field(default_factory=dict)
