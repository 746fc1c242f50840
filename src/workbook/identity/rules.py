"""Records and their keys become the links that each rule proposes, as stars, so that links grow with records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from workbook.identity.normalise import VERSION as NORMALISE_VERSION

REVIEW = "review"  # the name of the rule whose links people made
LINK = {
    "left_record": pl.String,
    "right_record": pl.String,
    "rule": pl.String,
    "rank": pl.Int64,
    "version": pl.String,
    "by": pl.String,
    "evidence": pl.String,
}


def attribute_of(match: Sequence[str]) -> str:
    """What a rule matches on, as one word for tables: `email + last_name`."""
    return " + ".join(match)


def rule_version(rule: Mapping[str, Any]) -> str:
    """A short digest that changes when the rule, or how its values are normalised, changes."""
    said = json.dumps([rule["name"], list(rule["match"]), NORMALISE_VERSION])
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def wide(keys: pl.DataFrame, attributes: Sequence[str]) -> pl.DataFrame:
    """One row per record that has all the attributes: record, then one column per attribute."""
    frames = [
        keys.filter(pl.col("attribute") == attribute).select("record", pl.col("value").alias(attribute))
        for attribute in attributes
    ]
    joined = frames[0]
    for frame in frames[1:]:
        joined = joined.join(frame, on="record")
    return joined


def value_groups(keys: pl.DataFrame, match: Sequence[str]) -> pl.DataFrame:
    """One row per value that two or more records share: the match columns, hub (lowest record), records."""
    return (
        wide(keys, match)
        .group_by(list(match))
        .agg(pl.col("record").min().alias("hub"), pl.len().cast(pl.Int64).alias("records"))
        .filter(pl.col("records") > 1)
    )


def proposed_links(keys: pl.DataFrame, rules: Sequence[Mapping[str, Any]], guarded: pl.DataFrame) -> pl.DataFrame:
    """One row per link that a rule proposes and the guard lets pass, in the order of rules.

    Each value makes a star: its lowest record against each other one. `rank` is the place of the rule, from 1.
    `evidence` names attributes and counts, never a value.
    """
    parts = [pl.DataFrame(schema=LINK)]
    for rank, rule in enumerate(rules, start=1):
        match = list(rule["match"])
        refused = guarded.filter(pl.col("rule") == rule["name"]).select("hub")
        groups = value_groups(keys, match).join(refused, on="hub", how="anti")
        links = wide(keys, match).join(groups, on=match).filter(pl.col("record") != pl.col("hub"))
        equal = f"{' and '.join(match)} equal, on "
        parts.append(
            links.select(
                pl.col("hub").alias("left_record"),
                pl.col("record").alias("right_record"),
                pl.lit(rule["name"]).alias("rule"),
                pl.lit(rank, dtype=pl.Int64).alias("rank"),
                pl.lit(rule_version(rule)).alias("version"),
                pl.lit("rule").alias("by"),
                pl.concat_str([pl.lit(equal), pl.col("records").cast(pl.String), pl.lit(" records")]).alias("evidence"),
            )
        )
    return pl.concat(parts).sort("rank", "left_record", "right_record")
