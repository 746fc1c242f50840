"""The statements of page 10 that are about another page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbook.model import Model
from workbook.review import SignoffStatus
from workbook.scenarios.context import Context
from workbook.steps.review import Review
from workbook.steps.statement_text import checks_not_ok

# where the things of a statement are decided: a step, and a group of its file
_DECIDED_IN = (
    ("metrics", "metrics"),
    ("metrics", "rules"),
    ("checks", "checks"),
    ("survivorship", "fields"),
    ("history", "history"),
    ("customer_360", "views"),
    ("customer_360", "audiences"),
    ("entities", "entities"),
    ("entities", "relationships"),
)


@dataclass(frozen=True)
class Asked:
    """A statement about a page: who is asked, its text with today's numbers, its status."""

    status: SignoffStatus
    text: str
    checks: str = ""  # those that are not OK, with their states

    @property
    def department(self) -> str:
        """Who is asked."""
        return self.status.department


def of_page(context: Context, word: str) -> list[Asked]:
    """The statements about a page, in the order of page 10; all of them on page 10."""
    review = context.step(Review)
    return [
        Asked(
            status,
            review.filled(status),
            checks_not_ok(context.model, status.statement, review.verdicts),
        )
        for status in review.standings
        if word == "review" or page_about(context.model, status.statement.about) == word
    ]


def page_about(model: Model, about: Iterable[str]) -> str:
    """The step that decides the first thing that a statement is about; '' where none does."""
    for name in about:
        if name == model.grain.primary:
            return "grain"
        entity, _, attribute = name.partition(".")
        for word, group in _DECIDED_IN:
            if name in (getattr(getattr(model, word), group, None) or ()):
                return word
        if attribute and entity in model.entity_names:
            return "survivorship"
    return ""


def by_state(found: Iterable[Asked]) -> dict[str, int]:
    """How many statements have each status."""
    states = [each.status.state for each in found]
    return {state: states.count(state) for state in ("agreed", "disputed", "lapsed", "not_asked")}
