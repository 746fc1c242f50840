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
from workbook.dossier import clean_decisions, clean_runs, contents_used, decisions_used
from workbook.engine import KEPT, Store, kept_folder
from workbook.errors import WorkbookError
from workbook.model.durations import Duration, duration
from workbook.words import number

RUNS_KEPT = 3
_SHORT = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def clean(
    project: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PROJECT]",
            help="The project's folder; by default the nearest with a workbook.yml upward.",
        ),
    ] = None,
    older_than: Annotated[
        str,
        typer.Option(
            "--older-than",
            metavar="TIME",
            help=(
                "Also remove runs but the latest, and whatever is kept in .workbook, that are older"
                " than this: 30d, '6 months'."
            ),
        ),
    ] = "",
) -> None:
    """Remove stored tables that none of the last three runs used, which can always be built
    again, and copies of earlier decisions.
    """
    root = find_project(project)
    runs = root / read_unseen(root).project.runs
    limit = _length(older_than) if older_than else None
    since = limit.before(dt.datetime.now(dt.UTC)).timestamp() if limit else 0.0
    if limit:
        gone = clean_runs(runs, since)
        say(
            f"{number.plural(len(gone), 'run')} older than {limit}"
            f" {'is' if len(gone) == 1 else 'are'} removed; the latest stays."
        )
    _clean_store(root, runs, since)
    _clean_copies(root, runs, since)


def _clean_store(root: Path, runs: Path, since: float) -> None:
    keep = contents_used(runs, RUNS_KEPT)
    store = Store(kept_folder(root) / "store")
    try:
        keep = keep & store.written_since(since) if since else keep
        removed = store.clean(keep)
    finally:
        store.close()
    if removed:
        say(
            f"{len(removed)} stored tables are removed; those of the last {RUNS_KEPT} runs stay"
            f" ({len(keep)})."
        )
    else:
        say(
            "Nothing was removed: every stored table is of the last runs, or an open notebook still"
            " uses the store."
        )


def _clean_copies(root: Path, runs: Path, since: float) -> None:
    """Copies of decisions that no run needs, and rows of databases and a log of a crash that
    are old.
    """
    if earlier := clean_decisions(root, decisions_used(runs, RUNS_KEPT)):
        say(
            f"{number.plural(earlier, 'copy')} of earlier decisions"
            f" {'is' if earlier == 1 else 'are'} removed; a run made by them can no longer be split"
            " into its causes."
        )
    kept = root / KEPT
    old = [
        file
        for file in (kept / "crash.txt", *kept.glob("extracts/*"))
        if since and file.is_file() and file.stat().st_mtime < since
    ]
    for file in old:
        file.unlink(missing_ok=True)
    if old:
        say(
            f"{number.plural(len(old), 'file')} of rows of databases and of crashes"
            f" {'is' if len(old) == 1 else 'are'} removed."
        )


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
        raise WorkbookError(
            f"--older-than: '{text}' is no time at all. Write it like 30d or '6 months'."
        )
    return length
