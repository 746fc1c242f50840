"""Six symptoms of a missing customer model: whether the data shows them, and what to inspect
first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbook.diagnose import landed as raw
from workbook.diagnose.inputs import Evidence
from workbook.metrics.report.wording import label_of
from workbook.words import number
from workbook.words.wording import agreeing, capital, humanize, join_words


@dataclass(frozen=True)
class Symptom:
    """One symptom: `shown` is True, False, or None where nothing measured can tell."""

    name: str
    says: str
    shown: bool | None
    because: str
    inspect: str


def symptoms(evidence: Evidence) -> tuple[Symptom, ...]:
    """All six, in order."""
    return tuple(
        Symptom(name, says, *detect(evidence), inspect)
        for name, (says, detect, inspect) in SYMPTOMS.items()
    )


def _counts_differ(e: Evidence) -> tuple[bool | None, str]:
    differ = e.competing()
    if differ:
        a, first, b, second = differ[0]
        return (
            True,
            (
                f"{label_of(e.model, a)} counts {number.number(first)}, {label_of(e.model, b)}"
                f" counts {number.number(second)}."
            ),
        )
    words = {
        text.strip().lower()
        for text in (e.model.grain.customer_means.values() if e.model.grain else ())
    }
    if len(words) > 1:
        return True, f"{len(words)} departments mean different things by the word customer."
    if e.landed:
        return raw.counts_differ(e.landed)
    return (
        (False, "No two definitions give different numbers.")
        if e.values
        else (None, "No two definitions are written down to compare.")
    )


def _active_twice(e: Evidence) -> tuple[bool | None, str]:
    part = e.model.metrics
    if part is None or not part.rules:
        return None, "No rule is written down."
    rivals = [(name, rule.competes_with) for name, rule in part.rules.items() if rule.competes_with]
    if not rivals:
        return False, (
            "One rule, and nothing competes with it."
            if len(part.rules) == 1
            else f"{len(part.rules)} rules, and none competes with another."
        )
    first = rivals[0][1]
    against = [humanize(name) for name, other in rivals if other == first]
    more = (
        f"; {number.plural(len(rivals) - len(against), 'more rule competes', 'more rules compete')}"
        " with another"
        if len(rivals) > len(against)
        else ""
    )
    return (
        True,
        (
            f"{capital(join_words(against))} {agreeing(len(against), 'competes', 'compete')} with"
            f" {humanize(first)}{more}."
        ),
    )


def _double_counted(e: Evidence) -> tuple[bool | None, str]:
    counted = e.first("metrics.not_reconciled")
    if counted:
        return True, counted
    if e.double_counted:
        return True, " ".join(e.double_counted)
    if e.landed:
        return raw.double_counted(e.landed)
    if not e.model.entities or not e.model.entities.relationships:
        return None, "No relationship is declared that could multiply a sum."
    broken = e.first("metrics.fan_out", "entities.cardinality_broken")
    if broken:
        return (
            False,
            (
                "No total counts a row twice: where a relationship reaches several rows, no number"
                f" goes along it. {broken}"
            ),
        )
    return False, "No join on the way to a total reaches more than one row."


def _disagree(e: Evidence) -> tuple[bool | None, str]:
    if e.landed:
        return raw.disagree(e.landed)
    if not e.contested:
        return None, "No field comes from two systems that name the same customer."
    worst = max(e.contested, key=lambda each: (each.share, each.differ, each.field))
    if worst.differ:
        return (
            True,
            (
                f"{worst.field} differs between {worst.systems} for {worst.differ:,} of"
                f" {number.plural(worst.both, worst.of)} of whom both hold a value."
            ),
        )
    return False, "Where several systems hold a value, they agree."


def _overwritten(e: Evidence) -> tuple[bool | None, str]:
    lost = e.first("history.overwritten")
    if lost:
        return True, lost
    if e.landed and e.model.history is None:
        return raw.overwritten(e.landed)
    if e.model.history is None:
        return None, "No history is declared, so a loss cannot be measured."
    return False, "Each field that is kept agrees with the current profile."


def _wrong_account(e: Evidence) -> tuple[bool | None, str]:
    if e.landed:
        return raw.wrong_account(e.landed)
    if e.shared_names is None:
        return None, "Customers have no name in this model."
    if e.shared_names:
        return (
            True,
            (
                f"{number.plural(e.shared_names, 'customer')}"
                f" {'shares its' if e.shared_names == 1 else 'share their'} name with another;"
                " whoever looks one up by name may get the other."
            ),
        )
    return False, "No two customers share a name."


SYMPTOMS: dict[str, tuple[str, Callable[[Evidence], tuple[bool | None, str]], str]] = {
    "customer_counts_differ": (
        "Customer counts differ between reports",
        _counts_differ,
        "section 2: what each department calls a customer",
    ),
    "active_means_two_things": (
        "“Active” means two things",
        _active_twice,
        "section 7: competing definitions",
    ),
    "revenue_double_counted": (
        "Revenue is counted twice",
        _double_counted,
        "section 7: what dashboards show, then section 4: measured cardinalities",
    ),
    "crm_and_product_disagree": (
        "Systems disagree about one customer",
        _disagree,
        "section 5: who wins, and how contested",
    ),
    "history_overwritten": ("The past is overwritten", _overwritten, "section 6: what was lost"),
    "ai_wrong_account": (
        "An assistant speaks about the wrong account",
        _wrong_account,
        "section 12: access; look a customer up by a key, never by its name",
    ),
}
# Findings of other pages that tell of the same defect: beside one of them a symptom is no second
# finding.
TOLD_BY = {
    "customer_counts_differ": ("metrics.competing", "metrics.disagree", "grain.functions_differ"),
    "active_means_two_things": ("metrics.competing", "metrics.disagree"),
    "revenue_double_counted": (
        "metrics.not_reconciled",
        "metrics.dashboard_differs",
        "metrics.fan_out",
        "entities.cardinality_broken",
    ),
    "crm_and_product_disagree": (),
    "history_overwritten": ("history.overwritten",),
    "ai_wrong_account": (),
}
# The step that decides what each symptom is about: its owner answers for it.
DECIDED_IN = {
    "customer_counts_differ": "grain",
    "active_means_two_things": "metrics",
    "revenue_double_counted": "metrics",
    "crm_and_product_disagree": "survivorship",
    "history_overwritten": "history",
    "ai_wrong_account": "identity",
}
