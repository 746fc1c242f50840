"""Sources whose rows are events of an entity: many of them are about one, so that their number
says nothing.

That a row bears one time does not make it an event: a list of contacts says when each was made.
The rows behind a shared value count as one where the model says that they are other things, or
where they agree on the name; rows without a name where they bear an amount, or where most of
the other values stand on several rows as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from workbook.identity.compared_values import compared_keys
from workbook.identity.list_comparison import place_in
from workbook.identity.spelling_variants import distinct_by_similarity
from workbook.model import FieldRef, Model
from workbook.model.types.normalise import normalise

NAMES = ("company_name", "full_name", "person_name")  # types whose value says who it is
_MANY = 20  # names of one value that are not compared one by one: they differ


@dataclass(frozen=True)
class Events:
    """A source whose rows may be events: whether the model says that they are other things, and
    whether they bear amounts.
    """

    source: str
    declared: bool = False
    amounts: bool = False


def events_of(model: Model, entity: str) -> tuple[Events, ...]:
    """The sources of an entity whose rows may be events of it: they bear one time, and no key
    by which the entity is known.
    """
    known, found = model.sources.sources, []
    for source in model.entity_sources(entity):
        fields = model.fields(source)
        each = Events(
            source,
            _is_other(model, entity, source),
            any(field.type == "money" for field in fields.values()),
        )
        keys = known[source].primary_key
        own = len(keys) == 1 and any(
            FieldRef(source, keys[0]) in places for places in model.identifiers_of(entity).values()
        )
        if len(known[source].valid) == 1 and (each.declared or not own):
            found.append(each)
    return tuple(found)


def _is_other(model: Model, entity: str, source: str) -> bool:
    """Whether another entity is made of the rows of a source, each row one."""
    return any(
        entity_name != entity
        and model.entity_sources(entity_name) == (source,)
        and not model.has_identity(entity_name)
        and not model.where(entity_name, source)
        for entity_name in model.entity_names
    )


def names_of(model: Model, entity: str) -> dict[str, str]:
    """The columns of an entity that name it, each with the method by which its values are
    compared.
    """
    return {
        model.column_of(entity, name): model.normaliser_of(entity, name)
        for name, refs in model.attributes(entity).items()
        if refs and model.type_of(entity, name) in NAMES
    }


def parameters(events: Sequence[Events], names: Mapping[str, str]) -> dict[str, Any]:
    """What a recipe holds of events."""
    return {"events": [asdict(event) for event in events], "names": dict(names)}


def few_beside_events(
    shared: pl.DataFrame, over: pl.Expr, inputs: Mapping[str, Any], params: Mapping[str, Any]
) -> pl.DataFrame:
    """One row per value over the limit that keeps to it once events of one source count as one
    record: rank, hub, few.
    """
    values, place = inputs[params["values"]], place_in(shared)
    every = [parameter["source"] for parameter in params["events"]]
    source = values["record"].str.split(":").list.first()
    placed = shared.select(*place, "number", over=over, source=source.gather(shared["number"] - 1))
    groups = (
        placed.filter(pl.col("over") & pl.col("source").is_in(every))
        .group_by(*place, "source")
        .agg("number")
    )
    repeated = _repeated(placed, source, inputs, params) if groups.height else pl.DataFrame()
    named = _names(inputs, params, values)
    one = [
        (*(row[name] for name in place), row["source"])
        for row in groups.iter_rows(named=True)
        if _is_one(
            next(
                parameter for parameter in params["events"] if parameter["source"] == row["source"]
            ),
            row,
            named,
            repeated,
        )
    ]
    alike = pl.DataFrame(
        one, schema={**dict.fromkeys(place, pl.Int64), "source": pl.String}, orient="row"
    ).with_columns(one=True)
    many = placed.filter("over").join(alike, on=[*place, "source"], how="left")
    counted = many.with_columns(
        once=pl.when("one").then("source").otherwise(pl.format("{}#{}", "source", "number"))
    )
    found = counted.group_by(place).agg(pl.col("once").n_unique())
    return found.filter(pl.col("once") <= int(params["records_per_value"])).select(
        *place, few=pl.lit(value=True)
    )


def _is_one(
    said: Mapping[str, Any],
    group: Mapping[str, Any],
    named: pl.Series | None,
    repeated: pl.DataFrame,
) -> bool:
    """Whether the rows of a source behind one value are events of one."""
    if said["declared"]:
        return True
    numbers = pl.Series(group["number"], dtype=pl.Int64)
    told = (
        named.gather(numbers - 1).drop_nulls()
        if named is not None
        else pl.Series([], dtype=pl.String)
    )
    if told.len() * 2 >= numbers.len():
        distinct = told.unique().to_list()
        return len(distinct) <= _MANY and distinct_by_similarity(distinct) == 1
    if said["amounts"]:
        return True
    row = repeated.filter((pl.col("rank") == group["rank"]) & (pl.col("source") == group["source"]))
    others = int(row["several"][0]) - 1
    return others > 0 and others >= int(row["single"][0])


def _repeated(
    placed: pl.DataFrame, source: pl.Series, inputs: Mapping[str, Any], params: Mapping[str, Any]
) -> pl.DataFrame:
    """One row per rule and source of events: values on several rows of it, and values on one."""
    counted = placed.group_by("source", *place_in(placed)).len()
    several = (
        counted.filter(pl.col("len") > 1)
        .group_by("rank", "source")
        .agg(several=pl.len(), rows=pl.col("len").sum())
    )
    rows = []
    for rank, (_, match) in enumerate(params["rules"], start=1):
        keyed = _keyed(source, match, inputs, params)
        rows += [(rank, *row) for row in keyed.group_by("source").len().iter_rows()]
    every = pl.DataFrame(
        rows, schema={"rank": pl.Int64, "source": pl.String, "keyed": pl.Int64}, orient="row"
    )
    return several.join(every, on=["rank", "source"], how="left").with_columns(
        single=pl.col("keyed") - pl.col("rows")
    )


def _keyed(
    source: pl.Series,
    match: Sequence[str],
    inputs: Mapping[str, Any],
    params: Mapping[str, Any],
) -> pl.DataFrame:
    """One row per record and value by which a rule could match it: the record's source."""
    lists, values = params.get("lists", {}), inputs[params["values"]]
    single = [compared_keys(values, name) for name in match if name not in lists]
    keyed = pl.DataFrame([source.alias("source"), *single])
    if len(single) == len(match):
        return keyed.drop_nulls()
    keyed = keyed.with_columns(values["number"]).drop_nulls()
    for name in (name for name in match if name in lists):
        held = inputs[lists[name]].filter(pl.col("why").is_null())
        keyed = keyed.join(held.select("number", pl.col("key").alias(name)), on="number")
    return keyed


def _names(
    inputs: Mapping[str, Any], params: Mapping[str, Any], values: pl.DataFrame
) -> pl.Series | None:
    """What each record says who it is, in the order of the values; None where no attribute does."""
    if not params["names"]:
        return None
    records = inputs[params["records"]]
    parts = [
        normalise(records[column], method).alias(column)
        for column, method in params["names"].items()
    ]
    said = pl.DataFrame([records["_record"].alias("record"), *parts])
    told = said.select(
        "record", name=pl.concat_str(list(params["names"]), separator=" ", ignore_nulls=True)
    )
    return (
        values.select("record")
        .join(told, on="record", how="left", maintain_order="left")["name"]
        .replace("", None)
    )
