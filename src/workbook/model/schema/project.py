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
    timezone: str = Field(
        "UTC",
        description="The business's time zone, by its IANA name: whose days, months and 'last 30 days' these are, and at whose midnight the as-of day ends. Default UTC.",
        examples=["America/Chicago"],
    )
    fiscal_year_starts: int = Field(
        1, ge=1, le=12, description="The month in which the fiscal year begins, 1 to 12, for grains fiscal_quarter and fiscal_year. Default 1 (January).", examples=[4]
    )
    week_starts: Literal["monday", "sunday"] = Field("monday", description="The first day of a week, for numbers by week. Default monday.")
    token_key: str = ""  # the NAME of the environment variable that holds the key of tokens
    functions: Mapping[str, str] = Field(default_factory=dict)
