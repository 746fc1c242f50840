"""All tables of the entities: what each is made from, and how they reach each other."""

from __future__ import annotations

from workbook.engine import Table
from workbook.engine.comparison_keys import keys_tables
from workbook.entities.list_attributes import listed_tables
from workbook.entities.merge_tables import merge_tables
from workbook.entities.records import left_out_table, records_table
from workbook.entities.relationships import relationship_table
from workbook.entities.shown_spelling import spelling_tables
from workbook.entities.single_source_entities import single_tables
from workbook.model import Model


def tables(model: Model) -> list[Table]:
    """Keys of the sources' values, records of what must be resolved, canonical rows of what
    need not be, and every relationship.
    """
    made: list[Table] = keys_tables(model)
    for entity in model.entity_names:
        made += spelling_tables(model, entity)
        if model.has_identity(entity):
            made += [records_table(model, entity), *listed_tables(model, entity)]
        else:
            made += single_tables(model, entity)
        made += merge_tables(model, entity)
        left_out = left_out_table(model, entity)
        made += [left_out] if left_out else []
    part = model.entities
    known = set(model.entity_names)
    for name, link in part.relationships.items():
        if {link.from_, link.to} <= known:
            made.append(relationship_table(model, name))
    return made
