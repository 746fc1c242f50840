"""The customers behind a what-if: whose values would read otherwise, and who comes and goes."""

from __future__ import annotations

import polars as pl

from workbook.errors import WorkbookError
from workbook.nearest_name import did_you_mean
from workbook.privacy import shown
from workbook.scenarios.compare import beside
from workbook.scenarios.context import Context
from workbook.scenarios.masked_tables import mask, table_of_plan
from workbook.scenarios.published_values import Effect, members
from workbook.words import words_of

_WORDS = words_of("data")
_SCHEMA = {"id": pl.String, "attribute": pl.String, "now": pl.String, "then": pl.String}


def changed_values(context: Context, other: Context, entity: str) -> pl.DataFrame:
    """One row is one customer and one attribute that would read otherwise: id, attribute, now and
    then; `records` of those whose records would be grouped otherwise. Personal values are tokens.
    """
    both, groups = beside(context, other, entity)
    classes = dict(zip(*_columns(context, entity), strict=True))
    parts = []
    for name in [column for column in both.columns if f"{column} then" in both.columns]:
        values = both.select("id", now=name, then=f"{name} then").cast(pl.String)
        values = values.filter(pl.col("now").ne_missing(pl.col("then")))
        if not shown(classes.get(name, "personal")) and values.height:
            told = mask(pl.concat([values["now"], values["then"]]), name)
            now, then = told[: values.height], told[values.height :]
            values = values.with_columns(now.alias("now"), then.alias("then"))
        parts.append(values.select("id", pl.lit(name).alias("attribute"), "now", "then"))
    regrouped = pl.DataFrame({"id": sorted(groups)}, schema={"id": pl.String})
    records = _WORDS.text("changed.records")
    parts.append(
        regrouped.select(
            "id",
            pl.lit(records).alias("attribute"),
            pl.lit(None, pl.String).alias("now"),
            pl.lit(None, pl.String).alias("then"),
        )
    )
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *parts]).sort("id", "attribute")


def changed_members(context: Context, other: Context, effect: Effect) -> pl.DataFrame:
    """One row is one row of a published table that would be added, removed or changed: its keys
    (personal ones as tokens) and which of the three.
    """
    sides = [item for item in (context, other) if item.has(effect.table)]
    keys = list(sides[0].plan[effect.table].keys)
    classes = dict(zip(*_columns(sides[0], effect.table), strict=True))
    now, then = (
        members(item.frame(effect.table)) if item in sides else None for item in (context, other)
    )
    parts = []
    if now is None or then is None:
        whole, change = (then, "added") if now is None else (now, "removed")
        parts.append(_told(whole.select(keys), change))
    else:
        parts.append(_told(then.join(now, on=keys, how="anti", nulls_equal=True), "added"))
        parts.append(_told(now.join(then, on=keys, how="anti", nulls_equal=True), "removed"))
        both = now.join(then, on=keys, how="semi", nulls_equal=True)
        same = both.join(then, on=both.columns, how="anti", nulls_equal=True)
        parts.append(_told(same, "changed"))
    frame = pl.concat([part.select(*keys, "change") for part in parts]).sort(keys)
    hidden = [name for name in keys if not shown(classes.get(name, "personal"))]
    return frame.with_columns(mask(frame[name], name) for name in hidden)


def changed_rows(
    context: Context, other: Context, entities: list[str], found: tuple[Effect, ...], name: str
) -> pl.DataFrame:
    """The rows that a what-if would change of an entity, or of a published table by its label; by
    default those of the first entity, or table, that changes.

    Raises:
        WorkbookError: nothing of that name would change.
    """
    by_label = {item.label.casefold(): item for item in found}
    asked = name or next(iter([*entities, *(item.label for item in found)]), "")
    if asked in entities:
        return changed_values(context, other, asked)
    if asked.casefold() in by_label:
        return changed_members(context, other, by_label[asked.casefold()])
    known = [*entities, *(item.label for item in found)]
    raise WorkbookError(
        _WORDS.text(
            "errors.nothing_changes",
            name=name,
            hint=did_you_mean(name, known),
            names=[f"'{item}'" for item in known],
        )
    )


def _columns(context: Context, name: str) -> tuple[list[str], tuple[str, ...]]:
    found = table_of_plan(context, name)
    return found.raw.columns, found.classes


def _told(frame: pl.DataFrame, change: str) -> pl.DataFrame:
    return frame.with_columns(pl.lit(_WORDS.text(f"changed.{change}")).alias("change"))
