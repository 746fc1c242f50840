"""The rows of the soak: what is tried, how often, and what must come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import attacks
import damage
import disks
import inputs
import laws
import markup
import notebooks
import oracle
import planted
import ranges
import runs
import texts
from payloads import CALLS


@dataclass
class Outcome:
    """What came out of one row: how much was tried, a word about it, and every goal that was
    missed.
    """

    tried: int
    result: str
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One row: how many tries make it whole, its goal in words, and what runs it (folder,
    tries, seed).
    """

    tries: int
    goal: str
    run: Callable[[Path, int, int], Outcome]


def _row(
    tries: int, goal: str, told: str, trial: Callable[[Path, int, int], tuple[int, list[str]]]
) -> Row:
    def run(folder: Path, count: int, seed: int) -> Outcome:
        tried, missed = trial(folder, count, seed)
        return Outcome(tried, f"{len(missed)} {told}", missed)

    return Row(tries, goal, run)


ROWS = {
    "fuzz": _row(10_000, "both readers find the same rows", "files differ", texts.readers_agree),
    "flips": _row(
        900, "a damaged store never gives another answer", "answers differ", damage.of_the_store
    ),
    "sources": _row(
        100, "a changed source is never answered from before", "answers differ", damage.of_sources
    ),
    "kills": _row(200, "what was published stays whole", "runs torn", runs.killed),
    "changes": _row(
        20, "a run is about one state of its inputs, or ends", "runs mixed", runs.changed_meanwhile
    ),
    "disks": _row(10, "a full disk is said, the last run stays whole", "runs torn", disks.full),
    "inputs": _row(
        100, "lands as it is written, or is refused", "faults", inputs.land_or_are_refused
    ),
    "sql": _row(170, "nothing outside is read or written", "escapes", attacks.escape),
    "markup": _row(
        len(CALLS), "no payload of any text runs in a browser", "fired", markup.stays_text
    ),
    "secrets": _row(
        1_000, "no personal value and no secret is shown", "found", planted.values_are_kept_in
    ),
    "laws": _row(200, "every law holds for this many examples", "broken", laws.hold),
    "oracle": _row(8, "drawn companies' numbers are MetricFlow's", "differ", oracle.agrees),
    "ranges": _row(20, "a stated range holds in 18 of 20 populations", "beyond", ranges.hold),
    "notebooks": _row(
        15, "every page runs whole in JupyterLab, twice", "faults", notebooks.run_in_lab
    ),
    "starts": _row(50, "all runs of one project end, and agree", "runs differ", runs.at_once),
}
