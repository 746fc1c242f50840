"""Links become customers: one row per record with its lasting id, and what each rule adds to
the joining.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from workbook.identity.accepted_links import tiers
from workbook.identity.compared_values import compared_keys
from workbook.identity.connected_components import count, grouped
from workbook.identity.id_registry import ids_of
from workbook.identity.match_rules import DECISION, MERGED

VERSION = 3
BY_RULE = {
    "rule": pl.String,
    "rank": pl.Int64,
    "links": pl.Int64,
    "joined": pl.Int64,
    "remaining": pl.Int64,
    "only": pl.Int64,
}


def clusters(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per record: its id, the strongest rule that linked it (null where it is alone),
    how many records share the id.

    Where the entity counts only customers with a key, records without one have no row: see `keyed`.
    """
    values, links, registry = (inputs[params[word]] for word in ("values", "links", "registry"))
    if "keys" in params:
        values, links = keyed(values, links, params["keys"])
    records = values["record"]
    found = grouped(len(records), links["left_number"], links["right_number"])
    firsts = records.gather(found.firsts)
    groups = (
        pl.DataFrame({"record": records, "first": firsts.gather(found.labels)})
        if registry.height
        else pl.DataFrame(schema={"record": pl.String, "first": pl.String})
    )
    ids = ids_of(params["entity"], firsts, groups, registry)
    return pl.DataFrame(
        {
            "record": records,
            "id": ids.gather(found.labels),
            "rule": _strongest(len(records), links),
            "records": pl.Series(found.sizes(), dtype=pl.Int64),
        }
    )


def keyed(
    values: pl.DataFrame, links: pl.DataFrame, keys: Sequence[Sequence[str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records of those groups of which one record has a value by which a rule could match
    it, numbered anew, and their links.

    `keys` names for each rule the attributes that it matches on.
    """
    import numpy as np

    found = grouped(values.height, links["left_number"], links["right_number"])
    has = np.zeros(values.height, dtype=bool)
    for match in keys:
        has |= np.logical_and.reduce(
            [compared_keys(values, name).is_not_null().to_numpy() for name in match]
        )
    kept = np.zeros(len(found.firsts), dtype=bool)
    kept[found.labels[has]] = True
    stays = kept[found.labels]
    number = pl.Series(np.cumsum(stays), dtype=pl.Int64)
    here = links.filter(pl.Series(stays).gather(links["left_number"] - 1))
    return values.filter(pl.Series(stays)), here.with_columns(
        number.gather(here[end] - 1).alias(end) for end in ("left_number", "right_number")
    )


def _strongest(size: int, links: pl.DataFrame) -> pl.Series:
    """Of each record the first of its links' rules, in the order of rank and name; null where
    it has none.
    """
    import numpy as np

    rules = links.select("rank", "rule").unique().sort("rank", "rule").with_row_index("place")
    placed = links.select("left_number", "right_number", "rank", "rule").join(
        rules, on=["rank", "rule"]
    )
    strongest = np.full(size, rules.height, dtype=np.int64)
    for end in ("left_number", "right_number"):
        np.minimum.at(
            strongest, (placed[end] - 1).to_numpy(), placed["place"].to_numpy().astype(np.int64)
        )
    return pl.concat([rules["rule"], pl.Series([None], dtype=pl.String)]).gather(strongest)


def by_rule(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per rule, in order: its links, the groups that it joined beyond the rules before
    it, the groups left after it, and the joins that no other rule makes (`only`). What the
    source merged itself comes first, where it did. What people accepted comes last: by pattern
    and by band where anything was, and pair by pair.
    """
    values, ends = inputs[params["values"]], inputs[params["links"]]
    if "keys" in params:
        values, ends = keyed(values, ends, params["keys"])
    size = values.height
    every = _groups(size, ends)
    before, rows = size, []
    for rank, rule in _ranked(params["rules"], ends["rank"].unique().to_list()):
        left = _groups(size, ends.filter(pl.col("rank") <= rank))
        without = _groups(size, ends.filter(pl.col("rank") != rank))
        rows.append(
            (
                rule,
                rank,
                ends.filter(pl.col("rank") == rank).height,
                before - left,
                left,
                without - every,
            )
        )
        before = left
    return pl.DataFrame(rows, schema=BY_RULE, orient="row")


def _ranked(rules: Sequence[str], used: Collection[int]) -> list[tuple[int, str]]:
    """The rank and name of every rule, of the kinds of sign-off that made a link, and of single
    decisions.
    """
    people = [
        (rank, word) for word, rank in tiers(len(rules)).items() if word == DECISION or rank in used
    ]
    merged = [(0, MERGED)] if 0 in used else []
    return [*merged, *enumerate(rules, start=1), *people]


def _groups(size: int, ends: pl.DataFrame) -> int:
    return size if ends.is_empty() else count(size, ends["left_number"], ends["right_number"])
