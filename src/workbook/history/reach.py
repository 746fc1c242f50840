"""Which id of an entity each row of a source is about, by the decisions that the model already holds."""

from __future__ import annotations

from sqlglot import exp

from workbook.engine import quote
from workbook.errors import WorkbookError
from workbook.history.moments import as_of
from workbook.model import Model, scalar_expression

TO_ONE = ("many to one", "one to one")


class OutOfReachError(WorkbookError):
    """Why rows of a source cannot be laid at the door of an entity."""


def table_of(source: str) -> str:
    """The table of a source's accepted rows."""
    return source.replace(".", "__")


def reached_sql(model: Model, entity: str, source: str) -> str:
    """One row per row of the source: `_row`, the `id` that it is about, and how many `ids` it reaches (1 where all is well).

    The source's own records come first, then a to-one relationship from the entity that its rows are, then the
    strongest identifier that both hold. A row that reaches several ids belongs to none of them.

    Raises:
        OutOfReachError: nothing leads from the source to the entity.
    """
    ways = (_own(model, entity, source), _related(model, entity, source), _named(model, entity, source))
    found = next((way for way in ways if way), "")
    if not found:
        raise OutOfReachError(f"no record, relationship or identifier leads from {source} to {entity}")
    return f"select _row, min(id) as id, count(distinct id) as ids\nfrom (\n{found}\n) as reached\ngroup by _row"


def _own(model: Model, entity: str, source: str) -> str:
    if source not in model.entity_sources(entity):
        return ""
    if model.has_identity(entity):
        clusters = quote(f"{entity}__clusters")
        return f"select s._row as _row, c.id as id\nfrom {quote(table_of(source))} as s\njoin {clusters} as c on c.record = s._record"
    return f"select _row, substr(_record, {len(source) + 2}) as id\nfrom {quote(table_of(source))}"


def _related(model: Model, entity: str, source: str) -> str:
    """Through the entity that has this source alone, and the one relationship that leads from it to at most one."""
    links = model.entities.relationships if model.entities else {}
    found = [
        name
        for name, link in links.items()
        if link.to == entity and link.cardinality in TO_ONE and model.entity_sources(link.from_) == (source,) and not model.has_identity(link.from_)
    ]
    if len(found) != 1:
        return ""
    record = f"substr(s._record, {len(source) + 2})"
    return f"select s._row as _row, r.to_id as id\nfrom {quote(table_of(source))} as s\njoin {quote(found[0])} as r on r.from_id = {record}\nwhere r.to_id is not null"


def is_about(model: Model, entity: str, source: str) -> bool:
    """Whether rows of a source tell of an entity: a relationship says so, or they bear a key of it."""
    part = model.sources
    if source in model.entity_sources(entity) or _related(model, entity, source):
        return True
    for name, own in model.identifiers_of(entity).items():
        homes = [ref for ref in own if part and part.sources[ref.source].primary_key == (ref.field,)]
        if homes and any(ref.source == source for ref in model.identifier_places[name]):
            return True
    return False


def _named(model: Model, entity: str, source: str) -> str:
    """By an identifier: a record for which it is the key outranks one that only mentions it."""
    part = model.sources
    ranked = []
    for number, (name, own) in enumerate(model.identifiers_of(entity).items()):
        homes = [ref for ref in own if part and part.sources[ref.source].primary_key == (ref.field,)]
        weak = bool(part and part.identifiers[name].strength != "strong")
        ranked += [(not homes, weak, number, name, ref.field) for ref in model.identifier_places[name] if ref.source == source]
    if not ranked:
        return ""
    *_, name, field = min(ranked)
    holders = "\nunion all\n".join(_holders(model, entity, name))
    return (
        f"select _row, id from (\nselect s._row as _row, h.id as id, h.turn as turn, min(h.turn) over (partition by s._row) as best\n"
        f"from {quote(table_of(source))} as s\njoin (\n{holders}\n) as h on h.key = {_key(field, 's')}\n) as ranked\nwhere turn = best"
    )


def _holders(model: Model, entity: str, name: str) -> list[str]:
    part, found = model.sources, []
    for ref in model.identifiers_of(entity)[name]:
        home = bool(part and part.sources[ref.source].primary_key == (ref.field,))
        record = "c.id" if model.has_identity(entity) else f"substr(s._record, {len(ref.source) + 2})"
        join = f"\njoin {quote(f'{entity}__clusters')} as c on c.record = s._record" if model.has_identity(entity) else ""
        key = _key(ref.field, "s")
        found.append(f"select {record} as id, {key} as key, {0 if home else 1} as turn\nfrom {quote(table_of(ref.source))} as s{join}\nwhere {key} is not null")
    return found


def _key(field: str, alias: str) -> str:
    return f"lower(trim(cast({alias}.{quote(field)} as varchar)))"


def condition_sql(model: Model, text: str) -> str:
    """A condition over a source's fields with its names quoted; `as_of` is the project's day."""
    tree, _ = scalar_expression(text)

    def named(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Column):
            return node
        if node.name == "as_of":
            return exp.cast(exp.Literal.string(str(as_of(model))), "date")
        return exp.column(exp.to_identifier(node.name, quoted=True))

    return tree.transform(named).sql(dialect="duckdb")
