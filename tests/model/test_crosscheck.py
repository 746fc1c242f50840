"""Every contradiction is named with its place and what to do, and nothing else is reported
beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from workbook.errors import ModelError, Problem
from workbook.model import load_model
from workbook.model.yaml_read import FILES

CASES = YAML(typ="safe").load(
    (Path(__file__).parents[1] / "cases" / "model.yml").read_text("utf-8")
)
STEM = {word: stem for word, stem, _ in FILES}


def place_of(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}" if problem.line else problem.file


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_contradiction_is_named(case: dict[str, Any], a_project: Callable[..., Path]) -> None:
    steps = {
        word: text for word, text in case.items() if word not in ("name", "told", "says", "file")
    }
    folder = a_project(**steps)
    for name, text in case.get("file", {}).items():
        (folder / "model" / name).write_text(text, "utf-8")
    with pytest.raises(ModelError) as raised:
        load_model(folder)
    own = {f"model/{STEM[word]}.yml" for word in steps if word != "project"}
    own |= {f"model/{name}" for name in case.get("file", {})} | {"workbook.yml"}
    told = [each for each in raised.value.problems if each.file in own]
    assert [f"{place_of(each)} {each.code}" for each in told] == case["told"]
    for value in case.get("says", ()):
        assert value in str(raised.value)


def test_all_problems_come_at_once(a_project: Callable[..., Path]) -> None:
    folder = a_project(grain="primry: person\n", survivorship="fieldz: {}\n", project="name: T\n")
    with pytest.raises(ModelError) as raised:
        load_model(folder)
    assert [problem.file for problem in raised.value.problems] == [
        "model/02_grain.yml",
        "model/05_survivorship.yml",
    ]


def test_what_is_not_decided_contradicts_nothing(a_project: Callable[..., Path]) -> None:
    questions = (
        "questions:\n  how_many: {ask: How many?, answered_by: customers, by: person.city}\n"
    )
    model = load_model(a_project(questions=questions))
    assert model.is_open("metrics") and not model.is_open("questions")


def test_a_form_with_nothing_in_it_is_open(a_project: Callable[..., Path]) -> None:
    model = load_model(
        a_project(grain="primary:\nsentence:\nowner: sales\nconsidered:\n", entities="entities:\n")
    )
    assert model.is_open("grain") and model.is_open("entities")


def test_a_missing_project_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        load_model(tmp_path)
    told = [(each.code, each.file, each.line) for each in raised.value.problems]
    assert told == [("model.not_found", "workbook.yml", 0)]


def test_an_unset_variable_is_named(a_project: Callable[..., Path]) -> None:
    folder = a_project(project="name: T\ndata: ${NOT_SET_ANYWHERE}/x\n")
    with pytest.raises(ModelError) as raised:
        load_model(folder, env={})
    (problem,) = raised.value.problems
    assert (problem.file, problem.line, problem.code) == (
        "workbook.yml",
        2,
        "model.variable_not_set",
    )
    assert "NOT_SET_ANYWHERE" in problem.what
