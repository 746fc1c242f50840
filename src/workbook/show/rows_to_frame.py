"""Rows as the frame that a table reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from workbook.show.column import Column


def frame_for(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> pl.DataFrame:
    """Rows as a frame that holds every column that a table reads, also when there are none."""
    names = list(dict.fromkeys(name for column in columns for name in column.uses()))
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return pl.DataFrame(
        [{name: row.get(name) for name in names} for row in rows], infer_schema_length=None
    )
