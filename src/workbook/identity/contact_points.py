"""Mailboxes and telephones that many share, inside a rule that matches on several attributes.

A rule on mailbox and name links the two Anns of one office: each combination stands on few
records, its mailbox on many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from workbook.identity.compared_values import compared_keys
from workbook.identity.event_sources import few_beside_events
from workbook.identity.list_comparison import VALUE
from workbook.identity.match_rules import SEPARATOR
from workbook.model.schema import MatchRule

TYPES = ("email", "phone")  # what reaches one person, or one desk


def contacts_of(rules: Iterable[MatchRule], types: Mapping[str, str]) -> tuple[str, ...]:
    """The mailboxes and telephones that rules match on beside something else."""
    several = [name for rule in rules if len(rule.match) > 1 for name in rule.match]
    return tuple(dict.fromkeys(name for name in several if types.get(name) in TYPES))


def crowded(hubs: pl.DataFrame, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.Series:
    """Of each hub the attribute whose value too many records hold by itself; null elsewhere."""
    found = pl.Series("crowded", [None] * hubs.height, dtype=pl.String)
    exempt = set(params.get("unlimited", ()))
    for place, name in enumerate(params["contacts"], start=1):
        over = _over(place, name, inputs, params)
        for rank, (_, match) in enumerate(params["rules"], start=1):
            if name in match and len(match) > 1 and rank not in exempt:
                mine = (hubs["rank"] == rank) & _keys(hubs, name, match, inputs, params).is_in(
                    over.implode()
                )
                found = pl.select(
                    pl.when(mine.fill_null(value=False)).then(pl.lit(name)).otherwise(found)
                ).to_series()
    return found


def _held(name: str, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per record and value of a contact: number, key."""
    if name in params.get("lists", {}):
        return inputs[params["lists"][name]].filter(pl.col("why").is_null()).select("number", "key")
    keys = compared_keys(inputs[params["values"]], name).rename("key")
    return keys.to_frame().with_row_index("number", 1).cast({"number": pl.Int64}).drop_nulls()


def _over(place: int, name: str, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.Series:
    """The values of a contact on more records than the limit; events of one count once."""
    held = _held(name, inputs, params).with_columns(records=pl.len().over("key"))
    borne = held.filter(pl.col("records") > int(params["records_per_value"]))
    if params.get("events") and borne.height:
        rules = [[parameter, [parameter]] for parameter in params["contacts"]]
        shared = borne.with_columns(
            rank=pl.lit(place, pl.Int64), hub=pl.col("key").rank("dense").cast(pl.Int64)
        )
        few = few_beside_events(shared, pl.lit(value=True), inputs, {**params, "rules": rules})
        borne = shared.join(few, on=["rank", "hub"], how="anti")
    return borne["key"].unique()


def _keys(
    hubs: pl.DataFrame,
    name: str,
    match: list[str],
    inputs: Mapping[str, Any],
    params: Mapping[str, Any],
) -> pl.Series:
    """The value of a contact in each hub's combination; of a list, the part of the combination."""
    if VALUE in hubs.columns and name in params.get("lists", {}):
        parts = hubs["value"].str.split(SEPARATOR)
        parts = pl.select(pl.when(parts.list.len() == len(match)).then(parts)).to_series()
        return parts.list.get(match.index(name), null_on_oob=True)
    return compared_keys(inputs[params["values"]], name).gather(hubs["hub"] - 1)
