"""A figure without rows says why, so that what nobody decided yet is not read as a result."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.show import Figure
from workbook.steps import STEPS
from workbook.steps.step import Step
from workbook.words import words_of

BLANK = Path(__file__).parents[2] / "templates" / "blank"
# the diagnosis has an answer on every day
WORDS = tuple(step.word for step in STEPS if step.word != "diagnosis")
BARE = "Nothing to show.<"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new project of the blank shape."""
    shutil.copytree(BLANK, tmp_path / "new")
    (tmp_path / "new" / "data").mkdir()
    return tmp_path / "new"


def figures(step: Step) -> Iterator[Figure]:
    """Every figure of a step that needs nothing named."""
    for name, method in inspect.getmembers(type(step), inspect.isfunction):
        needed = [
            each
            for each in list(inspect.signature(method).parameters.values())[1:]
            if each.default is inspect.Parameter.empty
        ]
        if not needed and inspect.signature(method).return_annotation == "Figure":
            yield getattr(step, name)()


@pytest.mark.parametrize("word", WORDS)
def test_an_open_page_says_of_each_figure_why_it_is_empty(folder: Path, word: str) -> None:
    book = Workbook.open(folder)
    try:
        found = list(figures(book.step(word)))
    finally:
        book.close()
    assert len(found) > 2
    assert any("Nothing to show: " in figure.html() for figure in found)
    assert [
        figure.number
        for figure in found
        if BARE in figure.html() or re.search(r"\.\s*\.", figure.html())
    ] == []


def test_the_reason_is_that_of_the_decisions_as_they_are(folder: Path) -> None:
    def why() -> str:
        book = Workbook.open(folder)
        try:
            return book.review.disputes().html()
        finally:
            book.close()

    words = words_of("review")
    assert words.text("figures.disputes.empty") in why()
    (folder / "model" / "10_review.yml").write_text(
        json.dumps({"statements": {"sales": {"one": {"says": "It is so."}}}})
    )
    assert words.text("figures.disputes.empty_none") in why()
