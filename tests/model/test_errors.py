"""Errors as people meet them: without frames of our source, with the nearest name and a remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from workbook.errors import ModelError, Problem, WorkbookError

from workbook.nearest_name import did_you_mean
from workbook.model import load_model


def problems(folder: Path, **files: str) -> list[Problem]:
    (folder / "model").mkdir(exist_ok=True)
    files = {"workbook": "name: T\nas_of: 2025-06-30\n", **files}
    for name, text in files.items():
        path = "workbook.yml" if name == "workbook" else f"model/{name}.yml"
        (folder / path).write_text(text)
    with pytest.raises(ModelError) as wrong:
        load_model(folder)
    return list(wrong.value.problems)


def test_a_notebook_shows_what_is_wrong_and_no_frame_of_ours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shell = InteractiveShell.instance()
    shell.run_cell(
        "from workbook.errors import ModelError, Problem\n"
        "raise ModelError([Problem('a.yml', 2, 'one.'), Problem('a.yml', 1, 'two.')])"
    )
    out, err = capsys.readouterr()
    shown = re.sub(r"\x1b\[\d+m", "", out + err)
    assert "a.yml:1\n  two.\na.yml:2\n  one." in shown
    assert "Traceback" not in out + err
    assert "errors.py" not in out + err


@pytest.mark.parametrize(
    "error", [ModelError([Problem("a.yml", 1, "no.")]), WorkbookError("no."), WorkbookError()]
)
def test_every_error_of_ours_is_a_card(error: WorkbookError) -> None:
    assert error._render_traceback_()
    assert not [line for line in error._render_traceback_() if "Traceback" in line]


def test_a_tab_is_told_as_one(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, **{"05_survivorship": "fields:\n\tperson.name: {}\n"})
    (other,) = problems(tmp_path, **{"05_survivorship": "fields:\n  a: @b\n"})
    assert [(each.line, each.code) for each in (told, other)] == [(2, "model.yaml.not_yaml")] * 2
    assert "tab" in told.advice and "@" in other.advice and "tab" not in other.advice


@pytest.mark.parametrize(
    ("day", "code", "near"),
    [
        ("2024-13-31", "model.yaml.not_a_date", ""),
        ("lates", "model.yaml.unknown_value", "'latest'"),
    ],
)
def test_a_day_that_is_none_is_told_once(tmp_path: Path, day: str, code: str, near: str) -> None:
    (told,) = problems(tmp_path, workbook=f"name: T\nas_of: {day}\n")
    assert (told.line, told.code) == (2, code)
    assert f"'{day}'" in told.what and near in told.advice


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("crn", ["crm"], "crm"),
        ("cr", ["crm"], "crm"),
        ("abm", ["crm"], ""),
        ("erp", ["crm", "eru"], "eru"),
    ],
)
def test_a_letter_of_three(name: str, known: list[str], near: str) -> None:
    assert did_you_mean(name, known) == (f"Did you mean '{near}'?" if near else "")
