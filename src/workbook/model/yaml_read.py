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
TYPES_OF: dict[str, type[Part]] = {"project": Project, **{word: kind for word, _, kind in FILES}}


def part_of(word: str, text: Text) -> Any:
    """The typed part that a file holds, or None where nothing is decided or something is wrong
    (see `text.problems`).
    """
    kind = TYPES_OF[word]
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
    return part if decided or word == "project" else None


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
    others = [each for each in items if each["loc"][:-1] == item["loc"][:-1] and each is not item]
    literal = [each for each in (item, *others) if each["type"] == "literal_error"]
    if len(literal) != 1 or not others or item["input"] != others[0]["input"]:
        return False
    near = did_you_mean(str(item["input"]), re.findall(r"'([^']*)'", literal[0]["ctx"]["expected"]))
    return (item is literal[0]) is not bool(near)


def _problem(kind: type[Part], item: Any, text: Text) -> Problem:
    place: Place = tuple(step for step in item["loc"] if step != "[key]")
    written = _written(place, text.values)
    word = ".".join(str(step) for step in written)
    line = text.line(written)
    if item["type"] == "extra_forbidden":
        known = _words_at(kind, place[:-1])
        hint = did_you_mean(str(place[-1]), known)
        now = renamed_word(str(place[-1]))
        hint = f"It is called '{now}' now." if now in known else hint
        advice = hint or (
            f"Known words here: {', '.join(sorted(known))}." if known else "Remove it."
        )
        return Problem(text.file, line, f"unknown word '{place[-1]}'.", advice)
    if item["type"] == "missing":
        return Problem(
            text.file, line, f"'{place[-1]}' is missing under '{word or text.file}'.", "Add it."
        )
    if item["type"] == "literal_error":
        allowed = item["ctx"]["expected"]
        hint = did_you_mean(str(item["input"]), re.findall(r"'([^']*)'", allowed))
        return Problem(text.file, line, f"{word}: '{item['input']}' is not one of {allowed}.", hint)
    for shape, (what, advice) in _SHAPES.items():
        if item["type"].startswith(shape):
            return Problem(
                text.file,
                line,
                f"{word}: '{item['input']}' is {what}.",
                advice.format(**item.get("ctx", {})),
            )
    said = item["msg"].removeprefix("Value error, ")
    return Problem(text.file, line, f"{word}: {said[0].lower()}{said[1:]}.", "")


# pydantic's kinds of error -> what a value is not, and what to write
_SHAPES = {
    "date": ("no day", "Write it as 2025-06-30."),
    "int": ("no whole number", "Write digits only, such as 20."),
    "float": ("no number", "Write it with a point, such as 0.95."),
    "bool": ("neither true nor false", "Write true or false."),
    "less_than_equal": ("too great", "The greatest is {le}."),
    "greater_than_equal": ("too small", "The least is {ge}."),
}


def _written(place: Place, values: Any) -> Place:
    """The part of pydantic's location that stands in the file (unions add names of their own)."""
    kept: list[str | int] = []
    for step in place:
        if (isinstance(values, dict) and step in values) or (
            isinstance(values, list) and isinstance(step, int) and step < len(values)
        ):
            values = values[step]
        else:
            continue
        kept.append(step)
    return tuple(kept)


def _words_at(kind: type[BaseModel], place: Place) -> set[str]:
    """The words that may stand at a place of a part."""
    here: Any = kind
    for step in place:
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
