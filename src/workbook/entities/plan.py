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
    result: list[Table] = keys_tables(model)
    for entity in model.entity_names:
        result += spelling_tables(model, entity)
        if model.has_identity(entity):
            result += [records_table(model, entity), *listed_tables(model, entity)]
        else:
            result += single_tables(model, entity)
        result += merge_tables(model, entity)
        left_out = left_out_table(model, entity)
        result += [left_out] if left_out else []
    section = model.entities
    known = set(model.entity_names)
    for name, link in section.relationships.items():
        if {link.from_, link.to} <= known:
            result.append(relationship_table(model, name))
    return result
