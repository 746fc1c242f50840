"""The page "From your export" shows what add-source writes today, and names words that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from exports_page import EXPORTS, PAGE, prose_of, systems_of, told
from workbook.model.json_schema import schemas

TEXT = PAGE.read_text("utf-8")


def words(node: Any) -> Iterator[str]:
    """Every word of a JSON schema."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for value in node.values():
            yield from words(value)
    elif isinstance(node, list):
        for value in node:
            yield from words(value)


def test_every_export_is_on_the_page() -> None:
    assert sorted(systems_of(TEXT)) == sorted(
        path.name for path in EXPORTS.iterdir() if path.is_dir()
    )


@pytest.mark.parametrize("system", systems_of(TEXT))
def test_the_page_shows_what_add_source_writes(system: str) -> None:
    """`PYTHONPATH=src python tests/onboard/exports_page.py` writes it."""
    assert f"<!-- add-source: {system} -->\n{told(system)}<!-- end -->" in TEXT


def test_the_page_names_words_of_the_model() -> None:
    known = {word for schema in schemas().values() for word in words(schema)}
    named = set(re.findall(r"`([a-z]\w*):[^`]*`", prose_of(TEXT)))
    assert len(named) > 5
    assert named - known == set()
