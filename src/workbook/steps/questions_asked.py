"""What the answers to the questions of page 01 rest on: metrics, splits, and the views and
audiences made for a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workbook.engine import quote
from workbook.governance import IN
from workbook.metrics.report.period_wording import longer
from workbook.model import Model
from workbook.model.dependencies import dependencies_of
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Thing
from workbook.model.readings import readings, uses_of
from workbook.scenarios.context import Context
from workbook.words import number
from workbook.words.wording import agreeing, humanize, join_words

Field = tuple[str, str]  # source, field
_ASKED = "outside of what the "  # how the reason begins of whom a view does not ask for


def fields_under(model: Model, metrics: Iterable[str], things: Iterable[Thing] = ()) -> set[Field]:
    """The fields that the definitions of metrics and other things lead to: what values are made
    of, chosen, linked, matched and keyed by.
    """
    names = [name for name in metrics if name]
    starts = [*(Thing("metric", name) for name in names), *things]
    found = {
        way[-1].name for way in derivation_of(model).under(starts) if way[-1].kind == "field"
    } | dependencies_of(model, names).fields
    split = (
        (tuple(name.split(".")[:2]), name.split(".")[2]) for name in found if name.count(".") > 1
    )
    read = {
        (".".join(source), field)
        for source, field in split
        if field in model.fields(".".join(source))
    }
    keys = (
        {source: model.sources.sources[source].primary_key for source, _ in read}
        if model.sources
        else {}
    )
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
    """Every metric that answers a question or stands in a view, is a part of one, or stands
    beside one as the same over a longer time.
    """
    part = model.questions
    named = [
        name
        for question in (part.questions.values() if part else ())
        for name in question.answered_by
    ]
    beside = [
        other
        for name in named
        if model.metrics and name in model.metrics.metrics
        for other in longer(model, name)
    ]
    starts = [*(Thing("metric", name) for name in (*named, *beside)), *view_things(model)]
    return {way[-1].name for way in derivation_of(model).under(starts) if way[-1].kind == "metric"}


def seen_in(context: Context, question: str) -> Iterator[str]:
    """Of each view and audience made for a question: how many rows are in it, and why the
    others that it asks for are not.
    """
    for table, use in made_for(context.model, question).items():
        name = humanize(table.partition("__")[2])
        if not context.has(decided := f"{table}__decided"):
            yield f"see {name} in section 11"
            continue
        counts = dict(
            context.query(
                f"select decision, count(*) as n from {quote(decided)} group by decision order by n"
                " desc, decision"
            ).rows()
        )
        inside = counts.pop(IN, 0)
        out = [
            f"{number.integer(count)} {reason}"
            for reason, count in counts.items()
            if not reason.startswith(_ASKED)
        ]
        asked = inside + sum(
            count for reason, count in counts.items() if not reason.startswith(_ASKED)
        )
        said = (
            f"{name}, section 11, asks for {number.plural(asked, humanize(use.of))}:"
            f" {number.integer(inside)} {agreeing(inside, 'is', 'are')} in it"
        )
        yield said + (f", the others are out ({join_words(out)})" if out else "")
