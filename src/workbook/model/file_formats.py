"""The formats of files that a source may name, and which words of a source each reads; what
reads them stands in `engine.landing.formats`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SUFFIXES: dict[str, tuple[str, ...]] = {
    "csv": (".csv", ".txt"),
    "tsv": (".tsv",),
    "parquet": (".parquet",),
    "json": (".json",),
    "ndjson": (".ndjson", ".jsonl"),
    "excel": (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
}
FILE_FORMATS = tuple(SUFFIXES)
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
DATABASE = "database"  # a source that a connection gives
_TEXT, _LINED = ("csv", "tsv"), ("csv", "tsv", "excel")
# Words of a source, and of the dialect that it names, that mean something for some formats only.
SOURCE_WORDS: dict[str, tuple[str, ...]] = {
    "file": FILE_FORMATS,
    "format": FILE_FORMATS,
    "dialect": FILE_FORMATS,
    "sheet": ("excel",),
    "skip_before": _LINED,
    "skip_after": _LINED,
    "starts_at": _LINED,
    "ends_before": _LINED,
    "connection": (DATABASE,),
    "table": (DATABASE,),
    "query": (DATABASE,),
}
DIALECT_WORDS: dict[str, tuple[str, ...]] = {
    "delimiter": ("csv",),
    "encoding": _TEXT,
    "quote": _TEXT,
}
SAID = {
    "csv": "a CSV file",
    "tsv": "a file with tabs",
    "parquet": "a Parquet file",
    "json": "a JSON file",
    "ndjson": "a file of JSON lines",
    "excel": "an Excel workbook",
    DATABASE: "a database",
}


def format_by_name(file: str) -> str:
    """The format that the ending of a file's name says, or ''."""
    ending = Path(file).suffix.lower()
    return next((name for name, endings in SUFFIXES.items() if ending in endings), "")


def usual_files(root: Path, source: str) -> Iterator[Path]:
    """The files that a source without `file:` may mean: `<system>/<table>.*`, else
    `<system>_<table>.*`.
    """
    system, _, table = source.partition(".")
    for folder, stem in ((root / system, table), (root, f"{system}_{table}")):
        names = sorted(folder.iterdir()) if folder.is_dir() else ()
        found = [
            file
            for file in names
            if file.stem == stem and format_by_name(file.name) and file.is_file()
        ]
        yield from found
        if found:
            return
