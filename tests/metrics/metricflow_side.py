"""The same definitions in MetricFlow's words: its SQL for a metric by a dimension or by month,
run in DuckDB.
"""

from __future__ import annotations

import datetime as dt
import re

import duckdb
from generated_model import AS_OF, FIRST, Drawn, Thing
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.implementations.semantic_manifest import (
    PydanticSemanticManifest,
)
from metricflow_semantics.model.dbt_manifest_parser import transform_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
from small_company import Company

from workbook import metrics
from workbook.model.calendar import Calendar

ADDS = ("count", "sum")
_RANGES = {"": {}, "month": {"grain_to_date": "month"}, "year": {"grain_to_date": "year"}}


class DuckDbDialect:
    """MetricFlow asks its client only which dialect to write: the SQL is run by ourselves."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


class MetricFlow:
    """MetricFlow over the canonical tables of a company, as they were known by the end of the
    as-of day.
    """

    def __init__(self, drawn: Drawn, made: Company) -> None:
        self.drawn = drawn
        self._known: dict[tuple, list[tuple]] = {}
        self.connection = duckdb.connect()
        self.connection.execute(
            "create table day_spine as select unnest(generate_series(date"
            f" '{FIRST.replace(day=1)}', date '{AS_OF}', interval 1 day))::date as day"
        )
        for thing in drawn.things:
            self._load(thing, made)
        self._load_tiers()
        lookup = SemanticManifestLookup(
            transform_dbt_generated_manifest(PydanticSemanticManifest.parse_obj(manifest(drawn)))
        )
        self.engine = MetricFlowEngine(lookup, DuckDbDialect())

    def _load(self, thing: Thing, made: Company) -> None:
        """MetricFlow knows no as-of, so it is given the rows that had begun by then; of
        periods, one row per day in force.
        """
        path = made.engine.artifact(made.plan, thing.name).path
        known = f" where {thing.at} is null or {thing.at} <= date '{AS_OF}'" if thing.at else ""
        self.connection.execute(
            f"create table {thing.name} as select *, date '{AS_OF}' as today from"
            f" read_parquet('{path}'){known}"
        )
        if thing.kind == "period":
            in_force = "r.starts <= s.day and (r.ends is null or r.ends > s.day)"
            self.connection.execute(
                f"create table {thing.name}_days as select r.*, r.id || s.day as row_id, s.day as"
                f" day from {thing.name} as r join day_spine as s on {in_force}"
            )

    def _load_tiers(self) -> None:
        """Each tier of a client with the day from which it held and that from which it did not:
        a slowly changing dimension.
        """
        self.connection.execute("create table told (client_id varchar, tier varchar, since date)")
        for row in self.drawn.tiers:
            if row["since"] <= str(AS_OF):
                self.connection.execute(
                    "insert into told values (?, ?, ?)",
                    [row["client_id"], row["tier"], row["since"]],
                )
        self.connection.execute(
            "create table tiers as select client_id, tier, since, lead(since) over (partition by"
            " client_id order by since) as until from told"
        )

    def rows(self, metric: str, *by: str) -> list[tuple]:
        """The answer: what it is split by, then the value."""
        if (metric, by) not in self._known:
            self._known[metric, by] = self._asked(metric, *by)
        return self._known[metric, by]

    def _asked(self, metric: str, *by: str) -> list[tuple]:
        request = MetricFlowQueryRequest.create(metric_names=[metric], group_by_names=list(by))
        sql = self.engine.explain(request).sql_statement.sql
        head = "".join(f'"{name}", ' for name in by)
        found = self.connection.execute(f'select {head}"{metric}" from ({sql})').fetchall()
        return [
            tuple(key.date() if isinstance(key, dt.datetime) else key for key in row)
            for row in found
        ]


def manifest(drawn: Drawn) -> dict:
    """The semantic manifest, in the form that dbt writes."""
    models = [*(_model(drawn, thing) for thing in drawn.things), _tiers()]
    metrics = [_metric(drawn, name) for name in drawn.seven["metrics"]]
    busy = drawn.seven["rules"].get("busy")
    if busy:
        thing = drawn.thing(busy["all"][0]["some"])
        metrics.append(
            {
                "name": "times",
                "type": "simple",
                "type_params": {"measure": {"name": f"{thing.name}_count"}},
                "filter": _where("made_on is not null", thing, drawn),
            }
        )
    spine = {
        "node_relation": relation("day_spine"),
        "primary_column": {"name": "day", "time_granularity": "day"},
    }
    return {
        "semantic_models": models,
        "metrics": metrics,
        "project_configuration": {"time_spines": [spine]},
    }


def relation(table: str) -> dict:
    return {"alias": table, "schema_name": "main", "relation_name": f"main.{table}"}


def _model(drawn: Drawn, thing: Thing) -> dict:
    days = thing.kind == "period"
    time = {"hub": "today", "fact": "made_on", "period": "day"}[thing.kind]
    rule = drawn.seven["rules"][f"is_{thing.name}"]["all"][0]
    texts = {name: name for name in ("sort", "flag", "units", "worth")} | {
        f"is_{thing.name}": f"coalesce({rule}, false)"
    }
    dimensions = [
        {"name": name, "type": "categorical", "expr": expr} for name, expr in texts.items()
    ]
    dimensions.append({"name": time, "type": "time", "type_params": {"time_granularity": "day"}})
    entities = [{"name": thing.name, "type": "primary", "expr": "row_id" if days else "id"}]
    entities += [{"name": hub, "type": "foreign", "expr": f"{hub}_id"} for hub in thing.hubs]
    measures = [
        _measure(name, part, time)
        for name, part in drawn.seven["semantic_models"][f"{thing.name}s"]["measures"].items()
    ]
    table = f"{thing.name}_days" if days else thing.name
    return {
        "name": f"{thing.name}s",
        "node_relation": relation(table),
        "defaults": {"agg_time_dimension": time},
        "entities": entities,
        "dimensions": dimensions,
        "measures": measures,
    }


def _tiers() -> dict:
    """What clients were in the past, each value with its validity."""
    ends = [
        {
            "name": name,
            "type": "time",
            "type_params": {"time_granularity": "day", "validity_params": {which: True}},
        }
        for name, which in (("since", "is_start"), ("until", "is_end"))
    ]
    tier = {"name": "tier", "type": "categorical", "expr": "tier"}
    return {
        "name": "tiers",
        "node_relation": relation("tiers"),
        "primary_entity": "telling",
        "entities": [{"name": "client", "type": "natural", "expr": "client_id"}],
        "dimensions": [tier, *ends],
        "measures": [],
    }


def _measure(name: str, part: dict, time: str) -> dict:
    expr = "1" if part["agg"] == "count" else part["expr"]
    made = {"name": name, "agg": part["agg"], "expr": expr, "agg_time_dimension": time}
    if part.get("over_time"):
        made["non_additive_dimension"] = {
            "name": time,
            "window_choice": "max",
            "window_groupings": [part["latest_per"]] if part.get("latest_per") else [],
        }
    return made


def _metric(drawn: Drawn, name: str) -> dict:
    metric = drawn.seven["metrics"][name]
    kind = metric.get("type", "simple")
    if kind == "ratio":
        return {
            "name": name,
            "type": "ratio",
            "type_params": {
                "numerator": {"name": metric["numerator"]},
                "denominator": {"name": metric["denominator"]},
            },
        }
    if kind == "derived":
        inputs = sorted(set(re.findall(r"[a-z]\w+", metric["expr"])))
        expr = re.sub(r"/ (\w+)", r"/ nullif(\1, 0)", metric["expr"])
        return {
            "name": name,
            "type": "derived",
            "type_params": {"expr": expr, "metrics": [{"name": each} for each in inputs]},
        }
    thing = drawn.of(name)
    nothing = {"fill_nulls_with": 0} if drawn.measure(metric["measure"])["agg"] in ADDS else {}
    parts: dict = {"measure": {"name": metric["measure"], **nothing}}
    if kind == "cumulative":
        parts["cumulative_type_params"] = _window(metric)
    return {
        "name": name,
        "type": kind,
        "type_params": parts,
        "filter": _where(metric["filter"], thing, drawn) if metric["filter"] else None,
    }


def _window(metric: dict) -> dict:
    if metric.get("grain_to_date"):
        return {"grain_to_date": metric["grain_to_date"]}
    if not metric.get("window"):
        return {}
    count, word = metric["window"].split()
    return {"window": {"count": int(count), "granularity": word.rstrip("s")}}


def _where(text: str, thing: Thing, drawn: Drawn) -> dict:
    """A filter in MetricFlow's words: every name becomes a dimension, and a count of happenings
    a metric.
    """
    busy = drawn.seven["rules"].get("busy", {})

    def named(found: re.Match[str]) -> str:
        word = found[0]
        owner, _, name = word.rpartition(".")
        if word in ("and", "or", "not", "is", "null") or word.startswith("'"):
            return word
        if name == "busy":
            return (
                f"coalesce({{{{ Metric('times', group_by=['{thing.name}']) }}}} >="
                f" {busy['all'][0]['at_least']}, false)"
            )
        if name == "made_on":
            return f"{{{{ TimeDimension('{thing.name}__made_on', 'day') }}}}"
        return f"{{{{ Dimension('{owner or thing.name}__{name}') }}}}"

    return {"where_filters": [{"where_sql_template": re.sub(r"'[^']*'|[a-z_][\w.]*", named, text)}]}


def period_ends(grain: str) -> dict[dt.date, dt.date]:
    """The last day of every period up to as-of, or as-of itself, and the first day of its
    period.
    """
    days = [
        FIRST.replace(day=1) + dt.timedelta(days=number)
        for number in range((AS_OF - FIRST.replace(day=1)).days + 1)
    ]
    return {
        end: start for start, end in {Calendar().start_of(day, grain): day for day in days}.items()
    }
