"""Every page of the workbook in a real JupyterLab."""

from __future__ import annotations

import sys
from pathlib import Path

from project import ROOT


def run_in_lab(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """How many pages were run whole, twice each, and what failed."""
    sys.path.insert(0, str(ROOT / "tests" / "notebook"))
    from pages_in_lab import trial

    return trial(folder, tries, seed)
