"""What `check` says of a small model in which one place is wrong: for docs/model.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook.errors import ModelError, WorkbookError
from workbook.model.load import load_model
from workbook.model.yaml_text import read_text

MOST = 2  # problems of one mistake that are told


@dataclass(frozen=True)
class Mistake:
    """A model in which one place is wrong.

    `chapter` tells of it, `written` is what stands in `file` in place of `gone`, `files` are all
    files of the model by path.
    """

    chapter: str
    file: str
    written: tuple[str, ...]
    gone: str
    files: Mapping[str, str]


def mistakes(path: Path) -> list[Mistake]:
    """Every mistake of a file of two parts: `model`, a sound one, and `mistakes` by chapter.

    Raises:
        WorkbookError: the text that a mistake replaces is not there, or not once.
    """
    values = read_text(path, path.name).values
    sound, found = values["model"], []
    for chapter, listed in values["mistakes"].items():
        for item in listed:
            file = item.get("in") or (chapter if chapter == "workbook.yml" else f"model/{chapter}")
            times = sound[file].count(item["replace"])
            if times != 1:
                what = f"'{item['replace']}' stands {times} times in {file}, and not once."
                raise WorkbookError(f"{path.name}: {what}")
            files = {**sound, file: sound[file].replace(item["replace"], item["by"])}
            written = _shown(item["replace"], item["by"])
            found.append(Mistake(chapter, file, written, item["replace"].strip(), files))
    return found


def _shown(before: str, after: str) -> tuple[str, ...]:
    """The lines that are new; nothing where some were only taken away."""
    known = [line.strip() for line in before.splitlines()]
    return tuple(line.strip() for line in after.splitlines() if line.strip() not in known)


def sound_model(path: Path) -> Mapping[str, str]:
    """The files of the sound model, by path."""
    files: Mapping[str, str] = read_text(path, path.name).values["model"]
    return files


def told(mistake: Mistake) -> list[str]:
    """The first problems that a mistake makes in its own file, and how many follow elsewhere."""
    every = problems_of(mistake.files)
    own = [item for item in every if item.startswith(mistake.file)][:MOST]
    more = len(every) - len(own)
    return [*own, *([f"and {more} more that follow from it"] if more else [])]


def problems_of(files: Mapping[str, str]) -> list[str]:
    """The problems of a project of these files, as `check` prints them; none where it is sound."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        try:
            load_model(folder, env={})
        except ModelError as error:
            return [str(problem) for problem in error.problems]
    return []
