"""Who asked to be forgotten: from then on no personal value of theirs is kept, only that
something stood there.

Survivorship and the entities of one source read the table too, by its name alone. It stands
between them in no circle: it depends on records, rows as systems hold them, clusters and
relationships, none of which knows which value survived.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workbook.engine import Table, quote
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.history.entity_links import condition_sql, reached_sql, rows_for, why_unlinked
from workbook.history.sql_time import STEP, now
from workbook.model import Model, erased_name
from workbook.model.links import to_one_links
from workbook.model.schema import Erasure
from workbook.model.times import begins


def erasures(model: Model) -> dict[str, Erasure]:
    """The requests of each entity that 06 declares and that lead to it."""
    declared = model.history.erasures
    return {
        entity: item
        for entity, item in declared.items()
        if not why_unlinked(model, entity, item.from_)
    }


def erased_table(model: Model, entity: str) -> Table:
    """`<entity>__erased`: one row per id that a request reached by the as-of day, with the
    first of its requests.

    Requests that reach nobody are of people gone already. Where nothing leads from the requests
    to the entity it is empty: what cannot be heeded is a refusal, and never a reason to leave
    out whatever reads it.
    """
    sql = (
        _NOBODY
        if entity not in erasures(model)
        else filled_sql(
            "history/erased", requests=asked_sql(model, entity), links=_links(model, entity)
        )
    )
    return Table(
        erased_name(entity),
        f"one {entity} whose personal values are to be forgotten",
        STEP,
        "consent",
        ("id",),
        sql,
    )


def asked_sql(model: Model, entity: str) -> str:
    """The requests that hold by the as-of day, and since when each does."""
    spec = erasures(model)[entity]
    field = spec.at or model.sources.sources[spec.from_].valid[0]
    moment, where = (
        begins(model, spec.from_, field, quote(field)),
        (f" and ({condition_sql(model, spec.from_, spec.where)})" if spec.where else ""),
    )
    return (
        f"select _row, {moment} as moment, _record as record from"
        f" {rows_for(model, spec.from_, spec.where)} as asked where {moment} < {now(model)}{where}"
    )


_NOBODY = """select id, erased_at, record, requests
from (values
  (cast(null as varchar), cast(null as timestamp), cast(null as varchar), cast(0 as bigint))
) as v(id, erased_at, record, requests)
where id is not null"""


def erasure_residue_sql(model: Model, entity: str) -> str:
    """One row: requests, those that reach several ids and are heeded for none, ids that they
    reach, those of whom some system still holds a personal value, and how many such values.
    """
    return filled_sql(
        "history/erasure_residue",
        requests=asked_sql(model, entity),
        links=_links(model, entity),
        erased=erased_name(entity),
        held=_standing(model, entity),
    )


def _links(model: Model, entity: str) -> str:
    """SQL of the id of each request's row, and to how many ids it leads."""
    return reached_sql(model, entity, erasures(model)[entity].from_)


def since_sql(model: Model, entity: str, answers: Collection[str] = ()) -> str:
    """One row per thing that belongs to whoever asked to be forgotten; '' where nothing is dated.

    `thing`; its records (`held`), those dated after the request (`rows`), and of these those
    before any later answer of the same person about permission (`unanswered`), `answers` being
    the sources of such; `asked` people, and how many of them gave a later answer (`returned`).
    """
    things = list(_things(model, entity))
    reported = [text(thing) for source, thing in things if source in answers]
    found = [_dated(model, entity, source, thing) for source, thing in things]
    if not found:
        return ""
    return filled_sql(
        "history/after_erasure",
        records="\nunion all\n".join(found),
        answers=f"thing in ({', '.join(reported)})" if reported else "1 = 0",
        erased=erased_name(entity),
    )


def _things(model: Model, entity: str) -> Iterator[tuple[str, str]]:
    """What belongs to one of an entity and says when, without the requests themselves: the source
    and the name of each thing of one source, and of each relationship whose rows are a source of
    their own, such as a membership.
    """
    asked, own = erasures(model)[entity].from_, model.entity_sources(entity)
    found: dict[str, str] = {}
    for _, link in to_one_links(model, end=entity):
        source, *others = model.entity_sources(link.from_)
        if not others:
            found.setdefault(source, link.from_)
    for name, link in model.entities.relationships.items():
        if link.through and entity in (link.from_, link.to) and link.through not in own:
            found.setdefault(link.through, name)
    for source, thing in found.items():
        dated = model.sources.sources[source].valid
        if source != asked and dated and not why_unlinked(model, entity, source):
            yield source, thing


def _dated(model: Model, entity: str, source: str, thing: str) -> str:
    """The records of a thing that belong to whoever asked to be forgotten, each with its
    moment, by the as-of day.
    """
    field = model.sources.sources[source].valid[0]
    rows = (
        f"select _row, _record, {begins(model, source, field, quote(field))} as moment from"
        f" {rows_for(model, source, '')} as held"
    )
    return f"""select cast({text(thing)} as varchar) as thing, r.id as id, s._record as record,
  s.moment as moment, e.erased_at as erased_at
from ({rows}) as s
join (
{reached_sql(model, entity, source)}
) as r on r._row = s._row and r.ids = 1
join {quote(erased_name(entity))} as e on e.id = r.id
where s.moment < {now(model)}"""


def _standing(model: Model, entity: str) -> str:
    """`id`, `held`: of how many attributes that are to be forgotten a system holds a value;
    survivorship keeps a row of each that it took away.
    """
    names = [
        name
        for name, refs in model.attributes(entity).items()
        if refs and name in model.forgotten(entity)
    ]
    if not model.has_identity(entity):
        values = " + ".join(
            f"case when {quote(model.column_of(entity, name))} is null then 0 else 1 end"
            for name in names
        )
        return (
            f"select id, {values} as held from {quote(model.as_held(entity))}"
            if names
            else f"select id, 0 as held from {quote(entity)}"
        )
    taken = [
        f"select id from {quote(f'{entity}__{name}__choice')} where rule = 'erased'"
        for name in names
    ]
    return (
        f"select id, count(*) as held from ({' union all '.join(taken)}) as taken group by id"
        if taken
        else "select id, 0 as held from " + quote(entity)
    )
