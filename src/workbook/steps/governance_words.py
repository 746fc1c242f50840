"""The sentences of pages 11 and 12 about what a purpose is served, and about what is withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook.model import Model
from workbook.model.consent import Verdict
from workbook.model.expressions import conjuncts
from workbook.model.literals import readable
from workbook.model.schema import Audience, Purpose, View
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list


def age(hours: float) -> str:
    """An age in hours, or in days from two days on."""
    return (
        number.plural(round(hours), "hour")
        if hours < 48
        else number.plural(round(hours / 24), "day")
    )


def too_old(view: str, purpose: str, limit: str, late: list[tuple[str, float]]) -> str:
    """Why a view is empty: which sources are older than the purpose permits, the oldest first."""
    said = truncate_list([f"{source} is {age(hours)} old" for source, hours in late], 3)
    return (
        f"{view} is withheld: {purpose} may read nothing older than {limit}, and the newest record "
        f"of {said}. Refresh the source, or decide another limit."
    )


def stale(purpose: str, limit: str, source: str, hours: float) -> str:
    """What a purpose reads that is older than it permits."""
    newest = f"the newest record of {source} is {age(hours)} old"
    return f"{purpose} may read nothing older than {limit}; {newest}."


def undated(purpose: str, limit: str, sources: list[str]) -> str:
    """Sources of which nobody can tell whether they keep the limit."""
    said = join_words(sources) if len(sources) < 4 else truncate_list(sources, 3)
    return (
        f"{purpose} may read nothing older than {limit}, and {said}"
        f" {'does' if len(sources) == 1 else 'do'} not say how old the data is: declare `recorded`"
        " or `valid` in 03_sources.yml."
    )


def approved(reviews: Mapping[str, str]) -> str:
    """Which output a person approves, each with when, and which nobody does."""
    some = [f"{name} ({when})" for name, when in reviews.items() if when not in ("", "none")]
    none = [name for name, when in reviews.items() if when in ("", "none")]
    if not some:
        return "No output waits for a person's approval. "
    return (
        "A person approves"
        f" {join_words(some)}{f'; nobody approves {join_words(none)}' if none else ''}. "
    )


def left_out(uses: Sequence[tuple[str, str, Mapping[str, int], Mapping[str, int]]]) -> str:
    """How many rows of each view and audience are left out because permission is missing; of
    each its name, its entity, the rows by reason, and the people that they lead to.
    """
    if not uses:
        return "No view or audience leaves anybody out because permission is missing."
    said = []
    for name, entity, rows, people in uses:
        who = "".join(f" of {number.plural(count, other)}" for other, count in people.items())
        why = (
            f" ({join_words([f'{number.integer(n)} {reason}' for reason, n in rows.items()])})"
            if len(rows) > 1
            else ""
        )
        said.append(f"{number.plural(sum(rows.values()), entity)}{who}{why} from {name}")
    return f"Permission that is missing, refused or withdrawn keeps out {join_words(said)}."


def requests_not_held(lists: list[str]) -> str:
    """That lists of requests to be forgotten are heeded, and not judged by their age."""
    return (
        " Requests to be forgotten are heeded as well, and not held to these limits:"
        f" {join_words(lists)}. Nobody can tell a list to which nobody added from one that was not"
        " delivered; that it arrives must be seen to elsewhere."
    )


def kept_in(model: Model, use: View | Audience, purpose: Purpose | None) -> list[str]:
    """All that must hold for a row to be in a view or an audience, each once, in the order
    asked.
    """
    audience = use if isinstance(use, Audience) else None
    found = conjuncts(use.only, audience.consent if audience else "")
    found += [f"not ({audience.opt_out})"] if audience and audience.opt_out else []
    found += [each for each in conjuncts(purpose.only_if if purpose else "") if each not in found]
    said = [readable(model, each) for each in found]
    said += (
        [f"can be reached by {humanize(audience.channel)}"] if audience and audience.channel else []
    )
    if purpose and purpose.freshness:
        said.append(
            "nothing that it reads, but for lists of requests to be forgotten, is older than"
            f" {purpose.freshness}"
        )
    if purpose and purpose.smallest_group > 1:
        said.append(f"at least {purpose.smallest_group} are in")
    return said


def role_rows(condition: str, seen: list[tuple[str, int, int]]) -> str:
    """Which rows a role sees: its condition, and of each view how many rows of how many."""
    counts = [
        f"{number.integer(some)} of {number.integer(every)} rows of {view}"
        for view, some, every in seen
    ]
    return (
        condition + (f" ({join_words(counts)})" if counts else "")
        if condition
        else "all rows of its views"
    )


def consent_unclear(use: str, verdict: Verdict, channel: str) -> str:
    """What cannot be told of the consent that a view or an audience asks for."""
    name = humanize(verdict.name.rpartition(".")[2])
    if verdict.kind == "no_channel":
        said = f"nothing says whether {name} permits contact by {channel}"
        return (
            f"{use} is based on consent, and {said}. Keep one answer for each channel in"
            " 06_history.yml."
        )
    said = f"nothing says that its condition on {name} asks for one"
    return (
        f"{use} is based on consent, and {said}. Compare a kept answer with the value that permits"
        " it, and declare its `values`."
    )
