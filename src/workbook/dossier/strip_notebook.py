"""A notebook as version control keeps it: no outputs, no traces of a machine, and the cells that a
person fills in as they were delivered.

A saved run then changes no byte of a page, and no value of the data is committed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbook.dossier.person_cells import needs_person
from workbook.errors import PageError
from workbook.resources import resources
from workbook.words import error_of

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def strip_notebook(text: str, name: str = "") -> str:
    """The text of a notebook without what a run leaves in it; `name` is its file, by which the
    cells are found that were delivered.

    Raises:
        PageError: the text is no notebook.
    """
    try:
        notebook = json.loads(text)
        cells = [_stripped(cell) for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise error_of(
            PageError, "dossier.no_notebook", file=name, error=type(error).__name__
        ) from None
    delivered = _delivered(name)
    for cell in cells:
        if needs_person(cell) and cell.get("id") in delivered:
            cell["source"] = delivered[cell["id"]]
    kept = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _stripped(cell: Mapping[str, Any]) -> dict[str, Any]:
    tags = cell.get("metadata", {}).get("tags")
    kept: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "id": cell.get("id", ""),
        "metadata": {"tags": tags} if tags else {},
        "source": "".join(cell["source"]).splitlines(keepends=True),
    }
    if cell["cell_type"] == "code":
        kept |= {"execution_count": None, "outputs": []}
    return kept


def _delivered(name: str) -> dict[str, list[str]]:
    """The cells that a person fills in, of the page of this name, as they were delivered."""
    page = resources("notebooks") / name.rpartition("/")[2]
    if not name.endswith(".ipynb") or not page.is_file():
        return {}
    cells = json.loads(page.read_text("utf-8"))["cells"]
    return {cell["id"]: _stripped(cell)["source"] for cell in cells if needs_person(cell)}
