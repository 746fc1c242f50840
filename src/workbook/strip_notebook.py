"""A notebook as version control keeps it: no outputs, no traces of a machine, and the cells that a
person fills in as they were delivered.

A saved run then changes no byte of a page, and no value of the data is committed. git calls this
module for every notebook that changed, so that it imports little.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from workbook.errors import PageError, WorkbookError
from workbook.resources import resources
from workbook.words import error_of

PERSON = "person"  # the tag of cells that need one
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def needs_person(cell: Any) -> bool:
    """Whether a cell is for a person to run."""
    return PERSON in cell.get("metadata", {}).get("tags", ())


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
    minor = 5 if all("id" in cell for cell in cells) else 4  # the first with ids of cells
    kept = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": minor}
    return json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _stripped(cell: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody wrote of a cell; without outputs, counts and how it is folded."""
    tags = cell.get("metadata", {}).get("tags")
    kept: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "metadata": {"tags": tags} if tags else {},
        "source": "".join(cell["source"]).splitlines(keepends=True),
    }
    kept |= {key: cell[key] for key in ("attachments", "id") if cell.get(key)}
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


def main(name: str) -> int:
    """Strip the notebook on the standard input; `name` is its file. The exit code is 0, or that
    of the error.
    """
    try:
        text = strip_notebook(sys.stdin.buffer.read().decode("utf-8", "replace"), name)
    except WorkbookError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.buffer.write(text.encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
