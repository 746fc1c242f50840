"""03 Sources: where customer data enters, whether all of it was loaded, and which keys connect the
systems.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.as_of import UNDATED, is_undated
from workbook.model.view_reads import requests_read, sources_read, uses_of
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.sources import profile
from workbook.steps.decision_reasons import reasons_of_fields
from workbook.steps.period_labels import day_end
from workbook.steps.source_identifiers import IdentifierFigures
from workbook.words import words_of
from workbook.words.wording import capital, humanize, truncate_list

_CLASSES = {"public": "d4", "internal": "d3", "personal": "d2", "sensitive": "d1"}  # tones


class Sources(IdentifierFigures):
    """The sources step."""

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Landed sources, values of identifiers, the trace."""
        return profile.tables(model)

    def headline(self) -> Headline:
        """How many identifiers can be traced through all systems, or what was loaded."""
        names = self.model.source_names
        if not names:
            return self.answer("open", self._suggestion(), state="open")
        read = sum(arrival.read for arrival in self.arrived)
        loaded = {
            "sources": len(names),
            "systems": len({self.model.system_of(name) for name in names}),
            "read": read,
            "rejected": read - sum(arrival.accepted for arrival in self.arrived),
        }
        if len(self.legs) < 2:
            return self.answer("loaded", self._lede(), **loaded)
        first = self.legs[0]
        return self.answer(
            "traced",
            f"{self.text('headline.loaded', **loaded)} {self._lede()}",
            start=first.start,
            identifier=first.stop.identifier,
            system=first.stop.name,
            traced=self.legs[-1].unbroken,
            steps=[humanize(leg.stop.name) for leg in self.legs[1:]],
        )

    def _suggestion(self) -> str:
        waiting = profile.waiting_files(self.model)
        if waiting:
            return self.text("suggestion.files", files=waiting)
        return self.text("suggestion.no_files")

    def _lede(self) -> str:
        """Invalid values, where the trace loses most, which steps share no key, how current the
        systems are.
        """
        sentences = []
        if bad := sum(arrival.bad for arrival in self.arrived):
            sentences.append(self.text("lede.invalid", count=bad))
        if len(self.legs) > 1:
            worst = max(self.legs[1:], key=lambda leg: leg.ended)
            sentences.append(
                self.text("lede.largest_loss", step=worst.stop.name, lost=worst.ended)
                if worst.ended
                else self.text("lede.no_loss")
            )
            sentences += profile.without_key([leg for leg in self.legs if leg.reached])
        else:
            sentences.append(self.text("lede.no_trace"))
        state, quiet = self.currency
        return " ".join([*sentences, self.text(f"lede.freshness.{state}", **quiet)])

    @property
    def currency(self) -> tuple[str, dict[str, Any]]:
        """Whether each system is current, which its newest source decides: the name of the text,
        and the late systems or the number of older sources that it says.
        """
        late = {
            humanize(self.model.system_of(age.source))
            for age in self.ages
            if age.newest and not age.quiet and age.state in ("look", "fail")
        }
        if late:
            return "late", {"systems": sorted(late)}
        if not any(age.warn or age.error for age in self.ages):
            return "no_limit", {}
        dated = {self.model.system_of(age.source) for age in self.ages if age.newest}
        if not dated:
            return "undated", {}
        all_dated = len(dated) == len({self.model.system_of(age.source) for age in self.ages})
        if quiet := sum(age.quiet for age in self.ages):
            return "quiet" if all_dated else "quiet_dated", {"count": quiet}
        return "current" if all_dated else "current_dated", {}

    def arrivals(self) -> Figure:
        """Figure 3.1: what a record of each source is, and whether all records were loaded."""
        at = "figures.arrivals"
        columns = self.heads(
            "arrivals",
            Column("state", " ", "check"),
            Column("source", detail="row_is"),
            Column("owner"),
            Column("read", kind="int"),
            Column("accepted", kind="int"),
            Column("rejected", kind="int"),
            Column("bad", kind="int"),
            Column("why"),
            Column("key", detail="key_state"),
        )
        rows = [
            {
                **vars(arrival),
                "state": arrival.state,
                "source": _label(arrival.source),
                "row_is": arrival.row_is or self.text(f"{at}.gaps.row_is"),
                "why": truncate_list(
                    profile.reason_texts((*arrival.rejections, *arrival.invalid_values)), 3
                ),
                "key": ", ".join(map(humanize, arrival.key)) or self.text(f"{at}.gaps.key"),
                "key_state": self._key_state(arrival),
            }
            for arrival in self.arrived
        ]
        sums = {
            name: sum(row[name] for row in rows) for name in ("read", "accepted", "rejected", "bad")
        }
        total = {"source": self.text(f"{at}.total"), **sums}
        frame = frame_for([*rows, total] if rows else [], columns)
        return self.figure("arrivals", table(frame, columns, total=bool(rows)))

    def _key_state(self, arrival: profile.Arrival) -> str:
        """Whether the primary key is unique and complete."""
        at = "figures.arrivals.key"
        faults = [
            self.text(f"{at}.{name}", count=count)
            for name, count in (("repeated", arrival.repeated), ("empty", arrival.empty))
            if count
        ]
        return ", ".join(faults) or self.text(f"{at}.unique" if arrival.key else f"{at}.none")

    def freshness(self) -> Figure:
        """Figure 3.2: the newest record of each source against the as-of date."""
        used, newest = self._used_by(), self._newest_of_systems()
        rows = [
            {
                **vars(age),
                "source": _label(age.source),
                "limit": self._limit(age, is_newest=age.source in newest),
                "used": truncate_list(used.get(age.source, []), 3),
            }
            for age in self.ages
        ]
        columns = self.heads(
            "freshness",
            Column("source"),
            Column("newest", kind="date"),
            Column("gap", kind="number", decimals=1),
            Column("limit"),
            Column("used"),
            Column("state", kind="check"),
        )
        as_of = self.model.project.as_of
        dated = isinstance(as_of, dt.date) and any(age.newest for age in self.ages)
        return self.figure(
            "freshness",
            table(frame_for(rows, columns), columns),
            subtitle=self.text("figures.freshness.as_of", day=day_end(self.model))
            if dated
            else UNDATED.capitalize()
            if is_undated(self.model)
            else self.text("figures.freshness.subtitle_none"),
            later=sum(age.later for age in self.ages),
            role="freshness",
        )

    def _limit(self, age: profile.Age, *, is_newest: bool) -> str:
        """The limits of a system at its newest source; why a source has no age."""
        at = "figures.freshness"
        if not age.field:
            return self.text(f"{at}.no_field")
        if not is_newest:
            return ""
        limits = [
            self.text(f"{at}.{name}", length=profile.limit_length(days))
            for name, days in (("warn", age.warn), ("fail", age.error))
            if days is not None
        ]
        return ", ".join(limits) or self.text(f"{at}.no_limit")

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

    @property
    def retention(self) -> list[profile.Retention]:
        """How long the rows of sources with personal fields may be kept."""
        return profile.retention(self.model, self._rows)

    def field_classes(self) -> Figure:
        """Figure 3.6: which fields hold personal values, and what is only suggested or not
        declared.
        """
        kept = {item.source: item for item in self.retention}
        unlimited = {source for source, item in kept.items() if not item.keep_for}
        late = {source for source, item in kept.items() if item.older}
        rows = [
            {
                "state": (
                    "look"
                    if fields.guessed
                    or fields.suspicious
                    or fields.undeclared
                    or fields.unclassified
                    or fields.source in late
                    else "untested"
                    if fields.source in unlimited
                    else "pass"
                ),
                "source": _label(fields.source),
                "fields": sum(fields.counts.values()),
                "classes": list(fields.counts.values()),
                "guarded": truncate_list(map(humanize, fields.guarded), 8),
                "guessed": truncate_list(map(self._guess, fields.guessed), 6),
                "unclassified": truncate_list(map(humanize, fields.unclassified), 6),
                "suspicious": truncate_list(map(humanize, fields.suspicious)),
                "undeclared": truncate_list(fields.undeclared, 6),
                "kept": self._kept_for(kept.get(fields.source)),
                "because": self.model.sources.sources[fields.source].because,
            }
            for fields in self.classes
        ]
        columns = self.heads(
            "field_classes",
            Column("state", " ", "check"),
            Column("source"),
            Column("fields", kind="int"),
            Column("classes", kind="stack", colours=tuple(_CLASSES.values())),
            Column("guarded"),
            Column("guessed"),
            Column("unclassified"),
            Column("suspicious"),
            Column("undeclared"),
            Column("kept", detail="because"),
        )
        legend = tuple(
            (self.text(f"figures.field_classes.legend.{name}"), tone)
            for name, tone in _CLASSES.items()
        )
        return self.figure(
            "field_classes",
            table(frame_for(rows, columns), columns),
            self.text("figures.field_classes.caption") + reasons_of_fields(self.model),
            legend=legend,
        )

    def _kept_for(self, kept: profile.Retention | None) -> str:
        """How long a source's rows may be kept; '' of one without personal fields."""
        if kept is None:
            return ""
        return self.text("figures.field_classes.kept_for", keep_for=kept.keep_for, older=kept.older)

    def _guess(self, guess: profile.FieldGuess) -> str:
        """What was suggested of a field, or of its whole source."""
        at = "figures.field_classes.guess"
        if guess.field:
            return self.text(f"{at}.field", field=guess.field, what=guess.what)
        what = guess.what[0]
        known = words_of(self.word).has(f"{at}.{what}")
        return self.text(f"{at}.{what}" if known else f"{at}.other", what=what)

    def conclude(self) -> list[Finding]:
        """Records and values that were not loaded, duplicate keys, late systems, suggestions,
        breaks of the trace.
        """
        if not self.model.source_names:
            return [self.finding("open", owner="")]
        model, marks = self.model, profile.unread_marks(self.model)
        return [
            *profile.of_landing(model, self.arrived),
            *profile.of_files(model, profile.specs(model)),
            *profile.of_conventions(
                model, self.arrived, profile.ends_of(model, self._rows(profile.ends_sql(model)))
            ),
            *profile.of_odd_hours(model, self._rows(profile.odd_hours_sql(model))),
            *profile.of_paths(model, self._rows),
            *profile.of_newest(model, self.newest_facts),
            *profile.of_age(model, self.ages),
            *profile.of_classes(model, self.classes),
            *profile.of_retention(model, self.retention),
            *profile.of_trace(model, self.legs),
            *profile.of_shared(model, profile.loose(model, self.held)),
            *profile.of_list_cells(model, self._list_cells()),
            *profile.of_marks(model, marks, self._rows(profile.marks_sql(marks))),
            *self._of_spellings(),
        ]

    def _list_cells(self) -> list[dict[str, Any]]:
        known = self.context.has(profile.VALUES)
        return self._rows(profile.list_cells_sql(self.model)) if known else []

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
            item
            for item in once
            if self.model.type_of(item.entity, item.attribute) in profile.CODES
        ]
        return [
            *profile.of_spellings(self.model, texts, self._rows(profile.texts_sql(texts))),
            *profile.of_categories(self.model, once, self._rows(profile.categories_sql(once))),
            *(
                found
                for item in coded
                for found in profile.of_unknown(
                    self.model,
                    item,
                    self._rows(profile.unknown_sql(item)),
                    profile.CODES[self.model.type_of(item.entity, item.attribute)],
                )
            ),
            *profile.of_phones(self.model, self._rows(profile.phones_sql(self.model, phones))),
        ]


def _label(source: str) -> str:
    """A source as a table names it: `CRM sign ups`."""
    return capital(humanize(source))
