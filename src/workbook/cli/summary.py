"""What a run came to, in a screenful on the terminal."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from workbook.cli.console import printable
from workbook.dossier import RunResult
from workbook.words import words_of

_SEVERITIES = (("fail", "✕", "red"), ("look", "▲", "yellow"), ("note", "·", "dim"))
_WIDE = 160  # letters a line where nobody looks: a log
_MOST = 12  # findings printed; the dossier has them all


def show_summary(result: RunResult, console: Console | None = None) -> None:
    """Print the headline sentence, the numbers, the findings, what was built, and where the
    dossier lies.
    """
    screen = console or Console(highlight=False, soft_wrap=True)
    if not screen.is_terminal:
        screen.width = _WIDE
    screen.print(Text(printable(result.sentence), style="bold"))
    if result.numbers:
        screen.print(_numbers(result))
    counts = [
        words_of("shared").text(
            f"severity_count.{severity}",
            count=sum(finding.severity == severity for finding in result.findings),
        )
        for severity, _, _ in _SEVERITIES
    ]
    screen.print(Text(words_of("dossier").text("summary.findings", counts=counts)))
    shown = [finding for finding in result.findings if finding.severity != "note"][:_MOST]
    for finding in shown:
        symbol, style = next(
            (symbol, style)
            for severity, symbol, style in _SEVERITIES
            if severity == finding.severity
        )
        screen.print(
            Text.assemble(
                (f"  {symbol} ", style), (f"{finding.page:<4}", "dim"), printable(finding.sentence)
            )
        )
    more = sum(finding.severity != "note" for finding in result.findings) - len(shown)
    if more:
        screen.print(
            Text(f"    {words_of('dossier').text('summary.more', count=more)}", style="dim")
        )
    screen.print(
        Text(
            words_of("dossier").text(
                "summary.built",
                built=result.built,
                cached=result.cached,
                executed=result.executed,
                reused=result.reused,
                seconds=result.seconds,
            )
        )
    )
    screen.print(
        Text(printable(_shortest(result.path.parent / "latest" / "dossier.html")), style="bold")
    )


def _numbers(result: RunResult) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right")
    grid.add_column(style="dim")
    for number in result.numbers:
        grid.add_row(
            Text(f"  {printable(number['metric'])}"),
            Text(printable(number["value"]), style="bold"),
            Text(printable(number["control"])),
        )
    return grid


def _shortest(path: Path) -> str:
    relative = os.path.relpath(path)
    return relative if not relative.startswith("..") else str(path)
