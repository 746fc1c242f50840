"""One spelling of each category, country and language: the declared one, the code, or the most frequent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from workbook.engine import Function, Table, quote
from workbook.entities.columns import STEP, table_of
from workbook.model import CLASSES, Model
from workbook.model.names import shown_name
from workbook.model.types.countries import country_code, language_code
from workbook.model.types.normalise import VERSION, normalise, tidy

_CODES: dict[str, Callable[[str], str]] = {"country": country_code, "language": language_code}
_COLUMNS = {"value": pl.String, "key": pl.String, "shown": pl.String, "rows": pl.Int64}


def spelling_tables(model: Model, entity: str) -> list[Table]:
    """`<entity>__<attribute>__shown` of every attribute that tables hold in one spelling."""
    return [_shown_table(model, entity, name) for name in model.attributes(entity) if model.one_spelling(entity, name)]


def _shown_table(model: Model, entity: str, attribute: str) -> Table:
    refs = model.attributes(entity)[attribute]
    fields = [model.field(ref.source, ref.field) for ref in refs]
    places = [[table_of(ref.source), ref.field] for ref in refs]
    declared = list(dict.fromkeys(value for each in fields for value in each.values))
    params = {"places": places, "method": model.normaliser_of(entity, attribute), "declared": declared}
    told = tuple(f"{table}.{field}" for table, field in places)
    only: dict[str, tuple[str, ...]] = {}
    for table, field in places:
        only[table] = (*only.get(table, ()), field)
    columns = dict.fromkeys(_COLUMNS, told)
    cls = max((each.cls for each in fields), key=CLASSES.index)
    return Table(
        name=shown_name(entity, attribute),
        row_is=f"one spelling of {attribute} of {entity}, its rows, and the spelling that tables hold instead",
        step=STEP,
        pattern="evidence",
        keys=("value",),
        function=Function("one_spelling", VERSION, _spelled, tuple(dict.fromkeys(only)), params, columns=columns, only=only),
        classes=dict.fromkeys(("value", "key", "shown"), cls),
    )


def _spelled(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    parts = [inputs[table][field].cast(pl.String).alias("value") for table, field in params["places"]]
    counted = pl.concat(parts).drop_nulls().to_frame().group_by("value").agg(pl.len().cast(pl.Int64).alias("rows"))
    return one_spelling(counted.sort("value"), params["method"], params["declared"])


def one_spelling(counted: pl.DataFrame, method: str, declared: list[str]) -> pl.DataFrame:
    """One row per spelling (`value`, `rows` given): its key, and the spelling that is shown for all that share the key.

    That is the declared one, of a country or language its code, else the one on most rows (of several, the first in
    order).
    """
    keys, written = normalise(counted["value"], method), tidy(counted["value"])
    known = counted.with_columns(key=keys, written=written)
    often = known.group_by("key", "written").agg(pl.col("rows").sum()).sort(["rows", "written"], descending=[True, False])
    first = often.unique("key", keep="first", maintain_order=True).select("key", frequent="written")
    said = {key: value for value, key in zip(declared, normalise(pl.Series(declared, dtype=pl.String), method).to_list(), strict=True)}
    fixed = pl.DataFrame({"key": list(said), "fixed": list(said.values())}, schema={"key": pl.String, "fixed": pl.String})
    code = _CODES.get(method)
    codes = pl.Series("code", [code(value) or None if code else None for value in counted["value"].to_list()], dtype=pl.String)
    told = known.with_columns(codes).join(first, on="key", how="left").join(fixed, on="key", how="left")
    return told.with_columns(shown=pl.coalesce("fixed", "code", "frequent", "value")).select(*_COLUMNS).sort("value")


def shown_join(entity: str, attribute: str, value: str) -> tuple[str, str]:
    """A value in the spelling that tables hold, and the join that finds it."""
    alias = quote(f"shown {attribute}")
    return f"coalesce({alias}.shown, {value})", f"left join {quote(shown_name(entity, attribute))} as {alias} on {alias}.value = {value}"
