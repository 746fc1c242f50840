"""Times two commands in turn, each a process of its own, and compares their medians."""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One comparison: `prepare` fills a folder once; `ours` and `theirs` are Python programs
    run in it, each anew.
    """

    name: str
    against: str
    goal: float
    prepare: Callable[[Path], None]
    ours: str
    theirs: str
    rounds: int = 3
    peak: float | None = None  # MiB that ours may hold at most
    cpu: bool = False  # the ratio is of CPU seconds instead of wall time
    # a program that prints {what: [value, "<=" or ">=", goal]} as JSON, run once after ours
    quality: str = ""


# Libraries lie compiled since they were installed; so must our own code, also where the machine
# forbids to keep bytecode.
_AS_INSTALLED = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def measured(case: Case) -> dict[str, Any]:
    """Seconds of both, their ratio, and the goal; the order alternates so that neither always
    runs warm.
    """
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    peaks: dict[str, list[float]] = {"ours": [], "theirs": []}
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        _prepare(case, base)
        for number in range(case.rounds):
            for side in ("ours", "theirs") if number % 2 == 0 else ("theirs", "ours"):
                wall, cpu, peak = _timed(getattr(case, side), base)
                times[side].append(cpu if case.cpu else wall)
                peaks[side].append(peak)
        quality = json.loads(_said(case.quality, base)) if case.quality else {}
    ours, theirs = (statistics.median(times[side]) for side in ("ours", "theirs"))
    more = {
        "peak_mib": {side: round(max(peaks[side])) for side in peaks},
        "peak_goal": case.peak,
        "quality": quality,
    }
    return more | {
        "against": case.against,
        "ours": round(ours, 3),
        "theirs": round(theirs, 3),
        "ratio": round(ours / theirs, 3),
        "goal": case.goal,
        "rounds": case.rounds,
        "all": {side: [round(value, 3) for value in values] for side, values in times.items()},
    }


def _prepare(case: Case, folder: Path) -> None:
    """In a process of its own: what a process held before it becomes another counts as held by
    that one, too.
    """
    process = multiprocessing.get_context("spawn").Process(target=case.prepare, args=(folder,))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"The benchmark '{case.name}' could not be prepared.")


def _timed(program: str, folder: Path) -> tuple[float, float, float]:
    """Seconds of wall time and of CPU of one process, and the most memory that it held, in MiB."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            text=True,
            env=_AS_INSTALLED,
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            errors.seek(0)
            raise SystemExit(f"A benchmark program failed:\n{errors.read()[-2000:]}")
    return (
        seconds,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2),
    )


def _said(program: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"A benchmark program failed:\n{done.stderr[-2000:]}")
    return done.stdout


def missed(result: dict[str, Any]) -> list[str]:
    """What of a result does not reach its goal, in words."""
    found = (
        [f"ratio {result['ratio']} over {result['goal']}"]
        if result["ratio"] > result["goal"]
        else []
    )
    if result["peak_goal"] and result["peak_mib"]["ours"] > result["peak_goal"]:
        found.append(f"{result['peak_mib']['ours']} MiB over {result['peak_goal']:.0f}")
    for what, (value, sign, goal) in result["quality"].items():
        if not (value <= goal if sign == "<=" else value >= goal):
            found.append(f"{what} {value} not {sign} {goal}")
    return found
