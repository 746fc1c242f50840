"""A table that is found by what its header and the line below it begin with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.engine import Engine, Plan, SourceSpec
from workbook.engine.landing import lines_skipped, records_in
from workbook.errors import DataError

from workbooks import write_workbook

FIRST = [["name", "amount"], ["Ann", 1], ["Total Wine", 2], ["Bob", 3]]
SECOND = [["region", "goal"], ["north", 10], ["region nine", 20]]
TITLES = [["Report"], ["of June"]]
GAP = [[None, None]] * 2


def text_of(rows: list[list]) -> str:
    return "".join(
        ",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows
    )


def values(engine: Engine, plan: Plan, columns: str) -> list[tuple]:
    return engine.query(plan, f"select {columns} from shop__orders order by _row").rows()


@pytest.mark.parametrize("titles", [0, 1, 2])
def test_two_tables_of_one_text_are_two_sources(
    titles: int,
    engine: Engine,
    a_source: Callable[..., SourceSpec],
    landed: Callable[..., Plan],
) -> None:
    content = text_of(TITLES[:titles] + FIRST + [[None, None]] + SECOND)
    one = a_source(
        content, {"name": "text", "amount": "integer"}, starts_at="name", ends_before="region"
    )
    plan = landed(one)
    assert values(engine, plan, "name, amount") == [("Ann", 1), ("Total Wine", 2), ("Bob", 3)]
    assert (records_in(one), lines_skipped(one)) == (3, titles + 4)
    assert engine.frame(plan, "raw__shop__orders")["_reject"].is_null().all()


def test_the_second_table_of_a_sheet(
    tmp_path: Path,
    engine: Engine,
    a_source: Callable[..., SourceSpec],
    landed: Callable[..., Plan],
) -> None:
    made = write_workbook(tmp_path / "made.xlsx", {"Q": [*TITLES, *FIRST, *GAP, *SECOND]})
    fields = {"region": "text", "goal": "integer"}
    two = a_source(
        made.read_bytes(), fields, file="q.xlsx", format="excel", starts_at="region", sheet="Q"
    )
    assert values(engine, landed(two), "region, goal") == [("north", 10), ("region nine", 20)]
    assert records_in(two) == 2


@pytest.mark.parametrize("notes", [1, 4])
def test_a_footer_of_any_length_ends_before_its_total(
    notes: int, engine: Engine, a_source: Callable[..., SourceSpec], landed: Callable[..., Plan]
) -> None:
    content = text_of([*FIRST, [None, None], ["Total", 6], *[["a note", None]] * notes])
    plan = landed(a_source(content, {"name": "text", "amount": "integer"}, ends_before="Total"))
    assert values(engine, plan, "name, amount") == [("Ann", 1), ("Total Wine", 2), ("Bob", 3)]


@pytest.mark.parametrize("word", ["starts_at", "ends_before"])
def test_a_file_without_that_line_is_refused(
    word: str, engine: Engine, a_source: Callable[..., SourceSpec], landed: Callable[..., Plan]
) -> None:
    plan = landed(a_source(text_of(FIRST), {"name": "text"}, **{word: "Grand total"}))
    with pytest.raises(DataError, match=f"no line of .* begins with 'Grand total', which `{word}`"):
        engine.frame(plan, "shop__orders")
