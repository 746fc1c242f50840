"""What a run made is trusted by JupyterLab; where no signature can be kept the run is none the
worse.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from typer.testing import CliRunner

from workbook.cli import commands
from workbook.dossier import RunResult, sign, trust_notebooks


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    pages = tmp_path / "run" / "notebooks"
    pages.mkdir(parents=True)
    (tmp_path / "workbook.yml").write_text("name: T\n", "utf-8")
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", id="a")]),
        pages / "00_a.ipynb",
    )
    return tmp_path


def trusted(folder: Path) -> bool:
    page = nbformat.read(folder / "run" / "notebooks" / "00_a.ipynb", as_version=4)
    return NotebookNotary().check_signature(page)


def test_a_run_signs_what_it_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = RunResult(folder / "run", 0, "s", (), (), 0, 0, 0, 0, 0.0)
    monkeypatch.setattr(commands, "run_project", lambda *_, **__: result)
    monkeypatch.setattr(commands, "show_summary", lambda _: None)
    assert not trusted(folder)
    assert CliRunner().invoke(commands.app, ["run", str(folder)]).exit_code == 0
    assert trusted(folder)


@pytest.mark.parametrize("error", [OSError("read-only"), sqlite3.OperationalError("locked")])
def test_no_signature_is_no_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(_: Path) -> int:
        raise error

    monkeypatch.setattr(sign, "sign_notebooks", refuse)
    assert not trust_notebooks(folder / "run" / "notebooks")
    assert not trusted(folder)
