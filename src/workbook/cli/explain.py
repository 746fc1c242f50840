"""`workbook explain account/<id>`: in sentences, why each golden value of one customer stands,
and what it beat.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from workbook.book import Workbook, find_project
from workbook.cli.console import say
from workbook.errors import WorkbookError
from workbook.scenarios.explain import ValueExplainer


def explain(
    who: Annotated[
        str,
        typer.Argument(
            metavar="ENTITY/ID",
            help="A customer: its entity and id; or one of its records, like system.table:key.",
        ),
    ],
    project: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The project's folder; by default the nearest with a workbook.yml upward.",
        ),
    ] = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show the values themselves, on a terminal only.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day that it is about.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Read the sources from here instead of where workbook.yml says."
        ),
    ] = None,
) -> None:
    """Say why each golden value of one customer stands: which record, source and rule, when,
    and what it beat.

    Personal and sensitive values are tokens unless --reveal asks for them.
    """
    if reveal and not sys.stdout.isatty():
        raise WorkbookError(
            "--reveal shows values to a person at a terminal; this goes to a file or a pipe."
        )
    book = Workbook.open(
        find_project(project), as_of=as_of, data=str(data.resolve()) if data else None
    )
    try:
        explained = ValueExplainer(book.step("survivorship").context)
        for sentence in explained.sentences(explained.meant(who), reveal=reveal):
            say(sentence)
    finally:
        book.close()
