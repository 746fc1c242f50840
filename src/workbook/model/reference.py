"""docs/model.md from the schema: every word of the YAML, and what `check` says of mistakes.

`python -m workbook.model.reference` writes the page of this checkout and the JSON schemas of its
sample; tests compare both.
"""

from __future__ import annotations

import datetime as dt
import io
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML

from workbook.model.example_mistakes import Mistake, mistakes, told
from workbook.model.json_schema import write_schemas
from workbook.model.schema import Decided, Decision, DecisionFile, Overruled, Project
from workbook.model.schema.yaml_part import Short, as_tuple
from workbook.model.yaml_read import FILES
from workbook.resources import resources

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "model.md"
EVERY: dict[str, FieldInfo] = {  # words that every decision, or every file, may carry, told once
    **Decision.model_fields,
    "decisions": DecisionFile.model_fields["decisions"],
}
_HEAD = """# The words of the model

Every word of every YAML file: what may be written, what happens where it is left out, what it \
means.
An editor shows the same text, where the first line of a file names its schema (`workbook new` \
writes both).
This page is made from the schema by `python -m workbook.model.reference`.

A project is `workbook.yml` and up to fourteen files below `model/`; a file that is absent or \
empty is a step that is not decided yet.
NAME stands for a name that you choose: letters, digits and `_`, beginning with a letter.
A word with nothing behind it counts as not written.
Every value is read as the text that was typed, so that `no` stays a word and `2025-06` no \
calculation; anchors, aliases and tags are refused.
An expression is one SQL expression over names of the model, with `and`, `or`, `not`, \
comparisons, `case`, arithmetic and plain functions such as `coalesce`, `lower`, `substr` and \
`date_diff`; `as_of` is the date of the report, to its end: `as_of - interval 12 month` is the \
day that ends twelve months before it ends (of 2025-02-28: 2024-02-29), as `offset_window` has it.
A length of time is a whole number and a unit, from minutes to years: `6 hours`, `30 days`, `12 \
months`; months, quarters and years are those of the calendar.
"""
_TABLE = """| Word | What may be written | Left out | What it means | Example |
| --- | --- | --- | --- | --- |"""


def page() -> str:
    """The text of docs/model.md."""
    chapters = [("workbook", Project), *((stem, kind) for _, stem, kind in FILES)]
    wrong = mistakes(ROOT / "docs" / "mistakes.yml")
    listed = "\n".join(
        f"- [`{_file(stem)}`](#{_file(stem).replace('.', '')}): {_question(stem)}"
        for stem, _ in chapters
    )
    parts = [
        _HEAD,
        listed,
        _every(wrong),
        *(_chapter(stem, kind, wrong) for stem, kind in chapters),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _chapter(stem: str, kind: type[BaseModel], wrong: list[Mistake]) -> str:
    sections = [_section(part, places, kind) for part, places in _parts(kind).items()]
    return "\n\n".join([f"## {_file(stem)}", _question(stem), *sections, _said(_file(stem), wrong)])


def _every(wrong: list[Mistake]) -> str:
    body = "\n".join(_row(field, name) for name, field in EVERY.items())
    mistakes_table = _said("every", wrong)
    was = _row(Overruled.model_fields["was"], "was")
    more = f"### `considered.NAME`\n\n{Overruled.__doc__}\n\n{_TABLE}\n{was}"
    return (
        f"## Every decision\n\n{Decided.__doc__}\n\n{_TABLE}\n{body}\n\n{more}\n\n{mistakes_table}"
    )


def _section(part: type[BaseModel], places: list[str], top: type[BaseModel]) -> str:
    """One block of a file: where it is written, what it is, and its words."""
    also = (
        " The words of [every decision](#every-decision) may stand here too."
        if issubclass(part, Decided)
        else ""
    )
    short = f" Written as a text alone, it is its `{part.bare}`." if issubclass(part, Short) else ""
    names = [name for name in part.model_fields if not _is_told(part, name)]
    rows = "\n".join(_row(part.model_fields[name], name) for name in names)
    head = (
        []
        if part is top
        else [f"### {', '.join(f'`{path}`' for path in places)}", f"{part.__doc__}{short}{also}"]
    )
    return "\n\n".join([*head, f"{_TABLE}\n{rows}"])


def _is_told(part: type[BaseModel], name: str) -> bool:
    """Whether a word means what it means in every decision."""
    field = part.model_fields[name]
    every = {**EVERY, "was": Overruled.model_fields["was"]}
    if not issubclass(part, Decided) or name not in every:
        return False
    return field.annotation == every[name].annotation or name in Decided.model_fields


def _row(field: FieldInfo, name: str) -> str:
    word = field.alias or name
    examples = "<br>".join(f"`{word}: {_yaml(example)}`" for example in field.examples or ())
    written = _written(field.annotation, field.metadata)
    return _table_row(
        f"`{word}`", written, _default(field), _linked(field.description or ""), examples
    )


def _linked(text: str) -> str:
    return (
        text.replace("docs/types.md", "[docs/types.md](types.md)")
        if (PAGE.parent / "types.md").exists()
        else text
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = (
        field.default
        if field.default is not PydanticUndefined
        else field.get_default(call_default_factory=True)
    )  # type: ignore[call-arg]
    if isinstance(value, BaseModel) or value in (None, "", (), {}, ("",)):
        return ""
    return f"`{_yaml(value)}`"


def _written(kind: Any, metadata: Any = ()) -> str:
    """What may be written, in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _written(inner[0], inner[1:])
    if as_tuple in [getattr(item, "func", None) for item in metadata]:
        return f"{_written(inner[0])}, or a list of them"
    if origin in (Union, types.UnionType):
        return " or ".join(_written(item) for item in inner if item is not type(None))
    if origin is Literal:
        return ", ".join(f"`{item}`" for item in inner if item != "")
    if origin is tuple:
        return f"a list: {_written(inner[0])}"
    if _is_mapping(kind):
        return f"names, and for each: {_written(inner[1])}"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "a text, or words (below)" if issubclass(kind, Short) else "words (below)"
    return _PLAIN.get(kind, "a text")


_PLAIN = {int: "a whole number", float: "a number", bool: "`true`, `false`", dt.date: "a day"}


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _parts(top: type[BaseModel]) -> dict[type[BaseModel], list[str]]:
    """Every part of a file, in the order in which it is met, and the places where it may stand."""
    found: dict[type[BaseModel], list[str]] = {}

    def walk(part: type[BaseModel], place: str) -> None:
        found.setdefault(part, [])
        if place in found[part]:
            return
        found[part].append(place)
        for name, field in part.model_fields.items():
            if _is_told(part, name):
                continue
            for inner, step in _within(field.annotation):
                walk(inner, ".".join(word for word in (place, field.alias or name, *step) if word))

    walk(top, "")
    return found


def _within(kind: Any) -> Iterator[tuple[type[BaseModel], tuple[str, ...]]]:
    """The parts that a type holds, each with the names on the way to it."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind, ()
        return
    named = _is_mapping(kind)
    for inner in get_args(kind):
        for part, step in _within(inner):
            yield part, ("NAME", *step) if named else step


def _said(file: str, wrong: list[Mistake]) -> str:
    """What `check` says of every mistake in a file, as it says it now."""
    rows = [
        _table_row(_code(item), "<br>".join(told(item))) for item in wrong if item.chapter == file
    ]
    return "\n".join(
        ["**What `check` says**", "", "| Where this is written | it says |", "| --- | --- |", *rows]
    )


def _code(mistake: Mistake) -> str:
    return "<br>".join(f"`{line}`" for line in mistake.written) or f"`{mistake.gone}` left out"


def _table_row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _file(stem: str) -> str:
    return f"{stem}.yml"


def _question(stem: str) -> str:
    """What a file asks, as its form says it."""
    folder = resources("templates") / "blank"
    if stem == "workbook":
        return "Which project is this, and at which date?"
    second = (folder / "model" / _file(stem)).read_text("utf-8").splitlines()[1]
    return second.removeprefix("# ").partition("?")[0] + "?"


def _yaml(value: Any) -> str:
    """A value as YAML on one line."""
    yaml, out = YAML(typ="safe", pure=True), io.StringIO()
    yaml.default_flow_style, yaml.width, yaml.sort_base_mapping_type_on_output = True, 10_000, False
    yaml.dump(_plain(value), out)
    return out.getvalue().removesuffix("\n...\n").strip()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    write_schemas(ROOT / "templates" / "b2b_saas" / "model")
