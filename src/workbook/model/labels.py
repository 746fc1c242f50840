"""What a project may know of who is truly who: a file of labelled records or pairs, beside an
attribute that says it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.errors import DataError
from workbook.model.csv_ledger import Broken, Row, read_lines
from workbook.words import error_of

RECORDS, PAIRS = ("record", "label"), ("left_record", "right_record", "same")
HEADS = (RECORDS, PAIRS)
SUFFIXES = (".csv", ".parquet")
_SAME = {
    "true": "true",
    "yes": "true",
    "1": "true",
    "same": "true",
    "false": "false",
    "no": "false",
    "0": "false",
    "different": "false",
}


@dataclass(frozen=True)
class LabelFile:
    """The rows of a file of labels, as text in the order of `columns` (`same` is `true` or
    `false`), and the lines that say nothing.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    broken: tuple[Broken, ...] = ()


def is_file(text: str) -> bool:
    """Whether `labels:` names a file and not an attribute.

    >>> is_file("decisions/labels.csv"), is_file("true_id")
    (True, False)
    """
    return text.lower().endswith(SUFFIXES)


def why_not(root: Path, text: str) -> DataError | None:
    """Why a file of the project cannot hold labels, by its place and its columns; None where it
    can.
    """
    path = (root / text).resolve()
    if not path.is_relative_to(root.resolve()):
        return error_of(DataError, "model.decisions.labels_outside", file=text)
    if not path.is_file():
        return error_of(DataError, "model.decisions.labels_not_found", file=text)
    heads = [", ".join(head) for head in HEADS]
    try:
        found = head_of(path)
    except (OSError, ValueError) as error:
        return error_of(
            DataError,
            "model.decisions.labels_not_readable",
            file=text,
            why=type(error).__name__,
            columns=heads,
        )
    if found in HEADS:
        return None
    # which ones is not told: the first row of a headless file holds values
    return error_of(DataError, "model.decisions.labels_columns", file=text, columns=heads)


def head_of(path: Path) -> tuple[str, ...]:
    """The columns of a file of labels.

    Raises:
        ValueError, OSError: it is no such file.
    """
    if path.suffix.lower() == ".csv":
        with path.open("rb") as file:
            first = file.readline(10_000).decode("utf-8-sig")
        return tuple(cell.strip() for cell in next(csv.reader(io.StringIO(first)), []))
    return tuple(_parquet(path).columns)


def read_labels(path: Path) -> LabelFile:
    """Every label of a file; a record with two truths, an empty cell, a word that is neither
    same nor different are told by line.

    Raises:
        ValueError, OSError: it is no such file.
    """
    columns = head_of(path)
    if path.suffix.lower() == ".csv":
        found, broken = read_lines(path, columns)
    else:
        read = _parquet(path).fill_null("")
        found, broken = (
            [
                (number, dict(zip(columns, row, strict=True)))
                for number, row in enumerate(read.iter_rows(), start=1)
            ],
            [],
        )
    wrong = dict(_wrong(found, columns))
    kept = dict.fromkeys(
        tuple(_cell(name, cells[name]) for name in columns)
        for line, cells in found
        if line not in wrong
    )
    return LabelFile(
        columns,
        tuple(kept),
        tuple(
            sorted(
                [*broken, *(Broken(line, why) for line, why in wrong.items())],
                key=lambda item: item.line,
            )
        ),
    )


# polars takes a third of a second to import, and few projects have labels
def _parquet(path: Path) -> Any:
    import polars as pl

    try:
        return pl.read_parquet(path, glob=False, hive_partitioning=False).cast(pl.String)
    except pl.exceptions.PolarsError as error:
        raise ValueError("it is no Parquet file of plain columns") from error


def _cell(column: str, text: str) -> str:
    return _SAME[text.strip().lower()] if column == "same" else text.strip()


def _wrong(rows: list[Row], columns: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """The lines that say nothing, and why."""
    truths: dict[str, set[str]] = {}
    if columns == RECORDS:
        for _, cells in rows:
            truths.setdefault(cells["record"].strip(), set()).add(cells["label"].strip())
    contradicted = Counter(record for record, found in truths.items() if len(found) > 1)
    for line, cells in rows:
        empty = [name for name in columns if not cells[name].strip()]
        if empty:
            yield line, f"its {', '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty"
        elif "same" in cells and cells["same"].strip().lower() not in _SAME:
            yield line, "its same is neither true nor false"
        elif columns == RECORDS and contradicted[cells["record"].strip()]:
            yield line, "another line gives the same record another truth"
