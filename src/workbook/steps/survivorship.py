"""05 Survivorship: which source survives, field by field, how often records conflict, and what
another decision would move.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cached_property
from typing import Any

from workbook import survivorship
from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import Model
from workbook.scenarios import sensitivity
from workbook.scenarios.value_explainer import ValueExplainer
from workbook.scenarios.what_if import WhatIf, what_if_exception
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.decision_reasons import because, by_whom, not_taken
from workbook.steps.step import Step
from workbook.steps.survivorship_contested import contested_customers
from workbook.steps.survivorship_doubts import dated_later, mixed_records, touched_nightly
from workbook.steps.survivorship_example import candidates, most_contested
from workbook.steps.survivorship_exceptions import exceptions_figure
from workbook.steps.survivorship_fields import (
    conflicts_of_fields,
    conflicts_of_pairs,
    placeholders_of_entities,
    single_source_rows,
)
from workbook.steps.survivorship_findings import (
    alternatives_that_move,
    exceptions_not_in_force,
    fields_that_agree,
    fields_without_rule,
    placeholders,
)
from workbook.steps.survivorship_rules import rule_text
from workbook.words import words_of
from workbook.words.wording import capital, humanize, truncate_list

_ALTERNATIVES = 12  # that the page lists, those that change the most
_NOT_COMPUTED = 3  # alternatives that were not calculated and are named
_PRIORITIES = (("first", "d1"), ("second", "d2"), ("third", "d3"), ("later", "d4"))
_NOBODY = words_of("shared").text("owner.nobody")


class Survivorship(Step):
    """The survivorship step."""

    word = "survivorship"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Every choice with its provenance, the golden records, and the keys of spellings that
        compete with another one.
        """
        return [*survivorship.tables(model), *survivorship.meaning_tables(model)]

    @cached_property
    def fields(self) -> list[tuple[str, str]]:
        """The attributes that several sources hold: (entity, attribute); identifiers connect
        records and are left out.
        """
        return [
            field
            for field in survivorship.shared_attributes(self.model)
            if self.context.has(field[0])
        ]

    @cached_property
    def _spelled(self) -> set[tuple[str, str]]:
        return sensitivity.spelled(self.context, self.fields)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row per field of several sources, the highest conflict rate first."""
        return conflicts_of_fields(self.context, self.fields, self._spelled)

    @cached_property
    def single(self) -> list[dict[str, Any]]:
        """One row per field with a rule of its own that one source alone holds, in the order of
        the rules.
        """
        return single_source_rows(self.context)

    @cached_property
    def pairs(self) -> list[dict[str, Any]]:
        """One row per field and pair of systems: of how many both hold a value, of how many
        none of the values is the same.
        """
        return conflicts_of_pairs(self.context, self.fields, self._spelled)

    @cached_property
    def contested(self) -> list[dict[str, Any]]:
        """Fields of which at least one customer has values that do not mean the same."""
        return [row for row in self.rows if row["differ"]]

    @cached_property
    def placeholders(self) -> dict[str, list[dict[str, Any]]]:
        """Of each entity the attributes with placeholders: how many records have one, how many
        values are empty because of it.
        """
        return placeholders_of_entities(self.context)

    @cached_property
    def tried(self) -> sensitivity.Sensitivity:
        """Other decisions, of every step, and what they would change on this data."""
        return sensitivity.sensitivity(self.context)

    @property
    def outcomes(self) -> list[sensitivity.OptionEffect]:
        """Those of them that decide otherwise which value survives."""
        return [row for row in self.tried.rows if row.step == self.word]

    @cached_property
    def explained(self) -> ValueExplainer:
        """Answers to "why does this value survive?"."""
        return ValueExplainer(self.context)

    # ---- the page's answer

    def headline(self) -> Headline:
        """How many fields have conflicts, and which decision would change the most."""
        if not self.rows and self.single:
            return self.answer("single", rules=len(self.single))
        if not self.rows:
            name = "no_choice" if self.model.entity_names else "open"
            return self.answer(name, self.text("lede.no_choice"), state="open")
        headline = self.answer(
            "conflicts",
            self._lede(),
            conflicts=len(self.contested),
            fields=len(self.rows),
            worst=self.contested[0]["field"] if self.contested else "",
        )
        if not self.model.is_open("survivorship"):
            return headline
        return replace(headline, state="open", owner=self.model.owner_of("survivorship"))

    def _lede(self) -> str:
        """The field with the most conflicts, and the alternative that changes the most."""
        if not self.contested:
            return self.text("lede.sound")
        field = self.contested[0]
        worst = self.text(
            "lede.worst",
            conflicts=field["differ"],
            several=field["several"],
            entity=field["entity"],
            attribute=field["attribute"],
            share=field["share"],
        )
        changing = [row for row in self.outcomes if row.customers]
        undecided = [row for row in self.contested if not row["decided"]]
        second = ""
        if changing:
            top = max(changing, key=lambda row: row.customers or 0)
            second = self.text(
                "lede.alternative",
                decision=top.decision,
                alternative=top.alternative,
                changed=top.customers,
                entity=top.entity,
                numbers=list(dict.fromkeys(move.named for move in top.moves)),
            )
        elif undecided:
            second = self.text("lede.undecided", fields=len(undecided))
        return f"{worst} {second}".strip()

    # ---- figures

    def decisions(self) -> Figure:
        """Figure 5.1: the surviving source of each field, and how often its records conflict."""
        columns = self.heads(
            "decisions",
            Column("label", detail="reasoned"),
            Column("stack", kind="stack", scale=1.0),
            Column("winners"),
            Column("share", kind="percent"),
            Column("differ", kind="int"),
            Column("typed", kind="int"),
            Column("alone_share", kind="percent"),
            Column("filled_share", kind="percent"),
            Column("owner"),
        )
        rows = [
            {
                **row,
                "reasoned": capital(row["rule"]) + self._reason(row["field"]),
                "owner": row["owner"] or _NOBODY,
            }
            for row in [*self.rows, *self.single]
        ]
        legend = [
            (self.text(f"figures.decisions.legend.{item}"), tone) for item, tone in _PRIORITIES
        ]
        return self.figure(
            "decisions",
            table(frame_for(rows, columns), columns),
            self._decisions_caption(),
            legend=legend,
            single=len(self.single),
        )

    def _reason(self, field: str) -> str:
        """Why a field has the rule that it has, and since when; '' where nobody wrote it."""
        rule = self.model.survivorship.fields.get(field)
        if rule is None:
            return ""
        considered = not_taken(rule.considered)
        reason = because(rule.because, by_whom(self.model, self.word, "fields", field))
        return f"{reason}; {considered}" if considered else reason

    def _decisions_caption(self) -> str:
        """How to read it, placeholders, and which fields it does not list."""
        at = "figures.decisions"
        words = sum(row["said"] for rows in self.placeholders.values() for row in rows)
        identifiers = [
            humanize(".".join(shared_identifier))
            for shared_identifier in survivorship.shared_identifiers(self.model)
        ]
        parts = [self.text(f"{at}.caption")]
        parts += [self.text(f"{at}.single")] if self.single else []
        parts += [self.text(f"{at}.placeholders", values=words)] if words else []
        parts += [self.text(f"{at}.identifiers", fields=identifiers)] if identifiers else []
        return " ".join(parts)

    def why(self) -> Figure:
        """Figure 5.2: one contested value, and what it overrules."""
        example = most_contested(self.context, self.contested)
        entity, name, identifier = example or ("", "", "")
        head = capital(humanize(name)) or self.text("figures.why.columns.value")
        cls = self.model.class_of(f"{entity}.{name}") if example else "internal"
        rows = candidates(self.explained, entity, name, identifier) if example else []
        columns = self.heads(
            "why",
            Column("result"),
            Column("source"),
            *([Column("dated", kind="date")] if any(row["dated"] for row in rows) else []),
            Column("recorded", kind="date"),
            Column("because"),
        )
        columns.insert(2, Column("value", head, "value", cls=cls, token=name))
        body = table(frame_for(rows, columns), columns, highlight=[0] if rows else [])
        return self.figure(
            "why",
            body,
            empty="empty_sound" if self.rows else "empty",
            entity=entity,
            attribute=name,
            rule=rule_text(self.model, entity, name) if example else "",
            later=sum(bool(row["later"]) for row in rows),
        )

    def explain(self, name: str) -> str:
        """Why each golden value of one customer survives and what it overrules, a sentence a
        line; values of protected classes are tokens.

        `name` is `entity/id`, an id, or a record like `system.table:key`.

        Raises:
            WorkbookError: nobody bears that name.
        """
        return "\n".join(self.explained.sentences(self.explained.meant(name)))

    def disagreements(self) -> Figure:
        """Figure 5.3: which pairs of systems have conflicts."""
        rows = [
            {**row, "label": capital(row["label"]), "bar": row["share"]}
            for row in self.pairs
            if row["differ"]
        ]
        columns = self.heads(
            "disagreements",
            Column("pair"),
            Column("both_hold", kind="int"),
            Column("typed", kind="int"),
            Column("differ", kind="int"),
            Column("share", kind="percent"),
            Column("bar", " ", "bar", scale=1.0),
        )
        body = table(frame_for(rows, [*columns, Column("label")]), columns, group="label")
        return self.figure("disagreements", body, empty="empty_sound" if self.pairs else "empty")

    def sensitivity(self, *, every: bool = False) -> Figure:
        """Figure 5.4: what another decision would move, in this step and in those around it;
        `every` computes also what the page leaves out.
        """
        tried = sensitivity.sensitivity(self.context, every=True) if every else self.tried
        changing = [row for row in tried.rows if row.moves or row.customers or row.values]
        shown = tried.rows if every else changing[:_ALTERNATIVES]
        rows = [
            {
                "decision": capital(row.decision),
                "alternative": row.alternative,
                "because": row.because,
                "customers": row.customers,
                "share": row.customers / row.of if row.customers is not None and row.of else None,
                "moves": row.said,
                "effect": row.effect,
            }
            for row in shown
        ]
        columns = self.heads(
            "sensitivity",
            Column("decision"),
            Column("alternative", detail="because"),
            Column("customers", kind="int"),
            Column("share", kind="percent"),
            Column("effect", kind="bar", scale=1.0, colours=("blue",)),
            Column("moves"),
        )
        at, count, day = "figures.sensitivity", len(tried.rows), self.model.project.as_of
        parts = [self.text(f"{at}.caption")]
        if count > len(rows):
            unchanged = count - len(changing)
            parts.append(
                self.text(f"{at}.omitted", shown=len(rows), alternatives=count, unchanged=unchanged)
            )
        if tried.left_out:
            named = truncate_list(tried.left_out, _NOT_COMPUTED)
            parts.append(self.text(f"{at}.not_computed", alternatives=named))
        body = table(frame_for(rows, columns), columns)
        return self.figure(
            "sensitivity",
            body,
            " ".join(parts),
            role="sensitivity",
            day=day if isinstance(day, dt.date) else "",
        )

    def exceptions(self) -> Figure:
        """Figure 5.5: documented exceptions, and whether they are in force."""
        return exceptions_figure(self)

    def contested_customers(self, entity: str = "", most: int = 20) -> Figure:
        """The customers (or the things of another entity) with the most attributes whose records
        differ in meaning; a row each.
        """
        of = entity or self.model.grain.primary
        names = [name for item, name in self.fields if item == of]
        return contested_customers(self.context, of, names, self._spelled, most)

    def conclude(self) -> list[Finding]:
        """Contested fields without a rule, exceptions that are not in force, placeholders, mixed
        records, alternatives that move a headline number.
        """
        undecided = self.model.is_open("survivorship")
        return [
            *([self.finding("open", owner="")] if undecided else []),
            *fields_without_rule(self.model, self.contested),
            *exceptions_not_in_force(self.model),
            *fields_that_agree(self.model, self.rows),
            *placeholders(self.model, self.placeholders),
            *mixed_records(self.context),
            *dated_later(self.context, self.rows),
            *touched_nightly(self.context),
            *alternatives_that_move(self.model, self.outcomes),
        ]

    def what_if_exception(
        self,
        field: str,
        *,
        record: str,
        use_source: str = "",
        use_value: str = "",
        until: str | dt.date = "",
    ) -> WhatIf:
        """What an exception for the customer of one record (`system.table:key`) would move; its
        `adopt` writes the line.

        Raises:
            WorkbookError: the exception names no field, record, source or day that is known.
        """
        return what_if_exception(
            self.context,
            field,
            record=record,
            use_source=use_source,
            use_value=use_value,
            until=until,
        )
