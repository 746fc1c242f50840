"""Which id of an entity each row of a source is about, by the decisions that the model already
holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.comparison_keys import key_sql, keyed_rows
from workbook.engine.list_value_rows import value_rows
from workbook.errors import WorkbookError
from workbook.model import Model
from workbook.model.as_of import as_of_day
from workbook.model.conditions import condition, condition_fields
from workbook.model.links import is_home, strongest_identifier, to_one_links
from workbook.words import words_of


class OutOfReachError(WorkbookError):
    """Why rows of a source cannot be linked to an entity."""


@dataclass(frozen=True)
class LinkPath:
    """How rows of a source lead to an entity: the `key` of a row, and SQL that says whose each
    key is (key, id, ids).

    `fields` are those whose keys the rows must bring. Without `holders` the key is the id
    itself. `ids` is 1, or 2 where a key leads to several.
    """

    key: str
    holders: str = ""
    fields: tuple[str, ...] = ()


_IDS = "case when min({0}) = max({0}) then 1 else 2 end as ids"


def reach(model: Model, entity: str, source: str) -> LinkPath:
    """The source's own records come first, then a to-one relationship from the entity that its
    rows are, then the strongest identifier that both hold. A row that reaches several ids
    belongs to none of them.

    Raises:
        OutOfReachError: nothing leads from the source to the entity.
    """
    found = (
        _own(model, entity, source)
        or _related(model, entity, source)
        or _named(model, entity, source)
    )
    if not found:
        raise OutOfReachError(
            words_of("history").text("refused.no_link", entity=entity, source=source)
        )
    return found


def why_unlinked(model: Model, entity: str, source: str) -> str:
    """Why rows of a source cannot be linked to an entity, or ''."""
    if entity not in model.entity_names or source not in model.source_names:
        return words_of("history").text("refused.undeclared", entity=entity, source=source)
    try:
        reach(model, entity, source)
    except WorkbookError as error:
        return str(error)
    return ""


def reached_sql(model: Model, entity: str, source: str) -> str:
    """One row per row of the source that reaches anybody: `_row`, the `id` that it is about,
    and `ids` (1 where all is well).

    Raises:
        OutOfReachError: nothing leads from the source to the entity.
    """
    path = reach(model, entity, source)
    keyed = f"select _row, {path.key} as key from {keyed_rows(model, source, path.fields)} as held"
    if not path.holders:
        return f"select _row, key as id, 1 as ids\nfrom ({keyed}) as own"
    return (
        f"select s._row as _row, h.id as id, h.ids as ids\nfrom ({keyed}) as s\njoin"
        f" (\n{path.holders}\n) as h on h.key = s.key"
    )


def _own(model: Model, entity: str, source: str) -> LinkPath | None:
    if source not in model.entity_sources(entity):
        return None
    if model.has_identity(entity):
        return LinkPath(
            "_record", f"select record as key, id, 1 as ids from {quote(f'{entity}__clusters')}"
        )
    if model.where(entity, source):
        return LinkPath(
            _key_in(source), f"select id as key, id, 1 as ids from {quote(model.as_held(entity))}"
        )
    return LinkPath(_key_in(source))


def _key_in(source: str) -> str:
    """The key of a record, without its source."""
    return f"substr(_record, {len(source) + 2})"


def _related(model: Model, entity: str, source: str) -> LinkPath | None:
    """Through the entity that has this source alone, and the one relationship that leads from
    it to at most one.
    """
    found = [
        name
        for name, link in to_one_links(model, end=entity)
        if model.entity_sources(link.from_) == (source,) and not model.has_identity(link.from_)
    ]
    if len(found) != 1:
        return None
    ids = _IDS.format("to_id")
    return LinkPath(
        _key_in(source),
        f"select from_id as key, min(to_id) as id, {ids}\nfrom {quote(found[0])}\nwhere to_id is"
        " not null\ngroup by from_id",
    )


def is_about(model: Model, entity: str, source: str) -> bool:
    """Whether rows of a source tell of an entity: a relationship says so, or they bear a key of
    it.
    """
    if source in model.entity_sources(entity) or _related(model, entity, source):
        return True
    for name, own in model.identifiers_of(entity).items():
        if any(is_home(model, ref) for ref in own) and any(
            ref.source == source for ref in model.identifier_places[name]
        ):
            return True
    return False


def _named(model: Model, entity: str, source: str) -> LinkPath | None:
    """By an identifier: a record for which it is the key outranks one that only mentions it."""
    strongest = strongest_identifier(model, entity, source)
    if not strongest:
        return None
    name, field = strongest
    held = "\nunion all\n".join(_holders(model, entity, name))
    best = (
        f"select id, key, turn, min(turn) over (partition by key) as best from (\n{held}\n) as held"
    )
    holders = (
        f"select key, min(id) as id, {_IDS.format('id')}\nfrom (\n{best}\n) as ranked\nwhere turn ="
        " best\ngroup by key"
    )
    return (
        _by_list(model, source, field, holders)
        if model.field(source, field).split
        else LinkPath(key_sql(model, source, field), holders, (field,))
    )


def _by_list(model: Model, source: str, field: str, holders: str) -> LinkPath:
    """By a field that holds several values: a row is about the one id that all of them lead to."""
    ids = "case when min(h.id) = max(h.id) and max(h.ids) = 1 then 1 else 2 end as ids"
    each = (
        f"{value_rows(model, source, field)} as v\njoin (\n{holders}\n) as h on h.key ="
        f" {key_sql(model, source, field, 'v')}"
    )
    return LinkPath(
        "cast(_row as varchar)",
        f"select cast(v._row as varchar) as key, min(h.id) as id, {ids}\nfrom {each}\ngroup by"
        " v._row",
    )


def _holders(model: Model, entity: str, name: str) -> list[str]:
    merged, found = {merge.source for merge in model.merges(entity)}, []
    for ref in model.identifiers_of(entity)[name]:
        if ref.source in merged and is_home(model, ref):  # also of keys whose rows are gone
            record = f"join {quote(f'{entity}__clusters')} as c on c.record = m.record"
            stands = (
                f"where m.source = '{ref.source}' and m.stands = 'key' and m.compared is not null"
            )
            found.append(
                "select c.id as id, m.compared as key, 0 as turn\nfrom"
                f" {quote(f'{entity}__merges')} as m\n{record}\n{stands}"
            )
        record = (
            "c.id" if model.has_identity(entity) else f"substr(s._record, {len(ref.source) + 2})"
        )
        join = (
            f"\njoin {quote(f'{entity}__clusters')} as c on c.record = s._record"
            if model.has_identity(entity)
            else ""
        )
        if model.where(entity, ref.source) and not join:
            join = f"\njoin {quote(model.as_held(entity))} as e on e.id = {record}"
        key, rows = (
            key_sql(model, ref.source, ref.field, "s"),
            value_rows(model, ref.source, ref.field),
        )
        found.append(
            f"select {record} as id, {key} as key, {0 if is_home(model, ref) else 1} as turn\nfrom"
            f" {rows} as s{join}\nwhere {key} is not null"
        )
    return found


def condition_sql(model: Model, source: str, text: str) -> str:
    """A condition over a source's fields with its names quoted; `as_of` is the project's day
    unless a field is called so, nothing is divided by zero.
    """
    return condition(model, source, text, as_of_day(model))


def rows_for(model: Model, source: str, text: str, *more: str) -> str:
    """What stands behind FROM where a condition over a source is asked: its rows with the keys
    that the condition compares.
    """
    return keyed_rows(model, source, (*more, *condition_fields(text)))
