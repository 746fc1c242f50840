"""Relationships: which row of one entity reaches which rows of another, measured and never trusted."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.keys import key_name, key_sql, keyed_rows, with_keys
from workbook.entities.columns import STEP, attribute_key_sql, key_fields, table_of
from workbook.entities.records import newest
from workbook.model import Model
from workbook.model.keys import carried
from workbook.model.schema import Relationship


def relationship_table(model: Model, name: str) -> Table:
    """`<relationship>`: one row per from-row and the row that it reaches; `to_id` is NULL where it reaches none."""
    link = model.entities.relationships[name]  # type: ignore[union-attr]
    sides = _through(model, link) if link.through else (_from_side(model, link), _to_side(model, link))
    head, tail = sides
    sql = (
        f"with from_side as (\n{head}\n),\nto_side as (\n{tail}\n),\n"
        "reached as (\nselect distinct f.id as from_id, t.id as to_id\nfrom from_side as f\n"
        "join to_side as t on t.key = f.key\n)\n"
        "select from_id, to_id from reached\nunion all\n"
        "select distinct f.id as from_id, cast(null as varchar) as to_id\nfrom from_side as f\n"
        "left join reached as r on r.from_id = f.id\nwhere r.from_id is null"
    )
    return Table(
        name=name,
        row_is=link.row_is or f"one {link.from_} and one {link.to} that it reaches, or none",
        step=STEP,
        pattern="canonical",
        keys=("from_id", "to_id"),
        sql=sql,
    )


def _from_side(model: Model, link: Relationship) -> str:
    words = link.by.split(".")
    if len(words) == 3:
        source, field = ".".join(words[:2]), words[2]
        return _rows_of(model, link.from_, source, field)
    if len(words) == 2:
        return _held(model, link.from_, words[1])
    return _held(model, link.from_, link.by)


def _to_side(model: Model, link: Relationship) -> str:
    return f"select id, key\nfrom (\n{_held(model, link.to, link.as_ or link.by.split('.')[-1])}\n) as held\nwhere key is not null"


def _held(model: Model, entity: str, attribute: str) -> str:
    """Every value of an attribute that any record of an entity holds, with the entity's id: `id`, `key`."""
    if model.has_identity(entity):
        key = f"r.{quote(key_name(attribute) if attribute in carried(model, entity) else attribute)}"
        key = key if attribute in carried(model, entity) else f"cast({key} as varchar)"
        return (
            f"select c.id as id, {key} as key\nfrom {quote(entity + '__records')} as r\n"
            f"join {quote(entity + '__clusters')} as c on c.record = r.record"
        )
    (source,) = model.entity_sources(entity)
    fields = key_fields(model, entity, attribute, source)
    if all(model.field(source, field).exact for field in fields):
        return f"select id, cast({quote(attribute)} as varchar) as key\nfrom {quote(model.as_held(entity))}"
    rows = with_keys(model, source, fields, f"select * from ({newest(model, source)}) as turned where _turn = 1")
    return f"select substr(_key, {len(source) + 2}) as id, {attribute_key_sql(model, entity, attribute, source)} as key\nfrom {rows} as newest"


def _rows_of(model: Model, entity: str, source: str, field: str) -> str:
    """The ids of an entity by a field of one of its sources."""
    if model.has_identity(entity):
        return (
            f"select c.id as id, {key_sql(model, source, field, 's')} as key\nfrom {keyed_rows(model, source, [field])} as s\n"
            f"join {quote(entity + '__clusters')} as c on c.record = s._record"
        )
    return f"select substr(_record, {len(source) + 2}) as id, {key_sql(model, source, field, 's')} as key\nfrom {keyed_rows(model, source, [field])} as s"


def _through(model: Model, link: Relationship) -> tuple[str, str]:
    """Both sides of a bridge, keyed by its row: who stands in it as `from`, who as `to`."""
    return _in_bridge(model, link.from_, link.through), _in_bridge(model, link.to, link.through)


def _in_bridge(model: Model, entity: str, source: str) -> str:
    """The ids of an entity in the rows of a bridge, by the row's number: its own record, or its strongest identifier."""
    bridge = quote(table_of(source))
    if source in model.entity_sources(entity):
        if model.has_identity(entity):
            return (
                f"select c.id as id, cast(b._row as varchar) as key\nfrom {bridge} as b\n"
                f"join {quote(entity + '__clusters')} as c on c.record = b._record"
            )
        return f"select substr(_record, {len(source) + 2}) as id, cast(_row as varchar) as key\nfrom {bridge}"
    identifier, field = bridge_key(model, entity, source)
    return (
        f"select h.id as id, cast(b._row as varchar) as key\nfrom {keyed_rows(model, source, [field])} as b\n"
        f"join (\n{_held(model, entity, identifier)}\n) as h on h.key = {key_sql(model, source, field, 'b')}"
    )


def bridge_key(model: Model, entity: str, source: str) -> tuple[str, str]:
    """The identifier by which a bridge names an entity, and the bridge's field that holds it.

    One that is the key of a source of the entity comes first, then a strong one, then the order of the declaration.
    """
    part = model.sources
    places = model.identifier_places
    found = []
    for number, (name, own) in enumerate(model.identifiers_of(entity).items()):
        is_key = any(part.sources[ref.source].primary_key == (ref.field,) for ref in own) if part else False
        strong = part.identifiers[name].strength == "strong" if part else False
        found += [(not is_key, not strong, number, name, ref.field) for ref in places[name] if ref.source == source]
    *_, name, field = min(found)
    return name, field
