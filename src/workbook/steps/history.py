"""06 History: what is true now, what was true then, and what was lost."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import polars as pl

from workbook import history as room
from workbook.checks import is_accepted
from workbook.engine import Table
from workbook.finding import Finding, Severity
from workbook.model import CLASSES, Model
from workbook.scenarios.restatement import Restatement, restated_figure, restated_findings
from workbook.show import Body, Column, Figure, Headline, bars, table
from workbook.show.frame import frame_for
from workbook.steps import history_erasure
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.steps.history_preceding_events import before_figure, upper
from workbook.steps.periods import day_end
from workbook.steps.reasons import reasons
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list

MOST = 12  # values of a state at an event that are listed one by one
_SHOWN = ("public", "internal")
_NOTHING_KEPT = "nothing is kept of the past yet (history: in 06_history.yml)"
_NO_STATE = "no lifecycle is declared, or nobody is in it (lifecycle: in 06_history.yml)"


@why_empty(
    kept_values=_NOTHING_KEPT,
    knew_then=_NOTHING_KEPT,
    stays=_NO_STATE,
    moves=_NO_STATE,
    restated=(
        "no headline number had another value in an earlier report, or no source says when it wrote"
        " a row"
    ),
    at_event="no event ends a lifecycle, and no question asks for a value at an event",
    before="no event is declared that ends something (events: in 06_history.yml)",
    losses="no field that a number or a rule rests on is written over",
    could_be_kept="no further log, stream or snapshot was found in the sources",
)
class History(Step):
    """The history step."""

    word = "history"
    page = "06"
    title = "History"
    asks = "What is true now, and what was true then?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Facts and intervals of every kept value, events, lifecycles, states at an event."""
        return room.tables(model)

    @cached_property
    def evidence(self) -> room.Evidence:
        """What was measured of everything that is kept."""
        return room.Evidence(self.model, self.context)

    # ---- the answer

    def headline(self) -> Headline:
        """Since when what is known, and how often it changed."""
        if not self.evidence.kept:
            sentence = (
                "What was true then has not been decided yet."
                if self.part is None
                else "Nothing that is declared here can be computed yet."
            )
            return Headline(self.page, self.title, sentence, self._suggestion(), state="open")
        first = self.evidence.kept[0]
        since = (
            f" from {number.MONTHS[first['since'].month - 1]} {first['since'].year} on"
            if first["since"]
            else ""
        )
        who = number.plural(first["ids"], humanize(first["entity"]))
        asked = number.plural(len(self.evidence.kept), "field")
        sentence = (
            f"{upper(humanize(first['attribute']))} is known for {who}{since}, and"
            f" {number.integer(first['changed'])} changed it; what was true on an earlier day can"
            f" be asked of {asked}."
        )
        return Headline(
            self.page,
            self.title,
            sentence,
            " ".join(self._lede()),
            owner=self.model.owner_of("history"),
        )

    def _suggestion(self) -> str:
        found = room.suggestions(self.model)
        if not found:
            return (
                "No source says when its rows are true (`valid` in 03_sources), so only the present"
                " can be asked."
            )
        one = len(found) == 1
        sources = number.plural(len(found), "source")
        return (
            f"{sources} already {'says' if one else 'say'} when {'its' if one else 'their'} rows"
            " were true; figure 6.9 shows what each could keep."
        )

    def _lede(self) -> list[str]:
        late, facts = (
            sum(row["late"] for row in self.evidence.kept),
            sum(row["facts"] for row in self.evidence.kept),
        )
        intervals = sum(row["intervals"] for row in self.evidence.kept)
        parts = [
            f"{number.plural(intervals, 'stretch of time', 'stretches of time')}"
            f" {'is' if intervals == 1 else 'are'} kept, each with when it was true and when we"
            " learned it."
        ]
        parts.append(
            f"{number.integer(late)} of {number.plural(facts, 'fact')}"
            f" {'was' if late == 1 else 'were'} recorded more than a day late."
        )
        for each, frame in self.evidence.at_events:
            known = frame.drop_nulls("value")
            if (
                each.attribute != room.LIFECYCLE
                and known.height
                and self.evidence.class_of(each) in _SHOWN
            ):
                value, count = (
                    known.group_by("value")
                    .len()
                    .sort(["len", "value"], descending=[True, False])
                    .row(0)
                )
                parts.append(
                    f"At {humanize(each.event)}, {number.integer(count)} of"
                    f" {number.integer(frame.height)} had {humanize(each.attribute)} {value}."
                )
                break
        lost = [each for each in self.evidence.losses if each["used_by"]]
        if lost:
            names = truncate_list([field_said(each["name"]) for each in lost], 3)
            parts.append(
                f"Numbers or rules use {number.integer(len(lost))} of"
                f" {number.plural(len(self.evidence.losses), 'overwritten field')}; their earlier"
                f" values are lost: {names}."
            )
        return parts

    # ---- figures

    def kept_values(self) -> Figure:
        """Figure 6.1: per kept value and kind of event: how much is known, since when, how late
        it was learned.
        """
        rows: room.Rows = []
        for row in self.evidence.kept:
            share = row["ids"] / row["total"] if row["total"] else None
            rows.append(
                {
                    **row,
                    "name": upper(field_said(row["name"])),
                    "group": "Values",
                    "from": f"from {row['form']} in {row['from']}",
                    "share": share,
                    "rows": row["intervals"],
                }
            )
        for row in self.evidence.happened:
            rows.append(
                {
                    "group": "Events",
                    "name": upper(f"{humanize(row['entity'])} {humanize(row['event'])}"),
                    "from": f"from rows of {row['from']}{self._once(row['event'])}",
                    "ids": row["ids"],
                    "rows": row["occurrences"],
                    "since": row["first_at"],
                    "lost": row["nobody"] + row["untimed"],
                }
            )
        columns = [
            Column("name", "Kept", detail="from"),
            Column("ids", "Known for", "int"),
            Column("share", "Of all", "percent"),
            Column("rows", "Rows", "int"),
            Column("changed", "Had a change", "int"),
            Column("since", "Since", "date"),
            Column("late", "Learned late", "int"),
            Column("out_of_order", "Out of order", "int"),
            Column("holes", "Holes", "int"),
            Column("lost", "Not usable", "int"),
        ]
        title = "What is kept, and since when?"
        subtitle = (
            "For how many customers or users something is known, since when, and how late we"
            " learned it"
        )
        return Figure(
            "6.1",
            title,
            subtitle,
            grouped(rows, columns),
            self._kept_caption() + reasons(self.model, "history"),
        )

    def _kept_caption(self) -> str:
        holes = [
            f"{number.integer(row['holes'])} {room.HOLES[row['form']]} ({field_said(row['name'])})"
            for row in self.evidence.kept
            if row["holes"]
        ]
        forms = {row["form"] for row in self.evidence.kept}
        parts = [
            "Rows: stretches of time with one value each, or single events. Learned late: recorded"
            " more than a day after it was true. Not usable: without a date, or about nobody we"
            " know."
        ]
        if "periods" in forms:
            parts.append("Where two periods overlap, the one that started last holds.")
        parts.append(f"Holes: {join_words(holes)}." if holes else "No history has a hole.")
        if forgotten := [humanize(entity) for entity in room.erasures(self.model)]:
            parts.append(
                f"Of any {' or '.join(forgotten)} that asked to be forgotten no personal value is"
                " kept here, only that something stood."
            )
        return " ".join(parts)

    def knew_then(self) -> Figure:
        """Figure 6.2: per month end: for how many the value believed then is not the value
        known now.
        """
        title, subtitle = (
            "How far did month ends move after they were reported?",
            (
                "How many customers or users had another value on that day, as it was then known,"
                " than we know today"
            ),
        )
        counted = self.evidence.knew.with_columns(
            (pl.col("unknown_then") + pl.col("withdrawn") + pl.col("otherwise")).alias("moved")
        )
        moved = (
            counted.group_by("name")
            .agg(pl.col("moved").sum())
            .filter(pl.col("moved") > 0)
            .sort(["moved", "name"], descending=[True, False])
        )
        names = moved["name"].to_list()[:5]
        if not names:
            caption = (
                "Nothing was learned after its month had ended: every month end reads today as it"
                " was reported."
            )
            columns = [Column("day", "Month end", "date"), Column("known_now", "Known", "int")]
            known = counted.group_by("day").agg(pl.col("known_now").sum()).sort("day")
            return Figure("6.2", title, subtitle, table(known, columns), caption)
        frame = (
            counted.filter(pl.col("name").is_in(names))
            .pivot("name", index="day", values="moved")
            .sort("day")
            .select("day", *names)
        )
        parts = {
            word: int(counted[word].sum()) for word in ("unknown_then", "otherwise", "withdrawn")
        }
        caption = (
            f"Over all {number.plural(frame.height, 'month end')},"
            f" {number.plural(parts['unknown_then'], 'value')}"
            f" {'was' if parts['unknown_then'] == 1 else 'were'} not known yet,"
            f" {number.integer(parts['otherwise'])} were believed to be something else,"
            f" {number.integer(parts['withdrawn'])} were taken back since. A report that must never"
            " move has to say both its month and the day on which it was known. A value moves"
            " without a late row where only a later end tells which of two periods that began"
            " together held."
        )
        series = [Column(name, upper(field_said(name)), "int") for name in names]
        return Figure("6.2", title, subtitle, bars(frame, "day", series), caption)

    @cached_property
    def restatement(self) -> Restatement:
        """What each month's report of the headline numbers said, and what is known now."""
        return Restatement(self.context)

    def restated(self, lag: int = 0) -> Figure:
        """Figure 6.3: reports that would read otherwise today, because rows came late; a report
        is made `lag` days after its month.
        """
        return restated_figure(Restatement(self.context, lag) if lag else self.restatement, "6.3")

    def _durations(self, entity: str, stays: pl.DataFrame) -> room.Rows:
        return room.durations(stays, self.evidence.part.lifecycle[entity])

    def stays(self) -> Figure:
        """Figure 6.4: how long a state lasts, and who is still in it."""
        rows: room.Rows = []
        for entity, stays in self.evidence.stays.items():
            for row in self._durations(entity, stays):
                since = f"from {humanize(row['starts'])} on{self._once(row['starts'])}" + (
                    f", {row['expected']} expected" if row["expected"] else ""
                )
                now = (
                    f"{number.integer(row['over_still'])} of them still in it"
                    if row["over"]
                    else ""
                )
                rows.append(
                    {
                        **row,
                        "group": upper(humanize(entity)),
                        "state": humanize(row["state"]),
                        "since": since,
                        "now": now,
                    }
                )
        columns = [
            Column("state", "State", detail="since"),
            Column(
                "quarters", "The middle half of the stays, with the median", "interval", unit="d"
            ),
            Column("median", "Median", "number", unit="d", decimals=0),
            Column("ended", "Stays ended", "int"),
            Column("still", "Still in it", "int"),
            Column("so_far", "Their median so far", "number", unit="d", decimals=0),
            Column("over", "Longer than expected", "int", detail="now"),
        ]
        caption = (
            "Only stays that have ended are in the bar and the median, so that a state in which"
            " most still are reads too short. Dot: median; bar: from a quarter to three quarters of"
            " the stays. Every one is followed, also those that a number leaves out, such as tests."
        )
        return Figure(
            "6.4",
            "How long does a state last?",
            "In days, by state of the lifecycle",
            grouped(rows, columns),
            caption,
        )

    def moves(self) -> Figure:
        """Figure 6.5: who moved from which state to which, invalid moves marked, and the paths
        into the last state.
        """
        rows: room.Rows = []
        for entity, stays in self.evidence.stays.items():
            for row in room.moves(stays):
                said = (
                    {"check": "pass", "said": self._why_back(entity, row)}
                    if row["valid_move"]
                    else self._unexpected(entity)
                )
                rows.append(
                    {
                        **row,
                        **said,
                        "group": f"Moves of one {humanize(entity)}",
                        "move": f"{humanize(row['previous_state'])} → {humanize(row['state'])}",
                    }
                )
            into = room.peers_in(self.model, entity, room.ending(self.model, entity))
            group = f"Paths to {join_words([humanize(name) for name in into])}"
            rows += [
                {
                    **row,
                    "group": group,
                    "move": humanize(row["path"]) or number.plural(row["ways"], "other path"),
                }
                for row in (room.paths(stays, into) if into else [])
            ]
        columns = [
            Column("check", " ", "check"),
            Column("move", "Move", detail="said"),
            Column("count", "How many", "int"),
            Column("bar", " ", "bar"),
            Column("days", "Median days before it", "number", decimals=0),
        ]
        wrong = sum(row["count"] for row in rows if not row.get("valid_move", True))
        caption = (
            f"{number.plural(wrong, 'move')} that the lifecycle does not name"
            f" {'was' if wrong == 1 else 'were'} made; {'it stays' if wrong == 1 else 'they stay'}"
            f" in the history, and section 08 judges {'it' if wrong == 1 else 'them'}."
            if wrong
            else "Every move is one that the team expects."
        )
        return Figure(
            "6.5",
            "Which way do they move?",
            "From one state to the next, unexpected moves first; then the whole paths to the end",
            grouped([{**row, "bar": row["count"]} for row in rows], columns),
            caption,
        )

    def _once(self, event: str) -> str:
        """That an event counts once for each of its entity, where it does; '' else."""
        spec = self.part.events.get(event) if self.part else None
        if spec is None or not (spec.last or spec.first):
            return ""
        back = (
            "; whoever began again is not in it"
            if spec.last and room.runs_on(self.model, event)
            else ""
        )
        return f", the {'last' if spec.last else 'first'} of each {humanize(spec.of)}{back}"

    def _unexpected(self, entity: str) -> dict[str, str]:
        """How a move that the lifecycle does not name is marked: as its check judges it."""
        moves = room.moves(self.evidence.stays[entity])
        wrong = sum(row["count"] for row in moves if not row["valid_move"])
        if is_accepted(
            self.model, "invalid_states", entity, wrong, sum(row["count"] for row in moves)
        ):
            return {
                "check": "note",
                "said": "not a move that the team expects; accepted, figure 8.3",
            }
        return {"check": "look", "said": "not a move that the team expects"}

    def _why_back(self, entity: str, row: dict[str, Any]) -> str:
        """Why a move leads to an earlier state, where the state that is left says it; such a
        move looks like a mistake else.
        """
        states, left = list(self.part.lifecycle[entity]), row["previous_state"]
        return (
            self.part.lifecycle[entity][left].because
            if states.index(row["state"]) < states.index(left)
            else ""
        )

    def at_event(self) -> Figure:
        """Figure 6.6: the value that held when something happened, beside what the profile says
        of the same ones today.
        """
        rows: room.Rows = []
        for each, frame in self.evidence.at_events:
            then, now = dict(frame.group_by("value").len().rows()), self.evidence.today(each)
            order = sorted(
                {*then, *now},
                key=lambda value: (-then.get(value, 0), -now.get(value, 0), str(value)),
            )
            group = upper(humanize(each.name.partition(".")[2])) + self._once(each.event)
            for value in order[:MOST]:
                shown = (
                    str(value)
                    if value is not None
                    else "nothing known"
                    if self.evidence.class_of(each) in _SHOWN
                    else None
                )
                count = then.get(value, 0)
                rows.append(
                    {
                        "group": group,
                        "value": shown,
                        "then": count,
                        "bar": count,
                        "share": count / frame.height,
                        "now": now.get(value, 0),
                    }
                )
            rest = order[MOST:]
            if rest:
                rows.append(
                    {
                        "group": group,
                        "value": None,
                        "then": sum(then.get(v, 0) for v in rest),
                        "now": sum(now.get(v, 0) for v in rest),
                    }
                )
        cls = max(
            (self.evidence.class_of(each) for each, _ in self.evidence.at_events),
            key=CLASSES.index,
            default="internal",
        )
        small = "" if cls in _SHOWN else "then"
        columns = [
            Column("value", "Value", "value", cls=cls),
            Column("then", "At that moment", "int", small=small),
        ]
        if not small:
            columns += [
                Column("bar", " ", "bar"),
                Column("share", "Share", "percent"),
                Column("now", "Their profile today", "int"),
            ]
        caption = (
            "At that moment: the value that held then; where the event itself ended it, the one"
            " that ended. Counting churned customers by what their profile says today would answer"
            " another question."
        )
        return Figure(
            "6.6",
            "What was true when it happened?",
            f"Up to {day_end(self.model)}",
            grouped(rows, columns),
            caption,
        )

    def before(self, event: str = "", days: int = 90) -> Figure:
        """Figure 6.7: what happened and what changed in the days before an event, or a kind of
        movement, beside those whom it has not met.
        """
        return before_figure(self.context, self.evidence, "6.7", event, days)

    def losses(self) -> Figure:
        """Figure 6.8: the past that is gone: kept fields that the profile contradicts, fields
        that nobody keeps.
        """
        rows: room.Rows = []
        for name, row in self.evidence.compared.items():
            if row["differ"] or row["only_profile"]:
                agree = f"{number.integer(row['agree'])} agree"
                rows.append(
                    {
                        "group": "Kept, beside the profile of today",
                        "name": upper(field_said(name)),
                        "from": agree,
                        "differ": row["differ"],
                        "only": row["only_profile"],
                    }
                )
        for row in self.evidence.losses:
            names = {
                "used": truncate_list(map(humanize, row["used_by"]), 3),
                "also_in": truncate_list(row["also_in"], 2),
            }
            rows.append(
                {
                    **row,
                    **names,
                    "name": upper(field_said(row["name"])),
                    "group": "Written over, and nowhere kept",
                }
            )
        columns = [
            Column("name", "Field", detail="from"),
            Column("differ", "Differ today", "int"),
            Column("only", "Only in the profile", "int"),
            Column("records", "Records", "int"),
            Column("again", "Written again", "int"),
            Column("used", "What rests on it"),
            Column("also_in", "Could be kept from"),
        ]
        caption = (
            "Differ today: the profile says something else than the history ends with, so it was"
            " changed and nothing says when. Written again: records that changed after their first"
            " day. A number split by an overwritten field gives every past month the value of"
            " today."
        )
        return Figure(
            "6.8",
            "What was overwritten?",
            "Fields whose earlier values are gone",
            grouped(rows, columns),
            caption,
        )

    def could_be_kept(self) -> Figure:
        """Figure 6.9: the sources that already say when their rows were true, and what each
        could keep.
        """
        rows = [
            {
                **row,
                "of": f"about {join_words([humanize(name) for name in row['entities']])}",
                "fields": truncate_list(row["fields"], 4),
            }
            for row in self.evidence.suggested
        ]
        columns = [
            Column("source", "Source", detail="of"),
            Column("form", "Its form"),
            Column("fields", "Fields whose past it holds"),
            Column("facts", "Rows", "int"),
            Column("ids", "Known for", "int"),
            Column("first_at", "From", "date"),
            Column("last_at", "To", "date"),
            Column("used", "Used", "dot"),
        ]
        frame = frame_for(rows, columns).with_columns(pl.col("first_at", "last_at").cast(pl.Date))
        caption = (
            "Used: ● something of it is kept already. The form follows from the fields: a start and"
            " an end are periods, an old beside a new value are changes, a day in the key is a"
            " snapshot, the rest are events."
        )
        return Figure(
            "6.9",
            "What else could be kept?",
            "Sources that say when their rows were true",
            table(frame, columns),
            caption,
        )

    # ---- findings

    def conclude(self) -> list[Finding]:
        """Open, refused, late, lost, invalid, different from today."""
        if self.part is None:
            sentence = f"What must be kept of the past is not decided yet. {self._suggestion()}"
            return [
                Finding(
                    "history.open", "note", sentence, self.page, len(room.suggestions(self.model))
                )
            ]
        refused = room.refusals(self.model)
        found = [
            Finding(
                "history.refused",
                "look",
                f"{each.name} cannot be kept: {each.reason}.",
                self.page,
                about=(each.name,),
            )
            for each in refused
        ]
        for row in self.evidence.kept:
            found += self._of_kept(row)
        return (
            found
            + restated_findings(self.restatement, self.page, self.model.owner_of("history"))
            + self._of_states()
            + self._of_losses()
            + history_erasure.conclude(self.context, self.page)
        )

    def _of_kept(self, row: dict[str, Any]) -> list[Finding]:
        found = []

        def say(code: str, severity: Severity, sentence: str, count: int) -> None:
            if count:
                found.append(
                    Finding(
                        f"history.{code}",
                        severity,
                        sentence,
                        self.page,
                        count,
                        row["owner"],
                        (row["name"],),
                    )
                )

        say(
            "unusable_facts",
            "look",
            f"{number.plural(row['lost'], 'row')} of {row['from']} cannot tell of"
            f" {field_said(row['name'])}: {_reasons(self.evidence.troubles(row))}.",
            row["lost"],
        )
        often = row["late"] * 20 > row["dated"]
        late = (
            f"{_of(row['late'], row['dated'])} facts about {field_said(row['name'])} were recorded"
            " more than a day after they were true."
        )
        say("late_facts", "look" if often else "note", late, row["late"])
        empty = self.evidence.placeholders(row)
        one = empty == 1
        said = (
            f"{number.plural(empty, 'past value')} of {field_said(row['name'])} such as N/A or"
            f" unknown {'means' if one else 'mean'} nothing"
        )
        say(
            "placeholders", "note", f"{said} and {'counts' if one else 'count'} as no value.", empty
        )
        say(
            "gap",
            "note",
            f"The history of {field_said(row['name'])} has {number.integer(row['holes'])}"
            f" {room.HOLES[row['form']]}.",
            row["holes"],
        )
        if lost := self.evidence.shrunk(row):
            worst = min(lost, key=lambda each: each["kept"] / each["ids"])
            kept = (
                f"{number.plural(len(lost), 'snapshot')} of {row['from']} lost more than half of"
                f" the one before: on {number.date(worst['day'])}, {worst['kept']:,} of"
                f" {worst['ids']:,} were left."
            )
            ends = (
                " Whoever is missing keeps the value until the next snapshot agrees."
                if self.evidence.part.history[row["name"]].absent
                else ""
            )
            say("batch_shrunk", "look", kept + ends, len(lost))
        if split := self.evidence.split_loads(row):
            unit = room.batch_unit(self.model, self.evidence.part.history[row["name"]])
            over = (
                f"{number.plural(len(split), 'load')} of {row['from']}"
                f" {'runs' if len(split) == 1 else 'run'} over"
                f" {'midnight' if unit == 'day' else 'the hour'} (last on"
                f" {number.date(split[-1]['day'])})"
            )
            taken = (
                f"{over}, so that `batch: {unit}` takes"
                f" {'it for two snapshots' if len(split) == 1 else 'each for two snapshots'}."
                " Nobody is taken as missing between the two."
            )
            say(
                "batch_split",
                "look",
                f"{taken} Write `batch:` with the field that names the load in 03_sources.yml.",
                len(split),
            )
        if both := self.evidence.compared.get(row["name"]):
            who = number.plural(both["agree"] + both["differ"], humanize(row["entity"]))
            why = (
                f"its last snapshot is of {number.date(row['newest'])}"
                if row["form"] == "snapshots" and row["newest"]
                else "a change without a log, or a log that stopped"
            )
            say(
                "current_differs",
                "look",
                f"Today's {field_said(row['name'])} is not what its history ends with for"
                f" {number.integer(both['differ'])} of {who}: {why}.",
                both["differ"],
            )
        return found

    def _of_states(self) -> list[Finding]:
        found = []
        for entity, stays in self.evidence.stays.items():
            owner = self.model.owner_of("history", "lifecycle", entity)
            for row in self._durations(entity, stays):
                if row["over_still"]:
                    who = number.plural(row["over_still"], humanize(entity))
                    sentence = (
                        f"{who} {'is' if row['over_still'] == 1 else 'are'} still in"
                        f" {humanize(row['state'])} after the {row['expected']} expected."
                    )
                    found.append(
                        Finding(
                            "history.long_stay",
                            "note",
                            sentence,
                            self.page,
                            row["over_still"],
                            owner,
                            (entity,),
                        )
                    )
        return found

    def _of_losses(self) -> list[Finding]:
        lost = [row for row in self.evidence.losses if row["used_by"]]
        if not lost:
            return []
        names, one = truncate_list([field_said(row["name"]) for row in lost], 4), len(lost) == 1
        fields = f"{number.plural(len(lost), 'field')} on which numbers or rules rest"
        sentence = (
            f"{fields} {'is' if one else 'are'} written over and nowhere kept: {names}. Questions"
            " about the past get today's value."
        )
        return [
            Finding(
                "history.overwritten",
                "look",
                sentence,
                self.page,
                len(lost),
                self.model.owner_of("history"),
                tuple(row["name"] for row in lost),
            )
        ]


def _reasons(troubles: list[tuple[str, int]]) -> str:
    return join_words(
        [f"{number.integer(count)} {room.TROUBLES[trouble]}" for trouble, count in troubles]
    )


def _of(part: int, whole: int) -> str:
    return f"{number.integer(part)} of {number.integer(whole)}"


def field_said(name: str) -> str:
    """A field of an entity as words.

    >>> field_said("account.health_score")
    'account health score'
    """
    return humanize(name.replace(".", " "))


def grouped(rows: room.Rows, columns: list[Column]) -> Body:
    """Rows as a table under the heads of their groups."""
    groups = pl.Series("group", [row.get("group", "") for row in rows], dtype=pl.String)
    frame = frame_for(rows, columns).with_columns(groups)
    dated = [column.name for column in columns if column.kind == "date"]
    return table(frame.with_columns(pl.col(dated).cast(pl.Date)), columns, group="group")
