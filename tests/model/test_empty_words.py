"""Words that mean nothing: one judgement in SQL and in Python, per type, with what a team adds
and keeps.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.engine import lint
from workbook.errors import ModelError
from workbook.model import TYPES, Placeholders, load_model, means_nothing, nothing_sql
from workbook.model.empty_words import CONTACT, UNMISTAKABLE, WORDS

TEXTS = [name for name, kind in TYPES.items() if kind.sql_type == "VARCHAR"]


def by_sql(value: str, words: Placeholders) -> bool:
    sql = f"select {nothing_sql('v', words)} as nothing from given"
    lint(sql, "test")
    return bool(duckdb.execute("with given as (select ? as v) " + sql, [value]).fetchone()[0])


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("phone", "unknown", True),
        ("phone", "+49 000 000 000", True),
        ("phone", "(555) 555-5555", True),
        ("phone", "123-456-7890", True),
        ("phone", "+12125550101", False),
        ("phone", "0", True),
        ("email", "noreply@shop.test", True),
        ("email", "No-Reply@shop.test", True),
        ("email", "test@test.com", True),
        ("email", "testa@firm.test", False),
        ("email", "n/a", True),
        ("full_name", " N/A. ", True),
        ("full_name", "Jennifer Null", False),
        ("person_name", "xxx", True),
        ("person_name", "Nan", False),
        ("company_name", "not provided", True),
        ("postal_address", "-", True),
        ("domain", "none", True),
        ("domain", "test.com", False),
        ("tax_id", "000000000", True),
        ("device_id", "00000000-0000-0000-0000-000000000000", True),
        ("text", "unknown", False),
        ("text", "test", False),
        ("text", "none", False),
        ("text", "#N/A", True),
        ("text", "NULL", True),
        ("text", "-", True),
        ("text", "0", False),
        ("id", "0", False),
        ("id", "null", True),
        ("country", "NA", False),
        ("free_text", "n/a", True),
    ],
)
def test_what_means_nothing_by_type(kind: str, value: str, expected: bool) -> None:
    words = Placeholders(kind)
    assert (means_nothing(value, words), by_sql(value, words)) == (expected, expected)


def test_a_team_adds_words_and_keeps_others() -> None:
    mail, name = (
        Placeholders("email", add=("asdf", "info@shop.test")),
        Placeholders("person_name", keep=("Null",)),
    )
    for value, words, expected in (
        ("asdf@any.test", mail, True),
        ("INFO@shop.test", mail, True),
        ("info@other.test", mail, False),
        ("null", name, False),
        ("none", name, True),
    ):
        assert (means_nothing(value, words), by_sql(value, words)) == (expected, expected), value


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["text", "phone", "email", "person_name", "tax_id"]),
    st.one_of(
        st.sampled_from([*WORDS, *UNMISTAKABLE, "no email", "55555555", "0 0"]).flatmap(
            lambda word: st.sampled_from(
                [word, word.upper(), f" {word} ", f"{word}@x.test", f"{word}.", f"a{word}"]
            )
        ),
        st.text("aN0125 -/@.+'", max_size=12),
    ),
)
def test_sql_and_python_agree(kind: str, value: str) -> None:
    words = Placeholders(kind, add=("0125",), keep=("n/a",))
    assert means_nothing(value, words) == by_sql(value, words)


def test_every_type_that_names_or_reaches_somebody_brings_all_words() -> None:
    assert {name for name in CONTACT if name in TYPES} <= set(TEXTS)
    assert (
        set(WORDS) <= set(Placeholders("email").words)
        and "unknown" not in Placeholders("text").words
    )


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"emial": ["x"]}, "'emial'"),
        ({"date": ["x"]}, "'date'"),
        ({"person_name": {"keep": ["nul"]}}, "'null'"),
        ({"email": {"ad": ["x"]}}, "'ad'"),
    ],
)
def test_words_of_no_type_are_refused_with_their_place(
    tmp_path: Path, said: dict, word: str
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "workbook.yml").write_text("name: T\nas_of: 2025-06-30\n")
    (tmp_path / "model" / "03_sources.yml").write_text(json.dumps({"empty_words": said}))
    with pytest.raises(ModelError) as refused:
        load_model(tmp_path)
    (problem,) = refused.value.problems
    assert word in str(problem) and (problem.file, problem.line) == ("model/03_sources.yml", 1)
    codes = {
        "emial": "model.unknown_name",
        "date": "model.sources.empty_words_of_no_text",
        "person_name": "model.unknown_name",
        "email": "model.yaml.unknown_word",
    }
    assert problem.code == codes[next(iter(said))]
