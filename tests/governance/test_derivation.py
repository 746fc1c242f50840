"""What the decisions say a field is derived from, beside what the engine reads in the SQL that
they are compiled to.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.engine import column_lineage
from workbook.model import Model, load_model
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import VALUE
from workbook.model.view_reads import readings, uses_of
from workbook.book import planned

ROOT = Path(__file__).parents[2]


def is_key(model: Model, name: str) -> bool:
    """Whether a column tells records apart and so becomes part of our own ids, which say
    nothing of anybody; `*` are rows that are counted.
    """
    source, _, field = name.rpartition(".")
    return (
        source not in model.source_names
        or field == "*"
        or field.startswith("_")
        or field in model.sources.sources[source].primary_key
    )  # type: ignore[union-attr]


@pytest.mark.long
def test_every_value_that_the_sql_takes_is_in_the_derivation() -> None:
    model = load_model(ROOT, as_of="2025-06-30")
    plan, derivation, compared = planned(model), derivation_of(model), 0
    for kind, name, use in uses_of(model):
        lineage = column_lineage(plan, f"{kind[:-1]}__{name}")
        for reading in readings(model, kind, name, use):
            if "fields" not in reading.place:
                continue
            taken = {
                f"{origin.source_table.removeprefix('raw__').replace('__', '.')}.{origin.source_column}"
                for origin in lineage
                if origin.column == reading.text and origin.how == "direct"
            }
            things = [read.thing for read in reading.reads if read.how == VALUE]
            derived = {
                ".".join(way[-1].name.split(".")[:3])
                for way in derivation.under(things, values=True)
                if way[-1].kind == "field"
            }
            assert {each for each in taken - derived if not is_key(model, each)} == set(), (
                reading.text
            )
            compared += len(taken)
    assert compared > 50
