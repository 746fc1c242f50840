"""The project, and why it exists: diagnosis, questions, grain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.parts.base import Decided, Names, Part, Short


class Project(Part):
    """The project itself: its name, its clock, who may sign, and where things lie."""

    workbook: int = Field(1, ge=1, le=1)
    name: str
    shape: str = "blank"
    as_of: dt.date | Literal["latest"] = "latest"
    data: str = "data"
    model: str = "model"
    decisions: str = "decisions"
    notebooks: str = "notebooks"
    runs: str = "runs"
    token_key: str = ""  # the NAME of the environment variable that holds the key of tokens
    functions: Mapping[str, str] = Field(default_factory=dict)


class Answer(Short):
    bare = "answer"

    answer: Literal["yes", "partly", "no"]
    because: str = ""


class Diagnosis(Decided):
    answers: Mapping[str, Answer] = Field(default_factory=dict)
    symptoms: Mapping[str, str] = Field(default_factory=dict)


class Question(Decided):
    ask: str
    asked_by: Names = ()
    decides: str = ""
    answered_by: Names = ()
    by: Names = ()


class Questions(Decided):
    questions: Mapping[str, Question] = Field(default_factory=dict)


class GrainCandidate(Short):
    """A grain that was considered: the entity (its name), or what would be its key (`by`)."""

    bare = "because"

    by: str = ""
    because: str = ""


class Grain(Decided):
    primary: str = ""
    sentence: str = ""
    considered: Mapping[str, GrainCandidate] = Field(default_factory=dict)
    headline: Names = ()
    customer_means: Mapping[str, str] = Field(default_factory=dict)  # what each function calls "customer"
