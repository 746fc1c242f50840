"""Figures that claim one name: which of them was chosen, by whom, when and why; or that nobody
chose yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from workbook.errors import WorkbookError
from workbook.metrics.compile.ratios_and_formulas import inputs_of
from workbook.metrics.compile.resolve import metrics_of
from workbook.model import Model


@dataclass(frozen=True)
class DefinitionChoice:
    """Two or more figures for one name; first the one that was chosen, or while it is open the
    one that the others name.

    `why_not` holds what was written against a rejected figure.
    """

    names: tuple[str, ...]
    owner: str = ""
    open: bool = True
    day: dt.date | None = None
    because: str = ""
    why_not: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The figure that the others are compared with."""
        return self.names[0]


@lru_cache(maxsize=8)
def choices(model: Model) -> tuple[DefinitionChoice, ...]:
    """Every group of competing figures: those that nobody chose first, then in the order of the
    file.
    """
    found: list[DefinitionChoice] = []
    for name in model.metrics.metrics:
        if not any(name in item.names for item in found) and len(group := _group(model, name)) > 1:
            found.append(_choice(model, group))
    return tuple(sorted(found, key=lambda item: not item.open))


def choice_of(model: Model, name: str) -> DefinitionChoice | None:
    """The choice among whose figures a number is."""
    return next((choice for choice in choices(model) if name in choice.names), None)


def rests_on_choice(model: Model, name: str) -> Iterator[tuple[str, DefinitionChoice]]:
    """The figures with rivals that a number is made of, each with its choice; a figure does not
    depend on its own choice.
    """
    own = choice_of(model, name)
    for part in _made_of(model, name, frozenset({name})):
        found = choice_of(model, part)
        if found and found != own:
            yield part, found


def resting_on(model: Model, choice: DefinitionChoice) -> tuple[str, ...]:
    """The numbers that are made of one of these figures."""
    return tuple(
        name
        for name in metrics_of(model).metrics
        if any(found == choice for _, found in rests_on_choice(model, name))
    )


def _made_of(model: Model, name: str, path: frozenset[str]) -> list[str]:
    if metrics_of(model).metrics[name].type not in ("ratio", "derived"):
        return []
    try:
        parts = list(dict.fromkeys(item.metric for item in inputs_of(model, name).values()))
    except WorkbookError:  # such a number is refused, and its refusal says why
        return []
    known = [part for part in parts if part in metrics_of(model).metrics and part not in path]
    return list(
        dict.fromkeys(
            [*known, *(deeper for part in known for deeper in _made_of(model, part, path | {part}))]
        )
    )


def _rivals(model: Model, name: str) -> list[str]:
    """The figures that one names as its rivals: `competes_with`, and whatever of `considered`
    is a metric.
    """
    known, metric = metrics_of(model).metrics, metrics_of(model).metrics[name]
    return [
        other
        for other in (metric.competes_with, *metric.considered)
        if other in known and other != name
    ]


def _group(model: Model, name: str) -> list[str]:
    """All figures that are joined by naming each other, in the order of the file."""
    known, inside = metrics_of(model).metrics, {name}
    while True:
        more = {
            item for item in known if item in inside or not inside.isdisjoint(_rivals(model, item))
        }
        more |= {rival for item in more for rival in _rivals(model, item)}
        if more == inside:
            return [item for item in known if item in inside]
        inside = more


def _choice(model: Model, group: list[str]) -> DefinitionChoice:
    known = metrics_of(model).metrics
    chosen = [
        item
        for item in group
        if known[item].because
        and known[item].decided
        and _stands_against(model, item, group)
        and not _tells_of_a_change(model, item, group)
    ]
    if len(chosen) != 1:
        base = max(
            group, key=lambda item: sum(known[other].competes_with == item for other in group)
        )
        return DefinitionChoice(
            (base, *(item for item in group if item != base)),
            model.owner_of("metrics", "metrics", base),
        )
    name = chosen[0]
    rest = [item for item in group if item != name]
    why_not = {
        item: str(known[name].considered[item]) for item in rest if known[name].considered.get(item)
    }
    return DefinitionChoice(
        (name, *rest),
        model.owner_of("metrics", "metrics", name),
        False,
        known[name].decided,
        known[name].because,
        why_not,
    )


def _stands_against(model: Model, name: str, group: list[str]) -> bool:
    """Whether a figure was decided against all the others: each names it, or stands in its
    `considered`.
    """
    known = metrics_of(model).metrics
    return all(
        known[other].competes_with == name or other in known[name].considered
        for other in group
        if other != name
    )


def _tells_of_a_change(model: Model, name: str, group: list[str]) -> bool:
    """Whether the reason is that of a change of the number, which had none before, and no rival
    is named.

    `adopt` keeps under `considered` what it overrules (`was`), with the reason that stood there.
    """
    considered = metrics_of(model).metrics[name].considered
    overruled = [
        record for item in considered.values() if (record := _record(item)).get("was") is not None
    ]
    return any(not item.get("because") for item in overruled) and considered.keys().isdisjoint(
        group
    )


def _record(considered: object) -> Mapping[str, object]:
    return considered if isinstance(considered, Mapping) else getattr(considered, "__dict__", {})
