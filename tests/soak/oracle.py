"""Our numbers beside MetricFlow's, for drawn companies."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from project import ROOT


def agrees(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """How many answers were compared over so many drawn companies, and those that differ."""
    sys.path.insert(0, str(ROOT / "tests" / "metrics"))
    from test_oracle import compare

    compared, wrong = 0, []
    for number in random.Random(seed).sample(range(1000), tries):
        found = compare(number, folder / f"oracle-{number}")
        compared += found.values
        wrong += [f"seed {number}: {each}" for each in found.wrong]
    return compared, wrong
