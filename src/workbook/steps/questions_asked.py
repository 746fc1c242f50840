"""What the answers to the questions of page 01 use: metrics, splits, and the views and
audiences made for a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workbook.engine import quote
from workbook.governance import IN
from workbook.metrics.report.period_wording import longer
from workbook.model import Model
from workbook.model.dependencies import dependencies_of
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Thing
from workbook.model.view_reads import readings, uses_of
from workbook.scenarios.context import Context
from workbook.steps.decision_lines import decision_lines

Field = tuple[str, str]  # source, field
_NOT_ASKED_FOR = (
    "outside of what the "  # how the reason begins of rows that a view does not ask for
)


def fields_under(model: Model, metrics: Iterable[str], things: Iterable[Thing] = ()) -> set[Field]:
    """The fields that the definitions of metrics and other things lead to: what values are made
    of, chosen, linked, matched and keyed by.
    """
    names = [name for name in metrics if name]
    starts = [*(Thing("metric", name) for name in names), *things]
    found = {
        path[-1].name for path in derivation_of(model).under(starts) if path[-1].kind == "field"
    } | dependencies_of(model, names).fields
    split = (
        (tuple(name.split(".")[:2]), name.split(".")[2]) for name in found if name.count(".") > 1
    )
    read = {
        (".".join(source), field)
        for source, field in split
        if field in model.fields(".".join(source))
    }
    keys = {source: model.sources.sources[source].primary_key for source, _ in read}
    return read | {(source, key) for source, names in keys.items() for key in names}


def split_things(model: Model, entity: str, by: Iterable[str]) -> list[Thing]:
    """What the splits that a question asks for read."""
    return [
        read.thing for dimension in by for read in derivation_of(model).of_field(entity, dimension)
    ]


def made_for(model: Model, question: str) -> dict[str, Any]:
    """The views and audiences that answer a question, by the name of their table."""
    return {
        f"{kind.removesuffix('s')}__{name}": use
        for kind, name, use in uses_of(model)
        if use.answers == question
    }


def view_things(model: Model, question: str = "") -> list[Thing]:
    """What views and audiences read, those of one question or all."""
    return [
        read.thing
        for kind, name, use in uses_of(model)
        if question in ("", use.answers)
        for reading in readings(model, kind, name, use)
        for read in reading.reads
    ]


def metrics_asked(model: Model) -> set[str]:
    """Every metric that answers a question or is in a view, is a part of one, or is the same as
    one over a longer time; and whoever competes with one of these, or has a control total.
    """
    section = model.questions
    named = [name for question in section.questions.values() for name in question.answered_by]
    named += [
        name
        for name, metric in model.metrics.metrics.items()
        if metric.control_total or metric.competes_with in named
    ]
    beside = [
        other for name in named if name in model.metrics.metrics for other in longer(model, name)
    ]
    starts = [*(Thing("metric", name) for name in (*named, *beside)), *view_things(model)]
    return {
        path[-1].name for path in derivation_of(model).under(starts) if path[-1].kind == "metric"
    }


@dataclass(frozen=True)
class MadeFor:
    """A view or audience that was made for a question: of how many `entity` rows that it asks
    for how many are in it, and by reason how many are not. `asked` is None where nothing is
    decided row by row, `hidden` says that too few people are excluded to count them.
    """

    name: str
    entity: str
    included: int = 0
    excluded: tuple[tuple[str, int], ...] = ()
    asked: int | None = None
    hidden: bool = False


def made_for_counts(context: Context, question: str) -> Iterator[MadeFor]:
    """Each view and audience made for a question, with its counts."""
    for table, use in made_for(context.model, question).items():
        name, decided = table.partition("__")[2], f"{table}__decided"
        if not context.has(decided):
            yield MadeFor(name, use.of)
            continue
        sql = (
            f"select decision, count(*) as n from {quote(decided)} group by decision"
            " order by n desc, decision"
        )
        counts = dict(context.query(sql).rows())
        included = counts.pop(IN, 0)
        lines = decision_lines(
            context.model,
            use,
            {item: n for item, n in counts.items() if not item.startswith(_NOT_ASKED_FOR)},
        )
        excluded = tuple((line.reason, line.count) for line in lines)
        hidden = any(line.hidden for line in lines)
        asked = included + sum(count for _, count in excluded)
        yield MadeFor(name, use.of, included, excluded, asked, hidden)
