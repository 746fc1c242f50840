"""Types: the documented list, keys of regions and texts, and the one spelling that is shown."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.engine.function_sandbox import scratch
from workbook.model.types import METHODS, TYPES, grouping_of
from workbook.model.types.countries import country_code, language_code
from workbook.model.types.normalise import NORMALISERS, by_region, key_of_text, normalise
from workbook.model.types.type_list import method_table, type_table
from workbook.model.types.spelling import spelled

DOCS = (Path(__file__).parents[2] / "docs" / "types.md").read_text("utf-8")


def test_the_documentation_lists_every_type_and_method_as_they_are() -> None:
    assert type_table() in DOCS
    assert method_table() in DOCS


def test_every_method_has_a_normaliser_and_every_type_a_method() -> None:
    assert set(NORMALISERS) | {"exact"} == set(METHODS)
    assert {each.normalise for each in TYPES.values()} | {
        grouping_of(name) for name in METHODS
    } <= set(METHODS)


@pytest.mark.parametrize("method", [name for name in METHODS if name not in ("phone", "exact")])
def test_the_two_examples_of_a_method_are_equal(method: str) -> None:
    one, other = METHODS[method].equal
    assert key_of_text(one, method) == key_of_text(other, method) is not None


def test_phones_are_read_by_the_country_of_their_row() -> None:
    numbers = pl.Series(
        "phone", ["030 1234567", "030 1234567", "030 1234567", "+49 30 1234567", None]
    )
    lands = pl.Series(["DE", "Italy", "nowhere", None, "DE"])
    assert by_region(numbers, lands).to_list() == [
        "+49301234567",
        "+390301234567",
        None,
        "+49301234567",
        None,
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("uk", "GB"),
        ("U.S.A.", "US"),
        ("Österreich", "AT"),
        ("oesterreich", ""),
        ("España", "ES"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("PRT", "PT"),
        ("840", "US"),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_country_by_code_or_name(said: str, code: str) -> None:
    assert country_code(said) == code


def test_a_language_by_code_locale_or_name() -> None:
    assert [language_code(said) for said in ("EN", "en-US", "ger", "Deutsch", "Swedish", "x")] == [
        "en",
        "en",
        "de",
        "de",
        "sv",
        "",
    ]


def test_the_most_frequent_spelling_is_shown_and_of_several_the_first() -> None:
    counted = pl.DataFrame(
        {"value": ["PRO", "Pro", "pro", "Team", "team"], "rows": [2, 3, 1, 1, 1]},
        schema_overrides={"rows": pl.Int64},
    )
    assert dict(spelled(counted, "category", []).select("value", "shown").iter_rows()) == {
        "PRO": "Pro",
        "Pro": "Pro",
        "pro": "Pro",
        "Team": "Team",
        "team": "Team",
    }
    assert set(spelled(counted, "category", ["tEAM"])["shown"]) == {"Pro", "tEAM"}


@given(
    st.lists(
        st.text(
            alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cn", "Co"]),
            min_size=1,
            max_size=8,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_lower_case_of_what_is_shown_is_its_key_in_sql_too(values: list[str]) -> None:
    """Filters compare `lower` of the shown spelling with a key that Polars made."""
    counted = pl.DataFrame({"value": sorted(set(values))}).with_columns(rows=pl.lit(1, pl.Int64))
    told = spelled(counted, "category", []).drop_nulls("key")
    with scratch(told=told) as connection:
        lower = [
            row[0]
            for row in connection.execute(
                "select replace(lower(shown), 'ς', 'σ') from told order by value"
            ).fetchall()
        ]
    differ = [
        (one, other)
        for one, other in zip(lower, told.sort("value")["key"].to_list(), strict=True)
        if one != other
    ]
    assert all(
        unicodedata.normalize("NFKC", one).casefold()
        == unicodedata.normalize("NFKC", other).casefold()
        for one, other in differ
    ), differ


@given(st.lists(st.one_of(st.none(), st.text(max_size=10)), max_size=8))
def test_a_key_depends_on_the_value_alone(values: list[str | None]) -> None:
    given = pl.Series(values, dtype=pl.String)
    for method in ("category", "email", "country", "postal_code"):
        keys = normalise(given, method).to_list()
        assert keys == [None if value is None else key_of_text(value, method) for value in values]
