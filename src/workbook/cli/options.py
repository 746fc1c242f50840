"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook.words import words_of

WORDS = words_of("cli")
ARGUMENTS = WORDS.texts("help.argument")
OPTIONS = WORDS.texts("help.option")


def help_of(command: str) -> str:
    """What a command does, and what else its own help says."""
    more = f"help.more.{command}"
    sentence = WORDS.text(f"help.command.{command}")
    return f"{sentence}\n\n{WORDS.text(more)}" if WORDS.has(more) else sentence


ProjectArgument = Annotated[
    Path | None, typer.Argument(metavar="PROJECT", help=ARGUMENTS["project"])
]
ProjectOption = Annotated[
    Path | None, typer.Option("--project", metavar="DIR", help=OPTIONS["project"])
]
AsOfOption = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=OPTIONS["as_of"])]
DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help=OPTIONS["data"])]
VerifyOption = Annotated[bool, typer.Option("--verify", help=OPTIONS["verify"])]
RevealOption = Annotated[bool, typer.Option("--reveal", help=OPTIONS["reveal"])]
