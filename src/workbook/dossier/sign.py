"""Signs executed notebooks, so that JupyterLab shows their figures (it strips SVG and styles
from untrusted ones).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


def trust_notebooks(folder: Path) -> bool:
    """Sign what a run made; whether it could be. Where no signature can be kept, JupyterLab asks
    whether to trust the notebook.
    """
    try:
        sign_notebooks(folder)
    except (OSError, sqlite3.Error):
        return False
    return True


def sign_notebooks(folder: Path) -> int:
    """Sign every notebook of a folder for this user; how many were signed."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    paths = sorted(folder.glob("*.ipynb"))
    for path in paths:
        notary.sign(nbformat.read(path, as_version=4))
    return len(paths)
