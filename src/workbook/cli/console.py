"""What the commands print: lines in which no character of the data commands the terminal."""

from __future__ import annotations

import typer

from workbook.show.text import clean


def printable(text: str) -> str:
    """The text with its line ends; characters that control, hide or reorder are a visible mark.

    >>> printable("a\\x1b[31mb\\nc")
    'a\ufffd[31mb\\nc'
    """
    return "\n".join(map(clean, text.split("\n")))


def say(text: str, *, err: bool = False) -> None:
    """Print text, to the errors where it is one."""
    typer.echo(printable(text), err=err)
