"""The commands, such as new, add-source, check, run, match, explain, forget and lab."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from workbook.book import Workbook, checked, find_project
from workbook.cli.check_without_data import empty_files, read_unseen, undecided_lines
from workbook.cli.clean import clean
from workbook.cli.console import say
from workbook.cli.diff import diff
from workbook.cli.explain import explain
from workbook.cli.forget import forget
from workbook.cli.match import match_commands
from workbook.cli.new import BLANK, new_project, shapes
from workbook.cli.new_ci import PLACES, add_ci, require_service
from workbook.cli.new_page import new_page
from workbook.cli.options import (
    ARGUMENTS,
    OPTIONS,
    WORDS,
    AsOfOption,
    DataOption,
    ProjectArgument,
    ProjectOption,
    VerifyOption,
    help_of,
)
from workbook.cli.progress_bar import Bar
from workbook.cli.publish_ids import publish
from workbook.cli.strip import set_filter, strip
from workbook.cli.summary import show_summary
from workbook.cli.upgrade import upgrade
from workbook.cli.verify import verify as verified
from workbook.dossier import run_project, sign_notebooks, trust_notebooks
from workbook.engine import KEPT, MEMO
from workbook.errors import WorkbookError, machine_errors
from workbook.model import load_model
from workbook.model.as_of import NO_DATE
from workbook.model.format_versions import outdated
from workbook.model.shadowed_names import shadows
from workbook.model.yaml_text import read_text
from workbook.sources.onboard.add import AddReport, add_sources

CRASHED = 3

app = typer.Typer(
    help=WORDS.text("help.app"),
    epilog=WORDS.text("help.exit_codes"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command(help=help_of("new"))
def new(
    name: Annotated[Path, typer.Argument(help=ARGUMENTS["name"])],
    shape: Annotated[str, typer.Option(help=WORDS.text("help.shape", shapes=shapes()))] = BLANK,
    question: Annotated[
        str | None, typer.Option("--question", metavar="TEXT", help=OPTIONS["question"])
    ] = None,
    ci: Annotated[
        str, typer.Option("--ci", metavar="SERVICE", help=WORDS.text("help.ci", services=[*PLACES]))
    ] = "",
) -> None:
    """Make a project's folder, or give an existing project what runs it on every change."""
    if ci:
        require_service(ci)
    if ci and (name / "workbook.yml").is_file():
        _add_ci(name, ci)
        return
    result = new_project(name, shape, question)
    if ci:
        _add_ci(name, ci)
    decisions, pages = len(result.decisions), len(result.pages)
    say(WORDS.text("new.made", name=str(name), shape=shape, decisions=decisions, pages=pages))
    if question is not None:
        say(WORDS.text("new.question"))
    say(WORDS.text("new.sample" if result.has_sample else "new.empty"))
    if set_filter(name):
        say(WORDS.text("git.filter"))
    say(WORDS.text("new.next", name=str(name)))


def _add_ci(folder: Path, service: str) -> None:
    files = [str(file) for file in add_ci(folder, service)]
    say(WORDS.text("new.ci", files=files, folder=str(folder)))


@app.command(help=help_of("check"))
def check(project: ProjectArgument = None, verify: VerifyOption = False) -> None:
    """Validate the decisions of a project; warnings are printed, and the exit code stays 0."""
    root = find_project(project)
    model = read_unseen(root)
    date = NO_DATE if model.project.as_of == "latest" else model.project.as_of
    with empty_files(model) as data:
        MEMO.use(root / KEPT)
        tables = checked(load_model(root, as_of=date.isoformat(), data=str(data))).order
    warnings = [*shadows(model), *undecided_lines(model)]
    if problem := outdated(read_text(root / "workbook.yml", "workbook.yml")):
        warnings.append(str(problem))
    say(WORDS.text("check.passed", project=model.project.name, tables=len(tables)))
    for warning in warnings:
        say(warning)
    if verify:
        say(verified(root, model))


@app.command("add-source", help=help_of("add_source"))
def add_source(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|FOLDER|CONNECTION:TABLE…", help=ARGUMENTS["paths"]),
    ],
    project: ProjectOption = None,
    system: Annotated[str, typer.Option(help=OPTIONS["system"])] = "",
) -> None:
    """Propose the YAML of sources."""
    report = add_sources(find_project(project), paths, system)
    for sentence in report.sentences:
        say(sentence)
    say(" ".join(_summary(report)))


def _summary(report: AddReport) -> Iterator[str]:
    """What was written to the file of sources, what awaits correction there, and what is next."""
    guesses = len(report.guessed)
    yield WORDS.text("add_source.written", sources=len(report.sources), guesses=guesses)
    if report.guesses_in_all != guesses:
        yield WORDS.text("add_source.guesses", count=report.guesses_in_all)
    if names := report.unclassified:
        yield WORDS.text("add_source.personal", fields=len(names), names=names)
    yield WORDS.text("add_source.next")


@app.command(help=help_of("run"))
def run(
    project: ProjectArgument = None,
    as_of: AsOfOption = None,
    data: DataOption = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="RUN", help=OPTIONS["against"])
    ] = None,
    publish_ids: Annotated[
        bool, typer.Option("--publish-ids", help=OPTIONS["publish_ids"])
    ] = False,
    verify: VerifyOption = False,
) -> None:
    """Build, execute and publish a run; its exit code is that of the run."""
    root = find_project(project)
    source = str(data) if data else None
    with Bar() as bar:
        result = run_project(
            root,
            open_book=partial(Workbook.open, fetch="all", verify=verify),
            as_of=as_of,
            data=source,
            against=against,
            progress=bar.step,
        )
    show_summary(result)
    trust_notebooks(result.path / "notebooks")
    if publish_ids:
        publish(root, as_of, source, failed=bool(result.exit_code))
    raise typer.Exit(result.exit_code)


app.command("new-page", help=help_of("new_page"))(new_page)
app.add_typer(match_commands, name="match")
app.command(help=help_of("explain"))(explain)
app.command(help=help_of("forget"))(forget)
app.command(help=help_of("diff"))(diff)
app.command(help=help_of("clean"))(clean)
app.command(help=help_of("upgrade"))(upgrade)
app.command(help=help_of("strip"))(strip)


@app.command(
    help=help_of("lab"),
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def lab(context: typer.Context, project: ProjectArgument = None) -> None:
    """Become JupyterLab in the project's folder."""
    more = list(context.args)
    # no folder: the first word for JupyterLab
    if project is not None and str(project).startswith("-"):
        project, more = None, [str(project), *more]
    root = find_project(project)
    executed = root / read_unseen(root).project.runs / "latest" / "notebooks"
    if set_filter(root):
        say(WORDS.text("git.filter"))
    say(WORDS.text("lab.signed", pages=sign_notebooks(executed), folder=str(root)))
    sys.stdout.flush()
    _become([sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir", str(root), *more])


def main() -> NoReturn:
    """Run the command line; an error of the user's, or of the machine, is its message and its
    exit code, without a traceback.
    """
    try:
        with machine_errors():
            app(prog_name="workbook")
    except WorkbookError as error:
        say(str(error), err=True)
        sys.exit(error.exit_code)
    # whatever it is, the exit code must not say that a check failed
    except Exception:  # noqa: BLE001
        say(traceback.format_exc(), err=True)
        say(WORDS.text("crash.ours"), err=True)
        sys.exit(CRASHED)
    sys.exit(0)


def _become(command: list[str]) -> NoReturn:
    """Go on as another program, so that Ctrl-C and the exit code are its own."""
    os.execv(command[0], command)  # noqa: S606 (our own interpreter, no shell)
