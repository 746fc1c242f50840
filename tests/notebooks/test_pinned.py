"""Pages of a tiny project, executed again by nbval: what they show is what was pinned, and a
changed number is noticed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parents[1] / "notebooks"
PINNED = sorted((HERE / "tiny" / "pinned").glob("*.ipynb"))


def nbval(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run nbval, strict, over pinned pages of a copy of the project."""
    files = [str(folder / "pinned" / name) for name in names]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--nbval",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
        *files,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "tiny", tmp_path / "tiny"))


def test_pages_show_what_was_pinned(tiny: Path) -> None:
    done = nbval(tiny, *(path.name for path in PINNED))
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_changed_number_is_noticed(tiny: Path) -> None:
    page = tiny / "pinned" / "07_metrics.ipynb"
    text = page.read_text("utf-8")
    assert "47.50" in text
    page.write_text(text.replace("47.50", "47.51"), "utf-8")
    done = nbval(tiny, page.name)
    assert done.returncode == 1
    assert "Cell outputs differ" in done.stdout


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.stem)
def test_what_is_pinned_is_the_page_of_today(path: Path) -> None:
    now, then = (json.loads(p.read_text("utf-8"))["cells"] for p in (NOTEBOOKS / path.name, path))
    assert ["".join(cell["source"]) for cell in now] == ["".join(cell["source"]) for cell in then]
