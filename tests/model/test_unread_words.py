"""Every word of a source and of a field is honoured for its format and type, or refused with
its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbook.errors import ModelError
from workbook.model import TYPES, load_model
from workbook.model.currencies import nearest_code
from workbook.model.file_formats import (
    DATABASE,
    DIALECT_WORDS,
    FILE_FORMATS,
    SOURCE_WORDS,
    SUFFIXES,
)
from workbook.model.schema import Dialect, Source, SourceField

WRITTEN = {
    "file": "rows{ending}",
    "format": "{form}",
    "dialect": "plain",
    "sheet": "Deals",
    "skip_before": "3",
    "skip_after": "2",
    "starts_at": "Deal",
    "ends_before": "Total",
    "connection": "house",
    "table": "a.b",
    "query": "select 1 as no",
}
EVERYWHERE = {
    "row_is",
    "primary_key",
    "valid",
    "ends",
    "batch",
    "timezone",
    "recorded",
    "keep_for",
    "merged_into",
    "merged_from",
    "guess",
    "fields",
    "owner",
    "decided",
    "because",
    "decided_by",
    "considered",
}
# Words of a field, and the built-in types that they mean something for; all others are read for
# every type.
FIELD_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "format": ("YYYY-MM-DD", ("date", "timestamp")),
    "pivot": ("25, format: DD.MM.YY", ("date", "timestamp")),
    "decimal_mark": ("comma", ("integer", "decimal", "money")),
    "thousands": ("space", ("integer", "decimal", "money")),
    "decimals": ("4", ("decimal", "money")),
    "unit": ("cents", ("money",)),
    "currency": ("EUR", ("money",)),
    "region": ("GB", ("phone",)),
}
EVERY_TYPE = {
    "type",
    "column",
    "path",
    "split",
    "class",
    "guess",
    "category",
    "values",
    "recode",
    "because",
}


def problems(folder: Path, source: str = "", field: str = "no: id", more: str = "") -> str:
    """What `check` says of one source with these words."""
    for path, text in {
        "workbook.yml": "name: T\nas_of: 2025-06-30\ndata: data\nconnections: {house: HOUSE_URL}\n",
        "model/03_sources.yml": (
            "systems: {shop: {}}\ndialects: {plain: {missing: ['-']}, cut: {delimiter:"
            ' semicolon, encoding: latin-1, quote: "\'"}}\nsources:\n  shop.rows:'
            f" {{{source}fields: {{{field}}}}}\n"
        ),
        "model/07_metrics.yml": more,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    try:
        load_model(folder)
    except ModelError as error:
        return str(error)
    return ""


def test_every_word_of_a_source_and_a_field_is_in_one_table() -> None:
    named = {field.alias or name for name, field in Source.model_fields.items()}
    assert named == {*SOURCE_WORDS, *EVERYWHERE} and not {*SOURCE_WORDS} & EVERYWHERE
    told = {field.alias or name for name, field in SourceField.model_fields.items()}
    assert told == {*FIELD_WORDS, *EVERY_TYPE} and not {*FIELD_WORDS} & EVERY_TYPE
    assert {*DIALECT_WORDS} <= {*Dialect.model_fields}


@pytest.mark.parametrize("form", [*FILE_FORMATS, DATABASE])
@pytest.mark.parametrize("word", SOURCE_WORDS)
def test_a_word_is_read_by_the_format_or_refused(tmp_path: Path, word: str, form: str) -> None:
    """A `table` needs a connection, and a connection is no file."""
    ending = SUFFIXES.get(form, ("",))[0]
    own = "connection: house, " if form == DATABASE else f"file: rows{ending}, "
    known_form = form if form in FILE_FORMATS else "csv"
    written = f"{word}: {WRITTEN[word].format(ending=ending or '.csv', form=known_form)}, "
    if word in own:
        own = ""
    if word == "connection" and form != DATABASE:
        own = f"format: {form}, "
    said = problems(tmp_path, own + written)
    assert bool(said) is (form not in SOURCE_WORDS[word]), said
    assert not said or ("03_sources.yml:4" in said and "`" in said)


@pytest.mark.parametrize("form", FILE_FORMATS)
def test_a_dialect_of_text_files_is_refused_for_others(tmp_path: Path, form: str) -> None:
    said = problems(tmp_path, f"file: rows{SUFFIXES[form][0]}, dialect: cut, ")
    refused = {word for word, formats in DIALECT_WORDS.items() if form not in formats}
    assert {word for word in DIALECT_WORDS if f"says `{word}`" in said} == refused


def test_the_format_is_that_of_the_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "data" / "shop").mkdir(parents=True)
    (tmp_path / "data" / "shop" / "rows.csv").write_text("no\n1\n")
    said = problems(tmp_path, "sheet: Deals, ")
    assert "`sheet`" in said and "an Excel workbook" in said and "a CSV file" in said


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("word", FIELD_WORDS)
def test_a_word_of_a_field_is_read_by_its_type_or_refused(
    tmp_path: Path, word: str, kind: str
) -> None:
    value, kinds = FIELD_WORDS[word]
    said = problems(tmp_path, field=f"a: {{type: {kind}, {word}: {value}}}")
    assert bool(said) is (kind not in kinds), said


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("currency: {report_in: euro}\n", "'euro'"),
        ("currency: {report_in: EUX}\n", "'EUX'"),
        ("currency: {report_in: DEM}\n", ""),
    ],
)
def test_the_currency_of_the_report_is_a_code(tmp_path: Path, more: str, words: str) -> None:
    said = problems(tmp_path, more=more)
    assert bool(said) is bool(words) and words in said
    assert not words or ("07_metrics.yml:1" in said and "Did you mean 'EUR'?" in said)


def test_the_currency_of_a_field_is_a_code_or_a_field(tmp_path: Path) -> None:
    field: Any = "paid: {{type: money, currency: {}}}, code: currency"
    assert problems(tmp_path, field=field.format("code")) == ""
    assert "Did you mean 'USD'?" in problems(tmp_path, field=field.format("US dollar"))
    assert "Did you mean 'code'?" in problems(tmp_path, field=field.format("cod"))
    assert "'XQQ'" in problems(tmp_path, field=field.format("XQQ"))


def test_a_pivot_is_for_years_of_two_digits(tmp_path: Path) -> None:
    assert "`pivot` is for years of two digits" in problems(
        tmp_path, field="a: {type: date, pivot: 25}"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [("eur", "EUR"), ("€", "EUR"), ("Euro", "EUR"), ("Swiss franc", "CHF"), ("qqqqq", "")],
)
def test_what_is_meant_is_found_by_code_sign_and_name(text: str, code: str) -> None:
    assert nearest_code(text) == code
