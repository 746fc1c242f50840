"""Rows with their values: they travel as messages, and nothing of them is in the widget's state or
in what a notebook saves.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbook import Workbook
from workbook.widget import revealed

import polars as pl

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"
PERSONAL = ("shop.example", "Ann Lee")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = Workbook.open(shutil.copytree(TINY, tmp_path / "tiny"))
    yield opened
    opened.close()


def told(widget: Any) -> dict[str, Any]:
    heard: list[dict[str, Any]] = []
    widget.send = lambda content, buffers=None: heard.append(content)
    widget._handle_custom_msg({"do": "open"}, [])
    return heard[-1]


def found(text: str) -> list[str]:
    return [each for each in PERSONAL if each in text]


@pytest.mark.parametrize("ask", ["table", "sql"])
def test_values_are_in_the_message_and_nowhere_else(book: Workbook, ask: str) -> None:
    query = "select * from person" if ask == "sql" else "person"
    widget = getattr(book, ask)(query, reveal=True)
    assert found(json.dumps(told(widget), default=str)) == list(PERSONAL)
    assert widget.frame.height == 4
    saved = json.dumps(widget._repr_mimebundle_()[0], default=str) + repr(widget)
    state = json.dumps(widget.get_state(), default=str)
    assert found(saved) == found(state) == []
    assert found(repr(book.table("person"))) == []


def test_many_rows_are_cut_and_that_is_said() -> None:
    message = told(revealed(pl.DataFrame({"n": range(2_500)}), "many"))
    assert len(message["rows"]) == 2_000
    assert "2,000 of 2,500 rows" in message["note"]
