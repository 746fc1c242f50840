"""05 Survivorship: which source wins, field by field, how contested it is, and what another
decision would move.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

import polars as pl

from workbook import entities
from workbook import survivorship as room
from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.dating import group_of
from workbook.model.literals import readable
from workbook.model.times import local_time
from workbook.scenarios import sensitivity
from workbook.scenarios.explain import ValueExplainer
from workbook.scenarios.masked_reasons import readable_reasons
from workbook.scenarios.what_if import WhatIf, what_if_exception
from workbook.show import Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.steps.reasons import because
from workbook.steps.single_source_words import AND_SINGLE, ONE_SOURCE, of_single
from workbook.steps.survivorship_doubts import mixed_records, touched_nightly
from workbook.words import number
from workbook.words.wording import capital, humanize, join_words, truncate_list

_RULES = {
    "source_order": "first in order",
    "most_recent": "newest",
    "most_frequent": "most frequent",
    "most_complete": "most complete",
}
_SHOWN = 12  # alternatives that the page lists, those that change the most
_NAMED = 3  # alternatives that were not computed and are named
_NONE = " No exception of the file holds until it is mended."
_ONE_SYSTEM = (
    "no entity is resolved from several systems, so that no field has a choice (04_entities.yml and"
    " 04b_identity.yml)"
)


@why_empty(
    decisions=_ONE_SYSTEM,
    why=_ONE_SYSTEM,
    disagreements="no two systems hold a value of the same customer",
    sensitivity="no decision names an alternative, and no field is contested",
    exceptions="no exception is written (decisions/exceptions.csv)",
)
class Survivorship(Step):
    """The survivorship step."""

    word = "survivorship"
    page = "05"
    title = "Survivorship"
    asks = "Which source wins, field by field?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Every choice with its provenance, the golden records, and the keys of spellings that
        stand beside another one.
        """
        return [*room.tables(model), *room.meaning_tables(model)]

    @cached_property
    def fields(self) -> list[tuple[str, str]]:
        """The attributes that several sources hold: (entity, attribute); identifiers connect
        records and are left out.
        """
        return [field for field in room.shared_attributes(self.model) if self.context.has(field[0])]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row per contested field, the most contested first."""
        if not self.fields:
            return []
        winners = self.context.query(room.winners_sql(self.fields))
        rows = []
        for row in self.context.query(
            room.conflicts_sql(self.model, self.fields, self._spelled)
        ).to_dicts():
            entity, _, name = row["field"].partition(".")
            rows.append(
                {
                    **row,
                    "label": f"{humanize(entity)} {humanize(name)}",
                    "said": capital(f"{humanize(entity)} {humanize(name)}"),
                    "of": humanize(entity),
                    "what": humanize(name),
                    "rule": self._rule(entity, name),
                    "share": row["differ"] / row["several"] if row["several"] else None,
                    "alone_share": row["alone"] / row["filled"] if row["filled"] else None,
                    "filled_share": row["filled"] / row["customers"] if row["customers"] else None,
                    "winners": self._winners(winners.filter(pl.col("field") == row["field"])),
                    "stack": [
                        n / max(1, row["customers"])
                        for n in self._stack(
                            entity, name, winners.filter(pl.col("field") == row["field"])
                        )
                    ],
                    "owner": room.owner_of_attribute(self.model, entity, name) or "nobody yet",
                    "decided": bool(
                        self.model.survivorship
                        and (
                            row["field"] in self.model.survivorship.fields
                            or len(group_of(self.model, entity, name)) > 1
                        )
                    ),
                }
            )
        return sorted(rows, key=lambda row: (-(row["share"] or 0), row["field"]))

    @cached_property
    def _spelled(self) -> set[tuple[str, str]]:
        return sensitivity.spelled(self.context, self.fields)

    @cached_property
    def single(self) -> list[dict[str, Any]]:
        """One row per field with a rule of its own that one source alone holds, in the order of
        the rules.
        """
        fields = [
            field for field in room.single_source_fields(self.model) if self.context.has(field[0])
        ]
        found = (
            self.context.query(room.single_source_sql(self.model, fields)).to_dicts()
            if fields
            else []
        )
        known = {row["field"]: row for row in found}
        return [self._single(entity, name, known[f"{entity}.{name}"]) for entity, name in fields]

    def _single(self, entity: str, name: str, row: dict[str, Any]) -> dict[str, Any]:
        share = row["filled"] / row["customers"] if row["customers"] else None
        said = capital(f"{humanize(entity)} {humanize(name)}")
        return {
            "field": row["field"],
            "said": said,
            "rule": f"{self._rule(entity, name)}; {ONE_SOURCE}",
            "stack": [share or 0.0, 0.0, 0.0, 0.0],
            "winners": join_words(self._order_of(entity, name)),
            "share": row["differ"] / row["several"] if row["several"] else None,
            "typed": row["differ"],
            "alone_share": 1.0 if row["filled"] else None,
            "filled_share": share,
            "owner": room.owner_of_attribute(self.model, entity, name) or "nobody yet",
        }

    def _rule(self, entity: str, name: str) -> str:
        rule = self.model.rule(entity, name)
        order = [
            item.source + (f" if {readable(self.model, item.only_if)}" if item.only_if else "")
            for item in self.model.order(entity, name)
        ]
        said = (
            f"first where {readable(self.model, rule.expr)}"
            if rule.rule == "expression"
            else _RULES.get(rule.rule, rule.rule)
        )
        text = (
            f"{said}: {', '.join(order)}"
            if rule.rule == "source_order"
            else f"{said}, then {', '.join(order)}"
        )
        group = group_of(self.model, entity, name)
        text += (
            f"; dated by {join_words(sorted(each.at for each in rule.dated_by.values()))}"
            if rule.dated_by
            else ""
        )
        text += (
            f"; {join_words([humanize(each) for each in group])} from one record"
            if len(group) > 1
            else ""
        )
        return text + (f"; nothing older than {rule.no_older_than}" if rule.no_older_than else "")

    def _reason(self, field: str) -> str:
        """Why a field has the rule that it has; '' where nobody wrote it."""
        part = self.model.survivorship
        return part.fields[field].because if part and field in part.fields else ""

    def _order_of(self, entity: str, name: str) -> list[str]:
        """The sources of an attribute in the order in which they have their turn."""
        sources = [ref.source for ref in self.model.attributes(entity)[name]]
        turn = {}
        for number_, item in enumerate(self.model.order(entity, name)):
            for source in sources:
                if item.source in (source, self.model.system_of(source)):
                    turn.setdefault(source, number_)
        return sorted(dict.fromkeys(sources), key=lambda source: (turn.get(source, 99), source))

    def _stack(self, entity: str, name: str, winners: pl.DataFrame) -> list[int]:
        counts = dict(winners.group_by("source").agg(pl.col("n").sum()).rows())
        turns = [int(counts.pop(source, 0)) for source in self._order_of(entity, name)]
        return [*turns[:3], sum(turns[3:]) + sum(int(n) for n in counts.values())]

    def _winners(self, winners: pl.DataFrame) -> str:
        total = winners["n"].sum()
        shares = (
            winners.group_by("source")
            .agg(pl.col("n").sum())
            .sort(["n", "source"], descending=[True, False])
            .rows()
        )
        return (
            truncate_list([f"{source} {number.percent(n / total, 0)}" for source, n in shares], 3)
            if total
            else "nobody has a value"
        )

    @cached_property
    def contested(self) -> list[dict[str, Any]]:
        """Fields of which at least one customer has values that do not mean the same."""
        return [row for row in self.rows if row["differ"]]

    @cached_property
    def placeholders(self) -> dict[str, list[dict[str, Any]]]:
        """Of each entity the attributes in which words that mean nothing stand: how many
        records, how many values are empty because of it.
        """
        found = {}
        for entity in self.model.entity_names:
            if not self.context.has(entity):
                continue
            resolved = self.model.has_identity(entity)
            sql = (
                room.placeholders_sql(self.model, entity, room.attributes(self.model, entity))
                if resolved
                else entities.placeholders_sql(self.model, entity)
            )
            rows = (
                self.context.query(sql).filter(pl.col("said") > 0).sort("attribute").to_dicts()
                if sql
                else []
            )
            found |= {entity: rows} if rows else {}
        return found

    def headline(self) -> Headline:
        """How many fields are contested, and where the order matters most."""
        if not self.rows and self.single:
            return Headline(
                self.page,
                self.title,
                of_single(len(self.single)),
                owner=self.model.owner_of("survivorship"),
            )
        if not self.rows:
            sentence = (
                "No field comes from two sources that name the same customer."
                if self.model.entity_names
                else "Which source wins has not been decided yet."
            )
            return Headline(
                self.page,
                self.title,
                sentence,
                "Once records of several systems are joined, each field that two of them hold needs"
                " an order.",
                state="open",
            )
        most = f", most of all on {self.contested[0]['label']}" if self.contested else ""
        sentence = (
            f"Records of one customer disagree on {len(self.contested)} of"
            f" {number.plural(len(self.rows), 'shared field')}{most}."
        )
        state = "decided" if self.model.survivorship else "open"
        return Headline(
            self.page,
            self.title,
            sentence,
            self._lede(),
            owner=self.model.owner_of("survivorship"),
            state=state,
        )

    def _lede(self) -> str:
        if not self.contested:
            return (
                "Wherever several records hold a value for one customer, they hold the same; an"
                " order would change nothing today."
            )
        worst = self.contested[0]
        text = (
            f"Of {number.plural(worst['several'], worst['of'])} whose {worst['what']} stands in"
            f" several records, {number.integer(worst['differ'])} have different ones; the rule is"
            f" “{worst['rule']}”. "
        )
        moved = [row for row in self.outcomes if row.customers]
        if moved:
            top = max(moved, key=lambda row: row.customers or 0)
            numbers = (
                f"and move {join_words(list(dict.fromkeys(move.label for move in top.moves)))}"
                if top.moves
                else "and move no headline number"
            )
            who = number.plural(
                top.customers or 0, humanize(top.field.partition(".")[0] or "customer")
            )
            text += (
                f"Among the other orders, the one that changes most is {top.decision} by"
                f" “{top.alternative}”: it would change {who} {numbers}."
            )
        undecided = [row for row in self.contested if not row["decided"]]
        return text + (
            f" {number.plural(len(undecided), 'contested field')}"
            f" {'follows' if len(undecided) == 1 else 'follow'} only the default order."
            if undecided and not moved
            else ""
        )

    def decisions(self) -> Figure:
        """Figure 5.1: who wins each field, and how contested it is."""
        columns = [
            Column("said", "Field", detail="reasoned"),
            Column("stack", "Surviving source", "stack", scale=1.0),
            Column("winners", "From"),
            Column("share", "Differ", "percent"),
            Column("differ", "In meaning", "int"),
            Column("typed", "As typed", "int"),
            Column("alone_share", "One system only", "percent"),
            Column("filled_share", "Have a value", "percent"),
            Column("owner", "Owner"),
        ]
        legend = (
            ("from the source that comes first", "d1"),
            ("second", "d2"),
            ("third", "d3"),
            ("later", "d4"),
        )
        caption = (
            "A full bar is everybody; what is missing from it has no value in any system. Differ:"
            " of those for whom several records hold a value, the share whose values do not mean"
            " the same; “as typed” counts another spelling of the same value, too. One system only:"
            " of those with a value, the share for whom no second system could confirm it."
        )
        caption += (
            " Of a field that one source holds, Differ counts values as typed."
            if self.single
            else ""
        )
        said = sum(row["said"] for rows in self.placeholders.values() for row in rows)
        caption += (
            " Words that mean nothing, such as N/A or unknown, are no values:"
            f" {number.plural(said, 'record')} {'holds' if said == 1 else 'hold'} one."
            if said
            else ""
        )
        keys = [
            f"{humanize(entity)} {humanize(name)}"
            for entity, name in room.shared_identifiers(self.model)
        ]
        caption += (
            f" Not listed: {join_words(keys)}, which {'connects' if len(keys) == 1 else 'connect'}"
            f" records and {'has' if len(keys) == 1 else 'have'} no rule of"
            f" {'its' if len(keys) == 1 else 'their'} own."
            if keys
            else ""
        )
        rows = [
            {**row, "reasoned": row["rule"] + because(self._reason(row["field"]))}
            for row in [*self.rows, *self.single]
        ]
        body = table(
            frame_for(rows, columns), columns, spanners={"How many differ": ["differ", "typed"]}
        )
        subtitle = "Fields that several sources hold, those with the most disagreement first"
        subtitle += AND_SINGLE if self.single else ""
        return Figure(
            "5.1",
            "Which source wins, and how often do records disagree?",
            subtitle,
            body,
            caption,
            legend,
        )

    def why(self) -> Figure:
        """Figure 5.2: one contested value, and what it beat."""
        example = self._example()
        columns = [
            Column("state", " ", "check"),
            Column("source", "Source"),
            Column("value", "Value", "value", cls="internal"),
            Column("recorded", "Record written", "date"),
            Column("because", "Why"),
        ]
        if example is None:
            return Figure(
                "5.2",
                "Why does this value stand?",
                "Sources disagree on no field",
                table(frame_for([], columns), columns),
                "",
            )
        entity, name, identifier = example
        rows = self._weighed(entity, name, identifier)
        cls = self.model.class_of(f"{entity}.{name}")
        columns[2] = Column("value", humanize(name).capitalize(), "value", cls=cls, token=name)
        # the rule goes by a date of the value, and not by when its record was written
        if any(row["dated"] for row in rows):
            columns.insert(3, Column("dated", "Its date", "date"))
        frame = frame_for(rows, columns)
        caption = (
            f"The {humanize(entity)} whose records differ most, as an example. ✓ marks the value"
            f" that stands. The rule: {self._rule(entity, name)}. “workbook explain” tells the same"
            f" of any {humanize(entity)}."
        )
        return Figure(
            "5.2",
            f"Why does this {humanize(name)} stand?",
            f"All records of one {humanize(entity)}, the one whose value stands first",
            table(frame, columns, highlight=[0]),
            caption,
        )

    def _example(self) -> tuple[str, str, str] | None:
        for row in self.contested:
            entity, _, name = row["field"].partition(".")
            found = self.context.query(room.most_contested_sql(self.model, entity, name))["id"]
            if len(found):
                return entity, name, str(found[0])
        return None

    def _weighed(self, entity: str, name: str, identifier: str) -> list[dict[str, Any]]:
        rows = self.explained.held(entity, name, identifier)
        return [
            {
                "source": row.source,
                "record": row.record,
                "recorded": local_time(self.model, row.recorded),
                "dated": local_time(self.model, row.dated),
                "value": row.value,
                "state": "pass" if row.stands else "note",
                "because": f"stands: {row.because}" if row.stands else row.because,
            }
            for row in rows
        ]

    @cached_property
    def explained(self) -> ValueExplainer:
        """Answers to "why does this value stand?"."""
        return ValueExplainer(self.context)

    def explain(self, name: str) -> str:
        """Why each golden value of one customer stands and what it beat, a sentence a line;
        values of protected classes are tokens.

        `name` is `entity/id`, an id, or a record like `system.table:key`.

        Raises:
            WorkbookError: nobody bears that name.
        """
        return "\n".join(self.explained.sentences(self.explained.meant(name)))

    @cached_property
    def pairs(self) -> list[dict[str, Any]]:
        """One row per field and pair of systems: of how many both hold a value, of how many
        none of the values is the same.
        """
        found = (
            self.context.query(room.pairs_sql(self.model, self.fields, self._spelled))
            .sort("field", "one", "other")
            .to_dicts()
            if self.fields
            else []
        )
        return [
            {
                **row,
                "label": humanize(row["field"].replace(".", " ")),
                "pair": f"{row['one']} and {row['other']}",
                "share": row["differ"] / row["both_hold"],
            }
            for row in found
        ]

    def disagreements(self) -> Figure:
        """Figure 5.3: which pairs of systems disagree."""
        rows = [
            {**row, "label": capital(row["label"]), "bar": row["share"]}
            for row in self.pairs
            if row["differ"]
        ]
        columns = [
            Column("pair", "Systems"),
            Column("both_hold", "Both hold a value", "int"),
            Column("typed", "Differ as typed", "int"),
            Column("differ", "Differ in meaning", "int"),
            Column("share", "Share", "percent"),
            Column("bar", " ", "bar", scale=1.0),
        ]
        caption = (
            "Share: of those about whom both hold a value, how many have no value in common. Where"
            " two systems often differ, look for what goes wrong between them; deciding who wins"
            " only hides it."
        )
        return Figure(
            "5.3",
            "Which systems disagree?",
            "Counts of those whom both systems know, by field",
            table(frame_for(rows, [*columns, Column("label")]), columns, group="label"),
            caption,
        )

    @cached_property
    def tried(self) -> sensitivity.Sensitivity:
        """Other decisions, of every step, and what they would change on this data."""
        return sensitivity.sensitivity(self.context)

    @property
    def outcomes(self) -> list[sensitivity.Row]:
        """Those of them that decide otherwise which value wins."""
        return [row for row in self.tried.rows if row.step == self.word]

    def sensitivity(self, *, every: bool = False) -> Figure:
        """Figure 5.4: what another decision would move, in this step and in those around it;
        `every` computes also what the page leaves out.
        """
        tried = sensitivity.sensitivity(self.context, every=True) if every else self.tried
        moving = [row for row in tried.rows if row.moves or row.customers or row.values]
        rows = [
            {
                "decision": capital(row.decision),
                "place": row.place.rpartition("/")[2],
                "alternative": row.alternative,
                "because": row.because,
                "customers": row.customers,
                "share": row.customers / row.of if row.customers is not None and row.of else None,
                "moves": row.said,
                "effect": row.effect,
            }
            for row in (tried.rows if every else moving[:_SHOWN])
        ]
        columns = [
            Column("decision", "Decision", detail="place"),
            Column("alternative", "Instead", detail="because"),
            Column("customers", "Customers changed", "int"),
            Column("share", "Share", "percent"),
            Column("effect", "Largest move", "bar", scale=1.0, colours=("blue",)),
            Column("moves", "Headline numbers"),
        ]
        caption = (
            "Each row is computed by taking the other decision on the same data. A bar shows the"
            " largest move of a headline number, up or down; a full bar says that it would at least"
            " double. Where no customer is counted as changed, only what is counted changes."
        )
        if not every and len(tried.rows) > len(rows):
            caption += (
                f" Of {number.plural(len(tried.rows), 'alternative')},"
                f" {number.integer(len(tried.rows) - len(moving))} would change nothing and are"
                " left out."
            )
        if tried.left_out:
            caption += f" Not computed: {truncate_list(tried.left_out, _NAMED)}."
        title, subtitle = (
            "Which decisions matter most?",
            "What the headline numbers would be under another decision, the largest move first",
        )
        return Figure(
            "5.4",
            title,
            subtitle,
            table(frame_for(rows, columns), columns),
            caption,
            role="sensitivity",
        )

    def exceptions(self) -> Figure:
        """Figure 5.5: documented exceptions, and whether they still hold."""
        day = self.model.project.as_of
        rows = []
        reasons = readable_reasons(self.context, [e.because for e in room.exceptions(self.model)])
        for e in room.exceptions(self.model):
            holds = isinstance(day, dt.date) and e.holds(day)
            state = "fail" if e.trouble else "pass" if holds else "look"
            rows.append(
                {
                    "state": state,
                    "field": e.field,
                    "record": e.record,
                    "by": e.by or "nobody",
                    "until": e.until,
                    "use": f"take {e.use_source}" if e.use_source else "a value of its own",
                    "because": e.trouble or reasons[e.because],
                    "line": f"line {e.line}",
                }
            )
        columns = [
            Column("state", " ", "check"),
            Column("field", "Field", detail="line"),
            Column("use", "Instead"),
            Column("until", "Until", "date"),
            Column("by", "Decided by"),
            Column("because", "Because"),
        ]
        frame = frame_for(rows, columns)
        if rows:
            frame = frame.with_columns(pl.col("until").cast(pl.Date))
        caption = (
            "✓: in force. An exception whose day has passed has no effect and is listed until"
            " somebody removes it."
        )
        return Figure(
            "5.5",
            "Which exceptions are in force?",
            "Single customers for whom the rule does not hold, from decisions/exceptions.csv",
            table(frame, columns),
            caption,
        )

    def conclude(self) -> list[Finding]:
        """Contested fields without a rule, expired exceptions, alternatives that move a
        headline number.
        """
        found = []
        if self.model.survivorship is None:
            found.append(
                Finding(
                    "survivorship.open",
                    "note",
                    "Which source wins is not decided; sources have their turn in the order in"
                    " which entities name them.",
                    self.page,
                )
            )
        for row in self.contested:
            if not row["decided"] and row["share"] and row["share"] >= 0.05:
                sentence = (
                    f"{row['said']} differs for {number.integer(row['differ'])} of"
                    f" {number.plural(row['several'], row['of'])}, and no rule of its own says"
                    " which source wins."
                )
                found.append(
                    Finding(
                        "survivorship.no_rule",
                        "look",
                        sentence,
                        self.page,
                        row["differ"],
                        row["owner"] if row["owner"] != "nobody yet" else "",
                        (row["field"],),
                    )
                )
        day = self.model.project.as_of
        for e in room.exceptions(self.model):
            if e.trouble:
                found.append(
                    Finding(
                        "survivorship.broken_exception",
                        "fail" if e.whole else "look",
                        f"exceptions.csv, line {e.line}: {e.trouble}.{_NONE if e.whole else ''}",
                        self.page,
                        None,
                        "",
                        (e.id,),
                    )
                )
            elif isinstance(day, dt.date) and not e.holds(day):
                found.append(
                    Finding(
                        "survivorship.expired_exception",
                        "look",
                        f"The exception {e.id} for {e.field} ended on {e.until}.",
                        self.page,
                        None,
                        "",
                        (e.id,),
                    )
                )
        agreed = [row for row in self.rows if not row["differ"] and row["several"]]
        if agreed:
            sentence = (
                f"The order does not matter for {join_words([row['label'] for row in agreed[:4]])}:"
                " wherever several sources hold a value, they mean the same."
            )
            found.append(
                Finding(
                    "survivorship.order_never_matters", "note", sentence, self.page, len(agreed)
                )
            )
        for entity, rows in self.placeholders.items():
            said, emptied = (sum(row[word] for row in rows) for word in ("said", "emptied"))
            named = truncate_list(
                [
                    f"{humanize(row['attribute'])} {row['said']:,}"
                    for row in sorted(rows, key=lambda row: -row["said"])
                ],
                4,
            )
            sentence = (
                f"{humanize(entity).capitalize()}: {number.plural(said, 'value')} such as N/A or"
                f" unknown {'means' if said == 1 else 'mean'} nothing and"
                f" {'was' if said == 1 else 'were'} left out ({named});"
                f" {number.plural(emptied, 'value')} {'is' if emptied == 1 else 'are'} empty"
                " because of it."
            )
            owner = self.model.owner_of("survivorship")
            found.append(
                Finding(
                    "survivorship.placeholders",
                    "note",
                    sentence,
                    self.page,
                    said,
                    owner,
                    (entity, *(f"{entity}.{row['attribute']}" for row in rows)),
                )
            )
        found += [*mixed_records(self.context), *touched_nightly(self.context)]
        moving = [row for row in self.outcomes if row.customers and row.moves]
        if moving:
            sentence = (
                f"{capital(moving[0].decision)}, {moving[0].alternative}:"
                f" {number.plural(moving[0].customers or 0, 'customer')} would change, and"
                f" {moving[0].said}."
            )
            found.append(
                Finding("survivorship.alternative_moves", "note", sentence, self.page, len(moving))
            )
        return found

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
