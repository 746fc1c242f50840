"""Conventions that a model states, on small projects whose answers were worked out by hand."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from workbook import Workbook
from workbook.errors import ModelError
from workbook.model import load_model

CASES = YAML(typ="safe").load(
    (Path(__file__).parents[1] / "cases" / "conventions.yml").read_text("utf-8")
)
FILES = {
    "sources": "03_sources",
    "entities": "04_entities",
    "identity": "04b_identity",
    "history": "06_history",
    "metrics": "07_metrics",
}


def project_of(case: dict[str, Any], folder: Path) -> Path:
    """The project of a case; what it leaves out is that of the case it is like."""
    while base := next((other for other in CASES if other["name"] == case.get("like")), None):
        case = {**base, **case, "like": base.get("like")}
    (folder / "model").mkdir()
    (folder / "workbook.yml").write_text(
        "name: Small\ndepartments: {ops: a}\n" + case["workbook"], "utf-8"
    )
    for word, stem in FILES.items():
        if word in case:
            (folder / "model" / f"{stem}.yml").write_text(case[word], "utf-8")
    for name, text in case.get("data", {}).items():
        path = folder / "data" / f"{name.replace('.', '/')}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def _said(step: Any, figure: str) -> str:
    """What a reader has: the findings of a page, or one of its figures."""
    if not figure:
        return " ".join(f"{each.sentence} {each.effect} {each.advice}" for each in step.conclude())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", getattr(step, figure)().html())).split())


@pytest.mark.parametrize(
    "case", [case for case in CASES if "refused" not in case], ids=lambda case: case["name"]
)
def test_what_the_model_states_is_what_is_counted(case: dict[str, Any], tmp_path: Path) -> None:
    book = Workbook.open(project_of(case, tmp_path))
    try:
        for sql, rows in case.get("ask", {}).items():
            assert [
                " | ".join(map(str, row)) for row in book.engine.query(book.plan, sql).rows()
            ] == rows, sql
        for step, expected in case.get("findings", {}).items():
            found = {
                each.code.partition(".")[2]: each.count for each in getattr(book, step).conclude()
            }
            for code, count in expected.items():
                assert found.get(code) == count, f"{step}.{code}"
        for place, words in case.get("pages", {}).items():
            step, _, figure = place.partition(".")
            said = _said(getattr(book, step), figure)
            assert [each for each in words if each not in said] == [], said
    finally:
        book.close()


@pytest.mark.parametrize(
    "case", [case for case in CASES if "refused" in case], ids=lambda case: case["name"]
)
def test_what_must_be_said_first_is_refused_with_its_place(
    case: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ModelError) as raised:
        load_model(project_of(case, tmp_path))
    said = "\n".join(f"{problem} ({problem.code})" for problem in raised.value.problems)
    for value in case["refused"]:  # a place, a code, a value
        assert value in said
