"""Expressions in which `as_of` or `id` is a name of the team's own, and not the day of the page
or our id.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import WorkbookError
from workbook.model.dated_by import dated_sources
from workbook.model.expressions import scalar_expression
from workbook.model.model import Model
from workbook.model.view_reads import limited_by, uses_of
from workbook.model.yaml_text import Place

_OURS = {"as_of": "the day that every page is about", "id": "the id of the workbook"}


def shadows(model: Model) -> list[str]:
    """One sentence per expression that means an attribute or a field where another project
    would mean a word of ours.
    """
    found: dict[str, None] = {}
    for word, place, of, text in expressions(model):
        if not text:
            continue
        try:
            _, names = scalar_expression(text)
        except WorkbookError:
            continue
        own = (
            model.names_of(of)
            if of in model.entity_names
            else model.fields(of)
            if of in model.source_names
            else ()
        )
        for name, ours in _OURS.items():
            if name in own and {name, f"{of}.{name}"} & set(names):
                where = f"{model.texts[word].file}:{model.texts[word].line(place)}"
                also = "; write _id for that" if name == "id" and of in model.entity_names else ""
                found[f"{where}: here '{name}' is {of}'s own, not {ours}{also}."] = None
    return list(found)


def expressions(model: Model) -> Iterator[tuple[str, Place, str, str]]:
    """Every expression of the model: the step of its file, its place, the entity or source that
    it is about, its text.
    """
    yield from _of_metrics(model)
    for name, entity in model.entities.entities.items():
        for source in entity.from_:
            yield "entities", ("entities", name, "where"), source, model.where(name, source)
    history = model.history
    for name, kept in history.history.items():
        yield "history", ("history", name, "where"), kept.from_, kept.where
    for name, event in history.events.items():
        yield "history", ("events", name, "where"), event.from_, event.where
    for name, erasure in history.erasures.items():
        yield "history", ("erasures", name, "where"), erasure.from_, erasure.where
    yield from _of_survivorship(model)
    for name, check in model.checks.checks.items():
        yield "checks", ("checks", name, "must"), check.on, check.must
    for kind in ("views", "audiences") if not model.is_open("customer_360") else ():
        for name, view in getattr(model.customer_360, kind).items():
            for word in ("only", "consent", "opt_out"):
                yield "customer_360", (kind, name, word), view.of, getattr(view, word, "")
    yield from _of_purposes(model)


def _of_survivorship(model: Model) -> Iterator[tuple[str, Place, str, str]]:
    for name, rule in model.survivorship.fields.items():
        place, entity = ("fields", name), name.partition(".")[0]
        yield "survivorship", (*place, "expr"), entity, rule.expr
        for item in rule.order:
            sources = [
                source
                for source in model.entity_sources(entity)
                if item.source in (source, model.system_of(source))
            ]
            yield from (
                ("survivorship", (*place, "order"), source, item.only_if) for source in sources
            )
        for dated in dated_sources(model, *name.split(".", 1)).values() if "." in name else ():
            yield "survivorship", (*place, "dated_by"), dated.log, dated.where


def _of_purposes(model: Model) -> Iterator[tuple[str, Place, str, str]]:
    """Conditions of purposes and roles, over the entity of each view that they are asked of."""
    section = model.ai_context
    for _, _, use in uses_of(model):
        if use.purpose in section.purposes:
            yield (
                "ai_context",
                ("purposes", use.purpose, "only_if"),
                use.of,
                section.purposes[use.purpose].only_if,
            )
        yield from (
            (reading.word, reading.place, use.of, reading.text)
            for _, _, reading in limited_by(model, use)
        )


def _of_metrics(model: Model) -> Iterator[tuple[str, Place, str, str]]:
    section = model.metrics
    if model.is_open("metrics"):
        return
    measures = {
        title: (name, semantic.of, measure.expr)
        for name, semantic in section.semantic_models.items()
        for title, measure in semantic.measures.items()
    }
    for title, (name, of, text) in measures.items():
        yield "metrics", ("semantic_models", name, "measures", title, "expr"), of, text
    for name, rule in section.rules.items():
        for word in ("all", "any", "none"):
            for number, item in enumerate(getattr(rule, word)):
                place = ("rules", name, word, number)
                yield (
                    ("metrics", place, rule.of, item)
                    if isinstance(item, str)
                    else ("metrics", place, item.some or item.no, item.where)
                )
    for name, metric in section.metrics.items():
        yield (
            "metrics",
            ("metrics", name, "filter"),
            measures.get(metric.measure, ("", "", ""))[1],
            metric.filter,
        )
