"""Another grain, tried: customers and headline numbers as figures 2.1 and 2.2 measure them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from workbook.errors import ModelError, Problem, did_you_mean
from workbook.scenarios.adopt import Adopted, Signature, adopt_value
from workbook.scenarios.context import Context
from workbook.scenarios.grain_impact import GrainImpact
from workbook.scenarios.headline_numbers import NumberChange, headline_numbers
from workbook.scenarios.sensitivity import recounted
from workbook.sources import profile
from workbook.words import number
from workbook.words.wording import humanize

NOT_MEASURED = "not measured"
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
    step = GrainImpact(context)
    known = {each.name: each for each in step.candidates}
    if name not in known:
        text = context.model.texts["grain"]
        hint = did_you_mean(name, known) or f"Candidates are {', '.join(known)}."
        what = f"'{name}' is no candidate of figure 2.1."
        raise ModelError([Problem(text.file, text.line(PLACE), what, hint)])
    found = known[name]
    key = step.keys.get(name)
    then = key.things if key else None
    if then is None:
        then = step.sharing.get(name, {}).get("things")
    return Regrained(
        found, step.count, then, tuple(_numbers(context, step, found)), _why_not(found)
    )


def _numbers(
    context: Context, step: GrainImpact, candidate: profile.Candidate
) -> Iterator[NumberChange]:
    same = candidate.target and candidate.target == step.primary
    measured = {money.metric: money for money in step.numbers}
    for each in headline_numbers(context).values():
        money, row = measured.get(each.metric), step.moved.get((candidate.name, each.metric))
        still = each.moved(each.answer)
        if same:
            yield still
        elif money is None or row is None:
            yield replace(still, after=NOT_MEASURED)
        else:
            yield recounted(each, money, row) or still


def _why_not(candidate: profile.Candidate) -> str:
    if candidate.kind:
        return ""
    return "nothing in the sources tells one from another"


def adopt_grain(context: Context, candidate: profile.Candidate, signature: Signature) -> Adopted:
    """Write another grain, with the sentence that says what a customer is then.

    Raises:
        WorkbookError: the candidate is no entity yet, or as of every decision that is adopted.
    """
    model = context.model
    if candidate.name not in model.entity_names:
        text = model.texts["grain"]
        by = f" by {candidate.target}" if candidate.target else ""
        what = f"'{candidate.name}' is no entity, so it cannot be the grain; nothing was written."
        advice = f"Declare one in 04_entities.yml that is made{by}, and ask again."
        raise ModelError([Problem(text.file, text.line(PLACE), what, advice)])
    return adopt_value(model, "grain", PLACE, candidate.name, signature)


def rows_of_customers(context: Context, found: Regrained) -> Iterator[dict[str, Any]]:
    """How many customers there are and would be."""
    grain = context.model.grain
    now = humanize(grain.primary) if grain and grain.primary else NOT_MEASURED
    then = number.integer(found.then) if found.then is not None else NOT_MEASURED
    of = f"{number.integer(found.now)} ({now})" if found.now is not None else "not decided"
    yield {
        "group": "How many there are",
        "what": "Customers",
        "now": of,
        "then": then,
        "by": found.why,
    }


def rows_of_others() -> Iterator[dict[str, Any]]:
    """What no grain is tried on, and where to look."""
    told = (
        ("Values, rules, views and audiences", "see figures 2.1 and 2.2"),
        ("Checks", "see page 08"),
        ("What was signed", "see section 10"),
    )
    for what, where in told:
        yield {"group": "Not measured", "what": what, "then": NOT_MEASURED, "by": where}
