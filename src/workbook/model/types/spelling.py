"""Spellings of one value, and the one that is shown for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from workbook.model.types.countries import country_code, language_code
from workbook.model.types.normalise import normalise, tidy

_CODES: dict[str, Callable[[str], str]] = {"country": country_code, "language": language_code}
COLUMNS = ("value", "key", "shown", "rows")


def spelled(counted: pl.DataFrame, method: str, declared: Sequence[str]) -> pl.DataFrame:
    """One row per spelling (`value`, `rows` given): its key, and the spelling that is shown for it.

    That is the code of a country or language, else the declared spelling, else the one on most rows
    (of several, the first in order).
    """
    keys, written = normalise(counted["value"], method), tidy(counted["value"])
    known = counted.with_columns(key=keys, written=written)
    often = (
        known.group_by("key", "written")
        .agg(pl.col("rows").sum())
        .sort(["rows", "written"], descending=[True, False])
    )
    first = often.unique("key", keep="first", maintain_order=True).select("key", frequent="written")
    declared_by_key = {
        key: value
        for value, key in zip(
            declared, normalise(pl.Series(declared, dtype=pl.String), method).to_list(), strict=True
        )
    }
    fixed = pl.DataFrame(
        {"key": list(declared_by_key), "fixed": list(declared_by_key.values())},
        schema={"key": pl.String, "fixed": pl.String},
    )
    code = _CODES.get(method)
    codes = pl.Series(
        "code",
        [code(value) or None if code else None for value in counted["value"].to_list()],
        dtype=pl.String,
    )
    joined = (
        known.with_columns(codes)
        .join(first, on="key", how="left")
        .join(fixed, on="key", how="left")
    )
    return (
        joined.with_columns(shown=pl.coalesce("code", "fixed", "frequent", "value"))
        .select(*COLUMNS)
        .sort("value")
    )
