"""One model against another on the same data: headline numbers, customers, tables to build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from workbook.engine import Artifact
from workbook.model import Model
from workbook.model.types import EXACT
from workbook.model.types.normalise import normalise
from workbook.privacy import shown
from workbook.scenarios.context import Context
from workbook.scenarios.headline_numbers import NumberChange, headline_numbers
from workbook.scenarios.sensitivity import regrouped

_CLOSED = ("boolean", "category", "country", "language")
_THEN = " then"


@dataclass(frozen=True)
class AttributeChange:
    """Values of one attribute that would read otherwise: how many, and how many in meaning.

    `shifts` are (value today, value then, how many), the most first; only of an attribute that
    pages may show and whose values are a closed list, and only where the customers stay the same.
    """

    count: int
    real: int
    shifts: tuple[tuple[str | None, str | None, int], ...] = ()

    @property
    def spellings(self) -> int:
        """Those that are another spelling of the same."""
        return self.count - self.real


def numbers(context: Context, other: Context) -> Iterator[NumberChange]:
    """Every headline number of today, and what it would read."""
    then = headline_numbers(other)
    for label, now in headline_numbers(context).items():
        yield now.moved(then[label].answer if label in then else None)


def flips(
    context: Context, other: Context, entity: str
) -> tuple[int, Mapping[str, AttributeChange]]:
    """How many ids of an entity would change in any way, and the change of each attribute.

    What came out the same is not read.
    """
    names = [
        name for name in (entity, f"{entity}__clusters") if context.has(name) and other.has(name)
    ]
    if all(artifact(context, name).content == artifact(other, name).content for name in names):
        return 0, {}
    both, groups = beside(context, other, entity)
    changed: set[str] = set()
    found: dict[str, AttributeChange] = {}
    for name in [
        column for column in both.columns if column != "id" and not column.endswith(_THEN)
    ]:
        pair = both.select("id", name, name + _THEN)
        ids, found[name] = _change(context.model, entity, name, pair, told=not groups)
        changed |= ids
    return len(changed | groups), {name: each for name, each in found.items() if each.count}


def beside(context: Context, other: Context, entity: str) -> tuple[pl.DataFrame, set[str]]:
    """One row per id of today, each column as it is and, under its name and ` then`, as it would
    be; and the ids whose records would be grouped otherwise.
    """
    now, then, groups = context.frame(entity), other.frame(entity), set()
    clusters = f"{entity}__clusters"
    if context.has(clusters) and other.has(clusters):
        before, after = (each.frame(clusters).select("record", "id") for each in (context, other))
        pairs = before.join(after, on="record", suffix="_then").select("id", "id_then").unique()
        then = pairs.join(then.rename({"id": "id_then"}), on="id_then").drop("id_then")
        groups = set(regrouped(before, after))
    return _side_by_side(now, then), groups


def _side_by_side(now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """One row per id of either table: each column of today, and then; where absent empty."""
    names = [name for name in dict.fromkeys((*now.columns, *then.columns)) if name != "id"]
    empty = pl.lit(None, dtype=pl.String)
    now, then = (
        each.select(
            "id", *(pl.col(name) if name in each.columns else empty.alias(name) for name in names)
        )
        for each in (now, then)
    )
    return now.join(
        then.rename({name: name + _THEN for name in names}), on="id", how="full", coalesce=True
    )


def _change(
    model: Model, entity: str, column: str, both: pl.DataFrame, *, told: bool
) -> tuple[set[str], AttributeChange]:
    """The ids for whom a column reads otherwise, and what changes."""
    then = column + _THEN
    if both.schema[column] != both.schema[then]:
        both = both.with_columns(pl.col(column, then).cast(pl.String))
    moved = both.filter(pl.col(column).ne_missing(pl.col(then)))
    ids = set(moved["id"])
    if not ids:
        return ids, AttributeChange(0, 0)
    columns = model.columns_of(entity)
    attribute = next((name for name, each in columns.items() if each == column), column)
    method = model.normaliser_of(entity, attribute)
    real = ids
    if method != EXACT and moved.schema[column] == pl.String:
        keys = [normalise(moved[name], method) for name in (column, then)]
        real = set(moved.filter(keys[0].ne_missing(keys[1]))["id"])
    shifts = _shifts(moved) if told and _is_closed(model, entity, attribute) else ()
    return ids, AttributeChange(len(ids), len(real), shifts)


def _is_closed(model: Model, entity: str, attribute: str) -> bool:
    """Whether an attribute's values are a closed list that pages may show."""
    refs = model.attributes(entity).get(attribute, ())
    if not refs or not shown(model.class_of(f"{entity}.{attribute}")):
        return False
    fields = [model.field(ref.source, ref.field) for ref in refs if not ref.part]
    return any(field.values for field in fields) or model.type_of(entity, attribute) in _CLOSED


def _shifts(moved: pl.DataFrame) -> tuple[tuple[str | None, str | None, int], ...]:
    column, then = moved.columns[1:]
    counted = moved.group_by(column, then).agg(n=pl.col("id").n_unique())
    told = counted.with_columns(pl.col(column, then).cast(pl.String))
    order = ["n", column, then]
    told = told.sort(order, descending=[True, False, False], nulls_last=True)
    return tuple(told.select(column, then, "n").iter_rows())


def rows_of(context: Context, name: str) -> int:
    """How many rows a table has."""
    return artifact(context, name).rows


def artifact(context: Context, name: str) -> Artifact:
    """A table as it is built."""
    return context.engine.artifact(context.plan, name)
