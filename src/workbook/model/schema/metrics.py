"""07_metrics.yml: what each number means: rules, semantic models, metrics, dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

from workbook.model.schema.base import Decided, Names, Part, as_tuple

Grain = Literal["day", "week", "month", "quarter", "year"]
# One grain or a list of grains: `grains: week` and `grains: [week, quarter]`.
Grains = Annotated[
    tuple[Grain, ...],
    BeforeValidator(as_tuple),
    WithJsonSchema({"anyOf": [{"enum": list(get_args(Grain))}, {"type": "array", "items": {"enum": list(get_args(Grain))}}]}),
]


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
    grains: Grains = ()  # periods it is given by beside months: day, week, quarter, year
    by: Names = ()  # dimensions it is shown by: `entity.attribute`, one to-one hop away at most; with ` then` behind it as it was then, with ` at event` as it was at the event
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


class Dashboard(Decided):
    """What a dashboard shows today, as its own SQL: one number, one per `month`, or one per `id` (then the difference has causes)."""

    competes_with: str  # the metric whose name it claims
    sql: str  # one select over landed (`system__table`) and canonical tables; its columns: value, and perhaps month, id
    where_from: str = ""
    of: str = ""  # the entity whose ids `id` holds; that of the metric unless said otherwise
    ids: str = ""  # `system.table` whose keys `id` holds; none: ids of the canonical table


class Metrics(Decided):
    currency: Currency | None = None
    rules: Mapping[str, Rule] = Field(default_factory=dict)
    semantic_models: Mapping[str, SemanticModel] = Field(default_factory=dict)
    movements: Mapping[str, Movement] = Field(default_factory=dict)
    metrics: Mapping[str, Metric] = Field(default_factory=dict)
    dashboards: Mapping[str, Dashboard] = Field(default_factory=dict)
