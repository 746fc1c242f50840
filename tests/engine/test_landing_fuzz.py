"""The fast reader of CSV files against the exact one, and the count of records against both."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from workbook.engine import FieldSpec, SourceSpec, Store
from workbook.engine.connection import connect, run
from workbook.engine.landing.formats import FORMATS
from workbook.engine.landing.file_scan import FileScan

PLAIN = ["a", "b", "", " ", "x y", '"q"', '""', '"a,b"', '"a\nb"', '"a""b"', "1,5", "é", "\t", "'"]
ODD = [
    '"',
    'a"b',
    '"a"b',
    '"a',
    'b"',
    "\ufeff",
    "\\",
    '\\"',
    '"a\r\nb"',
    "#c",
    "NULL",
    '"\n"',
    '""""',
    "\x00",
    '"a" ',
    ' "a"',
    '"a\nb" c',
    '"""',
    "\r",
    "\n",
]
CSV = FORMATS["csv"]


def a_file(rng: random.Random) -> tuple[bytes, dict[str, str], int]:
    """The bytes of a small file, its dialect, and how many columns it has."""
    delimiter, end = rng.choice(",,;\t|"), rng.choice(["\n", "\n", "\r\n", "\r"])
    width = rng.randint(1, 4)
    cells = PLAIN + ODD if rng.random() < 0.5 else PLAIN
    lines = [delimiter.join("abcd"[:width])]
    for _ in range(rng.randint(0, 6)):
        fields = width if rng.random() < 0.85 else rng.randint(0, width + 2)
        record = [rng.choice(cells) for _ in range(fields)]
        lines.append(
            delimiter.join(cell.replace(",", rng.choice([",", delimiter])) for cell in record)
        )
    text = end.join(lines) + rng.choice([end, end, "", end + end])
    if rng.random() < 0.1:
        text = text.replace(end, rng.choice(["\n", "\r\n"]), 1)
    encoding = rng.choice(["utf-8", "utf-8", "utf-8", "latin-1"])
    if encoding == "latin-1":
        return (
            text.replace("\ufeff", "").encode("latin-1"),
            _dialect(delimiter, encoding, rng),
            width,
        )
    return (
        (("\ufeff" if rng.random() < 0.1 else "") + text).encode(),
        _dialect(delimiter, encoding, rng),
        width,
    )


def _dialect(delimiter: str, encoding: str, rng: random.Random) -> dict[str, str]:
    return {"delimiter": delimiter, "encoding": encoding, "quote": rng.choice(['"'] * 9 + [""])}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    store = Store(tmp_path / "store")
    made = connect(store, [tmp_path], threads=1, memory=None)
    yield made
    made.close()
    store.close()


@pytest.mark.parametrize(
    ("seed", "files"), [(1, 400), pytest.param(2, 10_000, marks=pytest.mark.long)]
)
def test_both_readers_and_the_count_agree(
    seed: int, files: int, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """Whatever is taken by the fast reader is what the exact one finds; no record is lost by
    either.
    """
    rng, seen = random.Random(seed), Counter()
    for number in range(files):
        content, dialect, width = a_file(rng)
        file = tmp_path / "x.csv"
        file.write_bytes(content)
        fields = tuple(FieldSpec(name) for name in "abcd"[:width])
        spec = SourceSpec("shop.orders", (str(file),), fields, **dialect)
        exact = CSV.read_exactly(spec, file)
        told = f"seed {seed}, file {number}: {content!r}, {dialect}"
        assert CSV.count(spec, file) == exact.height, told
        fast = _taken(connection, CSV.read(spec, file))
        seen["exact" if fast is None else "fast"] += 1
        if fast is not None:
            assert fast == exact.select("_row", "_reject", *"abcd"[:width]).rows(), told
    assert seen["fast"] > files / 5
    assert seen["exact"] > files / 5


def _taken(connection: duckdb.DuckDBPyConnection, read: object) -> list[tuple] | None:
    """The rows of the fast reader, or None where the exact one is asked, as `make_scan` does it."""
    assert isinstance(read, FileScan)
    expected = read.rows()
    try:
        found = run(connection, read.sql)
    except duckdb.Error:
        return None
    return found if len(found) == expected else None
