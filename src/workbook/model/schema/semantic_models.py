"""07_metrics.yml: semantic models, what can be counted and by what it is split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.yaml_part import Decision, Names


class Measure(Decision):
    """What is added up, counted or averaged over the rows of an entity."""

    agg: Literal["count", "sum", "count_distinct", "average", "min", "max"] = Field(
        description=(
            "How the rows become one number. `count` counts rows; every other needs `expr`."
        ),
        examples=["sum"],
    )
    expr: str = Field(
        "",
        description=(
            "What is aggregated: an expression over the entity's attributes. For "
            "`count_distinct` also an entity that is one `many to one` step away."
        ),
        examples=["amount"],
    )
    over_time: Literal["", "last"] = Field(
        "",
        description=(
            "`last` for a level, such as MRR or seats: it is taken as it stands at the end of a"
            " period and never added over periods. Its source needs `valid: [from, to]`, or the"
            " measure `latest_per`. Default: a flow, added over time."
        ),
        examples=["last"],
    )
    unit: str = Field(
        "",
        description=(
            "What one is: a currency code or a word, shown beside the number. Default: "
            "the currency of a money field."
        ),
        examples=["hours"],
    )
    latest_per: str = Field(
        "",
        description=(
            "Keep one row for each value of this attribute (or each linked entity), the "
            "one with the latest `latest_by`: one balance per account out of daily snapshots. Rows "
            "without a value are each kept."
        ),
        examples=["account"],
    )
    latest_by: str = Field(
        "",
        description=(
            "The attribute that says which row of `latest_per` is the latest. Default: the "
            "start of the source's `valid`."
        ),
        examples=["taken_on"],
    )


class SemanticModel(Decision):
    """What can be counted about one entity, and by what it can be split."""

    of: str = Field(description="The entity whose rows are counted.", examples=["invoice"])
    dimensions: Names = Field(
        (),
        description=(
            "Attributes and rules of the entity by which its numbers are usually split, as "
            "they are today. What 06_history.yml keeps is split by in `by` of a metric."
        ),
        examples=[["status", "kind"]],
    )
    time: str = Field(
        "",
        description=(
            "The attribute that dates a row: measures that are no level count in its month."
            " Default: the start of the source's `valid`; an entity whose rows are resolved from"
            " several records has none, and is counted as it is today."
        ),
        examples=["first_seen"],
    )
    measures: Mapping[str, Measure] = Field(
        default_factory=dict,
        description="What is added up, counted or averaged, by name. A metric names a measure.",
        examples=[{"invoiced": {"agg": "sum", "expr": "amount"}}],
    )
