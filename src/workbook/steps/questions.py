"""01 Questions: what must be answered, and whether each answer can be traced to a field of a
source.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import polars as pl

from workbook.catalog import named_in_decisions
from workbook.engine import column_lineage
from workbook.finding import Finding
from workbook.metrics import kind_of, segment_table, unit_of, value_table
from workbook.metrics.report import wording
from workbook.metrics.report.period_wording import period_told
from workbook.metrics.results.confidence_range import range_of
from workbook.model.table_names import raw_table_of
from workbook.show import Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.steps import questions_asked
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list

_UNASKED = 8  # numbers without a question that are listed with their meaning; the rest are named
NO_QUESTION = "no question is written down yet (01_questions.yml)"


@why_empty(
    answers=NO_QUESTION,
    trace=NO_QUESTION,
    unread="no source is declared yet (03_sources.yml)",
    unasked=lambda step: (
        NO_QUESTION if not step.rows else "every number that is defined is asked for"
    ),
)
class Questions(Step):
    """The questions step."""

    word = "questions"
    page = "01"
    title = "Questions"
    asks = "What must we be able to answer?"

    @cached_property
    def traced(self) -> dict[str, set[tuple[str, str]]]:
        """Every metric that can be computed, and the fields (source, field) that its value
        rests on.
        """
        found: dict[str, set[tuple[str, str]]] = {}
        tables = {raw_table_of(source): source for source in self.model.source_names}
        for name in self.model.metrics.metrics if self.model.metrics else ():
            if self.context.has(value_table(name)):
                origins = column_lineage(self.context.plan, value_table(name))
                found[name] = {
                    (tables[o.source_table], o.source_column)
                    for o in origins
                    if o.source_table in tables
                }
        return found

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row per question: who asks, what answers, from which systems, and whether it can
        be answered.
        """
        part = self.model.questions
        return [
            self._row(name, question) for name, question in (part.questions if part else {}).items()
        ]

    def _row(self, name: str, question: Any) -> dict[str, Any]:
        answered = [metric for metric in question.answered_by if metric in self.traced]
        fields = self._rests[name]
        missing = [metric for metric in question.answered_by if metric not in self.traced]
        unsplit = [
            by
            for by in question.by
            if not any(self.context.has(segment_table(metric, by)) for metric in answered)
        ]
        state = (
            "pass" if answered and not missing and not unsplit else "look" if answered else "fail"
        )
        return {
            "name": name,
            "ask": question.ask,
            "asked_by": ", ".join(question.asked_by) or "nobody yet",
            "decides": question.decides or "no decision named",
            "state": state,
            "answer": "; ".join(
                [
                    *(self._answer(metric) for metric in answered),
                    *self._further(name, question, unsplit),
                ]
            ),
            "missing": missing,
            "entity": ", ".join(dict.fromkeys(self._entity(metric) for metric in answered)),
            "fields": len(fields),
            "systems": ", ".join(sorted({self.model.system_of(source) for source, _ in fields})),
            "why": self._why(question, missing, unsplit if answered else []),
            "owner": self.model.owner_of("questions", "questions", name),
        }

    @cached_property
    def _rests(self) -> dict[str, set[tuple[str, str]]]:
        """By question the fields (source, field) that its answer rests on: its metrics, their
        splits, and the views and audiences made for it.
        """
        found = {}
        for name, question in (
            self.model.questions.questions if self.model.questions else {}
        ).items():
            answered = [metric for metric in question.answered_by if metric in self.traced]
            things = [
                thing
                for metric in answered
                for thing in questions_asked.split_things(
                    self.model, self._entity(metric), question.by
                )
            ]
            found[name] = questions_asked.fields_under(
                self.model, answered, [*things, *questions_asked.view_things(self.model, name)]
            )
        return found

    def _answer(self, metric: str) -> str:
        label = wording.label_of(self.model, metric)
        value = self.context.frame(value_table(metric))["value"]
        period = period_told(self.model, self.context, metric)
        kind, unit = kind_of(self.model, metric), unit_of(self.model, metric)
        said = wording.format_metric_value(value[0] if len(value) else None, kind, unit)
        if (
            len(value)
            and value[0] is not None
            and (found := range_of(self.model, self.context, metric))
        ):
            said += f", {wording.range_said(found, kind, unit)}"
        return f"{label} {said}{f' ({period})' if period else ''}"

    def _entity(self, metric: str) -> str:
        part = self.model.metrics
        name = part.metrics[metric].measure or part.metrics[metric].numerator if part else ""
        for semantic in part.semantic_models.values() if part else ():
            if name in semantic.measures:
                return semantic.of
        movement = part.movements.get(name.partition(".")[0]) if part else None
        if movement:
            return movement.by
        return self._entity(name) if part and name in part.metrics else "several"

    def _further(self, name: str, question: Any, unsplit: list[str]) -> list[str]:
        """Where the rest of an answer is: the splits that were asked for, and how many are in
        the views and audiences made for the question.
        """
        split: dict[str, list[str]] = {}
        for by in question.by:
            if by not in unsplit:
                for metric in question.answered_by:
                    if self.context.has(segment_table(metric, by)):
                        split.setdefault(wording.label_of(self.model, metric), []).append(
                            humanize(by.replace(".", " "))
                        )
        return [
            *(f"{label} by {join_words(words)}: figure 7.4" for label, words in split.items()),
            *questions_asked.seen_in(self.context, name),
        ]

    def _why(self, question: Any, missing: list[str], unsplit: list[str]) -> str:
        if not question.answered_by:
            return "no metric is named that would answer it"
        if self.model.metrics is None:
            return "metrics are not decided yet"
        if missing:
            return f"{join_words([humanize(name) for name in missing])} cannot be computed"
        return (
            "no number is split by"
            f" {join_words([humanize(by.replace('.', ' ')) for by in unsplit])}"
            if unsplit
            else ""
        )

    @cached_property
    def fields(self) -> pl.DataFrame:
        """One row per source: its fields, those that a question's answer rests on, those that
        nothing reads.
        """
        for_questions = set().union(*self._rests.values())
        read, named = for_questions | self._read_elsewhere(), named_in_decisions(self.model)
        rows = []
        for source in self.model.source_names:
            names = list(self.model.fields(source))
            unread = [
                name for name in names if (source, name) not in read and name.lower() not in named
            ]
            rows.append(
                {
                    "source": source,
                    "row_is": self.model.sources.sources[source].row_is,
                    "declared": len(names),  # type: ignore[union-attr]
                    "asked": sum((source, name) in for_questions for name in names),
                    "questions": truncate_list(
                        [
                            humanize(word)
                            for word, fields in self._rests.items()
                            if any(each == source for each, _ in fields)
                        ],
                        3,
                    ),
                    "unread": len(unread),
                    "names": truncate_list(unread, 8),
                }
            )
        schema = {
            "source": pl.String,
            "row_is": pl.String,
            "declared": pl.Int64,
            "asked": pl.Int64,
            "questions": pl.String,
            "unread": pl.Int64,
            "names": pl.String,
        }
        return pl.DataFrame(rows, schema=schema)

    def _read_elsewhere(self) -> set[tuple[str, str]]:
        """Fields that a key, a time, an entity's attribute, a history or another metric reads;
        names in decisions are read, too.
        """
        model = self.model
        read = {field for fields in self.traced.values() for field in fields}
        read |= {
            (ref.source, ref.field) for places in model.identifier_places.values() for ref in places
        }
        for source, spec in (model.sources.sources if model.sources else {}).items():
            read |= {
                (source, name) for name in (*spec.primary_key, *spec.valid, spec.recorded) if name
            }
            read |= {(source, field.currency) for field in spec.fields.values() if field.currency}
        for name, entity in (model.entities.entities if model.entities else {}).items():
            if entity.attributes:
                read |= {
                    (ref.source, ref.field)
                    for refs in model.attributes(name).values()
                    for ref in refs
                }
        for kept in (model.history.history if model.history else {}).values():
            read |= {(kept.from_, kept.value), (kept.from_, kept.before)}
        for event in (model.history.events if model.history else {}).values():
            read |= {(event.from_, event.at)}
        return read

    def headline(self) -> Headline:
        """How many questions can be answered from the data."""
        rows = self.rows
        if not rows:
            lede = (
                "A good first list holds five to ten questions, each with a person who asks and a"
                " decision that waits for the answer."
            )
            return Headline(
                self.page,
                self.title,
                "What we must be able to answer is not written down yet.",
                lede,
                state="open",
            )
        can = [row for row in rows if row["state"] == "pass"]
        sentence = (
            f"For {_of(len(can), len(rows))} every number and split that is named as the answer is"
            " computed from the data today."
        )
        return Headline(
            self.page,
            self.title,
            sentence,
            self._lede(rows),
            owner=self.model.owner_of("questions"),
        )

    def _lede(self, rows: list[dict[str, Any]]) -> str:
        open_rows = [row for row in rows if row["state"] != "pass"]
        first = (
            f"“{open_rows[0]['ask']}” waits: {open_rows[0]['why']}."
            if open_rows
            else "Each answer is traced to the fields it rests on."
        )
        unread = int(self.fields["unread"].sum())
        return (
            f"{first} {number.plural(unread, 'field')} of the sources"
            f" {'is' if unread == 1 else 'are'} read by nothing in this model."
        )

    def answers(self) -> Figure:
        """Figure 1.1: every question, who asks it, what it decides, and its answer today."""
        columns = [
            Column("state", " ", "check"),
            Column("ask", "Question", detail="decides"),
            Column("asked_by", "Asked by"),
            Column("answer", "Answer today"),
            Column("why", "What is missing"),
        ]
        order = {"fail": 0, "look": 1, "pass": 2}
        frame = frame_for(sorted(self.rows, key=lambda row: order[row["state"]]), columns)
        caption = (
            "The second line names the decision that waits. An answer is a metric of section 07"
            " with its own meaning, owner and caveats; whether it is what was asked is for those to"
            " say who asked."
        )
        return Figure(
            "1.1",
            "Which questions can we answer?",
            "As of the date of this dossier",
            table(frame, columns),
            caption,
        )

    def trace(self) -> Figure:
        """Figure 1.2: question, metric, entity, fields, systems."""
        columns = [
            Column("ask", "Question"),
            Column("metrics", "Metric"),
            Column("entity", "Entity"),
            Column("fields", "Fields in all", "int"),
            Column("systems", "Systems"),
        ]
        part = self.model.questions
        rows = (
            [
                {**row, "metrics": ", ".join(part.questions[row["name"]].answered_by) or "none"}
                for row in self.rows
            ]
            if part
            else []
        )
        caption = (
            "Fields are those that the definitions of the metrics, of the splits that were asked"
            " for and of the views made for the question lead to: what a value is made of, and what"
            " it is chosen, linked, matched or keyed by. Figure 9.3 counts from the SQL of a"
            " metric, which reads more: when a record was written, which months there are, what"
            " tells two copies apart."
        )
        return Figure(
            "1.2",
            "What does each answer rest on?",
            "From question to source",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def unread(self) -> Figure:
        """Figure 1.3: per source, fields that questions need and fields that nothing reads."""
        columns = [
            Column("source", "Source", detail="row_is"),
            Column("declared", "Fields", "int"),
            Column("asked", "For a question", "int", detail="questions"),
            Column("unread", "Read by nothing", "int"),
            Column("names", "Among them"),
        ]
        caption = (
            "Under the count of a source: the questions whose answers use it. A field that nothing"
            " reads costs upkeep and, where it is personal, risk. Ask a question of it, or stop"
            " loading it, unless it is kept as evidence, as how a consent was collected is."
        )
        return Figure(
            "1.3",
            "Which fields does nobody need?",
            "One row per source",
            table(self.fields, columns),
            caption,
        )

    def unasked(self) -> Figure:
        """Figure 1.4: metrics that no question asks for, directly, as a part of another or in a
        view.
        """
        part = self.model.metrics
        rows = [
            {
                "metric": wording.label_of(self.model, name),
                "means": wording.means_of(self.model, name),
                "owner": self.model.owner_of("metrics", "metrics", name) or "nobody",
            }
            for name in (part.metrics if part else {})
            if name in self._unasked
        ]
        columns = [Column("metric", "Number", detail="means"), Column("owner", "Owner")]
        caption = (
            "These answer no question and stand in no view, and nothing that does is made from"
            " them. Such a number can go, or somebody has not yet written the question down."
        )
        caption += (
            f" And {number.integer(len(rows) - _UNASKED)} more:"
            f" {join_words([row['metric'] for row in rows[_UNASKED:]])}."
            if len(rows) > _UNASKED
            else ""
        )
        return Figure(
            "1.4",
            "Which numbers does nobody ask for?",
            "Metrics of section 07",
            table(frame_for(rows[:_UNASKED], columns), columns),
            caption,
        )

    @cached_property
    def _unasked(self) -> set[str]:
        part = self.model.metrics
        return (
            set()
            if part is None or self.model.questions is None
            else set(part.metrics) - questions_asked.metrics_asked(self.model)
        )

    def conclude(self) -> list[Finding]:
        """Questions without an answer, fields and metrics without a question."""
        if not self.rows:
            return [
                Finding(
                    "questions.open",
                    "note",
                    "No question is written down that the model must answer.",
                    self.page,
                )
            ]
        found = []
        for row in self.rows:
            if row["state"] != "pass":
                sentence = f"“{row['ask']}” cannot be answered yet: {row['why']}."
                found.append(
                    Finding(
                        "questions.unanswerable",
                        "look",
                        sentence,
                        self.page,
                        None,
                        row["owner"],
                        (row["name"],),
                    )
                )
        unread = int(self.fields["unread"].sum())
        if unread:
            sentence = (
                f"{number.plural(unread, 'field')} of the sources {'is' if unread == 1 else 'are'}"
                " read by nothing."
            )
            found.append(Finding("questions.orphan_fields", "note", sentence, self.page, unread))
        if self._unasked:
            sentence = (
                f"{number.plural(len(self._unasked), 'metric')}"
                f" {'answers' if len(self._unasked) == 1 else 'answer'} no question that is written"
                f" down and {'stands' if len(self._unasked) == 1 else 'stand'} in no view."
            )
            found.append(
                Finding(
                    "questions.unasked_metrics", "note", sentence, self.page, len(self._unasked)
                )
            )
        return found


def _of(some: int, all_: int) -> str:
    if some == all_:
        return f"all {all_} questions" if all_ > 1 else "the one question"
    return f"{some} of {all_} questions"
