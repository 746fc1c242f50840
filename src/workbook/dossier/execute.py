"""Runs the notebooks in order, each in a kernel of its own, and names the cell where one crashes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.dossier.kernels import Kernels, OwnKernel, own_message
from workbook.errors import PageError

CRASH = ".workbook/crash.txt"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
Progress = Callable[[str, int, int], None]  # (what it is on, how many are done, of how many)


@dataclass(frozen=True)
class Executed:
    """One notebook after its run, as papermill leaves it: not yet fit to be kept."""

    name: str  # without folder and ending, for instance `05_survivorship`
    node: Any


def notebooks_in(folder: Path) -> list[Path]:
    """The pages of a folder in reading order: notebooks whose name starts with two digits."""
    return sorted(folder.glob("[0-9][0-9]*_*.ipynb"), key=lambda path: path.stem)


def execute(
    notebooks: Sequence[Path], *, folder: Path, parameters: Mapping[str, str], progress: Progress
) -> list[Executed]:
    """Run notebooks one after another with `folder` as the working directory.

    Raises:
        PageError: a notebook cannot be read or crashed; no data value of a traceback is repeated.
    """
    executed = []
    with Kernels(folder, len(notebooks)) as kernels:
        for number, path in enumerate(notebooks):
            node = _read(path)
            progress(title_of(node, path.stem), number, len(notebooks))
            kernel = kernels.take()
            executed.append(Executed(path.stem, _run(node, path.name, kernel, dict(parameters), folder / CRASH)))
            kernels.end(kernel)
    return executed


def title_of(node: Any, default: str) -> str:
    """The first heading of a notebook."""
    for cell in node.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("# "):
                    return line[2:].strip()
    return default


def _read(path: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises whatever json and its validators raise
        raise PageError(f"notebooks/{path.name} is not a notebook that can be read ({type(error).__name__}).") from error


def _run(node: Any, file: str, kernel: OwnKernel, parameters: dict[str, str], log: Path) -> Any:
    import logging

    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    cells = [(cell.get("id", ""), cell.source) for cell in node.cells]
    try:
        return execute_notebook(node, None, parameters, kernel_name="python3", language="python", progress_bar=False, km=kernel)
    except PapermillExecutionError as error:
        message = own_message(kernel)
        where = f"notebooks/{file}, {_cell(cells, error.source)}"
        _keep_crash(log, where, error.traceback)
        raise PageError(
            f"{where}: {error.ename}{': ' + message if message else '.'} "
            f"The whole error is in {CRASH}, and may quote data; the earlier dossier stays as it was."
        ) from None
    except RuntimeError as error:  # a kernel that died or never answered
        raise PageError(f"notebooks/{file}: its kernel stopped ({type(error).__name__}); the page was not finished.") from None


def _keep_crash(log: Path, where: str, traceback: Sequence[str]) -> None:
    """Keep the traceback beside the store, on this machine only: it may quote values of the data."""
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(_COLOUR.sub("", "\n".join([where, *traceback])) + "\n", "utf-8")


def _cell(cells: list[tuple[str, str]], source: str) -> str:
    for number, (name, text) in enumerate(cells, start=1):
        if text == source:
            return f"cell {number} ({name})" if name else f"cell {number}"
    return "the parameters cell"
