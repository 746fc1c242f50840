"""Reads a project's decisions where its data is not at hand: every variable is set, every source has an empty file, and the review is read by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook.identity.ledger import read_ledger
from workbook.model import Model, load_model
from workbook.steps.matching import ledger_path


def read_unseen(root: Path) -> Model:
    """The model, though the folder that its data lies in may not be known here."""
    return load_model(root, env=_AnyVariable(os.environ))


@contextmanager
def empty_files(model: Model) -> Iterator[Path]:
    """A folder in which each source has a file without a line: enough to plan its tables, too little to build them."""
    with TemporaryDirectory(prefix="workbook-check-") as name:
        folder = Path(name).resolve()
        for source, spec in (model.sources.sources if model.sources else {}).items():
            file = (folder / (spec.file or f"{source.replace('.', '_')}.csv")).resolve()
            if file.is_relative_to(folder):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
        yield folder


def undecided_lines(model: Model) -> list[str]:
    """Each line of the review that decides nothing, by its place: who decided by hand must not think that it counts.

    Raises:
        DataError: the file is there and cannot be read at all.
    """
    path = ledger_path(model)
    return [f"{path.parent.name}/{path.name}:{each.line}: {each.why}. It decides nothing until it is mended." for each in read_ledger(path).broken]


class _AnyVariable(dict[str, str]):
    """The environment, in which every variable is set."""

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: object = None) -> str:  # type: ignore[override]
        return super().get(name, "unset")
