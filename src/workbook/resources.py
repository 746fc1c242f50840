"""Where the notebooks and templates lie: in the installed package, or in a checkout beside
`src/`.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from workbook.errors import WorkbookError


def resources(name: str) -> Path:
    """The folder `notebooks` or `templates`, from a wheel (`workbook/_bundled/`) or from a
    checkout.

    Raises:
        WorkbookError: the installation lacks it.
    """
    package = Path(str(files("workbook")))
    for folder in (package / "_bundled" / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    raise WorkbookError(f"This installation lacks its {name}: install customer-workbook again.")
