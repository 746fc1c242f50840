"""Disks that are full: a file system with little room left where one can be mounted, else a
limit for the size of a file.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from project import ROOT, copy_to, is_whole, numbers, published, run

OURS = "This is a fault of the workbook"


def full(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """Runs that meet a full disk, every second on a disk of its own; the last run stays whole,
    and one sentence says why.
    """
    rng, missed = random.Random(seed), []
    first = copy_to(folder / "first")
    run(first)
    for number in range(1, tries + 1):
        place = folder / f"disk-{number}"
        place.mkdir()
        mounted = number % 2 == 1 and _mount(place)
        try:
            missed += [
                f"disk {number} ({'mounted' if mounted else 'limited'}): {each}"
                for each in _tried(first, place, rng, mounted)
            ]
        finally:
            if mounted:
                subprocess.run(["umount", "-l", str(place)], check=False)
            shutil.rmtree(place, ignore_errors=True)
    return tries, missed


def _mount(place: Path) -> bool:
    """Whether a small file system could be mounted there."""
    if os.geteuid() or not shutil.which("mount"):
        return False
    return (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)],
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )


def _tried(first: Path, place: Path, rng: random.Random, mounted: bool) -> list[str]:
    """What was wrong with a run in a copy of the project that lies on the disk."""
    project = place / "tiny"
    shutil.copytree(first, project, symlinks=True)
    with (project / "data" / "shop_people.csv").open("a") as people:
        people.write("p9,zed@shop.example,Zed,Ulm,2025-06-03T10:00:00\n")
    if rng.random() < 0.5:
        shutil.rmtree(project / ".workbook")
    room = rng.randrange(1_000, 200_000)
    for _ in range(5):  # as little room as it takes
        if mounted:
            _fill(place / "filler", room)
        before, counted = published(project), numbers(project)
        code, said = _run(project, 0 if mounted else room)
        if code not in (0, 1):
            break
        if not is_whole(published(project), before):
            return ["a run with room enough is torn"]
        room //= 3
    else:
        return ["the disk was never full"]
    after = published(project)
    wrong = ["a traceback"] if "Traceback" in said else []
    wrong += ["it is called ours"] if OURS in said else []
    wrong += [f"exit {code}: {said[-300:]}"] if code != 2 else []
    wrong += (
        [f"the last run is another or torn: exit {code}"]
        if after != before or numbers(project) != counted
        else []
    )
    told = [line for line in said.splitlines() if line.strip() and not line.startswith("page ")]
    wrong += (
        [f"{len(told)} lines: {said[-300:]}"]
        if len(told) != 1 or "disk is full" not in said
        else []
    )
    left = [path.name for path in (project / "runs").iterdir() if path.name.startswith(".")]
    return wrong + [f"left behind: {name}" for name in left]


def _fill(file: Path, spare: int) -> None:
    """Fill the disk but for so many bytes."""
    file.unlink(missing_ok=True)
    room = os.statvfs(file.parent)
    with file.open("wb") as filler:
        filler.write(b"\0" * max(0, room.f_bavail * room.f_frsize - spare))


def _run(project: Path, limit: int) -> tuple[int, str]:
    """A run whose files may not grow beyond a limit, where there is one; its exit code and all
    it says.
    """

    def limited() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "workbook", "run", str(project)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, preexec_fn=limited
    )  # noqa: PLW1509
    return done.returncode, done.stdout + done.stderr
