"""07_metrics.yml: the currency, metrics with their control totals, movements, dashboards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

from workbook.model.schema.metric_rules import Rule
from workbook.model.schema.semantic_models import SemanticModel
from workbook.model.schema.yaml_part import Decision, DecisionFile, Names, Part, as_tuple

Grain = Literal["day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year"]
# One grain or a list of grains: `grains: week` and `grains: [week, quarter]`.
Grains = Annotated[
    tuple[Grain, ...],
    BeforeValidator(as_tuple),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(get_args(Grain))},
                {"type": "array", "items": {"enum": list(get_args(Grain))}},
            ]
        }
    ),
]


class ControlTotal(Part):
    """A figure from outside, such as the ledger's, that a metric is reconciled with."""

    value: float = Field(description="The external control total.", examples=[311448.78])
    period: str = Field(
        "",
        description=(
            "What the figure is for: `2025`, `2025-Q2`, `2025-06`, the last day of a "
            "month, or a fiscal period by the name that pages give it, `FY 2024/25` or "
            "`Q1 FY 2024/25`. Default: the metric at the as-of date."
        ),
        examples=["2025-06", "Q1 FY 2024/25"],
    )
    where_from: str = Field(
        description="Where the figure comes from, so that somebody can look it up.",
        examples=["the ledger of June 2025"],
    )
    owner: str = Field(
        "",
        description="The department that answers for the external control total.",
        examples=["finance"],
    )
    supplied_by: str = Field(
        "",
        description=(
            "Who gave the figure: a person, a department or a system. Page 07 and "
            "`results.json` show it; without it and its day the figure is a finding."
        ),
        examples=["head of finance"],
    )
    supplied: dt.date | None = Field(
        None,
        description="The day on which the figure was given, as YYYY-MM-DD.",
        examples=["2025-07-03"],
    )
    tolerance: str = Field(
        "0",
        description="How far the metric may be from it: an amount, or a share with `%`.",
        examples=["0.5%"],
    )


class Metric(Decision):
    """One number: what it means, how it is computed, and what it must agree with."""

    type: Literal["simple", "ratio", "derived", "cumulative"] = Field(
        "simple",
        description=(
            "`simple`: a measure under a filter. `cumulative`: a measure over a window of "
            "time. `ratio`: one metric divided by another. `derived`: arithmetic over metrics."
        ),
        examples=["ratio"],
    )
    label: str = Field(
        "",
        description="The name that people use. Default: the name with blanks.",
        examples=["Net revenue retention"],
    )
    means: str = Field(
        "",
        description=(
            "What the number says and what it leaves out, in a sentence that the business "
            "would sign."
        ),
        examples=["Paid invoices less credit notes, in the month of issue."],
    )
    measure: str = Field(
        "",
        description=(
            "For `simple` and `cumulative`: a measure of `semantic_models`, or `movement.kind` of"
            " `movements`, such as `mrr_movement.new`; with `_count` behind it the number of"
            " customers that moved."
        ),
        examples=["invoiced"],
    )
    filter: str = Field(
        "",
        description=(
            "Which rows count: an expression over the measure's entity, its rules, and "
            "attributes of an entity one `many to one` step away. A row for which it cannot be "
            "answered does not count."
        ),
        examples=["status = 'paid'"],
    )
    numerator: str = Field(
        "", description="For `ratio`: the metric above the line.", examples=["kept_revenue"]
    )
    denominator: str = Field(
        "",
        description="For `ratio`: the metric below the line. Where it is 0 the ratio has no value.",
        examples=["opening_revenue"],
    )
    expr: str = Field(
        "",
        description="For `derived`: arithmetic over metrics and `inputs`, by name.",
        examples=["mrr * 12"],
    )
    inputs: Mapping[str, Any] = Field(
        default_factory=dict,
        description=(
            "For `derived`: other names for metrics in `expr`. `offset_window` takes the "
            "metric as it was a length of time earlier."
        ),
        examples=[{"before": {"metric": "active_people", "offset_window": "30 days"}}],
    )
    window: str = Field(
        "",
        description=(
            "For `cumulative`: how far back from the end of the day or period rows count. "
            "Default, without `grain_to_date`: since ever."
        ),
        examples=["30 days"],
    )
    grain_to_date: Literal[
        "", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year"
    ] = Field(
        "",
        description=(
            "For `cumulative`: rows count since the start of this `week`, `month`, "
            "`quarter`, `year`, `fiscal_quarter` or `fiscal_year`; weeks and fiscal years begin as "
            "workbook.yml says."
        ),
        examples=["year"],
    )
    ago: int = Field(
        0,
        description=(
            "For `simple` over a kind of a movement: how many of its periods before the "
            "one of the as-of day, as the expansion of the quarter before this one."
        ),
        examples=[1],
    )
    over: str = Field(
        "",
        description=(
            "For `ratio` and `derived` over kinds of a movement: the level is compared with "
            "that of so long before the end of each period, instead of with the end of the period "
            "before. `12 months` makes of a monthly retention that of the trailing twelve months."
        ),
        examples=["12 months"],
    )
    grains: Grains = Field(
        (),
        description=(
            "The periods it is given by, beside months. Weeks and fiscal years begin as "
            "workbook.yml says."
        ),
        examples=[["week", "fiscal_quarter"]],
    )
    by: Names = Field(
        (),
        description=(
            "What it is split by: `entity.attribute` (no expression), of its own entity or "
            "one `many to one` step away, as it is today. `account.plan "
            "then` takes the plan of the time that each "
            "number is about; `account.plan at churn` the plan when the event `churn` of "
            "06_history.yml happened. Both need the attribute under `history`."
        ),
        examples=[["account.country", "account.plan then", "account.plan at churn"]],
    )
    unit: str = Field(
        "",
        description=(
            "What one is: a currency code, a word, or `%` for a share. Default: that of "
            "its measure or inputs; a ratio of equal units is a share."
        ),
        examples=["%"],
    )
    control_total: ControlTotal | None = Field(
        None,
        description=(
            "The external control total that it must agree with. Without one the number "
            "is not reconciled."
        ),
        examples=[{"value": 311448.78, "period": "2025-06", "where_from": "the ledger"}],
    )
    competes_with: str = Field(
        "",
        description=(
            "The metric whose name this one claims too: a competing definition. Both are "
            "shown side by side."
        ),
        examples=["active_customers"],
    )
    considered: Mapping[str, Any] = Field(
        default_factory=dict,
        description=(
            "Definitions that were discussed and not taken, each with the reason. The name "
            "of a metric is shown beside this one."
        ),
        examples=[{"trailing twelve months": "hides the month in which a large customer left"}],
    )


class Currency(Decision):
    """The currency of the report, and the rates that bring amounts to it."""

    report_in: str = Field(
        description="The currency of every amount in the report, as an ISO code.", examples=["EUR"]
    )
    rates: str = Field(
        "",
        description=(
            "The field of rates, as `system.table.field`: what one unit of the row's "
            "currency is worth in `report_in`, unless `base` and `quote` say otherwise. Its source "
            "needs `valid` and a field of type currency. Default: no conversion, and amounts in "
            "several currencies are refused."
        ),
        examples=["finance.fx_rates.rate"],
    )
    base: str = Field(
        "",
        description=(
            "With `quote`: a rate is how many units of `quote` one unit of `base` buys. "
            "Each is an ISO code or a field of the rates' source. Default: the currency field. "
            "Required where the source has two currency fields."
        ),
        examples=["EUR", "from_currency"],
    )
    quote: str = Field(
        "",
        description=(
            "The currency in which a rate is counted; see `base`. Default: `report_in`. A rate"
            " whose base is `report_in` is turned round. A currency without such a rate is"
            " converted by way of a third, by its two rates of the last day that has both (GBP to"
            " USD by rates of EUR), unless two ways of that day are more than 2 % apart."
        ),
        examples=["currency", "USD"],
    )
    rate_on: str = Field(
        "",
        description=(
            "Which rate is taken: `month_end`, the last one on or before the end of the "
            "month. It is the default and the only one."
        ),
        examples=["month_end"],
    )
    because: str = Field(
        "",
        description="Why this rate. It is shown and changes no number.",
        examples=["the books close on month-end rates"],
    )


class Movement(Decision):
    """How a level changed from one period's end to the next, customer by customer."""

    of: str = Field(
        description="The measure that moves, with `over_time: last` and agg `sum` or `count`.",
        examples=["mrr"],
    )
    by: str = Field(
        description="The entity whose change has exactly one name in a period.",
        examples=["account"],
    )
    every: Literal["month", "quarter", "year", "fiscal_quarter", "fiscal_year"] = Field(
        "month",
        description=(
            "The period from whose end to whose end it moves; fiscal ones begin as "
            "workbook.yml says. A metric of its kinds has a value of each such period."
        ),
        examples=["quarter", "fiscal_quarter"],
    )
    kinds: Names = Field(
        (),
        description=(
            "The names of changes that metrics may use: `new`, `expansion`, "
            "`contraction`, `churned`, `reactivated`. All are always computed."
        ),
        examples=[["new", "expansion", "contraction", "churned", "reactivated"]],
    )


class Dashboard(Decision):
    """What a dashboard shows today, as its own SQL, so that the difference has causes."""

    competes_with: str = Field(
        description="The metric whose name it claims.", examples=["active_customers"]
    )
    sql: str = Field(
        description=(
            "One select over landed tables (`system__table`) and entities. Its columns: `value`,"
            " one row per `month`, or one row per `id`. `as_of` is the date of the report. Times"
            " are instants in UTC: `(at at time zone 'UTC') at time zone 'America/Chicago'` is what"
            " the business's clock shows."
        ),
        examples=["select distinct payer_no as id from billing__bills"],
    )
    where_from: str = Field(
        "",
        description="What people call it. Default: its name with blanks.",
        examples=["the billing dashboard"],
    )
    of: str = Field(
        "",
        description="The entity whose ids `id` holds. Default: that of the metric.",
        examples=["account"],
    )
    ids: str = Field(
        "",
        description=(
            "The source, as `system.table`, whose keys `id` holds. Default: the ids of "
            "the entity itself."
        ),
        examples=["billing.payers"],
    )


class Metrics(DecisionFile):
    """What each number means."""

    currency: Currency | None = Field(
        None,
        description="The currency of the report. Default: amounts stay in their own currency.",
        examples=[{"report_in": "EUR", "rates": "finance.fx_rates.rate"}],
    )
    rules: Mapping[str, Rule] = Field(
        default_factory=dict,
        description="Yes or no of each of an entity, by name.",
        examples=[{"running": {"of": "subscription", "all": ["ends_on is null"]}}],
    )
    semantic_models: Mapping[str, SemanticModel] = Field(
        default_factory=dict,
        description="What can be counted, by a name for the entity's rows.",
        examples=[{"users": {"of": "user", "measures": {"users": {"agg": "count"}}}}],
    )
    movements: Mapping[str, Movement] = Field(
        default_factory=dict,
        description="Levels whose change is named, by name.",
        examples=[{"mrr_movement": {"of": "mrr", "by": "account", "every": "month"}}],
    )
    metrics: Mapping[str, Metric] = Field(
        default_factory=dict,
        description="Every number, by name.",
        examples=[{"arr": {"type": "derived", "expr": "mrr * 12"}}],
    )
    dashboards: Mapping[str, Dashboard] = Field(
        default_factory=dict,
        description="What is shown today under the name of a metric, by a name for the dashboard.",
        examples=[{"finance_sheet": {"competes_with": "mrr", "sql": "select 345005.56 as value"}}],
    )
