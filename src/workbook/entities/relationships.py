"""Relationships: which row of one entity reaches which rows of another, measured and never
trusted.
"""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.comparison_keys import key_name, key_sql
from workbook.engine.list_value_rows import value_rows
from workbook.entities.attribute_sql import STEP, attribute_key_sql, key_fields
from workbook.entities.records import records_in
from workbook.errors import PlanError
from workbook.model import FieldRef, Model
from workbook.model.keyed_fields import carried
from workbook.model.links import strongest_identifier
from workbook.model.schema import Relationship
from workbook.model.table_names import table_of
from workbook.words import error_of


def relationship_table(model: Model, name: str) -> Table:
    """`<relationship>`: one row per from-row and the row that it reaches; `to_id` is NULL where
    it reaches none.
    """
    link = model.entities.relationships[name]
    sides = (
        _through(model, link) if link.through else (_from_side(model, link), _to_side(model, link))
    )
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
    attribute = link.as_ or link.by.split(".")[-1]
    return (
        f"select id, key\nfrom (\n{_held(model, link.to, attribute)}\n) as held\nwhere key is not"
        " null"
    )


def _held(model: Model, entity: str, attribute: str) -> str:
    """Every value of an attribute that any record of an entity holds, with the entity's id:
    `id`, `key`.
    """
    refs = model.attributes(entity).get(attribute, ())
    if any(model.field(ref.source, ref.field).split for ref in refs):
        return "\nunion all\n".join(
            _listed(model, entity, ref)
            for ref in refs
            if ref.source in model.entity_sources(entity)
        )
    if model.has_identity(entity):
        column = model.column_of(entity, attribute)
        value = (
            f"r.{quote(key_name(column))}"
            if attribute in carried(model, entity)
            else f"cast(r.{quote(column)} as varchar)"
        )
        return (
            f"select c.id as id, {value} as key\nfrom {quote(entity + '__records')} as r\n"
            f"join {quote(entity + '__clusters')} as c on c.record = r._record"
        )
    (source,) = model.entity_sources(entity)
    fields = key_fields(model, entity, attribute, source)
    if all(model.field(source, field).exact for field in fields):
        return (
            f"select id, cast({quote(model.column_of(entity, attribute))} as varchar) as key\nfrom"
            f" {quote(model.as_held(entity))}"
        )
    return (
        f"select substr(_key, {len(source) + 2}) as id,"
        f" {attribute_key_sql(model, entity, attribute, source)} as key\nfrom"
        f" {records_in(model, entity, source, fields)}"
    )


def _listed(model: Model, entity: str, ref: FieldRef) -> str:
    """The values of a field of which a record may hold several, with the id of the entity that
    the record belongs to.
    """
    records, key = (
        f"(select _row, _key from {records_in(model, entity, ref.source)}) as r",
        key_sql(model, ref.source, ref.field, "v"),
    )
    rows = (
        f"from {records}\nleft join {value_rows(model, ref.source, ref.field)} as v on v._row ="
        " r._row"
    )
    if model.has_identity(entity):
        clusters = f"join {quote(entity + '__clusters')} as c on c.record = r._key"
        return f"select c.id as id, {key} as key\n{rows}\n{clusters}"
    return f"select substr(r._key, {len(ref.source) + 2}) as id, {key} as key\n{rows}"


def _rows_of(model: Model, entity: str, source: str, field: str) -> str:
    """The ids of an entity by a field of one of its sources."""
    if model.field(source, field).split:
        return _listed(model, entity, FieldRef(source, field))
    if model.has_identity(entity):
        return (
            f"select c.id as id, {key_sql(model, source, field, 's')} as key\nfrom"
            f" {value_rows(model, source, field)} as s\njoin {quote(entity + '__clusters')} as c on"
            " c.record = s._record"
        )
    return (
        f"select substr(_record, {len(source) + 2}) as id, {key_sql(model, source, field, 's')} as"
        f" key\nfrom {value_rows(model, source, field)} as s{_records_only(model, entity, source)}"
    )


def _records_only(model: Model, entity: str, source: str) -> str:
    """Keeps rows of a source to those whose record is one of the entity, where the entity
    leaves some out.
    """
    if not model.where(entity, source):
        return ""
    return (
        f"\nwhere substr(_record, {len(source) + 2}) in (select id from"
        f" {quote(model.as_held(entity))})"
    )


def _through(model: Model, link: Relationship) -> tuple[str, str]:
    """Both sides of a bridge, keyed by its row: who stands in it as `from`, who as `to`."""
    return _in_bridge(model, link.from_, link.through), _in_bridge(model, link.to, link.through)


def _in_bridge(model: Model, entity: str, source: str) -> str:
    """The ids of an entity in the rows of a bridge, by the row's number: its own record, or its
    strongest identifier.
    """
    bridge = quote(table_of(source))
    if source in model.entity_sources(entity):
        if model.has_identity(entity):
            return (
                f"select c.id as id, cast(b._row as varchar) as key\nfrom {bridge} as b\n"
                f"join {quote(entity + '__clusters')} as c on c.record = b._record"
            )
        only = _records_only(model, entity, source)
        return (
            f"select substr(_record, {len(source) + 2}) as id, cast(_row as varchar) as key\nfrom"
            f" {bridge}{only}"
        )
    identifier, field = _bridge_key(model, entity, source)
    return (
        "select h.id as id, cast(b._row as varchar) as key\nfrom"
        f" {value_rows(model, source, field)} as b\njoin (\n{_held(model, entity, identifier)}\n)"
        f" as h on h.key = {key_sql(model, source, field, 'b')}"
    )


def _bridge_key(model: Model, entity: str, source: str) -> tuple[str, str]:
    """The strongest identifier by which a bridge names an entity, and the bridge's field that
    holds it.
    """
    found = strongest_identifier(model, entity, source)
    if not found:
        raise error_of(PlanError, "entities.no_identifier", source=source, entity=entity)
    return found
