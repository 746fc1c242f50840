"""The wheel carries the pages, the shapes and the sample, so that an installation needs no
checkout.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_carries_pages_shapes_and_the_sample_and_no_truth(wheel: Path) -> None:
    held = names(wheel)
    for folder in ("notebooks", "templates", "data/b2b_saas"):
        wanted = {
            f"workbook/_bundled/{path.relative_to(ROOT)}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and ".ipynb_checkpoints" not in path.parts
        }
        wanted = {name for name in wanted if "/." not in name}
        assert wanted - held == set()
    assert not [
        name for name in held if "truth" in name or "/runs/" in name or "/.workbook/" in name
    ]


def test_it_carries_the_front_end_of_the_review(wheel: Path) -> None:
    assert {
        "workbook/widget/review.js",
        "workbook/widget/review.css",
        "workbook/show/theme.css",
    } <= names(wheel)


def test_it_carries_every_query_that_is_a_file(wheel: Path) -> None:
    source = ROOT / "src"
    wanted = {str(path.relative_to(source)) for path in source.rglob("sql/*.sql")}
    assert wanted
    assert wanted <= names(wheel)


@pytest.mark.long
def test_a_project_of_the_sample_is_made_and_checked_without_a_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, 'site'); sys.argv = ['workbook', *sys.argv[1:]]; from"
        " workbook.cli import main; main()"
    )
    for words in (["new", "acme", "--shape", "b2b_saas"], ["check", "acme"]):
        done = subprocess.run(
            [
                sys.executable,
                "-I",
                "-c",
                code.replace("'site'", repr(str(tmp_path / "site"))),
                *words,
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "acme" / "data" / "crm" / "accounts.csv").is_file()
    assert (tmp_path / "acme" / "model" / ".schema" / "02_grain.json").is_file()
