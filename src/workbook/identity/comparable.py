"""The values of records as identity compares them: of each attribute its key, why it is not compared, who else bears it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from workbook.model.types.normalise import compared, normalise, says_nothing

LAYOUT = 2  # of the table of comparable values: raise it when its columns change


def key_of(attribute: str) -> str:
    """The column of an attribute's comparable keys."""
    return f"{attribute} key"


def why_of(attribute: str) -> str:
    """The column that says why a key is not compared; null where it is."""
    return f"{attribute} why"


def borne_of(attribute: str) -> str:
    """The column that says whether another record bears the same key."""
    return f"{attribute} borne"


def compared_keys(values: pl.DataFrame, attribute: str) -> pl.Series:
    """The keys of an attribute that are compared, in the order of the values; null for all others."""
    return values.select(pl.when(pl.col(why_of(attribute)).is_null()).then(key_of(attribute)).alias(attribute)).to_series()


def comparable_values(records: pl.DataFrame, methods: Mapping[str, str], ignore: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """One row per record, in the order given: record, and of each attribute its key, why it is not compared, and whether another record bears it too.

    `methods` names how values of each attribute are compared; where the records bring their keys, those are taken as
    they are. `ignore` are the values that the team lets link nobody, as they are typed. Without a value there is no
    key; without a reason the key is compared.
    """
    columns = [records["record"]]
    for attribute, method in methods.items():
        ignored = normalise(pl.Series("ignored", list(ignore.get(attribute, ())), dtype=pl.String), method)
        by_team = pl.col("key").is_in(ignored.drop_nulls().to_list())
        reason = pl.when(by_team).then(pl.lit("ignored by decision")).when("nothing").then(pl.lit("placeholder"))
        several = pl.col("key").is_duplicated() & pl.col("key").is_not_null()
        found = keys_of(records, attribute, method)
        columns += found.select(pl.col("key").alias(key_of(attribute)), reason.alias(why_of(attribute)), several.alias(borne_of(attribute))).get_columns()
    return pl.DataFrame(columns)


def keys_of(records: pl.DataFrame, attribute: str, method: str) -> pl.DataFrame:
    """`key` and `nothing` of an attribute, in the order of the records: the keys that they bring, or made from their values."""
    if key_of(attribute) not in records.columns:
        return compared(records[attribute], method).select("key", "nothing")
    keys = records[key_of(attribute)].alias("key")
    distinct = keys.unique().drop_nulls()
    known = pl.DataFrame({"key": distinct, "nothing": says_nothing(distinct, method.partition(":")[0])})
    return keys.to_frame().join(known, on="key", how="left", maintain_order="left")
