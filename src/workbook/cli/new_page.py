"""`workbook new-page`: a page of a team's own, which joins the dossier."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from workbook.book import find_project
from workbook.cli.check_without_data import read_unseen
from workbook.cli.console import say
from workbook.cli.options import ARGUMENTS, WORDS, ProjectOption
from workbook.dossier import notebooks_in
from workbook.errors import WorkbookError
from workbook.resources import resources
from workbook.words import error_of
from workbook.words.wording import capital, humanize

_TEMPLATE = "13_my_analysis"
_FIRST, _LAST = 13, 99
_LONGEST = 60  # of a file's name


def new_page(
    title: Annotated[str, typer.Argument(metavar="TITLE", help=ARGUMENTS["page_title"])],
    project: ProjectOption = None,
) -> None:
    """Make a page from the template, under the next number that is free."""
    root = find_project(project)
    page = write_page(root / read_unseen(root).project.notebooks, title)
    say(WORDS.text("new_page.made", file=str(page.relative_to(root))))


def write_page(folder: Path, title: str) -> Path:
    """Write a page of this title to a folder of notebooks; gives its file.

    Raises:
        WorkbookError: the title has no letter or digit, or every number is taken.
    """
    title = " ".join(title.split())
    name = re.sub(r"[^a-z0-9]+", "_", title.lower())[:_LONGEST].strip("_")
    if not name:
        raise error_of(WorkbookError, "cli.page_without_name", title=title)
    number = max(_FIRST - 1, *(_number(path) for path in notebooks_in(folder)), 0) + 1
    if number > _LAST:
        raise error_of(WorkbookError, "cli.no_page_number", folder=str(folder))
    if title == name:  # a file's name, and no title
        title = capital(humanize(name))
    text = (resources("templates") / "own_page" / f"{_TEMPLATE}.ipynb").read_text("utf-8")
    page = json.loads(text.replace(f"{_FIRST}.1", f"{number}.1"))
    page["cells"][0]["source"][0] = f"# {number} · {title}\n"
    folder.mkdir(parents=True, exist_ok=True)
    result = folder / f"{number}_{name}.ipynb"
    result.write_text(
        json.dumps(page, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8"
    )
    return result


def _number(path: Path) -> int:
    """The number of a page; 4 for `04b_identity`."""
    found = re.match(r"\d+", path.name)
    return int(found[0]) if found else 0
