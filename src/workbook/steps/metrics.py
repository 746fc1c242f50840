"""07 Metrics: what each number means, what it comes to, and the proof that it adds up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import polars as pl

from workbook import metrics
from workbook.engine import Table
from workbook.finding import Finding
from workbook.metrics import MetricResult
from workbook.metrics.report import dashboard_rows, definition_rows, definition_wording, wording
from workbook.metrics.report.period_wording import period_beside, period_told
from workbook.model import Model
from workbook.model.times import zone_of
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, Headline, bars, table
from workbook.show.frame import frame_for
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.steps.metrics_series import Series
from workbook.steps.periods import at_the_end, period_named
from workbook.words import number
from workbook.words.wording import humanize, join_words

_TESTED = 12  # numbers whose measurements are listed one by one; what is in trouble comes first
_CALM = 2  # of `_trouble`: every test passes
_MOST = 12  # rivals, dashboards' months and periods of a movement that a figure shows
_NATURES = {
    "flow": "what happened",
    "level": "what stands at a date",
    "state": "asked at a date",
    "count": "as it is today",
    "cumulative": "over a window",
    "ratio": "one by another",
    "derived": "a formula",
    "movement": "what moved in a period",
}
_ORDER = ("fail", "look", "note", "pass")
_TESTS = {
    "key": "Keys",
    "rows": "Rows once",
    "link": "Links",
    "segments": "Segments",
    "months": "Months",
    "control": "Outside",
}
_NO_NUMBER = "no number is defined yet (07_metrics.yml)"


@why_empty(
    headline_metrics="no headline number is named (headline: in 02_grain.yml)",
    every_number=_NO_NUMBER,
    by_month="no number has a value of a month",
    by_segment="no number is shown by a dimension (by: in 07_metrics.yml)",
    reconciliation=_NO_NUMBER,
    competing="no two numbers claim one name (competes_with: in 07_metrics.yml)",
    dashboards="no dashboard's own SQL is written down (dashboards: in 07_metrics.yml)",
    movements="no movement is declared (movements: in 07_metrics.yml)",
    refused="no number is refused",
)
class Metrics(Step):
    """The metrics step."""

    word = "metrics"
    page = "07"
    title = "Metrics"
    asks = "What does each number mean?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Rules, values, segments and months of every number that can be computed."""
        values = metrics.values_table(model)
        return [*metrics.tables(model), *([values] if values else [])]

    @cached_property
    def reader(self) -> Reader:
        """The tables of the plan, and how often a key repeats in them."""
        return Reader(self.context)

    @cached_property
    def evidence(self) -> metrics.Evidence:
        """How every metric came out, what was measured about it, and what competes with it."""
        made = metrics.outcomes(self.model, self.reader)
        refused = {
            each.name: each.reason
            for each in metrics.refusals(self.model)
            if each.part == "dashboard"
        }
        return metrics.Evidence(
            self.model,
            made,
            metrics.reconcile(self.model, self.reader, made),
            metrics.contests(self.model, self.reader, made),
            metrics.against(self.model, self.reader, made, refused),
        )

    @property
    def outcomes(self) -> Mapping[str, MetricResult]:
        """Every metric as it came out."""
        return self.evidence.made

    @property
    def headline_names(self) -> list[str]:
        """The metrics that the grain page names; else those tied to an outside figure; else the
        first four.
        """
        named = [
            name
            for name in (self.model.grain.headline if self.model.grain else ())
            if name in self.outcomes
        ]
        tied = [name for name, each in self._metrics.items() if each.control_total]
        return named or tied or list(self.outcomes)[:4]

    @property
    def _metrics(self) -> dict[str, Any]:
        return dict(self.model.metrics.metrics) if self.model.metrics else {}

    # ---- the answer

    def headline(self) -> Headline:
        """How many numbers there are, how many are tied to an outside figure and agree, how
        many are refused.
        """
        if not self.outcomes:
            return Headline(
                self.page,
                self.title,
                "What our numbers mean is not written down yet.",
                self._suggested(),
                state="open",
            )
        tied = [each for each in self.outcomes.values() if each.control]
        refused = sum(bool(each.refused) for each in self.outcomes.values())
        sentence = (
            f"Of {number.plural(len(self.outcomes), 'number')}, {_tied(tied)}"
            + (f"; {_count(refused)} refused" if refused else "")
            + "."
        )
        return Headline(
            self.page,
            self.title,
            f"{sentence}{self._rivals()}",
            self._lede(),
            owner=self.model.owner_of("metrics"),
        )

    def _rivals(self) -> str:
        """The names that several figures claim: what was chosen, or that the choice is open."""
        return "".join(
            f" {definition_wording.rivals_of(self.model, choice, self.outcomes)}"
            for choice in self.evidence.choices
        )

    def _lede(self) -> str:
        values = [self._dated(name) for name in self.headline_names[:3]]
        failed = [
            proof
            for proof in self.evidence.proofs
            if proof.verdict == "fail" and proof.kind != "control"
        ]
        measured = number.plural(len(self.evidence.proofs), "measurement")
        proven = (
            f"{measured} asked whether anything is counted twice or lost, of which"
            f" {_count(len(failed), 'fail', 'fails')}."
            if self.evidence.proofs
            else ""
        )
        parts = len({each.name for each in self.evidence.refused() if each.part})
        without = (
            f" {number.plural(parts, 'number')} cannot be shown by every month or segment; figure"
            " 7.9 says why."
            if parts
            else ""
        )
        apart = "".join(
            f" {definition_wording.disagree_of(self.model, pair)}"
            for pair in self.evidence.disagreements
        )
        return f"{at_the_end(self.model)}: {'; '.join(values)}. {proven}{without}{apart}"

    def _dated(self, name: str) -> str:
        """A number with its value, and its period where that is more than the end of the day."""
        period = period_beside(self.model, self.context, name)
        said = f"{self.evidence.label(name)} {wording.value_of(self.outcomes[name])}"
        return f"{said} ({period})" if period else said

    def _suggested(self) -> str:
        money = sum(
            field.type == "money"
            for source in self.model.source_names
            for field in self.model.fields(source).values()
        )
        dated = sum(
            bool(source.valid)
            for source in (self.model.sources.sources.values() if self.model.sources else ())
        )
        return (
            f"The sources hold {number.plural(money, 'field')} of money, and"
            f" {number.plural(dated, 'source')} say when a row is true. A good first list holds"
            " three to five numbers, each with one sentence of meaning and one owner; avoid a"
            " number that two teams define apart."
        )

    # ---- figures

    def headline_metrics(self) -> Figure:
        """Figure 7.1: the numbers of the cover, each with the outside figure it is tied to and
        what to know before using it.
        """
        columns = [
            Column("metric", "Number", detail="means"),
            Column("value_text", "Value", "written", detail="period"),
            Column("control", "Outside figure", detail="supplied"),
            Column("caveat", "To know before using it"),
            Column("owner", "Owner"),
        ]
        rows = [self._row(name) for name in self.headline_names]
        caption = (
            "The grey line says what the number means. An outside figure confirms a number as far"
            " as somebody else made it: under it stands who supplied it, and whether they own the"
            " number, too. The others are only as good as the decisions of this dossier."
        )
        body = table(frame_for(rows, columns), columns)
        return Figure(
            "7.1",
            "What are the numbers that everybody quotes?",
            self._as_of,
            body,
            caption,
            role="headline_metrics",
        )

    def every_number(self) -> Figure:
        """Figure 7.2: every metric with its value, its kind, the entity it belongs to, and what
        it means.
        """
        columns = [
            Column("metric", "Number", detail="means"),
            Column("value_text", "Value", "written", detail="period"),
            Column("kind", "How it is made", detail="over"),
            Column("caveat", "To know before using it"),
            Column("proven", " ", "check"),
            Column("measured", "Measured"),
            Column("owner", "Owner"),
        ]
        kept = (
            self.context.frame(metrics.VALUES)
            if self.context.has(metrics.VALUES)
            else pl.DataFrame()
        )
        rows = [self._row(name) | self._measured(name) for name in self.outcomes]
        caption = (
            "What happened may be added over months; what stands or is asked at a date, ratios and"
            " formulas may not. The second line counts what the number was made from. Measured:"
            " which of the questions of figure 7.5 arise for it, and the worst answer; · where a"
            " part of it is refused in figure 7.9."
        )
        caption += (
            f" For a BI tool all {number.plural(kept.height, 'value')} by period and segment, with"
            f" their caveats, are one table: {metrics.VALUES}."
            if kept.height
            else ""
        )
        return Figure(
            "7.2",
            "What does each number mean?",
            self._as_of,
            table(frame_for(rows, columns), columns),
            caption,
        )

    @property
    def _as_of(self) -> str:
        return at_the_end(self.model)

    def _row(self, name: str) -> dict[str, Any]:
        outcome = self.outcomes[name]
        kind, entity = self._nature(name)
        over = number.plural(outcome.rows, entity) if entity and outcome.rows else entity
        return {
            "metric": self.evidence.label(name),
            "means": wording.means_of(self.model, name),
            "value_text": wording.value_of(outcome),
            "period": period_told(self.model, self.context, name),
            "control": wording.control_of(outcome),
            "supplied": wording.supplied_of(self.model, outcome),
            "caveat": self.evidence.caveat(name),
            "owner": self.evidence.owner(name) or "nobody",
            "kind": _NATURES.get(kind, kind),
            "over": over,
        }

    def _nature(self, name: str) -> tuple[str, str]:
        """What kind of number it is, and the entity whose rows it counts."""
        metric = self._metrics[name]
        if metric.type not in ("simple", "cumulative") or self.outcomes[name].refused:
            return metric.type, ""
        movement = self.model.metrics.movements.get(metric.measure.partition(".")[0])
        # what moved is counted by whose it is
        entity = movement.by if movement else metrics.resolved(self.model, name).entity
        return metrics.nature_of(self.model, name), humanize(entity)

    def by_month(self) -> Figure:
        """Figure 7.3: the headline numbers by month, and every number by the other periods that
        it is given by.
        """
        return Series(self.context, self.evidence).by_period(self.headline_names)

    def by_segment(self) -> Figure:
        """Figure 7.4: every metric by its dimensions, with its months, its total and what
        belongs to no segment.
        """
        return Series(self.context, self.evidence).by_segment()

    def reconciliation(self) -> Figure:
        """Figure 7.5: per number, whether keys are unique, rows counted once, links lead to
        one, segments and months add up.
        """
        tests = [Column(kind, head, "check") for kind, head in _TESTS.items()]
        columns = [
            Column("metric", "Number", detail="found"),
            Column("value_text", "Value", "written", detail="tied"),
            *tests,
        ]
        names = (*self.outcomes, *(self.model.metrics.movements if self.model.metrics else ()))
        every = sorted((self._tested(name) for name in names), key=_trouble)
        rows = (
            [row for row in every if _trouble(row) < _CALM or row["name"] in self._quoted][:_TESTED]
            if len(every) > _TESTED
            else every
        )
        rows += _rest([row for row in every if row not in rows])
        caption = (
            "Keys: no customer, invoice or other thing is listed twice. Rows once: nothing is"
            " counted twice. Links: each row belongs to one customer at most. Segments and months:"
            " they add up to the total exactly, before rounding; of what stands or is asked at a"
            " date the last month is the value. Outside: it agrees with a figure from elsewhere,"
            " for the period of that figure, which the grey line names. Empty: the question does"
            " not arise; ·: a part is refused (figure 7.9)."
        )
        return Figure(
            "7.5",
            "Do they add up?",
            "Measured on the data, not promised by the model",
            table(frame_for(rows, columns), columns),
            caption,
        )

    @property
    def _quoted(self) -> set[str]:
        """The headline numbers, those tied to an outside figure, and the movements."""
        tied = {name for name, each in self.outcomes.items() if each.control}
        return {
            *self.headline_names,
            *tied,
            *(self.model.metrics.movements if self.model.metrics else ()),
        }

    def _tested(self, name: str) -> dict[str, Any]:
        mine = [proof for proof in self.evidence.proofs if proof.metric == name]
        refused = {
            "months" if metrics.is_month(each.part) else "segments"
            for each in self.evidence.refused()
            if each.name == name and each.part
        }
        cells = {
            kind: _worst(
                [
                    *(p.verdict for p in mine if _test_of(p) == kind),
                    *(["note"] if kind in refused else []),
                ]
            )
            for kind in _TESTS
        }
        outcome = self.outcomes.get(name)
        parts = [
            number.plural(sum(p.kind == kind for p in mine), word)
            for kind, word in (("key", "key"), ("link", "link"), ("segments", "split"))
            if any(p.kind == kind for p in mine)
        ]
        found = (
            f"{join_words(parts)} measured"
            if parts
            else "what moved lies exactly between opening and closing"
            if outcome is None
            else ""
        )
        return {
            "name": name,
            "metric": self.evidence.label(name),
            "found": found,
            "value_text": wording.value_of(outcome) if outcome else "",
            "tied": "; ".join(filter(None, self._told(name, outcome))) if outcome else "",
            **cells,
        }

    def _told(self, name: str, outcome: MetricResult) -> tuple[str, str]:
        """The period of a number's value, and what it agrees with or misses, where it is tied
        to an outside figure.
        """
        tie = (
            f"{wording.control_of(outcome)}, {wording.supplied_of(self.model, outcome)}"
            if outcome.control
            else ""
        )
        return period_beside(self.model, self.context, name), tie

    def _measured(self, name: str) -> dict[str, Any]:
        """Which tests of figure 7.5 were made on a number, and their worst verdict; both empty
        where none was.
        """
        tested = self._tested(name)
        made = [head.lower() for kind, head in _TESTS.items() if tested[kind] not in (None, "note")]
        return {
            "proven": _worst([tested[kind] for kind in _TESTS]) if made else None,
            "measured": join_words(made) or "nothing",
        }

    def competing(self) -> Figure:
        """Figure 7.6: figures that claim one name, open or chosen, each with its value and why
        it differs; then the rows on which two disagree.
        """
        columns = [
            Column("name", "Figure", tone="tone", detail="about"),
            Column("value_text", "Value", "written", tone="tone"),
            Column("state", "Choice"),
            Column("counted", "Made from"),
            Column("difference", "Less the first", "written"),
            Column("why", "Why"),
        ]
        rows = definition_rows.rival_rows(self.evidence, self.reader, _MOST)
        caption = (
            "All are computed on the same data; each is compared with the first of its group. A"
            " choice is written at the figure that counts: “decided”, “because”, and under"
            " “considered” what speaks against the others. What only one of two definitions counts"
            " is listed by direction, with what is needed to settle it."
        )
        frame = frame_for(rows, [*columns, Column("title")])
        return Figure(
            "7.6",
            "Which definitions compete, and which was chosen?",
            self._as_of,
            table(frame, columns, group="title"),
            caption,
        )

    def dashboards(self) -> Figure:
        """Figure 7.7: what dashboards show today by their own SQL beside our number, and the
        difference laid to its causes or months.
        """
        columns = [
            Column("cause", "Where they differ", tone="tone", detail="about"),
            Column("count", "How many", "int", tone="tone"),
            Column("ours", "Ours", "written", tone="tone"),
            Column("theirs", "Theirs", "written", tone="tone"),
            Column("difference", "Theirs less ours", "written", tone="tone"),
        ]
        rows = dashboard_rows.dashboard_rows(self.evidence, _MOST)
        caption = (
            "Theirs is what the dashboard's own query gives on the same data. Each customer has one"
            " cause, and the causes add up exactly. “Only theirs”: we do not count it. “Counted"
            " more than once”: it repeats there. “Several records of one”: records that turned out"
            " to be one customer. “Nobody of ours”: it belongs to no customer that we know."
        )
        if zone := zone_of(self.model):
            caption += (
                " Their queries see times as the tables hold them, in UTC; our days and months,"
                f" views and metric_values are those of {zone}."
            )
        frame = frame_for(rows, [*columns, Column("title")])
        return Figure(
            "7.7",
            "What do dashboards show instead?",
            "The difference by cause, or by month where the dashboard shows only months",
            table(frame, columns, group="title"),
            caption,
        )

    def movements(self, name: str = "") -> Figure:
        """Figure 7.8: what moved a level (the first, unless one is named) period by period;
        every change has exactly one name.
        """
        declared = self.model.metrics.movements if self.model.metrics else {}
        known = [
            (each, part)
            for each, part in declared.items()
            if each == (name or each) and self.context.has(metrics.moved_table(each, part))
        ]
        frame = (
            self.context.frame(metrics.moved_table(*known[0])).sort(known[0][1].every)
            if known
            else pl.DataFrame()
        )
        if frame.is_empty():
            nothing = table(frame_for([], [Column("month")]), [Column("month")])
            return Figure(
                "7.8",
                "What moved it?",
                "",
                nothing,
                "No movement can be shown: none is declared in 07_metrics, or nothing is dated.",
            )
        (shown, part), every = known[0], humanize(known[0][1].every)
        unit = metrics.movement_unit(self.model, shown)
        tones = {
            "new": "d1",
            "expansion": "d2",
            "reactivated": "d3",
            "contraction": "d4",
            "churned": "d3",
        }
        parts = frame.tail(_MOST).select(
            part.every, *tones, net=pl.col("closing") - pl.col("opening")
        )
        series = [
            Column(kind, kind.capitalize(), "number", decimals=0, colours=(tone,))
            for kind, tone in tones.items()
        ]
        body = bars(
            parts,
            Column(part.every, every.capitalize(), "date"),
            series,
            net=Column("net", "Net", "number", decimals=0, sign=True),
        )
        subtitle = (
            f"{unit or 'Counts'}, the last {number.plural(parts.height, every)}; the dot and the"
            " number over a bar are the net change"
        )
        called = period_named(self.model, part.every, frame[part.every].max())  # type: ignore[arg-type]
        caption = wording.ladder_of(self.model, shown, frame.row(-1, named=True), unit, called)
        return Figure(
            "7.8", f"What moved {wording.moving_of(self.model, shown)}?", subtitle, body, caption
        )

    def refused(self) -> Figure:
        """Figure 7.9: what is not computed, and why."""
        columns = [
            Column("metric", "Number"),
            Column("part", "What is refused"),
            Column("why", "Why"),
        ]
        rows = [
            {
                "metric": self.evidence.label(each.name),
                "part": metrics.part_of(each.part),
                "why": each.reason,
            }
            for each in self.evidence.refused()
        ]
        caption = (
            "No number is better than one that is silently wrong. “Carry no valid time”: the source"
            " says what is true today, not since when, so that earlier months cannot be asked."
        )
        return Figure(
            "7.9",
            "What do we refuse to show, and why?",
            "Numbers, or parts of them, that the data cannot prove",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def conclude(self) -> list[Finding]:
        """Outside figures that are missed, what does not add up, what is refused, left out,
        contested or unowned.
        """
        return metrics.conclude(self.evidence)


class Reader:
    """The tables of a context's plan as the metrics room reads them."""

    def __init__(self, context: Context) -> None:
        self.has, self.frame, self.query = context.has, context.frame, context.query
        self._context = context

    def duplicates(self, name: str) -> int:
        """How many rows of a table repeat the key of another."""
        return self._context.engine.artifact(self._context.plan, name).duplicate_keys


def _rest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The numbers that are not listed one by one, as one row: of each test its worst result."""
    if not rows:
        return []
    found = "the worst of each column; figure 7.2 shows what was measured of each"
    return [
        {
            "name": "",
            "metric": f"{number.plural(len(rows), 'more number')}",
            "found": found,
            "value_text": "",
            **{kind: _worst([row[kind] for row in rows]) for kind in _TESTS},
        }
    ]


def _worst(verdicts: list[str | None]) -> str | None:
    """The worst of some verdicts; None where there is none. What is refused is no pass."""
    return min((each for each in verdicts if each), key=_ORDER.index, default=None)


def _trouble(row: dict[str, Any]) -> int:
    """0 where a test fails, 1 where one asks for a look, else 2."""
    found = {row[kind] for kind in _TESTS}
    return 0 if "fail" in found else 1 if "look" in found else 2


def _test_of(proof: metrics.MetricCheck) -> str:
    return {"movement": "months", "periods": "months"}.get(proof.kind, proof.kind)


def _tied(tied: list[MetricResult]) -> str:
    if not tied:
        return "none is tied to an outside figure"
    agree = sum(bool(each.control and each.control.met) for each in tied)
    asked = [each for each in tied if each.control and each.control.found is not None]
    verb = "is" if len(tied) == 1 else "are"
    if not asked:
        return (
            f"{len(tied)} {verb} tied to an outside figure of a day or period that cannot be"
            " compared with this one"
        )
    every = {1: "it agrees", 2: "both agree"}.get(agree, f"all {agree} agree")
    those = every if agree == len(tied) else _count(agree, "agree", "agrees")
    return f"{len(tied)} {verb} tied to an outside figure and {those}"


def _count(count: int, many: str = "are", one: str = "is") -> str:
    return f"{count or 'none'} {one if count <= 1 else many}"
