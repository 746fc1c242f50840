"""The files for GitHub and GitLab: their commands are run as they stand, on a new project."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from workbook.cli import app
from workbook.cli.new_ci import PLACES, add_ci

PIP = "python -m pip install customer-workbook"  # the one command that is not ours


def commands(project: Path, service: str, event: str) -> list[str]:
    """What the service runs for an event, in order, without installing us."""
    text = yaml.safe_load((project / PLACES[service]).read_text("utf-8"))
    if service == "gitlab":
        job = text["workbook"]
        return [line for line in (*job["script"], *job["after_script"]) if line != PIP]
    steps = text["jobs"]["dossier"]["steps"]
    return [
        step["run"]
        for step in steps
        if "run" in step
        and step["run"] != PIP
        and (f"'{event}'" in step.get("if", "") or "github.event_name" not in step.get("if", ""))
    ]


def run(project: Path, lines: list[str], tools: Path, **environment: str) -> list[str]:
    """The output of each command; the first that fails ends it, as a service would."""
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", **environment}
    said = []
    for line in lines:
        done = subprocess.run(
            ["bash", "-e", "-c", line], cwd=project, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        said.append(done.stdout)
    return said


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """`workbook` of this checkout, and a `gh` that keeps what it is given."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name, text in (
        ("workbook", f'exec {sys.executable} -m workbook "$@"'),
        ("gh", 'echo "$@" > gh.txt; cp comment.md commented.md'),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(stat.S_IRWXU)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new project of the forms, with the files of both services."""
    root = tmp_path / "acme"
    made = CliRunner().invoke(app, ["new", str(root), "--ci", "github"])
    assert made.exit_code == 0, made.output
    assert add_ci(root, "gitlab") == [PLACES["gitlab"]]
    for page in (root / "notebooks").glob("*.ipynb"):  # two pages are enough here
        if page.stem not in ("02_grain", "03_sources"):
            page.unlink()
    return root


@pytest.mark.long
@pytest.mark.parametrize("service", sorted(PLACES))
def test_the_commands_of_a_service_run_as_they_stand(
    project: Path, tools: Path, service: str
) -> None:
    on_main = {"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
    run(project, commands(project, service, "push"), tools, **on_main)
    results = project / "main-results" / "results.json"
    assert results.is_file()
    kept = results.read_bytes()

    grain = project / "model" / "02_grain.yml"
    grain.write_text(grain.read_text("utf-8") + "\n# a change\n", "utf-8")
    other = {"CI_COMMIT_BRANCH": "mine", "CI_DEFAULT_BRANCH": "main", "PULL_REQUEST": "7"}
    run(project, commands(project, service, "pull_request"), tools, **other)
    assert results.read_bytes() == kept  # main's are main's
    told = project / ("commented.md" if service == "github" else "changes.md")
    assert "model/02_grain.yml" in told.read_text("utf-8").replace("\\", "")
    if service == "github":
        assert "comment 7 --edit-last --body-file comment.md" in (project / "gh.txt").read_text(
            "utf-8"
        )


@pytest.mark.parametrize("service", sorted(PLACES))
def test_where_a_check_fails_on_main_its_results_are_kept_all_the_same(
    project: Path, tools: Path, service: str
) -> None:
    """Else every later comparison would miss, as long as one check is known to fail."""
    (tools / "workbook").write_text(
        "#!/bin/sh\nif [ $1 = run ]; then mkdir -p runs/latest; echo {} > runs/latest/results.json;"
        " exit 1; fi\n"
    )
    text = yaml.safe_load((project / PLACES[service]).read_text("utf-8"))
    if service == "gitlab":
        after = text["workbook"]["after_script"]  # run whatever became of the script
        lines = [line for line in text["workbook"]["script"] if line != PIP]
    else:
        steps = [each for each in text["jobs"]["dossier"]["steps"] if each.get("run", PIP) != PIP]
        pushed = [each for each in steps if "'pull_request'" not in each.get("if", "")]
        after = [each["run"] for each in pushed if "always()" in each.get("if", "")]
        lines = [each["run"] for each in pushed if "always()" not in each.get("if", "")]
    on_main = {"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
    with pytest.raises(AssertionError):
        run(project, lines, tools, **on_main)
    run(project, after, tools, **on_main)
    assert (project / "main-results" / "results.json").is_file()
    assert (project / "dossier" / "results.json").is_file()


def test_the_hook_checks(project: Path, tools: Path) -> None:
    text = yaml.safe_load((project / ".pre-commit-config.yaml").read_text("utf-8"))
    (hook,) = text["repos"][0]["hooks"]
    run(project, [hook["entry"]], tools)
    (project / "model" / "02_grain.yml").write_text("primary: [", "utf-8")
    with pytest.raises(AssertionError):
        run(project, [hook["entry"]], tools)


def test_what_stands_is_never_written_over(project: Path) -> None:
    place = project / PLACES["github"]
    place.write_text("mine", "utf-8")
    said = CliRunner().invoke(app, ["new", str(project), "--ci", "github"])
    assert said.exit_code == 0
    assert place.read_text("utf-8") == "mine"
    shutil.rmtree(project / ".github")
    assert CliRunner().invoke(app, ["new", str(project), "--ci", "github"]).exit_code == 0
    assert place.is_file()


def test_an_unknown_service_makes_nothing(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["new", str(tmp_path / "acme"), "--ci", "gitlap"])
    assert said.exit_code != 0
    assert not (tmp_path / "acme").exists()
