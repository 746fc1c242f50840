"""Errors of the catalogue: each that is raised exists, each that exists is raised, values are
given, and sentences keep to the rules of words.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from jinja2 import meta
from rendered import FORBIDDEN, MOST, sentences, words_in

from workbook.errors import DataError, ModelError, ShowError, WorkbookError
from workbook.words import error_of, problem_of, reference
from workbook.words.catalogue import ENGLISH, FOLDER
from workbook.words.error_texts import ERRORS
from workbook.words.templates import _environment

SRC = FOLDER.parent
TOP = FOLDER / ENGLISH / ERRORS
TEXTS = {
    ".".join((*path.relative_to(TOP).with_suffix("").parts, name)): entry
    for path in sorted(TOP.rglob("*.toml"))
    for name, entry in tomllib.loads(path.read_text("utf-8")).items()
}
# An entry is an error, or an advice that several give; any other table holds words that they share.
CODES = {code: entry for code, entry in TEXTS.items() if "advice" in entry}
# The functions that take a code.
RAISE = ("error_of", "problem_of", "problem", "advice_of")
CODE = re.compile(r"[a-z_0-9]+(?:\.[a-z_0-9]+)+")


class Call(NamedTuple):
    """One place of the code that raises by code."""

    at: str
    code: str
    given: set[str]
    whole: bool  # no values are handed through (`**values`)


def branches(node: ast.expr) -> Iterator[str]:
    """The texts that an argument can be: a constant, or one of two."""
    if isinstance(node, ast.IfExp):
        yield from branches(node.body)
        yield from branches(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def calls(text: str, at: str) -> Iterator[Call]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in RAISE:
            given = {each.arg for each in node.keywords if each.arg}
            whole = all(each.arg for each in node.keywords)
            for each in node.args[:2]:
                for code in branches(each):
                    if CODE.fullmatch(code):
                        yield Call(f"{at}:{node.lineno}", code, given, whole)


CALLS = [
    call
    for path in sorted(SRC.rglob("*.py"))
    for call in calls(path.read_text("utf-8"), str(path.relative_to(SRC)))
]


def named(code: str) -> set[str]:
    """The values that the texts of an error name."""
    parse = _environment().parse
    return {
        name
        for text in CODES[code].values()
        for name in meta.find_undeclared_variables(parse(text))
    }


def missing_codes(found: list[Call]) -> list[str]:
    return [f"{call.at}: {call.code}" for call in found if call.code not in CODES]


def missing_values(found: list[Call]) -> list[str]:
    return [
        f"{call.at}: {call.code} needs {', '.join(sorted(lacks))}"
        for call in found
        if call.code in CODES and call.whole and (lacks := named(call.code) - call.given)
    ]


def idle_values(found: list[Call]) -> list[str]:
    """Values that no text of an error names, where the code is one and not one of two."""
    codes = {}
    for call in found:
        codes.setdefault(call.at, set()).add(call.code)
    return [
        f"{call.at}: {call.code} does not say {', '.join(sorted(more))}"
        for call in found
        if call.code in CODES
        and (more := call.given - {n for c in codes[call.at] & set(CODES) for n in named(c)})
    ]


def test_every_error_that_is_raised_is_in_the_catalogue() -> None:
    assert len(CALLS) > 3
    assert missing_codes(CALLS) == []


def test_every_error_of_the_catalogue_is_raised() -> None:
    constants = {
        node.value
        for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(CODES) - constants) == []


def test_every_word_that_errors_share_is_asked_for() -> None:
    """Tables of a file that are no error: the kinds of names, and what stands around an error."""
    shared = {name for code, entry in TEXTS.items() if code not in CODES for name in entry}
    constants = {
        word
        for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in node.value.split(".")
    }
    assert len(shared) > 20
    assert sorted(shared - constants) == []


def test_every_value_of_an_error_is_given_and_said() -> None:
    assert missing_values(CALLS) == []
    assert idle_values(CALLS) == []


def test_planted_faults_are_found() -> None:
    code = "model.not_found"
    planted = (
        f"error_of(E, 'model.nowhere_found')\nerror_of(E, '{code}')\n"
        f"problem_of('{code}', f, 1, folder=f, more=m)\n"
    )
    found = list(calls(planted, "x"))
    assert missing_codes(found) == ["x:1: model.nowhere_found"]
    assert missing_values(found) == [f"x:2: {code} needs folder"]
    assert idle_values(found) == [f"x:3: {code} does not say more"]


@pytest.mark.parametrize("code", CODES)
def test_an_error_says_what_is_wrong_and_what_to_do(code: str) -> None:
    assert set(CODES[code]) in ({"sentence", "advice"}, {"advice"})


@pytest.mark.parametrize("code", [code for code in CODES if "unknown" in code])
def test_an_unknown_name_is_told_with_the_nearest(code: str) -> None:
    assert re.search(r"\| nearest\(|\bhint\b", CODES[code]["advice"])


# A name of the code in a sentence, where it is no name of a file and not quoted.
NAME = re.compile(r"(?<![\w./@-])[a-z][a-z0-9]*_[a-z0-9_]+")
FILE = re.compile(r"[\w/*{}.-]+\.(?:yml|csv|parquet|toml|md|json|html|ipynb)\b")
COMMAND = re.compile(r"`[^`]*`|'[^']*'|“[^”]*”")
AMERICAN = re.compile(r"\b(?:color|behavior|center|license[sd]|canceled|labeled|catalog)\b", re.I)


def shape(text: str) -> str:
    """A text without its values, as long as it is at least."""
    plain = re.sub(r"\{%.*?%\}", " ", text, flags=re.S)
    return " ".join(re.sub(r"\{\{.*?\}\}", "it", plain, flags=re.S).split())


def faults(text: str) -> list[str]:
    """What a text says against the rules of words."""
    plain = FILE.sub("it", COMMAND.sub("it", shape(text)))
    found = [f"{rule}: {plain}" for rule, phrase in FORBIDDEN.items() if phrase.search(plain)]
    found += [f"a name of the code ({name}): {plain}" for name in NAME.findall(plain)]
    found += [f"American spelling ({word}): {plain}" for word in AMERICAN.findall(plain)]
    return found + [
        f"{words_in(each)} words: {each}" for each in sentences(plain) if words_in(each) > MOST
    ]


@pytest.mark.parametrize("code", TEXTS)
def test_an_error_keeps_to_the_rules_of_words(code: str) -> None:
    for text in TEXTS[code].values():
        assert faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The field crm_id is not known.",
        "It rests on a rule.",
        " ".join(["word"] * 26) + ".",
        "The color is wrong.",
    ],
)
def test_what_breaks_a_rule_is_found(text: str) -> None:
    assert len(faults(text)) == 1


def test_an_error_and_a_problem_carry_their_code() -> None:
    values = {"folder": "shop"}
    made = error_of(DataError, "model.not_found", **values)
    told = problem_of("model.not_found", "workbook.yml", 0, **values)
    assert (type(made), made.code, told.code) == (DataError, "model.not_found", "model.not_found")
    assert str(made) == f"{told.what} {told.advice}"
    assert made.at("workbook.yml", 0) == told
    assert ModelError([told]).code == "model.not_found"
    plain = WorkbookError("It is so.").at("a.yml", 2)
    assert (plain.what, plain.advice, plain.code) == ("It is so.", "", "")
    with pytest.raises(ShowError):
        error_of(DataError, "model.nowhere")


def test_the_page_of_errors_is_that_of_the_catalogue() -> None:
    """`python -m workbook.words.reference` writes it."""
    assert reference.ERRORS_PAGE.read_text("utf-8") == reference.errors_page()
    assert Path(reference.ERRORS_PAGE).name == "errors.md"
