"""The golden record: one row per customer, each attribute as it survived."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.model import Model
from workbook.survivorship.normal_forms import STEP, counts_forms, forms_table
from workbook.survivorship.winner import choice_name, choice_table


def tables(model: Model) -> list[Table]:
    """Every choice, the forms that it counts, and the canonical table of every entity whose
    records were resolved.
    """
    results: list[Table] = []
    for entity in model.entity_names:
        if model.has_identity(entity):
            names = attributes(model, entity)
            results += [
                forms_table(model, entity, name)
                for name in names
                if counts_forms(model, entity, name)
            ]
            results += [choice_table(model, entity, name) for name in names]
            results.append(ids_table(entity))
            results.append(golden_table(model, entity))
    return results


def attributes(model: Model, entity: str) -> tuple[str, ...]:
    """The attributes that have a place to come from."""
    return tuple(name for name, refs in model.attributes(entity).items() if refs)


def ids_table(entity: str) -> Table:
    """`<entity>__ids`: one row per customer that the clusters name.

    It stays as it is where only a rule changes.
    """
    sql = f"select distinct id from {quote(entity + '__clusters')}"
    return Table(
        f"{entity}__ids",
        f"one id of {entity}, whether or not any attribute has a value",
        STEP,
        keys=("id",),
        sql=sql,
    )


def golden_table(model: Model, entity: str) -> Table:
    """`<entity>`: one row per id, whether or not any attribute has a value."""
    names = attributes(model, entity)
    columns = [
        "ids.id as id",
        *(
            f"c{number}.value as {quote(model.column_of(entity, name))}"
            for number, name in enumerate(names)
        ),
    ]
    joins = "\n".join(
        f"left join {quote(choice_name(entity, name))} as c{number} on c{number}.id = ids.id"
        for number, name in enumerate(names)
    )
    sql = (
        f"select\n  {(',' + chr(10) + '  ').join(columns)}\nfrom {quote(entity + '__ids')} as"
        f" ids\n{joins}"
    )
    row_is = model.entities.entities[entity].row_is
    classes = {model.column_of(entity, name): model.class_of(f"{entity}.{name}") for name in names}
    return Table(
        entity, row_is or f"one {entity}", STEP, "canonical", ("id",), sql, classes=classes
    )
