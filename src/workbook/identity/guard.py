"""The guard: a value that too many records share, or too different ones, links nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

VERSION = 3
GUARDED = {
    "rule": pl.String,
    "attribute": pl.String,
    "value": pl.String,
    "hub": pl.String,
    "records": pl.Int64,
    "links_not_made": pl.Int64,
    "reason": pl.String,
}


def alike(left: str, right: str) -> bool:
    """Whether two normalised values are spellings of one, or one is the other cut short.

    One letter may differ, be left out or change places, in long words two; words may be left out; an initial stands
    for its name. Two slips in a short word would make one of Carter and Parker.

    >>> alike("scott", "scoto"), alike("j", "jones"), alike("garcia", "garcia lopez"), alike("li", "lu"), alike("carter", "parker")
    (True, True, True, False, False)
    """
    from rapidfuzz.distance import OSA

    short, long = sorted((left, right), key=len)
    if len(short) == 1:
        return long.startswith(short)
    if set(short.split()) <= set(long.split()):
        return True
    allowed = 0 if len(long) < 3 else 1 if len(long) < 8 else 2
    return OSA.distance(short, long, score_cutoff=allowed) <= allowed


def distinct_by_similarity(values: Sequence[str]) -> int:
    """How many groups the values form when every pair that is alike stands in one group (single link).

    >>> distinct_by_similarity(["scott", "scoto", "adams", "adam"])
    2
    """
    groups: list[list[str]] = []
    for value in sorted(set(values)):
        touched = [group for group in groups if any(alike(value, member) for member in group)]
        groups = [group for group in groups if group not in touched] + [[value, *(m for group in touched for m in group)]]
    return len(groups)


def guarded(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per rule and shared value that links nobody.

    First reason first: the value says nothing or the team ignores it; more than `records_per_value` records bear it;
    the records behind it name more different values of another attribute than `distinct_per_value` allows, where
    spellings of one value count once. `hub` is the lowest record that bears the value.
    """
    shared, keys = inputs[params["shared"]], inputs[params["keys"]]
    limit = int(params["records_per_value"])
    told = pl.coalesce("reason", pl.when(pl.col("records") > limit).then(pl.lit(f"on more than {limit:,} records")))  # one for all records of a value
    varied = _too_varied(shared.lazy().filter(told.is_null()).select("rule", "hub", "record"), keys.lazy(), params)
    return (
        shared.lazy().filter(pl.col("record") == pl.col("hub"))
        .join(varied.lazy(), on=["rule", "hub"], how="left")
        .with_columns(reason=pl.coalesce(told, "varied"), links_not_made=pl.col("records") - 1)
        .drop_nulls("reason")
        .select(*GUARDED)
        .sort("rule", "hub")
        .collect()
    )  # fmt: skip


def _too_varied(shared: pl.LazyFrame, keys: pl.LazyFrame, params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per rule and value whose records differ too much: rule, hub, varied (the reason)."""
    found: dict[tuple[str, str], str] = {}
    for attribute, limit in params["distinct_per_value"].items():
        rules = [rule for rule, match in params["rules"].items() if attribute not in match]
        other = keys.filter(pl.col("attribute") == attribute).select("record", pl.col("value").alias("other"))
        at_hub = other.rename({"record": "hub", "other": "of_hub"})
        borne = shared.filter(pl.col("rule").is_in(rules)).join(other, on="record")
        several = borne.join(at_hub, on="hub", how="left").filter(pl.col("other").ne_missing(pl.col("of_hub")) | pl.lit(limit < 1)).select("rule", "hub").unique()
        suspects = (
            borne.join(several, on=["rule", "hub"], how="semi").group_by("rule", "hub").agg(pl.col("other").unique())
            .filter(pl.col("other").list.len() > limit).collect()
        )  # fmt: skip
        for rule, hub, values in suspects.iter_rows():
            if distinct_by_similarity(values) > limit:
                found.setdefault((rule, hub), f"more than {limit:,} different {attribute.replace('_', ' ')}")
    rows = [(rule, hub, reason) for (rule, hub), reason in found.items()]
    return pl.DataFrame(rows, schema={"rule": pl.String, "hub": pl.String, "varied": pl.String}, orient="row")
