"""The cells of one page, run as a person runs them: from the top, then one again with words
filled in.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any


class Notebook:
    """A notebook of a project; every code cell was run once as it is delivered."""

    def __init__(self, path: Path, project: Path) -> None:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        self.cells = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        self.names: dict[str, Any] = {}
        self.shown: list[Any] = []
        for source in self.cells:
            self.shown.append(self.run(source))
            if source.lstrip("# ").startswith("PROJECT"):
                self.names["PROJECT"] = str(project)

    def run(self, source: str) -> Any:
        """Run one cell; what its last line shows, with the form in which it is shown made."""
        body = ast.parse(source).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), self.names)
        if last is None:
            return None
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), self.names)
        if hasattr(value, "_repr_mimebundle_"):
            value._repr_mimebundle_()
        return value

    def turn(self, line: str = "") -> Any:
        """Run *your turn*, with another first line where one is given."""
        cell = next(each for each in self.cells if each.startswith("choice = "))
        return self.run(re.sub(r"^choice = .*", lambda _: line, cell) if line else cell)

    def adopt(self, **filled: str) -> Any:
        """Run the cell that adopts, with its empty lines filled in."""
        cell = next(each for each in self.cells if ".adopt(" in each)
        for name, text in filled.items():
            cell = re.sub(
                rf'^(    {name}=)""', lambda hit, t=text: hit[1] + repr(t), cell, flags=re.M
            )
        return self.run(cell)
