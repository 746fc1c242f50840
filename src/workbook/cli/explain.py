"""`workbook explain account/<id>`: in sentences, why each golden value of one customer survives,
and which values it overruled.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from workbook.cli.console import say
from workbook.cli.open_project import open_project
from workbook.cli.options import (
    ARGUMENTS,
    AsOfOption,
    DataOption,
    ProjectOption,
    RevealOption,
)
from workbook.errors import WorkbookError
from workbook.scenarios.value_explainer import ValueExplainer
from workbook.words import error_of


def explain(
    who: Annotated[str, typer.Argument(metavar="ENTITY/ID", help=ARGUMENTS["customer"])],
    project: ProjectOption = None,
    reveal: RevealOption = False,
    as_of: AsOfOption = None,
    data: DataOption = None,
) -> None:
    """Print why each golden value of one customer survives."""
    if reveal and not sys.stdout.isatty():
        raise error_of(WorkbookError, "cli.reveal_to_file")
    with open_project(project, as_of, data) as book:
        explained = ValueExplainer(book.step("survivorship").context)
        for sentence in explained.sentences(explained.meant(who), reveal=reveal):
            say(sentence)
