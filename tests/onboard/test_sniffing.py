"""How files are written: encodings, delimiters, forms, dates, decimals, missing values."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from workbook.errors import DataError
from workbook.onboard.formats import Formats, formats_of, is_day, is_time, missing_in
from workbook.onboard.sniff import Written, encoding_of, sniffed


def series(*values: str) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b;c\n1,5;2;3\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('a;b\n"1;2";3\n', ";"),
        ("only\nx, y\nz\n", ","),
        ("name,note\nann,a; b; c; d\nbob,e; f; g\n", ","),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_records_alike(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    assert sniffed(tmp_path / "t.csv").delimiter == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a\nplain\n", "utf-8"),
        ("a\nJosé\n".encode(), "utf-8"),
        ("a\nJosé\n".encode("utf-8-sig"), "utf-8"),
        ("a\nJosé €\n".encode("windows-1252"), "windows-1252"),
        (b"a\nJos\xe9 \x81\n", "latin-1"),
        ("a\nJosé\n".encode("utf-16"), "utf-16"),
    ],
)
def test_the_encoding_is_read_from_all_of_the_file(tmp_path: Path, raw: bytes, expected: str) -> None:
    (tmp_path / "t.csv").write_bytes(raw)
    assert encoding_of(tmp_path / "t.csv") == expected


def test_json_is_told_from_one_object_a_line_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"x": 1}]')
    (tmp_path / "b.json").write_text('{"x": 1}\n{"x": 2}\n')
    assert sniffed(tmp_path / "a.json") == Written("json")
    assert sniffed(tmp_path / "b.json") == Written("ndjson")


@pytest.mark.parametrize(("text", "words"), [("", "is empty"), ("1,2\n3,4\n", "looks like data"), ("ann@x.example,2\n", "looks like data"), ("\n1,2\n", "empty line")])
def test_a_file_without_a_header_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(DataError, match=words):
        sniffed(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("columns", "dates", "timestamps", "mark"),
    [
        ([series("2024-01-31", "2024-02-01")], "ISO", "ISO", "point"),
        ([series("31/01/2024", "01/02/2024")], "DD/MM/YYYY", "ISO", "point"),
        ([series("01/31/2024", "02/01/2024")], "MM/DD/YYYY", "ISO", "point"),
        ([series("31.01.2024")], "DD.MM.YYYY", "ISO", "point"),
        ([series("16-10-2024"), series("16-10-2024 03:00")], "DD-MM-YYYY", "DD-MM-YYYY HH:MI", "point"),
        ([series("2024-01-31T10:00:00Z", "2024-01-31 10:00")], "ISO", "ISO", "point"),
        ([series("2024-01-31", "2024-01-31 3:00")], "ISO", "YYYY-MM-DD HH:MI", "point"),
        ([series("1,5", "2"), series("x")], "ISO", "ISO", "comma"),
        ([series("1.5", "2")], "ISO", "ISO", "point"),
        ([series("12345")], "ISO", "ISO", "point"),
    ],
)
def test_formats_are_those_that_fit(columns: list[pl.Series], dates: str, timestamps: str, mark: str) -> None:
    found = formats_of(columns, ("",))
    assert (found.dates, found.timestamps, found.decimal_mark) == (dates, timestamps, mark)


def test_one_column_with_a_day_above_twelve_decides_for_all() -> None:
    assert formats_of([series("01/02/2024"), series("31/01/2024")], ("",)).dates == "DD/MM/YYYY"
    assert formats_of([series("01/02/2024"), series("01/31/2024")], ("",)).dates == "MM/DD/YYYY"


def test_days_that_could_be_months_are_said_to_be_unsure() -> None:
    found = formats_of([series("01/02/2024", "03/04/2024")], ("",))
    assert found.dates == "DD/MM/YYYY"
    assert found.unsure == ("dates are read as DD/MM/YYYY, and MM/DD/YYYY would fit as well",)
    assert formats_of([series("31/02/2024", "30/04/2024")], ("",)).dates == "ISO"  # 31 February is no day in any format


def test_a_file_shows_only_what_some_column_shows() -> None:
    assert formats_of([series("x", "y")], ("",)).shown == set()
    assert formats_of([series("1,5"), series("31/01/2024")], ("",)).shown == {"dates", "decimal_mark"}


def test_days_and_times_are_told_apart() -> None:
    formats = Formats(dates="DD/MM/YYYY", timestamps="DD/MM/YYYY HH:MI")
    assert is_day(series("31/01/2024", "x"), formats) == 0.5
    assert is_time(series("31/01/2024", "01/02/2024"), formats) == 0
    assert is_time(series("31/01/2024", "01/02/2024 10:00"), formats) == 1


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([series("1", "2", "NULL")], ("", "NULL")),
        ([series("a", "N/A")], ("", "N/A")),
        ([series("NA", "DE", "FR")], ("",)),  # Namibia
        ([series(*["5"] * 50, "NA")], ("", "NA")),
        ([series("none", "basic")], ("",)),  # an entitlement
        ([series("-", *["2024-01-01"] * 50)], ("", "-")),
    ],
)
def test_words_for_nothing_are_told_from_values(columns: list[pl.Series], expected: tuple[str, ...]) -> None:
    assert missing_in(columns) == expected
