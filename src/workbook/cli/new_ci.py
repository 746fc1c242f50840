"""Puts the files in place by which a service checks and runs a project on every change."""

from __future__ import annotations

from pathlib import Path

from workbook.errors import WorkbookError
from workbook.resources import resources
from workbook.words import error_of

PLACES = {
    "github": Path(".github", "workflows", "workbook.yml"),
    "gitlab": Path(".gitlab-ci.yml"),
}
_HOOK = Path(".pre-commit-config.yaml")


def require_service(service: str) -> None:
    """Holds that there are files for a service.

    Raises:
        WorkbookError: there are none.
    """
    if service not in PLACES:
        raise error_of(WorkbookError, "cli.unknown_service", service=service, known=list(PLACES))


def add_ci(folder: Path, service: str) -> list[Path]:
    """Write the files of a service and the hook of `check` into a project; those that stand
    there already stay as they are. Gives those that were written.
    """
    require_service(service)
    written = []
    for template, place in ((service, PLACES[service]), ("pre-commit", _HOOK)):
        path = folder / place
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            text = (resources("templates") / "ci" / f"{template}.yml").read_text("utf-8")
            path.write_text(text, "utf-8")
            written.append(place)
    return written
