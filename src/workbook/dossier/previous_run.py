"""Finds the run that this one is compared with, and what the last runs used of the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbook.dossier.decision_snapshots import digest_of
from workbook.dossier.results import VERSION
from workbook.errors import WorkbookError
from workbook.words import error_of


def earlier_results(runs: Path, against: str | None) -> dict[str, Any] | None:
    """Results of the named run, or of `runs/latest` where none is named; None where there is
    none yet.

    Raises:
        WorkbookError: the named run is not there, or not of this version.
    """
    if against is None:
        latest = runs / "latest" / "results.json"
        found = _read(latest) if latest.is_file() else None
        return found if found and found.get("version") == VERSION else None
    return results_of(runs, against)


def results_of(runs: Path, run: str) -> dict[str, Any]:
    """Results of a run: its id, `latest`, its folder, or the path of a results.json.

    Raises:
        WorkbookError: the run is not there, or its results are not of this version.
    """
    places = (runs / run / "results.json", Path(run) / "results.json", Path(run))
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise error_of(
            WorkbookError, "dossier.unknown_run", run=run, folder=str(runs), known=run_ids(runs)
        )
    found = _read(path)
    if found is None or found.get("version") != VERSION:
        raise error_of(WorkbookError, "dossier.other_version", path=str(path), version=VERSION)
    return found


def baseline_run(runs: Path, evidence: str, against: str | None) -> dict[str, Any] | None:
    """The run to compare with: where the latest holds this very evidence, the one that it was
    compared with itself.

    So running again without a change gives the same run again, not a run that says "nothing
    changed".
    """
    then = earlier_results(runs, against)
    if then is None or against is not None or then["evidence"] != evidence:
        return then
    before = then["changes"]["against"] if then["changes"] else None
    return (
        earlier_results(runs, before)
        if before and (runs / before / "results.json").is_file()
        else None
    )


def run_ids(runs: Path) -> list[str]:
    """The runs that stand, the newest first."""
    manifests = [path for path in runs.glob("*/manifest.json") if path.parent.name != "latest"]
    ordered = sorted(
        manifests, key=lambda path: (path.stat().st_mtime_ns, path.parent.name), reverse=True
    )
    return [path.parent.name for path in ordered]


def contents_used(runs: Path, last: int) -> set[str]:
    """The stored tables that the last runs were made of."""
    used: set[str] = set()
    for run_id in run_ids(runs)[:last]:
        manifest: Mapping[str, Any] = _read(runs / run_id / "manifest.json") or {}
        used |= {table["content"] for table in manifest.get("tables", {}).values()}
    return used


def pages_used(runs: Path, last: int) -> set[str]:
    """The recipes of the kept pages that the last runs were made of."""
    used: set[str] = set()
    for run_id in run_ids(runs)[:last]:
        manifest: Mapping[str, Any] = _read(runs / run_id / "manifest.json") or {}
        used |= {page["recipe"] for page in manifest.get("run", {}).get("pages", {}).values()}
    return used


def decisions_used(runs: Path, last: int) -> set[str]:
    """The decisions that the last runs were made by, as digests."""
    results = [_read(runs / run_id / "results.json") or {} for run_id in run_ids(runs)[:last]]
    return {digest_of(found["decisions"]) for found in results if "decisions" in found}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
