"""The catalogue: every text compiles, every name that code asks for is there, and none is idle."""

from __future__ import annotations

import ast
import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from workbook.errors import ShowError
from workbook.finding import ORDER
from workbook.words import templates, words_of
from workbook.words.catalogue import FOLDER, PageWords
from workbook.words.findings import finding
from workbook.words.templates import render

SRC = FOLDER.parent
ROOT = SRC.parents[1]
PAGES = {
    path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("en/*.toml"))
}
# What a finding's table holds beside its texts.
OF_FINDINGS = {"severity", "owner", "means", "sentence", "effect", "advice"}
# Read by name from the class of a step, a figure or a finding, not by a text of the code.
BY_PLACE = {"page", "title", "asks", "number", "subtitle", "caption", "empty", *OF_FINDINGS}


class Owners:
    def owner_of(self, *place: str) -> str:
        return f"owner of {'.'.join(place)}"


def leaves(tree: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(tree, dict):
        for name, each in tree.items():
            yield from leaves(each, (*at, name))
    elif isinstance(tree, str):
        yield at, tree


def constants() -> set[str]:
    """The words of every text constant of the code, f-strings taken apart."""
    found: set[str] = set()
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(re.split(r"[^A-Za-z0-9_]+", node.value))
            elif isinstance(node, (ast.Attribute, ast.arg, ast.keyword)):
                found.add(str(node.attr if isinstance(node, ast.Attribute) else node.arg))
    for path in (ROOT / "templates").rglob("*.j2"):
        found.update(re.split(r"[^A-Za-z0-9_]+", path.read_text("utf-8")))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_text_compiles(page: str) -> None:
    for at, text in leaves(PAGES[page]):
        try:
            templates._compiled(text)
        except Exception as error:
            pytest.fail(f"{page}.toml {'.'.join(at)}: {error}")


def test_no_text_is_idle() -> None:
    """What nothing asks for is no text of the product."""
    known = constants()
    idle = [
        f"{page}: {'.'.join(at)}"
        for page, tree in PAGES.items()
        for at, _ in leaves(tree)
        for name in at
        if name not in known and name not in BY_PLACE
    ]
    assert idle == []


@pytest.mark.parametrize("page", PAGES)
def test_a_finding_says_all_of_itself(page: str) -> None:
    for name, entry in PAGES[page].get("findings", {}).items():
        assert set(entry) <= OF_FINDINGS, name
        assert {"severity", "means", "sentence"} <= set(entry), name
        assert set(PageWords(page, PAGES[page]).severities(name)) <= set(ORDER), name


def test_every_finding_of_the_code_is_in_the_catalogue() -> None:
    """`self.finding("name", …)` of a step and `finding(model, "page.name", …)` of a room."""
    missing = []
    for path in SRC.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        word = next(
            (
                node.value.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Assign)
                and getattr(node.targets[0], "id", "") == "word"
                and isinstance(node.value, ast.Constant)
            ),
            "",
        )
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            own = isinstance(node.func, ast.Attribute) and node.func.attr == "finding"
            given = node.args[:1] if own else node.args[1:2]
            if not own and getattr(node.func, "id", "") != "finding":
                continue
            choice = given[0] if given else None
            branches = [choice.body, choice.orelse] if isinstance(choice, ast.IfExp) else [choice]
            for each in branches:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    code = each.value if not own else f"{word}.{each.value}" if word else ""
                    page, _, name = code.partition(".")
                    if name and name not in PAGES.get(page, {}).get("findings", {}):
                        missing.append(f"{path.name}: {code}")
    assert missing == []


def test_values_are_written_by_their_type() -> None:
    values = {"n": 1204, "day": dt.date(2025, 6, 30), "name": "net_mrr", "one": 1}
    text = (
        "{{ n }} {{ n | count('row') }} {{ one | agree('is', 'are') }} {{ day }} {{ name | name }}"
    )
    assert render(text, values) == "1,204 1,204 rows is 30 Jun 2025 net MRR"
    assert render("{{ x | money('EUR') }}", {"x": Decimal("-1204.5")}) == "−€1,204.50"


@pytest.mark.parametrize("value", [1.5, Decimal(2), True, None, ["a"], {"a": 1}])
def test_a_value_with_no_one_way_to_be_written_is_refused(value: object) -> None:
    with pytest.raises(ShowError, match="without a filter"):
        render("{{ value }}", {"value": value})


def test_a_value_that_is_not_given_is_refused() -> None:
    with pytest.raises(ShowError, match="cannot be written"):
        render("{{ nowhere }}", {})


def test_a_value_is_never_a_template() -> None:
    assert render("{{ value }}", {"value": "{{ 7 * 7 }}"}) == "{{ 7 * 7 }}"


def test_what_is_not_in_the_catalogue_names_the_nearest() -> None:
    with pytest.raises(ShowError, match="Did you mean 'severity'"):
        words_of("shared").text("severty.look")
    with pytest.raises(ShowError, match="no page 'nowhere'"):
        words_of("nowhere").text("title")


def test_a_finding_takes_its_words_from_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {
        "severity": ["look", "note"],
        "means": "rows are late",
        "sentence": {"one": "{{ count }} row is late.", "more": "{{ count }} rows are late."},
        "effect": "{{ metric | name }} is low.",
        "owner": "metrics",
    }
    page = PageWords("late", {"page": "99", "findings": {"rows": entry}})
    monkeypatch.setattr("workbook.words.findings.words_of", lambda word: page)
    made = finding(
        Owners(), "late.rows", 3, ("net_mrr",), severity="look", variant="more", metric="net_mrr"
    )
    assert made.sentence == "3 rows are late."
    assert (made.effect, made.advice) == ("net MRR is low.", "")
    assert (made.page, made.owner, made.about) == ("99", "owner of metrics", ("net_mrr",))
    with pytest.raises(ShowError, match="one of the severities"):
        finding(Owners(), "late.rows", 3, variant="more", metric="net_mrr")
