"""`python -m workbook.cli`: the same as the command `workbook`."""

from __future__ import annotations

from workbook.cli import main

main()
