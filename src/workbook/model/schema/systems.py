"""03_sources.yml: systems, how fresh their data must be, how their files are written, and types."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workbook.model.schema.yaml_part import Names, Part

Thousands = Literal["", "none", "comma", "point", "space", "apostrophe"]
THOUSANDS = (
    "What sets thousands apart: `none`, `comma`, `point`, `space` or `apostrophe`. Default: money"
    " is read with any of them that is not the decimal mark, in groups of three; whole numbers and"
    " decimals only with the one that is written here."
)
PIVOT = (
    "With two digits of a year (YY): years above it are 19xx, the others 20xx. Default 69: 70 is"
    " 1970 and 69 is 2069. Dates of birth need another, such as 25."
)


class Freshness(Part):
    """How old the latest record of a system may be at the end of the as-of day."""

    warn_after: str = Field(
        "",
        description=(
            "The age above which a warning is given: a length of time, such as `6 hours` "
            "or `3 days`. Default: no limit."
        ),
        examples=["6 hours"],
    )
    error_after: str = Field(
        "",
        description=(
            "The age above which the freshness check fails, written like `warn_after`. "
            "Default: no limit."
        ),
        examples=["3 days"],
    )
    because: str = Field(
        "",
        description="Why this limit was chosen. It is shown and changes no number.",
        examples=["the rates are published on working days"],
    )


class System(Part):
    """A system that hands out data. Its name is the first word of the names of its sources."""

    label: str = Field("", description="What people call the system.", examples=["HubSpot"])
    owner: str = Field(
        "",
        description=(
            "The department that answers for the system's sources, where a source names "
            "none itself."
        ),
        examples=["sales"],
    )
    dialect: str = Field(
        "default",
        description=(
            "How the system's text files are written: a name under `dialects`. A source "
            "may name another."
        ),
        examples=["european"],
    )
    timezone: str = Field(
        "",
        description=(
            "The time zone of times that the system's files write without a zone, by its "
            "IANA name. Default UTC. A time with Z or an offset is an instant anyway."
        ),
        examples=["Europe/Berlin"],
    )
    freshness: Freshness | None = Field(
        None,
        description=(
            "The age limits of this system, in place of those at the top of the file. "
            "A system is as fresh as the freshest of its sources."
        ),
        examples=[{"warn_after": "6 hours", "error_after": "1 day"}],
    )


class Dialect(Part):
    """How a text file is written. One called `default` is for every source that names no other."""

    delimiter: Literal["comma", "semicolon", "tab", "pipe"] = Field(
        "comma", description="What separates two cells of a line.", examples=["semicolon"]
    )
    encoding: Literal["utf-8", "windows-1252", "latin-1", "utf-16"] = Field(
        "utf-8",
        description=(
            "The character encoding of the file. Excel on Windows often saves `windows-1252`."
        ),
        examples=["windows-1252"],
    )
    quote: str = Field(
        '"',
        description=(
            "The character around cells that hold a delimiter or a line break. Written "
            "twice inside a cell it stands for itself."
        ),
        examples=["'"],
    )
    dates: Names = Field(
        ("ISO",),
        description=(
            "How days are written: one format or several, tried in order. `ISO` is 2025-06-30,"
            " `UNIX` seconds since 1970, `UNIX_MS` milliseconds, `UNIX_US` microseconds, `UNIX_NS`"
            " nanoseconds, `EXCEL` days since 1900; else a format of YYYY, YY, MM, MON (Jan), MONTH"
            " and DD. A cell that fits none is counted as a bad cell and is empty."
        ),
        examples=["DD/MM/YYYY", "MON D, YYYY", ["ISO", "MM/DD/YYYY"]],
    )
    timestamps: Names = Field(
        ("ISO",),
        description=(
            "How times are written: one format or several, tried in order. `ISO` is"
            " 2025-06-30T14:05:00 with or without a zone (times with a zone become UTC); else"
            " `UNIX`, `UNIX_MS`, `UNIX_US`, `UNIX_NS`, `EXCEL`, or a format of the tokens of"
            " `dates`, HH (0 to 23) or HH12 with AM, MI and SS with any fraction. A day alone,"
            " written as `dates` says, is that day's start."
        ),
        examples=["DD/MM/YYYY HH:MI", "MM/DD/YYYY, HH12:MI AM", ["ISO", "UNIX"]],
    )
    pivot: int = Field(69, ge=0, le=99, description=PIVOT, examples=[25])
    decimal_mark: Literal["point", "comma"] = Field(
        "point",
        description="What separates the whole part of a number from its fraction.",
        examples=["comma"],
    )
    thousands: Thousands = Field("", description=THOUSANDS, examples=["comma"])
    missing: Names = Field(
        ("",),
        description=(
            "Cells that mean that there is no value, compared exactly after blanks around "
            "them are removed. An empty cell always has none."
        ),
        examples=[["NULL", "n/a", "-"]],
    )


class FieldType(Part):
    """A type of the team's own: a built-in type with what differs from it, said once."""

    is_: str = Field(
        "text",
        alias="is",
        description="The built-in type that it is made from (see docs/types.md).",
        examples=["text"],
    )
    normalise: str = Field(
        "",
        description=(
            "How two values are compared, everywhere: one of the methods of docs/types.md. "
            "Default: that of the built-in type."
        ),
        examples=["letters_and_digits"],
    )
    cls: str = Field(
        "",
        alias="class",
        description=(
            "The privacy class: `public`, `internal`, `personal` or `sensitive`. Personal "
            "and sensitive values are shown as tokens. Default: that of the built-in type."
        ),
        examples=["internal"],
    )
    category: str = Field(
        "",
        description=(
            "The category of personal data, in the words of your privacy register. "
            "Default: that of the built-in type."
        ),
        examples=["user.government_id"],
    )
    values: Names = Field(
        (),
        description=(
            "The only values that are allowed, as they are after `recode`. Any other "
            "counts as a bad cell and is empty. Default: every value of the type is allowed."
        ),
        examples=[["free", "team", "business"]],
    )
