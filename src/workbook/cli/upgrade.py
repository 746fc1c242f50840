"""`workbook upgrade`: rewrites a project of an earlier format and prints what it changed."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from workbook.book import find_project
from workbook.cli.console import say
from workbook.model.format_versions import FORMAT
from workbook.model.json_schema import FOLDER, write_schemas
from workbook.model.upgrade import Rewrite, rewrites, write
from workbook.words import number


def upgrade(
    project: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PROJECT]",
            help="The project's folder; by default the nearest with a workbook.yml upward.",
        ),
    ] = None,
    dry: Annotated[
        bool, typer.Option("--dry", help="Print what would change, and write nothing.")
    ] = False,
) -> None:
    """Bring a project of an earlier version to the current format; comments and everything else
    stay. It can be repeated.
    """
    root = find_project(project)
    changes = rewrites(root)
    for each in changes:
        _show(each)
    if not dry:
        write(changes)
        for folder in sorted(
            {each.path.parent for each in changes if (each.path.parent / FOLDER).is_dir()}
        ):
            write_schemas(folder)
    if not changes:
        say(f"Nothing to do: the project is of format {FORMAT}, the current one.")
    elif dry:
        say(f"{number.plural(len(changes), 'file')} would change. Without --dry they are written.")
    else:
        say(
            f"{number.plural(len(changes), 'file')} {'is' if len(changes) == 1 else 'are'} of"
            f" format {FORMAT} now. Next: workbook check."
        )


def _show(change: Rewrite) -> None:
    """The changed lines, as `diff` shows them; those around them may hold what no terminal
    should.
    """
    lines = (change.before.splitlines(), change.after.splitlines())
    for line in unified_diff(*lines, fromfile=change.name, tofile=change.name, n=0, lineterm=""):
        say(line)
