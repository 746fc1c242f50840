"""The command line: thin commands over the open workbook; errors become one message and an exit
code.
"""

from __future__ import annotations

from workbook.cli.commands import app, main

__all__ = ["app", "main"]
