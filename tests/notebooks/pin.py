"""Executes the pages of the tiny project and pins what they show: `python
tests/notebooks/pin.py` after a wanted change.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGES = ("02_grain", "04_entities", "07_metrics")


def pin(folder: Path) -> None:
    """Write the executed pages to a folder."""
    with TemporaryDirectory() as work:
        project = Path(work) / "tiny"
        shutil.copytree(HERE / "tiny", project)
        for page in PAGES:
            node = nbformat.read(ROOT / "notebooks" / f"{page}.ipynb", as_version=4)
            NotebookClient(
                node,
                kernel_name="python3",
                resources={"metadata": {"path": str(project / "pinned")}},
            ).execute()
            for cell in node.cells:
                cell.metadata.pop("execution", None)
            node.metadata = {
                "kernelspec": node.metadata["kernelspec"],
                "language_info": {"name": "python"},
            }
            nbformat.write(node, folder / f"{page}.ipynb")


if __name__ == "__main__":
    pin(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "tiny" / "pinned")
