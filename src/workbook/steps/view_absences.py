"""Records of a view that it holds for an absence of something that was never on record for them."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.metrics import absences
from workbook.scenarios.context import Context
from workbook.steps.decision_lines import smallest_shown
from workbook.steps.step import Step
from workbook.steps.view_status import Use, purpose_of
from workbook.words import words_of


def captioned(step: Step, figure: str, uses: Mapping[str, tuple[str, Use]]) -> str:
    """The caption of a figure, and what the rules of views count as absent and never was on
    record; `uses` are the views and audiences by their table.
    """
    absent = [_absence_text(step.context, name, use) for name, (_, use) in uses.items()]
    return " ".join(filter(None, [step.text(f"figures.{figure}.caption"), *absent]))


def _absence_text(context: Context, name: str, use: Use) -> str:
    """What was never on record for records of a view, as sentences; '' where nothing is so.


    A count of people below the smallest that may be shown is not told.
    """
    if not context.has(name):
        return ""
    purpose, least = purpose_of(context.model, use), smallest_shown(context.model, use)
    texts = (use.only, purpose.only_if if purpose else "", *use.fields)
    return " ".join(
        words_of("customer_360").text(
            "absence.never",
            view=name.partition("__")[2],
            entity=use.of,
            thing=thing,
            never=never,
            every=every,
            least=least,
        )
        for thing, every, never in absences(context.model, context, use.of, texts, name)
    )
