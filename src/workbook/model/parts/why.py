"""The project, and why it exists: diagnosis, questions, grain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from workbook.model.parts.base import Decided, Names, Part


class Project(Part):
    """The project itself: its name, its clock, who may sign, and where things lie."""

    workbook: int = Field(1, ge=1, le=1)
    name: str
    shape: str = "blank"
    as_of: dt.date | Literal["latest"] = "latest"
    time_zone: str = "UTC"
    data: str = "data"
    model: str = "model"
    decisions: str = "decisions"
    notebooks: str = "notebooks"
    runs: str = "runs"
    token_key: str = ""  # the NAME of the environment variable that holds the key of tokens
    functions: Mapping[str, str] = Field(default_factory=dict)


class Answer(Part):
    answer: Literal["yes", "partly", "no"]
    because: str = ""


def _as_answer(value: Any) -> Any:
    return {"answer": value} if isinstance(value, str) else value


class Diagnosis(Decided):
    answers: Mapping[str, Annotated[Answer, BeforeValidator(_as_answer)]] = Field(default_factory=dict)
    symptoms: Mapping[str, str] = Field(default_factory=dict)


class Question(Decided):
    ask: str
    asked_by: Names = ()
    decides: str = ""
    answered_by: Names = ()
    by: Names = ()


class Questions(Decided):
    questions: Mapping[str, Question] = Field(default_factory=dict)


class GrainCandidate(Part):
    """A grain that was considered: the entity (its name), or what would be its key (`by`)."""

    by: str = ""
    because: str = ""


def _as_candidate(value: Any) -> Any:
    return {"because": value} if isinstance(value, str) else value


class Grain(Decided):
    primary: str = ""
    sentence: str = ""
    considered: Mapping[str, Annotated[GrainCandidate, BeforeValidator(_as_candidate)]] = Field(default_factory=dict)
    headline: Names = ()
    customer_means: Mapping[str, str] = Field(default_factory=dict)  # what each function calls "customer"
