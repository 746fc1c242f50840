"""All values of a customer together: the rule `union`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from workbook.engine import Function
from workbook.engine.comparison_keys import key_name
from workbook.model import Model, Placeholders, erased_name, means_nothing
from workbook.model.types import grouping_of
from workbook.model.types.normalise import VERSION, normalise
from workbook.survivorship.normal_forms import ERASED, forgets, is_cased, keys_of_records

COLUMNS = ("id", "value", "source", "record", "recorded", "rule", "candidates", "contested")


def union_of(model: Model, entity: str, attribute: str) -> Function:
    """The choice by `union`: of each customer every value once, in its most frequent spelling;
    the source is that of the first record.
    """
    reads = (f"{entity}__records", f"{entity}__clusters")
    column = model.column_of(entity, attribute)
    params: dict[str, Any] = {
        "attribute": column,
        "entity": entity,
        "cased": is_cased(model, entity, attribute),
        "forms": VERSION,
    }
    name, colon, region = model.normaliser_of(entity, attribute).partition(":")
    params["method"] = grouping_of(name) + colon + region
    if keys_of_records(model, entity, attribute):
        params["key"] = key_name(column)
    if model.sql_type_of(entity, attribute) == "VARCHAR":
        words = model.placeholders(entity, attribute)
        params["words"] = [words.type, list(words.add), list(words.keep)]
    if forgets(model, entity, attribute):
        reads, params = (*reads, erased_name(entity)), {**params, "erased": erased_name(entity)}
    columns = {
        item: (f"{entity}__records.{column}",) if item == "value" else () for item in COLUMNS
    }
    return Function("union_of_values", 5, _union, reads, params, columns=columns)


def _union(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    joined = _stated(inputs, params)
    said = (
        pl.col("value") if params["cased"] else pl.col("value").str.strip_chars().str.to_lowercase()
    )
    forgotten = (
        pl.col("id").is_in(inputs[params["erased"]]["id"].to_list())
        if "erased" in params
        else pl.lit(value=False)
    )
    spelled = (
        joined.group_by("id", "form", "value")
        .agg(times=pl.len())
        .sort(["id", "form", "times", "value"], descending=[False, False, True, False])
        .unique(["id", "form"], keep="first", maintain_order=True)
        .group_by("id")
        .agg(pl.col("value").unique().sort().str.join(", "))
    )
    first = (
        joined.sort("_record")
        .group_by("id", maintain_order=True)
        .agg(
            pl.col("_source").first().alias("source"),
            pl.col("_record").first().alias("record"),
            pl.col("_recorded").max().alias("recorded"),
            pl.lit("union").alias("rule"),
            pl.len().cast(pl.Int64).alias("candidates"),
            (said.n_unique() > 1).alias("contested"),
        )
    )
    rule = pl.when(forgotten).then(pl.lit(ERASED)).otherwise("rule")
    return (
        first.join(spelled, on="id")
        .with_columns(value=pl.when(~forgotten).then("value"), rule=rule)
        .select(COLUMNS)
        .sort("id")
    )


def _stated(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """The records that state a value that means something: their customer, the value as text,
    the form in which it is compared.
    """
    entity, attribute = params["entity"], params["attribute"]
    records = inputs[f"{entity}__records"]
    if "words" in params:
        kind, add, keep = params["words"]
        words = Placeholders(kind, tuple(add), tuple(keep))
        records = records.filter(
            ~pl.col(attribute).is_in(
                [
                    value
                    for value in records[attribute].unique().drop_nulls()
                    if means_nothing(value, words)
                ]
            )
        )
    value = records[attribute].cast(pl.String).alias("value")
    form = records[params["key"]] if "key" in params else normalise(value, params["method"])
    told = records.select("_record", "_source", "_recorded").with_columns(
        value, form=pl.coalesce(form.cast(pl.String), value)
    )
    return told.drop_nulls("value").join(
        inputs[f"{entity}__clusters"].select("record", "id"), left_on="_record", right_on="record"
    )
