"""Makes a project's folder from a shape: all of it, or nothing."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from workbook.cli.new_question import plain_question, question_files
from workbook.cli.strip import ATTRIBUTES
from workbook.errors import WorkbookError
from workbook.model.json_schema import write_schemas
from workbook.resources import resources
from workbook.words import error_of

BLANK = "blank"
_NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__")
_FILES = {
    ".gitignore": (
        "# Made by the workbook; safe to delete.\n.workbook/\nruns/\n.ipynb_checkpoints/\n"
    ),
    ".gitattributes": (
        "# Decisions are one line each, so two people's lines can simply stand"
        " together.\ndecisions/*.csv merge=union\n"
        "# Pages are committed without outputs; `workbook lab` sets the filter in this clone.\n"
        f"{ATTRIBUTES}\n"
    ),
}


@dataclass(frozen=True)
class Made:
    """What stands in a new project's folder."""

    decisions: tuple[Path, ...]
    pages: tuple[Path, ...]
    has_sample: bool


def shapes() -> tuple[str, ...]:
    """The shapes that a project can start from."""
    return tuple(sorted(path.parent.name for path in resources("templates").glob("*/workbook.yml")))


def new_project(folder: Path, shape: str, question: str | None = None) -> Made:
    """Copy a shape's decisions, the pages, and its sample into a new folder; with a question the
    blank shape begins with its sheet.

    Raises:
        WorkbookError: there is no such shape, the folder is not empty, or nothing can be
          asked like that.
    """
    if shape not in shapes():
        raise error_of(WorkbookError, "cli.unknown_shape", shape=shape, known=shapes())
    if question is not None:
        question = plain_question(question)
        if shape != BLANK:
            raise error_of(WorkbookError, "cli.question_of_shape", shape=shape)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise error_of(WorkbookError, "cli.folder_not_empty", folder=str(folder))
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        result = _fill(building, folder.name, shape, question)
        building.chmod(0o755)
        building.replace(folder)  # onto nothing, or onto an empty folder
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return result


def _fill(folder: Path, name: str, shape: str, question: str | None) -> Made:
    shutil.copytree(resources("templates") / shape, folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
    shutil.copytree(
        resources("notebooks"), folder / "notebooks", ignore=_NOT_COPIED, dirs_exist_ok=True
    )
    if question:
        for file, text in question_files(question).items():
            (folder / file).write_text(text, "utf-8")
    project = folder / "workbook.yml"
    project.write_text(_named(project.read_text("utf-8"), name), "utf-8")
    write_schemas(folder / "model")
    for file, text in _FILES.items():
        (folder / file).write_text(text, "utf-8")
    return Made(
        tuple((folder / "model").glob("*.yml")),
        tuple((folder / "notebooks").glob("*.ipynb")),
        _fill_data(folder, shape),
    )


def _named(text: str, name: str) -> str:
    """The same workbook.yml under another name, quoted as YAML needs it."""
    return re.sub(
        r"(?m)^name:.*$", lambda _: f"name: {json.dumps(name, ensure_ascii=False)}", text, count=1
    )


def _fill_data(folder: Path, shape: str) -> bool:
    """Whether the shape has sample data, which then lies in the project's data folder."""
    sample = resources("data") / shape
    if sample.is_dir():
        shutil.copytree(sample, folder / "data", ignore=_NOT_COPIED, dirs_exist_ok=True)
        return True
    (folder / "data").mkdir(exist_ok=True)
    return False
