"""Whether a number moved between two runs: names the tables, metrics and findings that differ."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from workbook.dossier.digests import differences, digests

SHOWN = 10  # of each kind


def main(paths: list[str]) -> int:
    """Compare two runs, each a folder or its results.json; 0 where no number moved, else 1."""
    if len(paths) != 2:
        print("Name two runs: python -m bench numbers runs/A runs/B", file=sys.stderr)
        return 2
    try:
        then, now = (_results(Path(path)) for path in paths)
    except (OSError, ValueError, KeyError) as error:
        print(f"These are not the results of two runs: {error}", file=sys.stderr)
        return 2
    found = differences(then, now)
    figures = found.pop("figures")
    for kind, rows in found.items():
        _show(kind, rows)
    moved = any(found.values())
    print("Numbers moved." if moved else "No number moved.")
    _show("figures (part of the pages)", figures)
    return int(moved)


def _results(path: Path) -> Any:
    file = path / "results.json" if path.is_dir() else path
    results = json.loads(file.read_text("utf-8"))
    digests(results)  # a KeyError where it is something else
    return results


def _show(kind: str, rows: list[str]) -> None:
    if rows:
        print(f"{kind}: {len(rows)} differ")
        print("\n".join(f"  {row}" for row in rows[:SHOWN]))
        if len(rows) > SHOWN:
            print(f"  and {len(rows) - SHOWN} more")
