"""Links become customers: one row per record with its lasting id, and what each rule adds to the joining."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from workbook.identity.accepted import tiers
from workbook.identity.groups import Records
from workbook.identity.ids import ids_of
from workbook.identity.rules import DECISION

VERSION = 2
BY_RULE = {"rule": pl.String, "rank": pl.Int64, "links": pl.Int64, "joined": pl.Int64, "remaining": pl.Int64, "only": pl.Int64}


def clusters(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per record: its id, the strongest rule that linked it (null where it is alone), how many records share the id."""
    records, links, registry = (inputs[params[word]] for word in ("records", "links", "registry"))
    known = Records(records["record"])
    ends = known.encode(links.select("left_record", "right_record", "rule", "rank"))
    groups = pl.DataFrame({"record": known.keys, "root": known.roots(ends["left"], ends["right"])})
    groups = groups.with_columns(first=known.keys.gather(groups["root"]))
    sizes = groups.group_by("root").agg(pl.len().cast(pl.Int64).alias("records"))
    ids = ids_of(params["entity"], groups.select("record", "first"), registry)
    by_root = sizes.join(ids.select("id", root=known.numbers(ids["first"]).cast(sizes["root"].dtype)), on="root")
    return (
        groups.select("record", "root").with_row_index("number")
        .join(_strongest(ends), on="number", how="left")
        .join(by_root, on="root")
        .select("record", "id", "rule", "records")
    )  # fmt: skip


def _strongest(ends: pl.DataFrame) -> pl.DataFrame:
    """One row per linked record: number, rule (the first of its links in the order of rank and rule)."""
    rules = ends.select("rank", "rule").unique().sort("rank", "rule").with_row_index("place")
    placed = ends.select("left", "right", "rank", "rule").join(rules, on=["rank", "rule"])
    both = pl.concat([placed.select("place", number="left"), placed.select("place", number="right")])
    return both.group_by("number").agg(pl.col("place").min()).join(rules.select("place", "rule"), on="place").select("number", "rule")


def by_rule(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per rule, in order: its links, the groups that it joined beyond the rules before it, the groups left after
    it, and the joins that no other rule makes (`only`). What people accepted comes last: by pattern and by band where
    anything was, and pair by pair.
    """
    records, links = inputs[params["records"]], inputs[params["links"]]
    known = Records(records["record"])
    ends = known.encode(links.select("left_record", "right_record", "rank"))
    every = _groups(known, ends)
    before, rows = len(known), []
    for rank, rule in _ranked(params["rules"], ends["rank"].unique().to_list()):
        left = _groups(known, ends.filter(pl.col("rank") <= rank))
        without = _groups(known, ends.filter(pl.col("rank") != rank))
        rows.append((rule, rank, ends.filter(pl.col("rank") == rank).height, before - left, left, without - every))
        before = left
    return pl.DataFrame(rows, schema=BY_RULE, orient="row")


def _ranked(rules: Sequence[str], used: Collection[int]) -> list[tuple[int, str]]:
    """The rank and name of every rule, of the kinds of sign-off that made a link, and of single decisions."""
    people = [(rank, word) for word, rank in tiers(len(rules)).items() if word == DECISION or rank in used]
    return [*enumerate(rules, start=1), *people]


def _groups(known: Records, ends: pl.DataFrame) -> int:
    return len(known) if ends.is_empty() else known.count(ends["left"], ends["right"])
