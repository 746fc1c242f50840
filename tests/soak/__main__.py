"""`make soak`: tries each promise many times, prints what was tried, the goal and the result,
and fails where one is missed.

`python tests/soak kills flips` runs these rows; `--share 0.1` a tenth of each; `--seed 7` other
draws.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rows import ROWS, Outcome


def main() -> int:
    """Run the rows that were asked for; 0 where every goal was met."""
    parser = argparse.ArgumentParser(prog="tests/soak")
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"which of {', '.join(ROWS)}; all of them by default"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--share", type=float, default=1.0, help="the share of the tries of each row"
    )
    asked = parser.parse_args()
    unknown = [name for name in asked.rows if name not in ROWS]
    if unknown:
        parser.error(f"no row is named {', '.join(unknown)}; there are {', '.join(ROWS)}")
    print(f"{'row':<10} {'tried':>7}  {'goal':<44} {'result':<34} {'seed':>4} {'seconds':>8}")
    met = True
    for name in asked.rows or ROWS:
        row, started = ROWS[name], time.perf_counter()
        with tempfile.TemporaryDirectory(prefix=f"soak-{name}-") as folder:
            found: Outcome = row.run(
                Path(folder), max(1, round(row.tries * asked.share)), asked.seed
            )
        met &= not found.missed
        seconds = time.perf_counter() - started
        print(
            f"{name:<10} {found.tried:>7,}  {row.goal:<44} {found.result:<34} {asked.seed:>4}"
            f" {seconds:>8.0f}",
            flush=True,
        )
        for told in found.missed[:5]:
            print(f"    missed: {told}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
