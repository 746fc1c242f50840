"""`workbook diff`: what two published runs say differently."""

from __future__ import annotations

from typing import Annotated

import typer

from workbook.book import find_project
from workbook.cli.check_without_data import read_unseen
from workbook.cli.console import say
from workbook.cli.options import ARGUMENTS, OPTIONS, ProjectOption
from workbook.dossier import comparison_text, is_one_project, results_of
from workbook.errors import WorkbookError
from workbook.words import error_of


def diff(
    then: Annotated[str, typer.Argument(metavar="RUN", help=ARGUMENTS["then"])],
    now: Annotated[str, typer.Argument(metavar="RUN", help=ARGUMENTS["now"])] = "latest",
    project: ProjectOption = None,
    markdown: Annotated[bool, typer.Option("--markdown", help=OPTIONS["markdown"])] = False,
) -> None:
    """Print what differs between two runs."""
    root = find_project(project)
    runs = root / read_unseen(root).project.runs
    earlier, later = (results_of(runs, name) for name in (then, now))
    if not is_one_project(earlier, later):
        names = [results["project"]["name"] for results in (earlier, later)]
        raise error_of(WorkbookError, "dossier.two_projects", then=names[0], now=names[1])
    say(comparison_text(earlier, later, markdown=markdown))
