"""The method's own lists are quoted as its essay gives them, and stand in one file alone."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbook.words.catalogue import ENGLISH, FOLDER, words_of
from workbook.words.templates import render

# Each sentence as the essay has it, by its place in method.toml.
PINNED = Path(__file__).with_name("method_quotes.txt")
_SENTENCE = 5  # words from which on a text is a sentence of the method, and no name


def leaves(tree: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield ".".join(at), render(tree, {})
    else:
        for name, each in tree.items():
            yield from leaves(each, (*at, name))


def test_every_text_of_the_method_is_that_of_its_essay() -> None:
    pinned = dict(line.split(": ", 1) for line in PINNED.read_text("utf-8").splitlines())
    assert dict(leaves(words_of("method").tree)) == pinned


def test_the_lists_have_the_length_that_the_essay_gives_them() -> None:
    counts = {name: len(each) for name, each in words_of("method").tree.items()}
    assert counts == {
        "questions": 10,
        "verdict": 1,
        "grains": 5,
        "operator_rule": 1,
        "patterns": 5,
        "warning": 1,
        "modes": 7,
        "symptoms": 6,
        "decisions": 5,
        "modules": 8,
        "checkpoint": 1,
        "governance": 6,
    }


def test_no_other_page_quotes_the_method() -> None:
    quoted = {text for _, text in leaves(words_of("method").tree) if len(text.split()) >= _SENTENCE}
    elsewhere = [
        f"{path.name}: {name}"
        for path in (FOLDER / ENGLISH).rglob("*.toml")
        if path.stem != "method"
        for name, text in _texts(tomllib.loads(path.read_text("utf-8")))
        if any(quote in text for quote in quoted)
    ]
    assert elsewhere == []


def _texts(tree: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text as it is written, its lines joined."""
    if isinstance(tree, str):
        yield at, " ".join(tree.split())
    elif isinstance(tree, dict):
        for name, each in tree.items():
            yield from _texts(each, f"{at}.{name}")
