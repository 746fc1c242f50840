"""03 Sources: where customer data enters, whether all of it arrived, and which keys connect the
systems.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from workbook.engine import Table, records_in, undeclared_columns
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.as_of import UNDATED, is_undated
from workbook.model.readings import requests_read, sources_read, uses_of
from workbook.model.table_names import NEWEST
from workbook.privacy import redact, shown
from workbook.show import Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.sources import profile
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.steps.periods import day_end
from workbook.words import number
from workbook.words.wording import capital, humanize, join_words, truncate_list

_PLACES = 12  # columns of the overlap matrix
NO_SOURCE = "no source is declared yet (03_sources.yml)"
NO_IDENTIFIER = "no identifier is declared yet (identifiers: in 03_sources.yml)"


@why_empty(
    arrivals=NO_SOURCE,
    freshness=NO_SOURCE,
    field_classes=NO_SOURCE,
    overlap=NO_IDENTIFIER,
    journey="no way from one system to the next is written down (trace: in 03_sources.yml)",
    shared_values=lambda step: (
        "no identifier that is the key of nothing stands on several records of one source"
        if step.held
        else NO_IDENTIFIER
    ),
)
class Sources(Step):
    """The sources step."""

    word = "sources"
    page = "03"
    title = "Sources"
    asks = "Where does customer data enter, and which keys connect it?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Landed sources, values of identifiers, the trace."""
        return profile.tables(model)

    # ---- what is measured

    @cached_property
    def arrived(self) -> list[profile.Arrival]:
        """Every source as it arrived, trouble first."""
        if not self.model.source_names:
            return []
        in_file = {source: records_in(spec) for source, spec in profile.specs(self.model).items()}
        counts, bad, rejects = (
            self._rows(ask(self.model))
            for ask in (profile.counts_sql, profile.bad_sql, profile.reject_sql)
        )
        return profile.arrivals(self.model, counts, in_file, bad, rejects)

    @cached_property
    def ages(self) -> list[profile.Age]:
        """How old each source's newest fact is."""
        as_of = self.model.project.as_of
        if not isinstance(as_of, dt.date):
            return []
        newest = {
            row["source"]: (row["newest"], row["later"])
            for row in self._rows(profile.newest_sql(self.model, as_of))
        }
        return profile.ages(self.model, as_of, newest)

    @cached_property
    def held(self) -> list[profile.IdentifierCoverage]:
        """Every place of every identifier."""
        rows = {each.source: each.accepted for each in self.arrived}
        if not self.context.has(profile.VALUES):
            return []
        return profile.held(self.model, rows, self._rows(profile.coverage_sql(self.model)))

    @cached_property
    def legs(self) -> list[profile.Leg]:
        """The stops of the trace, as they were reached."""
        every = profile.stops(self.model)
        return profile.legs(every, self._rows(profile.measure_sql(every))) if every else []

    @cached_property
    def classes(self) -> list[profile.Classified]:
        """The privacy classes of every source's fields."""
        return profile.classified(
            self.model,
            {
                source: undeclared_columns(spec)
                for source, spec in profile.specs(self.model).items()
            },
        )

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        return self.context.query(sql).to_dicts() if sql else []

    # ---- the page

    def headline(self) -> Headline:
        """How far a customer can be followed, or how much arrives from where."""
        names = self.model.source_names
        if not names:
            return Headline(
                self.page,
                self.title,
                "Where customer data enters has not been written down yet.",
                self._suggestion(),
                state="open",
            )
        read, accepted = (
            sum(each.read for each in self.arrived),
            sum(each.accepted for each in self.arrived),
        )
        systems = len({self.model.system_of(name) for name in names})
        arrived = (
            f"{number.plural(len(names), 'source')} in {number.plural(systems, 'system')} bring"
            f" {number.plural(read, 'record')}, {_taken(read - accepted, read)}."
        )
        owner = self.model.owner_of("sources")
        if len(self.legs) < 2:
            return Headline(self.page, self.title, arrived, self._lede(""), owner)
        way = join_words([humanize(leg.stop.name) for leg in self.legs[1:]])
        sentence = (
            f"Of {number.integer(self.legs[0].start)} {self._started},"
            f" {number.integer(self.legs[-1].unbroken)} can be followed through {way}."
        )
        return Headline(self.page, self.title, sentence, self._lede(arrived), owner)

    @property
    def _started(self) -> str:
        first = self.legs[0].stop
        return f"values of {humanize(first.identifier)} in {humanize(first.name)}"

    def _suggestion(self) -> str:
        waiting = profile.waiting_files(self.model)
        if waiting:
            return (
                f"{number.plural(len(waiting), 'file')} below the data folder:"
                f" {truncate_list(waiting)}. `workbook add-source` profiles them and writes the"
                " first draft."
            )
        return (
            "Put files below the data folder; `workbook add-source` then profiles them and writes"
            " the first draft."
        )

    def _lede(self, arrived: str) -> str:
        bad = sum(each.bad for each in self.arrived)
        said = [
            arrived,
            (
                f"{number.plural(bad, 'cell')} did not fit {'its' if bad == 1 else 'their'} type."
                if bad
                else ""
            ),
        ]
        if len(self.legs) > 1:
            worst = max(self.legs[1:], key=lambda leg: leg.ended)
            said.append(
                f"Most are lost at {humanize(worst.stop.name)} ({number.integer(worst.ended)})."
                if worst.ended
                else "None is lost on the way."
            )
            said += [
                f"No key leads to {humanize(leg.stop.name)}: there {_names(leg.stop.by)} stands in."
                for leg in self.legs
                if not leg.stop.key_shared and leg.reached
            ]
        else:
            said.append("No identifiers are named along which a customer could be followed.")
        return " ".join([*filter(None, said), self._fresh()])

    def _fresh(self) -> str:
        """Whether each system is fresh, which its newest source decides, and how many other
        sources are not.
        """
        late = sorted(
            {
                humanize(self.model.system_of(age.source))
                for age in self.ages
                if age.newest and not age.quiet and age.state in ("look", "fail")
            }
        )
        if late:
            return (
                f"{capital(join_words(late))} {'is' if len(late) == 1 else 'are'} past the"
                " freshness limit."
            )
        if not any(age.warn or age.error for age in self.ages):
            return "No freshness limit is written down."
        dated = {self.model.system_of(age.source) for age in self.ages if age.newest}
        every = (
            "every system"
            if len(dated) == len({self.model.system_of(age.source) for age in self.ages})
            else "every system that dates its facts"
        )
        quiet = sum(age.quiet for age in self.ages)
        if not dated:
            return "No system dates its facts, so that nobody knows how fresh they are."
        if quiet:
            return (
                f"The newest source of {every} is within the freshness limit;"
                f" {number.plural(quiet, 'other source')} {'is' if quiet == 1 else 'are'} past it."
            )
        return f"{capital(every)} is within its freshness limit."

    def arrivals(self) -> Figure:
        """Figure 3.1: what each source's row is, and whether all of its rows arrived."""
        columns = [
            Column("state", " ", "check"),
            Column("source", "Source", detail="row_is"),
            Column("owner", "Owner"),
            Column("read", "Records in the file", "int"),
            Column("accepted", "Accepted", "int"),
            Column("rejected", "Rejected", "int"),
            Column("bad", "Bad cells", "int"),
            Column("why", "What did not fit"),
            Column("key", "Key", detail="holds"),
        ]
        rows = [
            {
                **vars(each),
                "state": each.state,
                "holds": each.holds,
                "key": ", ".join(each.key) or "none declared",
            }
            for each in self.arrived
        ]
        total = {
            "source": "All sources",
            **{
                word: sum(row[word] for row in rows)
                for word in ("read", "accepted", "rejected", "bad")
            },
        }
        caption = (
            "Records are counted from the file's bytes, apart from the reader: what is read is"
            " accepted or rejected, and nothing else. A bad cell is empty from here on; its row"
            " stays."
        )
        body = table(frame_for([*rows, total] if rows else [], columns), columns, total=bool(rows))
        return Figure(
            "3.1", "Did everything arrive?", "One row per source, trouble first", body, caption
        )

    def freshness(self) -> Figure:
        """Figure 3.2: the newest fact of each source against the as-of date."""
        used, newest = self._used_by(), self._newest_of_systems()
        rows = [
            {
                **vars(age),
                "limit": (
                    "no field says when"
                    if not age.field
                    else profile.limit(age)
                    if age.source in newest
                    else ""
                ),
                "used": truncate_list(used.get(age.source, []), 3),
            }
            for age in self.ages
        ]
        columns = [
            Column("source", "Source"),
            Column("newest", "Newest fact", "date"),
            Column("gap", "Behind, days", "number", decimals=1),
            Column("limit", "Limit of its system"),
            Column("used", "Used by"),
            Column("state", "State", "check"),
        ]
        as_of, later = self.model.project.as_of, sum(age.later for age in self.ages)
        dated = isinstance(as_of, dt.date) and any(age.newest for age in self.ages)
        subtitle = (
            f"As of the end of {day_end(self.model)}"
            if dated
            else (
                UNDATED.capitalize()
                if is_undated(self.model)
                else "Nothing is dated on or before the as-of day"
            )
        )
        caption = (
            "A system is as fresh as the newest of its sources: there its limit stands, and there"
            " alone it can fail. Another source that is older than the first limit is noted, one"
            " that is older than the second is to be looked at. "
        )
        caption += (
            f"{number.plural(later, 'fact')} dated later {'is' if later == 1 else 'are'} left out."
            if later
            else "No fact is dated later."
        )
        return Figure(
            "3.2",
            "How old is what we know?",
            subtitle,
            table(frame_for(rows, columns), columns),
            caption,
            role="freshness",
        )

    def _newest_of_systems(self) -> set[str]:
        """The source of each system that decides how fresh the system is."""
        dated = [age for age in self.ages if age.gap is not None]
        return {
            min(
                (age for age in dated if self.model.system_of(age.source) == system),
                key=lambda age: age.gap or 0,
            ).source
            for system in {self.model.system_of(age.source) for age in dated}
        }

    def _used_by(self) -> dict[str, list[str]]:
        """Of each source the views and audiences that read it, by fields, conditions, metrics,
        links, or a request to be forgotten.
        """
        found: dict[str, list[str]] = {}
        for kind, name, use in uses_of(self.model):
            for source in dict.fromkeys(
                (
                    *sources_read(self.model, kind, name, use),
                    *requests_read(self.model, kind, name, use),
                )
            ):
                found.setdefault(source, []).append(humanize(name))
        return found

    def overlap(self) -> Figure:
        """Figure 3.3: how well each identifier is filled, and how many of its values the other
        sources know.
        """
        pairs = self._rows(profile.OVERLAP) if self.held else []
        both = {
            (r["identifier"], r["source"], r["field"], r["other_source"], r["other_field"]): r[
                "both"
            ]
            for r in pairs
        }
        refs = profile.places(self.model)
        width = min(max((len(found) for found in refs.values()), default=0), _PLACES)
        rows = []
        for each in self.held:
            others = [
                (turn, ref)
                for turn, ref in enumerate(refs[each.identifier][:width], 1)
                if turn != each.turn
            ]
            cells = {
                f"in_{turn}": both.get(
                    (each.identifier, each.ref.source, each.ref.field, ref.source, ref.field), 0
                )
                for turn, ref in others
            }
            place = f"{each.turn} · {each.ref.name}"
            rows.append(
                {
                    "group": self._spread[each.identifier],
                    "place": place,
                    "share": each.share,
                    "bar": each.share,
                    "distinct": each.distinct,
                    **cells,
                }
            )
        numbers = [f"in_{turn}" for turn in range(1, width + 1)]
        columns = [
            Column("place", "Identifier and where it stands"),
            Column("share", "Filled", "percent"),
            Column("bar", " ", "bar", scale=1.0),
            Column("distinct", "Distinct values", "int"),
            *(Column(name, name[3:], "int") for name in numbers),
        ]
        spanners = {"Of its values, how many also stand in place": numbers} if numbers else None
        body = table(
            frame_for(rows, [*columns, Column("group")]), columns, group="group", spanners=spanners
        )
        caption = (
            "Read along a row: so many of this place's values stand in the place of that number,"
            " too. Values are compared by their type, as in matching: ids exactly, e-mail addresses"
            " without letter case."
        )
        return Figure(
            "3.3",
            "Which keys connect the systems?",
            "Each identifier, and every field that holds it",
            body,
            caption,
        )

    @cached_property
    def _spread(self) -> dict[str, str]:
        """Each identifier in words: its strength, how many values it has, in how many sources
        they stand.
        """
        known = self.model.sources.identifiers if self.model.sources else {}
        counts: dict[str, dict[int, int]] = {}
        for row in self.context.query(profile.SPREAD).sort("identifier", "sources").to_dicts():
            counts.setdefault(row["identifier"], {})[row["sources"]] = row["distinct_values"]
        said = {}
        for name in profile.places(self.model):
            by = counts.get(name, {})
            where = ", ".join(f"{n:,} in {'one source' if k == 1 else k}" for k, n in by.items())
            said[name] = (
                f"{humanize(name)} ({known[name].strength}):"
                f" {number.plural(sum(by.values()), 'value')}"
                + (f", {where}" if len(by) > 1 else "")
            )
        return said

    def journey(self) -> Figure:
        """Figure 3.4: of the customers of the first system, how many reach the next, and where
        they end.
        """
        columns = [
            Column("name", "Stop", detail="sources"),
            Column("by", "Reached by"),
            Column("reached", "Reached", "int"),
            Column("share", "Of the start", "percent"),
            Column("parts", " ", "stack", colours=("d1", "d2", "d4")),
            Column("unbroken", "Without a break", "int"),
            Column("ended", "End here", "int"),
            Column("things", "Values here", "int"),
            Column("only", "That nothing led to", "int"),
        ]
        rows = [
            {
                **vars(leg),
                "name": humanize(leg.stop.name),
                "sources": truncate_list(leg.stop.sources, 4),
                "by": _way(leg.stop),
                "share": leg.reached / leg.start if leg.start else None,
                "parts": [leg.unbroken, leg.reached - leg.unbroken, leg.start - leg.reached],
            }
            for leg in self.legs
        ]
        weaker = list(
            dict.fromkeys(
                _names(leg.stop.by)
                for leg in self.legs[1:]
                if leg.stop.by and not leg.stop.key_shared
            )
        )
        along = (
            f"along keys, and by {join_words(weaker)} where there is none"
            if weaker
            else "along keys alone"
        )
        subtitle = (
            f"{number.integer(self.legs[0].start)} {self._started}, followed {along}"
            if self.legs
            else "No trace is written down"
        )
        caption = (
            "Before any rule of section 04b joins records. Where no key is shared, another"
            " identifier stands in, named in the third column: a trace through it is weaker."
        )
        legend = (
            ("without a break", "d1"),
            ("reached, but a stop before was missed", "d2"),
            ("not reached", "d4"),
        )
        return Figure(
            "3.4",
            "Where does the trail break?",
            subtitle,
            table(frame_for(rows, columns), columns),
            caption,
            legend=legend,
        )

    def shared_values(self) -> Figure:
        """Figure 3.5: values of identifiers that stand on many records of one source."""
        top = self._most_shared()
        several = sorted(
            (each for each in profile.loose(self.model, self.held) if each.shared),
            key=lambda each: (-each.most, each.ref.name),
        )
        rows = [
            {
                **vars(each),
                "name": humanize(each.identifier),
                "at": each.ref.name,
                "bar": each.shared_records,
                "top": ", ".join(top[each.identifier, each.ref.source, each.ref.field]),
            }
            for each in several
        ]
        columns = [
            Column("name", "Identifier", detail="at"),
            Column("distinct", "Distinct values", "int"),
            Column("shared", "On several records", "int"),
            Column("shared_records", "Records that share", "int"),
            Column("bar", " ", "bar"),
            Column("most", "Most on one value", "int"),
            Column("top", "The most shared, with their records", "value", cls="internal"),
        ]
        caption = (
            "Identifiers that are the key of no source, in sources of things rather than of events:"
            " there a repeat means a shared mailbox, a switchboard, a reseller, or the same"
            " customer twice. Personal values are tokens; section 04b guards against the largest."
        )
        return Figure(
            "3.5",
            "Which values stand on many records?",
            "Within one source",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def _most_shared(self) -> dict[tuple[str, str, str], list[str]]:
        """Per place the values on most records, each with their number; one token per value of
        an identifier, wherever it stands.
        """
        found = (
            self.context.query(profile.MOST_SHARED)
            .sort("identifier", "source", "field", "turn")
            .to_dicts()
            if self.held
            else []
        )
        said: dict[tuple[str, str, str], list[str]] = {}
        for name in dict.fromkeys(row["identifier"] for row in found):
            mine = [row for row in found if row["identifier"] == name]
            tokens = redact([row["value"] for row in mine], "personal", name)
            for row, token in zip(mine, tokens, strict=True):
                open_ = shown(self.model.field(row["source"], row["field"]).cls)
                said.setdefault((name, row["source"], row["field"]), []).append(
                    f"{row['value'] if open_ else token} ({row['records']:,})"
                )
        return said

    def field_classes(self) -> Figure:
        """Figure 3.6: where personal values stand, and what was only guessed or not declared."""
        rows = [
            {
                "state": (
                    "look"
                    if part.guessed or part.suspicious or part.undeclared or part.unclassified
                    else "pass"
                ),
                "source": part.source,
                "fields": sum(part.counts.values()),
                "classes": list(part.counts.values()),
                "guarded": truncate_list(part.guarded, 8),
                "guessed": truncate_list(part.guessed, 6),
                "unclassified": truncate_list(part.unclassified, 6),
                "suspicious": truncate_list(part.suspicious),
                "undeclared": truncate_list(part.undeclared, 6),
            }
            for part in self.classes
        ]
        columns = [
            Column("state", " ", "check"),
            Column("source", "Source"),
            Column("fields", "Fields", "int"),
            Column("classes", "Classes", "stack", colours=("d4", "d3", "d2", "d1")),
            Column("guarded", "Personal or sensitive"),
            Column("guessed", "Guessed, to confirm"),
            Column("unclassified", "Text without a class: personal until confirmed"),
            Column("suspicious", "Sounds personal, has no class"),
            Column("undeclared", "In the file, not declared"),
        ]
        caption = (
            "A column that nobody declared reaches no table. A guess is used as it stands until"
            " somebody confirms it by taking the word guess out of the file."
        )
        legend = (("public", "d4"), ("internal", "d3"), ("personal", "d2"), ("sensitive", "d1"))
        return Figure(
            "3.6",
            "Where do personal values stand?",
            "One row per source; names only",
            table(frame_for(rows, columns), columns),
            caption,
            legend=legend,
        )

    # ---- what it comes to

    def conclude(self) -> list[Finding]:
        """Records and cells that did not arrive, keys that repeat, late systems, guesses,
        breaks of the trace.
        """
        if not self.model.source_names:
            return [
                Finding(
                    "sources.open",
                    "note",
                    "Where customer data enters is not written down yet.",
                    self.page,
                )
            ]
        return [
            *profile.of_landing(self.arrived),
            *profile.of_files(self.model, profile.specs(self.model)),
            *profile.of_conventions(
                self.model,
                self.arrived,
                profile.ends_of(self.model, self._rows(profile.ends_sql(self.model))),
            ),
            *profile.of_odd_hours(
                self.model, self._rows(odd) if (odd := profile.odd_hours_sql(self.model)) else ()
            ),
            *profile.of_newest(self.model, self._newest()),
            *profile.of_age(self.model, self.ages),
            *profile.of_classes(self.model, self.classes),
            *(profile.of_trace(self.model, self.legs, self._started) if self.legs else []),
            *profile.of_shared(self.model, profile.loose(self.model, self.held)),
            *self._of_spellings(),
        ]

    def _newest(self) -> list[profile.Newest]:
        """The newest fact of each source."""
        dated = self.context.has(NEWEST)
        return (
            list(profile.newest(self.model, self._rows(profile.newest_facts_sql())))
            if dated
            else []
        )

    def _of_spellings(self) -> list[Finding]:
        """Values in several spellings, countries that name none, phone numbers that no region
        says how to read.
        """
        texts, once, phones = (
            profile.texts(self.model),
            profile.categories(self.model, self.context.has),
            profile.phones(self.model),
        )
        coded = [
            each
            for each in once
            if self.model.type_of(each.entity, each.attribute) in profile.CODES
        ]
        return [
            *profile.of_spellings(self.model, texts, self._rows(profile.texts_sql(texts))),
            *profile.of_categories(self.model, once, self._rows(profile.categories_sql(once))),
            *(
                found
                for each in coded
                for found in profile.of_unknown(
                    self.model,
                    each,
                    self._rows(profile.unknown_sql(each)),
                    profile.CODES[self.model.type_of(each.entity, each.attribute)],
                )
            ),
            *profile.of_phones(self.model, self._rows(profile.phones_sql(self.model, phones))),
        ]


def _taken(rejected: int, read: int) -> str:
    return (
        f"{number.integer(rejected)} of them rejected"
        if rejected
        else "all of them accepted"
        if read
        else "none at all"
    )


def _names(identifiers: tuple[str, ...]) -> str:
    return join_words([humanize(name) for name in identifiers])


def _way(stop: profile.Stop) -> str:
    if stop.number == 1:
        return "where the trace starts"
    if not stop.by:
        return "no identifier stands on both sides"
    return _names(stop.by) if stop.key_shared else f"{_names(stop.by)}, for want of a key"
