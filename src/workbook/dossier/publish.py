"""Puts a whole run into its folder and moves `runs/latest` to it in one rename."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from workbook.engine import require_writable
from workbook.errors import MachineError, machine_errors
from workbook.words import error_of

# What two identical runs may differ in: seconds, counts of built and cached tables, and the `run`
# object.
OF_THE_RUN = ("results.json", "manifest.json")


def require_publishable(runs: Path) -> None:
    """Hold, before the long work, that a run can be written to `runs` and become the latest;
    nothing stays there.

    Raises:
        MachineError: the folder is read-only, full or a file, or `latest` is no link to a run.
    """
    there = runs.exists()
    require_writable(runs)
    if not there:
        with contextlib.suppress(OSError):
            runs.rmdir()
    latest = runs / "latest"
    if latest.exists() and not latest.is_symlink():
        raise error_of(
            MachineError, "dossier.latest_is_no_link", path=str(latest), folder=latest.is_dir()
        )


def publish(runs: Path, run_id: str, files: Mapping[str, bytes]) -> Path:
    """Write `files` to `runs/<run_id>` and make it the latest; until the last rename nothing
    that stood has changed.

    A run that stands already with the same bytes is kept, and only what belongs to the run's
    own story is refreshed.

    Raises:
        MachineError: it cannot be written; the latest run is the earlier one.
    """
    with machine_errors():
        return _publish(runs, run_id, files)


def _publish(runs: Path, run_id: str, files: Mapping[str, bytes]) -> Path:
    runs.mkdir(parents=True, exist_ok=True)
    _sweep(runs)
    target = runs / run_id
    building = Path(mkdtemp(prefix=f".tmp-{os.getpid()}-", dir=runs))
    try:
        for name, content in files.items():
            _write(building / name, content)
        building.chmod(0o755)
        if target.is_dir() and _same(target, files):
            for name in OF_THE_RUN:
                (building / name).replace(target / name)
        else:
            if target.exists():  # a folder of that name that somebody edited: ours is the truth
                target.rename(building / ".replaced")
            building.rename(target)
            shutil.rmtree(target / ".replaced", ignore_errors=True)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    _point(runs, run_id)
    return target


def clean_runs(runs: Path, before: float) -> tuple[str, ...]:
    """Remove the runs that were published before a moment (seconds since 1970) and name them;
    the latest stays.
    """
    latest = (runs / "latest").resolve()
    made = [
        path.parent
        for path in sorted(runs.glob("*/manifest.json"))
        if path.stat().st_mtime < before
    ]
    old = [run for run in made if not run.is_symlink() and run.resolve() != latest]
    for run in old:
        shutil.rmtree(run)
    return tuple(run.name for run in old)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _same(target: Path, files: Mapping[str, bytes]) -> bool:
    return all(
        (target / name).is_file()
        and (name in OF_THE_RUN or (target / name).read_bytes() == content)
        for name, content in files.items()
    )


def _point(runs: Path, run_id: str) -> None:
    link = runs / f".latest-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(run_id, target_is_directory=True)
    try:
        link.replace(runs / "latest")
    except OSError:
        link.unlink(missing_ok=True)
        raise


def _sweep(runs: Path) -> None:
    """Remove what killed runs left behind; the folders of living processes stay."""
    for left in runs.glob(".tmp-*"):
        if not _alive(left.name.split("-")[1]):
            shutil.rmtree(left, ignore_errors=True)
    for link in runs.glob(".latest-*"):
        if not _alive(link.name.split("-")[1]):
            link.unlink(missing_ok=True)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        pass
    return True
