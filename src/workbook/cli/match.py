"""`workbook match`: list the pairs awaiting review, sample, accept, reject, leave unsure, undo, and
train the match weights.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from workbook.cli.match_old_form import MatchGroup
from workbook.cli.match_review import MatchReview
from workbook.cli.open_project import open_project
from workbook.cli.options import AsOfOption, DataOption, ProjectOption, RevealOption
from workbook.errors import WorkbookError
from workbook.identity.review_session import SIZE
from workbook.words import error_of, words_of

LISTED = 20  # patterns and pairs listed by default
WORDS = words_of("match")
_ARGUMENT = WORDS.texts("help.argument")
_HELP = WORDS.texts("help.option")

match_commands = typer.Typer(cls=MatchGroup, help=WORDS.text("help.group"))

EntityArgument = Annotated[
    str, typer.Argument(metavar="ENTITY", help=_ARGUMENT["entity"], show_default=False)
]
TargetArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="TARGET", help=_ARGUMENT["target"], show_default=False),
]
PairArgument = Annotated[
    list[str] | None, typer.Argument(metavar="PAIR", help=_ARGUMENT["pair"], show_default=False)
]
DecisionArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help=_ARGUMENT["decision"], show_default=False),
]
EntityOption = Annotated[str, typer.Option("--entity", metavar="NAME", help=_HELP["entity"])]
PatternOption = Annotated[str, typer.Option("--pattern", metavar="P", help=_HELP["pattern"])]
BandOption = Annotated[str, typer.Option("--band", metavar="B", help=_HELP["band"])]
WithinOption = Annotated[str, typer.Option("--band", metavar="B", help=_HELP["within"])]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help=_HELP["by"])]
BecauseOption = Annotated[str, typer.Option("--because", metavar="TEXT", help=_HELP["because"])]
PreviewOption = Annotated[bool, typer.Option("--preview", help=_HELP["preview"])]
SizeOption = Annotated[int, typer.Option("--size", metavar="N", min=1, help=_HELP["size"])]
LimitOption = Annotated[int, typer.Option("--limit", metavar="N", min=0, help=_HELP["limit"])]


@match_commands.command("list", help=WORDS.text("help.list"))
def list_matches(
    entity: EntityArgument = "",
    pattern: PatternOption = "",
    band: BandOption = "",
    limit: LimitOption = LISTED,
    reveal: RevealOption = False,
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    data: DataOption = None,
) -> None:
    """Print the patterns and pairs awaiting review."""
    _refuse_reveal_to_a_file(reveal)
    with open_project(project, as_of, data) as book:
        MatchReview(book, entity, band, reveal=reveal).list_pairs(pattern, limit)


@match_commands.command("sample", help=WORDS.text("help.sample"))
def sample_matches(
    entity: EntityArgument = "",
    pattern: PatternOption = "",
    band: BandOption = "",
    by: ByOption = "",
    because: BecauseOption = "",
    size: SizeOption = SIZE,
    reveal: RevealOption = False,
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    data: DataOption = None,
) -> None:
    """Print a sample of a pattern or a band, or have it judged at the terminal."""
    _refuse_reveal_to_a_file(reveal)
    with open_project(project, as_of, data) as book:
        MatchReview(book, entity, band, size, reveal).judge_sample(pattern, by, because)


@match_commands.command("accept", help=WORDS.text("help.accept"))
def accept_matches(
    targets: TargetArgument = None,
    by: ByOption = "",
    because: BecauseOption = "",
    preview: PreviewOption = False,
    size: SizeOption = SIZE,
    band: WithinOption = "",
    entity: EntityOption = "",
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    data: DataOption = None,
) -> None:
    """Record that pairs are the same customer."""
    names = _named(targets, error_of(WorkbookError, "cli.match.no_target", command="accept"))
    with open_project(project, as_of, data) as book:
        MatchReview(book, entity, band, size).decide("same", names, by, because, preview=preview)


@match_commands.command("reject", help=WORDS.text("help.reject"))
def reject_matches(
    targets: TargetArgument = None,
    by: ByOption = "",
    because: BecauseOption = "",
    preview: PreviewOption = False,
    size: SizeOption = SIZE,
    band: WithinOption = "",
    entity: EntityOption = "",
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    data: DataOption = None,
) -> None:
    """Record that pairs are different customers."""
    names = _named(targets, error_of(WorkbookError, "cli.match.no_target", command="reject"))
    with open_project(project, as_of, data) as book:
        review = MatchReview(book, entity, band, size)
        review.decide("different", names, by, because, preview=preview)


@match_commands.command("unsure", help=WORDS.text("help.unsure"))
def leave_unsure(
    pairs: PairArgument = None,
    by: ByOption = "",
    because: BecauseOption = "",
    preview: PreviewOption = False,
    entity: EntityOption = "",
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    data: DataOption = None,
) -> None:
    """Record that nobody can decide pairs."""
    names = _named(pairs, error_of(WorkbookError, "cli.match.no_pair"))
    with open_project(project, as_of, data) as book:
        MatchReview(book, entity).decide("unsure", names, by, because, preview=preview)


@match_commands.command("undo", help=WORDS.text("help.undo"))
def undo_decisions(
    ids: DecisionArgument = None,
    by: ByOption = "",
    because: BecauseOption = "",
    preview: PreviewOption = False,
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    data: DataOption = None,
) -> None:
    """Undo decisions by their id."""
    names = _named(ids, error_of(WorkbookError, "cli.match.no_decision"))
    with open_project(project, as_of, data) as book:
        MatchReview(book).undo(names, by, because, preview=preview)


@match_commands.command("train", help=WORDS.text("help.train"))
def train_weights(
    entity: EntityArgument = "",
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    data: DataOption = None,
) -> None:
    """Learn the match weights from the data."""
    with open_project(project, as_of, data) as book:
        MatchReview(book, entity).train_weights()


def _named(names: list[str] | None, error: WorkbookError) -> list[str]:
    """The names that were given.

    Raises:
        WorkbookError: there are none.
    """
    if not names:
        raise error
    return names


def _refuse_reveal_to_a_file(reveal: bool) -> None:
    if reveal and not sys.stdout.isatty():
        raise error_of(WorkbookError, "cli.reveal_to_file")
