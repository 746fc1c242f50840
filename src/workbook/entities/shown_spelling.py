"""One spelling of each category, country and language: the declared one, the code, or the most
frequent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from workbook.engine import Function, Table, quote
from workbook.entities.attribute_sql import STEP
from workbook.model import CLASSES, Model
from workbook.model.equality import grouped_by, one_spelling, segmented
from workbook.model.names import shown_name
from workbook.model.table_names import table_of
from workbook.model.types.normalise import VERSION
from workbook.model.types.spelling import COLUMNS, spelled


def spelling_tables(model: Model, entity: str) -> list[Table]:
    """`<entity>__<attribute>__shown` of every attribute that tables hold in one spelling, or
    that numbers are split by or compared in.
    """
    once = [
        _shown_table(model, entity, name)
        for name in model.attributes(entity)
        if one_spelling(model, entity, name)
    ]
    return [
        *once,
        *(
            _segments_table(model, entity, name)
            for owner, name in segmented(model)
            if owner == entity
        ),
    ]


def _segments_table(model: Model, entity: str, attribute: str) -> Table:
    """Of the surviving values, and of those that were kept of the past: a mailbox, a domain, a
    name is one segment in any spelling.
    """
    kept = f"{entity}.{attribute}" in model.history.history
    places = [
        [entity, model.column_of(entity, attribute)],
        *([[f"{entity}__{attribute}__history", "value"]] if kept else []),
    ]
    params = {
        "places": places,
        "method": grouped_by(model, entity, attribute),
        "declared": [],
    }
    only = {table: (column,) for table, column in places}
    told = tuple(f"{table}.{column}" for table, column in places)
    cls = model.class_of(f"{entity}.{attribute}")
    function = Function(
        "spelled_segments",
        VERSION,
        _spelled,
        tuple(only),
        params,
        columns=dict.fromkeys(COLUMNS, told),
        only=only,
    )
    row_is = (
        f"one spelling of {attribute} of {entity}, its key, and the spelling that stands for the"
        " segment"
    )
    return Table(
        shown_name(entity, attribute),
        row_is,
        STEP,
        "evidence",
        ("value",),
        function=function,
        classes=dict.fromkeys(("value", "key", "shown"), cls),
    )


def _shown_table(model: Model, entity: str, attribute: str) -> Table:
    refs = model.attributes(entity)[attribute]
    fields = [model.field(ref.source, ref.field) for ref in refs]
    places = [[table_of(ref.source), ref.field] for ref in refs]
    declared = list(dict.fromkeys(value for field in fields for value in field.values))
    params = {
        "places": places,
        "method": model.normaliser_of(entity, attribute),
        "declared": declared,
    }
    told = tuple(f"{table}.{field}" for table, field in places)
    only: dict[str, tuple[str, ...]] = {}
    for table, field in places:
        only[table] = (*only.get(table, ()), field)
    columns = dict.fromkeys(COLUMNS, told)
    cls = max((field.cls for field in fields), key=CLASSES.index)
    return Table(
        name=shown_name(entity, attribute),
        row_is=(
            f"one spelling of {attribute} of {entity}, its rows, and the spelling that tables hold"
            " instead"
        ),
        step=STEP,
        pattern="evidence",
        keys=("value",),
        function=Function(
            "one_spelling",
            VERSION,
            _spelled,
            tuple(dict.fromkeys(only)),
            params,
            columns=columns,
            only=only,
        ),
        classes=dict.fromkeys(("value", "key", "shown"), cls),
    )


def _spelled(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    parts = [
        inputs[table][field].cast(pl.String).alias("value") for table, field in params["places"]
    ]
    counted = (
        pl.concat(parts)
        .drop_nulls()
        .to_frame()
        .group_by("value")
        .agg(pl.len().cast(pl.Int64).alias("rows"))
    )
    return spelled(counted.sort("value"), params["method"], params["declared"])


def shown_join(entity: str, attribute: str, value: str) -> tuple[str, str]:
    """A value in the spelling that tables hold, and the join that finds it."""
    alias = quote(f"shown {attribute}")
    return (
        f"coalesce({alias}.shown, {value})",
        f"left join {quote(shown_name(entity, attribute))} as {alias} on {alias}.value = {value}",
    )
