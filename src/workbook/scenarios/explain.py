"""Why each golden value of one customer stands, and what it beat: who is meant, the evidence,
and the sentences.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from workbook import survivorship as room
from workbook.engine import quote
from workbook.engine.sql import text
from workbook.errors import WorkbookError, did_you_mean
from workbook.model import Model, erased_name
from workbook.model.times import local_time
from workbook.model.types.normalise import normalise
from workbook.privacy import redact, strictest
from workbook.scenarios.context import Context
from workbook.scenarios.masked_reasons import readable_reason
from workbook.show.text import clean, clip
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list

_LONGEST = 120  # characters of one value in a sentence


@dataclass(frozen=True)
class LookupResult:
    """Who was asked for: the entity, the id of today, and how the name that was given led to it."""

    entity: str
    id: str
    how: str = ""


class ValueExplainer:
    """Answers of one context to "why does this value stand?"."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.model = context.model

    # ---- who is meant

    def meant(self, name: str) -> LookupResult:
        """Who `entity/id`, `entity/source:key`, or one of the two alone, leads to; a published
        id leads to whoever bears its records now.

        Raises:
            WorkbookError: nobody bears that name; the nearest one is named where one is close.
        """
        entity, given, rest = name.partition("/")
        known = [each for each in self.model.entity_names if self.context.has(each)]
        if given and entity not in known:
            raise WorkbookError(
                f"'{entity}' is no entity with a row for each customer."
                f" {did_you_mean(entity, known) or 'Entities are ' + join_words(known) + '.'}"
            )
        identifier, asked = (rest, [entity]) if given else (name, known)
        found = next((meant for each in asked if (meant := self._found(each, identifier))), None)
        if found is None:
            raise WorkbookError(
                f"Nobody bears the id or record '{clean(identifier)}'."
                f" {self._near(asked, identifier)}".strip()
            )
        return found

    def _found(self, entity: str, name: str) -> LookupResult | None:
        if self._first(f"select id from {quote(entity)} where cast(id as varchar) = {text(name)}"):
            return LookupResult(entity, name)
        if not self.model.has_identity(entity):
            return None
        borne = self._first(
            f"select id from {quote(entity + '__clusters')} where record = {text(name)}"
        )
        if borne:
            return LookupResult(
                entity, borne["id"], f"{self.record(name)} belongs to {entity}/{borne['id']}."
            )
        return self._led(entity, name)

    def _led(self, entity: str, name: str) -> LookupResult | None:
        lineage = f"{entity}__id_lineage"
        sql = (
            f"select id, records, change from {quote(lineage)} where published_id = {text(name)}"
            " order by records desc, id"
        )
        rows = self.context.query(sql).to_dicts() if self.context.has(lineage) else []
        if not rows:
            return None
        if rows[0]["id"] is None:
            raise WorkbookError(
                f"{entity}/{name} was published, and its records are no longer in the data."
            )
        where = [
            f"{entity}/{row['id']} ({number.plural(row['records'], 'record')})"
            for row in rows
            if row["id"] is not None
        ]
        return LookupResult(
            entity, rows[0]["id"], f"{entity}/{name} was merged into {join_words(where)}."
        )

    def _near(self, entities: Sequence[str], name: str) -> str:
        known = (
            [
                str(value)
                for entity in entities
                for value in self.context.query(f"select id from {quote(entity)}")["id"].to_list()
            ]
            if len(name) < 100
            else []
        )
        return (
            did_you_mean(name, known)
            or "An id is the `id` of its table, a record is written like system.table:key."
        )

    def _first(self, sql: str) -> dict[str, Any] | None:
        rows = self.context.query(f"{sql} order by 1 limit 1").to_dicts()
        return rows[0] if rows else None

    # ---- the evidence

    def held(self, entity: str, attribute: str, identifier: str) -> list[room.CandidateValue]:
        """Every record's value of one attribute of one customer, the one that stands first; a
        value that was taken away is None.
        """
        rows = self._held(entity, attribute, identifier)
        because = self._taken(entity, attribute, identifier) if rows else ""
        if because:
            return [replace(row, value=None, stands=False, because=because) for row in rows]
        return [
            (
                replace(row, because=readable_reason(self.context, row.because))
                if row.because.startswith("exception ")
                else row
            )
            for row in rows
        ]

    def _held(self, entity: str, attribute: str, identifier: str) -> list[room.CandidateValue]:
        if self.model.rule(entity, attribute).rule == "union":
            rows = self.context.query(
                room.union_sql(self.model, entity, attribute, identifier)
            ).to_dicts()
            return room.rank_candidates(self.model, entity, attribute, rows, {})
        rows = self.context.query(
            room.ranked_sql(self.model, entity, attribute, identifier)
        ).to_dicts()
        return room.rank_candidates(
            self.model,
            entity,
            attribute,
            rows,
            self._keys(entity, attribute, [str(row["value"]) for row in rows]),
        )

    def _taken(self, entity: str, attribute: str, identifier: str) -> str:
        """Why no value of a protected attribute is kept of one who asked to be forgotten; '' of
        everybody else.
        """
        if not room.forgets(self.model, entity, attribute):
            return ""
        asked = self._first(
            f"select erased_at, record from {quote(erased_name(entity))} where id ="
            f" {text(identifier)}"
        )
        return (
            f"taken away because erasure was asked on {number.date(asked['erased_at'])}, in"
            f" {self.record(asked['record'])}"
            if asked
            else ""
        )

    def _keys(self, entity: str, attribute: str, values: Sequence[str]) -> dict[str, str | None]:
        """The key of each spelling, where several spellings may mean the same."""
        distinct = sorted(set(values))
        if len(distinct) < 2 or not room.is_spelled(self.model, entity, attribute):
            return {}
        keys = normalise(
            pl.Series("value", distinct, dtype=pl.String),
            self.model.normaliser_of(entity, attribute),
        )
        return dict(zip(distinct, keys.to_list(), strict=True))

    # ---- the sentences

    def sentences(self, meant: LookupResult, *, reveal: bool = False) -> Iterator[str]:
        """Who it is, then one sentence per attribute; values of protected classes are tokens
        unless `reveal` asks for them.
        """
        yield from ([meant.how] if meant.how else [])
        if not self.model.has_identity(meant.entity):
            (source,) = self.model.entity_sources(meant.entity)
            yield (
                f"{meant.entity}/{self._own_id(meant, reveal)} is one row of {source}: every value"
                " is that row's, and none was chosen."
            )
            held = (
                self._first(
                    f"select * from {quote(self.model.as_held(meant.entity))} where id ="
                    f" {text(meant.id)}"
                )
                or {}
            )
            gone = [
                name
                for name in self.model.forgotten(meant.entity)
                if held.get(self.model.column_of(meant.entity, name)) is not None
            ]
            if gone and (because := self._taken(meant.entity, gone[0], meant.id)):
                yield f"{join_words([humanize(name).capitalize() for name in gone])}: {because}."
            return
        records = self.context.query(
            f"select record from {quote(meant.entity + '__clusters')} where id = {text(meant.id)}"
            " order by record"
        )["record"].to_list()
        named = truncate_list([self.record(record, reveal=reveal) for record in records], 6)
        yield f"{meant.entity}/{meant.id} is {number.plural(len(records), 'record')}: {named}."
        for attribute in room.attributes(self.model, meant.entity):
            yield self.sentence(meant.entity, attribute, meant.id, reveal=reveal)

    def _own_id(self, meant: LookupResult, reveal: bool) -> str:
        cls = self.model.class_of(f"{meant.entity}.{self.model.id_of(meant.entity)}")
        return meant.id if reveal else str(redact([meant.id], cls, "id")[0])

    def sentence(
        self, entity: str, attribute: str, identifier: str, *, reveal: bool = False
    ) -> str:
        """Why one value stands: what it is, where and when it was written, by which rule, and
        what it beat by what.
        """
        rows, label = self.held(entity, attribute, identifier), humanize(attribute).capitalize()
        if not rows:
            return f"{label}: no record has a value."
        if rows[0].value is None and not rows[0].stands:
            places = join_words([self._place(row, reveal) for row in rows])
            return (
                f"{label}: the value of {places} was {rows[0].because}."
                if len(rows) == 1
                else f"{label}: the values of {places} were {rows[0].because}."
            )
        words = self._words(rows, self.model.class_of(f"{entity}.{attribute}"), attribute, reveal)
        if self.model.rule(entity, attribute).rule == "union":
            return (
                f"{label} unites {join_words(list(dict.fromkeys(words)))} of"
                f" {join_words([self._place(row, reveal) for row in rows])}."
            )
        winner, *others = rows
        if winner.value is None:
            given = "; ".join(
                f"{word} of {self._place(row, reveal)}, because {row.because}"
                for row, word in zip(others, words[1:], strict=True)
            )
            return (
                f"{label} is empty: it comes from {self._place(winner, reveal)}, which states none"
                f" ({winner.because}). Not taken: {given}."
            )
        said = f"{label} is {words[0]}, from {self._place(winner, reveal)}: {winner.because}."
        beaten = [(row, word) for row, word in zip(others, words[1:], strict=True) if not row.same]
        same = sum(row.same for row in others)
        said += (
            f" {number.plural(same, 'other record')} {'says' if same == 1 else 'say'} the same."
            if same
            else ""
        )
        if beaten:
            said += (
                " It beat "
                + "; ".join(
                    f"{word} of {self._place(row, reveal)}, because {row.because}"
                    for row, word in beaten
                )
                + "."
            )
        return said if others else f"{said} No other record has a value."

    def _words(
        self, rows: Sequence[room.CandidateValue], cls: str, word: str, reveal: bool
    ) -> list[str]:
        values = [clip(clean(_written(row.value)), _LONGEST) for row in rows]
        return [
            f"“{value}”" if value == str(shown) else str(shown)
            for value, shown in zip(
                values, values if reveal else redact(values, cls, word), strict=True
            )
        ]

    def _place(self, row: room.CandidateValue, reveal: bool) -> str:
        written = local_time(self.model, row.recorded)
        at = f", written {number.date(written)}" if written else ""
        where = (
            "a value of its own"
            if row.source == "exception"
            else self.record(row.record, reveal=reveal)
        )
        return where + at

    def record(self, record: str, *, reveal: bool = False) -> str:
        """A record's name as it may be shown: a key made of personal fields as a token."""
        source, _, key = record.partition(":")
        return clean(
            f"{source}:{key if reveal else redact([key], class_of_key(self.model, source), 'key')[0]}"
        )


def class_of_key(model: Model, source: str) -> str:
    """The strictest class of what a source's records are named by."""
    if model.sources is None or source not in model.sources.sources:
        return "personal"
    fields = model.fields(source)
    return strictest(
        [
            "internal",
            *(
                fields[name].cls
                for name in model.sources.sources[source].primary_key
                if name in fields
            ),
        ]
    )


def _written(value: Any) -> str:
    return number.date(value) if isinstance(value, dt.date) else str(value)
