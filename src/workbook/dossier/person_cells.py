"""Cells that need a person (tag `person`): a run without one leaves them out and says so."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from workbook.show.page import EVIDENCE
from workbook.strip_notebook import needs_person
from workbook.words import words_of


def without_person_cells(node: Any) -> Any:
    """The notebook without the cells that need a person."""
    left = deepcopy(node)
    left.cells = [cell for cell in node.cells if not needs_person(cell)]
    return left


def with_person_cells(node: Any, executed: Any) -> Any:
    """The executed notebook with the cells that were left out, each behind the one that it
    follows, saying that it needs a person.
    """
    cells = list(executed.cells)
    for before, cell in zip(node.cells, node.cells[1:], strict=False):
        if needs_person(cell):
            ids = [each.get("id") for each in cells]
            cells.insert(ids.index(before.get("id")) + 1, _skipped(cell))
    executed.cells = cells
    return executed


def _skipped(cell: Any) -> Any:
    """A cell that was not run, and says so."""
    from nbformat.v4 import new_output

    says = words_of("walk").text("person.skipped")
    data = {
        EVIDENCE: {"kind": "exercise", "state": "skipped", "says": says},
        "text/plain": says,
    }
    skipped = deepcopy(cell)
    skipped.outputs = [new_output("display_data", data)]
    return skipped
