"""Names in 06 history and 07 metrics."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem, WorkbookError, did_you_mean
from workbook.model.crosscheck.desk import Desk
from workbook.model.expressions import one_query
from workbook.model.model import Model
from workbook.model.names import place_of
from workbook.model.parts import Clause, Dashboard, Erasure, Event, Metric, Metrics, Rule

_NEEDS = {"simple": ("measure",), "cumulative": ("measure",), "ratio": ("numerator", "denominator"), "derived": ("expr",)}


def history(model: Model) -> Iterator[Problem]:
    """Attributes, events and states stand on sources and on each other."""
    part, desk = model.history, Desk(model, "history")
    if part is None:
        return
    yield from desk.owner(part)
    for name, kept in part.history.items():
        place = ("history", name)
        entity, _, attribute = name.partition(".")
        if not attribute:
            yield desk.problem(place, f"'{name}' must be written as entity.attribute.")
        yield from desk.entity(place, entity)
        yield from desk.source((*place, "from"), kept.from_)
        for word, field in (("value", kept.value), ("before", kept.before)):
            if field:
                yield from desk.field((*place, word), kept.from_, field)
        if kept.absent and kept.as_ != "snapshots":
            yield desk.problem((*place, "absent"), f"only a snapshot can leave somebody out, and {name} is kept as {kept.as_}.", "Leave `absent` out.")
        if kept.where and kept.from_ in model.source_names:
            yield from desk.over_source((*place, "where"), kept.where, kept.from_)
        yield from _valid(desk, place, kept.from_, kept.as_)
    for name, event in part.events.items():
        place = ("events", name)
        yield from desk.named(place, name)
        yield from desk.entity((*place, "of"), event.of)
        yield from _happens(desk, place, event)
    for entity, asked in part.erasures.items():
        place = ("erasures", entity)
        yield from desk.entity(place, entity)
        yield from _happens(desk, place, asked)
    for entity, states in part.lifecycle.items():
        yield from desk.entity(("lifecycle", entity), entity)
        for name, state in states.items():
            place = ("lifecycle", entity, name)
            yield from desk.known((*place, "starts"), "event", state.starts, part.events)
            if state.starts in part.events and part.events[state.starts].of != entity:
                yield desk.problem((*place, "starts"), f"event '{state.starts}' happens to {part.events[state.starts].of}, not to {entity}.")
            for other in state.next:
                yield from desk.known((*place, "next"), "state", other, states)


def _happens(desk: Desk, place: tuple[str, ...], part: Event | Erasure) -> Iterator[Problem]:
    """Where something stands, and when it happened."""
    yield from desk.source((*place, "from"), part.from_)
    if part.at:
        yield from desk.field((*place, "at"), part.from_, part.at)
    else:
        yield from _valid(desk, place, part.from_, "events")
    if part.where and part.from_ in desk.model.source_names:
        yield from desk.over_source((*place, "where"), part.where, part.from_)


def _valid(desk: Desk, place: tuple[str, ...], source: str, form: str) -> Iterator[Problem]:
    if desk.model.sources is None or source not in desk.model.sources.sources:
        return
    valid = desk.model.sources.sources[source].valid
    if not valid or (form == "periods" and len(valid) < 2):
        need = "`valid: [from, to]`" if form == "periods" else "a `valid:` field"
        yield desk.problem(place, f"{source} does not say when a row is true.", f"Give it {need} in 03_sources.yml.")


def metrics(model: Model) -> Iterator[Problem]:
    """Rules, semantic models and metrics name what is within reach."""
    part, desk = model.metrics, Desk(model, "metrics")
    if part is None:
        return
    yield from desk.owner(part)
    if part.currency and part.currency.rates and model.sources:
        ref = place_of(model.sources, part.currency.rates, "rate")
        yield from () if ref else desk.located(("currency", "rates"), part.currency.rates, "rate")
    for name, rule in part.rules.items():
        yield from _rule(desk, part, name, rule)
    for name, semantic in part.semantic_models.items():
        place = ("semantic_models", name)
        yield from desk.entity((*place, "of"), semantic.of)
        for dimension in semantic.dimensions:
            yield from desk.attribute((*place, "dimensions"), semantic.of, dimension)
        for title, measure in semantic.measures.items():
            here = (*place, "measures", title)
            if measure.agg != "count" and not measure.expr:
                yield desk.problem(here, f"measure '{title}' needs an expr: {measure.agg} of what?")
            if measure.expr and measure.expr not in (model.entities.entities if model.entities else {}):
                yield from desk.expression((*here, "expr"), measure.expr, semantic.of)
    measures = _measures(part)
    for name, movement in part.movements.items():
        yield from desk.known(("movements", name, "of"), "measure", movement.of, measures)
        yield from desk.entity(("movements", name, "by"), movement.by)
    for name, metric in part.metrics.items():
        yield from _metric(desk, part, measures, name, metric)
    for name, dashboard in part.dashboards.items():
        yield from _dashboard(desk, part, name, dashboard)


def _measures(part: Metrics) -> dict[str, str]:
    """Every measure and movement kind, and the entity that it belongs to."""
    found = {title: semantic.of for semantic in part.semantic_models.values() for title in semantic.measures}
    for name, movement in part.movements.items():
        kinds = ("opening", "closing", *movement.kinds)
        found |= {f"{name}.{kind}{end}": movement.by for kind in kinds for end in ("", "_count")}
    return found


def _rule(desk: Desk, part: Metrics, name: str, rule: Rule) -> Iterator[Problem]:
    place = ("rules", name)
    yield from desk.named(place, name)
    yield from desk.owner(rule, *place)
    yield from desk.entity((*place, "of"), rule.of)
    if name in part.metrics:
        yield desk.problem(place, f"'{name}' is a rule and a metric.", "Rename one: a bare name must say which is meant.")
    if name in desk.model.attributes(rule.of):
        yield desk.problem(place, f"'{name}' is a rule and an attribute of {rule.of}.", "Rename the rule.")
    if not (rule.all or rule.any or rule.none):
        yield desk.problem(place, f"rule '{name}' has no condition.", "Give it `all:`, `any:` or `none:`.")
    for word in ("all", "any", "none"):
        for number, item in enumerate(getattr(rule, word)):
            here = (*place, word, number)
            if isinstance(item, str):
                yield from desk.expression(here, item, rule.of)
            else:
                yield from _clause(desk, here, rule, item)
    if rule.competes_with:
        yield from desk.known((*place, "competes_with"), "rule", rule.competes_with, part.rules)


def _clause(desk: Desk, place: tuple[str | int, ...], rule: Rule, clause: Clause) -> Iterator[Problem]:
    thing = clause.some or clause.no
    if bool(clause.some) == bool(clause.no):
        yield desk.problem(place, "a clause needs either `some:` or `no:`.")
        return
    model = desk.model
    events = model.history.events if model.history else {}
    known = {**(model.entities.entities if model.entities else {}), **events}
    if known:
        yield from desk.known(place, "entity or event", thing, known, "04_entities.yml and 06_history.yml")
    if clause.where and thing in (model.entities.entities if model.entities else {}):
        yield from desk.expression((*place, "where"), clause.where, thing)


def _metric(desk: Desk, part: Metrics, measures: dict[str, str], name: str, metric: Metric) -> Iterator[Problem]:
    place = ("metrics", name)
    yield from desk.named(place, name)
    yield from desk.owner(metric, *place)
    for word in _NEEDS[metric.type]:
        if not getattr(metric, word):
            yield desk.problem(place, f"metric '{name}' is {metric.type} and has no `{word}`.", f"Add `{word}:`.")
    if metric.measure:
        yield from desk.known((*place, "measure"), "measure", metric.measure, measures, "07_metrics.yml under semantic_models")
    for word in ("numerator", "denominator"):
        if getattr(metric, word):
            yield from desk.known((*place, word), "metric", getattr(metric, word), part.metrics)
    if metric.filter and metric.measure in measures and desk.model.entities:
        yield from desk.expression((*place, "filter"), metric.filter, measures[metric.measure])
    for dimension in metric.by:
        yield from desk.dotted((*place, "by"), dimension)
    if metric.type == "derived" and metric.expr:
        inputs = {**part.metrics, **metric.inputs}
        yield from desk.names((*place, "expr"), metric.expr, lambda n: desk.known((*place, "expr"), "metric", n, inputs))
    for key, given in metric.inputs.items():
        if isinstance(given, dict) and given.get("metric"):
            yield from desk.known((*place, "inputs", key), "metric", str(given["metric"]), part.metrics)
    if metric.competes_with:
        yield from desk.known((*place, "competes_with"), "metric", metric.competes_with, part.metrics)
    if metric.control_total and metric.control_total.owner:
        yield from desk.functions((*place, "control_total", "owner"), [metric.control_total.owner])


def _dashboard(desk: Desk, part: Metrics, name: str, dashboard: Dashboard) -> Iterator[Problem]:
    place = ("dashboards", name)
    yield from desk.named(place, name)
    yield from desk.owner(dashboard, *place)
    yield from desk.known((*place, "competes_with"), "metric", dashboard.competes_with, part.metrics)
    if name in part.metrics or name in part.rules:
        yield desk.problem(place, f"'{name}' is a dashboard and a metric or a rule.", "Rename the dashboard.")
    if dashboard.of:
        yield from desk.entity((*place, "of"), dashboard.of)
    if dashboard.ids:
        yield from desk.source((*place, "ids"), dashboard.ids)
    here = (*place, "sql")
    try:
        _, columns, tables = one_query(dashboard.sql)
    except WorkbookError as error:
        yield desk.problem(here, str(error), "Paste one select that gives a column `value`, and perhaps `month` and `id`.")
        return
    strange = [column for column in columns if column.lower() not in ("value", "month", "id")]
    if strange or not {"value", "id"} & {column.lower() for column in columns}:
        what = f"gives {', '.join(repr(column) for column in columns)}" if strange else "gives neither `value` nor `id`"
        yield desk.problem(here, f"this select {what}.", "Name its columns with `as`: value, and perhaps month and id.")
    yield from _tables(desk, here, tables)


def _tables(desk: Desk, place: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Problem]:
    """The tables that pasted SQL reads: landed ones and canonical ones."""
    model = desk.model
    if not model.sources or not model.entities:
        return
    landed = [source.replace(".", "__") for source in model.source_names]
    own = [f"{entity}{end}" for entity in model.entity_names for end in ("", *(("__clusters", "__records") if model.has_identity(entity) else ()))]
    known = [*landed, *own, *model.entities.relationships]
    for name in names:
        if name not in known:
            meant = name.split(".", 1)[-1] if name.startswith("main.") else name.replace(".", "__")
            hint = f"Write {meant}." if meant in known else did_you_mean(meant, known) or f"Known: {', '.join(known[:12])}."
            yield desk.problem(place, f"this SQL reads '{name}', which is no landed and no canonical table.", hint)
