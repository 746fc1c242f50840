"""A run is about what it began with: whatever changes meanwhile ends it, and the run before
stands.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_book import a_notebook, write

from workbook import Workbook
from workbook.dossier import run_project
from workbook.errors import WorkbookError

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("data", "model", "workbook.yml"):
        source, target = TINY / name, tmp_path / "tiny" / name
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    return tmp_path / "tiny"


@pytest.mark.usefixtures("pages_here")
@pytest.mark.parametrize(
    ("file", "more"),
    [
        ("data/shop_people.csv", "p9,zed@shop.example,Zed,Ulm,2025-06-03T10:00:00\n"),
        ("model/05_survivorship.yml", "# a word\n"),
        ("decisions/exceptions.csv", "id,entity\n"),  # it was not there before
    ],
)
def test_a_file_that_changes_while_pages_run_ends_the_run(
    file: str, more: str, project: Path
) -> None:
    write(project, "02_grain", a_notebook("PROJECT"))
    first = run_project(project, open_book=Workbook.open)
    edit = (
        "from pathlib import Path\nfile ="
        f" Path({str(project / file)!r})\nfile.parent.mkdir(exist_ok=True)\n"
        f"file.open('a').write({more!r})"
    )
    write(project, "02_grain", a_notebook(edit))
    with pytest.raises(WorkbookError, match=file) as refused:
        run_project(project, open_book=Workbook.open)
    assert refused.value.exit_code == 2
    assert (project / "runs" / "latest").resolve() == first.path.resolve()
    assert sorted(each.name for each in (project / "runs").iterdir()) == sorted(
        ["latest", first.path.name]
    )
    write(project, "02_grain", a_notebook("PROJECT"))
    assert run_project(project, open_book=Workbook.open).path.exists()
