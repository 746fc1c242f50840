"""What `check` says of a small model in which one place is wrong, for the reference and for its test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook.errors import ModelError, WorkbookError
from workbook.model.load import load_model
from workbook.model.text import read_text

MOST = 2  # problems of one mistake that are told


@dataclass(frozen=True)
class Mistake:
    """A model in which one place is wrong: the chapter that tells of it, where and what is written, and all files by path."""

    chapter: str
    file: str
    written: tuple[str, ...]
    gone: str
    files: Mapping[str, str]


def mistakes(path: Path) -> list[Mistake]:
    """Every mistake of a file with two parts: `model`, the files of a sound one, and `mistakes` by chapter.

    Raises:
        WorkbookError: the text that a mistake replaces is not there, or not once.
    """
    values = read_text(path, path.name).values
    sound, found = values["model"], []
    for chapter, listed in values["mistakes"].items():
        for each in listed:
            file = each.get("in") or (chapter if chapter == "workbook.yml" else f"model/{chapter}")
            if sound[file].count(each["replace"]) != 1:
                raise WorkbookError(f"{path.name}: '{each['replace']}' stands {sound[file].count(each['replace'])} times in {file}, and not once.")
            files = {**sound, file: sound[file].replace(each["replace"], each["by"])}
            found.append(Mistake(chapter, file, _shown(each["replace"], each["by"]), each["replace"].strip(), files))
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
    """What is told of a mistake: the first problems of its own file, and how many follow from it elsewhere."""
    every = problems_of(mistake.files)
    own = [each for each in every if each.startswith(mistake.file)][:MOST]
    return [*own, *([f"and {len(every) - len(own)} more that follow from it"] if len(every) > len(own) else [])]


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
