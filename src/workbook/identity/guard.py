"""The guard: a value that too many records share, or too different ones, links nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from workbook.identity.compared_values import compared_keys
from workbook.identity.contact_points import crowded
from workbook.identity.event_sources import few_beside_events
from workbook.identity.list_comparison import place_in
from workbook.identity.match_reasons import too_different, too_many
from workbook.identity.spelling_variants import alike, distinct_by_similarity
from workbook.model.schema import EntityIdentity, MatchRule

VERSION = 8
RECORDS_PER_VALUE, CLUSTER_SIZE = 20, 50  # where the team wrote no limit
# types whose value names one thing, on however many records it stands
IDS = ("device_id", "id", "salesforce_id", "tax_id")
GUARDED = {
    "rank": pl.Int64,
    "rule": pl.String,
    "attribute": pl.String,
    "value": pl.String,
    "hub": pl.Int64,
    "records": pl.Int64,
    "links_not_made": pl.Int64,
    "reason": pl.String,
}


def unlimited(spec: EntityIdentity, types: Mapping[str, str]) -> tuple[int, ...]:
    """The ranks of rules under which no number of records is too many while the team wrote no
    limit.

    Such a rule is called certain, or matches on an id: a cookie stands on as many events as it
    was seen in. `types` are the types of attributes.
    """
    if spec.guard.records_per_value is not None:
        return ()
    return tuple(rank for rank, rule in enumerate(spec.rules, start=1) if _by_id(rule, types))


def cluster_size(spec: EntityIdentity, types: Mapping[str, str]) -> int | None:
    """Of how many records a customer may be before it is told; None where no number says
    anything.
    """
    if spec.guard.cluster_size is not None:
        return spec.guard.cluster_size
    return None if all(_by_id(rule, types) for rule in spec.rules) else CLUSTER_SIZE


def _by_id(rule: MatchRule, types: Mapping[str, str]) -> bool:
    return rule.confidence == "certain" or any(types.get(name) in IDS for name in rule.match)


def guarded(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per rule and shared value that links nobody.

    First reason first: the value says nothing or the team ignores it; more than
    `records_per_value` records bear it (not under the rules whose ranks are `unlimited`;
    records that are events of one count as one), or bear the mailbox or telephone inside it
    (`contacts`); the records behind it name more different values of another attribute than
    `distinct_per_value` allows, where spellings of one value count once. `hub` is the number of
    the lowest record that bears the value; where a rule matches on lists, `value_number` tells
    its values apart.
    """
    shared, values = inputs[params["shared"]], inputs[params["values"]]
    place, said = place_in(shared), params.get("said", {})
    limit = int(params["records_per_value"])
    over = pl.col("records") > limit
    if params.get("unlimited"):
        over = over & ~pl.col("rank").is_in(params["unlimited"])
    if params.get("events"):
        shared = shared.join(
            few_beside_events(shared, over, inputs, params),
            on=place,
            how="left",
            maintain_order="left",
        )
        over = over & pl.col("few").is_null()
    # one for all records of a value
    told = pl.coalesce("reason", pl.when(over).then(pl.lit(too_many(limit))))
    hubs = shared.filter(pl.col("number") == pl.col("hub")).with_columns(reason=told)
    if params.get("contacts"):
        by = crowded(hubs, inputs, params).replace(said).str.replace_all("_", " ")
        hubs = hubs.with_columns(reason=pl.coalesce("reason", pl.format(too_many(limit, "{}"), by)))
    rules = [
        (rank, name, " + ".join(said.get(item, item) for item in match))
        for rank, (name, match) in enumerate(params["rules"], start=1)
    ]
    return (
        hubs.join(
            _too_varied(shared.filter(told.is_null()), values, inputs, params), on=place, how="left"
        )
        .with_columns(reason=pl.coalesce("reason", "varied"), links_not_made=pl.col("records") - 1)
        .drop_nulls("reason")
        .join(
            pl.DataFrame(
                rules,
                schema={"rank": pl.Int64, "rule": pl.String, "attribute": pl.String},
                orient="row",
            ),
            on="rank",
        )
        .select(*GUARDED, *place[2:])
        .sort(place)
    )


def _too_varied(
    shared: pl.DataFrame, values: pl.DataFrame, inputs: Mapping[str, Any], params: Mapping[str, Any]
) -> pl.DataFrame:
    """One row per rule and value whose records differ too much: rank, hub, varied (the reason)."""
    found: dict[tuple[int, ...], str] = {}
    place = place_in(shared)
    called = params.get("said", {})
    for attribute, limit in params["distinct_per_value"].items():
        ranks = [
            rank
            for rank, (_, match) in enumerate(params["rules"], start=1)
            if attribute not in match
        ]
        borne = shared.filter(pl.col("rank").is_in(ranks))
        if attribute in params.get("lists", {}):
            named = _every_value(borne, inputs[params["lists"][attribute]])
        else:
            keys = compared_keys(values, attribute)
            first, other = (keys.gather(borne[end] - 1) for end in ("hub", "number"))
            named = borne.select(*place, first=first, other=other).drop_nulls("other")
            named = _with_one_apart(named) if limit else named
        name = called.get(attribute, attribute).replace("_", " ")
        said = too_different(limit, name)
        every = named.group_by(*place, "first").agg(pl.col("other").unique())
        for *at, head, others in every.iter_rows():
            distinct = {head, *others} - {None}
            if len(distinct) > limit and distinct_by_similarity(distinct) > limit:
                found.setdefault(tuple(at), said)
    rows = [(*at, reason) for at, reason in found.items()]
    return pl.DataFrame(
        rows, schema={**dict.fromkeys(place, pl.Int64), "varied": pl.String}, orient="row"
    )


def _every_value(borne: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Every value that the lists of the records behind a shared value hold; a list has no first."""
    held = listed.filter(pl.col("why").is_null()).select("number", other="key")
    nobody = pl.lit(None, dtype=pl.String)
    return borne.join(held, on="number").select(*place_in(borne), "other", first=nobody)


def _with_one_apart(named: pl.DataFrame) -> pl.DataFrame:
    """The rows of those values where a record names something else than the first does, and no
    spelling of it: all others count as one.
    """
    differ = named.filter(pl.col("other").ne_missing(pl.col("first")))
    pairs = differ.select("first", "other").unique()
    apart = pl.Series(
        [first is None or not alike(first, other) for first, other in pairs.iter_rows()],
        dtype=pl.Boolean,
    )
    return differ.join(
        differ.join(pairs.filter(apart), on=["first", "other"], nulls_equal=True),
        on=place_in(named),
        how="semi",
    )
