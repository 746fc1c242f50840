"""Ours against what a dashboard shows: both numbers, and the difference laid to its causes,
which add up to it exactly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workbook.engine import quote
from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import as_of_date
from workbook.metrics.compile.dashboards import CAUSES, DashboardQuery, pasted
from workbook.metrics.results.metric_result import UNDECIDED, MetricReader, MetricResult
from workbook.model import Model
from workbook.words import words_of

NOTHING = Decimal(0)
_WORDS = words_of("metric_values")


@dataclass(frozen=True)
class DifferenceCause:
    """Customers for whom the two differ in one way: how many, what each side makes of them,
    theirs less ours.
    """

    name: str
    count: int
    ours: Decimal
    theirs: Decimal

    @property
    def difference(self) -> Decimal:
        """What this cause adds to the difference."""
        return self.theirs - self.ours


@dataclass(frozen=True)
class DashboardComparison:
    """A dashboard beside the metric whose name it claims.

    `why_not`: why it has no number, or no causes.
    """

    name: str
    metric: str
    value: Decimal | None = None
    ours: Decimal | None = None
    causes: tuple[DifferenceCause, ...] = ()
    months: tuple[tuple[dt.date, Decimal | None, Decimal | None], ...] = ()
    why_not: str = ""

    @property
    def difference(self) -> Decimal | None:
        """Theirs less ours."""
        return None if self.value is None or self.ours is None else self.value - self.ours


def against(
    model: Model, reader: MetricReader, made: Mapping[str, MetricResult], refused: Mapping[str, str]
) -> list[DashboardComparison]:
    """Every dashboard of 07 beside our number, in the order of the file; `refused` says why one
    is not run.
    """
    found = []
    for name, part in (model.metrics.dashboards).items():
        if name in refused or part.competes_with not in made:
            found.append(
                DashboardComparison(name, part.competes_with, why_not=refused.get(name, ""))
            )
        else:
            found.append(_against(model, reader, made[part.competes_with], pasted(model, name)))
    return found


def _against(
    model: Model, reader: MetricReader, mine: MetricResult, dashboard_query: DashboardQuery
) -> DashboardComparison:
    ours = (
        mine.exact
        if mine.exact is not None
        else Decimal(mine.value)
        if isinstance(mine.value, (int, Decimal))
        else None
    )
    if not reader.has(dashboard_query.theirs):
        return DashboardComparison(dashboard_query.name, mine.name, None, ours, why_not=UNDECIDED)
    try:
        theirs = reader.frame(dashboard_query.theirs)
    except WorkbookError as error:
        return DashboardComparison(
            dashboard_query.name,
            mine.name,
            None,
            ours,
            why_not=_WORDS.text("dashboard.not_run", error=str(error)),
        )
    if "month" in dashboard_query.columns:
        theirs = theirs.filter(theirs["month"] == as_of_date(model).replace(day=1))
    elif "id" not in dashboard_query.columns and theirs.height != 1:
        return DashboardComparison(
            dashboard_query.name,
            mine.name,
            None,
            ours,
            why_not=_WORDS.text("dashboard.several_rows", rows=theirs.height),
        )
    known = [value for value in theirs["value"].to_list() if value is not None]
    if not known and (theirs.height or "id" not in dashboard_query.columns):
        return DashboardComparison(
            dashboard_query.name,
            mine.name,
            None,
            ours,
            (),
            _months(reader, dashboard_query),
            _WORDS.text("dashboard.no_value"),
        )
    return DashboardComparison(
        dashboard_query.name,
        mine.name,
        sum(known, NOTHING),
        ours,
        _causes(reader, dashboard_query, ours),
        _months(reader, dashboard_query),
        _why_no_causes(reader, dashboard_query),
    )


def _causes(
    reader: MetricReader, dashboard_query: DashboardQuery, ours: Decimal | None
) -> tuple[DifferenceCause, ...]:
    if ours is None or not reader.has(dashboard_query.split):
        return ()
    sql = f"""select cause, count(*) as customers,
       cast(sum(ours) as decimal(38, 10)) as ours, cast(sum(theirs) as decimal(38, 10)) as theirs
from {quote(dashboard_query.split)}
group by cause"""
    rows = {row["cause"]: row for row in reader.query(sql).iter_rows(named=True)}
    return tuple(
        DifferenceCause(
            name, int(rows[name]["customers"]), rows[name]["ours"], rows[name]["theirs"]
        )
        for name in CAUSES
        if name in rows
    )


def _months(
    reader: MetricReader, dashboard_query: DashboardQuery
) -> tuple[tuple[dt.date, Decimal | None, Decimal | None], ...]:
    if not reader.has(dashboard_query.months):
        return ()
    return tuple(
        reader.frame(dashboard_query.months)
        .drop_nulls("month")
        .sort("month")
        .select("month", "ours", "theirs")
        .rows()
    )


def _why_no_causes(reader: MetricReader, dashboard_query: DashboardQuery) -> str:
    if reader.has(dashboard_query.split):
        return ""
    return "" if "id" in dashboard_query.columns else _WORDS.text("dashboard.no_id")
