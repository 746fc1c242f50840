"""The tiny project on which the soak runs, with three pages of its own so that a run takes
seconds.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "notebooks" / "tiny"
PAGES = ("02_grain", "04_entities", "07_metrics")


def copy_to(folder: Path) -> Path:
    """A fresh copy of the project."""
    project = folder / "tiny"
    shutil.copytree(TINY, project, ignore=shutil.ignore_patterns("pinned", ".workbook", "runs"))
    (project / "notebooks").mkdir()
    for name in PAGES:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", project / "notebooks")
    return project


def start(project: Path) -> subprocess.Popen[bytes]:
    """A run of the project as a process of its own, with a group of its own."""
    command = [sys.executable, "-m", "workbook.cli", "run", str(project)]
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def said(
    arguments: list[str | Path], folder: Path, timeout: float | None = None, **more: str
) -> tuple[int, str]:
    """Python with these arguments, from a folder and with these variables beside ours: its exit
    code, and what it says on both channels.

    Raises:
        subprocess.TimeoutExpired: it came to no end.
    """
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": path, **more}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def run(project: Path) -> int:
    """A whole run; its exit code."""
    return start(project).wait()


def published(project: Path) -> dict[str, bytes]:
    """Every file of the latest run by its path; none where nothing was published."""
    latest = (project / "runs" / "latest").resolve()
    if not latest.exists():
        return {}
    return {
        str(file.relative_to(latest)): file.read_bytes()
        for file in sorted(latest.rglob("*"))
        if file.is_file()
    }


def is_whole(found: dict[str, bytes], right: dict[str, bytes]) -> bool:
    """Whether a run has the files of another, and its page and its results to the end."""
    page, results = found.get("dossier.html", b""), found.get("results.json", b"{")
    return (
        found.keys() == right.keys()
        and page.rstrip().endswith(b"</html>")
        and bool(json.loads(results))
    )


def numbers(project: Path) -> str:
    """The digest of everything that the latest run counted."""
    return json.loads((project / "runs" / "latest" / "results.json").read_text("utf-8"))["digests"][
        "numbers"
    ]
