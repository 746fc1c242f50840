"""Reads a project's decisions where its data is not at hand: every variable is set, every
source has an empty file, and the review is read by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook.cli.options import WORDS
from workbook.errors import ModelError, Problem
from workbook.identity import LEDGER
from workbook.identity.match_ledger import read_ledger
from workbook.model import Model, load_model
from workbook.model.csv_ledger import Broken
from workbook.nearest_name import did_you_mean
from workbook.review import SIGNOFFS, strangers
from workbook.review import read_ledger as read_signoffs
from workbook.scenarios.pair_review import ledger_path
from workbook.survivorship.exceptions import EXCEPTIONS, exceptions

LEDGERS = (EXCEPTIONS, LEDGER, SIGNOFFS)


def read_unseen(root: Path) -> Model:
    """The model, though the folder that its data lies in may not be known here."""
    return load_model(root, env=_AnyVariable(os.environ))


@contextmanager
def empty_files(model: Model) -> Iterator[Path]:
    """A folder in which each source has a file without a line: enough to plan its tables, too
    little to build them.
    """
    with TemporaryDirectory(prefix="workbook-check-") as name:
        folder = Path(name).resolve()
        for source, spec in (model.sources.sources).items():
            file = (folder / (spec.file or f"{source.replace('.', '_')}.csv")).resolve()
            if file.is_relative_to(folder):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
        yield folder


def undecided_lines(model: Model) -> list[str]:
    """Each line of the files of decisions that decides nothing, by its place, and each file
    that no step reads.

    Who decided by hand must not think that it counts.

    Raises:
        ModelError: none of the lines of some file can be read.
        DataError: a file is there and cannot be read at all.
    """
    broken = [
        *((LEDGER, item) for item in read_ledger(ledger_path(model)).broken),
        *((EXCEPTIONS, Broken(e.line, e.trouble, e.whole)) for e in exceptions(model) if e.trouble),
        *((SIGNOFFS, signoff) for signoff in _signoffs(model)),
    ]
    folder, text = model.project.decisions, WORDS.text
    if lost := [Problem(f"{folder}/{n}", b.line, f"{b.why}.") for n, b in broken if b.whole]:
        raise ModelError(lost)
    lines = [
        # a line's number is written as an editor shows it
        text("check.no_effect", file=f"{folder}/{name}", line=str(item.line), why=item.why)
        for name, item in broken
    ]
    return [*lines, *_unread(model)]


def _signoffs(model: Model) -> Iterator[Broken]:
    ledger = read_signoffs(model.root / model.project.decisions / SIGNOFFS)
    yield from ledger.broken
    yield from strangers(model, ledger)


def _unread(model: Model) -> Iterator[str]:
    """The tables in the folder of decisions that nothing reads: a misspelt name decides nothing."""
    specs = model.identity.identity.values()
    labels = {(model.root / spec.labels).resolve() for spec in specs if spec.labels}
    for path in sorted((model.root / model.project.decisions).glob("*.csv")):
        if path.name not in LEDGERS and path.resolve() not in labels:
            file = f"{model.project.decisions}/{path.name}"
            hint = did_you_mean(path.name, LEDGERS)
            yield WORDS.text("check.unread", file=file, hint=hint, known=LEDGERS)


class _AnyVariable(dict[str, str]):
    """The environment, in which every variable is set."""

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: object = None) -> str:  # type: ignore[override]
        return super().get(name, "unset")
