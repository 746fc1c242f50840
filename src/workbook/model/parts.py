"""The typed parts of a model: what a team decided, step by step, frozen once loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema


class Part(BaseModel):
    """Base of all parts: immutable, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


# One name or a list of names: `in: crm.contacts` and `in: [crm.contacts, app.users]`.
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Decided(Part):
    """What any decision may carry: who answers for it, since when, and why."""

    owner: str = ""
    decided: dt.date | None = None
    because: str = ""


# ---- workbook.yml


class Project(Part):
    """The project itself: its name, its clock, who may sign, and where things lie."""

    workbook: Literal[1] = 1
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


# ---- 00 diagnosis, 01 questions


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


# ---- 02 grain


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


# ---- 03 sources


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
    """A type of the team's own: a built-in one (`is`) with a normaliser, a class, a category."""

    is_: str = Field("text", alias="is")
    normalise: str = ""
    cls: str = Field("", alias="class")
    category: str = ""
    values: Names = ()


class SourceField(Part):
    """One column of a source: its type, and what differs from what the type brings."""

    type: str = "text"
    column: str = ""  # the name in the file, where it differs
    cls: str = Field("", alias="class")
    guess: Names = ()  # what of this was guessed by add-source and waits for confirmation, e.g. [type, class]
    category: str = ""
    unit: Literal["", "cents"] = ""
    currency: str = ""  # a field of the same source, or an ISO code
    values: Names = ()
    recode: Mapping[str, str] = Field(default_factory=dict)
    because: str = ""


def _as_field(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


class Source(Decided):
    row_is: str = ""
    file: str = ""  # a path below the data root; default `<system>/<table>.csv`, then `<system>_<table>.csv`
    format: Literal["", "csv", "tsv", "parquet", "json", "ndjson"] = ""
    dialect: str = ""
    primary_key: Names = ()
    valid: Names = ()
    recorded: str = ""
    guess: Names = ()
    fields: Mapping[str, Annotated[SourceField, BeforeValidator(_as_field)]] = Field(default_factory=dict)


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


# ---- 04 entities


class Entity(Decided):
    """A thing that exists. With one source and no attributes named, the source's fields are its attributes."""

    row_is: str = ""
    from_: Names = Field((), alias="from")
    attributes: Mapping[str, Names] = Field(default_factory=dict)
    block: str = ""  # which of the seven building blocks it is, where the name does not say


class Relationship(Decided):
    row_is: str = ""
    from_: str = Field(alias="from")
    to: str
    by: str = ""
    as_: str = Field("", alias="as")
    through: str = ""
    cardinality: Literal["one to one", "many to one", "one to many", "many to many"] = "many to one"
    required: bool = True
    at_most: Mapping[str, int] = Field(default_factory=dict)
    attributes: Names = ()
    rolls_up: bool = False


class Entities(Decided):
    entities: Mapping[str, Entity] = Field(default_factory=dict)
    relationships: Mapping[str, Relationship] = Field(default_factory=dict)


# ---- 04b identity


class MatchRule(Decided):
    name: str
    match: Names
    confidence: Literal["certain", "high"] = "high"


class Guard(Part):
    records_per_value: int = 20
    distinct_per_value: Mapping[str, int] = Field(default_factory=dict)
    cluster_size: int = 50
    ignore: Mapping[str, Names] = Field(default_factory=dict)
    because: str = ""


class Suggest(Part):
    compare: Names = ()
    block_on: Names = ()
    bands: Mapping[str, float] = Field(default_factory=dict)


class EntityIdentity(Decided):
    rules: tuple[MatchRule, ...] = ()
    never_merge: Names = ()
    guard: Guard = Guard()
    suggest: Suggest | None = None
    considered: Mapping[str, Any] = Field(default_factory=dict)


class Identity(Decided):
    identity: Mapping[str, EntityIdentity] = Field(default_factory=dict)


# ---- 05 survivorship


class OrderItem(Part):
    """One turn in an order: a system or source, and optionally a condition on its own row."""

    source: str
    only_if: str = ""


def _as_order(value: Any) -> Any:
    items = value if isinstance(value, (list, tuple)) else [value]
    turned = []
    for item in items:
        if isinstance(item, str):
            turned.append({"source": item})
        elif isinstance(item, dict) and len(item) == 1 and "source" not in item:
            (source, condition), = item.items()
            turned.append({"source": source, "only_if": condition})
        else:
            turned.append(item)
    return tuple(turned)


_STEP_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
Order = Annotated[
    tuple[OrderItem, ...],
    BeforeValidator(_as_order),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": _STEP_SCHEMA}]}),
]

RuleName = Literal[
    "source_order", "most_recent", "most_frequent", "most_complete", "earliest", "latest", "min", "max", "union"
]


class Alternative(Decided):
    """An alternative said in the words of the decision; it is measured."""

    rule: RuleName | None = None
    order: Order = ()
    no_older_than: str = ""


def _as_alternative(value: Any) -> Any:
    return {"because": value} if isinstance(value, str) else value


class FieldRule(Decided):
    rule: RuleName = "source_order"
    order: Order = ()
    no_older_than: str = ""
    considered: Mapping[str, Annotated[Alternative, BeforeValidator(_as_alternative)]] = Field(default_factory=dict)


class Survivorship(Decided):
    default: Mapping[str, Names] = Field(default_factory=dict)  # entity -> order of systems
    fields: Mapping[str, FieldRule] = Field(default_factory=dict)


# ---- 07 metrics


class Clause(Part):
    """`{some: ticket, where: urgent, within: 30 days, at_least: 2}`, or `{no: …}`."""

    some: str = ""
    no: str = ""
    where: str = ""
    within: str = ""
    at_least: int = 1
    on_days: int = 0


class Rule(Decided):
    of: str
    means: str = ""
    all: tuple[str | Clause, ...] = ()
    any: tuple[str | Clause, ...] = ()
    none: tuple[str | Clause, ...] = ()
    competes_with: str = ""
    considered: Mapping[str, Any] = Field(default_factory=dict)


class Measure(Part):
    agg: Literal["count", "sum", "count_distinct", "average", "min", "max"]
    expr: str = ""
    over_time: Literal["", "last"] = ""
    unit: str = ""  # a currency code or a word; shown beside the number
    latest_per: str = ""  # keep one row per value of this attribute, the one with the greatest `latest_by`
    latest_by: str = ""


class SemanticModel(Decided):
    of: str
    dimensions: Names = ()
    measures: Mapping[str, Measure] = Field(default_factory=dict)


class ControlTotal(Part):
    """An outside figure that a metric must meet: value, for when, where it stands, who answers, how close."""

    value: float
    period: str = ""
    where_from: str
    owner: str = ""
    tolerance: str = "0"


class Metric(Decided):
    type: Literal["simple", "ratio", "derived", "cumulative"] = "simple"
    label: str = ""
    means: str = ""
    measure: str = ""
    filter: str = ""
    numerator: str = ""
    denominator: str = ""
    expr: str = ""
    inputs: Mapping[str, Any] = Field(default_factory=dict)
    window: str = ""
    grain_to_date: str = ""
    by: Names = ()  # dimensions it is shown by: `entity.attribute`, one to-one hop away at most
    unit: str = ""
    control_total: ControlTotal | None = None
    competes_with: str = ""
    considered: Mapping[str, Any] = Field(default_factory=dict)


class Currency(Part):
    report_in: str
    rates: str = ""
    rate_on: str = ""
    because: str = ""


class Movement(Part):
    of: str
    by: str
    every: Literal["month", "quarter", "year"] = "month"
    kinds: Names = ()


class Metrics(Decided):
    currency: Currency | None = None
    rules: Mapping[str, Rule] = Field(default_factory=dict)
    semantic_models: Mapping[str, SemanticModel] = Field(default_factory=dict)
    movements: Mapping[str, Movement] = Field(default_factory=dict)
    metrics: Mapping[str, Metric] = Field(default_factory=dict)
