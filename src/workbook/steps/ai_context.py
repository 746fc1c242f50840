"""12 AI context: what each purpose may read, who is excluded, what was refused, who must
approve.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import polars as pl

from workbook import governance
from workbook.engine import quote
from workbook.finding import Finding
from workbook.governance import PERSONAL
from workbook.model.consent import consent_of
from workbook.model.persons import leads_to_person
from workbook.model.schema import Purpose, Role
from workbook.model.view_reads import uses_of
from workbook.privacy import redact
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.condition_wording import inclusion_texts
from workbook.steps.decision_lines import lines_of_uses
from workbook.steps.decision_reasons import reasons
from workbook.steps.governance_rules import rules_figure
from workbook.steps.permission_wording import (
    human_review_text,
    without_permission,
    without_permission_text,
)
from workbook.steps.permitted_fields import entity_rows, field_rows
from workbook.steps.purpose_freshness import (
    PurposeFreshness,
    erasure_list_ages,
    newest_records,
    purpose_freshness,
)
from workbook.steps.role_access import RoleAccess
from workbook.steps.step import Step
from workbook.steps.view_decisions import (
    age_text,
    decision_counts,
    group_text,
    reason_text,
)
from workbook.words.wording import capital, humanize

_REQUIRED = ("human_review", "basis", "freshness")


class AiContext(Step):
    """The AI context step."""

    word = "ai_context"

    @property
    def purposes(self) -> dict[str, Purpose]:
        """Every purpose by its name."""
        return dict(self.model.ai_context.purposes)

    @property
    def roles(self) -> dict[str, Role]:
        """Every role by its name."""
        return dict(self.model.ai_context.roles)

    @cached_property
    def rulings(self) -> tuple[governance.Ruling, ...]:
        """Every purpose ruled on every field."""
        return governance.rulings(self.model)

    @cached_property
    def decided(self) -> pl.DataFrame:
        """One row per view or audience and decision: how many records."""
        return decision_counts(self.context)

    @cached_property
    def freshness(self) -> dict[str, PurposeFreshness]:
        """How old what each purpose uses is."""
        return {
            name: purpose_freshness(self.model, self._newest, name, purpose)
            for name, purpose in self.purposes.items()
        }

    @cached_property
    def _newest(self) -> dict[str, Any]:
        return newest_records(self.context)

    def headline(self) -> Headline:
        """How many purposes there are, and how many of all fields they may read."""
        if not self.purposes:
            return self.answer("open", self._suggestion(), state="open")
        permitted = [ruling for ruling in self.rulings if ruling.allowed]
        reviews = {name: purpose.human_review for name, purpose in self.purposes.items()}
        excluded = without_permission(self.context, self.decided)
        return self.answer(
            "decided",
            f"{human_review_text(reviews)} {without_permission_text(excluded)}",
            purposes=len(self.purposes),
            used=len({ruling.field for ruling in permitted}),
            fields=len({ruling.field for ruling in self.rulings}),
            entities=len(governance.touched(self.model)),
            declared=len(self.model.entity_names),
            personal=len({ruling.field for ruling in permitted if ruling.cls in PERSONAL}),
        )

    def _suggestion(self) -> str:
        count = sum(
            field.cls in PERSONAL
            for source in self.model.source_names
            for field in self.model.fields(source).values()
        )
        return self.text("suggestion.personal" if count else "suggestion.first", count=count)

    def matrix(self) -> Figure:
        """Figure 12.1: purpose by field."""
        rows = [
            *field_rows(self.rulings),
            *entity_rows(self, governance.rulings_elsewhere(self.model)),
        ]
        columns = self.heads(
            "matrix",
            Column("field"),
            Column("cls"),
            *(Column(name, capital(humanize(name)), "dot") for name in self.purposes),
        )
        body = table(frame_for(rows, [*columns, Column("entity")]), columns, group="entity")
        return self.figure("matrix", body)

    def left_out(self) -> Figure:
        """Figure 12.2: how many records each view excludes, and why."""
        rows = [
            {
                "use": group_text(view, use.of),
                "purpose": humanize(use.purpose),
                "n": line.count,
                "n_bar": line.count,
                "decision": line.text,
                "people": line.people,
            }
            for view, use, line, _ in lines_of_uses(self.model, self.decided)
        ]
        columns = self.heads(
            "left_out",
            Column("decision"),
            Column("purpose"),
            Column("n", kind="int", small="people"),
            Column("n_bar", " ", "bar", small="people"),
        )
        hidden = [Column("use"), Column("people", kind="int")]
        return self.figure(
            "left_out",
            table(frame_for(rows, [*columns, *hidden]), columns, group="use"),
            empty="empty_no_rows" if not self.model.is_open("customer_360") else "empty",
        )

    def refusals(self) -> Figure:
        """Figure 12.3: the fields that views ask for and may not have."""
        rows = [
            {
                "use": humanize(view),
                "field": humanize(ruling.field),
                "cls": ruling.cls,
                "purpose": humanize(ruling.purpose) or self.text("figures.refusals.no_purpose"),
                "because": ruling.because,
            }
            for view, ruling in governance.refusals(self.model)
        ]
        columns = self.heads(
            "refusals",
            Column("field"),
            Column("cls"),
            Column("use"),
            Column("purpose"),
            Column("because"),
        )
        return self.figure(
            "refusals",
            table(frame_for(rows, columns), columns),
            empty="empty_none" if not self.model.is_open("customer_360") else "empty",
        )

    def approvals(self) -> Figure:
        """Figure 12.4: of each purpose the human review, the legal basis, and how old its data
        is and may be.
        """
        undecided = self.text("figures.approvals.undecided")
        rows = []
        for name, purpose in self.purposes.items():
            fresh, least = self.freshness[name], purpose.smallest_group
            rows.append(
                {
                    "state": "look" if fresh.late or not purpose.human_review else "pass",
                    "purpose": humanize(name),
                    "does": purpose.does,
                    "review": purpose.human_review or undecided,
                    "basis": purpose.basis or undecided,
                    "least": self.text("figures.approvals.least", least=least) if least > 1 else "",
                    "freshness": purpose.freshness or undecided,
                    "age": age_text(fresh.hours) if fresh.hours is not None else "",
                    "source": "; ".join((humanize(fresh.source), *self._requests(name))),
                }
            )
        columns = self.heads(
            "approvals",
            Column("state", " ", "check"),
            Column("purpose", detail="does"),
            Column("review"),
            Column("basis", detail="least"),
            Column("freshness"),
            Column("age", detail="source"),
        )
        caption = self.text("figures.approvals.caption")
        return self.figure(
            "approvals",
            table(frame_for(rows, columns), columns),
            caption + self._erasures() + reasons(self.model, "ai_context"),
        )

    def _erasures(self) -> str:
        """The lists of requests to be forgotten, whose age is not limited."""
        lists = self._requests()
        return f" {self.text('figures.approvals.erasures', lists=lists)}" if lists else ""

    def _requests(self, purpose: str = "") -> list[str]:
        """Each list of requests to be forgotten that views (of a purpose) heed, with its age."""
        at = "figures.approvals"
        return [
            self.text(f"{at}.erasure_undated", source=source)
            if hours is None
            else self.text(f"{at}.erasure_age", source=source, age=age_text(hours))
            for source, hours in erasure_list_ages(self.model, self._newest, purpose).items()
        ]

    def access(self) -> Figure:
        """Figure 12.5: who or what may work for which purpose, and sees which records."""
        return RoleAccess(self, self.roles, self.rulings).figure()

    def why(self) -> Figure:
        """Figure 12.6: of each view and decision one record, and why it is included or
        excluded.
        """
        columns = self.heads(
            "why",
            Column("id", kind="value", cls="internal"),
            Column("decision"),
            Column("because"),
        )
        rows = list(self._examples())
        return self.figure(
            "why",
            table(frame_for(rows, [*columns, Column("use")]), columns, group="use"),
            empty="empty_no_rows" if not self.model.is_open("customer_360") else "empty",
        )

    def _examples(self) -> Iterator[dict[str, str]]:
        """The first id of each view and decision, a token where it is a person's, with the
        reason.
        """
        for kind, name, use in uses_of(self.model):
            view = governance.table_of_use(kind, name)
            if not self.context.has(f"{view}__decided"):
                continue
            first = self.context.query(
                f"select decision, min(id) as id from {quote(f'{view}__decided')} group by"
                " decision order by decision"
            ).to_dicts()
            cls = (
                "personal"
                if leads_to_person(self.model, use.of)
                else self.model.class_of(f"{use.of}.{self.model.id_of(use.of)}")
            )
            met = inclusion_texts(self.model, use, self.purposes.get(use.purpose))
            included = "figures.why.met" if met else "figures.why.no_condition"
            ids = redact([row["id"] for row in first], cls, use.of)
            for row, shown in zip(first, ids, strict=True):
                reason = reason_text(row["decision"])
                state = "excluded" if reason else "included"
                yield {
                    "use": group_text(view, use.of),
                    "id": str(shown),
                    "decision": self.text(f"figures.why.decision.{state}"),
                    "because": capital(reason) or self.text(included, conditions=met),
                }

    def six_rules(self) -> Figure:
        """Figure 12.7: the six governance rules, answered for each purpose."""
        return rules_figure(self, self.purposes, self.roles, self.freshness)

    def conclude(self) -> list[Finding]:
        """Purposes without approval or basis, data that is too old, uses without a purpose."""
        if not self.purposes:
            return [self.finding("open", owner="")]
        found = [
            finding
            for name, purpose in self.purposes.items()
            for finding in self._about_purpose(name, purpose)
        ]
        found += self._unclear_consent()
        section = self.model.customer_360
        aimless = [name for name, view in section.views.items() if not view.purpose]
        if aimless:
            found.append(self.finding("no_purpose", len(aimless), views=aimless))
        return found

    def _about_purpose(self, name: str, purpose: Purpose) -> Iterator[Finding]:
        """What a purpose leaves undecided, and what of its data is too old or not dated."""
        missing = [self.text(f"missing.{item}") for item in _REQUIRED if not getattr(purpose, item)]
        if missing:
            yield self.finding("incomplete", len(missing), (name,), purpose=name, missing=missing)
        fresh, limit = self.freshness[name], purpose.freshness
        if fresh.late and fresh.hours is not None:
            yield self.finding(
                "stale",
                None,
                (name,),
                purpose=name,
                limit=limit,
                source=fresh.source,
                age=age_text(fresh.hours),
            )
        if fresh.undated:
            yield self.finding(
                "undated",
                len(fresh.undated),
                (name,),
                purpose=name,
                limit=limit,
                sources=[humanize(source) for source in fresh.undated],
            )

    def _unclear_consent(self) -> Iterator[Finding]:
        """Views and audiences of which nothing shows that they ask for the consent that they
        need.
        """
        for _, name, use in uses_of(self.model):
            verdict = consent_of(self.model, use)
            if verdict and not verdict.proven:
                yield self.finding(
                    "consent_unclear",
                    None,
                    (name,),
                    variant=verdict.kind,
                    view=name,
                    field=verdict.name.rpartition(".")[2],
                    channel=getattr(use, "channel", ""),
                )
