"""05 Survivorship: which source wins, field by field, how contested it is, and what another decision would move."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

import polars as pl

from workbook import survivorship as room
from workbook.engine import Table
from workbook.finding import Finding
from workbook.metrics import kind_of, phrases, unit_of_metric, value_table
from workbook.model import Model
from workbook.show import Column, Figure, Headline, number, table
from workbook.steps.base import Step
from workbook.steps.words import first_of, frame_for, listed, spoken

_RULES = {"source_order": "first in order", "most_recent": "newest", "most_frequent": "most frequent", "most_complete": "most complete"}
_TRIED = 6  # contested fields without a written alternative whose order is swapped for the table


class Survivorship(Step):
    """The survivorship step."""

    word = "survivorship"
    page = "05"
    title = "Survivorship"
    asks = "Which source wins, field by field?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Every choice with its provenance, and the golden records."""
        return room.tables(model)

    @cached_property
    def fields(self) -> list[tuple[str, str]]:
        """The attributes that several sources hold: (entity, attribute); identifiers connect records and are left out."""
        found = []
        for entity in self.model.entity_names:
            if not self.model.has_identity(entity) or not self.context.has(entity):
                continue
            identifiers = set(self.model.identifiers_of(entity))
            for name, refs in self.model.attributes(entity).items():
                decided = bool(self.model.survivorship and f"{entity}.{name}" in self.model.survivorship.fields)
                if len({ref.source for ref in refs}) > 1 and (name not in identifiers or decided):
                    found.append((entity, name))
        return found

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row per contested field, the most contested first."""
        if not self.fields:
            return []
        winners = self.context.query(room.winners_sql(self.fields))
        rows = []
        for row in self.context.query(room.conflicts_sql(self.fields)).to_dicts():
            entity, _, name = row["field"].partition(".")
            rows.append({
                **row, "label": f"{entity} {spoken(name)}", "rule": self._rule(entity, name), "share": row["differ"] / row["several"] if row["several"] else None,
                "filled_share": row["filled"] / row["customers"] if row["customers"] else None,
                "winners": self._winners(winners.filter(pl.col("field") == row["field"])), "stack": [n / row["customers"] for n in self._stack(entity, name, winners.filter(pl.col("field") == row["field"]))],
                "owner": self.model.owner_of("survivorship", "fields", row["field"]) or "nobody yet",
                "decided": bool(self.model.survivorship and row["field"] in self.model.survivorship.fields),
            })  # fmt: skip
        return sorted(rows, key=lambda row: (-(row["share"] or 0), row["field"]))

    def _rule(self, entity: str, name: str) -> str:
        rule = self.model.rule(entity, name)
        order = [item.source + (f" if {item.only_if}" if item.only_if else "") for item in self.model.order(entity, name)]
        said = _RULES.get(rule.rule, rule.rule)
        text = f"{said}: {', '.join(order)}" if rule.rule == "source_order" else f"{said}, then {', '.join(order)}"
        return text + (f"; nothing older than {rule.no_older_than}" if rule.no_older_than else "")

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
        shares = winners.group_by("source").agg(pl.col("n").sum()).sort(["n", "source"], descending=[True, False]).rows()
        return first_of([f"{source} {number.percent(n / total, 0)}" for source, n in shares], 3) if total else "nobody has a value"

    @cached_property
    def contested(self) -> list[dict[str, Any]]:
        """Fields on which sources differ for at least one customer."""
        return [row for row in self.rows if row["differ"]]

    def headline(self) -> Headline:
        """How many fields are contested, and where the order matters most."""
        if not self.rows:
            sentence = "No field comes from two sources that name the same customer." if self.model.entity_names else "Which source wins has not been decided yet."
            return Headline(self.page, self.title, sentence, "Once records of several systems are joined, each field that two of them hold needs an order.", state="open")
        sentence = f"Sources disagree on {len(self.contested)} of {number.plural(len(self.rows), 'shared field')}."
        if self.contested:
            worst = self.contested[0]
            sentence = f"Sources disagree on {len(self.contested)} of {number.plural(len(self.rows), 'shared field')}, most of all on {worst['label']}."
        state = "decided" if self.model.survivorship else "open"
        return Headline(self.page, self.title, sentence, self._lede(), owner=self.model.owner_of("survivorship"), state=state)

    def _lede(self) -> str:
        if not self.contested:
            return "Wherever two sources hold a value for one customer, they hold the same; an order would change nothing today."
        worst = self.contested[0]
        text = f"{number.integer(worst['differ'])} of {number.integer(worst['several'])} customers with several values for {worst['label']} have different ones; {worst['rule']}. "
        moved = [row for row in self.outcomes if row["changed"]]
        if moved:
            top = max(moved, key=lambda row: row["changed"])
            text += f"The decision that matters most: {top['label']}, {top['says']}, would change {number.plural(top['changed'], 'customer')}."
        undecided = [row for row in self.contested if not row["decided"]]
        return text + (f" {number.plural(len(undecided), 'contested field')} {'follows' if len(undecided) == 1 else 'follow'} only the default order." if undecided and not moved else "")

    def decisions(self) -> Figure:
        """Figure 5.1: who wins each field, and how contested it is."""
        columns = [
            Column("label", "Field", detail="rule"), Column("stack", "Whose value stands", "stack", scale=1.0), Column("winners", " "), Column("share", "Differ", "percent"),
            Column("differ", "Customers", "int"), Column("filled_share", "Filled", "percent"), Column("owner", "Owner"),
        ]  # fmt: skip
        legend = (("first in order", "d1"), ("second", "d2"), ("third", "d3"), ("later", "d4"))
        caption = "A full bar is every customer; what is missing from it has no value. Differ: of the customers for whom several records hold a value, those whose values are not the same after trimming and folding case."
        return Figure("5.1", "Who wins, and how contested is it?", "Fields that several sources hold, the most contested first", table(frame_for(self.rows, columns), columns), caption, legend)

    def why(self) -> Figure:
        """Figure 5.2: one contested value, and what it beat."""
        example = self._example()
        columns = [Column("state", " ", "check"), Column("source", "Source"), Column("value", "Value", "value", cls="internal"), Column("recorded", "Written", "date"), Column("because", "Why")]
        if example is None:
            return Figure("5.2", "Why does this value stand?", "No field is contested", table(frame_for([], columns), columns), "")
        entity, name, identifier = example
        rows = self._weighed(entity, name, identifier)
        cls = self.model.class_of(f"{entity}.{name}")
        columns[2] = Column("value", spoken(name).capitalize(), "value", cls=cls, token=name)
        frame = frame_for(rows, columns)
        caption = f"The {entity} whose records differ most. Rule: {self._rule(entity, name)}. explain(id) tells the same of any customer."
        return Figure("5.2", f"Why does this {spoken(name)} stand?", "One customer's records, the winner first", table(frame, columns, highlight=[0]), caption)

    def _example(self) -> tuple[str, str, str] | None:
        for row in self.contested:
            entity, _, name = row["field"].partition(".")
            choice = self.context.frame(room.choice_name(entity, name)).sort(["distinct_values", "candidates", "id"], descending=[True, True, False])
            return entity, name, str(choice["id"][0])
        return None

    def _weighed(self, entity: str, name: str, identifier: str) -> list[dict[str, Any]]:
        chosen = self.context.frame(room.choice_name(entity, name)).filter(pl.col("id") == identifier).to_dicts()
        if not chosen:
            return []
        winner = chosen[0]
        rows = []
        for row in self.context.query(room.candidates_sql(entity, name, identifier)).to_dicts():
            wins = row["record"] == winner["record"]
            rows.append({**row, "state": "pass" if wins else "note", "because": f"stands: {self._said(entity, name, winner['rule'])}" if wins
                         else "the same value" if str(row["value"]).strip().lower() == str(winner["value"]).strip().lower() else "another value, later in turn"})  # fmt: skip
        if not any(row["state"] == "pass" for row in rows):
            rows.append({"source": winner["source"], "record": winner["record"], "recorded": None, "value": winner["value"], "state": "pass", "because": "stands: a documented exception"})
        return sorted(rows, key=lambda row: (row["state"] != "pass", row["source"], row["record"]))

    def _said(self, entity: str, name: str, rule: str) -> str:
        return "a documented exception" if rule == "exception" else self._rule(entity, name)

    def explain(self, identifier: str) -> str:
        """Why each contested value of one customer stands and what it beat, one sentence a field; no value is repeated."""
        said = []
        for entity, name in self.fields:
            rows = self._weighed(entity, name, identifier)
            if not rows:
                continue
            beaten = [row["source"] for row in rows[1:] if row["because"] != "the same value"]
            text = f"{spoken(name)} comes from {rows[0]['source']} ({rows[0]['because'].removeprefix('stands: ')})"
            said.append(text + (f" and beat another value in {listed(sorted(set(beaten)))}." if beaten else "; no other source says otherwise."))
        return " ".join(said) or f"No contested field is known of {identifier}."

    def disagreements(self) -> Figure:
        """Figure 5.3: which pairs of systems disagree."""
        fields = [(row["field"].partition(".")[0], row["field"].partition(".")[2]) for row in self.contested]
        rows = []
        for row in self.context.query(room.pairs_sql(fields)).filter(pl.col("differ") > 0).sort("field", "one", "other").to_dicts() if fields else []:
            entity, _, name = row["field"].partition(".")
            rows.append({**row, "label": f"{entity} {spoken(name)}", "pair": f"{row['one']} and {row['other']}", "share": row["differ"] / row["both_hold"], "bar": row["differ"] / row["both_hold"]})
        columns = [
            Column("pair", "Systems"), Column("both_hold", "Both hold a value", "int"), Column("differ", "Differ", "int"), Column("share", " ", "percent"), Column("bar", " ", "bar", scale=1.0),
        ]  # fmt: skip
        caption = "Two systems that often differ are a process to mend, not only an order to decide."
        return Figure("5.3", "Which systems disagree?", "Customers whom both know, by field", table(frame_for(rows, [*columns, Column("label")]), columns, group="label"), caption)

    @cached_property
    def outcomes(self) -> list[dict[str, Any]]:
        """One row per alternative: customers changed, and what each headline number would become; largest first."""
        contested = tuple(row["field"] for row in self.contested[:_TRIED])
        return sorted((self._outcome(each) for each in room.alternatives(self.model, contested)), key=lambda row: (-row["changed"], row["label"], row["name"]))

    def _outcome(self, alternative: room.Alternative) -> dict[str, Any]:
        entity, _, name = alternative.field.partition(".")
        other = self.context.what_if(alternative.model)
        choice = room.choice_name(entity, name)
        now, then = self.context.frame(choice).select("id", "value"), other.frame(choice).select("id", pl.col("value").alias("other"))
        both = now.join(then, on="id", how="full", coalesce=True)
        changed = both.filter(pl.col("value").ne_missing(pl.col("other"))).height
        moved = [text for metric in self._headlines() if (text := self._moved(metric, other))] if changed else []
        return {
            "label": f"{entity} {spoken(name)}", "name": spoken(alternative.name), "says": alternative.says, "because": alternative.because, "changed": changed,
            "share": changed / both.height if both.height else None, "share_bar": changed, "moves": "; ".join(moved) or "no headline number moves", "tone": "blue" if changed else "d4",
        }  # fmt: skip

    def _headlines(self) -> list[str]:
        named = self.model.grain.headline if self.model.grain else ()
        return [name for name in named if self.context.has(value_table(name))]

    def _moved(self, metric: str, other: Any) -> str:
        if not other.has(value_table(metric)):
            return ""
        now, then = (context.frame(value_table(metric))["value"] for context in (self.context, other))
        if now[0] is None or then[0] is None or now[0] == then[0]:
            return ""
        kind, unit = kind_of(self.model, metric), unit_of_metric(self.model, metric)
        said = f"{phrases.label_of(self.model, metric)} {phrases.said(now[0], kind, unit)} → {phrases.said(then[0], kind, unit)}"
        return said + (f" ({number.percent(float((then[0] - now[0]) / now[0]), 1, bounds=False)})" if not isinstance(now[0], dt.date) and now[0] else "")

    def sensitivity(self) -> Figure:
        """Figure 5.4: what another decision would move."""
        columns = [
            Column("label", "Field", detail="says"), Column("name", "Instead", detail="because"), Column("changed", "Customers changed", "int"),
            Column("share", "Share", "percent"), Column("share_bar", " ", "bar", tone="tone"), Column("moves", "Headline numbers"),
        ]  # fmt: skip
        caption = "Each alternative is another model: only its own tables are built, beside those of today. Fields without a written alternative have the first two of their order swapped."
        return Figure("5.4", "What would another decision change?", "Alternatives in the YAML, then swapped neighbours; the largest change first", table(frame_for(self.outcomes, columns), columns), caption)

    def exceptions(self) -> Figure:
        """Figure 5.5: documented exceptions, and whether they still hold."""
        day = self.model.project.as_of
        rows = []
        for e in room.exceptions(self.model):
            holds = isinstance(day, dt.date) and e.holds(day)
            state = "fail" if e.trouble else "pass" if holds else "look"
            rows.append({"state": state, "field": e.field, "record": e.record, "by": e.by or "nobody", "until": e.until, "use": f"take {e.use_source}" if e.use_source else "a value of its own",
                         "because": e.trouble or e.because, "line": f"line {e.line}"})  # fmt: skip
        columns = [
            Column("state", " ", "check"), Column("field", "Field", detail="line"), Column("use", "Instead"), Column("until", "Until", "date"), Column("by", "Decided by"), Column("because", "Because"),
        ]  # fmt: skip
        frame = frame_for(rows, columns)
        if rows:
            frame = frame.with_columns(pl.col("until").cast(pl.Date))
        caption = "An exception without an end is a rule that nobody wrote down. Expired ones have no effect and are listed until somebody removes them."
        return Figure("5.5", "Which exceptions are in force?", "decisions/exceptions.csv", table(frame, columns), caption)

    def conclude(self) -> list[Finding]:
        """Contested fields without a rule, expired exceptions, alternatives that move a headline number."""
        found = []
        if self.model.survivorship is None:
            found.append(Finding("survivorship.open", "note", "Which source wins is not decided; sources have their turn in the order in which entities name them.", self.page))
        for row in self.contested:
            if not row["decided"] and row["share"] and row["share"] >= 0.05:
                sentence = f"{row['label']} differs for {number.integer(row['differ'])} of {number.integer(row['several'])} customers, and no rule of its own says who wins."
                found.append(Finding("survivorship.no_rule", "look", sentence, self.page, row["differ"], row["owner"] if row["owner"] != "nobody yet" else "", (row["field"],)))
        day = self.model.project.as_of
        for e in room.exceptions(self.model):
            if e.trouble:
                found.append(Finding("survivorship.broken_exception", "look", f"exceptions.csv, line {e.line}: {e.trouble}.", self.page, None, "", (e.id,)))
            elif isinstance(day, dt.date) and not e.holds(day):
                found.append(Finding("survivorship.expired_exception", "look", f"The exception {e.id} for {e.field} ended on {e.until}.", self.page, None, "", (e.id,)))
        agreed = [row for row in self.rows if not row["differ"] and row["several"]]
        if agreed:
            sentence = f"The order does not matter for {listed([row['label'] for row in agreed[:4]])}: the sources agree wherever several hold a value."
            found.append(Finding("survivorship.order_never_matters", "note", sentence, self.page, len(agreed)))
        moving = [row for row in self.outcomes if row["changed"] and row["moves"] != "no headline number moves"]
        if moving:
            sentence = f"{moving[0]['label']}, {moving[0]['name']}: {number.plural(moving[0]['changed'], 'customer')} would change, and {moving[0]['moves']}."
            found.append(Finding("survivorship.alternative_moves", "note", sentence, self.page, len(moving)))
        return found
