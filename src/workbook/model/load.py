"""From a project's YAML files to one validated Model; every problem of every file at once."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from workbook.errors import ModelError, Problem
from workbook.model.format_versions import FORMAT, as_current, outdated, version_of
from workbook.model.model import Model
from workbook.model.schema import Project
from workbook.model.validate import validate
from workbook.model.yaml_read import FILES, part_of
from workbook.model.yaml_text import Text, read_text
from workbook.words import problem_of

# earlier and later days are how systems write "never" and "no end"
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(8999, 12, 31)
_COMMAND = -1  # the line of what no file says, and the command was given


def load_model(
    root: Path | str,
    *,
    env: Mapping[str, str] | None = None,
    data: str | None = None,
    as_of: str | None = None,
) -> Model:
    """The model of a project folder; a step whose file is absent or empty is open.

    `data` and `as_of` stand in for what workbook.yml says.

    Raises:
        ModelError: with every problem found in any file, each with its place and what to do.
    """
    folder = Path(root).resolve()
    texts = {"project": _read(folder, "workbook.yml", overrides={"data": data, "as_of": as_of})}
    version = version_of(texts["project"].values)
    if version > FORMAT and (problem := outdated(texts["project"])):
        raise ModelError([problem])
    texts["project"] = as_current(texts["project"], "workbook", version)
    project = _project(texts["project"], as_of)
    for word, stem, _ in FILES:
        name = f"{project.model}/{stem}.yml"
        texts[word] = (
            as_current(_read(folder, name), stem, version)
            if (folder / name).is_file()
            else Text(name)
        )
    read = {word: part_of(word, texts[word]) for word, _, _ in FILES}
    parts = {word: part for word, part in read.items() if part is not None}
    problems = [problem for text in texts.values() for problem in text.problems]
    problems += _strangers(folder, project.model)
    root_of_data = _data_root(
        folder, project, texts["project"], os.environ if env is None else env, problems
    )
    model = Model(folder, project, root_of_data, texts, validate, **parts, decided=frozenset(parts))
    problems = problems or list(validate(model))
    if problems:
        raise ModelError(problems)
    return model


def _read(folder: Path, name: str, overrides: Mapping[str, str | None] | None = None) -> Text:
    path = folder / name
    if not path.is_file():
        raise ModelError([problem_of("model.not_found", name, 0, folder=str(folder))])
    text = read_text(path, name)
    given = {key: value for key, value in (overrides or {}).items() if value}
    own = {key: text.values.get(key) for key in given}
    return replace(text, values={**text.values, **given}, replaced=own) if given else text


def _project(text: Text, as_of: str | None) -> Project:
    """The typed workbook.yml; what is wrong with a day that the command was given is told at its
    option instead of a line.
    """
    lines = {**text.lines, ("as_of",): _COMMAND} if as_of else text.lines
    project = part_of("project", replace(text, lines=lines))
    if not isinstance(project, Project):
        raise ModelError(
            replace(problem, file="--as-of", line=0) if problem.line == _COMMAND else problem
            for problem in text.problems
        )
    if problem := _unusable(project.as_of, text, as_of):
        raise ModelError([problem])
    return project


def _unusable(day: object, text: Text, given: str | None) -> Problem | None:
    """What is wrong with the day that every page is about, where it is told: months before it
    and the day after it must exist.
    """
    if not isinstance(day, dt.date) or FIRST_DAY <= day <= LAST_DAY:
        return None
    file, line = ("--as-of", 0) if given else (text.file, text.line(("as_of",)))
    before = day < FIRST_DAY
    limit = FIRST_DAY if before else LAST_DAY
    return problem_of(
        "model.as_of_out_of_range", file, line, day=str(day), before=before, limit=str(limit)
    )


def _strangers(folder: Path, model: str) -> list[Problem]:
    known = {f"{stem}.yml" for _, stem, _ in FILES}
    return [
        problem_of(
            "model.unknown_file", f"{model}/{path.name}", 0, name=path.name, known=sorted(known)
        )
        for path in sorted((folder / model).glob("*.y*ml"))
        if path.name not in known
    ]


def _data_root(
    folder: Path, project: Project, text: Text, env: Mapping[str, str], problems: list[Problem]
) -> Path:
    def fill(found: re.Match[str]) -> str:
        if found[1] not in env:
            line = text.line(("data",))
            problems.append(
                problem_of("model.variable_not_set", text.file, line, variable=found[1])
            )
        return env.get(found[1], "")

    return (folder / Path(re.sub(r"\$\{(\w+)\}", fill, project.data)).expanduser()).resolve()
