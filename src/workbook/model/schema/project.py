"""workbook.yml: the project, its clock, who may sign, where things lie."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.base import Part


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
    region: str = Field(
        "",
        description="The country by whose rules phone numbers without a country code are read, where a field names none. "
        "Without it such numbers are not compared.",
        examples=["GB"],
    )
    functions: Mapping[str, str] = Field(default_factory=dict)
