"""`workbook upgrade`: rewrites a project of an earlier format and prints what it changed."""

from __future__ import annotations

from difflib import unified_diff
from typing import Annotated

import typer

from workbook.book import find_project
from workbook.cli.console import say
from workbook.cli.options import OPTIONS, WORDS, ProjectArgument
from workbook.model.format_versions import FORMAT
from workbook.model.json_schema import FOLDER, write_schemas
from workbook.model.upgrade import Rewrite, rewrites, write


def upgrade(
    project: ProjectArgument = None,
    dry: Annotated[bool, typer.Option("--dry", help=OPTIONS["dry"])] = False,
) -> None:
    """Bring a project to the current format."""
    root = find_project(project)
    changes = rewrites(root)
    for change in changes:
        _show(change)
    if not dry:
        write(changes)
        for folder in sorted(
            {change.path.parent for change in changes if (change.path.parent / FOLDER).is_dir()}
        ):
            write_schemas(folder)
    if not changes:
        say(WORDS.text("upgrade.current", format=FORMAT))
    elif dry:
        say(WORDS.text("upgrade.dry", files=len(changes)))
    else:
        say(WORDS.text("upgrade.written", files=len(changes), format=FORMAT))


def _show(change: Rewrite) -> None:
    """The changed lines, as `diff` shows them; those around them may hold what no terminal
    should.
    """
    lines = (change.before.splitlines(), change.after.splitlines())
    for line in unified_diff(*lines, fromfile=change.name, tofile=change.name, n=0, lineterm=""):
        say(line)
