"""Entities: the records that each is made from, the tables of those with one source, and the
relationships between them.
"""

from __future__ import annotations

from workbook.entities.building_blocks import BuildingBlock, blocks
from workbook.entities.plan import tables
from workbook.entities.relationship_stats import (
    Breach,
    CardinalityVerdict,
    Hierarchy,
    entity_sql,
    hierarchy,
    hierarchy_sql,
    left_out_sql,
    placeholders_sql,
    relationship_sql,
    verdict,
)
from workbook.entities.single_source_entities import permission_sources

__all__ = [
    "Breach",
    "BuildingBlock",
    "CardinalityVerdict",
    "Hierarchy",
    "blocks",
    "entity_sql",
    "hierarchy",
    "hierarchy_sql",
    "left_out_sql",
    "permission_sources",
    "placeholders_sql",
    "relationship_sql",
    "tables",
    "verdict",
]
