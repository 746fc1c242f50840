"""Small projects of tests: a folder with the parts of a model and the files of its sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbook.model.yaml_read import FILES

SETTINGS = {"name": "Test", "as_of": "2025-06-30"}
STEMS = {step: stem for step, stem, _ in FILES}


def a_project(
    folder: Path, files: Mapping[str, str] = {}, settings: Any = SETTINGS, **parts: Any
) -> Path:
    """The folder of a project.

    `files` are the rows of its sources, by source (`shop.people`) or by the file's name;
    `settings` is workbook.yml; `parts` are the files of the model, by step (`sources`) or by stem
    (`03_sources`). Each is YAML as text, or a value; None is left out.
    """
    for name in ("model", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "workbook.yml").write_text(_yaml(settings), "utf-8")
    for name, part in parts.items():
        if part is not None:
            (folder / "model" / f"{STEMS.get(name, name)}.yml").write_text(_yaml(part), "utf-8")
    for name, rows in files.items():
        (folder / "data" / f"{name.replace('.', '_')}.csv").write_text(rows, "utf-8")
    return folder


def _yaml(part: Any) -> str:
    return part.lstrip("\n") if isinstance(part, str) else json.dumps(part)
