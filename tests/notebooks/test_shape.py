"""Every page has the shape that a reader learns once, and holds no decision, no SQL, no output."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return [
        {**cell, "source": "".join(cell["source"])}
        for cell in json.loads(request.param.read_text("utf-8"))["cells"]
    ]


def code(cells: list[dict[str, Any]]) -> list[str]:
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]


def words(text: str) -> int:
    return len(re.sub(r"[`*]", "", text).split())


def test_it_opens_with_its_question_and_three_lines(cells: list[dict[str, Any]]) -> None:
    first = cells[0]["source"]
    assert re.match(r"# \d+b? · .+\?\n", first)
    assert all(f"*{word}*:" in first for word in ("Decide", "You need", "You leave with"))


def test_the_parameters_come_first_and_run_the_nearest_project(cells: list[dict[str, Any]]) -> None:
    assert cells[1]["metadata"]["tags"] == ["parameters"]
    values = {node.targets[0].id: node.value.value for node in ast.parse(cells[1]["source"]).body}  # type: ignore[attr-defined]
    assert values == {"PROJECT": None, "AS_OF": None, "DATA": None}


def test_code_is_thin(cells: list[dict[str, Any]]) -> None:
    sources = code(cells)
    assert len(sources) <= 15
    for source in sources:
        assert source.count("\n") < 12
        assert not re.search(
            r"\b(def|lambda|class)\b|\bselect\b.*\bfrom\b|import pandas", source, re.I | re.S
        )


def test_it_shows_three_to_nine_figures_between_headline_and_findings(
    cells: list[dict[str, Any]],
) -> None:
    shown = code(cells)[2:]
    assert shown[0] == "step.headline()"
    assert shown[-1] == "step.findings()"
    assert 3 <= len(shown[1:-1]) <= 9


def test_each_figure_stands_under_one_paragraph(cells: list[dict[str, Any]]) -> None:
    for before, cell in zip(cells[4:-2], cells[5:-1], strict=True):
        if (
            cell["cell_type"] == "code"
            and before["cell_type"] == "markdown"
            and cell["source"] != "step.findings()"
        ):
            assert 20 <= words(before["source"]) <= 50, before["source"]


def test_nothing_of_a_run_is_saved(cells: list[dict[str, Any]]) -> None:
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_cells_are_named(cells: list[dict[str, Any]]) -> None:
    assert [cell["id"] for cell in cells] == [
        f"c{number:02d}" for number in range(1, len(cells) + 1)
    ]
