"""Decisions about the records of a view, counted so that no count singles out a few people by what
they answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from workbook import governance
from workbook.model import Model
from workbook.model.persons import leads_to_person
from workbook.model.schema import Audience, View
from workbook.model.view_reads import uses_of
from workbook.privacy import LIMIT
from workbook.steps.view_decisions import counts_of, decision_text, reason_text
from workbook.words import words_of

_WORDS = words_of("governance")
_TELLING = (*governance.WITHOUT_PERMISSION, governance.TOO_FEW)


@dataclass(frozen=True)
class DecisionLine:
    """Decisions that are counted together, and how many records they are about; `hidden` where
    even together they are too few to be shown.
    """

    decisions: tuple[str, ...]
    count: int
    hidden: bool = False

    @property
    def people(self) -> int:
        """What a figure counts as people, so that it hides too few."""
        return self.count if self.hidden else 0

    @property
    def text(self) -> str:
        """The decision, or all of them with their reasons."""
        if len(self.decisions) == 1:
            return decision_text(self.decisions[0])
        return _WORDS.text("decision.excluded", reason=self.reason)

    @property
    def reason(self) -> str:
        """Why the records are not in the view."""
        return _WORDS.text("either", reasons=[reason_text(decision) for decision in self.decisions])


def smallest_shown(model: Model, use: View | Audience) -> int:
    """The smallest count of a decision that may be shown: 0 where the records lead to nobody."""
    if not leads_to_person(model, use.of):
        return 0
    purpose = model.ai_context.purposes.get(use.purpose)
    return max(LIMIT, purpose.smallest_group if purpose else 0)


def decision_lines(
    model: Model, use: View | Audience, counts: Mapping[str, int]
) -> list[DecisionLine]:
    """The decisions of a view, the most frequent first.

    A decision that tells what people answered, or that they are too few, is counted together
    with others until they are enough: a hidden count could be subtracted from the total.
    """
    least = smallest_shown(model, use)
    groups = [(count,) for count in counts]
    answers = tuple(count for count in counts if count in governance.WITHOUT_PERMISSION)
    if any(0 < counts[answer] < least for answer in answers) and len(answers) > 1:
        groups = [answers, *(group for group in groups if group[0] not in answers)]

    def size(group: tuple[str, ...]) -> int:
        return sum(counts[item] for item in group)

    def too_few(group: tuple[str, ...]) -> bool:
        return 0 < size(group) < least and any(item in _TELLING for item in group)

    def partner_order(group: tuple[str, ...]) -> tuple[bool, int]:
        return any(item in governance.WITHOUT_PERMISSION for item in group), size(group)

    while small := next((group for group in groups if too_few(group)), None):
        others = [group for group in groups if group != small and governance.IN not in group]
        if not others:
            break
        partner = min(others, key=partner_order)
        rest = [group for group in groups if group not in (small, partner)]
        groups = [(*small, *partner), *rest]
    lines = [DecisionLine(group, size(group), too_few(group)) for group in groups]
    return sorted(lines, key=lambda line: (-line.count, line.decisions))


def lines_of_uses(
    model: Model, decided: pl.DataFrame
) -> Iterator[tuple[str, View | Audience, DecisionLine, int]]:
    """Each line of each view and audience: its table, what was decided of it, the line, and how
    many records the table decides on; `decided` is that of `decision_counts`.
    """
    for kind, name, use in uses_of(model):
        table = governance.table_of_use(kind, name)
        counts = counts_of(decided, table)
        for line in decision_lines(model, use, counts):
            yield table, use, line, sum(counts.values())
