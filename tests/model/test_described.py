"""Every word of the YAML says what it means, where an editor and docs/model.md read it."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from workbook.model import schema
from workbook.model.json_schema import schemas
from workbook.model.schema import Part
from workbook.model.validate.diagnosis import DIAGNOSTIC, SYMPTOMS

PARTS = [each for each in vars(schema).values() if inspect.isclass(each) and issubclass(each, Part)]
FIELDS = [(part, name) for part in PARTS for name in part.__annotations__ if name != "bare"]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_a_part_says_what_it_is(part: type[Part]) -> None:
    assert (part.__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize(("part", "name"), FIELDS, ids=lambda each: getattr(each, "__name__", each))
def test_a_word_says_what_it_means_with_examples_that_load(part: type[Part], name: str) -> None:
    field = part.model_fields[name]
    assert (field.description or "").endswith("."), "no description"
    assert field.examples, "no example"
    part.model_rebuild()
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    for example in field.examples:
        adapter.validate_python(example)


def properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of a JSON schema, with its place."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from properties(item, f"{path}/{number}")
    elif isinstance(node, dict):
        for name, value in node.get("properties", {}).items():
            yield f"{path}/{name}", value
        for key, value in node.items():
            yield from properties(value, f"{path}/{key}")


@pytest.mark.parametrize(("stem", "whole"), schemas().items())
def test_an_editor_finds_it_beside_the_word(stem: str, whole: dict[str, Any]) -> None:
    """Editors read `description` of the property itself: not within `anyOf`, not behind `$ref`."""
    found = list(properties(whole))
    assert found, stem
    assert [path for path, value in found if not value.get("description")] == []
    assert json.dumps(whole).count('"description"') > len(found)  # those of the parts as well


def test_the_closed_lists_are_told() -> None:
    part = schema.Diagnosis.model_fields
    assert [
        each for each in DIAGNOSTIC if f"`{each}`" not in str(part["answers"].description)
    ] == []
    assert [each for each in SYMPTOMS if f"`{each}`" not in str(part["symptoms"].description)] == []
    families = str(schema.Checks.model_fields["families"].description)
    assert [each for each in schema.FAMILIES if f"`{each}`" not in families] == []


def test_a_word_without_a_description_would_be_found() -> None:
    class Bare(Part):
        day: dt.date | None = None

    assert Bare.model_fields["day"].description is None
    assert [
        path for path, value in properties(Bare.model_json_schema()) if not value.get("description")
    ]
