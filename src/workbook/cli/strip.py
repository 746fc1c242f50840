"""Notebooks in git: the filter that commits a page without outputs, and where it is set."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from workbook.cli.options import ARGUMENTS
from workbook.strip_notebook import main

FILTER = "workbook"
ATTRIBUTES = f"notebooks/*.ipynb filter={FILTER}"


def strip(
    name: Annotated[str, typer.Argument(metavar="NAME", help=ARGUMENTS["notebook"])] = "",
) -> None:
    """Read a notebook and write it as it is committed."""
    sys.exit(main(name))


def set_filter(project: Path) -> bool:
    """Whether the filter was set now in the git work tree of a project: its .gitattributes asks
    for it, and git did not know it yet.

    A filter is a setting of one clone: git takes no command from a file that it fetched.
    """
    attributes = project / ".gitattributes"
    if not attributes.is_file() or f"filter={FILTER}" not in attributes.read_text("utf-8").split():
        return False
    if _git(project, "rev-parse", "--is-inside-work-tree") != "true":
        return False
    known = shlex.split(_git(project, "config", "--get", f"filter.{FILTER}.clean") or "")
    if known and shutil.which(known[0]):  # a Python that was removed since is replaced
        return False
    settings = {
        "clean": f"{shlex.quote(sys.executable)} -m workbook.strip_notebook %f",
        "smudge": "cat",
        "required": "true",
    }
    return all(
        _git(project, "config", "--local", f"filter.{FILTER}.{key}", value) is not None
        for key, value in settings.items()
    )


def _git(folder: Path, *words: str) -> str | None:
    """What git answers; None where it fails, or where there is none."""
    git = shutil.which("git")
    if not git:
        return None
    command = [git, "-C", str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None
