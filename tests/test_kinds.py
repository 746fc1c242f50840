"""Every kind of what goes wrong with real exports has an input of ours: tests/cases/kinds.yml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

TESTS = Path(__file__).parent
KINDS = YAML(typ="safe").load((TESTS / "cases" / "kinds.yml").read_text("utf-8"))


def _exists(reference: str) -> bool:
    """Whether the case or the test that a reference names is there."""
    path, _, test = reference.partition("::")
    if test:
        text = (TESTS / path).read_text("utf-8")
        return bool(re.search(rf"^def {re.escape(test)}\(", text, re.MULTILINE))
    file, _, name = reference.partition(" ")
    cases = YAML(typ="safe").load((TESTS / "cases" / f"{file}.yml").read_text("utf-8"))
    return any(case["name"] == name for case in cases)


def test_every_kind_is_listed() -> None:
    assert [kind.partition(" ")[0] for kind in KINDS] == list("ABCDEFGHI")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_input_whose_answer_is_known(kind: str) -> None:
    assert KINDS[kind]
    for inputs in KINDS[kind].values():
        assert inputs
        assert [each for each in inputs if not _exists(each)] == []
