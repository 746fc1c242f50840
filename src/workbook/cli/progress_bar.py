"""Shows how far a run is: one bar on a terminal, one line a page elsewhere."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from workbook.cli.options import WORDS
from workbook.show.text import clean

_LONGEST = 46  # letters of a page's title beside the bar


class Bar:
    """A context manager whose `step` is told what the run is on, how many are done, of how many."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task(WORDS.text("run.opening"), total=None)

    def __enter__(self) -> Bar:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def step(self, what: str, done: int, total: int) -> None:
        """Show the table or the page that the run is on."""
        what = clean(what)
        if self._console.is_terminal:
            self._bar.update(self._task, description=_short(what), completed=done, total=total)
        elif not what.startswith("table "):
            self._console.print(
                WORDS.text("run.page", number=done + 1, all=total, title=what),
                markup=False,
                highlight=False,
                soft_wrap=True,
            )


def _short(text: str) -> str:
    return (text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…").ljust(_LONGEST)
