"""How files are written: encodings, delimiters, forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.errors import DataError
from workbook.sources.onboard.sniff import FileForm, encoding_of, sniffed


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
def test_the_delimiter_is_the_one_that_cuts_records_alike(
    tmp_path: Path, text: str, expected: str
) -> None:
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
def test_the_encoding_is_read_from_all_of_the_file(
    tmp_path: Path, raw: bytes, expected: str
) -> None:
    (tmp_path / "t.csv").write_bytes(raw)
    assert encoding_of(tmp_path / "t.csv") == expected


def test_json_is_told_from_one_object_a_line_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"x": 1}]')
    (tmp_path / "b.json").write_text('{"x": 1}\n{"x": 2}\n')
    assert sniffed(tmp_path / "a.json") == FileForm("json")
    assert sniffed(tmp_path / "b.json") == FileForm("ndjson")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("1,2\n3,4\n", "looks like data"),
        ("ann@x.example,2\n", "looks like data"),
        ("\n1,2\n", "empty line"),
    ],
)
def test_a_file_without_a_header_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(DataError, match=words):
        sniffed(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("text", "delimiter", "above"),
    [
        ("a,b\n1,2\n", ",", 0),
        ("sep=;\na;b\n1,5;2\n", ";", 0),  # the reader itself takes the hint
        ("Customers by owner\n\nid,name,email\n1,x,y\n2,x,y\n3,x,y\n", ",", 2),
        ("Report\nas of today\nid;name\n1;x\n2;y\n3;z\n", ";", 2),
        ("only\nx\ny\n", ",", 0),
    ],
)
def test_titles_above_the_header_are_counted(
    tmp_path: Path, text: str, delimiter: str, above: int
) -> None:
    (tmp_path / "t.csv").write_text(text)
    found = sniffed(tmp_path / "t.csv")
    assert (found.delimiter, found.skip_before) == (delimiter, above)
