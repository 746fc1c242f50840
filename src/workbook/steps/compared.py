"""One model against another on the same data: what headline numbers, customers and values read under each, and what had to be built."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from workbook.engine import Artifact
from workbook.metrics import value_table
from workbook.steps.base import Context
from workbook.steps.headlines import Move, headline_numbers
from workbook.steps.sensitivity import flipped, regrouped


def numbers(context: Context, other: Context) -> Iterator[Move]:
    """Every headline number of today, and what it would read."""
    then = headline_numbers(other)
    for label, now in headline_numbers(context).items():
        yield now.moved(then[label].answer if label in then else None)


def flips(context: Context, other: Context, entity: str) -> tuple[int, dict[str, int]]:
    """How many ids of an entity would change in any way, and how many by field; what came out the same is not read."""
    names = [name for name in (entity, f"{entity}__clusters") if context.has(name) and other.has(name)]
    if all(_artifact(context, name).content == _artifact(other, name).content for name in names):
        return 0, {}
    now, then, groups = context.frame(entity), other.frame(entity), set()
    if len(names) > 1:
        before, after = (each.frame(names[1]).select("record", "id") for each in (context, other))
        pairs = before.join(after, on="record", suffix="_then").select("id", "id_then").unique()
        then = pairs.join(then.rename({"id": "id_then"}), on="id_then").drop("id_then")
        groups = set(regrouped(before, after))
    flips = flipped(now, then).group_by("id").agg(pl.all().any())
    fields = [name for name in flips.columns if name != "id"]
    changed = set(flips.filter(pl.any_horizontal(pl.lit(value=False), *fields))["id"])
    return len(changed | groups), {name: int(flips[name].sum()) for name in fields}


def rows_of(context: Context, name: str) -> int:
    """How many rows a table has."""
    return _artifact(context, name).rows


def _artifact(context: Context, name: str) -> Artifact:
    return context.engine.artifact(context.plan, name)


def tables(context: Context, other: Context, entities: list[str]) -> tuple[int, int]:
    """Of the tables that customers and headline numbers rest on, how many have another recipe than today's, and how many the same."""
    headline = context.model.grain.headline if context.model.grain else ()
    wanted = [name for name in (*map(value_table, headline), *entities, *(f"{name}__clusters" for name in entities)) if context.has(name) and other.has(name)]
    needed = other.plan.needed_for(wanted)
    stayed = sum(context.has(name) and _artifact(context, name).recipe == _artifact(other, name).recipe for name in needed)
    return len(needed) - stayed, stayed
