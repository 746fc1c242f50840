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
    part, validator = model.metrics, Validator(model, "metrics")
    if model.is_open("metrics"):
        return
    yield from validator.owner(part)
    if part.currency and part.currency.rates and not model.is_open("sources"):
        ref = place_of(model.sources, part.currency.rates, "rate")
        yield from (
            _direction(validator, part.currency, ref)
            if ref
            else validator.located(("currency", "rates"), part.currency.rates, "rate")
        )
    if part.currency and part.currency.report_in.strip().upper() not in known_codes():
        yield from currency_code(validator, ("currency", "report_in"), part.currency.report_in)
    for name, rule in part.rules.items():
        yield from rule_problems(validator, part, name, rule)
    for name, semantic in part.semantic_models.items():
        place = ("semantic_models", name)
        yield from validator.entity((*place, "of"), semantic.of)
        for dimension in semantic.dimensions:
            yield from validator.dotted(
                (*place, "dimensions"),
                dimension if dimension_of(dimension).entity else f"{semantic.of}.{dimension}",
            )
        yield from _time(validator, (*place, "time"), part, semantic)
        for title, measure in semantic.measures.items():
            here = (*place, "measures", title)
            yield from validator.named(here, title)
            if measure.agg != "count" and not measure.expr:
                yield validator.problem(
                    here, "model.metrics.measure_of_nothing", name=title, agg=measure.agg
                )
            if measure.expr and measure.expr not in (model.entities.entities):
                yield from validator.expression((*here, "expr"), measure.expr, semantic.of)
    measures = _measures(part)
    for name, movement in part.movements.items():
        yield from validator.named(("movements", name), name)
        yield from validator.known(
            ("movements", name, "of"),
            "measure",
            movement.of,
            [title for title in measures if "." not in title],
        )
        yield from validator.entity(("movements", name, "by"), movement.by)
    for name, metric in part.metrics.items():
        yield from _metric(validator, part, measures, name, metric)
    for name, dashboard in part.dashboards.items():
        yield from _dashboard(validator, part, name, dashboard)


def _direction(validator: Validator, part: Currency, ref: FieldRef) -> Iterator[Problem]:
    """Which currency a rate is a price of, and in which one it is counted."""
    fields = validator.model.fields(ref.source)
    sides = {"base": part.base, "quote": part.quote}
    currencies = [name for name, field in fields.items() if field.type == "currency"]
    missing = [word for word, name in sides.items() if not name]
    if len(missing) == 1:
        yield validator.problem(
            ("currency",), "model.metrics.one_side_of_a_rate", missing=missing[0]
        )
    elif missing and len(currencies) > 1:
        one, other = currencies[:2]
        yield validator.problem(
            ("currency", "rates"),
            "model.metrics.direction_of_a_rate",
            source=ref.source,
            field=ref.field,
            currencies=currencies,
            one=one,
            other=other,
        )
    codes = []
    for word, name in sides.items():
        if name and name not in fields:
            codes += [name] if name in known_codes() else []
            yield from currency_code(validator, ("currency", word), name, ref.source, fields)
    home = part.report_in.strip().upper()
    if len(codes) == 2 and home not in codes:
        yield validator.problem(
            ("currency",),
            "model.metrics.rates_of_other_currencies",
            base=codes[0],
            quote=codes[1],
            home=home,
        )
    if part.base and part.base == part.quote:
        yield validator.problem(
            ("currency", "quote"),
            "model.metrics.one_currency",
            currency=part.base,
        )


def _time(
    validator: Validator, place: tuple[str, ...], part: Metrics, semantic: SemanticModel
) -> Iterator[Problem]:
    """The attribute that dates rows: one of the entity, a date or a time, and the same in each
    of its semantic models.
    """
    if not semantic.time:
        return
    problems = list(validator.dotted(place, f"{semantic.of}.{semantic.time}"))
    yield from problems
    kind = validator.model.type_of(semantic.of, semantic.time)
    if not problems and kind not in ("date", "timestamp"):
        yield validator.problem(
            place, "model.metrics.time_is_no_date", name=semantic.time, type=kind or "no date"
        )
    others = {each.time for each in part.semantic_models.values() if each.of == semantic.of}
    if len(others - {""}) > 1:
        times = sorted(others - {""})
        yield validator.problem(place, "model.metrics.two_times", entity=semantic.of, times=times)


def _measures(part: Metrics) -> dict[str, str]:
    """Every measure and movement kind, and the entity that it belongs to."""
    found = {
        title: semantic.of
        for semantic in part.semantic_models.values()
        for title in semantic.measures
    }
    for name, movement in part.movements.items():
        kinds = ("opening", "closing", *movement.kinds)
        found |= {f"{name}.{kind}{end}": movement.by for kind in kinds for end in ("", "_count")}
    return found


def _metric(
    validator: Validator, part: Metrics, measures: dict[str, str], name: str, metric: Metric
) -> Iterator[Problem]:
    place = ("metrics", name)
    yield from validator.named(place, name)
    yield from validator.owner(metric, *place)
    for word in _NEEDS[metric.type]:
        if not getattr(metric, word):
            yield validator.problem(
                place, "model.metrics.missing_word", name=name, type=metric.type, word=word
            )
    yield from _read(validator, place, metric)
    yield from _moved(validator, place, metric)
    if metric.measure:
        yield from validator.known(
            (*place, "measure"),
            "measure",
            metric.measure,
            measures,
            "07_metrics.yml",
        )
    for word in ("numerator", "denominator"):
        if getattr(metric, word):
            yield from validator.known(
                (*place, word), "metric", getattr(metric, word), part.metrics
            )
    if metric.filter and metric.measure in measures and not validator.model.is_open("entities"):
        yield from validator.expression((*place, "filter"), metric.filter, measures[metric.measure])
    for dimension in metric.by:
        yield from validator.dotted((*place, "by"), dimension)
    if metric.type == "derived" and metric.expr:
        inputs = {**part.metrics, **metric.inputs}
        yield from validator.names(
            (*place, "expr"),
            metric.expr,
            lambda n: validator.known((*place, "expr"), "metric", n, inputs),
        )
    for key, given in metric.inputs.items():
        if isinstance(given, dict) and given.get("offset_window"):
            yield from validator.length(
                (*place, "inputs", key, "offset_window"), str(given["offset_window"])
            )
        if isinstance(given, dict) and given.get("metric"):
            yield from validator.known(
                (*place, "inputs", key), "metric", str(given["metric"]), part.metrics
            )
    if metric.competes_with:
        yield from validator.known(
            (*place, "competes_with"), "metric", metric.competes_with, part.metrics
        )
    if metric.control_total:
        yield from validator.period(
            (*place, "control_total", "period"), metric.control_total.period
        )
    if metric.control_total and metric.control_total.owner:
        yield from validator.departments(
            (*place, "control_total", "owner"), [metric.control_total.owner]
        )


def _read(validator: Validator, place: tuple[str, ...], metric: Metric) -> Iterator[Problem]:
    """What stands at a metric is read by its type: a word that nothing reads would change no
    number, in silence.
    """
    yield from validator.length((*place, "window"), metric.window)
    yield from validator.length((*place, "over"), metric.over)
    for word, types in _READ_BY.items():
        if getattr(metric, word) and metric.type not in types:
            yield validator.problem(
                (*place, word),
                "model.metrics.word_of_another_type",
                word=word,
                type=metric.type,
                types=types,
            )


def _moved(validator: Validator, place: tuple[str, ...], metric: Metric) -> Iterator[Problem]:
    """What may stand at a kind of a movement, and what at nothing else: it has the periods of
    its movement, and all whom it moved.
    """
    moves = "." in metric.measure
    if moves and metric.type == "cumulative":
        yield validator.problem(
            (*place, "type"), "model.metrics.movement_cumulated", measure=metric.measure
        )
    if moves and metric.filter:
        yield validator.problem(
            (*place, "filter"), "model.metrics.movement_filtered", measure=metric.measure
        )
    if metric.ago and (metric.type != "simple" or not moves or metric.ago < 0):
        yield validator.problem((*place, "ago"), "model.metrics.ago_without_movement")


def _dashboard(
    validator: Validator, part: Metrics, name: str, dashboard: Dashboard
) -> Iterator[Problem]:
    place = ("dashboards", name)
    yield from validator.named(place, name)
    yield from validator.owner(dashboard, *place)
    yield from validator.known(
        (*place, "competes_with"), "metric", dashboard.competes_with, part.metrics
    )
    if name in part.metrics or name in part.rules:
        yield validator.problem(place, "model.metrics.dashboard_and_metric", name=name)
    if dashboard.of:
        yield from validator.entity((*place, "of"), dashboard.of)
    if dashboard.ids:
        yield from validator.source((*place, "ids"), dashboard.ids)
    here = (*place, "sql")
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
    validator: Validator, place: tuple[str, ...], names: tuple[str, ...]
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
                place,
                "model.metrics.unknown_table",
                name=name,
                meant=meant,
                known=known,
                closest=closest(meant, known),
            )
