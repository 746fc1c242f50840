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
    roots = known.roots(ends["left"], ends["right"])
    groups = pl.DataFrame({"record": known.keys, "first": known.keys.gather(roots)})
    strongest = (
        pl.concat([ends.select("rank", "rule", number="left"), ends.select("rank", "rule", number="right")])
        .sort("number", "rank", "rule").unique("number", keep="first", maintain_order=True).select("number", "rule")
    )  # fmt: skip
    return (
        groups.with_row_index("number")
        .join(strongest, on="number", how="left")
        .join(ids_of(params["entity"], groups, registry), on="first")
        .with_columns(pl.len().over("id").cast(pl.Int64).alias("records"))
        .select("record", "id", "rule", "records")
    )


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
