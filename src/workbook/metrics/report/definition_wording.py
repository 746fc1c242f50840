"""A choice among definitions in words: open or taken, what each would give, why they differ, on
what they disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.units import resolved
from workbook.metrics.report.metric_wording import (
    WORDS,
    difference_of,
    entity_of,
    label_of,
    named_of,
    value_of,
)
from workbook.metrics.results.definition_diff import DifferenceReason
from workbook.metrics.results.definition_overlap import DefinitionOverlap
from workbook.metrics.results.definitions import DefinitionChoice, choice_of, rests_on_choice
from workbook.metrics.results.metric_result import MetricResult
from workbook.model import Model
from workbook.model.personal_literals import readable
from workbook.words import number
from workbook.words.wording import humanize, within

Made = Mapping[str, MetricResult]
NO_PERIODS: Mapping[str, str] = {}


def word_of(model: Model, choice: DefinitionChoice) -> str:
    """The name that all definitions claim: the words with which all their labels begin, else the
    label of the first.

    `MRR, every row` and `MRR, open subscriptions` claim `MRR`.
    """
    labels = [[*label_of(model, name).replace(",", " ,").split()] for name in choice.names]
    shared = (
        " ".join(
            words[0]
            for words in takewhile(lambda words: len(set(words)) == 1, zip(*labels, strict=False))
        )
        .replace(" ,", ",")
        .rstrip(", ")
    )
    return shared or label_of(model, choice.base)


def choice_caveats(
    model: Model, name: str, made: Made, periods: Mapping[str, str] = NO_PERIODS
) -> Iterator[str]:
    """What to know of a metric that competes with others, or is made of one that does: is the
    choice open, or what was chosen.
    """
    own = choice_of(model, name)
    if own and own.open:
        others = [
            named_of(model, made, other, periods.get(other, ""))
            for other in own.names
            if other != name
        ]
        yield WORDS.text("definition.caveat.open", others=others, decides=decides(own))
    elif own and own.base == name:
        yield WORDS.text("definition.caveat.chosen", chosen=chosen_by(own))
    elif own:
        base = named_of(model, made, own.base)
        yield WORDS.text("definition.caveat.rejected", base=base)
    for part, choice in rests_on_choice(model, name):
        label = label_of(model, part)
        if choice.open:
            count = len(choice.names)
            yield WORDS.text(
                "definition.caveat.depends_open", label=label, count=count, decides=decides(choice)
            )
        elif part != choice.base:
            base = label_of(model, choice.base)
            yield WORDS.text("definition.caveat.depends_rejected", label=label, base=base)


def chosen_by(choice: DefinitionChoice) -> str:
    """`chosen by finance on 31 December 2024`."""
    return WORDS.text("definition.chosen_by", owner=choice.owner, day=choice.day)


def decides(choice: DefinitionChoice) -> str:
    """Who has to choose."""
    return WORDS.text("definition.decides", owner=choice.owner)


def group_title(model: Model, choice: DefinitionChoice) -> str:
    """The heading over the definitions of a choice: open, or chosen by whom and when."""
    name = word_of(model, choice)
    if choice.open:
        return WORDS.text(
            "definition.group_open", name=name, count=len(choice.names), decides=decides(choice)
        )
    label = label_of(model, choice.base)
    return WORDS.text("definition.group_chosen", name=name, label=label, chosen=chosen_by(choice))


def rejected_with_reason(choice: DefinitionChoice, name: str, named: str) -> str:
    """A rejected definition, as it is named with its value, and what was written against it."""
    why = within(choice.why_not.get(name, "").rstrip("."))
    return WORDS.text("definition.rejected", metric=named, why=why)


def choice_answer(
    model: Model, choice: DefinitionChoice, made: Made, periods: Mapping[str, str]
) -> str:
    """A choice in the page's answer: how many definitions, how far they lie apart, or what was
    chosen.
    """
    name, count = word_of(model, choice), len(choice.names)
    if not choice.open:
        return WORDS.text(
            "definition.answer_chosen",
            name=name,
            value=value_of(made[choice.base], prose=True),
            period=periods.get(choice.base, ""),
            chosen=chosen_by(choice),
            count=count,
        )
    low, high = _span(choice, made, periods)
    return WORDS.text(
        "definition.answer_open",
        name=name,
        count=count,
        low=low,
        high=high,
        decides=decides(choice),
    )


def _span(choice: DefinitionChoice, made: Made, periods: Mapping[str, str]) -> tuple[str, str]:
    """The least and the greatest value that the definitions give, each with its period; one of
    both where it is the same.
    """
    known = sorted(
        (made[metric] for metric in choice.names if made[metric].exact is not None),
        key=lambda outcome: outcome.exact or 0,
    )
    if len(known) < 2:
        return "", ""
    least, most = known[0], known[-1]
    ends = [periods.get(outcome.name, "") for outcome in (least, most)]
    shown = ["" if ends[0] == ends[1] else ends[0], ends[1]]
    low, high = (
        WORDS.text("value.valued", value=value_of(outcome, prose=True), period=period)
        for outcome, period in zip((least, most), shown, strict=True)
    )
    return low, high


def direction_of(model: Model, name: str, other: str) -> str:
    """What only the first of two definitions counts."""
    labels = {"label": label_of(model, name), "other": label_of(model, other)}
    return WORDS.text("definition.direction", **labels)


def overlap_of(model: Model, pair: DefinitionOverlap) -> str:
    """For how many entities two definitions differ, by direction."""
    return WORDS.text(
        "definition.overlap",
        label=label_of(model, pair.name),
        other=label_of(model, pair.other),
        apart=pair.apart,
        entity=humanize(pair.entity),
        only_this=pair.only_this or 0,
        only_other=pair.only_other or 0,
        both=pair.both or 0,
    )


def differs_of(model: Model, outcome: MetricResult, reasons: Sequence[DifferenceReason]) -> str:
    """The causes between a definition and the one it is compared with, the greatest first."""
    ordered = sorted(reasons, key=lambda reason: (-abs(reason.amount), reason.why, reason.by))
    return "; ".join(
        WORDS.text(
            "definition.cause",
            difference=difference_of(outcome, reason.amount),
            cause=_reason(model, outcome, reason),
        )
        for reason in ordered
    )


def _reason(model: Model, outcome: MetricResult, reason: DifferenceReason) -> str:
    rows = number.plural(reason.rows, entity_of(model, outcome.name))
    if reason.why == "amount":
        return WORDS.text("definition.reason.amount", rows=rows)
    label, why = label_of(model, reason.by), _excluded_because(model, reason)
    return WORDS.text("definition.reason.excluded", rows=rows, label=label, why=why)


def _excluded_because(model: Model, reason: DifferenceReason) -> str:
    """Why a definition excludes rows; '' where that is not known."""
    found = resolved(model, reason.by)
    if reason.why == "filter":
        condition = metrics_of(model).metrics[reason.by].filter.strip()
        shown = humanize(condition) if condition.isidentifier() else readable(model, condition)
        return WORDS.text("definition.reason.filter", condition=shown)
    if reason.why == "time":
        level = found.kind == "level"
        return WORDS.text(f"definition.reason.{'level' if level else 'time'}")
    if reason.why == "latest":
        return WORDS.text("definition.reason.latest", per=humanize(found.measure.latest_per))
    return ""


def counted_of(model: Model, outcome: MetricResult, distinct: int | None) -> str:
    """How many rows a definition counts, and to how many of the primary entity they belong."""
    if metrics_of(model).metrics[outcome.name].type != "simple" or outcome.refused:
        return ""
    primary = model.grain.primary if not model.is_open("grain") and distinct is not None else ""
    return WORDS.text(
        "definition.counted",
        rows=outcome.rows,
        entity=entity_of(model, outcome.name),
        primary=humanize(primary),
        distinct=distinct,
    )
