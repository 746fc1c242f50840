"""A value of an entry that is called by a key, as event parameters of analytics are, whichever
format holds the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from workbook.engine import Engine, Plan, SourceSpec
from workbook.errors import DataError

EVENTS = [
    {"no": 1, "p": [{"key": "page", "value": {"s": "/a"}}, {"key": "sid", "value": {"i": "71"}}]},
    {"no": 2, "p": [{"key": "sid", "value": {"i": "72"}}]},
    {"no": 3, "p": []},
]
FIELDS = {
    "no": "integer",
    "page": {"path": "p[key=page].value.s"},
    "sid": {"type": "integer", "path": "p[key=sid].value.i"},
}
COLUMN = {
    "no": "integer",
    "page": {"column": "p", "path": "[key=page].value.s"},
    "sid": {"type": "integer", "column": "p", "path": "[key=sid].value.i"},
}
RIGHT = [(1, "/a", 71), (2, None, 72), (3, None, None)]


def written(form: str) -> bytes:
    texts = [{"no": each["no"], "p": json.dumps(each["p"])} for each in EVENTS]
    if form == "ndjson":
        return "\n".join(map(json.dumps, EVENTS)).encode()
    if form == "json":
        return json.dumps(EVENTS).encode()
    return pl.DataFrame(texts).write_csv().encode()


@pytest.mark.parametrize(
    ("form", "fields"), [("ndjson", FIELDS), ("json", FIELDS), ("json", COLUMN), ("csv", COLUMN)]
)
def test_an_entry_is_found_by_its_key(
    form: str,
    fields: dict,
    engine: Engine,
    a_source: Callable[..., SourceSpec],
    landed: Callable[..., Plan],
) -> None:
    plan = landed(a_source(written(form), fields, file=f"e.{form}", format=form))
    rows = engine.query(plan, "select no, page, sid from shop__orders order by no").rows()
    assert rows == RIGHT
    assert engine.frame(plan, "shop__orders__bad").height == 0


def test_a_list_of_parquet_too(
    tmp_path: Path,
    engine: Engine,
    a_source: Callable[..., SourceSpec],
    landed: Callable[..., Plan],
) -> None:
    made = tmp_path / "made.parquet"
    pl.DataFrame(EVENTS).write_parquet(made)
    plan = landed(a_source(made.read_bytes(), COLUMN, file="e.parquet", format="parquet"))
    rows = engine.query(plan, "select no, page, sid from shop__orders order by no").rows()
    assert rows == RIGHT


def test_a_key_that_no_record_has_is_refused_with_those_there_are(
    engine: Engine, a_source: Callable[..., SourceSpec], landed: Callable[..., Plan]
) -> None:
    fields = {**FIELDS, "page": {"path": "p[key=pages].value.s"}}
    plan = landed(a_source(written("json"), fields, file="e.json", format="json"))
    with pytest.raises(DataError, match="Did you mean 'page'.*Known there: page, sid"):
        engine.frame(plan, "shop__orders")
