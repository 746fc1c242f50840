"""What git keeps of a page: the delivered bytes, whatever was run and filled in before."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from workbook.cli.new import new_project
from workbook.cli.strip import set_filter
from workbook.errors import PageError
from workbook.strip_notebook import strip_notebook

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def as_jupyterlab_saves(text: str) -> str:
    """A page after run-all, with every cell of a person filled in and some cells folded."""
    node = nbformat.reads(text, as_version=4)
    for number, cell in enumerate(node.cells, start=1):
        cell.metadata |= {"collapsed": True, "jupyter": {"source_hidden": True}}
        if cell.cell_type != "code":
            continue
        cell.execution_count = number
        cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
        stream = nbformat.v4.new_output("stream", text="Ada Lovelace\n")
        cell.outputs = [stream, nbformat.v4.new_output("display_data", {"text/plain": "12"})]
        if "person" in cell.metadata.get("tags", ()):
            cell.source = 'answer = ("Ada Lovelace", 12)\n'
    node.metadata["language_info"] |= {"version": "3.13.1", "file_extension": ".py"}
    node.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    return nbformat.writes(node) + "\n"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_page_that_was_run_and_saved_is_the_delivered_one(path: Path) -> None:
    delivered = path.read_text("utf-8")
    saved = as_jupyterlab_saves(delivered)
    assert "Ada Lovelace" in saved
    assert strip_notebook(saved, f"notebooks/{path.name}") == delivered


def test_what_a_team_writes_is_kept(tmp_path: Path) -> None:
    """Prose, code, tags and pasted pictures of a page; the cells of a person in a notebook that
    was not delivered; a notebook of an earlier format, whose cells have no ids.
    """
    page = json.loads(NOTEBOOKS[1].read_text("utf-8"))
    person = next(cell for cell in page["cells"] if "person" in cell["metadata"].get("tags", ()))
    picture = {"a.png": {"image/png": "AAAA"}}
    own = {
        "cell_type": "markdown",
        "id": "own",
        "metadata": {},
        "source": ["## Ours\n", "x"],
        "attachments": picture,
    }
    page["cells"] += [own, {**person, "id": "mine", "source": ["mine = 1"]}]
    kept = json.loads(strip_notebook(json.dumps(page), NOTEBOOKS[1].name))["cells"]
    assert kept[-2] == own
    assert kept[-1]["source"] == ["mine = 1"]
    person["source"] = ["answer = 12"]
    ours = json.loads(strip_notebook(json.dumps(page), "13_my_analysis.ipynb"))["cells"]
    assert next(cell for cell in ours if cell["id"] == person["id"])["source"] == ["answer = 12"]
    for cell in page["cells"]:
        cell.pop("id")
    old = nbformat.reads(strip_notebook(json.dumps(page), "14_old.ipynb"), as_version=4)
    nbformat.validate(old)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": [1]}', "<<<<<<< ours\n{}", "\ufffd"])
def test_what_is_no_notebook_is_refused(text: str) -> None:
    with pytest.raises(PageError) as raised:
        strip_notebook(text, "notebooks/02_grain.ipynb")
    assert raised.value.code == "dossier.no_notebook"


def test_the_command_reads_one_notebook_and_writes_it() -> None:
    delivered = NOTEBOOKS[2].read_bytes()
    saved = as_jupyterlab_saves(delivered.decode()).encode()
    command = [sys.executable, "-m", "workbook", "strip", NOTEBOOKS[2].name]
    done = subprocess.run(command, input=saved, capture_output=True, check=True)
    assert done.stdout == delivered
    failed = subprocess.run(command, input=b"nothing", capture_output=True, check=False)
    assert (failed.returncode, failed.stdout) == (PageError.exit_code, b"")


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
class TestInGit:
    """A project in a real repository."""

    @pytest.fixture
    def repository(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
            monkeypatch.setenv(name, "/dev/null")
        self.folder = tmp_path / "a team's"
        self.folder.mkdir()
        self.git("init", "--quiet")
        self.git("config", "user.name", "team")
        self.git("config", "user.email", "team@example.org")
        return self.folder

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.folder, capture_output=True, text=True, check=True
        )
        return done.stdout

    def test_a_run_that_was_saved_changes_nothing_that_git_keeps(self, repository: Path) -> None:
        new_project(repository / "acme", "blank")
        assert set_filter(repository / "acme")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "first")
        pages = sorted((repository / "acme" / "notebooks").glob("*.ipynb"))
        for page in pages:
            page.write_text(as_jupyterlab_saves(page.read_text("utf-8")), "utf-8")
        assert self.git("diff") == ""
        self.git("add", ".")
        assert self.git("status", "--porcelain") == ""
        for page in pages:
            kept = self.git("show", f":acme/notebooks/{page.name}")
            assert kept == NOTEBOOKS[0].with_name(page.name).read_text("utf-8")
            # the team's own copy keeps its figures
            assert "Ada Lovelace" in page.read_text("utf-8")
        # a file in conflict cannot be committed by mistake
        pages[0].write_text("<<<<<<< ours\n", "utf-8")
        with pytest.raises(subprocess.CalledProcessError):
            self.git("add", ".")

    def test_the_filter_is_set_once_where_it_is_asked_for(self, repository: Path) -> None:
        project = repository / "acme"
        new_project(project, "blank")
        (repository / ".gitattributes").write_text("*.csv text\n", "utf-8")
        assert not set_filter(repository)  # nothing asks for it there
        assert set_filter(project)
        assert not set_filter(project)
        self.git("config", "filter.workbook.clean", "my-own-filter-that-is-gone %f")
        assert set_filter(project)
        self.git("config", "filter.workbook.clean", "cat")
        assert not set_filter(project)  # a command of the team's own is left alone
        assert self.git("config", "filter.workbook.clean").strip() == "cat"


def test_outside_of_git_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    new_project(tmp_path / "acme", "blank")
    assert not set_filter(tmp_path / "acme")
    monkeypatch.setenv("PATH", "")  # and without git
    assert not set_filter(tmp_path / "acme")
