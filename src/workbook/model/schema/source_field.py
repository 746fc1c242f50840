"""One field of a source in 03_sources.yml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.decimals import LIMITS
from workbook.model.schema.systems import (
    PIVOT,
    THOUSANDS,
    Thousands,
)
from workbook.model.schema.yaml_part import Names, Short


class SourceField(Short):
    """One column of a source: its type, and what differs from what the type brings."""

    bare = "type"

    type: str = Field(
        "text",
        description=(
            "How the cells are read: a built-in type (see docs/types.md) or one under "
            "`types`. A cell that does not fit is counted as a bad cell and is empty. A field that "
            "needs nothing else may be written as its type alone: `email: email`."
        ),
        examples=["timestamp"],
    )
    column: str = Field(
        "",
        description=(
            "The header of the column in the file, where it differs from the name of the "
            "field. `Email#2` is the second column of that header, `#4` the fourth column."
        ),
        examples=["Company name", "Email#2", "#4"],
    )
    path: str = Field(
        "",
        description=(
            "Where the value is inside a record of JSON, or inside the JSON text that the "
            "column holds. `[0]` is the first of a list, `[key=page]` the first of its objects "
            "whose `key` is `page`, as in `event_params` of Google Analytics."
        ),
        examples=[
            "address.city",
            "emails[0].value",
            "event_params[key=page_location].value.string_value",
        ],
    )
    format: Names = Field(
        (),
        description=(
            "How the days or times of this field are written, where it is not as the "
            "dialect says: one format or several, tried in order."
        ),
        examples=["UNIX", ["ISO", "MM/DD/YYYY"]],
    )
    pivot: int | None = Field(None, ge=0, le=99, description=PIVOT, examples=[25])
    decimal_mark: Literal["", "point", "comma"] = Field(
        "",
        description="The decimal mark of this field, where it is not that of the dialect.",
        examples=["comma"],
    )
    thousands: Thousands = Field("", description=THOUSANDS, examples=["comma"])
    decimals: int | None = Field(
        None,
        ge=LIMITS[0],
        le=LIMITS[1],
        description=(
            "How many digits after the mark are kept; a text with more of them is a bad cell."
            " Default: for money those of its currency, at least 2; for a decimal 6, for the"
            " exchange rates of 07_metrics.yml 18. Where it is written, a decimal of 15 digits or"
            " more is rounded to it, as a float needs."
        ),
        examples=[4],
    )
    split: str = Field(
        "",
        description=(
            "What separates the values of a list in one cell, or `json` for a JSON array. Each"
            " value becomes a row of the table `<source>__<field>`. A relationship by this field"
            " links each value, and a rule of 04b_identity.yml that matches on it joins records"
            " that share one of them. As an attribute of an entity a list survives whole, as its"
            " cell is written: which of several lists is right is not decided value by value."
        ),
        examples=[";", "json"],
    )
    cls: str = Field(
        "",
        alias="class",
        description=(
            "The privacy class of this field: `public`, `internal`, `personal` or "
            "`sensitive`. Default: that of its type."
        ),
        examples=["personal"],
    )
    guess: Names = Field(
        (),
        description=(
            "Which of the other words `add-source` guessed. Pages count what is still a "
            "guess; remove the word when somebody has confirmed it."
        ),
        examples=[["type", "class"]],
    )
    category: str = Field(
        "",
        description=(
            "The category of personal data, in the words of your privacy register. "
            "Default: that of the type."
        ),
        examples=["user.contact.email"],
    )
    unit: Literal["", "cents"] = Field(
        "",
        description=(
            "`cents` where a money field holds the smallest unit of its currency: 1250 is "
            "12.50 EUR, 1250 JPY and 1.250 KWD. Default: amounts are written in whole units."
        ),
        examples=["cents"],
    )
    currency: str = Field(
        "",
        description=(
            "The currency of a money field: an ISO code in capitals, or the field of the "
            "same source that holds the code of each row."
        ),
        examples=["EUR", "currency"],
    )
    values: Names = Field(
        (),
        description=(
            "The only values that are allowed, as they are after `recode`. Any other "
            "counts as a bad cell and is empty. Default: those of the type."
        ),
        examples=[["open", "paid", "void"]],
    )
    recode: Mapping[str, str] = Field(
        default_factory=dict,
        description=(
            "Spellings to replace before anything else reads the cell, old to new, "
            "compared exactly. A replacement by an empty text leaves the cell empty."
        ),
        examples=[{"cancelled": "churned", "delinquent": "past_due"}],
    )
    region: str = Field(
        "",
        description=(
            "The country by whose rules phone numbers of this field without a country code "
            "are read: a code of two capital letters, or a field of the same source that holds the "
            "country of each row. Default: the project's `region`."
        ),
        examples=["GB", "country"],
    )
    because: str = Field(
        "",
        description="The reason for what is written here, in one sentence. It changes no number.",
        examples=["a credit note is a row of its own with a negative amount"],
    )
