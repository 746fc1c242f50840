"""JSON Schemas of every file, made from the typed parts, so that an editor completes and
underlines as the loader would.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbook.model.schema import Project
from workbook.model.yaml_read import FILES

FOLDER = ".schema"


def schemas() -> dict[str, dict[str, Any]]:
    """One JSON Schema per file, by the file's stem; `workbook` is that of workbook.yml."""
    results = {"workbook": _schema(Project, "workbook.yml")}
    return results | {stem: _schema(kind, f"{stem}.yml") for _, stem, kind in FILES}


def write_schemas(model_folder: Path) -> list[Path]:
    """Write them beside the model, where the first line of each file points."""
    folder = model_folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for stem, schema in schemas().items():
        path = folder / f"{stem}.json"
        path.write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n", "utf-8")
        written.append(path)
    return written


def _schema(kind: type, title: str) -> dict[str, Any]:
    schema = _empty_allowed(kind.model_json_schema(by_alias=True))  # type: ignore[attr-defined]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def _empty_allowed(node: Any) -> Any:
    """A word with nothing behind it is not decided yet: every property may be null."""
    if isinstance(node, list):
        return [_empty_allowed(item) for item in node]
    if not isinstance(node, dict):
        return node
    results = {key: _empty_allowed(value) for key, value in node.items()}
    if results.get("type") == "string" and not {"const", "enum", "format"} & set(results):
        results["type"] = ["string", "number", "boolean"]  # scalars are read as the text typed
    if isinstance(results.get("additionalProperties"), dict):
        results["additionalProperties"] = {
            "anyOf": [results["additionalProperties"], {"type": "null"}]
        }
    if isinstance(results.get("properties"), dict):
        results["properties"] = {
            name: (
                value
                if "default" not in value
                and "$ref" not in value
                and name in results.get("required", ())
                else _or_null(value)
            )
            for name, value in results["properties"].items()
        }
    return results


def _or_null(value: dict[str, Any]) -> dict[str, Any]:
    """The value or null; what is said of the word stays beside its name, where an editor looks
    for it.

    A reference keeps it as well: an editor that follows it would show what is said of the part.
    """
    said = {word: value[word] for word in ("description", "examples") if word in value}
    inner = () if "$ref" not in value else ("description",)
    kept = {word: each for word, each in value.items() if word not in said or word in inner}
    return {**said, "anyOf": [kept, {"type": "null"}]}
