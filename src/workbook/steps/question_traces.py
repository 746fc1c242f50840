"""The source fields that each question's answer uses, and those that the model does not use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import polars as pl

from workbook.catalog import named_in_decisions
from workbook.engine import column_lineage
from workbook.metrics import value_table
from workbook.model.schema import Question
from workbook.model.table_names import raw_table_of
from workbook.scenarios.context import Context
from workbook.steps import questions_asked
from workbook.steps.questions_asked import Field
from workbook.words.wording import capital, humanize, truncate_list

SEVERAL = "several"  # no entity's name: a metric that is made of measures of several
_QUESTIONS = 3  # named of one source
_UNUSED = 8  # fields named of one source
_SCHEMA = {
    "source": pl.String,
    "row_is": pl.String,
    "declared": pl.Int64,
    "asked": pl.Int64,
    "questions": pl.String,
    "unread": pl.Int64,
    "names": pl.String,
}


class QuestionTraces:
    """Questions, metrics and sources of one project, traced to fields."""

    def __init__(self, context: Context) -> None:
        self.context, self.model = context, context.model

    @cached_property
    def by_metric(self) -> dict[str, set[Field]]:
        """Every metric that can be calculated, and the fields that its value uses."""
        found: dict[str, set[Field]] = {}
        tables = {raw_table_of(source): source for source in self.model.source_names}
        for name in self.model.metrics.metrics:
            if self.context.has(value_table(name)):
                origins = column_lineage(self.context.plan, value_table(name))
                found[name] = {
                    (tables[origin.source_table], origin.source_column)
                    for origin in origins
                    if origin.source_table in tables
                }
        return found

    @cached_property
    def by_question(self) -> dict[str, set[Field]]:
        """By question the fields that its answer uses: its metrics, their splits, and the views
        and audiences made for it.
        """
        questions = self.model.questions.questions
        return {name: self._fields_for(name, question) for name, question in questions.items()}

    def _fields_for(self, name: str, question: Question) -> set[Field]:
        metrics = [metric for metric in question.answered_by if metric in self.by_metric]
        splits = [
            thing
            for metric in metrics
            for thing in questions_asked.split_things(
                self.model, self.entity_of(metric), question.by
            )
        ]
        views = questions_asked.view_things(self.model, name)
        return questions_asked.fields_under(self.model, metrics, [*splits, *views])

    def entity_of(self, metric: str) -> str:
        """The entity that a metric counts, or SEVERAL."""
        section = self.model.metrics
        if metric not in section.metrics:
            return SEVERAL
        measure = section.metrics[metric].measure or section.metrics[metric].numerator
        for semantic in section.semantic_models.values():
            if measure in semantic.measures:
                return semantic.of
        movement = section.movements.get(measure.partition(".")[0])
        return movement.by if movement else self.entity_of(measure)

    @cached_property
    def by_source(self) -> pl.DataFrame:
        """One row per source: its fields, those that a question's answer uses, those that the
        model does not use.
        """
        for_questions = set().union(*self.by_question.values())
        read, named = for_questions | set(self._used()), named_in_decisions(self.model)
        rows = []
        for source, spec in (self.model.sources.sources).items():
            names = list(self.model.fields(source))
            unused = [
                name for name in names if (source, name) not in read and name.lower() not in named
            ]
            questions = [
                humanize(question)
                for question, fields in self.by_question.items()
                if any(other == source for other, _ in fields)
            ]
            rows.append(
                {
                    "source": capital(humanize(source)),
                    "row_is": spec.row_is,
                    "declared": len(names),
                    "asked": sum((source, name) in for_questions for name in names),
                    "questions": truncate_list(questions, _QUESTIONS),
                    "unread": len(unused),
                    "names": truncate_list(map(humanize, unused), _UNUSED),
                }
            )
        return pl.DataFrame(rows, schema=_SCHEMA)

    @property
    def unused(self) -> int:
        """How many source fields the model does not use."""
        return int(self.by_source["unread"].sum())

    def _used(self) -> Iterator[Field]:
        """Fields that a key, a time, an entity's attribute, a history or any metric uses."""
        model = self.model
        for fields in self.by_metric.values():
            yield from fields
        for places in model.identifier_places.values():
            yield from ((ref.source, ref.field) for ref in places)
        for source, spec in (model.sources.sources).items():
            times = (*spec.primary_key, *spec.valid, spec.recorded)
            currencies = (field.currency for field in spec.fields.values())
            yield from ((source, name) for name in (*times, *currencies) if name)
        for name, entity in (model.entities.entities).items():
            if entity.attributes:
                for refs in model.attributes(name).values():
                    yield from ((ref.source, ref.field) for ref in refs)
        for kept in (model.history.history).values():
            yield from ((kept.from_, kept.value), (kept.from_, kept.before))
        for event in (model.history.events).values():
            yield (event.from_, event.at)
