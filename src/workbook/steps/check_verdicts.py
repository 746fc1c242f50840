"""The verdicts of all checks, and the headline metrics whose data has a defect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from workbook import checks
from workbook.checks import STATES, Check, Verdict
from workbook.engine import quote
from workbook.engine.sql import text
from workbook.history import erasures
from workbook.metrics import value_table
from workbook.metrics.compile.as_of_clock import at_rows, now
from workbook.metrics.compile.expression_scope import CompiledExpression, Scope
from workbook.metrics.report import metric_wording
from workbook.model import Model, erased_name, scalar_expression
from workbook.model.dependencies import Dependencies, dependencies_of
from workbook.model.links import to_one_links
from workbook.model.table_names import table_of
from workbook.steps.step import Step

_MOST = 3  # defects that a table cell names


class CheckVerdicts(Step):
    """What the figures and findings of page 08 share."""

    word = "checks"

    @cached_property
    def suite(self) -> checks.Suite:
        """Every check of the model."""
        return checks.suite(self.model, compiled)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Every check's verdict, problems first."""
        found = checks.verdicts(self.model, self.suite, self._row)
        return [self._with_unknown(verdict) for verdict in found]

    def _with_unknown(self, verdict: Verdict) -> Verdict:
        """A verdict on a condition of the team's own, with the records for which it cannot be
        told, and those of them that belong to somebody who requested erasure.
        """
        check = verdict.check
        if check.rule.name != "own_condition" or not verdict.failing:
            return verdict
        why = text(check.rule.reason("unknown"))
        unknown = f"select record from {quote(check.evidence)} where reason = {why}"
        asked = " or ".join(f"record in ({ids})" for ids in self._erased(check))
        (row,) = self.context.query(
            f"select count(*) as unknown, count(case when {asked or '1 = 0'} then 1 end) as erased"
            f" from ({unknown}) as u"
        ).to_dicts()
        return replace(verdict, unknown=row["unknown"], erased=row["erased"])

    def _erased(self, check: Check) -> Iterator[str]:
        """SQL of the ids of records that belong to somebody who requested erasure, of the
        entities whose values a condition names.
        """
        model, on = self.model, check.on
        names = scalar_expression(model.checks.checks[check.name].must)[1]
        named = {name.rpartition(".")[0] or on for name in names}
        for entity in named & set(erasures(model)):
            erased = erased_name(entity)
            if on not in model.entity_names or not self.context.has(erased):
                continue
            if entity == on:
                yield f"select id from {quote(erased)}"
                continue
            for link, _ in to_one_links(model, start=on, end=entity):
                if self.context.has(link):
                    yield (
                        f"select l.from_id from {quote(link)} as l"
                        f" join {quote(erased)} as x on x.id = l.to_id"
                    )

    def _row(self, name: str) -> Mapping[str, Any] | None:
        return self.context.frame(name).to_dicts()[0] if self.context.has(name) else None

    def _counts(self) -> dict[str, int]:
        return {state: sum(verdict.state == state for verdict in self.verdicts) for state in STATES}

    def _rows(self) -> int:
        """Rows of sources and of canonical tables, each once."""
        tables = {table_of(name) for name in self.model.source_names} | set(self.model.entity_names)
        rows = {
            scan.table: row["rows"]
            for scan in self.suite.scans
            if scan.table in tables and (row := self._row(scan.counts))
        }
        return sum(rows.values())

    def _in(self, *states: str) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.state in states]

    @cached_property
    def touched_metrics(self) -> list[dict[str, Any]]:
        """Headline metrics with the checks under them that are not OK, by the fields that both
        read.
        """
        part, grain = self.model.metrics, self.model.grain
        names = [name for name in grain.headline or part.metrics if name in part.metrics]
        defects = self._in("fail", "look", "accepted")
        rows = []
        for name in names:
            if self.context.has(value_table(name)):
                used = dependencies_of(self.model, [name])
                under = [verdict for verdict in defects if self._under(verdict, used)]
                states = [verdict.state for verdict in under]
                found = len(states) - states.count("accepted")
                rows.append(
                    {
                        "state": "fail"
                        if "fail" in states
                        else "look"
                        if found
                        else "note"
                        if under
                        else "pass",
                        "metric": metric_wording.label_of(self.model, name),
                        "troubled": found,
                        "accepted": states.count("accepted"),
                        "which": self._first([verdict.says for verdict in under]),
                    }
                )
        return rows

    def _first(self, defects: list[str]) -> str:
        """The first defects, and how many more there are."""
        if not defects:
            return self.text("figures.touched.none")
        first = "; ".join(defects[:_MOST])
        more = len(defects) - _MOST
        if more <= 0:
            return first
        return self.text("figures.touched.more", defects=first, count=more)

    def _under(self, verdict: Verdict, used: Dependencies) -> bool:
        """Whether a check is about something that a metric uses; an age is about whole
        sources.
        """
        check = verdict.check
        # of the states of an entity, which a metric reads or not
        if check.name.endswith("__lifecycle"):
            return f"{check.on}.lifecycle" in used.attributes
        if check.family == "freshness":
            return bool({field.rpartition(".")[0] for field in check.reads} & used.sources)
        if check.reads:
            return bool(set(check.reads) & used.fields)
        return check.on in used.metrics | used.entities | used.relationships | used.attributes


def compiled(model: Model, entity: str, text: str, then: bool = False) -> CompiledExpression:
    """A condition over an entity; `then`: with the kept values of each row's own moment."""
    return Scope(model, entity, at_rows(model, entity) if then else now(model)).compile(text)
