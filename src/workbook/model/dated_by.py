"""What dates a value where its source's `recorded` does not: a field beside it, or a change log
(05, `dated_by`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook.model.links import is_home
from workbook.model.model import Model
from workbook.model.same_record_rule import group_in
from workbook.model.schema import Dating


@dataclass(frozen=True)
class Dated:
    """Where it stands when one source's value changed: `field` of `log`, which may be the
    source itself.

    A change log leads to the source's records by an identifier, which is `theirs` in the log
    and `own` in the source.
    """

    source: str
    log: str
    field: str
    where: str = ""
    own: str = ""
    theirs: str = ""

    @property
    def in_log(self) -> bool:
        """Whether a change log dates it, and not a field of the source itself."""
        return self.log != self.source


def dated_sources(model: Model, entity: str, attribute: str) -> dict[str, Dated]:
    """What dates the values of an attribute, by source; those that go by `recorded` are left
    out.
    """
    declared = model.rule(entity, attribute).dated_by
    found = {}
    for source in sources_of(model, entity, attribute):
        dating = declared.get(source) or declared.get(model.system_of(source))
        if dating and (dated := resolved(model, entity, attribute, source, dating)):
            found[source] = dated
    return found


def sources_of(model: Model, entity: str, attribute: str) -> tuple[str, ...]:
    """The sources of an attribute, and of those that it comes together with."""
    refs = [
        ref
        for name in group_of(model, entity, attribute)
        for ref in model.attributes(entity).get(name, ())
    ]
    return tuple(dict.fromkeys(ref.source for ref in refs))


def group_of(model: Model, entity: str, attribute: str) -> tuple[str, ...]:
    """The attributes that come from one record with this one, the one that decides first; this
    one alone where it has no group.
    """
    return group_in(model.survivorship, entity, attribute)


def resolved(
    model: Model, entity: str, attribute: str, source: str, dating: Dating
) -> Dated | None:
    """What a word under `dated_by` leads to; None where it leads nowhere."""
    log, field = place_of_time(model, source, dating.at)
    if log not in model.source_names or field not in model.fields(log):
        return None
    if log == source:
        return Dated(source, source, field)
    link = shared_identifier(model, source, log)
    return (
        Dated(source, log, field, where_of(model, entity, attribute, log, dating), *link)
        if link
        else None
    )


def place_of_time(model: Model, source: str, at: str) -> tuple[str, str]:
    """The source and the field that `at` names: a field of the source itself,
    `system.table.field`, or the start of a log's `valid`.
    """
    if at in model.source_names:
        valid = model.sources.sources[at].valid
        return at, valid[0] if valid else ""
    log, _, field = at.rpartition(".")
    return log or source, field


def where_of(model: Model, entity: str, attribute: str, log: str, dating: Dating) -> str:
    """Which rows of a log are about an attribute: as written, or as 06_history keeps it from
    the same log.
    """
    kept = (
        model.history.history.get(f"{entity}.{attribute}") if not model.is_open("history") else None
    )
    return dating.where or (kept.where if kept and kept.from_ == log else "")


def shared_identifier(model: Model, source: str, log: str) -> tuple[str, str] | None:
    """The fields of a source and of a log that hold the same identifier: the key of the source
    first, then a strong one.
    """
    found = []
    for number, (name, places) in enumerate(model.identifier_places.items()):
        strong = bool(
            not model.is_open("sources") and model.sources.identifiers[name].strength == "strong"
        )
        whole = [
            ref for ref in places if not ref.part and not model.field(ref.source, ref.field).split
        ]
        pairs = (
            (own, theirs)
            for own in whole
            for theirs in whole
            if (own.source, theirs.source) == (source, log)
        )
        found += [
            (not is_home(model, own), not strong, number, own.field, theirs.field)
            for own, theirs in pairs
        ]
    if not found:
        return None
    *_, own, theirs = min(found)
    return own, theirs


def logged_conditions(model: Model) -> Iterator[tuple[str, str]]:
    """Every change log that dates values, and the condition over its rows."""
    for name, rule in model.survivorship.fields.items():
        entity, _, attribute = name.partition(".")
        if rule.dated_by:
            yield from (
                (dated_source.log, dated_source.where)
                for dated_source in dated_sources(model, entity, attribute).values()
                if dated_source.where
            )
