"""A project of two systems that know the same people, written to a folder: files by path, rows
as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

BASE = {
    "workbook.yml": "workbook: 2\nname: T\nas_of: 2025-06-30\ndata: data\n",
    "model/02_grain.yml": "primary: person\nsentence: One row is one person.\n",
    "model/04b_identity.yml": "identity: {person: {rules: [{name: same_email, match: email}]}}\n",
}
HEAD = "id,at,by,field,record,use_source,use_value,until,because\n"


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """The folder with the files of a project."""
    for path, text in {**BASE, **files}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return folder


def rows(head: str, *lines: str) -> str:
    """A CSV file."""
    return "\n".join([head, *lines, ""])
