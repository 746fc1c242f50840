"""Why each value of one golden record survives, and what it overrules: who is meant, the
evidence, and the sentences.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from workbook import survivorship
from workbook.engine import quote
from workbook.engine.sql import text
from workbook.errors import WorkbookError
from workbook.model import Model, erased_name
from workbook.model.times import local_time
from workbook.model.types.normalise import normalise
from workbook.nearest_name import did_you_mean
from workbook.privacy import redact, strictest
from workbook.scenarios.context import Context
from workbook.scenarios.lookup_by_name import LookupResult, called, nearest_value
from workbook.scenarios.masked_reasons import readable_reason
from workbook.show.text import clean, clip
from workbook.words import error_of, number, words_of

_LONGEST = 120  # characters of one value in a sentence
_TYPED = ("by", "because")  # of an exception: what people typed
_NOBODY = words_of("shared").text("owner.nobody")


class ValueExplainer:
    """Answers of one context to "why does this value survive?"."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.model = context.model

    # ---- who is meant

    def meant(self, name: str) -> LookupResult:
        """Who `entity/id`, `entity/source:key`, or one of the two alone, leads to; a published
        id leads to the one that has its records now.

        Raises:
            WorkbookError: there is no such name; the nearest one is named where one is close.
        """
        entity, given, rest = name.partition("/")
        known = [
            entity_name for entity_name in self.model.entity_names if self.context.has(entity_name)
        ]
        if given and entity not in known:
            raise error_of(
                WorkbookError, "scenarios.unknown_entity", entity=clean(entity), known=known
            )
        identifier, asked = (rest, [entity]) if given else (name, known)
        found = next((meant for item in asked if (meant := self._found(item, identifier))), None)
        found = found or called(self.context, asked, identifier)
        if found is None:
            raise error_of(
                WorkbookError,
                "scenarios.unknown_id",
                name=clean(identifier),
                hint=self._near(asked, identifier),
            )
        return found

    def _found(self, entity: str, name: str) -> LookupResult | None:
        if self._first(f"select id from {quote(entity)} where cast(id as varchar) = {text(name)}"):
            return LookupResult(entity, name)
        if not self.model.has_identity(entity):
            return None
        found = self._first(
            f"select id from {quote(entity + '__clusters')} where record = {text(name)}"
        )
        if found:
            return LookupResult(
                entity,
                found["id"],
                _text("belongs", record=self.record(name), entity=entity, id=found["id"]),
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
            raise error_of(WorkbookError, "scenarios.records_gone", entity=entity, id=name)
        ids = [
            _text("id_records", entity=entity, id=row["id"], records=row["records"])
            for row in rows
            if row["id"] is not None
        ]
        return LookupResult(
            entity, rows[0]["id"], _text("merged_into", entity=entity, id=name, ids=ids)
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
            or (nearest_value(self.context, entities, name) if len(name) < 100 else "")
            or "An id is the `id` of its table, a record is written like system.table:key."
        )

    def _first(self, sql: str) -> dict[str, Any] | None:
        rows = self.context.query(f"{sql} order by 1 limit 1").to_dicts()
        return rows[0] if rows else None

    # ---- the evidence

    def held(
        self, entity: str, attribute: str, identifier: str
    ) -> list[survivorship.CandidateValue]:
        """Every record's value of one attribute of one customer, the surviving one first; a
        value that was removed is None.
        """
        rows = self._held(entity, attribute, identifier)
        erased = self._erased(entity, attribute, identifier) if rows else None
        if erased:
            return [replace(row, value=None, survives=False, reasons=(erased,)) for row in rows]
        return [
            replace(row, reasons=tuple(self._readable(reason) for reason in row.reasons))
            for row in rows
        ]

    def _readable(self, reason: survivorship.SurvivalReason) -> survivorship.SurvivalReason:
        """A reason that people typed, without values of people."""
        if reason.name != survivorship.EXCEPTION_REASON:
            return reason
        typed = {name: readable_reason(self.context, reason.values[name]) for name in _TYPED}
        return replace(reason, values={**reason.values, **typed})

    def _held(
        self, entity: str, attribute: str, identifier: str
    ) -> list[survivorship.CandidateValue]:
        if self.model.rule(entity, attribute).rule == "union":
            rows = self.context.query(
                survivorship.union_sql(self.model, entity, attribute, identifier)
            ).to_dicts()
            return survivorship.rank_candidates(self.model, entity, attribute, rows, {})
        rows = self.context.query(
            survivorship.ranked_sql(self.model, entity, attribute, identifier)
        ).to_dicts()
        return survivorship.rank_candidates(
            self.model,
            entity,
            attribute,
            rows,
            self._keys(entity, attribute, [str(row["value"]) for row in rows]),
        )

    def _erased(
        self, entity: str, attribute: str, identifier: str
    ) -> survivorship.SurvivalReason | None:
        """Why no value of a protected attribute is kept of one who asked to be forgotten; None
        of everybody else.
        """
        if not survivorship.forgets(self.model, entity, attribute):
            return None
        asked = self._first(
            f"select erased_at, record from {quote(erased_name(entity))} where id ="
            f" {text(identifier)}"
        )
        if not asked:
            return None
        values = {"day": asked["erased_at"], "record": self.record(asked["record"])}
        return survivorship.SurvivalReason("overruled.erased", values)

    def _keys(self, entity: str, attribute: str, values: Sequence[str]) -> dict[str, str | None]:
        """The key of each spelling, where several spellings may mean the same."""
        distinct = sorted(set(values))
        if len(distinct) < 2 or not survivorship.is_spelled(self.model, entity, attribute):
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
            yield from self._of_one_record(meant, reveal)
            return
        records = self.context.query(
            f"select record from {quote(meant.entity + '__clusters')} where id = {text(meant.id)}"
            " order by record"
        )["record"].to_list()
        named = [self.record(record, reveal=reveal) for record in records]
        yield _text("records", entity=meant.entity, id=meant.id, records=named)
        for attribute in survivorship.attributes(self.model, meant.entity):
            yield self.sentence(meant.entity, attribute, meant.id, reveal=reveal)

    def _of_one_record(self, meant: LookupResult, reveal: bool) -> Iterator[str]:
        """That nothing was chosen, and which values were removed."""
        (source,) = self.model.entity_sources(meant.entity)
        identifier = self._own_id(meant, reveal)
        yield _text("one_record", entity=meant.entity, id=identifier, source=source)
        table = quote(self.model.as_held(meant.entity))
        held = self._first(f"select * from {table} where id = {text(meant.id)}") or {}
        gone = [
            name
            for name in self.model.forgotten(meant.entity)
            if held.get(self.model.column_of(meant.entity, name)) is not None
        ]
        erased = self._erased(meant.entity, gone[0], meant.id) if gone else None
        if erased:
            yield _text("removed_here", attributes=gone, reason=_reason(erased))

    def _own_id(self, meant: LookupResult, reveal: bool) -> str:
        cls = self.model.class_of(f"{meant.entity}.{self.model.id_of(meant.entity)}")
        return meant.id if reveal else str(redact([meant.id], cls, "id")[0])

    def sentence(
        self, entity: str, attribute: str, identifier: str, *, reveal: bool = False
    ) -> str:
        """Why one value survives: what it is, where and when it was written, by which rule, and
        what it overrules for which reason.
        """
        rows = self.held(entity, attribute, identifier)
        if not rows:
            return _text("no_value", attribute=attribute)
        places = [self.place(row, reveal) for row in rows]
        winner, *others = rows
        if winner.value is None and not winner.survives:
            return _text("removed", attribute=attribute, places=places, reason=reason_text(winner))
        values = self.shown_values(
            rows, self.model.class_of(f"{entity}.{attribute}"), attribute, reveal
        )
        if self.model.rule(entity, attribute).rule == "union":
            distinct = list(dict.fromkeys(values))
            return _text("union", attribute=attribute, values=distinct, places=places)
        reason = reason_text(winner)
        beaten = [
            _text("value_of", value=value, place=place, reason=reason_text(row))
            for row, value, place in zip(others, values[1:], places[1:], strict=True)
            if not row.alike or winner.value is None
        ]
        if winner.value is None:
            empty = _text("empty", attribute=attribute, place=places[0], reason=reason)
            return f"{empty} {_text('not_taken', values=beaten)}"
        surviving = _text(
            "surviving", attribute=attribute, value=values[0], place=places[0], reason=reason
        )
        same = sum(bool(row.alike) for row in others)
        variants = sum(row.alike == "spelling" for row in others)
        parts = [surviving]
        parts += [_text("same", records=same, variants=variants)] if same else []
        parts += [_text("overruled_values", values=beaten)] if beaten else []
        parts += [] if others else [_text("alone")]
        return " ".join(parts)

    def shown_values(
        self, rows: Sequence[survivorship.CandidateValue], cls: str, token: str, reveal: bool
    ) -> list[str]:
        """Each value as it may be shown: in quotes, or as a token."""
        values = [clip(clean(_written(row.value)), _LONGEST) for row in rows]
        shown = values if reveal else redact(values, cls, token)
        return [
            _text("quoted_value", value=value) if value == str(item) else str(item)
            for value, item in zip(values, shown, strict=True)
        ]

    def place(self, row: survivorship.CandidateValue, reveal: bool) -> str:
        """The record that a value is from, and when it was written."""
        by_hand = row.source == "exception"
        record = _text("own_value") if by_hand else self.record(row.record, reveal=reveal)
        return _text("place", record=record, day=local_time(self.model, row.recorded))

    def record(self, record: str, *, reveal: bool = False) -> str:
        """A record's name as it may be shown: a key made of personal fields as a token."""
        source, _, key = record.partition(":")
        if not reveal:
            key = redact([key], class_of_key(self.model, source), "key")[0]
        return clean(f"{source}:{key}")


def class_of_key(model: Model, source: str) -> str:
    """The strictest class of what a source's records are named by."""
    if source not in model.sources.sources:
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


def reason_text(row: survivorship.CandidateValue) -> str:
    """Why a value survives or was overruled, in words."""
    if row.alike == "same":
        return _text("alike.same")
    reason = "; ".join(_reason(reason) for reason in row.reasons)
    return _text("alike.spelling", reason=reason) if row.alike else reason


def _reason(reason: survivorship.SurvivalReason) -> str:
    return _text(reason.name, **{"nobody": _NOBODY, **reason.values})


def _text(name: str, /, **values: Any) -> str:
    return words_of("scenarios").text(f"explain.{name}", **values)


def _written(value: Any) -> str:
    return number.date(value) if isinstance(value, dt.date) else str(value)
