"""11 Customer 360: a curated view or an audience per workflow, who is in it, who is not, and
why.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import polars as pl

from workbook import governance
from workbook.engine import Table, quote
from workbook.finding import Finding
from workbook.governance import Compiler
from workbook.governance.freshness import hours_before, newest_sql, stalest
from workbook.metrics import (
    CompiledExpression,
    Scope,
    now,
    per_row_name,
    per_row_tables,
    rule_tables,
    rules_in,
    zero_of_nothing,
)
from workbook.model import Model
from workbook.model.as_of import as_of_day
from workbook.model.columns import distinct_columns
from workbook.model.readings import sources_read
from workbook.show import Body, Column, Figure, Headline, nothing, one_below_another, table
from workbook.show.frame import frame_for
from workbook.steps import governance_words as words
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.steps.reasons import reasons
from workbook.steps.view_columns import on_its_side, readable, view_column
from workbook.words import number
from workbook.words.wording import capital, humanize, join_words, truncate_list

NO_VIEW = "no view and no audience is declared yet (11_customer_360.yml)"


@why_empty(
    views=NO_VIEW,
    fields=NO_VIEW,
    inclusion=lambda step: (
        "no view and no audience has a row to decide about" if step.named else NO_VIEW
    ),
    sample=lambda step: "no row is in a view that is made" if step.named else NO_VIEW,
)
class Customer360(Step):
    """The Customer 360 step."""

    word = "customer_360"
    page = "11"
    title = "Customer 360"
    asks = "What does one workflow need?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Views and audiences, and the rules and values per row that they name."""
        made, _ = _compiled(model)
        return made

    @cached_property
    def named(self) -> dict[str, tuple[str, Any]]:
        """Every view and audience by the name of its table: kind, part."""
        part = self.model.customer_360
        if part is None:
            return {}
        views = {f"view__{name}": ("view", view) for name, view in part.views.items()}
        return views | {
            f"audience__{name}": ("audience", audience) for name, audience in part.audiences.items()
        }

    @cached_property
    def refused(self) -> dict[str, str]:
        """Views and audiences that could not be compiled, and why."""
        return _compiled(self.model)[1]

    @cached_property
    def decided(self) -> pl.DataFrame:
        """One row per view and decision: how many rows are in, or out for this reason."""
        parts = [
            f"select cast('{name}' as varchar) as name, decision, count(*) as n from"
            f" {quote(name + '__decided')} group by decision"
            for name in self.named
            if self.context.has(f"{name}__decided")
        ]
        schema = {"name": pl.String, "decision": pl.String, "n": pl.Int64}
        return (
            self.context.query("\nunion all\n".join(parts)).sort(
                "name", "n", "decision", descending=[False, True, False]
            )
            if parts
            else pl.DataFrame(schema=schema)
        )

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row per view or audience."""
        refusals = governance.refusals(self.model)
        rows = []
        for name, (kind, part) in self.named.items():
            short = name.partition("__")[2]
            inside = self.decided.filter((pl.col("name") == name) & (pl.col("decision") == "in"))[
                "n"
            ].sum()
            whole = self.decided.filter(pl.col("name") == name)["n"].sum()
            kept_out = sum(view == short for view, _ in refusals)
            budget = getattr(part, "budget", None)
            over = budget is not None and len(part.fields) > budget
            few = self.decided.filter(
                (pl.col("name") == name) & (pl.col("decision") == governance.TOO_FEW)
            )["n"].sum()
            late = self.decided.filter(
                (pl.col("name") == name) & (pl.col("decision") == governance.TOO_OLD)
            )["n"].sum()
            state = (
                "fail"
                if short in self.refused
                else "look"
                if over or kept_out or few or late or not part.purpose
                else "pass"
            )
            rows.append(
                {
                    "table": name,
                    "kind": kind,
                    "name": humanize(short),
                    "of": part.of,
                    "state": state,
                    "purpose": humanize(part.purpose) or "none yet",
                    "question": self._question(part.answers),
                    "fields": len(part.fields),
                    "budget": budget,
                    "refused": kept_out,
                    "channel": getattr(part, "channel", ""),
                    "few": few,
                    "late": late,
                    "least": self._least(part.purpose),
                    "inside": inside if self.context.has(name) else None,
                    "whole": whole if self.context.has(name) else None,
                    "owner": self.model.owner_of("customer_360", f"{kind}s", short) or "nobody yet",
                }
            )
        return rows

    def _least(self, purpose: str) -> int:
        """The smallest group that a purpose may be served; 0: any."""
        part = self.model.ai_context
        return part.purposes[purpose].smallest_group if part and purpose in part.purposes else 0

    def _late(self, name: str) -> list[tuple[str, float]]:
        """The sources of a view that are older than its purpose permits, with their age in
        hours, the oldest first.
        """
        kind, part = self.named[name]
        day, limit = (
            as_of_day(self.model),
            (
                self.model.ai_context.purposes[part.purpose].freshness
                if self.model.ai_context
                else ""
            ),
        )
        newest = self.context.query(newest_sql(self.model, self.context.plan, day))
        read = sources_read(self.model, f"{kind}s", name.partition("__")[2], part)
        ages = [
            (source, stalest({source: at}, (source,), day)[1] or 0.0)
            for source, at in newest.rows()
            if source in read
        ]
        return sorted(
            (each for each in ages if each[1] > (hours_before(limit, day) or each[1])),
            key=lambda each: -each[1],
        )

    def _people(self, name: str) -> dict[str, int]:
        """How many of each other entity the withheld rows of a view are about."""
        part = self.named[name][1]
        others = [entity for entity in governance.people_in(self.model, part) if entity != part.of]
        asked = {
            entity: governance.people_sql(
                self.model, part, entity, quote(f"{name}__decided"), governance.TOO_FEW
            )
            for entity in others
        }
        return {entity: int(self.context.query(sql)["n"][0]) for entity, sql in asked.items()}

    def _question(self, name: str) -> str:
        part = self.model.questions
        return part.questions[name].ask if part and name in part.questions else humanize(name)

    def headline(self) -> Headline:
        """How many workflows have a view of their own, and how many rows they see."""
        if not self.rows:
            lede = (
                "One wide table for everybody is read by nobody in particular. Start with the"
                " workflow that acts on customers most often."
            )
            return Headline(
                self.page, self.title, "No workflow has a view of its own yet.", lede, state="open"
            )
        sentence = (
            f"{number.plural(len(self.rows), 'workflow reads', 'workflows read')} customer data"
            f" through a view or an audience of {'its' if len(self.rows) == 1 else 'their'} own."
        )
        said = [
            f"{row['name']} sees {number.integer(row['inside'])} of {number.integer(row['whole'])}"
            f" {row['of']} rows"
            for row in self.rows
            if row["inside"] is not None
        ]
        refused = sum(row["refused"] for row in self.rows)
        lede = f"{join_words(said)}. " if said else ""
        lede += (
            f"{number.plural(refused, 'field')} that a view asks for"
            f" {'is' if refused == 1 else 'are'} refused by its purpose."
            if refused
            else "Every field asked for is allowed for its purpose."
        )
        return Headline(
            self.page,
            self.title,
            sentence,
            lede[:1].upper() + lede[1:],
            owner=self.model.owner_of("customer_360"),
        )

    def views(self) -> Figure:
        """Figure 11.1: every view and audience."""
        columns = [
            Column("state", " ", "check"),
            Column("name", "View", detail="question"),
            Column("purpose", "Purpose", detail="channel"),
            Column("of", "One row is one"),
            Column("inside", "In", "int"),
            Column("whole", "Of", "int"),
            Column("fields", "Fields", "int"),
            Column("budget", "Budget", "int"),
            Column("refused", "Refused", "int"),
            Column("owner", "Owner"),
        ]
        caption = (
            "The grey lines are the question that the view answers, and the channel of an audience."
            " A view holds names only: its logic lives in rules and metrics, and nothing upstream"
            " reads it."
        )
        caption += reasons(self.model, "customer_360")
        return Figure(
            "11.1",
            "Which workflow reads what?",
            "Views and audiences",
            table(frame_for(self.rows, columns), columns),
            caption,
        )

    def fields(self) -> Figure:
        """Figure 11.2: the fields of every view, whether they are allowed, and how far they are
        filled.
        """
        rows = []
        for name, (_, part) in self.named.items():
            filled, columns = self._filled(name), distinct_columns(part.fields)
            for field in part.fields:
                ruling = governance.may_read(self.model, part.purpose, field, part.of)
                share, distinct = filled.get(columns[field], (None, None))
                unused = ruling.allowed and _says_nothing(share, distinct)
                rows.append(
                    {
                        "view": humanize(name.partition("__")[2]),
                        "field": field,
                        "cls": ruling.cls,
                        "state": "fail" if not ruling.allowed else "note" if unused else "pass",
                        "share": share,
                        "because": (
                            ruling.because
                            if not ruling.allowed
                            else (
                                (
                                    "the same wherever it is filled"
                                    if share and share < 1
                                    else "the same for every row"
                                    if share
                                    else "empty"
                                )
                                if unused
                                else ""
                            )
                        ),
                    }
                )
        columns = [
            Column("state", " ", "check"),
            Column("field", "Field"),
            Column("cls", "Class"),
            Column("share", "Filled", "percent"),
            Column("because", "What to look at"),
        ]
        caption = (
            "A field that no purpose permits never reaches the view. One that is empty or the same"
            " for everybody costs budget and says nothing."
        )
        return Figure(
            "11.2",
            "Is every field allowed, and does it earn its place?",
            "One row per field of a view",
            table(frame_for(rows, [*columns, Column("view")]), columns, group="view"),
            caption,
        )

    def _idle(self) -> list[tuple[str, str]]:
        """Fields of views that are allowed and say nothing: the view's table, and the field."""
        found = []
        for name, (_, part) in self.named.items():
            filled, columns = self._filled(name), distinct_columns(part.fields)
            found += [
                (name, field)
                for field in part.fields
                if columns[field] in filled and _says_nothing(*filled[columns[field]])
            ]
        return found

    def _filled(self, name: str) -> dict[str, tuple[float | None, int]]:
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

    def inclusion(self) -> Figure:
        """Figure 11.3: who is in and who is out, with the first reason."""
        rows = [
            {
                "view": humanize(row["name"].partition("__")[2]),
                **row,
                "share": row["n"] / max(1, total),
            }
            for row in self.decided.to_dicts()
            for total in [self.decided.filter(pl.col("name") == row["name"])["n"].sum()]
        ]
        columns = [
            Column("decision", "Decision"),
            Column("n", "Rows", "int"),
            Column("share", "Share", "percent"),
            Column("share_bar", " ", "bar", scale=1.0),
        ]
        rows = [
            {
                **row,
                "share_bar": row["share"],
                "decision": "in" if row["decision"] == "in" else f"out: {row['decision']}",
            }
            for row in rows
        ]
        caption = (
            "Reasons are asked in the order of the conditions and the first that applies counts, so"
            " that every row has exactly one; the largest stand first."
        )
        return Figure(
            "11.3",
            "Who is in, who is out, and why?",
            "Rows of each view's entity",
            table(frame_for(rows, [*columns, Column("view")]), columns, group="view"),
            caption,
        )

    def sample(self) -> Figure:
        """Figure 11.4: the first rows of every view and audience as their reader would see
        them, personal values as tokens.
        """
        ready = [(name, part) for name, (_, part) in self.named.items() if self.context.has(name)]
        caption = (
            "Its reader sees the values; here personal ones are shown as tokens. Within one table"
            " equal tokens are equal values; each table numbers its own."
        )
        parts = [
            (capital(humanize(name.partition("__")[2])), self._first_rows(name, part))
            for name, part in ready
        ]
        return Figure(
            "11.4",
            "What does a reader see?",
            "The first rows of each, by id",
            one_below_another(parts),
            caption,
        )

    def _first_rows(self, name: str, part: Any) -> Body:
        frame = self.context.frame(name).head(4)
        named = {column: field for field, column in distinct_columns(part.fields).items()}
        columns = [
            view_column(
                self.model,
                self.context,
                part.of,
                frame,
                column,
                named[column],
                governance.class_of(self.model, named[column], part.of),
            )
            for column in frame.columns
            if column != "id"
        ]
        if not columns:
            return nothing(why="its purpose permits none of its fields")
        return on_its_side(table(readable(self.model, part.of, frame, named), columns))

    def why(self, view: str, id: str) -> str:  # noqa: A002  the word of every table
        """Why a row is in a view or out of it, as a sentence.

        Raises:
            WorkbookError: there is no such view.
        """
        name = view if view in self.named else f"view__{view}"
        found = self.context.frame(f"{name}__decided").filter(pl.col("id") == id)["decision"]
        if found.is_empty():
            return f"There is no {self.named[name][1].of} {id}."
        said = humanize(name.partition("__")[2])
        return f"{id} is in {said}." if found[0] == "in" else f"{id} is not in {said}: {found[0]}."

    def conclude(self) -> list[Finding]:
        """Views that cannot be compiled, that exceed their budget, or ask for what their
        purpose refuses.
        """
        if not self.rows:
            return [
                Finding(
                    "customer_360.open", "note", "No workflow has a view of its own yet.", self.page
                )
            ]
        found = []
        for name, why in self.refused.items():
            view, _, field = name.partition(": ")
            said = (
                f"{field} cannot be in {humanize(view)}: {why}"
                if field
                else f"{humanize(view)} cannot be compiled: {why}"
            )
            found.append(
                Finding(
                    "customer_360.not_compiled",
                    "look",
                    f"{said.rstrip('.')}.",
                    self.page,
                    None,
                    self.model.owner_of("customer_360"),
                    (name,),
                )
            )
        for row in self.rows:
            name = row["table"].partition("__")[2]
            if row["budget"] is not None and row["fields"] > row["budget"]:
                sentence = (
                    f"{row['name']} has {row['fields']} fields and a budget of {row['budget']}."
                )
                found.append(
                    Finding(
                        "customer_360.over_budget",
                        "look",
                        sentence,
                        self.page,
                        row["fields"],
                        row["owner"],
                        (name,),
                    )
                )
            if row["few"]:
                people = self._people(row["table"])
                about = (
                    ", about"
                    f" {join_words([number.plural(count, humanize(entity)) for entity, count in people.items()])},"
                    if people
                    else ""
                )
                sentence = (
                    f"{row['name']} is withheld:"
                    f" {number.plural(row['few'], humanize(row['of']))}{about}"
                    f" {'passes' if row['few'] == 1 else 'pass'} its conditions, and"
                    f" {row['purpose']} is served nothing about fewer than {row['least']}."
                )
                found.append(
                    Finding(
                        "customer_360.small_group",
                        "look",
                        sentence,
                        self.page,
                        min(people.values(), default=row["few"]),
                        row["owner"],
                        (name,),
                    )
                )
            elif row["late"]:
                limit = (
                    self.model.ai_context.purposes[self.named[row["table"]][1].purpose].freshness
                    if self.model.ai_context
                    else ""
                )
                sentence = words.too_old(
                    row["name"], row["purpose"], limit, self._late(row["table"])
                )
                found.append(
                    Finding(
                        "customer_360.too_old",
                        "look",
                        sentence,
                        self.page,
                        row["late"],
                        row["owner"],
                        (name,),
                    )
                )
            elif row["inside"] == 0:
                found.append(
                    Finding(
                        "customer_360.empty",
                        "look",
                        f"{row['name']} is empty: nobody passes its conditions.",
                        self.page,
                        0,
                        row["owner"],
                        (name,),
                    )
                )
        idle = [f"{field} in {humanize(name.partition('__')[2])}" for name, field in self._idle()]
        if idle:
            sentence = (
                f"{number.plural(len(idle), 'field')} of views {'is' if len(idle) == 1 else 'are'}"
                f" empty or the same wherever they are filled: {truncate_list(idle, 4)}."
            )
            found.append(
                Finding(
                    "customer_360.idle_fields",
                    "note",
                    sentence,
                    self.page,
                    len(idle),
                    self.model.owner_of("customer_360"),
                )
            )
        refusals = governance.refusals(self.model)
        if refusals:
            said = truncate_list(
                [f"{ruling.field} in {humanize(view)}" for view, ruling in refusals], 4
            )
            sentence = (
                f"{number.plural(len(refusals), 'field')} that views ask for"
                f" {'is' if len(refusals) == 1 else 'are'} refused by their purpose: {said}."
            )
            found.append(
                Finding(
                    "customer_360.refused_fields",
                    "look",
                    sentence,
                    self.page,
                    len(refusals),
                    self.model.owner_of("customer_360"),
                )
            )
        return found


def _says_nothing(share: float | None, distinct: int | None) -> bool:
    """Whether a field is empty, or the same for every row."""
    return share == 0 or (distinct is not None and distinct <= 1)


def _compiled(model: Model) -> tuple[list[Table], dict[str, str]]:
    """Every table of views and audiences with what it needs, and what could not be compiled."""
    part = model.customer_360
    if part is None or model.entities is None:
        return [], {}
    clock = now(model)
    needed: list[Table] = []

    def expression(entity: str, text: str) -> Any:
        needed.extend(rule_tables(model, rules_in(model, entity, text), clock))
        return Scope(model, entity, clock).compile(text)

    def key_of(entity: str, other: str) -> CompiledExpression:
        return (
            CompiledExpression("e.id")
            if other == entity
            else Scope(model, entity, clock).key_of(other)
        )

    def per_row(metric: str, entity: str) -> str:
        needed.extend(per_row_tables(model, metric, entity))
        return per_row_name(metric, entity)

    compiler = Compiler(expression, key_of, per_row, lambda metric: zero_of_nothing(model, metric))
    views, refused = governance.view_tables(model, compiler)
    return [*needed, *views], refused
