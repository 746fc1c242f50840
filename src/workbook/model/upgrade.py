"""Brings a project of an earlier format to the current one: words that changed in YAML, in
files of decisions, in pages.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook.errors import ModelError, WorkbookError
from workbook.model.format_versions import FORMAT, FORMATS, FormatVersion, outdated, version_of
from workbook.model.yaml_edit import with_key, with_value
from workbook.model.yaml_read import FILES
from workbook.model.yaml_text import Text, read_text
from workbook.words import error_of, problem_of

PROJECT = "workbook.yml"


@dataclass(frozen=True)
class Rewrite:
    """A file of the project as it is and as it is to be, with its path from the project's
    folder.
    """

    path: Path
    name: str
    before: str
    after: str


def rewrites(folder: Path) -> list[Rewrite]:
    """What an upgrade would change, the project's own file last; empty where the project is of
    the current format.

    Raises:
        ModelError: a file cannot be read, is of a later format, or holds an old and a new word
          side by side.
    """
    project = _read(folder / PROJECT, PROJECT)
    version = version_of(project.values)
    if version >= FORMAT:
        if problem := outdated(project):
            raise ModelError([problem])
        return []
    steps = [item for item in FORMATS if item.version > version]
    found = [
        *_decisions(folder, project, steps),
        *_pages(folder, project, steps),
        *_files(folder, project, steps),
    ]
    return [item for item in found if item.before != item.after]


def write(changes: list[Rewrite]) -> None:
    """Put the changes into the files, each by one rename; an upgrade that was cut short can be
    run again.

    Raises:
        WorkbookError: a file was changed since it was read; nothing more is written then.
    """
    for change in changes:
        if _text(change.path) != change.before:
            raise error_of(WorkbookError, "model.decisions.changed_meanwhile", file=change.name)
        handle, name = tempfile.mkstemp(dir=change.path.parent, prefix=".upgrade-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(change.path.stat().st_mode)
        Path(name).replace(change.path)


def _files(folder: Path, project: Text, steps: list[FormatVersion]) -> Iterator[Rewrite]:
    """The YAML files; workbook.yml, which bears the version, comes last."""
    model = str(project.values.get("model", "model"))
    for stem in (*(stem for _, stem, _ in FILES), "workbook"):
        name = PROJECT if stem == "workbook" else f"{model}/{stem}.yml"
        if not (folder / name).is_file():
            continue
        _read(folder / name, name)
        text = _text(folder / name)
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        after = text.removeprefix(mark)
        try:
            for step in steps:
                for file, path, new in step.keys:
                    after = with_key(after, path, new) if file == stem else after
        except WorkbookError as error:
            why = error.what or str(error)
            raise ModelError(
                [problem_of("model.decisions.not_upgraded", name, 0, why=why)]
            ) from error
        after = with_value(after, ("workbook",), FORMAT) if stem == "workbook" else after
        yield Rewrite(folder / name, name, text, mark + after)


def _decisions(folder: Path, project: Text, steps: list[FormatVersion]) -> Iterator[Rewrite]:
    """The files of decisions, of which the first line alone changes."""
    decisions = str(project.values.get("decisions", "decisions"))
    for file in dict.fromkeys(file for step in steps for file, _, _ in step.columns):
        path = folder / decisions / file
        if not path.is_file():
            continue
        before = _text(path)
        head, line_end, rest = before.partition("\n")
        for step in steps:
            for of, old, new in step.columns:
                head = _renamed(head, old, new) if of == file else head
        yield Rewrite(path, f"{decisions}/{file}", before, f"{head}{line_end}{rest}")


def _pages(folder: Path, project: Text, steps: list[FormatVersion]) -> Iterator[Rewrite]:
    """The project's own notebooks, of which calls alone change."""
    pages = str(project.values.get("notebooks", "notebooks"))
    for path in sorted((folder / pages).glob("*.ipynb")):
        before = after = _text(path)
        for step in steps:
            for old, new in step.calls:
                after = after.replace(old, new)
        yield Rewrite(path, f"{pages}/{path.name}", before, after)


def _renamed(head: str, old: str, new: str) -> str:
    """The first line of a CSV file with another name for one column."""
    cells = head.split(",")
    names = [cell.strip('\ufeff"\r ') for cell in cells]
    if new in names:
        return head
    return ",".join(
        cell.replace(old, new) if name == old else cell
        for cell, name in zip(cells, names, strict=True)
    )


def _read(path: Path, name: str) -> Text:
    if not path.is_file():
        raise ModelError([problem_of("model.not_found", name, 0, folder=str(path.parent))])
    text = read_text(path, name)
    if text.problems:
        raise ModelError(text.problems)
    return text


def _text(path: Path) -> str:
    """A file as text, its line ends and its byte order mark kept."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
