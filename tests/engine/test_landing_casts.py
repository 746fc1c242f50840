"""Cells in, typed values out: every row of tests/cases/landing.yml, read through a real file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from workbook.engine import Engine, Plan, SourceSpec

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "landing.yml")


def _file(cells: list[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([["k", "x"], *([str(n), cell] for n, cell in enumerate(cells))])
    return out.getvalue()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_cell_becomes_its_value_or_is_counted(
    case: dict, engine: Engine, a_source: Callable[..., SourceSpec], landed: Callable[..., Plan]
) -> None:
    field = dict(case["field"])
    field["values"] = tuple(field.get("values", ()))
    field["recode"] = tuple(field.get("recode", {}).items())
    field["formats"] = tuple(field.get("formats", ()))
    dialect = dict(case.get("dialect", {}))
    if "missing" in dialect:
        dialect["missing"] = tuple(dialect["missing"])
    cells = list(case["cells"])
    spec = a_source(_file(cells), {"k": "integer", "x": field}, primary_key=("k",), **dialect)
    plan = landed(spec)

    got = engine.query(plan, "select cast(x as varchar) as x from shop__orders order by k")[
        "x"
    ].to_list()
    bad = engine.frame(plan, "shop__orders__bad")
    wanted = [None if value == "!" else value for value in case["cells"].values()]
    assert wanted == got
    assert [cell for cell, value in case["cells"].items() if value == "!"] == bad[
        "raw_text"
    ].to_list()
    assert all(bad["reason"].to_list())
