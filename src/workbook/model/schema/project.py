"""workbook.yml: the project, its as-of date, its departments, and where its files are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from workbook.model.format_versions import FORMAT
from workbook.model.schema.yaml_part import Part


def _variable(value: Any) -> Any:
    """The name of an environment variable; an address in its place is refused without being
    repeated.
    """
    if not re.fullmatch(r"[A-Za-z_]\w*", str(value)):
        raise PydanticCustomError("variable_name", "the name of an environment variable")
    return value


VariableName = Annotated[str, BeforeValidator(_variable), WithJsonSchema({"type": "string"})]


class Project(Part):
    """The project itself: its name, its as-of date, its departments, and where its files are."""

    workbook: int = Field(
        FORMAT,
        ge=FORMAT,
        le=FORMAT,
        description=(
            "The version of this format. A project of an earlier one is brought to it by "
            "`workbook upgrade`."
        ),
        examples=[FORMAT],
    )
    name: str = Field(
        description="The name of the project, as the cover of the dossier shows it.",
        examples=["Acme Cloud"],
    )
    shape: str = Field(
        "blank",
        description=(
            "The template that the project was made from (`workbook new --shape`). It is "
            "written to results.json and changes nothing else."
        ),
        examples=["b2b_saas"],
    )
    as_of: dt.date | Literal["latest"] = Field(
        "latest",
        description=(
            "The date that every page is about: the end of this day, YYYY-MM-DD. `latest` "
            "is the newest date in the data, never today's date. `--as-of` overrides it."
        ),
        examples=["2025-06-30"],
    )
    timezone: str = Field(
        "UTC",
        description=(
            "The business's time zone, by its IANA name: whose days, months and 'last 30 "
            "days' these are, and at whose midnight the as-of day ends. Default UTC."
        ),
        examples=["America/Chicago"],
    )
    fiscal_year_starts: int = Field(
        1,
        ge=1,
        le=12,
        description=(
            "The month in which the fiscal year begins, 1 to 12, for grains fiscal_quarter and"
            " fiscal_year, for movements and for periods such as `Q1 FY 2024/25`. `quarter` and"
            " `year` stay those of the calendar. Default 1 (January)."
        ),
        examples=[4],
    )
    week_starts: Literal["monday", "sunday"] = Field(
        "monday",
        description=(
            "The first day of a week, for numbers by week. Default monday. An expression that cuts "
            "time into weeks from Monday is refused where this says sunday."
        ),
        examples=["sunday"],
    )
    locale: str = Field(
        "en",
        description=(
            "The language and country by whose rules numbers and dates are written on pages: "
            "a language, or a language and a country. Default `en`: 1,204.50 and 4 Sep 2026. "
            "Texts are English where the workbook has no others."
        ),
        examples=["de_CH"],
    )
    region: str = Field(
        "",
        description=(
            "The country by whose rules phone numbers without a country code are read, "
            "where their field names none. Without it such numbers match and link nothing."
        ),
        examples=["GB"],
    )
    data: str = Field(
        "data",
        description=(
            "The folder of the source files, from the project's folder. `${NAME}` stands "
            "for an environment variable. `--data` overrides it."
        ),
        examples=["data", "${CRM_EXPORTS}"],
    )
    model: str = Field(
        "model",
        description="The folder of the YAML files 00 to 12, from the project's folder.",
        examples=["model"],
    )
    decisions: str = Field(
        "decisions",
        description=(
            "The folder of the CSV files that hold reviewed matches, exceptions and "
            "sign-offs, from the project's folder."
        ),
        examples=["decisions"],
    )
    notebooks: str = Field(
        "notebooks",
        description=(
            "The folder of the project's own notebooks, from the project's folder. Where "
            "it holds none, those of the package are run."
        ),
        examples=["notebooks"],
    )
    runs: str = Field(
        "runs",
        description="The folder into which `workbook run` publishes, from the project's folder.",
        examples=["runs"],
    )
    token_key: str = Field(
        "",
        description=(
            "The name of the environment variable that holds the secret for tokens, never the"
            " secret itself. With it a personal value has the same token in every table and run;"
            " without it tokens are numbered within a table."
        ),
        examples=["WORKBOOK_TOKEN_KEY"],
    )
    connections: Mapping[str, VariableName] = Field(
        default_factory=dict,
        description=(
            "Databases that sources are read from: a name, and the NAME of the environment "
            "variable that holds the address (postgresql://user@host/name, sqlite:///path). The "
            "address itself is a secret and is never written here."
        ),
        examples=[{"warehouse": "WAREHOUSE_URL"}],
    )
    departments: Mapping[str, str] = Field(
        default_factory=dict,
        description=(
            "The departments that decide and confirm, and who speaks for each. Every "
            "`owner:`, `asked_by:` and department elsewhere must be one of them, once any is named."
        ),
        examples=[{"finance": "head of finance", "sales": "head of sales"}],
    )
