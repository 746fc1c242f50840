"""The one spelling of what is kept of the past: that of the profile, or where it has none, the
most frequent one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from workbook.engine import Function, Table
from workbook.history.sql_time import STEP
from workbook.model import Model
from workbook.model.equality import grouped_by, one_spelling, spelled_once
from workbook.model.names import shown_name
from workbook.model.schema import Kept
from workbook.model.table_names import table_of
from workbook.model.types.normalise import VERSION
from workbook.model.types.spelling import COLUMNS, spelled


def kept_shown_name(entity: str, attribute: str) -> str:
    """The table of the spellings in which a past value was written."""
    return f"{entity}__{attribute}__kept_shown"


def is_spelled_once(model: Model, name: str) -> bool:
    """Whether a kept value has one spelling in all tables."""
    entity, _, attribute = name.partition(".")
    return spelled_once(model, entity, attribute)


def kept_shown_table(model: Model, name: str, kept: Kept) -> Table:
    """`<entity>__<attribute>__kept_shown`: one row per spelling in the source of the past, and
    the spelling that tables hold.
    """
    entity, _, attribute = name.partition(".")
    source, fields = (
        table_of(kept.from_),
        list(dict.fromkeys(field for field in (kept.value, kept.before) if field)),
    )
    profile = [shown_name(entity, attribute)] if one_spelling(model, entity, attribute) else []
    field = model.field(kept.from_, kept.value)
    params = {
        "source": source,
        "fields": fields,
        "profile": profile,
        "method": grouped_by(model, entity, attribute),
        "declared": list(field.values),
    }
    told = tuple(f"{source}.{field}" for field in fields)
    function = Function(
        "kept_spelling",
        VERSION,
        _kept,
        (source, *profile),
        params,
        columns=dict.fromkeys(COLUMNS, told),
        only={source: tuple(fields), **dict.fromkeys(profile, ("key", "shown"))},
    )
    row_is = (
        f"one spelling in which the past of {attribute} of {entity} is written, and the one that"
        " tables hold"
    )
    return Table(
        kept_shown_name(entity, attribute),
        row_is,
        STEP,
        "evidence",
        ("value",),
        function=function,
        classes=dict.fromkeys(("value", "key", "shown"), field.cls),
    )


def _kept(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    values = pl.concat(
        [
            inputs[params["source"]][field].cast(pl.String).alias("value")
            for field in params["fields"]
        ]
    )
    counted = (
        values.drop_nulls()
        .to_frame()
        .group_by("value")
        .agg(pl.len().cast(pl.Int64).alias("rows"))
        .sort("value")
    )
    frame = spelled(counted, params["method"], params["declared"])
    for name in params["profile"]:
        known = inputs[name].select("key", profile="shown").unique("key")
        frame = (
            frame.join(known, on="key", how="left", maintain_order="left")
            .with_columns(shown=pl.coalesce("profile", "shown"))
            .drop("profile")
        )
    return frame
