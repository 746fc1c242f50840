"""03_sources.yml: systems, dialects, types, sources, identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.base import Decided, Names, Part, Short


class Freshness(Part):
    warn_after: str = ""
    error_after: str = ""
    because: str = ""


class System(Part):
    label: str = ""
    owner: str = ""
    dialect: str = "default"
    freshness: Freshness | None = None


class Dialect(Part):
    """How a text file is written. Formats use YYYY MM DD HH MI SS; `ISO` accepts ISO 8601."""

    delimiter: Literal["comma", "semicolon", "tab", "pipe"] = "comma"
    encoding: Literal["utf-8", "windows-1252", "latin-1", "utf-16"] = "utf-8"
    quote: str = '"'
    dates: str = "ISO"
    timestamps: str = "ISO"
    decimal_mark: Literal["point", "comma"] = "point"
    missing: Names = ("",)


class FieldType(Part):
    """A type of the team's own: a built-in one (`is`) with a method of comparison, a class, a category."""

    is_: str = Field("text", alias="is")
    normalise: str = Field(
        "",
        description="How values are compared: one of the methods that docs/types.md lists. The default is that of `is`.",
        examples=["letters_and_digits"],
    )
    cls: str = Field("", alias="class")
    category: str = ""
    values: Names = ()


class SourceField(Short):
    """One column of a source: its type, and what differs from what the type brings."""

    bare = "type"

    type: str = "text"
    column: str = ""  # the name in the file, where it differs
    cls: str = Field("", alias="class")
    guess: Names = ()  # what of this was guessed by add-source and waits for confirmation, e.g. [type, class]
    category: str = ""
    unit: Literal["", "cents"] = ""
    currency: str = ""  # a field of the same source, or an ISO code
    values: Names = ()
    recode: Mapping[str, str] = Field(default_factory=dict)
    region: str = Field(
        "",
        description="The country by whose rules phone numbers of this field without a country code are read: a code, "
        "or a field of the same source that holds the country of each row. The default is the project's `region`.",
        examples=["GB", "country"],
    )
    because: str = ""


class Source(Decided):
    row_is: str = ""
    file: str = ""  # a path below the data root; default `<system>/<table>.csv`, then `<system>_<table>.csv`
    format: Literal["", "csv", "tsv", "parquet", "json", "ndjson"] = ""
    dialect: str = ""
    primary_key: Names = ()
    valid: Names = ()
    recorded: str = ""
    guess: Names = ()
    fields: Mapping[str, SourceField] = Field(default_factory=dict)


class Identifier(Decided):
    strength: Literal["strong", "weak"] = "strong"
    in_: Names = Field((), alias="in")
    guess: Names = ()


class Sources(Decided):
    systems: Mapping[str, System] = Field(default_factory=dict)
    freshness: Freshness = Freshness()
    dialects: Mapping[str, Dialect] = Field(default_factory=dict)
    types: Mapping[str, FieldType] = Field(default_factory=dict)
    sources: Mapping[str, Source] = Field(default_factory=dict)
    identifiers: Mapping[str, Identifier] = Field(default_factory=dict)
    trace: Names = ()
