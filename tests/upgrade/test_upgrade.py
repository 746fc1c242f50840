"""A project of each earlier format comes to the current one, whole, with its comments, as often
as one likes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbook import Workbook
from workbook.cli import app
from workbook.errors import ModelError, WorkbookError
from workbook.model import load_model
from workbook.model.format_versions import FORMAT, FORMATS
from workbook.model.upgrade import rewrites, write
from workbook.words import problem_of

PROJECTS = Path(__file__).parents[1] / "projects"
TINY = PROJECTS.parent / "notebooks" / "tiny"
EARLIER = [f"format_{number}" for number in range(1, FORMAT)]


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".workbook" not in path.parts
    }


@pytest.fixture(params=EARLIER)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECTS / request.param, tmp_path / "shop"))


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output + (
        str(done.exception) if isinstance(done.exception, WorkbookError) else ""
    )


def test_every_format_has_its_project() -> None:
    assert [step.version for step in FORMATS] == list(range(2, FORMAT + 1))
    assert {path.name for path in PROJECTS.glob("format_*")} == set(EARLIER)


def test_it_is_read_as_it_is_and_check_names_the_command(project: Path, tmp_path: Path) -> None:
    model = load_model(project)
    assert model.project.departments == {"sales": "head of sales", "finance": "head of finance"}
    assert model.texts["project"].line(("departments", "finance")) == 9
    code, said = run("check", project)
    assert (
        code,
        str(problem_of("model.earlier_format", "workbook.yml", 1, version=1, current=FORMAT))
        in said,
        "Run `workbook upgrade`" in said,
    ) == (0, True, True)
    assert "upgrade" not in run("check", shutil.copytree(TINY, tmp_path / "tiny"))[1]


def test_what_is_signed_before_the_upgrade_is_signed_after_it(project: Path) -> None:
    Workbook.open(project).review.sign(
        "finance", "sold", "disagree", by="head of finance", because="no"
    )
    assert "by,function,statement" in files(project)["decisions/signoffs.csv"]
    for _ in range(2):
        (standing,) = Workbook.open(project).review.standings
        assert (standing.asked, standing.state) == (2, "disputed")
        run("upgrade", project)


def test_it_is_rewritten_and_nothing_is_left_to_do(project: Path) -> None:
    code, said = run("upgrade", project)
    assert code == 0
    assert "+departments:" in said
    assert "2025-06-30T12:00:00Z" not in said  # the lines around a change stay where they are
    assert load_model(project).project.departments == {
        "sales": "head of sales",
        "finance": "head of finance",
    }
    after = files(project)
    assert run("upgrade", project)[0] == 0
    assert files(project) == after


def test_only_the_words_change(project: Path) -> None:
    before = files(project)
    run("upgrade", project)
    changed = {name for name, text in files(project).items() if before[name] != text}
    assert changed == {"workbook.yml", "decisions/signoffs.csv"}
    text = before["workbook.yml"]
    for old, new in (("workbook: 1 ", f"workbook: {FORMAT} "), ("functions:", "departments:")):
        text = text.replace(old, new)
    assert files(project)["workbook.yml"] == text


def test_a_signature_of_then_still_stands(project: Path) -> None:
    run("upgrade", project)
    (standing,) = Workbook.open(project).review.standings
    assert (standing.department, standing.state) == ("finance", "agreed")


def test_a_dry_run_writes_nothing(project: Path) -> None:
    before = files(project)
    assert run("upgrade", project, "--dry")[0] == 0
    assert files(project) == before


def test_one_that_was_cut_short_goes_on(project: Path) -> None:
    write(rewrites(project)[:1])
    assert run("upgrade", project)[0] == 0
    assert load_model(project).project.workbook == FORMAT


def test_a_file_that_changes_meanwhile_is_left_alone(project: Path) -> None:
    changes = rewrites(project)
    path = project / "workbook.yml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
    with pytest.raises(WorkbookError, match="workbook.yml") as refused:
        write(changes)
    assert refused.value.code == "model.decisions.changed_meanwhile"
    assert path.read_text("utf-8").endswith("# a remark\n")


def test_an_old_and_a_new_word_side_by_side_are_refused(project: Path) -> None:
    path = project / "workbook.yml"
    path.write_text(path.read_text("utf-8") + "departments: {sales: somebody}\n", "utf-8")
    before = files(project)
    with pytest.raises(ModelError, match="'functions'.*'departments'") as refused:
        rewrites(project)
    assert refused.value.code == "model.decisions.not_upgraded"
    assert files(project) == before


def test_an_old_word_in_a_new_project_is_told_its_new_name(project: Path) -> None:
    path = project / "workbook.yml"
    path.write_text(path.read_text("utf-8").replace("workbook: 1", f"workbook: {FORMAT}"), "utf-8")
    with pytest.raises(ModelError) as refused:
        load_model(project)
    (problem,) = refused.value.problems
    told = (problem.file, problem.line, problem.code)
    assert told == ("workbook.yml", 7, "model.yaml.unknown_word")
    assert "'functions'" in problem.what and "'departments'" in problem.advice


def test_pages_of_ones_own_call_what_there_is(project: Path) -> None:
    (project / "notebooks").mkdir()
    page = project / "notebooks" / "02_grain.ipynb"
    page.write_text('{"cells": [{"cell_type": "code", "source": "step.functions()"}]}', "utf-8")
    run("upgrade", project)
    assert '"source": "step.departments()"' in page.read_text("utf-8")


def test_windows_line_ends_and_a_byte_order_mark_stay(project: Path) -> None:
    for name in ("workbook.yml", "decisions/signoffs.csv"):
        path = project / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    run("upgrade", project)
    for name in ("workbook.yml", "decisions/signoffs.csv"):
        raw = (project / name).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.count(b"\n") == raw.count(b"\r\n") > 1
    assert load_model(project).project.workbook == FORMAT


def test_a_later_format_is_told(project: Path) -> None:
    path = project / "workbook.yml"
    path.write_text(
        path.read_text("utf-8").replace("workbook: 1", f"workbook: {FORMAT + 1}"), "utf-8"
    )
    for act in (load_model, rewrites):
        with pytest.raises(ModelError) as refused:
            act(project)
        assert refused.value.code == "model.later_format"


@pytest.mark.usefixtures("pages_here")
def test_a_run_of_then_can_be_compared_with(project: Path) -> None:
    """Results of before the upgrade serve `--against`: numbers that stayed are told as
    unchanged.
    """
    run("upgrade", project)
    shutil.copytree(
        PROJECTS.parents[1] / "notebooks",
        project / "notebooks",
        ignore=lambda _, names: [n for n in names if n[:2] not in ("02", "07")],
    )
    old = project / "runs" / "then"
    old.mkdir(parents=True)
    shutil.move(project / "results.json", old / "results.json")
    code, said = run("run", project, "--against", old)
    assert code == 0, said
    page = (project / "runs" / "latest" / "dossier.html").read_text("utf-8")
    assert "€15.50" in page
    assert "unchanged" in page
