"""Names in 07_metrics.yml: rules, semantic models, metrics and dashboards."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem, WorkbookError
from workbook.model.currencies import known_codes
from workbook.model.expressions import one_query
from workbook.model.model import Model
from workbook.model.names import FieldRef, dimension_of, place_of
from workbook.model.schema import Currency, Dashboard, Metric, Metrics, SemanticModel
from workbook.model.table_names import table_of
from workbook.model.validate.currency_code import currency_code
from workbook.model.validate.hints import closest
from workbook.model.validate.metric_rules import rule_problems
from workbook.model.validate.step_validator import Validator

_NEEDS = {
    "simple": ("measure",),
    "cumulative": ("measure",),
    "ratio": ("numerator", "denominator"),
    "derived": ("expr",),
}
_COUNTED = ("simple", "cumulative")
_READ_BY = {  # by which types a word of a metric is read
    "measure": _COUNTED,
    "filter": _COUNTED,
    "numerator": ("ratio",),
    "denominator": ("ratio",),
    "expr": ("derived",),
    "inputs": ("derived",),
    "window": ("cumulative",),
    "grain_to_date": ("cumulative",),
    "over": ("ratio", "derived"),
}


def metrics(model: Model) -> Iterator[Problem]:
    """Rules, semantic models and metrics name what is within reach."""
    section, validator = model.metrics, Validator(model, "metrics")
    if model.is_open("metrics"):
        return
    yield from validator.owner(section)
    if section.currency and section.currency.rates and not model.is_open("sources"):
        ref = place_of(model.sources, section.currency.rates, "rate")
        yield from (
            _direction(validator, section.currency, ref)
            if ref
            else validator.located(("currency", "rates"), section.currency.rates, "rate")
        )
    if section.currency and section.currency.report_in.strip().upper() not in known_codes():
        yield from currency_code(validator, ("currency", "report_in"), section.currency.report_in)
    for name, rule in section.rules.items():
        yield from rule_problems(validator, section, name, rule)
    for name, semantic in section.semantic_models.items():
        path = ("semantic_models", name)
        yield from validator.entity((*path, "of"), semantic.of)
        for dimension in semantic.dimensions:
            yield from validator.dotted(
                (*path, "dimensions"),
                dimension if dimension_of(dimension).entity else f"{semantic.of}.{dimension}",
            )
        yield from _time(validator, (*path, "time"), section, semantic)
        for title, measure in semantic.measures.items():
            here = (*path, "measures", title)
            yield from validator.named(here, title)
            if measure.agg != "count" and not measure.expr:
                yield validator.problem(
                    here, "model.metrics.measure_of_nothing", name=title, agg=measure.agg
                )
            if measure.expr and measure.expr not in (model.entities.entities):
                yield from validator.expression((*here, "expr"), measure.expr, semantic.of)
    measures = _measures(section)
    for name, movement in section.movements.items():
        yield from validator.named(("movements", name), name)
        yield from validator.known(
            ("movements", name, "of"),
            "measure",
            movement.of,
            [title for title in measures if "." not in title],
        )
        yield from validator.entity(("movements", name, "by"), movement.by)
    for name, metric in section.metrics.items():
        yield from _metric(validator, section, measures, name, metric)
    for name, dashboard in section.dashboards.items():
        yield from _dashboard(validator, section, name, dashboard)


def _direction(validator: Validator, currency: Currency, ref: FieldRef) -> Iterator[Problem]:
    """Which currency a rate is a price of, and in which one it is counted."""
    fields = validator.model.fields(ref.source)
    sides = {"base": currency.base, "quote": currency.quote}
    currencies = [name for name, field in fields.items() if field.type == "currency"]
    missing = [word for word, name in sides.items() if not name]
    if len(missing) == 1:
        yield validator.problem(
            ("currency",), "model.metrics.one_side_of_a_rate", missing=missing[0]
        )
    elif missing and len(currencies) > 1:
        left, right = currencies[:2]
        yield validator.problem(
            ("currency", "rates"),
            "model.metrics.direction_of_a_rate",
            source=ref.source,
            field=ref.field,
            currencies=currencies,
            one=left,
            other=right,
        )
    codes = []
    for word, name in sides.items():
        if name and name not in fields:
            codes += [name] if name in known_codes() else []
            yield from currency_code(validator, ("currency", word), name, ref.source, fields)
    home = currency.report_in.strip().upper()
    if len(codes) == 2 and home not in codes:
        yield validator.problem(
            ("currency",),
            "model.metrics.rates_of_other_currencies",
            base=codes[0],
            quote=codes[1],
            home=home,
        )
    if currency.base and currency.base == currency.quote:
        yield validator.problem(
            ("currency", "quote"),
            "model.metrics.one_currency",
            currency=currency.base,
        )


def _time(
    validator: Validator, path: tuple[str, ...], metrics: Metrics, semantic: SemanticModel
) -> Iterator[Problem]:
    """The attribute that dates rows: one of the entity, a date or a time, and the same in each
    of its semantic models.
    """
    if not semantic.time:
        return
    problems = list(validator.dotted(path, f"{semantic.of}.{semantic.time}"))
    yield from problems
    kind = validator.model.type_of(semantic.of, semantic.time)
    if not problems and kind not in ("date", "timestamp"):
        yield validator.problem(
            path, "model.metrics.time_is_no_date", name=semantic.time, type=kind or "no date"
        )
    others = {
        semantic_model.time
        for semantic_model in metrics.semantic_models.values()
        if semantic_model.of == semantic.of
    }
    if len(others - {""}) > 1:
        times = sorted(others - {""})
        yield validator.problem(path, "model.metrics.two_times", entity=semantic.of, times=times)


def _measures(metrics: Metrics) -> dict[str, str]:
    """Every measure and movement kind, and the entity that it belongs to."""
    found = {
        title: semantic.of
        for semantic in metrics.semantic_models.values()
        for title in semantic.measures
    }
    for name, movement in metrics.movements.items():
        kinds = ("opening", "closing", *movement.kinds)
        found |= {f"{name}.{kind}{end}": movement.by for kind in kinds for end in ("", "_count")}
    return found


def _metric(
    validator: Validator, metrics: Metrics, measures: dict[str, str], name: str, metric: Metric
) -> Iterator[Problem]:
    path = ("metrics", name)
    yield from validator.named(path, name)
    yield from validator.owner(metric, *path)
    for word in _NEEDS[metric.type]:
        if not getattr(metric, word):
            yield validator.problem(
                path, "model.metrics.missing_word", name=name, type=metric.type, word=word
            )
    yield from _read(validator, path, metric)
    yield from _moved(validator, path, metric)
    if metric.measure:
        yield from validator.known(
            (*path, "measure"),
            "measure",
            metric.measure,
            measures,
            "07_metrics.yml",
        )
    for word in ("numerator", "denominator"):
        if getattr(metric, word):
            yield from validator.known(
                (*path, word), "metric", getattr(metric, word), metrics.metrics
            )
    if metric.filter and metric.measure in measures and not validator.model.is_open("entities"):
        yield from validator.expression((*path, "filter"), metric.filter, measures[metric.measure])
    for dimension in metric.by:
        yield from validator.dotted((*path, "by"), dimension)
    if metric.type == "derived" and metric.expr:
        inputs = {**metrics.metrics, **metric.inputs}
        yield from validator.names(
            (*path, "expr"),
            metric.expr,
            lambda n: validator.known((*path, "expr"), "metric", n, inputs),
        )
    for key, given in metric.inputs.items():
        if isinstance(given, dict) and given.get("offset_window"):
            yield from validator.length(
                (*path, "inputs", key, "offset_window"), str(given["offset_window"])
            )
        if isinstance(given, dict) and given.get("metric"):
            yield from validator.known(
                (*path, "inputs", key), "metric", str(given["metric"]), metrics.metrics
            )
    if metric.competes_with:
        yield from validator.known(
            (*path, "competes_with"), "metric", metric.competes_with, metrics.metrics
        )
    if metric.control_total:
        yield from validator.period((*path, "control_total", "period"), metric.control_total.period)
    if metric.control_total and metric.control_total.owner:
        yield from validator.departments(
            (*path, "control_total", "owner"), [metric.control_total.owner]
        )


def _read(validator: Validator, path: tuple[str, ...], metric: Metric) -> Iterator[Problem]:
    """What stands at a metric is read by its type: a word that nothing reads would change no
    number, in silence.
    """
    yield from validator.length((*path, "window"), metric.window)
    yield from validator.length((*path, "over"), metric.over)
    for word, types in _READ_BY.items():
        if getattr(metric, word) and metric.type not in types:
            yield validator.problem(
                (*path, word),
                "model.metrics.word_of_another_type",
                word=word,
                type=metric.type,
                types=types,
            )


def _moved(validator: Validator, path: tuple[str, ...], metric: Metric) -> Iterator[Problem]:
    """What may stand at a kind of a movement, and what at nothing else: it has the periods of
    its movement, and all whom it moved.
    """
    moves = "." in metric.measure
    if moves and metric.type == "cumulative":
        yield validator.problem(
            (*path, "type"), "model.metrics.movement_cumulated", measure=metric.measure
        )
    if moves and metric.filter:
        yield validator.problem(
            (*path, "filter"), "model.metrics.movement_filtered", measure=metric.measure
        )
    if metric.ago and (metric.type != "simple" or not moves or metric.ago < 0):
        yield validator.problem((*path, "ago"), "model.metrics.ago_without_movement")


def _dashboard(
    validator: Validator, metrics: Metrics, name: str, dashboard: Dashboard
) -> Iterator[Problem]:
    path = ("dashboards", name)
    yield from validator.named(path, name)
    yield from validator.owner(dashboard, *path)
    yield from validator.known(
        (*path, "competes_with"), "metric", dashboard.competes_with, metrics.metrics
    )
    if name in metrics.metrics or name in metrics.rules:
        yield validator.problem(path, "model.metrics.dashboard_and_metric", name=name)
    if dashboard.of:
        yield from validator.entity((*path, "of"), dashboard.of)
    if dashboard.ids:
        yield from validator.source((*path, "ids"), dashboard.ids)
    here = (*path, "sql")
    try:
        _, columns, tables = one_query(dashboard.sql)
    except WorkbookError as error:
        yield validator.of(here, error)
        return
    strange = [column for column in columns if column.lower() not in ("value", "month", "id")]
    if strange or not {"value", "id"} & {column.lower() for column in columns}:
        yield validator.problem(
            here, "model.metrics.dashboard_columns", columns=[f"'{name}'" for name in columns]
        )
    yield from _tables(validator, here, tables)


def _tables(
    validator: Validator, path: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Problem]:
    """The tables that pasted SQL reads: landed ones and canonical ones."""
    model = validator.model
    if model.is_open("sources") or model.is_open("entities"):
        return
    landed = [table_of(source) for source in model.source_names]
    own = [
        f"{entity}{end}"
        for entity in model.entity_names
        for end in ("", *(("__clusters", "__records") if model.has_identity(entity) else ()))
    ]
    known = [*landed, *own, *model.entities.relationships]
    for name in names:
        if name not in known:
            meant = name.split(".", 1)[-1] if name.startswith("main.") else table_of(name)
            yield validator.problem(
                path,
                "model.metrics.unknown_table",
                name=name,
                meant=meant,
                known=known,
                closest=closest(meant, known),
            )
