"""Versions of the format of a project: what changed with each, and how an earlier one is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbook.errors import Problem
from workbook.model.yaml_text import Text
from workbook.words import problem_of

FORMAT = 2  # the version that this code writes


@dataclass(frozen=True)
class FormatVersion:
    """What changed with a version of the format.

    `keys` are keys of YAML files (the file without its ending, the place of the key, its new
    name), `columns` those of files of decisions (file, old, new), `calls` what pages say in
    code (old, new).
    """

    version: int
    keys: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    columns: tuple[tuple[str, str, str], ...] = ()
    calls: tuple[tuple[str, str], ...] = ()


FORMATS = (
    FormatVersion(
        2,
        keys=(("workbook", ("functions",), "departments"),),
        columns=(("signoffs.csv", "function", "department"),),
        calls=(
            ("step.functions(", "step.departments("),
            ("book.grain.functions(", "book.grain.departments("),
        ),
    ),
)


def version_of(project: Mapping[str, Any]) -> int:
    """The version of the format of a project, by the values of its workbook.yml; where it names
    none, that before its oldest word changed.
    """
    version = str(project.get("workbook") or "")
    if version.isdigit():
        return int(version)
    old = [
        step.version - 1
        for step in FORMATS
        for file, path, _ in step.keys
        if file == "workbook" and path[0] in project
    ]
    return min([*old, FORMAT])


def outdated(project: Text) -> Problem | None:
    """What to do about a project of an earlier format, which is read as it is, or of a later
    one; None where it is of this one.
    """
    version, line = version_of(project.values), project.line(("workbook",))
    if version == FORMAT:
        return None
    if version > FORMAT:
        return problem_of("model.later_format", project.file, line, version=version, current=FORMAT)
    return problem_of("model.earlier_format", project.file, line, version=version, current=FORMAT)


def as_current(text: Text, stem: str, version: int) -> Text:
    """A file of a project of an earlier format under the words of this one; its lines stay."""
    for step in FORMATS:
        for file, path, new in step.keys:
            if step.version > version and file == stem:
                text = _renamed(text, path, new)
    return (
        replace(text, values={**text.values, "workbook": str(FORMAT)})
        if stem == "workbook" and version < FORMAT
        else text
    )


def renamed_word(word: str) -> str:
    """What a word of an earlier format is called now; '' for any other."""
    return next((new for step in FORMATS for _, path, new in step.keys if path[-1] == word), "")


def column_of(file: str, name: str) -> str:
    """What a column of a file of decisions is called now."""
    for step in FORMATS:
        for of, old, new in step.columns:
            name = new if (of, old) == (file, name) else name
    return name


def _renamed(text: Text, path: tuple[str, ...], new: str) -> Text:
    if new in text.values and len(path) == 1:
        return text  # both names stand there: the old one is refused at its own line
    lines = {
        (*at[: len(path) - 1], new, *at[len(path) :]) if at[: len(path)] == path else at: line
        for at, line in text.lines.items()
    }
    return replace(text, values=_put(text.values, path, new), lines=lines)


def _put(values: Any, path: tuple[str, ...], new: str) -> Any:
    """Values with another name for the key at a place; where both names stand, the old one is
    left to be refused.
    """
    word, *rest = path
    if not isinstance(values, dict) or word not in values:
        return values
    if rest:
        return {**values, word: _put(values[word], tuple(rest), new)}
    return (
        values
        if new in values
        else {new if name == word else name: value for name, value in values.items()}
    )
