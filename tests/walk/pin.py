"""Writes the exercises of the sample with their answers: `python tests/walk/pin.py PROJECT` after a
wanted change; a project without data of its own asks these.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from workbook import Workbook
from workbook.steps import STEPS
from workbook.walk import walk_of

FILE = Path(__file__).parents[2] / "templates" / "first" / "exercises.json"


def tasks(book: Workbook) -> dict[str, dict[str, Any]]:
    """The exercise of each page of a project, as it is recorded."""
    found = [(each.word, walk_of(book.step(each.word)).task()) for each in STEPS]
    found.append(("start", book.start.task()))
    return {word: task.as_json() for word, task in found if task}


def written(recorded: dict[str, Any]) -> str:
    """The record as a file holds it."""
    return json.dumps(recorded, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(tasks(Workbook.open(sys.argv[1]))), "utf-8")
