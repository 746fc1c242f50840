"""11 Customer 360: a curated view or an audience per workflow, who is in it, who is not, and
why.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import polars as pl

from workbook import governance
from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.distinct_columns import distinct_columns
from workbook.show import Column, Figure, Headline, one_below_another, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.compiled_views import compiled_views
from workbook.steps.decision_lines import lines_of_uses
from workbook.steps.decision_reasons import reasons
from workbook.steps.step import Step
from workbook.steps.view_absences import captioned
from workbook.steps.view_columns import first_rows
from workbook.steps.view_decisions import (
    age_text,
    decision_counts,
    group_text,
    reason_text,
)
from workbook.steps.view_modules import modules_figure
from workbook.steps.view_status import (
    Use,
    ViewStatus,
    late_sources,
    purpose_of,
    uses_by_table,
    view_statuses,
)
from workbook.words import number, words_of
from workbook.words.wording import capital, humanize

_QUOTED = words_of("method").text
_NOBODY = words_of("shared").text("owner.nobody")


class Customer360(Step):
    """The Customer 360 step."""

    word = "customer_360"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Views and audiences, and the rules and values per row that they name."""
        return compiled_views(model)[0]

    @cached_property
    def uses(self) -> dict[str, tuple[str, Use]]:
        """Every view and audience by the name of its table: its kind and what was decided."""
        return uses_by_table(self.model)

    @cached_property
    def uncompiled(self) -> dict[str, str]:
        """Views and audiences that could not be compiled, and why."""
        return compiled_views(self.model)[1]

    @cached_property
    def decided(self) -> pl.DataFrame:
        """One row per view or audience and decision: how many records."""
        return decision_counts(self.context)

    @cached_property
    def statuses(self) -> list[ViewStatus]:
        """Every view and audience with its counts."""
        return view_statuses(self.context, self.decided, self.uncompiled)

    def headline(self) -> Headline:
        """How many workflows have a view of their own, and how many records those include."""
        if not self.statuses:
            return self.answer(
                "open", self.text("lede.open", checkpoint=_QUOTED("checkpoint.rule")), state="open"
            )
        return self.answer("decided", self._lede(), workflows=len(self.statuses))

    def _lede(self) -> str:
        counts = [
            self.text(
                "lede.included_of",
                view=status.name,
                inside=status.inside,
                whole=status.whole,
                entity=status.use.of,
            )
            for status in self.statuses
            if status.inside is not None
        ]
        refused = sum(status.refused for status in self.statuses)
        one = len(self.statuses) == 1
        included = "lede.included_in_one" if one else "lede.included"
        first = self.text(included, counts=counts) if counts else ""
        second = "lede.refused" if refused else "lede.permitted"
        return f"{first} {self.text(second, count=refused)}".strip()

    def views(self) -> Figure:
        """Figure 11.1: every view and audience."""
        rows = [
            {
                "state": status.state,
                "name": humanize(status.name),
                "question": self._question(status.use.answers),
                "purpose": humanize(status.use.purpose) or self.text("figures.views.no_purpose"),
                "channel": humanize(status.channel),
                "entity": number.plural_of(humanize(status.use.of)),
                "inside": status.inside,
                "whole": status.whole,
                "fields": len(status.use.fields),
                "budget": status.budget,
                "refused": status.refused,
                "owner": status.owner or _NOBODY,
            }
            for status in self.statuses
        ]
        columns = self.heads(
            "views",
            Column("state", " ", "check"),
            Column("name", detail="question"),
            Column("purpose", detail="channel"),
            Column("entity"),
            Column("inside", kind="int"),
            Column("whole", kind="int"),
            Column("fields", kind="int"),
            Column("budget", kind="int"),
            Column("refused", kind="int"),
            Column("owner"),
        )
        return self.figure(
            "views",
            table(frame_for(rows, columns), columns),
            self.text("figures.views.caption") + reasons(self.model, "customer_360"),
        )

    def _question(self, name: str) -> str:
        section = self.model.questions
        return section.questions[name].ask if name in section.questions else humanize(name)

    def fields(self) -> Figure:
        """Figure 11.2: the fields of every view, whether they are permitted, and their
        coverage.
        """
        rows = [row for name, (_, use) in self.uses.items() for row in self._field_rows(name, use)]
        columns = self.heads(
            "fields",
            Column("state", " ", "check"),
            Column("field"),
            Column("cls"),
            Column("share", kind="percent"),
            Column("because"),
        )
        body = table(frame_for(rows, [*columns, Column("view")]), columns, group="view")
        return self.figure("fields", body, captioned(self, "fields", self.uses))

    def _field_rows(self, name: str, use: Use) -> Iterator[dict[str, Any]]:
        coverage, columns = self._coverage(name), distinct_columns(use.fields)
        for field in use.fields:
            ruling = governance.may_read(self.model, use.purpose, field, use.of)
            share, distinct = coverage.get(columns[field], (None, None))
            idle = _idleness(share, distinct) if ruling.allowed else ""
            yield {
                "view": group_text(name, use.of),
                "field": humanize(field),
                "cls": ruling.cls,
                "state": "fail" if not ruling.allowed else "note" if idle else "pass",
                "share": share,
                "because": self.text(f"figures.fields.idle.{idle}")
                if idle
                else ""
                if ruling.allowed
                else ruling.because,
            }

    def _coverage(self, name: str) -> dict[str, tuple[float | None, int]]:
        """The share of filled values and the count of distinct ones, by the column of a view."""
        if not self.context.has(name):
            return {}
        frame = self.context.frame(name)
        height = frame.height
        return {
            column: (
                (height - frame[column].null_count()) / height if height else None,
                frame[column].drop_nulls().n_unique(),
            )
            for column in frame.columns
        }

    def filled(self, name: str) -> dict[str, float]:
        """The share of filled values of each field of a view; none where it has no records."""
        coverage, columns = self._coverage(name), distinct_columns(self.uses[name][1].fields)
        return {
            field: share
            for field, column in columns.items()
            if (share := coverage.get(column, (None, 0))[0]) is not None
        }

    def inclusion(self) -> Figure:
        """Figure 11.3: how many records are included and excluded, with the first reason."""
        rows = [
            {
                "view": group_text(name, use.of),
                "decision": line.text,
                "n": line.count,
                "share": line.count / whole,
                "share_bar": line.count / whole,
                "people": line.people,
            }
            for name, use, line, whole in lines_of_uses(self.model, self.decided)
        ]
        columns = self.heads(
            "inclusion",
            Column("decision"),
            Column("n", kind="int", small="people"),
            Column("share", kind="percent", small="people"),
            Column("share_bar", " ", "bar", scale=1.0, small="people"),
        )
        hidden = [Column("view"), Column("people", kind="int")]
        return self.figure(
            "inclusion",
            table(frame_for(rows, [*columns, *hidden]), columns, group="view"),
            empty="empty_no_rows" if self.uses else "empty",
        )

    def sample(self) -> Figure:
        """Figure 11.4: the first records of every view and audience as their users would see
        them, personal values as tokens.
        """
        bodies = [
            (
                capital(humanize(name.partition("__")[2])),
                first_rows(self.model, self.context, name, use),
            )
            for name, (_, use) in self.uses.items()
            if self.context.has(name)
        ]
        return self.figure(
            "sample",
            one_below_another(bodies),
            captioned(self, "sample", self.uses),
            empty="empty_no_rows" if self.uses else "empty",
        )

    def why(self, view: str, id: str) -> str:  # noqa: A002  the word of every table
        """Why a record is in a view or not, as a sentence.

        Raises:
            WorkbookError: there is no such view.
        """
        name = view if view in self.uses else f"view__{view}"
        found = self.context.frame(f"{name}__decided").filter(pl.col("id") == id)["decision"]
        if found.is_empty():
            return self.text("why.unknown", entity=self.uses[name][1].of, id=id)
        short, reason = name.partition("__")[2], reason_text(found[0])
        if not reason:
            return self.text("why.included", id=id, view=short)
        return self.text("why.excluded", id=id, view=short, reason=reason)

    def modules(self) -> Figure:
        """Figure 11.5: the modules below the views, and what of this project each of them is."""
        return modules_figure(self)

    def conclude(self) -> list[Finding]:
        """Views that cannot be compiled, that exceed their budget, that are empty, or ask for
        what is not permitted.
        """
        if not self.statuses:
            return [self.finding("open", owner="")]
        found = [self._not_compiled(name, why) for name, why in self.uncompiled.items()]
        for status in self.statuses:
            if status.over_budget:
                found.append(
                    self.finding(
                        "over_budget",
                        len(status.use.fields),
                        (status.name,),
                        owner=status.owner,
                        view=status.name,
                        budget=status.budget,
                    )
                )
            found += self._nobody_included(status)
        return [*found, *self._idle_fields(), *self._refused_fields()]

    def _not_compiled(self, name: str, why: str) -> Finding:
        """A view, or one of its fields, that has no SQL."""
        view, _, field = name.partition(": ")
        return self.finding(
            "not_compiled",
            None,
            (name,),
            variant="field" if field else "view",
            view=view,
            field=field,
            reason=why.rstrip("."),
        )

    def _nobody_included(self, status: ViewStatus) -> Iterator[Finding]:
        """Why nobody is in a view: too few people, data too old, or nobody meets its
        conditions.
        """
        given: dict[str, Any] = {"view": status.name, "entity": status.use.of}
        purpose = purpose_of(self.model, status.use)
        name: str = ""
        count: int | None = 0
        if status.few and purpose:
            name, count = "small_group", None
            given |= {
                "people": [
                    number.plural_of(humanize(person))
                    for person in governance.people_in(self.model, status.use)
                ],
                "purpose": status.use.purpose,
                "least": purpose.smallest_group,
            }
        elif status.late and purpose:
            name, count = "too_old", status.late
            given |= {
                "purpose": status.use.purpose,
                "limit": purpose.freshness,
                "sources": [
                    self.text("listed.source", source=source, age=age_text(hours))
                    for source, hours in late_sources(self.context, status)
                ],
            }
        elif status.inside == 0:
            name = "empty"
        if name:
            yield self.finding(name, count, (status.name,), owner=status.owner, **given)

    def _idle_fields(self) -> Iterator[Finding]:
        """Fields of views that are empty or have one value."""
        idle = []
        for name, (_, use) in self.uses.items():
            coverage, columns = self._coverage(name), distinct_columns(use.fields)
            idle += [
                self.text("listed.field", field=field, view=name.partition("__")[2])
                for field in use.fields
                if columns[field] in coverage and _idleness(*coverage[columns[field]])
            ]
        if idle:
            yield self.finding("idle_fields", len(idle), fields=idle)

    def _refused_fields(self) -> Iterator[Finding]:
        """Fields that views ask for and may not have."""
        refused = [
            self.text("listed.field", field=ruling.field, view=view)
            for view, ruling in governance.refusals(self.model)
        ]
        if refused:
            yield self.finding("refused_fields", len(refused), fields=refused)


def _idleness(share: float | None, distinct: int | None) -> str:
    """How a field adds no information: `empty`, `constant`, `constant_where_filled`; '' where it
    does.
    """
    if not (share == 0 or (distinct is not None and distinct <= 1)):
        return ""
    return "empty" if not share else "constant_where_filled" if share < 1 else "constant"
