"""03_sources.yml: sources, their fields, and the identifiers that connect them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.file_formats import FILE_FORMATS
from workbook.model.schema.empty_word_list import EmptyWords
from workbook.model.schema.source_field import SourceField
from workbook.model.schema.systems import (
    Dialect,
    FieldType,
    Freshness,
    System,
)
from workbook.model.schema.yaml_part import Decision, DecisionFile, Names


class Source(Decision):
    """One table that a system hands out. Its name is `system.table`."""

    row_is: str = Field(
        "",
        description="What one row is, as a sentence that somebody of the business would confirm.",
        examples=["one invoice to one billing customer"],
    )
    file: str = Field(
        "",
        description=(
            "The file, from the data folder, or a pattern for several files of one source, "
            "read in the order of their paths. Default: `<system>/<table>` and then "
            "`<system>_<table>`, with the ending of any format."
        ),
        examples=["exports/invoices.csv", "exports/invoices-*.csv"],
    )
    sheet: str = Field(
        "",
        description=(
            "The sheet of an Excel workbook, by its name or by its number from 1. Default: "
            "the only sheet."
        ),
        examples=["Deals", "2"],
    )
    skip_before: int = Field(
        0,
        ge=0,
        description=(
            "How many lines above the header are no records, such as the title of a report."
        ),
        examples=[3],
    )
    skip_after: int = Field(
        0,
        ge=0,
        description="How many lines at the end are no records, such as the footer of a report.",
        examples=[5],
    )
    starts_at: str = Field(
        "",
        description=(
            "In place of `skip_before`, where what stands above varies in length, such as another "
            "table: the text of the first cell of the header. The header is the first line whose "
            "first filled cell is this text, or else begins with it. A file without one is refused."
        ),
        examples=["Account ID"],
    )
    ends_before: str = Field(
        "",
        description=(
            "In place of `skip_after`, where what stands below varies in length: the text of the "
            "first cell of its first line, such as `Grand total`. The last line whose first filled "
            "cell is this text, or else begins with it, the empty lines above it and all below are "
            "no records. A file without one is refused."
        ),
        examples=["Grand total"],
    )
    connection: str = Field(
        "",
        description=(
            "The database that the source is read from, in place of a file: a name under "
            "`connections` in workbook.yml. `workbook run` reads it anew; a notebook uses what was "
            "read last."
        ),
        examples=["warehouse"],
    )
    table: str = Field(
        "",
        description=(
            "With `connection`: the table or view, as `schema.table`. Default: the name of "
            "the source."
        ),
        examples=["sales.invoices"],
    )
    query: str = Field(
        "",
        description=(
            "With `connection`, in place of `table`: one select whose rows are the "
            "records. It is run for reading only."
        ),
        examples=["select * from sales.invoices where sent_on >= '2024-01-01'"],
    )
    format: Literal["", *FILE_FORMATS] = Field(
        "",
        description="The format of the file. Default: what its ending says.",
        examples=["ndjson"],
    )
    dialect: str = Field(
        "",
        description=(
            "How this text file is written: a name under `dialects`. Default: the dialect "
            "of its system."
        ),
        examples=["european"],
    )
    primary_key: Names = Field(
        (),
        description=(
            "The field, or the fields together, by which one row differs from every "
            "other. Of rows that repeat a key the one with the latest `recorded` is used; without "
            "`recorded` only exact copies are left out. Default: rows go by their number."
        ),
        examples=["invoice_no", ["person_no", "joined_on"]],
    )
    valid: Names = Field(
        (),
        description=(
            "When a row is true in the business: one field for an event or a snapshot, two fields"
            " [from, to] for a period. The second is the first moment at which the row no longer"
            " holds (see `ends`); empty means still true. Metrics place rows in time by it."
        ),
        examples=["sent_on", ["starts_on", "ends_on"]],
    )
    ends: Literal["exclusive", "inclusive"] = Field(
        "exclusive",
        description=(
            "Whether the end in `valid: [from, to]` still counts. exclusive (default): the row"
            " stops at that moment. inclusive: a date counts to the end of its day, and so does a"
            " time at midnight, at 23:59:00 or in the last second of a day on the clock of the"
            " source; any other time counts for one tick more, a second, or a millisecond or"
            " microsecond where it is written that finely. An event `at` the end stays on the day"
            " that the file says."
        ),
        examples=["inclusive"],
    )
    batch: str = Field(
        "",
        description=(
            "What the rows of one snapshot have in common, for sources kept `as: snapshots`: a"
            " field (the id of a load), or `day`, `hour` or `instant` of `valid`. Who is absent is"
            " decided per batch. Default `day`: a load takes its time. Between two days (or hours)"
            " over whose end one load runs, nobody is taken as absent, and page 06 says so."
        ),
        examples=["load_id"],
    )
    timezone: str = Field(
        "",
        description=(
            "The time zone of times that this source writes without a zone, by its IANA name."
            " Default: that of its system, else UTC. A time that the clocks show twice is the first"
            " of the two; one that they skip is as much later as they were moved; page 03 counts"
            " both."
        ),
        examples=["America/New_York"],
    )
    recorded: str = Field(
        "",
        description=(
            "The field that says when the system last wrote the row. Freshness, "
            "`most_recent` and `no_older_than` read it. A creation date is not that."
        ),
        examples=["written_at"],
    )
    keep_for: str = Field(
        "",
        description=(
            "How long a row may be kept: a length of time, counted from its `valid` (its end, "
            "where it has one), else from `recorded`. Page 03 counts the rows that are older. "
            "Default: nothing is declared, which page 03 says of sources with personal fields."
        ),
        examples=["24 months"],
    )
    merged_into: str = Field(
        "",
        description=(
            "The field that holds the key of the record into which the system merged this one. The"
            " two are one customer before every rule of 04b_identity, and values of the record that"
            " was merged away survive only where no other record has one."
        ),
        examples=["MasterRecordId"],
    )
    merged_from: str = Field(
        "",
        description=(
            "The field that lists the keys of the records that the system merged into this "
            "one, with ; or , or blanks between them. A key that is no longer in the file leads to "
            "this record too."
        ),
        examples=["merged_object_ids"],
    )
    guess: Names = Field(
        (),
        description="Which of the other words of this source `add-source` guessed.",
        examples=[["primary_key", "recorded"]],
    )
    fields: Mapping[str, SourceField] = Field(
        default_factory=dict,
        description=(
            "The columns that are used, by name: each with its type. A column of the file "
            "that is not listed is not landed."
        ),
        examples=[{"email": "email", "signed_up": {"type": "date", "column": "Signed up"}}],
    )


class Identifier(Decision):
    """A key that connects sources; an attribute of every entity made from one of them."""

    strength: Literal["strong", "weak"] = Field(
        "strong",
        description=(
            "`strong` where one value always means one thing; such an identifier is expected in"
            " every row. `weak` where it may be shared or absent, as a device or a domain. It"
            " merges nothing by itself; 04b_identity.yml does."
        ),
        examples=["weak"],
    )
    in_: Names = Field(
        (),
        alias="in",
        description=(
            "The fields that hold it, as `system.table.field`. Where no field is named, "
            "the field is called like the identifier."
        ),
        examples=[["sales.accounts.website", "app.teams"]],
    )
    guess: Names = Field(
        (),
        description="Which of the other words of this identifier `add-source` guessed.",
        examples=[["in"]],
    )


class Sources(DecisionFile):
    """Where customer data enters, how it is written, and which keys connect it."""

    systems: Mapping[str, System] = Field(
        default_factory=dict,
        description="Every system that hands out data, by a short name.",
        examples=[{"sales": {"label": "HubSpot", "owner": "sales"}}],
    )
    freshness: Freshness = Field(
        Freshness(),
        description="The age limits of every system that sets none of its own.",
        examples=[{"warn_after": "1 day", "error_after": "3 days"}],
    )
    dialects: Mapping[str, Dialect] = Field(
        default_factory=dict,
        description=(
            "Ways in which text files are written, by name. `default` is for sources that "
            "name no other."
        ),
        examples=[{"european": {"delimiter": "semicolon", "decimal_mark": "comma"}}],
    )
    types: Mapping[str, FieldType] = Field(
        default_factory=dict,
        description="Types of the team's own, by name, beside the built-in ones.",
        examples=[{"plan_code": {"is": "text", "values": ["free", "team"]}}],
    )
    empty_words: Mapping[str, EmptyWords] = Field(
        default_factory=dict,
        description=(
            "Words that mean nothing, by type: a list adds to those that the type brings, `keep:`"
            " names those that are meant. Such a value is excluded from matching and never becomes"
            " the surviving value. Names, mailboxes, telephones, domains, addresses and tax ids"
            " bring unknown, none, n/a, test, noreply, xxx, zeros and the like; every other text"
            " brings N/A, null, - and the like."
        ),
        examples=[{"email": ["test@test.com"], "person_name": {"keep": ["null"]}}],
    )
    sources: Mapping[str, Source] = Field(
        default_factory=dict,
        description="Every table that is read, by `system.table`.",
        examples=[
            {"sales.accounts": {"primary_key": "account_no", "fields": {"account_no": "id"}}}
        ],
    )
    identifiers: Mapping[str, Identifier] = Field(
        default_factory=dict,
        description="The keys that connect sources, by name.",
        examples=[{"email": {"in": ["sales.people", "desk.people"]}}],
    )
    trace: Names = Field(
        (),
        description=(
            "Identifiers along which page 03 follows one customer from system to system, "
            "in this order. Default: the page follows nobody."
        ),
        examples=[["account_no", "billing_no", "team_no"]],
    )
