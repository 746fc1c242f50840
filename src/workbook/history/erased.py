"""Who asked to be forgotten: from then on no personal value of theirs is kept, only that something stood there."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.history.moments import STEP, now
from workbook.history.reach import condition_sql, reached_sql, refusal, table_of
from workbook.model import Model
from workbook.model.parts import Erasure

PERSONAL = ("personal", "sensitive")


def erased_name(entity: str) -> str:
    """The table of those who asked to be forgotten."""
    return f"{entity}__erased"


def erasures(model: Model) -> dict[str, Erasure]:
    """The requests of each entity that 06 declares and that lead to it."""
    declared = model.history.erasures if model.history else {}
    return {entity: each for entity, each in declared.items() if not refusal(model, entity, each.from_)}


def erased_table(model: Model, entity: str) -> Table:
    """`<entity>__erased`: one row per id that a request reached by the as-of day; requests that reach nobody are of people gone already."""
    sql = f"""select r.id as id, min(s.moment) as erased_at, count(*) as requests
from ({_asked(model, entity)}) as s
join (
{reached_sql(model, entity, erasures(model)[entity].from_)}
) as r on r._row = s._row and r.ids = 1
group by r.id"""
    return Table(erased_name(entity), f"one {entity} whose personal values are to be forgotten", STEP, "consent", ("id",), sql)


def _asked(model: Model, entity: str) -> str:
    """The requests that hold by the as-of day, and since when each does."""
    spec = erasures(model)[entity]
    field = spec.at or model.sources.sources[spec.from_].valid[0]  # type: ignore[union-attr]
    moment, where = f"cast({quote(field)} as timestamp)", f" and ({condition_sql(model, spec.where)})" if spec.where else ""
    return f"select _row, {moment} as moment from {quote(table_of(spec.from_))} where {moment} < {now(model)}{where}"


def forgets(model: Model, entity: str, cls: str) -> bool:
    """Whether values of this class go when somebody of the entity asks to be forgotten."""
    return cls in PERSONAL and entity in erasures(model)


def held_sql(model: Model, entity: str) -> str:
    """One row: requests, ids that they reach, those of them of whom a personal value still stands, and how many values stand."""
    names = [name for name, refs in model.attributes(entity).items() if refs and model.class_of(f"{entity}.{name}") in PERSONAL]
    values = " + ".join(f"case when p.{quote(name)} is null then 0 else 1 end" for name in names) or "0"
    return f"""select (select count(*) from ({_asked(model, entity)}) as requests) as requests, count(*) as reached,
  cast(coalesce(sum(case when held > 0 then 1 else 0 end), 0) as bigint) as still, cast(coalesce(sum(held), 0) as bigint) as personal
from (
  select e.id as id, {values} as held
  from {quote(erased_name(entity))} as e
  left join {quote(entity)} as p on p.id = e.id
) as asked"""
