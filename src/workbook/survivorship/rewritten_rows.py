"""Sources whose rows a job writes again: `recorded` then tells of the job, and of no change of
a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.contested_attributes import shared_attributes
from workbook.model.dated_by import Dated, dated_sources, shared_identifier
from workbook.survivorship.value_dates import changes_sql
from workbook.survivorship.winner import is_a_time

DAYS = 2  # a nightly job may pass midnight
NEARLY_ALL = 0.95
ENOUGH = 20  # records of which a source must have so many before its days alone say anything
_BY_TIME = ("most_recent", "earliest", "latest")
_CHANGED = frozenset(
    [
        "change",
        "changed",
        "changes",
        "modified",
        "modification",
        "updated",
        "update",
        "since",
        "set",
    ]
)
_NEW = frozenset(["new", "to", "after", "current", "value"])
_WHICH = frozenset(["field", "attribute", "column", "property"])


@dataclass(frozen=True)
class Rewritten:
    """A source whose times of writing decide fields: those by whose rule the newest wins, and
    those where it breaks ties.
    """

    entity: str
    source: str
    by_rule: tuple[str, ...]
    by_tie: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """All of them as `entity.attribute`."""
        return tuple(f"{self.entity}.{name}" for name in (*self.by_rule, *self.by_tie))


def deciding_times(model: Model) -> list[Rewritten]:
    """Every source of an entity whose `recorded` decides between sources about some attribute."""
    found = []
    shared = shared_attributes(model)
    for entity in model.entity_names:
        names = [name for owner, name in shared if owner == entity]
        for source in model.entity_sources(entity):
            if not model.is_open("sources") and model.sources.sources[source].recorded:
                ways = {name: _way(model, entity, name, source) for name in names}
                each = Rewritten(
                    entity,
                    source,
                    *(
                        tuple(name for name in names if ways[name] == path)
                        for path in ("rule", "tie")
                    ),
                )
                found += [each] if each.fields else []
    return found


def _way(model: Model, entity: str, name: str, source: str) -> str:
    """How the times of a source decide an attribute: by its `rule`, in a `tie` with another
    source, or not ('').
    """
    sources = {ref.source for ref in model.attributes(entity)[name]}
    rule = model.rule(entity, name)
    if (
        source not in sources
        or source in dated_sources(model, entity, name)
        or rule.rule == "union"
    ):
        return ""
    if rule.rule == "most_recent" or (rule.rule in _BY_TIME and not is_a_time(model, entity, name)):
        return "rule"
    turns = {source: _turns(model, entity, name, source) for source in sources}
    return "tie" if any(turns[item] == turns[source] for item in sources - {source}) else ""


def _turns(model: Model, entity: str, name: str, source: str) -> tuple[int, ...]:
    """The turns of a source in the order of an attribute; () where the order does not name it."""
    items = model.order(entity, name)
    return tuple(
        rank for rank, item in enumerate(items) if item.source in (source, model.system_of(source))
    )


def written_days_sql(entity: str) -> str:
    """One row per source of an entity and day on which its records were last written: how many."""
    return f"""select _source as source, cast(_recorded as date) as day, count(*) as records
from {quote(entity + "__records")}
where _recorded is not null
group by _source, cast(_recorded as date)"""


def known_changes(model: Model, entity: str, attribute: str, source: str) -> tuple[Dated, ...]:
    """What else seems to say when the values of a source changed: a field named for it, or a
    change log of its records.
    """
    refs = [ref for ref in model.attributes(entity)[attribute] if ref.source == source]
    if not refs or model.is_open("sources"):
        return ()
    recorded, names = (
        model.sources.sources[source].recorded,
        [{*_words(name)} for name in (attribute, refs[0].field)],
    )
    beside = [
        Dated(source, source, name)
        for name, field in model.fields(source).items()
        if field.type in ("date", "timestamp")
        and name != recorded
        and {*_words(name)} & _CHANGED
        and any(own <= {*_words(name)} for own in names)
    ]
    kind = model.field(source, refs[0].field).type
    logs = [
        Dated(source, log, spec.valid[0], "", *link)
        for log, spec in model.sources.sources.items()
        if log not in model.entity_sources(entity)
        and len(spec.valid) == 1
        and (link := shared_identifier(model, source, log))
        and _is_log(model, log, kind)
    ]
    return (*beside, *logs)


def _is_log(model: Model, source: str, kind: str) -> bool:
    """Whether a source holds new values of a type, and says of which field where they are plain
    text.
    """
    fields = model.fields(source)
    which = any({*_words(name)} & _WHICH for name in fields)
    kinds = {kind, "text"} if which else {kind}
    return any({*_words(name)} & _NEW and field.type in kinds for name, field in fields.items())


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+", name)]


def written_later_sql(model: Model, entity: str, known: Dated) -> str:
    """One row: of the records whose change is dated (`records`), how many were last written
    more than a day after it (`later`).
    """
    late = "case when r._recorded > c.changed + interval '1' day then 1 else 0 end"
    return f"""select count(*) as records, cast(coalesce(sum({late}), 0) as bigint) as later
from {quote(entity + "__records")} as r
join (
{changes_sql(model, known)}
) as c on c._record = r._record
where r._source = {text(known.source)} and r._recorded is not null and c.changed is not null"""
