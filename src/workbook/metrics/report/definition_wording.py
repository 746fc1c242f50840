"""How a choice among figures is said: open or taken, what each would give, why they differ, on
which rows they disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

from workbook.metrics.compile.definition_diff_table import disagreement_table
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.units import resolved
from workbook.metrics.report import wording
from workbook.metrics.results.definition_diff import DifferenceReason
from workbook.metrics.results.definition_overlap import DefinitionOverlap
from workbook.metrics.results.definitions import DefinitionChoice, resting_on
from workbook.metrics.results.metric_result import MetricResult
from workbook.model import Model
from workbook.words import number
from workbook.words.wording import humanize, within

Made = Mapping[str, MetricResult]


def word_of(model: Model, choice: DefinitionChoice) -> str:
    """The name that all figures claim: the words with which all their labels begin, else the
    label of the first.

    `MRR, every row` and `MRR, open subscriptions` claim `MRR`.
    """
    labels = [[*wording.label_of(model, name).replace(",", " ,").split()] for name in choice.names]
    shared = (
        " ".join(
            words[0]
            for words in takewhile(lambda words: len(set(words)) == 1, zip(*labels, strict=False))
        )
        .replace(" ,", ",")
        .rstrip(", ")
    )
    return shared or wording.label_of(model, choice.base)


def decides(choice: DefinitionChoice) -> str:
    """Who has to choose."""
    return f"{choice.owner} decides" if choice.owner else "nobody is named who decides"


def head_of(model: Model, choice: DefinitionChoice) -> str:
    """The heading over the figures of a choice: open, or chosen by whom and when."""
    if choice.open:
        return (
            f"{word_of(model, choice)}: a choice among {len(choice.names)} figures is open;"
            f" {decides(choice)}"
        )
    return (
        f"{word_of(model, choice)}: “{wording.label_of(model, choice.base)}”,"
        f" {wording.chosen_by(choice)}"
    )


def open_of(model: Model, choice: DefinitionChoice, made: Made) -> str:
    """An open choice in one or two sentences: every figure with its value, who decides, what
    rests on it.
    """
    figures = "; ".join(wording.named_of(model, made, name) for name in choice.names)
    resting = [wording.named_of(model, made, name) for name in resting_on(model, choice)]
    rests = (
        f" On it {'rests' if len(resting) == 1 else 'rest'} {' and '.join(resting)}."
        if resting
        else ""
    )
    return (
        f"A choice among {len(choice.names)} figures for “{word_of(model, choice)}” is open,"
        f" {decides(choice)}: {figures}.{rests}"
    )


def taken_of(model: Model, choice: DefinitionChoice, made: Made) -> str:
    """A choice that was taken: which, by whom, when, why, and what each rejected figure would
    give.
    """
    rejected = "; ".join(_rejected(model, choice, made, name) for name in choice.names[1:])
    return (
        f"{wording.named_of(model, made, choice.base)} was {wording.chosen_by(choice)}:"
        f" {choice.because.rstrip('.')}. Rejected: {rejected}."
    )


def _rejected(model: Model, choice: DefinitionChoice, made: Made, name: str) -> str:
    why = choice.why_not.get(name, "").rstrip(".")
    return wording.named_of(model, made, name) + (f", because {within(why)}" if why else "")


def rivals_of(model: Model, choice: DefinitionChoice, made: Made) -> str:
    """A choice in the page's answer: the name, how many figures, how far they lie apart, or
    what was chosen.
    """
    word = word_of(model, choice)
    if not choice.open:
        return (
            f"“{word}” is {wording.value_of(made[choice.base])}, {wording.chosen_by(choice)} among"
            f" {len(choice.names)} figures."
        )
    known = sorted(
        (made[name] for name in choice.names if made[name].exact is not None),
        key=lambda each: each.exact or 0,
    )
    span = (
        f", from {wording.value_of(known[0])} to {wording.value_of(known[-1])}"
        if len(known) > 1
        else ""
    )
    return (
        f"A choice among {len(choice.names)} figures for “{word}” is open{span}; {decides(choice)}."
    )


def direction_of(model: Model, name: str, other: str) -> str:
    """What only the first counts, in the words of both definitions."""
    return f"{wording.label_of(model, name)} but not {within(wording.label_of(model, other))}"


def disagree_of(model: Model, pair: DefinitionOverlap) -> str:
    """On how many things two definitions disagree, by direction."""
    only_this, only_other, both = (
        number.integer(count or 0) for count in (pair.only_this, pair.only_other, pair.both)
    )
    apart = number.plural(pair.apart, humanize(pair.entity))
    this, that = (
        direction_of(model, pair.name, pair.other),
        within(direction_of(model, pair.other, pair.name)),
    )
    return (
        f"{wording.label_of(model, pair.name)} and {within(wording.label_of(model, pair.other))}"
        f" disagree on {apart}. {this}: {only_this}; {that}: {only_other}; both: {both}."
    )


def where_of(pair: DefinitionOverlap) -> str:
    """Where all things on which two definitions disagree are listed."""
    return f"All of them are the table {disagreement_table(pair.name, pair.other)}."


def differs_of(model: Model, outcome: MetricResult, reasons: Sequence[DifferenceReason]) -> str:
    """The causes between a figure and the one it is compared with, the greatest first."""
    said = sorted(reasons, key=lambda each: (-abs(each.amount), each.why, each.by))
    return "; ".join(
        f"{wording.difference_of(outcome, each.amount)}: {_reason(model, outcome, each)}"
        for each in said
    )


def _reason(model: Model, outcome: MetricResult, reason: DifferenceReason) -> str:
    rows = number.plural(reason.rows, humanize(resolved(model, outcome.name).entity))
    if reason.why == "amount":
        return f"{rows} with another amount"
    fits, found = metrics_of(model).metrics[reason.by].filter.strip(), resolved(model, reason.by)
    because = {
        "filter": f"“{humanize(fits) if fits.isidentifier() else fits}” does not hold",
        "time": "not in force on the as-of day" if found.kind == "level" else "outside its time",
        "latest": f"it keeps only the latest of each {humanize(found.measure.latest_per)}",
    }.get(reason.why, "")
    return f"{rows} that “{wording.label_of(model, reason.by)}” leaves out" + (
        f" ({because})" if because else ""
    )


def counted_of(model: Model, outcome: MetricResult, reached: int | None) -> str:
    """How many rows a figure is made of, and to how many of the primary entity they belong."""
    if metrics_of(model).metrics[outcome.name].type != "simple" or outcome.refused:
        return ""
    entity, primary = (
        humanize(resolved(model, outcome.name).entity),
        humanize(model.grain.primary if model.grain else ""),
    )
    rows = number.plural(outcome.rows, entity)
    return rows if reached is None else f"{rows} of {number.plural(reached, primary)}"
