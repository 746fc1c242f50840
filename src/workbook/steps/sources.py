"""03 Sources: where customer data enters, whether all of it arrived, and which keys connect the systems."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from workbook import profile
from workbook.engine import Table, records_in, undeclared_columns
from workbook.finding import Finding
from workbook.model import Model
from workbook.privacy import redact
from workbook.show import Column, Figure, Headline, number, table
from workbook.steps.base import Step
from workbook.steps.words import first_of, frame_for, listed, spoken

_PLACES = 12  # columns of the overlap matrix


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
    def landed(self) -> list[dict[str, Any]]:
        """One row per source: rows counted in the file, accepted, rejected, bad cells, keys; trouble first."""
        if not self.model.source_names:
            return []
        specs = profile.specs(self.model)
        bad, rejects = self._reasons(profile.bad_sql(self.model), "cells"), self._reasons(profile.reject_sql(self.model), "records")
        counted = {row["source"]: row for row in self.context.query(profile.counts_sql(self.model)).to_dicts()}
        rows = [self._landed(source, counted[source], records_in(specs[source]), bad, rejects) for source in self.model.source_names]
        return sorted(rows, key=lambda row: ("fail", "look", "pass").index(row["state"]))

    def _landed(self, source: str, row: dict[str, Any], in_file: int, bad: dict[str, str], rejects: dict[str, str]) -> dict[str, Any]:
        part = self.model.sources
        spec = part.sources[source] if part else None
        keyed = bool(spec and spec.primary_key)
        repeated = row["accepted"] - row["empty_keys"] - row["keys"] if keyed else 0
        empty = row["empty_keys"] if keyed else 0
        lost = in_file != row["accepted"] + row["rejected"]
        trouble = row["rejected"] or row["bad_cells"] or repeated or empty or not keyed
        says = [f"{repeated:,} rows repeat another's key"] if repeated else []
        says += [f"{empty:,} rows without a key"] if empty else []
        return {
            "state": "fail" if lost else "look" if trouble else "pass", "source": source, "owner": self._owner(source),
            "row_is": spec.row_is if spec and spec.row_is else "no row sentence yet", "read": in_file, "accepted": row["accepted"],
            "rejected": row["rejected"], "bad": row["bad_cells"], "why": first_of([w for w in (rejects.get(source, ""), bad.get(source, "")) if w]),
            "key": ", ".join(spec.primary_key) if spec and keyed else "none declared",
            "unique": " and ".join(says) or ("unique" if keyed else "rows go by their number"),
            "repeated": repeated, "empty": empty, "keyed": keyed, "lost": lost,
        }  # fmt: skip

    def _reasons(self, sql: str, count: str) -> dict[str, str]:
        """Per source, the reasons in words, the most frequent first."""
        said: dict[str, list[str]] = {}
        frame = self.context.query(sql).sort([count, "reason"], descending=[True, False])
        for row in frame.to_dicts():
            place = f"{row['field']}: " if "field" in row else ""
            said.setdefault(row["source"], []).append(f"{place}{row['reason']} ({row[count]:,})")
        return {source: first_of(words, 3) for source, words in said.items()}

    def _owner(self, source: str) -> str:
        part = self.model.sources
        if part is None:
            return ""
        system = part.systems.get(self.model.system_of(source))
        return part.sources[source].owner or (system.owner if system else "") or part.owner

    @cached_property
    def ages(self) -> list[profile.Age]:
        """How old each source's newest fact is."""
        as_of = self.model.project.as_of
        sql = profile.newest_sql(self.model, as_of) if isinstance(as_of, dt.date) else ""
        newest = {row["source"]: (row["newest"], row["later"]) for row in self.context.query(sql).to_dicts()} if sql else {}
        return profile.ages(self.model, as_of, newest) if isinstance(as_of, dt.date) else []

    @cached_property
    def coverage(self) -> list[dict[str, Any]]:
        """One row per identifier and place: rows, filled, distinct, shared values."""
        if not self.context.has(profile.VALUES):
            return []
        found = {(r["identifier"], r["source"], r["field"]): r for r in self.context.query(profile.COVERAGE).to_dicts()}
        rows = {row["source"]: row["accepted"] for row in self.landed}
        made = []
        for name, refs in profile.places(self.model).items():
            for turn, ref in enumerate(refs, 1):
                row = found.get((name, ref.source, ref.field), {})
                every, filled = rows[ref.source], row.get("filled", 0)
                made.append({
                    "identifier": name, "source": ref.source, "field": ref.field, "place": f"{turn} · {ref.name}", "turn": turn, "rows": every,
                    "filled": filled, "share": filled / every if every else None, "distinct": row.get("distinct_values", 0),
                    "shared": row.get("shared_values", 0), "shared_records": row.get("shared_records", 0), "most": row.get("most", 0),
                })  # fmt: skip
        return made

    @cached_property
    def trace(self) -> list[dict[str, Any]]:
        """One row per stop of the trace: how many start values reach it, how many without a break, where they end."""
        every = profile.stops(self.model)
        if not every:
            return []
        measured = {row["stop"]: row for row in self.context.query(profile.measure_sql(every)).to_dicts()}
        start = measured[1]["reached"]
        rows, before = [], start
        for stop in every:
            row = measured.get(stop.number, {})
            reached, unbroken = row.get("reached", 0), row.get("unbroken", 0)
            rows.append({
                "stop": stop.name, "sources": first_of(stop.sources, 4), "identifier": spoken(stop.identifier), "by": self._way(stop), "reached": reached,
                "share": reached / start if start else None, "parts": [unbroken, reached - unbroken, start - reached], "unbroken": unbroken,
                "ended": before - unbroken, "things": row.get("things"), "only": row["things"] - row["found"] if row else None, "start": start,
                "key_shared": stop.key_shared,
            })  # fmt: skip
            before = unbroken
        return rows

    def _way(self, stop: profile.Stop) -> str:
        if stop.number == 1:
            return "where the trace starts"
        if not stop.by:
            return "no identifier stands on both sides"
        names = listed([spoken(name) for name in stop.by])
        return names if stop.key_shared else f"{names}, for want of a key"

    @cached_property
    def classes(self) -> list[profile.Classified]:
        """The privacy classes of every source's fields."""
        return profile.classified(self.model, {source: undeclared_columns(spec) for source, spec in profile.specs(self.model).items()})

    # ---- the page

    def headline(self) -> Headline:
        """How much arrives from where, and how far a customer can be followed."""
        names = self.model.source_names
        if not names:
            return Headline(self.page, self.title, "Where customer data enters has not been written down yet.", self._suggestion(), state="open")
        read, accepted = (sum(row[word] for row in self.landed) for word in ("read", "accepted"))
        systems = len({self.model.system_of(name) for name in names})
        rejected = read - accepted
        sentence = arrived = f"{number.plural(len(names), 'source')} in {number.plural(systems, 'system')} bring {number.plural(read, 'record')}, {_taken(rejected, read)}."
        if len(self.trace) > 1:
            end, way = self.trace[-1]["unbroken"], listed([row["stop"] for row in self.trace[1:]])
            sentence = f"Of {number.integer(self.trace[0]['start'])} {self._started()}, {number.integer(end)} can be followed through {way}."
        return Headline(self.page, self.title, sentence, self._lede(arrived if len(self.trace) > 1 else ""), owner=self.model.owner_of("sources"))

    def _started(self) -> str:
        return f"values of {self.trace[0]['identifier']} in {self.trace[0]['stop']}"

    def _suggestion(self) -> str:
        waiting = profile.waiting_files(self.model)
        if waiting:
            return f"{number.plural(len(waiting), 'file')} below the data folder: {first_of(waiting)}. `workbook add-source` profiles them and writes the first draft."
        return "Put files below the data folder, then `workbook add-source` profiles them and writes the first draft."

    def _lede(self, arrived: str) -> str:
        bad = sum(row["bad"] for row in self.landed)
        said = [arrived, f"{number.plural(bad, 'cell')} did not fit {'its' if bad == 1 else 'their'} type." if bad else ""]
        if len(self.trace) > 1:
            worst = max(self.trace[1:], key=lambda row: row["ended"])
            said.append(f"Most are lost at {worst['stop']} ({number.integer(worst['ended'])})." if worst["ended"] else "None is lost on the way.")
            loose = [row for row in self.trace if not row["key_shared"]]
            said += [f"No key leads to {row['stop']}: there {row['by'].split(',')[0]} stands in." for row in loose if row["reached"]]
        else:
            said.append("No identifiers are named along which a customer could be followed.")
        return " ".join([*filter(None, said), self._fresh()])

    def _fresh(self) -> str:
        late = sorted({self.model.system_of(age.source) for age in self.ages if age.newest and not age.quiet and age.state in ("look", "fail")})
        if late:
            return f"{listed(late)} {'is' if len(late) == 1 else 'are'} past the freshness limit."
        return "Every system is within its freshness limit." if any(age.warn or age.error for age in self.ages) else "No freshness limit is written down."

    def arrivals(self) -> Figure:
        """Figure 3.1: what each source's row is, and whether all of its rows arrived."""
        columns = [
            Column("state", " ", "check"), Column("source", "Source", detail="row_is"), Column("owner", "Owner"), Column("read", "Records in the file", "int"),
            Column("accepted", "Accepted", "int"), Column("rejected", "Rejected", "int"), Column("bad", "Bad cells", "int"),
            Column("why", "What did not fit"), Column("key", "Key", detail="unique"),
        ]  # fmt: skip
        total = {"source": "All sources", **{word: sum(row[word] for row in self.landed) for word in ("read", "accepted", "rejected", "bad")}}
        caption = "Records are counted from the file's bytes, apart from the reader: what is read is accepted or rejected, and nothing else. A bad cell is empty from here on; its row stays."
        body = table(frame_for([*self.landed, total] if self.landed else [], columns), columns, total=bool(self.landed))
        return Figure("3.1", "Did everything arrive?", "One row per source, trouble first", body, caption)

    def freshness(self) -> Figure:
        """Figure 3.2: the newest fact of each source against the as-of date."""
        rows = [{"source": age.source, "newest": age.newest, "gap": age.gap, "limit": _limit(age) if age.field else "no field says when", "state": age.state} for age in self.ages]
        columns = [
            Column("source", "Source"), Column("newest", "Newest fact", "date"), Column("gap", "Behind, days", "number", decimals=1),
            Column("limit", "Limit"), Column("state", "State", "check"),
        ]  # fmt: skip
        as_of, later = self.model.project.as_of, sum(age.later for age in self.ages)
        subtitle = f"As of the end of {number.date(as_of, long=True)}" if isinstance(as_of, dt.date) else "No date is set"
        caption = "A system is as fresh as the newest of its sources. A quiet source of a fresh system is only pointed out. "
        caption += f"{number.plural(later, 'fact')} dated later {'is' if later == 1 else 'are'} left out." if later else "No fact is dated later."
        return Figure("3.2", "How old is what we know?", subtitle, table(frame_for(rows, columns), columns), caption, role="freshness")

    def overlap(self) -> Figure:
        """Figure 3.3: how well each identifier is filled, and how many of its values the other sources know."""
        both = {}
        if self.coverage:
            pairs = self.context.query(profile.OVERLAP).to_dicts()
            both = {(r["identifier"], r["source"], r["field"], r["other_source"], r["other_field"]): r["both"] for r in pairs}
        refs = profile.places(self.model)
        width = min(max((len(found) for found in refs.values()), default=0), _PLACES)
        rows = []
        for row in self.coverage:
            cells = {
                f"in_{turn}": both.get((row["identifier"], row["source"], row["field"], ref.source, ref.field), 0)
                for turn, ref in enumerate(refs[row["identifier"]][:width], 1)
                if turn != row["turn"]
            }
            rows.append({**row, **cells, "group": self._spread[row["identifier"]]})
        numbers = [f"in_{turn}" for turn in range(1, width + 1)]
        columns = [
            Column("place", "Identifier and where it stands"), Column("share", "Filled", "percent"), Column("filled_bar", " ", "bar", scale=1.0),
            Column("distinct", "Distinct values", "int"), *(Column(name, name[3:], "int") for name in numbers),
        ]  # fmt: skip
        frame = frame_for([{**row, "filled_bar": row["share"]} for row in rows], [*columns, Column("group")])
        body = table(frame, columns, group="group", spanners={"Of its values, how many also stand in place": numbers} if numbers else None)
        caption = "Read along a row: so many of this place's values stand in the place of that number, too. Values are compared trimmed and in lower case."
        return Figure("3.3", "Which keys connect the systems?", "Each identifier, and every field that holds it", body, caption)

    @cached_property
    def _spread(self) -> dict[str, str]:
        """Each identifier in words: its strength, how many values it has, in how many sources they stand."""
        part = self.model.sources
        counts: dict[str, dict[int, int]] = {}
        for row in self.context.query(profile.SPREAD).sort("identifier", "sources").to_dicts() if self.coverage else ():
            counts.setdefault(row["identifier"], {})[row["sources"]] = row["distinct_values"]
        said = {}
        for name in profile.places(self.model):
            strength = part.identifiers[name].strength if part else ""
            by = counts.get(name, {})
            where = ", ".join(f"{n:,} in {'one source' if k == 1 else k}" for k, n in by.items())
            said[name] = f"{spoken(name)} ({strength}): {number.plural(sum(by.values()), 'value')}" + (f", {where}" if len(by) > 1 else "")
        return said

    def journey(self) -> Figure:
        """Figure 3.4: of the customers of the first system, how many reach the next, and where they end."""
        columns = [
            Column("stop", "Stop", detail="sources"), Column("by", "Reached by"), Column("reached", "Reached", "int"), Column("share", "Of the start", "percent"),
            Column("parts", " ", "stack", colours=("d1", "d2", "d4")), Column("unbroken", "Without a break", "int"), Column("ended", "End here", "int"),
            Column("things", "Values here", "int"), Column("only", "That nothing led to", "int"),
        ]  # fmt: skip
        subtitle = f"{number.integer(self.trace[0]['start'])} {self._started()}, followed along keys alone" if self.trace else "No trace is written down"
        caption = "Keys alone, before any rule of page 4b joins records. Where no key is shared, another identifier stands in, and the page says which: a trace that rests on it is weaker."
        legend = (("without a break", "d1"), ("reached, but a stop before was missed", "d2"), ("not reached", "d4"))
        return Figure("3.4", "Where does the trail break?", subtitle, table(frame_for(self.trace, columns), columns), caption, legend=legend)

    def shared_values(self) -> Figure:
        """Figure 3.5: values of identifiers that stand on many records of one source."""
        top: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for row in self.context.query(profile.MOST_SHARED).sort("identifier", "source", "field", "turn").to_dicts() if self.coverage else ():
            top.setdefault((row["identifier"], row["source"], row["field"]), []).append(row)
        rows = [
            {**row, "name": spoken(row["identifier"]), "at": f"{row['source']}.{row['field']}", "top": self._tokens(row, top.get((row["identifier"], row["source"], row["field"]), []))}
            for row in self._loose
            if row["shared"]
        ]
        rows.sort(key=lambda row: (-row["most"], row["at"]))
        columns = [
            Column("name", "Identifier", detail="at"), Column("distinct", "Distinct values", "int"), Column("shared", "On several records", "int"),
            Column("shared_records", "Records that share", "int"), Column("share_bar", " ", "bar"), Column("most", "Most on one value", "int"),
            Column("top", "The most shared, with their records", "value", cls="internal"),
        ]  # fmt: skip
        frame = frame_for([{**row, "share_bar": row["shared_records"]} for row in rows], columns)
        caption = "Identifiers that are the key of no source, in sources of things rather than of events: there a repeat means a shared mailbox, a switchboard, a reseller, or the same customer twice. Personal values are tokens; page 4b guards against the largest."
        return Figure("3.5", "Which values stand on many records?", "Within one source", table(frame, columns), caption)

    @property
    def _loose(self) -> list[dict[str, Any]]:
        """Places of identifiers that are the key of no source, in sources of things (in events and periods a repeat is normal)."""
        events = {name for name, spec in (self.model.sources.sources if self.model.sources else {}).items() if spec.valid}
        return [row for row in self.coverage if row["source"] not in events and profile.home(self.model, row["identifier"]) is None]

    def _tokens(self, place: dict[str, Any], top: list[dict[str, Any]]) -> str:
        cls = self.model.field(place["source"], place["field"]).cls
        shown = redact([row["value"] for row in top], cls, place["identifier"])
        return ", ".join(f"{value} ({row['records']:,})" for value, row in zip(shown, top, strict=True))

    def field_classes(self) -> Figure:
        """Figure 3.6: where personal values stand, and what was only guessed or not declared."""
        rows = [
            {
                "state": "look" if part.guessed or part.suspicious or part.undeclared else "pass", "source": part.source, "fields": sum(part.counts.values()),
                "classes": list(part.counts.values()), "guarded": first_of(part.guarded, 8), "guessed": first_of(part.guessed, 6),
                "suspicious": first_of(part.suspicious), "undeclared": first_of(part.undeclared, 6),
            }
            for part in self.classes
        ]  # fmt: skip
        columns = [
            Column("state", " ", "check"), Column("source", "Source"), Column("fields", "Fields", "int"),
            Column("classes", "Classes", "stack", colours=("d4", "d3", "d2", "d1")), Column("guarded", "Personal or sensitive"),
            Column("guessed", "Guessed, to confirm"), Column("suspicious", "Sounds personal, has no class"), Column("undeclared", "In the file, not declared"),
        ]  # fmt: skip
        caption = "A column that nobody declared reaches no table. A guess is used as it stands until somebody confirms it by taking the word `guess` out of the file."
        legend = (("public", "d4"), ("internal", "d3"), ("personal", "d2"), ("sensitive", "d1"))
        return Figure("3.6", "Where do personal values stand?", "One row per source; names only", table(frame_for(rows, columns), columns), caption, legend=legend)

    # ---- what it comes to

    def conclude(self) -> list[Finding]:
        """Records and cells that did not arrive, keys that repeat, late systems, guesses, breaks of the trace."""
        if not self.model.source_names:
            return [Finding("sources.open", "note", "Where customer data enters is not written down yet.", self.page)]
        return [*self._of_landing(), *self._of_age(), *self._of_classes(), *self._of_trace(), *self._of_shared()]

    def _of_landing(self) -> list[Finding]:
        found = []
        for row in self.landed:
            source, about = row["source"], (row["source"],)
            if row["lost"]:
                sentence = f"{source}: the file holds {row['read']:,} records, and {row['accepted']:,} accepted and {row['rejected']:,} rejected do not make that up."
                found.append(Finding("sources.rows_lost", "fail", sentence, self.page, abs(row["read"] - row["accepted"] - row["rejected"]), row["owner"], about))
            if row["rejected"]:
                sentence = f"{source}: {number.plural(row['rejected'], 'record')} of {row['read']:,} could not be read and {'was' if row['rejected'] == 1 else 'were'} set aside: {row['why']}."
                found.append(Finding("sources.rejected_rows", "look", sentence, self.page, row["rejected"], row["owner"], about))
            if row["bad"]:
                sentence = f"{source}: {number.plural(row['bad'], 'cell')} did not fit and {'is' if row['bad'] == 1 else 'are'} empty: {row['why']}."
                found.append(Finding("sources.bad_cells", "look", sentence, self.page, row["bad"], row["owner"], about))
            if row["repeated"] or row["empty"]:
                sentence = f"{source}: the key {row['key']} does not tell its rows apart: {row['unique']}."
                found.append(Finding("sources.duplicate_keys", "look", sentence, self.page, row["repeated"] + row["empty"], row["owner"], about))
        unkeyed = [row["source"] for row in self.landed if not row["keyed"]]
        if unkeyed:
            found.append(Finding("sources.no_key", "look", f"No key is declared for {first_of(unkeyed)}; rows go by their number, which changes with the file.", self.page, len(unkeyed), "", tuple(unkeyed)))
        return found

    def _of_age(self) -> list[Finding]:
        found = []
        for severity in ("fail", "look"):
            newest: dict[str, profile.Age] = {}
            for age in sorted(self.ages, key=lambda each: each.gap or 0):
                if age.newest and not age.quiet and age.state == severity:
                    newest.setdefault(self.model.system_of(age.source), age)
            if newest:
                said = first_of([f"{system} ({_behind(age)}; {_limit(age)})" for system, age in newest.items()], 6)
                sentence = f"The newest fact is older than its system's limit on the day of this page: {said}."
                owner = self._owner(next(iter(newest.values())).source)
                found.append(Finding("sources.stale", severity, sentence, self.page, len(newest), owner, tuple(newest)))
        quiet = [age for age in self.ages if age.quiet and age.state == "look"]
        if quiet:
            said = first_of([f"{age.source} ({_behind(age)})" for age in quiet])
            found.append(Finding("sources.quiet", "look", f"{said}: nothing new for longer than the limit, while the rest of the system is fresh.", self.page, len(quiet), self._owner(quiet[0].source), tuple(age.source for age in quiet)))
        nothing = [age.source for age in self.ages if age.field and age.newest is None]
        if nothing:
            found.append(Finding("sources.undated", "look", f"{first_of(nothing)}: no fact is dated on or before the day of this page.", self.page, len(nothing), "", tuple(nothing)))
        return found

    def _of_classes(self) -> list[Finding]:
        owner, found = self.model.owner_of("sources"), []
        identifiers = [name for name, each in (self.model.sources.identifiers if self.model.sources else {}).items() if each.guess]
        guessed = sum(len(part.guessed) for part in self.classes) + len(identifiers)
        if guessed:
            where = first_of([part.source for part in self.classes if part.guessed] or identifiers, 4)
            found.append(Finding("sources.guessed", "look", f"{number.plural(guessed, 'guess', 'guesses')} about types, classes and keys wait for somebody to confirm them: {where}.", self.page, guessed, owner))
        for code, word, says in (
            ("sources.undeclared_columns", "undeclared", "stand in the files and are declared nowhere, so that no page can use them"),
            ("sources.suspicious_fields", "suspicious", "sound personal and were given no class, so that their values may be shown"),
        ):
            names = [f"{part.source}.{name}" for part in self.classes for name in getattr(part, word)]
            if names:
                noun = "column" if word == "undeclared" else "field"
                found.append(Finding(code, "look", f"{number.plural(len(names), noun)} {says}: {first_of(names)}.", self.page, len(names), owner, tuple(names[:20])))
        return found

    def _of_trace(self) -> list[Finding]:
        if len(self.trace) < 2:
            return []
        start, end = self.trace[0]["start"], self.trace[-1]["unbroken"]
        broken = start - end
        if not broken:
            return []
        worst = max(self.trace[1:], key=lambda row: row["ended"])
        loose = [row["stop"] for row in self.trace if not row["key_shared"]]
        sentence = f"Of {number.integer(start)} {self._started()}, {number.integer(end)} can be followed to {self.trace[-1]['stop']}; most end at {worst['stop']} ({number.integer(worst['ended'])})."
        if loose:
            sentence += f" No key leads to {listed(loose)}."
        return [Finding("sources.trace_breaks", "look", sentence, self.page, broken, self.model.owner_of("sources"), tuple(self.model.sources.trace) if self.model.sources else ())]

    def _of_shared(self) -> list[Finding]:
        found = []
        part = self.model.sources
        for name in dict.fromkeys(row["identifier"] for row in self._loose):
            here = [row for row in self._loose if row["identifier"] == name and row["shared"]]
            if here and part and part.identifiers[name].strength == "strong":
                worst = max(here, key=lambda row: row["shared"])
                shared = sum(row["shared"] for row in here)
                sentence = f"{spoken(name)} counts as strong, and {number.plural(shared, 'value')} {'stands' if shared == 1 else 'stand'} on several records of one source; in {worst['source']} up to {worst['most']:,} share one."
                found.append(Finding("sources.shared_values", "look", sentence, self.page, shared, self.model.owner_of("sources", "identifiers", name), (name,)))
        return found


def _taken(rejected: int, read: int) -> str:
    return f"{number.integer(rejected)} of them rejected" if rejected else "all of them accepted" if read else "none"


def _behind(age: profile.Age) -> str:
    gap = age.gap or 0
    return number.plural(round(gap * 24), "hour") if gap < 2 else number.plural(round(gap), "day")


def _limit(age: profile.Age) -> str:
    said = [f"{word} after {_length(days)}" for word, days in (("look", age.warn), ("fail", age.error)) if days is not None]
    return ", ".join(said) or "no limit"


def _length(days: float) -> str:
    return number.plural(round(days * 24), "hour") if days < 2 and days != 1 else number.plural(round(days), "day")
