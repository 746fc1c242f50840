"""Runs the notebooks, some side by side, each in a kernel of its own, and names the cell where
one crashes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any

from workbook.dossier.kernels import Kernels, OwnKernel, own_message
from workbook.dossier.person_cells import with_person_cells, without_person_cells
from workbook.engine import KEPT, kept_folder, private_file
from workbook.errors import MachineError, PageError
from workbook.words import error_of

CRASH = f"{KEPT}/crash.txt"
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
    notebooks: Sequence[Path],
    *,
    folder: Path,
    parameters: Mapping[str, str],
    progress: Progress,
    at_once: int = 1,
) -> list[Executed]:
    """Run notebooks with `folder` as the working directory, up to `at_once` of them side by
    side; in their order.

    Raises:
        PageError: a notebook cannot be read or crashed, the first of several; no data value of
          a traceback is repeated.
    """
    nodes = [_read(path) for path in notebooks]
    stopped = Event()
    with Kernels(folder, len(notebooks)) as kernels, _Pool(at_once, stopped) as pool:

        def page(number: int) -> Any:
            if stopped.is_set():
                return None
            progress(title_of(nodes[number], notebooks[number].stem), number, len(notebooks))
            kernel = kernels.take()
            try:
                return _run(nodes[number], notebooks[number].name, kernel, dict(parameters))
            except BaseException:
                stopped.set()
                raise
            finally:
                kernels.end(kernel)

        try:
            done = [
                _result(each)
                for each in [pool.submit(page, number) for number in range(len(notebooks))]
            ]
        except _CrashError as crash:
            _keep_crash(folder / CRASH, crash)
            raise error_of(PageError, "dossier.crashed", **crash.texts) from None
    return [Executed(path.stem, node) for path, node in zip(notebooks, done, strict=True)]


def pages_at_once() -> int:
    """As many pages as there are processors, and as memory allows with 4 GiB for each; at most
    four.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(4, os.cpu_count() or 1, memory // (4 << 30)))


class _Pool(ThreadPoolExecutor):
    """Threads that are not waited for where the work is broken off: their kernels end, and so
    do they.
    """

    def __init__(self, workers: int, stopped: Event) -> None:
        super().__init__(workers, thread_name_prefix="page")
        self._stopped = stopped

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if error:
            self._stopped.set()
        self.shutdown(wait=error is None, cancel_futures=True)


def _result(page: Future[Any]) -> Any:
    """What a page came to.

    Waiting in short turns hears an interrupt that the system hands to another thread.
    """
    while not page.done():
        wait([page], timeout=0.2)
    return page.result()


class _CrashError(Exception):
    """A page crashed: what is said of it, and the traceback, which may quote data and stays on
    this machine.
    """

    def __init__(self, texts: Mapping[str, str], traceback: Sequence[str]) -> None:
        super().__init__(texts["place"])
        self.texts, self.traceback = texts, traceback


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
        raise error_of(
            PageError,
            "dossier.no_notebook",
            file=f"notebooks/{path.name}",
            error=type(error).__name__,
        ) from error


def _run(node: Any, file: str, kernel: OwnKernel, parameters: dict[str, str]) -> Any:
    import logging

    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    cells = [(cell.get("id", ""), cell.source) for cell in node.cells]
    try:
        executed = execute_notebook(
            without_person_cells(node),
            None,
            parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            km=kernel,
        )
        return with_person_cells(node, executed)
    except PapermillExecutionError as error:
        message = own_message(kernel)
        if error.ename == MachineError.__name__ and message:
            raise MachineError(message) from None
        where = f"notebooks/{file}, {_cell(cells, error.source)}"
        texts = {"place": where, "error": error.ename, "message": message, "log": CRASH}
        raise _CrashError(texts, [where, *error.traceback]) from None
    except RuntimeError as error:  # a kernel that died or never answered
        raise error_of(
            PageError,
            "dossier.kernel_stopped",
            file=f"notebooks/{file}",
            error=type(error).__name__,
        ) from None


def _keep_crash(log: Path, crash: _CrashError) -> None:
    """Keep the traceback beside the store, on this machine only: it may quote values of the
    data.
    """
    kept_folder(log.parents[1])
    log.write_text(_COLOUR.sub("", "\n".join(crash.traceback)) + "\n", "utf-8")
    private_file(log)


def _cell(cells: list[tuple[str, str]], source: str) -> str:
    for number, (name, text) in enumerate(cells, start=1):
        if text == source:
            return f"cell {number} ({name})" if name else f"cell {number}"
    return "the parameters cell"
