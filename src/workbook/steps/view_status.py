"""Every view and audience: what it asks for, who is in it, and what keeps it from being used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from workbook import governance
from workbook.governance.freshness_limits import hours_before, newest_sql, stalest
from workbook.model import Model
from workbook.model.as_of import as_of_day
from workbook.model.schema import Audience, Purpose, View
from workbook.model.view_reads import sources_read
from workbook.scenarios.context import Context
from workbook.steps.view_decisions import counts_of

Use = View | Audience


@dataclass(frozen=True)
class ViewStatus:
    """One view or audience. `inside` of `whole` records of its entity are in it (None where it
    is not built), `few` are withheld as too small a group and `late` as too old; `refused`
    fields are not permitted.
    """

    table: str
    kind: str
    use: Use
    compiled: bool
    inside: int | None
    whole: int | None
    few: int
    late: int
    refused: int
    owner: str

    @property
    def name(self) -> str:
        """Its name in the model."""
        return self.table.partition("__")[2]

    @property
    def budget(self) -> int | None:
        """How many fields it may have; None without a limit."""
        return getattr(self.use, "budget", None)

    @property
    def over_budget(self) -> bool:
        """Whether it has more fields than that."""
        return self.budget is not None and len(self.use.fields) > self.budget

    @property
    def channel(self) -> str:
        """How an audience is contacted; '' of a view."""
        return getattr(self.use, "channel", "")

    @property
    def state(self) -> str:
        """Its check: fail where it is not built, look where something is refused or withheld."""
        if not self.compiled:
            return "fail"
        doubtful = self.over_budget or self.refused or self.few or self.late
        return "look" if doubtful or not self.use.purpose else "pass"


def view_statuses(
    context: Context, counts: pl.DataFrame, uncompiled: Mapping[str, str]
) -> list[ViewStatus]:
    """Every view, then every audience, in the order of the model; `counts` are those of
    `decision_counts`, `uncompiled` names what has no table.
    """
    model = context.model
    refusals = [view for view, _ in governance.refusals(model)]
    statuses = []
    for table, (kind, use) in uses_by_table(model).items():
        name, built = table.partition("__")[2], context.has(table)
        by_decision = counts_of(counts, table)
        statuses.append(
            ViewStatus(
                table,
                kind,
                use,
                name not in uncompiled,
                by_decision.get(governance.IN, 0) if built else None,
                sum(by_decision.values()) if built else None,
                by_decision.get(governance.TOO_FEW, 0),
                by_decision.get(governance.TOO_OLD, 0),
                refusals.count(name),
                model.owner_of("customer_360", f"{kind}s", name),
            )
        )
    return statuses


def uses_by_table(model: Model) -> dict[str, tuple[str, Use]]:
    """Every view and audience by the name of its table: `view` or `audience`, what was decided."""
    section = model.customer_360
    if model.is_open("customer_360"):
        return {}
    views: dict[str, tuple[str, Use]] = {
        f"view__{name}": ("view", view) for name, view in section.views.items()
    }
    return views | {
        f"audience__{name}": ("audience", audience) for name, audience in section.audiences.items()
    }


def purpose_of(model: Model, use: Use) -> Purpose | None:
    """The purpose of a view; None where none is declared."""
    return model.ai_context.purposes.get(use.purpose) if not model.is_open("ai_context") else None


def late_sources(context: Context, status: ViewStatus) -> list[tuple[str, float]]:
    """The sources of a view that are older than its purpose permits, with the age of their
    newest record in hours, the oldest first.
    """
    model, purpose = context.model, purpose_of(context.model, status.use)
    day, limit = as_of_day(model), purpose.freshness if purpose else ""
    newest = context.query(newest_sql(model, context.plan, day))
    read = sources_read(model, f"{status.kind}s", status.name, status.use)
    ages = [
        (source, stalest({source: at}, (source,), day)[1] or 0.0)
        for source, at in newest.rows()
        if source in read
    ]
    permitted = hours_before(limit, day)
    return sorted(
        ((source, age) for source, age in ages if age > (permitted or age)),
        key=lambda late: -late[1],
    )
