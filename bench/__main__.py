"""Benchmarks as ratios: ours and what a user would run instead, in turn, in the same run.

`python -m bench [CASE …]` prints ours, theirs, the ratio and the goal per case, writes
bench/results.json, and exits 1 where a goal is missed. Seconds are the median of wall times of
whole processes.

`python -m bench numbers RUN_A RUN_B` proves that no number moved between two runs, or names
those that did.
"""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

from bench import (
    febrl,
    history,
    identity,
    landing,
    metrics,
    numbers,
    review,
    run,
    suggestions,
    survivorship,
)
from bench.timing import Case, measured, missed

SEVERAL = (
    run.CASE,
    run.CASE_RERUN,
    run.CASE_OPEN,
    landing.CASE,
    identity.CASE,
    identity.CASE_FIVE,
    suggestions.CASE,
    review.CASE,
    febrl.CASE,
    survivorship.CASE,
    survivorship.CASE_TEN,
    survivorship.CASE_LEAN,
    history.CASE,
    history.CASE_TEN,
    history.CASE_LEAN,
    metrics.CASE,
)
CASES: dict[str, Case] = {case.name: case for case in SEVERAL}
RESULTS = Path(__file__).parent / "results.json"


def main(names: list[str]) -> int:
    """Measure the named cases, or all of them; or compare the numbers of two runs."""
    if names[:1] == ["numbers"]:
        return numbers.main(names[1:])
    unknown = [name for name in names if name not in CASES]
    if unknown:
        print(
            f"There is no case {', '.join(unknown)}. Cases are {', '.join(CASES)}.", file=sys.stderr
        )
        return 2
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    failed = False
    print(f"{'case':<12}{'ours':>10}{'theirs':>10}{'ratio':>8}{'goal':>8}  against")
    for name in names or CASES:
        result = measured(CASES[name])
        wrong = missed(result)
        failed |= bool(wrong)
        print(
            f"{name:<12}{result['ours']:>9.2f}s{result['theirs']:>9.2f}s"
            f"{result['ratio']:>8.2f}{'≤ ' + str(result['goal']):>8}"
            f"  {result['against']}"
        )
        print(f"{'':<12}{result['peak_mib']['ours']:>7} MiB{result['peak_mib']['theirs']:>7} MiB")
        for what, (value, sign, goal) in result["quality"].items():
            print(f"{'':<12}{what}: {value} ({sign} {goal})")
        for what in wrong:
            print(f"{'':<12}MISSED: {what}")
        results[name] = result
    results["machine"] = {"system": platform.system(), "python": platform.python_version()}
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
