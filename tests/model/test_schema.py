"""The schemas that editors use accept what the loader accepts, and underline what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from workbook.model.json_schema import schemas

ROOT = Path(__file__).parents[2]
FILES = sorted(
    [
        *ROOT.glob("templates/*/model/*.yml"),
        *ROOT.glob("templates/*/workbook.yml"),
        *ROOT.glob("tests/projects/*/model/*.yml"),
    ]
)


def errors(stem: str, values: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(schemas()[stem])
    plain = json.loads(json.dumps(values, default=str))
    return [
        f"{list(error.absolute_path)}: {error.message[:120]}"
        for error in validator.iter_errors(plain)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_loads_is_underlined(path: Path) -> None:
    values = YAML(typ="safe").load(path.read_text("utf-8"))
    assert values is None or errors(path.stem, values) == []


def test_an_unknown_word_is_underlined() -> None:
    assert errors("02_grain", {"primry": "person"})
    assert errors("05_survivorship", {"fields": {"a.b": {"rule": "most_recentt"}}})


def test_a_form_that_is_still_empty_is_not() -> None:
    assert errors("02_grain", {"primary": None, "sentence": None, "considered": None}) == []


def test_the_shipped_schemas_are_those_of_the_types() -> None:
    for stem, schema in schemas().items():
        path = ROOT / "templates" / "b2b_saas" / "model" / ".schema" / f"{stem}.json"
        assert json.loads(path.read_text("utf-8")) == schema
