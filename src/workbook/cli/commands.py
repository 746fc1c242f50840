"""The commands: new, add-source, check, run, match, explain, forget, lab, clean."""

from __future__ import annotations

import os
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from workbook.book import Workbook, checked, find_project
from workbook.cli.check_without_data import empty_files, read_unseen, undecided_lines
from workbook.cli.clean import clean
from workbook.cli.console import say
from workbook.cli.explain import explain
from workbook.cli.forget import forget
from workbook.cli.match import match_commands
from workbook.cli.new import new_project, shapes
from workbook.cli.progress import Bar
from workbook.cli.publish_ids import publish
from workbook.cli.summary import show_summary
from workbook.cli.upgrade import upgrade
from workbook.cli.verify import verify as verified
from workbook.dossier import run_project, sign_notebooks, trust_notebooks
from workbook.engine import KEPT, MEMO
from workbook.errors import WorkbookError, machine_errors
from workbook.model import load_model
from workbook.model.as_of import NO_DATE
from workbook.model.format_versions import outdated
from workbook.model.shadows import shadows
from workbook.model.yaml_text import read_text
from workbook.sources.onboard import AddReport, add_sources
from workbook.words import number

CRASHED = 3

app = typer.Typer(
    help=(
        "From decisions about customers (YAML) to evidence: SQL tables, notebook pages, one"
        " dossier."
    ),
    epilog=(
        "Exit codes: 0 passed · 1 a check failed · 2 the model contradicts itself · 3 a page"
        " crashed."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ProjectArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PROJECT]",
        help="The project's folder; by default the nearest with a workbook.yml upward.",
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Read the sources from here instead of where workbook.yml says."
    ),
]

VerifyOption = Annotated[
    bool,
    typer.Option(
        "--verify", help="Read every source file and every stored table, whatever is known of them."
    ),
]


@app.command()
def new(
    name: Annotated[
        Path, typer.Argument(help="The folder to make; its name becomes the project's.")
    ],
    shape: Annotated[
        str, typer.Option(help=f"What to start from: {', '.join(shapes())}.")
    ] = "blank",
) -> None:
    """Make a project: the decisions to fill in, the pages, and the sample's data where the
    shape has one.
    """
    made = new_project(name, shape)
    say(
        f"{name} is a project of shape {shape}: {len(made.decisions)} files of decisions,"
        f" {len(made.pages)} pages."
    )
    say(f"{made.data_says} Next: workbook check {name}, then workbook run {name}.")


@app.command()
def check(project: ProjectArgument = None, verify: VerifyOption = False) -> None:
    """Read every decision and make every table once without any data; every problem with its
    file and line.

    A line in the folder of decisions that decides nothing, a file there that no step reads, and
    an expression in which `as_of` or `id` is an attribute of the model, are warnings: they are
    printed, and the exit code stays 0.
    """
    root = find_project(project)
    model = read_unseen(root)
    date = NO_DATE if model.project.as_of == "latest" else model.project.as_of
    with empty_files(model) as data:
        MEMO.use(root / KEPT)
        tables = checked(load_model(root, as_of=date.isoformat(), data=str(data))).order
    warnings = [*shadows(model), *undecided_lines(model)]
    if problem := outdated(read_text(root / "workbook.yml", "workbook.yml")):
        warnings.append(str(problem))
    say(
        f"{model.project.name}: the decisions agree with one another; {len(tables)} tables are"
        " planned, and each can be made."
    )
    for warning in warnings:
        say(warning)
    if verify:
        say(verified(root, model))


@app.command("add-source")
def add_source(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE|FOLDER|CONNECTION:TABLE…",
            help=(
                "Files or folders below the project's data folder, or tables of a connection in"
                " workbook.yml (crm:sales.accounts, crm:sales, crm:)."
            ),
        ),
    ],
    project: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The project's folder; by default the nearest with a workbook.yml upward.",
        ),
    ] = None,
    system: Annotated[
        str,
        typer.Option(
            help=(
                "The system that they come from; by default the folder or the first word of the"
                " file."
            )
        ),
    ] = "",
) -> None:
    """Look at files and write what they seem to hold to model/03_sources.yml: every guess is
    marked as one.
    """
    report = add_sources(find_project(project), paths, system)
    for sentence in report.sentences:
        say(sentence)
    wrote = (
        f"{number.plural(len(report.sources), 'source')} written to model/03_sources.yml, with"
        f" {number.plural(len(report.guessed), 'guess', 'guesses')} marked `guess:`"
    )
    say(
        f"{wrote}. Read it, correct what is wrong, and take the word `guess` out of what is right."
        + _in_all(report)
    )


def _in_all(report: AddReport) -> str:
    """What else waits in the file: guesses of earlier, and text that counts as personal."""
    more = report.guesses_in_all != len(report.guessed)
    said = f" The file now holds {report.guesses_in_all} guesses in all." if more else ""
    if report.unclassified:
        fields = number.plural(len(report.unclassified), "text field")
        said += (
            f" {fields} count as personal until you write `class: internal` where they are not:"
            f" {', '.join(report.unclassified[:6])}"
        )
        said += (
            f" and {len(report.unclassified) - 6} more." if len(report.unclassified) > 6 else "."
        )
    return said + " Next: workbook check, then declare what exists in model/04_entities.yml."


@app.command()
def run(
    project: ProjectArgument = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="The day that every page is about, such as 2025-06-30."
        ),
    ] = None,
    data: DataOption = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="RUN", help="The run to compare with; by default runs/latest."),
    ] = None,
    publish_ids: Annotated[
        bool,
        typer.Option(
            "--publish-ids",
            help="Keep the customers' ids in registry/ once every page has run and no check fails.",
        ),
    ] = False,
    verify: VerifyOption = False,
) -> None:
    """Build the tables, run the pages, bind the dossier."""
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


app.add_typer(match_commands, name="match")
app.command()(explain)
app.command()(forget)
app.command()(clean)
app.command()(upgrade)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context, project: ProjectArgument = None) -> None:
    """Open the project in JupyterLab, with the last run's pages signed so that they show their
    figures.

    What follows `--` goes to JupyterLab.
    """
    more = list(context.args)
    # no folder: the first word for JupyterLab
    if project is not None and str(project).startswith("-"):
        project, more = None, [str(project), *more]
    root = find_project(project)
    executed = root / read_unseen(root).project.runs / "latest" / "notebooks"
    say(f"{sign_notebooks(executed)} executed pages are signed. JupyterLab opens in {root}.")
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
        say(
            "This is a fault of the workbook, not of your project; the last dossier stays as it"
            " was.",
            err=True,
        )
        sys.exit(CRASHED)
    sys.exit(0)


def _become(command: list[str]) -> NoReturn:
    """Go on as another program, so that Ctrl-C and the exit code are its own."""
    os.execv(command[0], command)  # noqa: S606 (our own interpreter, no shell)
