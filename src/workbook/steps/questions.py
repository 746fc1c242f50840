"""01 Questions: what must be answered, and whether each answer can be traced to source fields."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook.finding import Finding
from workbook.metrics import kind_of, segment_table, unit_of, value_table
from workbook.metrics.report import metric_wording
from workbook.metrics.report.caveat_wording import row_caveat
from workbook.metrics.report.period_wording import period_told
from workbook.metrics.results.confidence_range import range_of
from workbook.metrics.results.definitions import choice_of
from workbook.metrics.results.never_measured import never_measured
from workbook.model.schema import Question
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps import questions_asked
from workbook.steps.metrics import PlanReader
from workbook.steps.question_sheet import QuestionSheets
from workbook.steps.question_traces import SEVERAL, QuestionTraces
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import capital, humanize

_UNASKED = 8  # metrics without a question that are listed with their meaning; the rest are named
_ORDER = {"fail": 0, "look": 1, "pass": 2}
_NOBODY = words_of("shared").text("owner.nobody")


class Questions(Step):
    """The questions step."""

    word = "questions"

    @cached_property
    def traces(self) -> QuestionTraces:
        """The source fields that metrics and answers use."""
        return QuestionTraces(self.context)

    @property
    def reader(self) -> PlanReader:
        """The tables of metrics."""
        return PlanReader(self.context)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row per question: who asks, what answers, from which systems, and whether it can
        be answered.
        """
        questions = self.model.questions.questions
        return [self._row(name, question) for name, question in questions.items()]

    def _row(self, name: str, question: Question) -> dict[str, Any]:
        answered = [metric for metric in question.answered_by if metric in self.traces.by_metric]
        missing = [metric for metric in question.answered_by if metric not in answered]
        unsplit = [
            dimension
            for dimension in question.by
            if not any(self.context.has(segment_table(metric, dimension)) for metric in answered)
        ]
        open_ = any(map(self._is_disputed, answered))
        whole = answered and not missing and not unsplit and not open_
        wide = [metric for metric in answered if self._is_wide(metric)]
        vague = bool(whole) and len(wide) == len(answered)
        absent = self._unmeasured(answered) if whole else ""
        fields = self.traces.by_question[name]
        entities = dict.fromkeys(map(self._entity, answered))
        return {
            "name": name,
            "ask": question.ask,
            "asked_by": ", ".join(question.asked_by) or self.text("gap.asked_by"),
            "decides": question.decides or self.text("gap.decides"),
            "state": "pass"
            if whole and not vague and not absent
            else "look"
            if answered
            else "fail",
            "answer": "; ".join(
                [
                    *map(self._value, answered),
                    *self._splits(question, unsplit),
                    *self._made_for(name),
                ]
            ),
            "metrics": "; ".join(map(self._label, question.answered_by))
            or self.text("gap.metrics"),
            "entity": ", ".join(entities),
            "fields": len(fields),
            "systems": ", ".join(
                sorted({humanize(self.model.system_of(source)) for source, _ in fields})
            ),
            "why": self.text("why.wide", metrics=[*map(self._label, wide)])
            if vague
            else absent or self._why(question, missing, unsplit if answered else []),
            "owner": self.model.owner_of("questions", "questions", name),
        }

    def _entity(self, metric: str) -> str:
        entity = self.traces.entity_of(metric)
        return self.text("gap.several") if entity == SEVERAL else humanize(entity)

    def _label(self, metric: str) -> str:
        if self.model.is_open("metrics"):
            return capital(humanize(metric))
        return metric_wording.label_of(self.model, metric)

    def _value(self, metric: str) -> str:
        """A metric with its value, the range in which it lies, and its period."""
        column = self.context.frame(value_table(metric))["value"]
        value = column[0] if len(column) else None
        kind, unit = kind_of(self.model, metric), unit_of(self.model, metric)
        found = None if value is None else range_of(self.model, self.context, metric)
        return self.text(
            "answer.value",
            metric=self._label(metric),
            value=metric_wording.format_metric_value(value, kind, unit),
            range=metric_wording.range_said(found, kind, unit) if found else "",
            period=period_told(self.model, self.context, metric),
        )

    def _unmeasured(self, names: list[str]) -> str:
        """Whom these metrics count for an absence of what was never recorded of them; '' where
        there is nobody.
        """
        checks = [
            check for name in names for check in never_measured(self.model, self.reader, name)
        ]
        return " ".join(row_caveat(self.model, check) for check in checks).rstrip(".")

    def _is_wide(self, metric: str) -> bool:
        """Whether a metric has a range that is wider than its value."""
        column = self.context.frame(value_table(metric))["value"]
        value = column[0] if len(column) else None
        found = None if value is None else range_of(self.model, self.context, metric)
        return found is not None and found.is_wider_than(value)

    def _splits(self, question: Question, unsplit: list[str]) -> list[str]:
        """The splits that were asked for, by metric."""
        splits: dict[str, list[str]] = {}
        for dimension in question.by:
            if dimension not in unsplit:
                for metric in question.answered_by:
                    if self.context.has(segment_table(metric, dimension)):
                        label = self._label(metric)
                        splits.setdefault(label, []).append(humanize(dimension))
        return [
            self.text("answer.splits", metric=metric, splits=dimensions)
            for metric, dimensions in splits.items()
        ]

    def _made_for(self, question: str) -> list[str]:
        """How many are in each view and audience made for a question, and why others are not."""
        sentences = []
        for made_for_count in questions_asked.made_for_counts(self.context, question):
            if made_for_count.asked is None:
                sentences.append(self.text("answer.undecided", name=made_for_count.name))
                continue
            excluded = [
                self.text(
                    "answer.excluded", count=count, reason=reason, hidden=made_for_count.hidden
                )
                for reason, count in made_for_count.excluded
            ]
            sentences.append(
                self.text(
                    "answer.counts",
                    name=made_for_count.name,
                    entity=made_for_count.entity,
                    included=made_for_count.included,
                    asked=made_for_count.asked,
                    excluded=excluded,
                    hidden=made_for_count.hidden,
                )
            )
        return sentences

    def _why(self, question: Question, missing: list[str], unsplit: list[str]) -> str:
        """Why a question is not answered in full, or only provisionally; '' where it is."""
        if not question.answered_by:
            return self.text("why.no_metric")
        if self.model.is_open("metrics"):
            return self.text("why.undecided")
        if missing:
            return self.text("why.not_calculated", metrics=[*map(self._label, missing)])
        if unsplit:
            return self.text("why.not_split", splits=[*map(humanize, unsplit)])
        if open_ := [name for name in question.answered_by if self._is_disputed(name)]:
            return self.text("why.not_approved", metrics=[*map(self._label, open_)])
        return ""

    def _is_disputed(self, metric: str) -> bool:
        """Whether several definitions of a metric are in use and none is chosen."""
        choice = choice_of(self.model, metric)
        return choice is not None and choice.open

    def headline(self) -> Headline:
        """How many questions can be answered from the data."""
        rows = self.rows
        if not rows:
            return self.answer("open", self.text("lede.first_list"), state="open")
        answered = sum(row["state"] == "pass" for row in rows)
        return self.answer("decided", self._lede(), answered=answered, questions=len(rows))

    def _lede(self) -> str:
        """The first question without a whole answer, and how many source fields are unused."""
        row = next((row for row in self.rows if row["state"] != "pass"), None)
        first = (
            self.text("lede.unanswered", ask=row["ask"], why=row["why"])
            if row
            else self.text("lede.traced")
        )
        return f"{first} {self.text('lede.unused', count=self.traces.unused)}"

    def answers(self) -> Figure:
        """Figure 1.1: every question, who asks it, what it decides, and its answer today."""
        columns = self.heads(
            "answers",
            Column("state", " ", "check"),
            Column("ask", detail="decides"),
            Column("asked_by"),
            Column("answer"),
            Column("why"),
        )
        rows = sorted(self.rows, key=lambda row: _ORDER[row["state"]])
        return self.figure("answers", table(frame_for(rows, columns), columns))

    def trace(self) -> Figure:
        """Figure 1.2: question, metrics, entities, fields, systems."""
        columns = self.heads(
            "trace",
            Column("ask"),
            Column("metrics"),
            Column("entity"),
            Column("fields", kind="int"),
            Column("systems"),
        )
        return self.figure("trace", table(frame_for(self.rows, columns), columns))

    def unread(self) -> Figure:
        """Figure 1.3: per source, fields that questions use and fields that the model does not
        use.
        """
        columns = self.heads(
            "unread",
            Column("source", detail="row_is"),
            Column("declared", kind="int"),
            Column("asked", kind="int", detail="questions"),
            Column("unread", kind="int"),
            Column("names"),
        )
        return self.figure("unread", table(self.traces.by_source, columns))

    def unasked(self) -> Figure:
        """Figure 1.4: metrics that no question asks for, directly, as a part of another or in a
        view.
        """
        rows = [
            {
                "metric": metric_wording.label_of(self.model, name),
                "means": metric_wording.means_of(self.model, name),
                "owner": self.model.owner_of("metrics", "metrics", name) or _NOBODY,
            }
            for name in (self.model.metrics.metrics)
            if name in self._unasked
        ]
        columns = self.heads("unasked", Column("metric", detail="means"), Column("owner"))
        return self.figure(
            "unasked",
            table(frame_for(rows[:_UNASKED], columns), columns),
            empty="empty" if self.rows else "empty_questions",
            more=[row["metric"] for row in rows[_UNASKED:]],
        )

    @cached_property
    def sheets(self) -> QuestionSheets:
        """The sheet of each question."""
        answers = {row["name"]: (row["state"], row["why"]) for row in self.rows}
        return QuestionSheets(self.context, self.traces, answers)

    def sheet(self, question: str = "") -> Figure:
        """Figure 1.5: of each question, or of one, its grain, sources, identifiers, priority,
        metric and confirmation.
        """
        questions = self.model.questions.questions
        shown = [question] if question in questions else list(questions)
        rows = [
            {
                "question": questions[name].ask,
                "state": line.state,
                "line": self.text(f"sheet.lines.{line.name}"),
                "says": line.says,
                "page": self.text("sheet.page", page=_page_of(line.word)),
            }
            for name in shown
            for line in self.sheets.sheet(name)
        ]
        columns = self.heads(
            "sheet", Column("line", detail="page"), Column("says"), Column("state", kind="check")
        )
        frame = frame_for(rows, [*columns, Column("question")])
        return self.figure("sheet", table(frame, columns, group="question"))

    @cached_property
    def _unasked(self) -> set[str]:
        """Metrics that answer no question and are in no view; none while no question is written."""
        if self.model.is_open("metrics") or self.model.is_open("questions"):
            return set()
        return set(self.model.metrics.metrics) - questions_asked.metrics_asked(self.model)

    def conclude(self) -> list[Finding]:
        """Questions without an answer, fields and metrics without a question."""
        if not self.rows:
            return [self.finding("open", owner="")]
        found = [
            self.finding(
                "unanswerable",
                None,
                (row["name"],),
                owner=row["owner"],
                ask=row["ask"],
                why=row["why"],
            )
            for row in self.rows
            if row["state"] != "pass"
        ]
        if self.traces.unused:
            found.append(self.finding("orphan_fields", self.traces.unused))
        if self._unasked:
            found.append(self.finding("unasked_metrics", len(self._unasked)))
        return found


def _page_of(word: str) -> str:
    """The number of a step's page, as people write it."""
    return words_of(word).text("page").lstrip("0")
