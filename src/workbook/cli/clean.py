"""`workbook clean`: removes what can be made again and that nobody used lately, and runs of
long ago.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from workbook.book import find_project
from workbook.cli.check_without_data import read_unseen
from workbook.cli.console import say
from workbook.cli.options import OPTIONS, WORDS, ProjectArgument
from workbook.dossier import (
    clean_decisions,
    clean_runs,
    contents_used,
    decisions_used,
    pages_used,
)
from workbook.engine import KEPT, Store, kept_folder
from workbook.errors import WorkbookError
from workbook.model.durations import Duration, duration
from workbook.words import error_of

RUNS_KEPT = 3
_SHORT = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def clean(
    project: ProjectArgument = None,
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="TIME", help=OPTIONS["older_than"])
    ] = "",
) -> None:
    """Remove what no recent run used."""
    root = find_project(project)
    runs = root / read_unseen(root).project.runs
    limit = _length(older_than) if older_than else None
    since = limit.before(dt.datetime.now(dt.UTC)).timestamp() if limit else 0.0
    if limit:
        gone = clean_runs(runs, since)
        say(WORDS.text("clean.runs", runs=len(gone), limit=str(limit)))
    _clean_store(root, runs, since)
    _clean_copies(root, runs, since)


def _clean_store(root: Path, runs: Path, since: float) -> None:
    keep, pages = contents_used(runs, RUNS_KEPT), pages_used(runs, RUNS_KEPT)
    store = Store(kept_folder(root) / "store")
    try:
        if since:
            recent = store.written_since(since)
            keep, pages = keep & recent, pages & recent
        removed = store.clean(keep, pages)
    finally:
        store.close()
    if removed:
        say(WORDS.text("clean.tables", tables=len(removed), kept=len(keep), runs=RUNS_KEPT))
    else:
        say(WORDS.text("clean.nothing"))


def _clean_copies(root: Path, runs: Path, since: float) -> None:
    """Copies of decisions that no run needs, and rows of databases and a log of a crash that
    are old.
    """
    if earlier := clean_decisions(root, decisions_used(runs, RUNS_KEPT)):
        say(WORDS.text("clean.copies", copies=earlier))
    kept = root / KEPT
    old = [
        file
        for file in (kept / "crash.txt", *kept.glob("extracts/*"))
        if since and file.is_file() and file.stat().st_mtime < since
    ]
    for file in old:
        file.unlink(missing_ok=True)
    if old:
        say(WORDS.text("clean.files", files=len(old)))


def _length(text: str) -> Duration:
    """A length of time, such as `6 months`, or with the first letter of its unit: `30d`.

    Raises:
        WorkbookError: it is none, or none at all.
    """
    short = text.strip().lower()
    length = duration(
        f"{short[:-1]} {_SHORT[short[-1]]}"
        if short[:-1].isdigit() and short[-1:] in _SHORT
        else text
    )
    if not length.count:
        raise error_of(WorkbookError, "cli.no_length", text=text)
    return length
