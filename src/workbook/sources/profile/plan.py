"""All tables of the sources: what landing makes of each, the values of identifiers, the trace."""

from __future__ import annotations

from workbook.engine import Table
from workbook.model import Model
from workbook.sources.profile.identifiers import values_table
from workbook.sources.profile.landing_counts import landed
from workbook.sources.profile.newest_fact import newest_tables
from workbook.sources.profile.trace import trace_tables


def tables(model: Model) -> list[Table]:
    """The tables of 03_sources; none while it is open."""
    if model.is_open("sources"):
        return []
    return [*landed(model), *newest_tables(model), *values_table(model), *trace_tables(model)]
