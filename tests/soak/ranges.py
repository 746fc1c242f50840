"""What is stated of suggestions that nobody judged, over populations of relatives at one
address.
"""

from __future__ import annotations

import sys
from pathlib import Path

from project import ROOT

HELD = 0.9  # of the populations, at least


def hold(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """How many populations were drawn, and those in which a range does not hold the true count,
    where they are more than one in ten.
    """
    sys.path.insert(0, str(ROOT / "tests" / "identity"))
    from test_households import populations

    first = (seed - 1) * tries
    wrong = [number for number, held in populations(range(first, first + tries)) if not held]
    few = len(wrong) <= (1 - HELD) * tries
    return tries, [] if few else [f"seed {number}: the range does not hold" for number in wrong]
