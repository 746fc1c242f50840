"""Each headline number today and under each candidate, as figure 2.2 shows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from workbook.model.persons import leads_to_person
from workbook.privacy import LIMIT, is_small, shown
from workbook.scenarios.grain_impact import GrainImpact, GrainMove
from workbook.show import Column
from workbook.sources import profile
from workbook.words import number, words_of
from workbook.words.wording import format_value, humanize

_TEXT = words_of("grain").text


class GrainNumbers:
    """Rows and columns of figure 2.2; `dated` gives a metric's label with its period."""

    def __init__(self, impact: GrainImpact, dated: Callable[[str], str]) -> None:
        self.impact, self.dated = impact, dated

    @property
    def columns(self) -> list[Column]:
        """Of each number its value and the change as a bar."""
        columns = []
        for index, _ in enumerate(self.impact.numbers):
            columns += [
                Column(f"then_{index}", _TEXT("figures.movement.value"), detail=f"change_{index}"),
                Column(f"bar_{index}", _TEXT("figures.movement.bar"), "diverging", scale=1.0),
            ]
        return columns

    @property
    def spanners(self) -> dict[str, list[str]]:
        """The number over each pair of columns."""
        return {
            self.dated(money.metric): [f"then_{index}", f"bar_{index}"]
            for index, money in enumerate(self.impact.numbers)
        }

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Today first, then one row per other candidate to which counted records are linked."""
        others = [
            candidate
            for candidate in self.impact.candidates
            if candidate.group != profile.DECIDED and candidate.target != self.impact.primary
        ]
        rows = [row for candidate in others if (row := self._under(candidate))]
        return [self._today(), *rows] if rows else []

    def _today(self) -> dict[str, Any]:
        primary = self.impact.primary
        row: dict[str, Any] = {
            "name": humanize(primary) or _TEXT("figures.movement.undecided"),
            "group": _TEXT(f"group.{profile.DECIDED}") if primary else "",
        }
        for index, money in enumerate(self.impact.numbers):
            if any(metric == money.metric for _, metric in self.impact.moved):
                row[f"then_{index}"] = _short(self.impact.now(money), money)
                row[f"change_{index}"] = _TEXT("figures.movement.now")
        return row

    def _under(self, candidate: profile.Candidate) -> dict[str, Any]:
        """The numbers under a candidate; nothing where none of their records is linked to it."""
        moves = [self.impact.move(candidate, money) for money in self.impact.numbers]
        if not any(moves):
            return {}
        row: dict[str, Any] = {"name": humanize(candidate.name), "group": self._path(candidate)}
        for index, move in enumerate(moves):
            if move is not None and self._tells_of_few(candidate, move):
                row[f"change_{index}"] = _TEXT("figures.movement.few", limit=LIMIT)
            elif move is not None:
                share = move.share
                row[f"then_{index}"] = _short(move.then, move.money)
                row[f"change_{index}"] = _change(move)
                row[f"bar_{index}"] = None if share is None else max(-1.0, min(1.0, share))
        return row

    def _tells_of_few(self, candidate: profile.Candidate, move: GrainMove) -> bool:
        """Whether a number under a candidate that is, or leads to, a person is about a few."""
        model, target = self.impact.model, candidate.target
        places = model.identifier_places.get(target, ()) if candidate.kind == "identifier" else ()
        personal = candidate.kind == "entity" and leads_to_person(model, target)
        personal |= any(not shown(model.field(item.source, item.field).cls) for item in places)
        return personal and is_small(move.fewest)

    def _path(self, candidate: profile.Candidate) -> str:
        """Why a candidate is listed, and the relationships that lead to it."""
        group, primary = _TEXT(f"group.{candidate.group}"), self.impact.primary
        model, has = self.impact.model, self.impact.context.has
        path = profile.way_to(model, primary, candidate, has) if primary else None
        if path is None or not path.hops:
            return group
        return _TEXT("figures.movement.via", group=group, links=[relationship_chain(path)])


def relationship_chain(path: profile.Way) -> str:
    """The relationships of a path, in their order."""
    return " → ".join(map(humanize, path.hops))


def _change(move: GrainMove) -> str:
    """The change as a share, and how many records are linked to none of the candidate."""
    parts = []
    if move.share is not None:
        changed = number.signed(move.share * 100, 1, "%")
        parts.append(changed if move.share else _TEXT("figures.movement.unchanged"))
    if move.unlinked:
        parts.append(_TEXT("figures.movement.unlinked", count=move.unlinked))
    return ", ".join(parts)


def _short(value: Any, money: profile.Money) -> str:
    """A value as a column of many shows it: amounts to three figures."""
    if money.is_money and value is not None:
        return number.compact(value, money.unit)
    return format_value(value, "" if money.agg == "count" else money.unit)
