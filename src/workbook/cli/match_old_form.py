"""The earlier form of `workbook match`, one command whose acts were options, as the arguments of
the sub-command that does the same.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.core import TyperGroup

from workbook.book import find_project
from workbook.cli.check_without_data import read_unseen
from workbook.cli.console import say
from workbook.errors import WorkbookError
from workbook.nearest_name import did_you_mean
from workbook.words import error_of, words_of

WORDS = words_of("match")
# what were options, and are commands: with a target, and without
_WITH_TARGET = ("--accept", "--reject", "--unsure", "--undo")
_ALONE = ("--sample", "--train")
# The options of each sub-command, and whether they take a value.
Options = Mapping[str, Mapping[str, bool]]


class MatchGroup(TyperGroup):
    """The group `workbook match`, which reads its earlier form too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments with the sub-command first, whichever form they have."""
        options = {
            name: {
                option: not getattr(parameter, "is_flag", False)
                for parameter in command.params
                for option in parameter.opts
                if option.startswith("--")
            }
            for name, command in self.commands.items()
        }
        return super().parse_args(ctx, new_form(args, options, is_entity))


def new_form(
    arguments: Sequence[str], options: Options, is_entity: Callable[[str, str], bool]
) -> list[str]:
    """The arguments with the sub-command first. Those of the earlier form are translated, and a
    line among the errors says the new form.

    Args:
        arguments: What follows `workbook match`.
        options: Those of each sub-command.
        is_entity: Whether a project has an entity, given its folder ('' for the nearest) and
            the entity's name.

    Raises:
        WorkbookError: the first name is no command and cannot be an entity, or the options
            contradict one another.
    """
    given = _read(arguments, options)
    name, folder = given.names[0] if given.names else "", given.value("--project")
    if name in options and not (given.acts and is_entity(folder, name)):
        if given.acts:
            raise _act_after_command(name, *given.acts[0])
        return [name, *arguments[: given.first], *arguments[given.first + 1 :]]
    if "--help" in arguments:
        return ["--help"]
    near = did_you_mean(name, options)
    if not given.acts and (len(given.names) > 1 or (near and not is_entity(folder, name))):
        raise error_of(WorkbookError, "cli.match.unknown_command", name=name, known=list(options))
    translated = _translated(given, options)
    command = shlex.join(["workbook", "match", *translated])
    say(WORDS.text("earlier_form.notice", command=command), err=True)
    return translated


def is_entity(folder: str, name: str) -> bool:
    """Whether the project in a folder ('': the nearest) declares an entity of that name."""
    try:
        return name in read_unseen(find_project(Path(folder) if folder else None)).entity_names
    except WorkbookError:
        return False


@dataclass
class _Arguments:
    """What was given: names that follow no option, acts that were options with their targets,
    and all other options with their values.
    """

    names: list[str] = field(default_factory=list)
    first: int = 0  # the index of the first name among all arguments
    acts: list[tuple[str, str]] = field(default_factory=list)
    options: list[tuple[str, ...]] = field(default_factory=list)

    def value(self, option: str) -> str:
        """The last value of an option, '' where it has none."""
        values = [given[1] for given in self.options if given[0] == option and len(given) > 1]
        return values[-1] if values else ""


def _read(arguments: Sequence[str], options: Options) -> _Arguments:
    valued = {name for known in options.values() for name, has_value in known.items() if has_value}
    given = _Arguments()
    rest = list(enumerate(arguments))
    while rest:
        index, argument = rest.pop(0)
        option, equals, value = argument.partition("=")
        if not argument.startswith("-"):
            given.first = given.first if given.names else index
            given.names.append(argument)
        elif argument in _ALONE:
            given.acts.append((argument, ""))
        elif option in valued or option in _WITH_TARGET:
            values = [value] if equals else [rest.pop(0)[1]] if rest else []
            if option in _WITH_TARGET:
                given.acts.append((option, "".join(values)))
            else:
                given.options.append((option, *values))
        else:
            given.options.append((argument,))
    return given


def _translated(given: _Arguments, options: Options) -> list[str]:
    """The arguments of the sub-command; options that had no effect are left out.

    Raises:
        WorkbookError: several acts, a preview of none, or a name too many.
    """
    acts = list(dict.fromkeys(act for act, _ in given.acts))
    if len(acts) > 1:
        raise error_of(WorkbookError, "cli.match.several_acts", acts=acts)
    command = acts[0].removeprefix("--") if acts else "list"
    known = options[command]
    if ("--preview",) in given.options and "--preview" not in known:
        raise error_of(WorkbookError, "cli.match.preview_of_nothing")
    if len(given.names) > 1:
        extra = given.names[1]
        raise error_of(WorkbookError, "cli.match.extra_name", name=extra, command=command)
    targets = [target for act, target in given.acts if act in _WITH_TARGET]
    entity = given.names
    if targets:
        entity = ["--entity", *entity] if entity and "--entity" in known else []
    without_effect = {name for others in options.values() for name in others} - set(known)
    kept = [text for option in given.options if option[0] not in without_effect for text in option]
    return [command, *targets, *entity, *kept]


def _act_after_command(name: str, act: str, target: str) -> WorkbookError:
    """A command and an option of the earlier form together."""
    usage = act.removeprefix("--")
    if act in _WITH_TARGET:
        usage = f"{usage} {shlex.quote(target) if target else 'TARGET'} --by NAME"
    return error_of(WorkbookError, "cli.match.act_after_command", name=name, act=act, usage=usage)
