"""01_questions.yml: the business questions that the model must answer."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.base import Decided, Names


class Question(Decided):
    ask: str
    asked_by: Names = ()
    decides: str = ""
    answered_by: Names = ()
    by: Names = ()


class Questions(Decided):
    questions: Mapping[str, Question] = Field(default_factory=dict)
