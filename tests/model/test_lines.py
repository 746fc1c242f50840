"""Files of decisions, however saved: each line is read, or named with its line and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.errors import DataError
from workbook.model.ledger_errors import not_text
from workbook.model.csv_ledger import cells_of, read_lines

COLUMNS = ("id", "by", "because")
HEAD, LINE = ",".join(COLUMNS), "e1,ann,moved"


def written(folder: Path, raw: bytes) -> Path:
    path = folder / "exceptions.csv"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("raw", "line", "whole"),
    [
        (f"{HEAD}\n{LINE}\n".encode() + b"e2,M\xfcller,x\n", 3, True),
        (f"{HEAD}\n{LINE}\n".encode("utf-16"), 1, True),
        (f"{HEAD}\n{LINE}\n".replace(",", ";").encode(), 1, True),
        (f"{HEAD}\n{LINE}\n".replace("because", "why").encode(), 1, True),
        (f"<<<<<<< HEAD\n{HEAD}\n{LINE}\n".encode(), 1, True),
        (f"{HEAD}\n{LINE}\ne2,{'x' * 200_000},y\n".encode(), 3, False),
        (f"{HEAD}\n{LINE}\n=======\n".encode(), 3, False),
        (f"{HEAD}\n{LINE}\ne2\n".encode(), 3, False),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, raw: bytes, line: int, whole: bool
) -> None:
    rows, broken = read_lines(written(tmp_path, raw), COLUMNS)
    assert [(each.line, each.whole) for each in broken] == [(line, whole)]
    assert [number for number, _ in rows] == ([] if whole else [2])


def test_the_remedy_of_a_wrong_encoding(tmp_path: Path) -> None:
    for raw, why in (
        (b"\xfc", not_text(utf16=False)),
        ("é".encode("utf-16"), not_text(utf16=True)),
    ):
        assert [each.why for each in read_lines(written(tmp_path, raw), COLUMNS)[1]] == [why]


def test_a_folder_of_its_name_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "exceptions.csv").mkdir()
    with pytest.raises(DataError, match="exceptions.csv cannot be read"):
        read_lines(tmp_path / "exceptions.csv", COLUMNS)


@pytest.mark.parametrize("divider", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_cell_is_known_however_the_file_was_saved(
    tmp_path: Path, divider: str, encoding: str
) -> None:
    """They are kept off pages; `id` and `name` are the head, and a folder holds nothing."""
    text = "\n".join(divider.join(line) for line in (("id", "name"), ("e1", "Müller")))
    (tmp_path / "notes.csv").write_bytes(text.encode(encoding))
    (tmp_path / "x.csv").mkdir()
    assert cells_of(tmp_path) == {"e1", "Müller"}


def test_a_long_cell_and_one_of_two_lines_are_known(tmp_path: Path) -> None:
    long = "x" * 200_000
    (tmp_path / "notes.csv").write_text(f'id,name\ne1,{long}\ne2,"two\nlines"\n')
    assert {"e1", long, "e2", "two\nlines"} <= cells_of(tmp_path)
