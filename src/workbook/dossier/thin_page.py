"""Whether a notebook only asks the steps for their figures: what such a page shows follows from
the project and the workbook alone.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from typing import Any

from workbook.dossier.person_cells import needs_person
from workbook.steps import STEPS

_PARAMETERS = ("PROJECT", "AS_OF", "DATA")
_IMPORT = "from workbook import Workbook"
_OPENED = "book = Workbook.open(PROJECT, as_of=AS_OF, data=DATA)"
_WORDS = frozenset(step.word for step in STEPS)


def is_thin(text: bytes) -> bool:
    """Whether every cell that a run executes imports and opens the workbook, or calls one method
    of a step with plain values; code of one's own may read anything, so it is not thin.
    """
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        return all(_cell(cell) for cell in cells if not needs_person(cell))
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError):
        return False


def _cell(cell: Mapping[str, Any]) -> bool:
    tags = cell.get("metadata", {}).get("tags", ())
    allowed = _parameter if "parameters" in tags else _line
    return all(allowed(line) for line in ast.parse("".join(cell["source"])).body)


def _parameter(line: ast.stmt) -> bool:
    """A parameter without a value of its own: whatever is run comes from the run."""
    return any(ast.unparse(line) == f"{name} = None" for name in _PARAMETERS)


def _line(line: ast.stmt) -> bool:
    if ast.unparse(line) in (_IMPORT, _OPENED):
        return True
    return isinstance(line, ast.Expr) and _figure(line.value)


def _figure(call: ast.expr) -> bool:
    """`book.step.method(…)` with constants."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    step, method = call.func.value, call.func.attr
    given = [*call.args, *(each.value for each in call.keywords)]
    return (
        isinstance(step, ast.Attribute)
        and isinstance(step.value, ast.Name)
        and step.value.id == "book"
        and step.attr in _WORDS
        and not method.startswith("_")
        and all(isinstance(each, ast.Constant) for each in given)
    )
