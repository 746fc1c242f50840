"""The decisions of each run, kept beside the store, so that a later run can say what they would
come to today.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from workbook.engine import KEPT, kept_folder, private_file, private_folder
from workbook.model.schema import Project

_PLACE = Path(KEPT) / "decisions"


def decision_files(root: Path, project: Project) -> dict[str, str]:
    """Every file that people decide in, by its path below the project, with a digest: YAML,
    ledgers, weights, published ids.
    """
    found = [
        root / "workbook.yml",
        *(root / project.model).glob("*.yml"),
        *(root / "registry").glob("*.parquet"),
    ]
    found += [
        path for path in (root / project.decisions).rglob("*") if path.suffix in (".csv", ".json")
    ]
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(found)
        if path.is_file()
    }


def digest_of(files: Mapping[str, str]) -> str:
    """One digest of all decisions."""
    return hashlib.sha256(
        "\n".join(f"{name} {digest}" for name, digest in sorted(files.items())).encode()
    ).hexdigest()[:16]


def keep_decisions(root: Path, files: Mapping[str, str]) -> None:
    """Copy the decisions as they are now; a copy appears under its digest only when it is whole."""
    place = root / _PLACE / digest_of(files)
    if place.is_dir():
        return
    private_folder(kept_folder(root) / _PLACE.name)
    fresh = place.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    private_folder(fresh)
    for name in files:
        private_folder((fresh / name).parent)
        shutil.copyfile(root / name, fresh / name)
        private_file(fresh / name)
    fresh.replace(place)


def kept_decisions(root: Path, digest: str) -> Path | None:
    """Where the decisions of an earlier run lie, or None where they were not kept on this
    machine.
    """
    place = root / _PLACE / digest
    return place if place.is_dir() else None


def clean_decisions(root: Path, keep: Collection[str]) -> int:
    """Remove the copies of all other decisions, and say how many: they hold what people wrote,
    which nobody may need to keep for ever.
    """
    old = [
        place
        for place in sorted((root / _PLACE).glob("*"))
        if place.is_dir() and not place.suffix and place.name not in keep
    ]
    for place in old:
        shutil.rmtree(place)
    return len(old)
