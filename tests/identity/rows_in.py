"""Records as text in, clusters out: the tables of one entity over given rows, built in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from workbook.engine import Function, Plan, Table, lint
from workbook.engine.connection import to_polars
from workbook.identity import entity_tables
from workbook.identity.match_ledger import COLUMNS, MatchDecision, read_ledger
from workbook.model.schema import EntityIdentity

ENTITY = "firm"
_MEMORY = duckdb.connect()  # one for all: opening it costs more than a case
METHODS = {
    "email": "email",
    "phone": "phone:US",
    "last_name": "person_name",
    "name": "company_name",
    "domain": "domain",
    "tax": "letters_and_digits",
}


class Resolved:
    """What came of some rows: every table by its word, and the clusters as sets of records."""

    def __init__(self, frames: Mapping[str, pl.DataFrame]) -> None:
        self._frames = frames

    def __getitem__(self, word: str) -> pl.DataFrame:
        return self._frames[f"{ENTITY}__{word}"]

    def rows(self, word: str, *columns: str) -> list[tuple[Any, ...]]:
        return sorted(self[word].select(columns).rows(), key=repr)

    @property
    def groups(self) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        for record, each in self["clusters"].select("record", "id").sort("record").iter_rows():
            found.setdefault(each, []).append(record)
        return sorted(found.values())

    @property
    def ids(self) -> dict[str, str]:
        return dict(self["clusters"].select("record", "id").iter_rows())


def records_of(text: str) -> pl.DataFrame:
    """`record | email | …` lines as a frame of records; an empty cell is null."""
    rows = [
        [cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines()
    ]
    return pl.DataFrame(
        [dict(zip(rows[0], row, strict=True)) for row in rows[1:]],
        schema=dict.fromkeys(rows[0], pl.String),
    )


def decisions_of(lines: Iterable[str], folder: Path) -> tuple[MatchDecision, ...]:
    """`id by left right verdict [undoes]` lines, written to a file and read back."""
    path = folder / "matches.csv"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, line in enumerate(lines):
        name, by, left, right, verdict, *undoes = line.split()
        cells = {
            "id": name,
            "by": by,
            "left_record": left.strip("-"),
            "right_record": right.strip("-"),
            "verdict": verdict,
            "undoes": "".join(undoes),
        }
        writer.writerow(
            [
                {"at": f"2025-01-01T{number:02d}:00:00Z", "entity": ENTITY, **cells}.get(column, "")
                for column in COLUMNS
            ]
        )
    path.write_text(out.getvalue())
    read = read_ledger(path)
    assert not read.broken, read.broken
    return read.decisions


def resolve(
    records: pl.DataFrame,
    spec: Mapping[str, Any],
    decisions: Sequence[MatchDecision] = (),
    registry: Path | None = None,
    methods: Mapping[str, str] = METHODS,
    lists: Sequence[str] = (),
    **more: Any,
) -> Resolved:
    """Every table of identity over these records; SQL must keep to the portable subset.

    Cells of `lists` hold values with a `;` between them.
    """
    said = EntityIdentity.model_validate(spec)
    known = {
        name: methods.get(name, "exact")
        for name in records.columns
        if name not in ("record", "source", "system")
    }
    compared = (
        {name for rule in said.rules for name in rule.match}
        | set(said.never_merge)
        | set(said.guard.distinct_per_value)
    )
    source = Table(
        f"{ENTITY}__records",
        "one record",
        "test",
        keys=("_record",),
        function=Function("given", 1, lambda inputs, params: records.rename({"record": "_record"})),
    )
    listed = {name: f"{ENTITY}__{name}__listed" for name in lists}
    cells = [
        Table(
            table,
            "one value",
            "test",
            function=Function("listed", 1, partial(_values_of, records, name)),
        )
        for name, table in listed.items()
    ]
    made = entity_tables(
        ENTITY,
        said,
        methods={name: known[name] for name in known if name in compared},
        decisions=decisions,
        registry=registry,
        lists=listed,
        **more,
    )
    return Resolved(built(Plan([source, *cells, *made])))


def _values_of(records: pl.DataFrame, name: str, inputs: Any, params: Any) -> pl.DataFrame:
    """One row per value of a list: _record, value."""
    values = pl.col(name).cast(pl.String).str.split(";")
    listed = records.select(_record="record", value=values).explode("value")
    return listed.with_columns(pl.col("value").str.strip_chars()).filter(pl.col("value") != "")


def asked(sql: str) -> pl.DataFrame:
    """What a query says of the tables that were resolved last."""
    return to_polars(_MEMORY.sql(sql))


def built(plan: Plan) -> dict[str, pl.DataFrame]:
    """Every table of a plan, in memory and without a store."""
    frames: dict[str, pl.DataFrame] = {}
    for name in plan.order:
        table = plan[name]
        if table.function:
            frames[name] = table.function.call(
                {each: frames[each] for each in table.reads}, table.function.params
            )
        else:
            lint(table.sql, name)
            frames[name] = to_polars(_MEMORY.sql(table.sql))
        _MEMORY.register(name, frames[name])
        assert not table.keys or frames[name].select(table.keys).is_duplicated().sum() == 0, (
            f"{name}: keys repeat"
        )
        assert (
            not table.function
            or not table.function.columns
            or set(frames[name].columns) == set(table.function.columns)
        ), name
    return frames
