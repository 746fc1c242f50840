"""Builders of the dossier's tests: a project of tiny notebooks, and a book that has built one
table.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbook.dossier import RunResult, run_project
from workbook.engine import Artifact, Plan, Store, Table, kept_folder
from workbook.model.csv_ledger import cells_of

EVIDENCE = "application/vnd.workbook+json"


def shows(value: Mapping[str, Any], html: str = "<p>shown</p>") -> str:
    """The source of a cell that displays one piece of evidence."""
    bundle = {EVIDENCE: value, "text/html": html, "text/plain": "evidence"}
    return (
        "from IPython.display import display\nimport"
        f" json\ndisplay(json.loads({json.dumps(bundle)!r}), raw=True)"
    )


def headline(**changes: str) -> dict[str, str]:
    """The JSON of a headline."""
    return {
        "kind": "headline",
        "page": "02",
        "name": "Grain",
        "sentence": "A customer is an account.",
        "lede": "Three are known.",
        "owner": "Finance",
        "state": "decided",
        **changes,
    }


def figure(**changes: Any) -> dict[str, Any]:
    """The JSON of a figure."""
    column = {"name": "customers", "label": "Customers", "kind": "int"}
    return {
        "kind": "figure",
        "number": "2.1",
        "title": "How many?",
        "columns": [column],
        "rows": [[3]],
        **changes,
    }


def finding(severity: str = "look", **changes: Any) -> dict[str, Any]:
    """The JSON of a finding."""
    return {
        "code": "grain.duplicate_key",
        "severity": severity,
        "sentence": "2 keys repeat.",
        "page": "02",
        "count": 2,
        "owner": "Finance",
        "about": [],
        **changes,
    }


def a_notebook(
    *sources: str, title: str = "# 2 · Grain: what is one row?\n\n*Decide* the **grain**."
) -> Any:
    """A notebook of one title, the parameters, and a code cell per source (markdown where it
    starts with `%md`).
    """
    cells = [new_markdown_cell(title, id="c01")]
    cells.append(
        new_code_cell(
            "PROJECT = None\nAS_OF = None\nDATA = None", id="c02", metadata={"tags": ["parameters"]}
        )
    )
    for number, source in enumerate(sources, start=3):
        name = f"c{number:02d}"
        cells.append(
            new_markdown_cell(source[4:], id=name)
            if source.startswith("%md ")
            else new_code_cell(source, id=name)
        )
    return new_notebook(cells=cells)


def metrics_figure(value: str = "1,096", caveat: str = "The feed is late.") -> dict[str, Any]:
    """The figure that gives the cover its numbers."""
    names = ("metric", "value_text", "caveat", "control")
    columns = [{"name": name, "label": name, "kind": "words"} for name in names]
    return figure(
        number="7.1",
        role="headline_metrics",
        columns=columns,
        rows=[["Active customers", value, caveat, ""]],
    )


class Book:
    """A stand-in for the open workbook: one table, built the first time and cached afterwards."""

    built = 0

    def __init__(self, root: Path, as_of: str | None = None, data: str | None = None) -> None:
        self.model = SimpleNamespace(
            project=SimpleNamespace(
                name="Acme & <b>Co</b>",
                shape="blank",
                runs="runs",
                notebooks="notebooks",
                decisions="decisions",
                model="model",
            ),
            identity=SimpleNamespace(identity={}),
            data_root=root / "data",
        )
        self.root = root
        self.engine = SimpleNamespace(store=Store(kept_folder(root) / "store"))
        self.plan = Plan(
            [Table("customer", "one customer", "grain", sql="select 'erik@example.org' as id")]
        )
        self.as_of = dt.date.fromisoformat(as_of or "2025-05-06")

    @property
    def secrets(self) -> frozenset[str]:
        """What the ledgers hold."""
        return cells_of(self.root / "decisions")

    def headlines(
        self, decisions: Path | None = None, as_of: dt.date | None = None
    ) -> dict[str, Any]:
        """No headline number."""
        return {}

    def metric_values(self) -> dict[str, str]:
        """No metric."""
        return {}

    def changed(self) -> list[Path]:
        """Nothing changes meanwhile."""
        return []

    def build(self, progress: Callable[[str, int, int], None] | None = None) -> dict[str, Artifact]:
        """Pretend to build."""
        Book.built += 1
        return {
            "customer": Artifact(
                "customer",
                "r1",
                "c1",
                3,
                {"id": "VARCHAR"},
                0.1 * Book.built,
                Book.built > 1,
                Path("x"),
            )
        }


Run = Callable[..., RunResult]


def write(root: Path, name: str, notebook: Any) -> None:
    """Put a notebook into the project."""
    (root / "notebooks").mkdir(exist_ok=True)
    nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")


def run(root: Path, **arguments: Any) -> RunResult:
    """Run the project with the stand-in book."""
    return run_project(root, open_book=Book, **arguments)
