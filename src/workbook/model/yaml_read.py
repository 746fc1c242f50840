"""From the text of one file to its typed part: what is wrong becomes a problem with its place
and the nearest word.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ValidationError

from workbook.errors import Problem
from workbook.model.format_versions import renamed_word
from workbook.model.schema import (
    AiContext,
    Checks,
    CustomerViews,
    Decided,
    Diagnosis,
    Documentation,
    Entities,
    Grain,
    History,
    Identity,
    Metrics,
    Part,
    Project,
    Questions,
    Review,
    Sources,
    Survivorship,
)
from workbook.model.yaml_text import Place, Text
from workbook.nearest_name import did_you_mean
from workbook.words import problem_of

# The steps in reading order: the attribute of the Model, the file, the type.
FILES: tuple[tuple[str, str, type[Part]], ...] = (
    ("diagnosis", "00_diagnosis", Diagnosis),
    ("questions", "01_questions", Questions),
    ("grain", "02_grain", Grain),
    ("sources", "03_sources", Sources),
    ("entities", "04_entities", Entities),
    ("identity", "04b_identity", Identity),
    ("survivorship", "05_survivorship", Survivorship),
    ("history", "06_history", History),
    ("metrics", "07_metrics", Metrics),
    ("checks", "08_checks", Checks),
    ("documentation", "09_documentation", Documentation),
    ("review", "10_review", Review),
    ("customer_360", "11_customer_360", CustomerViews),
    ("ai_context", "12_ai_context", AiContext),
)
_SIGNATURE = (*Decided.model_fields, "decisions")  # what a form may hold before anything is decided
TYPES_OF: dict[str, type[Part]] = {"project": Project, **{step: kind for step, _, kind in FILES}}


def part_of(step: str, text: Text) -> Any:
    """The typed part that a file holds, or None where nothing is decided or something is wrong
    (see `text.problems`).
    """
    kind = TYPES_OF[step]
    values = without_empty(text.values)
    try:
        part = kind.model_validate(values)
    except ValidationError as error:
        items = error.errors(include_url=False)
        text.problems.extend(
            _problem(kind, item, text) for item in items if not _is_told(item, items)
        )
        return None
    decided = any(value for key, value in values.items() if key not in _SIGNATURE)
    return part if decided or step == "project" else None


def without_empty(value: Any) -> Any:
    """A word with nothing behind it is not decided yet: the same as not written."""
    if isinstance(value, dict):
        filled = {key: without_empty(item) for key, item in value.items() if item is not None}
        return {key: item for key, item in filled.items() if item != {} or value[key] == {}}
    if isinstance(value, list):
        return [without_empty(item) for item in value]
    return value


def _is_told(item: Any, items: list[Any]) -> bool:
    """Whether another problem says better what is wrong with the same value, which may be of
    several kinds.
    """
    others = [
        value for value in items if value["loc"][:-1] == item["loc"][:-1] and value is not item
    ]
    literal = [value for value in (item, *others) if value["type"] == "literal_error"]
    if len(literal) != 1 or not others or item["input"] != others[0]["input"]:
        return False
    near = did_you_mean(str(item["input"]), re.findall(r"'([^']*)'", literal[0]["ctx"]["expected"]))
    return (item is literal[0]) is not bool(near)


def _problem(kind: type[Part], item: Any, text: Text) -> Problem:
    path: Place = tuple(step for step in item["loc"] if step != "[key]")
    written = _written(path, text.values)
    step_word = ".".join(str(step) for step in written)
    line = text.line(written)
    if item["type"] == "extra_forbidden":
        known = _words_at(kind, path[:-1])
        now = renamed_word(str(path[-1]))
        return problem_of(
            "model.yaml.unknown_word",
            text.file,
            line,
            word=str(path[-1]),
            known=sorted(known),
            renamed=now if now in known else "",
        )
    if item["type"] == "missing":
        return problem_of(
            "model.yaml.missing", text.file, line, word=str(path[-1]), under=step_word or text.file
        )
    value = str(item["input"])
    if item["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", item["ctx"]["expected"])
        return problem_of(
            "model.yaml.unknown_value", text.file, line, word=step_word, value=value, known=allowed
        )
    for shape, code in _SHAPES.items():
        if item["type"].startswith(shape):
            limit = next((str(value) for value in item.get("ctx", {}).values()), "")
            return problem_of(code, text.file, line, word=step_word, value=value, limit=limit)
    why = item["msg"]
    return problem_of(
        "model.yaml.not_valid", text.file, line, word=step_word, why=why[0].lower() + why[1:]
    )


# pydantic's kinds of error, and ours (`schema`)
_SHAPES = {
    "date": "model.yaml.not_a_date",
    "int": "model.yaml.not_a_whole_number",
    "float": "model.yaml.not_a_number",
    "bool": "model.yaml.not_true_or_false",
    "less_than_equal": "model.yaml.too_great",
    "greater_than_equal": "model.yaml.too_small",
    "variable_name": "model.yaml.not_a_variable",
}


def _written(path: Place, values: Any) -> Place:
    """The part of pydantic's location that stands in the file (unions add names of their own)."""
    kept: list[str | int] = []
    for step in path:
        if (isinstance(values, dict) and step in values) or (
            isinstance(values, list) and isinstance(step, int) and step < len(values)
        ):
            values = values[step]
        else:
            continue
        kept.append(step)
    return tuple(kept)


def _words_at(kind: type[BaseModel], path: Place) -> set[str]:
    """The words that may stand at a place of a part."""
    here: Any = kind
    for step in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = next((f for n, f in here.model_fields.items() if step in (n, f.alias)), None)
            here = _model_in(field.annotation) if field else here
    if isinstance(here, type) and issubclass(here, BaseModel):
        return {field.alias or name for name, field in here.model_fields.items()}
    return set()


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
