"""Every page has the shape that a reader learns once, and holds no decision, no SQL, no output."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

WALK = ("decision", "choices", "what_if", "exercise", "signoffs", "findings", "done")
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return [
        {**cell, "source": "".join(cell["source"])}
        for cell in json.loads(request.param.read_text("utf-8"))["cells"]
    ]


def code(cells: list[dict[str, Any]]) -> list[str]:
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def word(request: pytest.FixtureRequest, cells: list[dict[str, Any]]) -> str:
    stem = next(path.stem for path in NOTEBOOKS if path.stem in request.node.name)
    return stem.partition("_")[2]


def words(text: str) -> int:
    return len(re.sub(r"[`*]", "", text).split())


def test_it_opens_with_its_question_and_three_lines(cells: list[dict[str, Any]]) -> None:
    first = cells[0]["source"]
    assert re.match(r"# \d+b? · .+\?\n", first)
    assert all(f"*{word}*:" in first for word in ("Decide", "You need", "You leave with"))


def test_the_parameters_come_first_and_run_the_nearest_project(cells: list[dict[str, Any]]) -> None:
    assert cells[1]["metadata"]["tags"] == ["parameters"]
    values = {node.targets[0].id: node.value.value for node in ast.parse(cells[1]["source"]).body}
    assert values == {"PROJECT": None, "AS_OF": None, "DATA": None}


def test_it_opens_the_project_and_shows_its_answer(cells: list[dict[str, Any]], word: str) -> None:
    assert code(cells)[1] == (
        "from workbook import Workbook\n\n"
        "book = Workbook.open(PROJECT, as_of=AS_OF, data=DATA)\n"
        f"book.{word}.headline()"
    )


def test_code_is_thin(cells: list[dict[str, Any]], word: str) -> None:
    sources = code(cells)
    assert len(sources) <= 18
    for source in sources[2:]:
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.Import))
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value == "", source  # no name of a project, no SQL
            if isinstance(node, ast.Name):
                assert node.id in {"book", "choice", "answer"}
        assert f"book.{word}." in source


def test_it_leads_to_its_decision(cells: list[dict[str, Any]], word: str) -> None:
    """Evidence, the decision as written, another one to try, an exercise, adopt, who confirms,
    open points, done when: in this order on every page.
    """
    calls = re.findall(rf"book\.{word}\.(\w+)\(", "\n".join(code(cells)[2:]))
    walk = [each for each in calls if each in WALK]
    tries, adopts = ["choices", "what_if"], ["what_if"]
    # the evidence of page 10 is who confirms
    confirms = [] if word == "review" else ["signoffs"]
    expected = ["decision", *tries, "exercise", *adopts, *confirms, "findings", "done"]
    assert [each for each in walk if word != "review" or each != "signoffs"] == expected
    assert 3 <= calls.index("decision") <= 9  # figures of evidence before it


def test_what_needs_a_person_is_marked(cells: list[dict[str, Any]]) -> None:
    for cell in cells:
        if cell["cell_type"] == "code":
            needs = re.search(r"\b(choice|answer|adopt)\b", cell["source"]) is not None
            assert (cell["metadata"].get("tags") == ["person"]) == needs, cell["source"]


def test_each_cell_stands_under_one_paragraph(cells: list[dict[str, Any]]) -> None:
    for before, cell in zip(cells[3:], cells[4:], strict=False):
        if cell["cell_type"] == "code":
            assert before["cell_type"] == "markdown"
        else:
            assert 25 <= words(cell["source"]) <= 70, cell["source"]
            assert all(len(each.split()) <= 30 for each in re.split(r"[.?!:;]\s", cell["source"]))


def test_nothing_of_a_run_is_saved(cells: list[dict[str, Any]]) -> None:
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_cells_are_named(cells: list[dict[str, Any]]) -> None:
    assert [cell["id"] for cell in cells] == [
        f"c{number:02d}" for number in range(1, len(cells) + 1)
    ]
