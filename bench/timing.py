"""Times two commands in turn, each a process of its own, and compares their medians."""

from __future__ import annotations

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
    """One comparison: `prepare` fills a folder once; `ours` and `theirs` are Python programs run in it, each anew."""

    name: str
    against: str
    goal: float
    prepare: Callable[[Path], None]
    ours: str
    theirs: str
    rounds: int = 3


def measured(case: Case) -> dict[str, Any]:
    """Seconds of both, their ratio, and the goal; the order alternates so that neither always runs warm."""
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        case.prepare(base)
        for number in range(case.rounds):
            for side in ("ours", "theirs") if number % 2 == 0 else ("theirs", "ours"):
                times[side].append(_timed(getattr(case, side), base))
    ours, theirs = (statistics.median(times[side]) for side in ("ours", "theirs"))
    return {
        "against": case.against, "ours": round(ours, 3), "theirs": round(theirs, 3), "ratio": round(ours / theirs, 3), "goal": case.goal,
        "rounds": case.rounds, "all": {side: [round(value, 3) for value in values] for side, values in times.items()},
    }  # fmt: skip


def _timed(program: str, folder: Path) -> float:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise SystemExit(f"A benchmark program failed:\n{done.stderr[-2000:]}")
    return seconds
