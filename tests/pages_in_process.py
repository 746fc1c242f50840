"""Runs pages in the process of a test instead of in a kernel each: a kernel takes two seconds of
work before its first cell.

That both give the same run, byte for byte, is held by tests/dossier/test_pages_in_process.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets import Type
from traitlets.config import Config

from workbook.dossier.execute import Executed, Progress, title_of

SILENT = Config({"HistoryManager": {"enabled": False}})


class _Publisher(DisplayPublisher):
    """Keeps what a cell displays."""

    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:  # type: ignore[override]
        self.shell.keep("display_data", data, metadata)


class _Hook(DisplayHook):
    """Keeps the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.keep("execute_result", format_dict, md_dict, self.prompt_count)


class _Shell(InteractiveShell):
    """An interpreter whose outputs are kept as a notebook holds them."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def keep(self, kind: str, data: Any, metadata: Any, count: int | None = None) -> None:
        """Keep one output, as it is after its way through JSON."""
        more = {} if count is None else {"execution_count": count}
        content = json.loads(json.dumps({"data": data, "metadata": metadata or {}}))
        self.outputs.append(new_output(kind, **content, **more))

    def run(self, cell: Any) -> None:
        """Run one cell; its error is raised here."""
        self.outputs: list[Any] = []
        done = self.run_cell(cell.source, store_history=True)
        cell.outputs, cell.execution_count = self.outputs, done.execution_count
        done.raise_error()


def execute(
    notebooks: Sequence[Path],
    *,
    folder: Path,
    parameters: Mapping[str, str],
    progress: Progress,
    at_once: int = 1,
) -> list[Executed]:
    """Run notebooks one after another with `folder` as the working directory; each begins with
    no name defined.
    """
    before = Path.cwd()
    os.chdir(folder)
    try:
        return [
            Executed(path.stem, _executed(path, number, len(notebooks), parameters, progress))
            for number, path in enumerate(notebooks)
        ]
    finally:
        os.chdir(before)


def _executed(
    path: Path, number: int, pages: int, parameters: Mapping[str, str], progress: Progress
) -> Any:
    read = load_notebook_node(str(path))
    progress(title_of(read, path.stem), number, pages)
    node = parameterize_notebook(read, dict(parameters), kernel_name="python3", language="python")
    InteractiveShell.clear_instance()
    shell = _Shell.instance(config=SILENT)
    try:
        for cell in node.cells:
            if cell.cell_type == "code" and cell.source.strip():
                shell.run(cell)
    finally:
        _Shell.clear_instance()
    return node
