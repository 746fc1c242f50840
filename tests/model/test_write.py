"""Blocks added to a model file: every character that stood there stays, in whatever manner it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import WorkbookError
from workbook.model.text import read_text
from workbook.model.write import render, with_blocks

NEW = {"b": {"x": "1"}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'sources:\n  b: {x: "1"}\n'),
        ("# only a comment\n", '# only a comment\n\nsources:\n  b: {x: "1"}\n'),
        ("sources:\n", 'sources:\n  b: {x: "1"}\n'),
        ("sources:   # what for\n\ntrace:\n", 'sources:   # what for\n  b: {x: "1"}\n\ntrace:\n'),
        ("sources: {}\ntrace:\n", 'sources: \n  b: {x: "1"}\ntrace:\n'),
        ("sources: ~\n", 'sources: \n  b: {x: "1"}\n'),
        ("sources: {a: {y: 2}}\n", 'sources: {a: {y: 2}, b: {x: "1"}}\n'),
        ("sources:\n    a: 1   # kept\n\n# below\ntrace: [a]\n", 'sources:\n    a: 1   # kept\n    b: {x: "1"}\n\n# below\ntrace: [a]\n'),
        ("sources:\n  a:\n    y: >\n      long\n      text\ntrace:\n", 'sources:\n  a:\n    y: >\n      long\n      text\n  b: {x: "1"}\ntrace:\n'),
        ("sources:\n  a:\n", 'sources:\n  a:\n  b: {x: "1"}\n'),
        ("sources:\n  a: 1", 'sources:\n  a: 1\n  b: {x: "1"}'),
        ("owner: me\n", 'owner: me\n\nsources:\n  b: {x: "1"}\n'),
    ],
)
def test_entries_come_last_in_the_manner_of_the_file(tmp_path: Path, before: str, after: str) -> None:
    made = with_blocks(before, {"sources": NEW})
    assert made == after
    (tmp_path / "f.yml").write_text(made)
    text = read_text(tmp_path / "f.yml", "f.yml")
    assert not text.problems
    assert text.values["sources"]["b"] == {"x": "1"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("i: {e: {in: a.b}}   # one\n", "i: {e: {in: [a.b, c.d]}}   # one\n"),
        ("i:\n  e: {in: [a.b]}  # one\n", "i:\n  e: {in: [a.b, c.d]}  # one\n"),
        ("i:\n  e:\n    in: [a.b,\n         e.f]\n", "i:\n  e:\n    in: [a.b,\n         e.f, c.d]\n"),
        ("i:\n  e:\n    in:\n    - a.b   # first\n  f: 1\n", "i:\n  e:\n    in:\n    - a.b   # first\n    - c.d\n  f: 1\n"),
        ("i: {e: {in: []}}\n", "i: {e: {in: [c.d]}}\n"),
    ],
)
def test_items_come_last_in_a_list(before: str, after: str) -> None:
    assert with_blocks(before, {}, {("i", "e", "in"): ["c.d"]}) == after


@pytest.mark.parametrize(("before", "words"), [("sources: {b: 1}\n", "under 'sources' already"), ("sources: [b]\n", "holds no map"), ("- a\n", "is a map")])
def test_what_stands_there_is_never_replaced(before: str, words: str) -> None:
    with pytest.raises(WorkbookError, match=words):
        with_blocks(before, {"sources": NEW})


def test_a_list_that_is_not_there() -> None:
    with pytest.raises(WorkbookError, match=r"i\.f\.in is not in the file"):
        with_blocks("i: {e: {in: a}}\n", {}, {("i", "f", "in"): ["x"]})


@given(st.dictionaries(st.text(min_size=1, max_size=8).filter(str.isprintable), st.text(max_size=12).filter(str.isprintable), max_size=4))
def test_whatever_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    path = tmp_path_factory.mktemp("w") / "f.yml"
    path.write_text(render({"top": {"block": {"in": values}, "flow": values}}), "utf-8")
    text = read_text(path, "f.yml")
    assert not text.problems
    assert text.values["top"] == {"block": {"in": values}, "flow": values}
