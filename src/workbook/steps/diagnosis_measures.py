"""What page 00 counts that no finding of another page carries."""

from __future__ import annotations

from workbook import diagnose
from workbook.metrics.report.wording import difference_of, label_of, shown_of
from workbook.scenarios.context import Context
from workbook.sources import profile
from workbook.steps.base import Step
from workbook.words import number

_TWICE = ("several records of one", "counted more than once")


def landed(context: Context) -> diagnose.Landed | None:
    """What the sources show before anything is decided; None once an entity is declared."""
    model = context.model
    if model.entity_names or not model.source_names:
        return None

    def ask(sql: str) -> list[dict[str, object]]:
        return context.query(sql).to_dicts()

    counts = profile.unjoined
    if not counts.has_rows(model, ask):
        return diagnose.Landed()
    return diagnose.Landed(
        tuple(counts.alike(model, ask)),
        tuple(counts.counts(model, ask)),
        tuple(counts.overwritten(model, ask)),
        tuple(counts.conflicts(model, ask)),
        tuple(counts.several(model, ask)),
    )


def double_counted(context: Context) -> tuple[str, ...]:
    """Of each dashboard of money the amount that it counts more than once, and for how many."""
    step = _step(context, "metrics")
    if step is None or not context.model.metrics:
        return ()
    evidence, found = step.evidence, []  # type: ignore[attr-defined]
    for each in evidence.dashboards:
        outcome = evidence.made.get(each.metric)
        causes = [cause for cause in each.causes if cause.name in _TWICE and cause.difference > 0]
        if outcome is None or outcome.kind != "money" or not causes:
            continue
        amount = difference_of(
            outcome, sum((cause.difference for cause in causes), start=0 * causes[0].difference)
        )
        count = number.plural(sum(cause.count for cause in causes), "customer")
        found.append(
            f"{shown_of(context.model, each)} counts {amount} of"
            f" {label_of(context.model, each.metric)} more than once, for {count} with several"
            " records."
        )
    return tuple(found)


def duplicates(context: Context) -> tuple[diagnose.Duplicates, ...]:
    """Of each entity that rules resolve: its duplicates, blocked merges, and pairs awaiting
    review.
    """
    step = _step(context, "identity")
    if step is None:
        return ()
    found = []
    for name in step.ruled:  # type: ignore[attr-defined]
        counts = step.counts[name]  # type: ignore[attr-defined]
        blocked = sum(row["links"] for row in step.refused[name])  # type: ignore[attr-defined]
        waits = f"{name}__waiting"
        waiting = context.frame(waits).height if context.has(waits) else 0
        found.append(
            diagnose.Duplicates(name, counts["records"], counts["customers"], blocked, waiting)
        )
    return tuple(found)


def _step(context: Context, word: str) -> Step | None:
    return next((each(context) for each in context.steps if each.word == word), None)
