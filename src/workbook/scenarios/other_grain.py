"""Another grain, tried: customers and headline numbers as figures 2.1 and 2.2 measure them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from workbook.errors import ModelError, WorkbookError
from workbook.privacy import shown
from workbook.scenarios.adopt import Adopted, Signature, adopt_value
from workbook.scenarios.context import Context
from workbook.scenarios.grain_impact import GrainImpact
from workbook.scenarios.headline_numbers import NumberChange, headline_numbers
from workbook.scenarios.masked_tables import mask, table_of_plan
from workbook.scenarios.sensitivity import recounted
from workbook.sources import profile
from workbook.words import number, problem_of, words_of

_TEXT = words_of("grain").text
NOT_MEASURED = _TEXT("what_if.not_measured")
PLACE = ("primary",)


@dataclass(frozen=True)
class Regrained:
    """What another grain would do: how many customers there are and would be, headline numbers.

    A number that is not measured says so in its `after`; `why` says why nothing can be counted.
    """

    candidate: profile.Candidate
    now: int | None
    then: int | None
    numbers: tuple[NumberChange, ...]
    why: str = ""


def regrained(context: Context, name: str) -> Regrained:
    """A candidate of figure 2.1 as the grain.

    Raises:
        WorkbookError: there is no such candidate.
    """
    impact = GrainImpact(context)
    known = {candidate.name: candidate for candidate in impact.candidates}
    if name not in known:
        text = context.model.texts["grain"]
        raise ModelError(
            [
                problem_of(
                    "scenarios.unknown_candidate",
                    text.file,
                    text.line(PLACE),
                    name=name,
                    known=list(known),
                )
            ]
        )
    candidate = known[name]
    return Regrained(
        candidate,
        impact.count,
        impact.count_of(candidate),
        tuple(_numbers(context, impact, candidate)),
        "" if candidate.kind else _TEXT("what_if.no_key"),
    )


def _numbers(
    context: Context, impact: GrainImpact, candidate: profile.Candidate
) -> Iterator[NumberChange]:
    same = candidate.target and candidate.target == impact.primary
    measured = {money.metric: money for money in impact.numbers}
    for headline in headline_numbers(context).values():
        money = measured.get(headline.metric)
        row = impact.moved.get((candidate.name, headline.metric))
        unchanged = headline.moved(headline.answer)
        if same:
            yield unchanged
        elif money is None or row is None:
            yield replace(unchanged, after=NOT_MEASURED)
        else:
            yield recounted(headline, money, row) or unchanged


def regrained_rows(context: Context, candidate: profile.Candidate) -> pl.DataFrame:
    """One row is one customer that would not be exactly one: `would_be` of how many it is made,
    `shared_by` how many customers share one of these. Personal ids are tokens.

    Raises:
        WorkbookError: no relationship leads from a customer to the candidate.
    """
    primary = GrainImpact(context).primary
    ways = profile.ways_to(context.model, primary, candidate, context.has) if primary else ()
    if not ways or candidate.target == primary:
        raise WorkbookError(words_of("data").text("errors.not_compared"))
    frame = context.query(profile.sharers_sql(primary, ways))
    told = table_of_plan(context, primary)
    classes = dict(zip(told.raw.columns, told.classes, strict=True))
    if not shown(classes.get("id", "personal")):
        frame = frame.with_columns(mask(frame["id"], primary))
    return frame


def adopt_grain(context: Context, candidate: profile.Candidate, signature: Signature) -> Adopted:
    """Write another grain, with the sentence that says what a customer is then.

    Raises:
        WorkbookError: the candidate is no entity yet, or as of every decision that is adopted.
    """
    model = context.model
    if candidate.name not in model.entity_names:
        text = model.texts["grain"]
        raise ModelError(
            [
                problem_of(
                    "scenarios.grain_without_entity",
                    text.file,
                    text.line(PLACE),
                    name=candidate.name,
                    target=candidate.target or "",
                )
            ]
        )
    return adopt_value(model, "grain", PLACE, candidate.name, signature)


def rows_of_customers(context: Context, found: Regrained) -> Iterator[dict[str, Any]]:
    """How many customers there are and would be."""
    grain = context.model.grain
    entity = grain.primary if not context.model.is_open("grain") and grain.primary else NOT_MEASURED
    yield {
        "group": _TEXT("what_if.customers"),
        "what": _TEXT("what_if.subject"),
        "now": _TEXT("what_if.undecided")
        if found.now is None
        else _TEXT("what_if.count_now", count=found.now, entity=entity),
        "then": NOT_MEASURED if found.then is None else number.integer(found.then),
        "by": found.why,
    }


def rows_of_others() -> Iterator[dict[str, Any]]:
    """What is not measured under another grain, and where to read of it."""
    for topic in ("values", "checks", "signoffs"):
        yield {
            "group": _TEXT("what_if.unmeasured"),
            "what": _TEXT(f"what_if.elsewhere.{topic}.what"),
            "then": NOT_MEASURED,
            "by": _TEXT(f"what_if.elsewhere.{topic}.see"),
        }
