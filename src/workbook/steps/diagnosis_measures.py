"""What page 00 counts that no finding of another page says."""

from __future__ import annotations

from workbook import diagnose
from workbook.governance import PERSONAL, may_read, table_of_use
from workbook.metrics import DashboardComparison, value_table
from workbook.metrics.report.metric_wording import (
    format_metric_value,
    label_of,
    round_money,
    shown_of,
)
from workbook.metrics.report.period_wording import period_of
from workbook.model import Model
from workbook.model.consent import consent_of, is_on_consent
from workbook.model.expressions import one_query
from workbook.model.table_names import table_of
from workbook.model.view_reads import uses_of
from workbook.scenarios.context import Context
from workbook.sources import profile
from workbook.steps.permission_wording import without_permission, without_permission_text
from workbook.steps.step import Step
from workbook.steps.view_decisions import decision_counts
from workbook.words import words_of
from workbook.words.wording import humanize

_TWICE = "counted more than once"


def landed(context: Context) -> diagnose.Landed | None:
    """What the sources show before anything is decided; None once an entity is declared."""
    model = context.model
    if model.entity_names or not model.source_names:
        return None

    def ask(sql: str) -> list[dict[str, object]]:
        return context.query(sql).to_dicts()

    counts = profile.unjoined_sources
    if not counts.has_rows(model, ask):
        return diagnose.Landed()
    return diagnose.Landed(
        tuple(counts.alike(model, ask)),
        tuple(counts.counts(model, ask)),
        tuple(counts.overwritten(model, ask)),
        tuple(counts.conflicts(model, ask)),
        tuple(counts.several(model, ask)),
    )


def values(context: Context) -> dict[str, object]:
    """Every metric that has a value, with it."""
    metrics = context.model.metrics
    found: dict[str, object] = {}
    for name in metrics.metrics:
        if context.has(value_table(name)):
            column = context.frame(value_table(name))["value"]
            if len(column) and column[0] is not None:
                found[name] = column[0]
    return found


def periods(context: Context) -> dict[str, str]:
    """What the values of metrics that compete for a name are about."""
    metrics = context.model.metrics.metrics
    competing = {
        name
        for metric, spec in metrics.items()
        if spec.competes_with
        for name in (metric, spec.competes_with)
        if name in metrics
    }
    return {name: period_of(context.model, context, name) for name in sorted(competing)}


def double_counted(context: Context) -> tuple[str, ...]:
    """Of each dashboard of money the amount that it counts more than once, and for how many."""
    step = _step(context, "metrics")
    if step is None or context.model.is_open("metrics"):
        return ()
    evidence, found = step.evidence, []  # type: ignore[attr-defined]
    text = words_of("diagnosis").text
    for dashboard in _of_money(context):
        outcome = evidence.made[dashboard.metric]
        causes = [
            cause for cause in dashboard.causes if cause.name == _TWICE and cause.difference > 0
        ]
        if not causes:
            continue
        total = sum((cause.difference for cause in causes), start=0 * causes[0].difference)
        amount = format_metric_value(round_money(total, outcome.kind), outcome.kind, outcome.unit)
        label = label_of(context.model, dashboard.metric)
        period = period_of(context.model, context, dashboard.metric)
        found.append(
            text(
                "detected.revenue.dashboard",
                dashboard=shown_of(context.model, dashboard),
                amount=amount,
                metric=text("evidence.dated", metric=label, period=period),
                count=sum(cause.count for cause in causes),
            )
        )
    return tuple(found)


def counted_once(context: Context) -> tuple[str, ...]:
    """Dashboards of money, compared customer by customer, that count no amount twice."""
    return tuple(
        shown_of(context.model, dashboard)
        for dashboard in _of_money(context)
        if _TWICE not in {cause.name for cause in dashboard.causes}
    )


def _of_money(context: Context) -> list[DashboardComparison]:
    step = _step(context, "metrics")
    if step is None or context.model.is_open("metrics"):
        return []
    evidence = step.evidence  # type: ignore[attr-defined]
    return [
        dashboard
        for dashboard in evidence.dashboards
        if dashboard.causes
        and dashboard.metric in evidence.made
        and evidence.made[dashboard.metric].kind == "money"
    ]


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


def workflows(context: Context) -> diagnose.Workflows | None:
    """What views and audiences read, and whom they leave out; None where none is built."""
    model, counts = context.model, decision_counts(context)
    if counts.is_empty():
        return None
    uses = list(uses_of(model))
    built = [table for kind, name, _ in uses if context.has(table := table_of_use(kind, name))]
    held = {purpose for role in model.ai_context.roles.values() for purpose in role.may}
    on_consent = [use for _, _, use in uses if is_on_consent(model, use)]
    rulings = [
        may_read(model, use.purpose, field, use.of) for _, _, use in uses for field in use.fields
    ]
    return diagnose.Workflows(
        len(uses),
        len(built),
        sum(use.purpose in held for _, _, use in uses),
        len(on_consent),
        sum(consent_of(model, use) is None for use in on_consent),
        len(rulings),
        sum(ruling.cls in PERSONAL for ruling in rulings),
        sum(ruling.allowed for ruling in rulings),
        without_permission_text(without_permission(context, counts)),
        raw_dashboards(model),
        tuple(name for name, role in model.ai_context.roles.items() if not role.may),
    )


def raw_dashboards(model: Model) -> tuple[str, ...]:
    """The dashboards whose own SQL reads tables of the sources, past every governed field."""
    landed = {table_of(source) for source in model.source_names}
    return tuple(
        dashboard.where_from or humanize(name)
        for name, dashboard in model.metrics.dashboards.items()
        if landed & set(one_query(dashboard.sql)[2])
    )


def _step(context: Context, step: str) -> Step | None:
    return next((context.step(item) for item in context.steps if item.word == step), None)
