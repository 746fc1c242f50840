"""Attributes of which a record holds several values: each as it is compared, and their first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from workbook.identity.compared_values import (
    borne_of,
    comparable_values,
    key_of,
    keys_of,
    reason,
    why_of,
)

VERSION = 1  # of the table of list keys: raise it when its columns change
VALUE = "value_number"  # which value of the lowest record is meant: with lists it shares several


def list_keys_name(entity: str, attribute: str) -> str:
    """The table of the compared values of an attribute of which a record may hold several."""
    return f"{entity}__{attribute}__list_keys"


def place_in(shared: pl.DataFrame) -> list[str]:
    """The columns that name a shared value: its rule, its lowest record, with lists which of
    that record's values it is.
    """
    return ["rank", "hub", *([VALUE] if VALUE in shared.columns else [])]


def list_keys(
    listed: pl.DataFrame,
    records: pl.Series,
    method: str,
    ignore: Sequence[str] = (),
    add: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> pl.DataFrame:
    """One row per record and different key in its list: number, key, why it is not compared (why),
    whether another record bears it too (borne).

    `records` are the names of all records in the order of their numbers. Of several spellings
    of one key it is compared where one of them is. `add` are words that mean nothing, `keep`
    those that are meant.
    """
    numbered = (
        pl.DataFrame({"_record": records}).with_row_index("number", 1).cast({"number": pl.Int64})
    )
    rows = listed.join(numbered, on="_record").rename({"key": key_of("value")}, strict=False)
    found = keys_of(rows, "value", method, add, keep).with_columns(rows["number"])
    found = found.with_columns(why=reason(method, ignore, keep)).drop_nulls("key")
    why = pl.when(pl.col("why").is_null().any()).then(None).otherwise(pl.col("why").min())
    each = found.group_by("number", "key").agg(why=why).sort("number", "key")
    return each.select("number", "key", "why", borne=pl.col("key").is_duplicated())


def first_of_each(keys: pl.DataFrame, attribute: str, size: int) -> pl.DataFrame:
    """One row per record: the first key of its list that is compared (else the first), why it is
    not compared, whether another record bears any of them.
    """
    first = (
        keys.sort(pl.col("why").is_not_null(), "key")
        .group_by("number")
        .agg(pl.col("key", "why").first(), pl.col("borne").any())
    )
    every = pl.DataFrame({"number": pl.int_range(1, size + 1, dtype=pl.Int64, eager=True)})
    found = every.join(first, on="number", how="left", maintain_order="left")
    return found.select(
        pl.col("key").alias(key_of(attribute)),
        pl.col("why").alias(why_of(attribute)),
        pl.col("borne").fill_null(value=False).alias(borne_of(attribute)),
    )


def made_values(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per record in the order of their names, numbered: what `comparable_values` gives."""
    records = inputs[params["records"]]
    keys = records["_record"]
    ordered = records if (keys.head(-1) < keys.tail(-1)).all() else records.sort("_record")
    lists = {
        name: first_of_each(inputs[table], name, ordered.height)
        for name, table in params.get("lists", {}).items()
    }
    words = params.get("words", {})
    result = comparable_values(ordered, params["methods"], params["ignore"], words, lists)
    return result.with_row_index("number", 1).cast({"number": pl.Int64})


def made_list_keys(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per record and different key in its list: what `list_keys` gives."""
    name, records = params["name"], inputs[params["records"]]["_record"].sort()
    add, keep = params.get("words", {}).get(name, ((), ()))
    ignore = params["ignore"].get(name, ())
    return list_keys(inputs[params["listed"]], records, params["method"], ignore, add, keep)
