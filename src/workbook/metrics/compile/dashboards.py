"""What a dashboard shows today, from its own SQL, beside our number: by customer with a cause
each, and by month.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from workbook.dialect import to_sql
from workbook.engine import Table, lint, quote
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.errors import PlanError
from workbook.metrics.compile.aggregate import segment_rows
from workbook.metrics.compile.as_of_clock import NotComputableError, as_of_date
from workbook.metrics.compile.metric_rows import NOT_LINKED, brings_over
from workbook.metrics.compile.resolve import ResolvedMeasure, metrics_of
from workbook.metrics.compile.rules import STEP
from workbook.model import Model, one_query
from workbook.model.expressions import without_zero
from workbook.model.schema import Dashboard
from workbook.words import error_of

CAUSES = (
    "only theirs",
    "only ours",
    "counted more than once",
    "several records of one",
    "not converted",
    "different amount",
    "nobody of ours",
    "same",
)
_WRITTEN = "cast(sum(native) as decimal(38, 10))"


@dataclass(frozen=True)
class DashboardQuery:
    """A dashboard's query in our words: which of `month`, `id`, `value` it gives."""

    name: str
    part: Dashboard
    sql: str
    columns: frozenset[str]

    @property
    def theirs(self) -> str:
        """The table of what the dashboard shows."""
        return f"m__{self.name}__theirs"

    @property
    def split(self) -> str:
        """The table of both numbers by customer, with the cause of each difference."""
        return f"m__{self.name}__split"

    @property
    def months(self) -> str:
        """The table of both numbers by month."""
        return f"m__{self.name}__against"


def pasted(model: Model, name: str) -> DashboardQuery:
    """A dashboard's query, with the word `as_of` filled in; what it divides by zero has no
    value, as in a number of ours.

    Raises:
        NotComputableError: it leaves the portable subset; names file and line, and what to
          write instead.
    """
    part = metrics_of(model).dashboards[name]
    tree, columns, _ = one_query(part.sql)
    day = exp.cast(exp.Literal.string(str(as_of_date(model))), "date")
    filled = tree.transform(
        lambda node: (
            day.copy()
            if isinstance(node, exp.Column) and not node.table and node.name.lower() == "as_of"
            else node
        )
    )
    sql = to_sql(without_zero(filled), pretty=True)
    try:
        lint(sql)
    except PlanError as error:
        raise error_of(
            NotComputableError,
            "metrics.dashboard_sql",
            place=model.place(f"metrics.dashboards.{name}.sql"),
            why=error.advice or str(error),
        ) from error
    return DashboardQuery(name, part, sql, frozenset(column.lower() for column in columns))


def theirs_table(dashboard_query: DashboardQuery) -> Table:
    """`m__<dashboard>__theirs`: what it shows, as it is written; an id without a value counts
    one.
    """
    value = (
        "cast(shown.value as decimal(38, 10))"
        if "value" in dashboard_query.columns
        else "cast(1 as decimal(38, 10))"
    )
    head = {
        "month": "cast(date_trunc('month', cast(shown.month as timestamp)) as date)",
        "id": "cast(shown.id as varchar)",
    }
    columns = [f"{sql} as {name}" for name, sql in head.items() if name in dashboard_query.columns]
    sql = (
        f"select {', '.join([*columns, f'{value} as value'])}\nfrom (\n"
        f"{dashboard_query.sql}\n) as shown"
    )
    shown = dashboard_query.part.where_from or dashboard_query.name.replace("_", " ")
    return Table(dashboard_query.theirs, f"one row that {shown} shows", STEP, "evidence", (), sql)


def months_table(dashboard_query: DashboardQuery, ours: str) -> Table:
    """`m__<dashboard>__against`: both numbers of every month that either has."""
    sql = f"""with theirs as (
    select month, cast(sum(value) as decimal(38, 10)) as value
    from {quote(dashboard_query.theirs)}
    group by month
)
select coalesce(ours.month, theirs.month) as month, ours.exact as ours, theirs.value as theirs,
       cast(theirs.value - ours.exact as decimal(38, 10)) as difference
from {quote(ours)} as ours
full outer join theirs on theirs.month = ours.month"""
    return Table(
        dashboard_query.months,
        f"one month of {dashboard_query.part.competes_with}, ours and theirs",
        STEP,
        "evidence",
        ("month",),
        sql,
    )


def split_table(model: Model, dashboard_query: DashboardQuery, entity: str, ours: str) -> Table:
    """`m__<dashboard>__split`: one row per customer that either counts, both amounts, and the
    one cause of their difference.

    `ours` is SQL of (id, value, written), the last before conversion. `times` is how many rows
    of theirs one customer has: an id that repeats is counted more than once; different ids are
    several records of one. Ids that are
    nobody of ours are one row, `(not linked)`.
    """
    month = (
        f"t.month = cast('{as_of_date(model).replace(day=1)}' as date)"
        if "month" in dashboard_query.columns
        else ""
    )
    known, on = _known(model, dashboard_query, entity)
    sql = filled_sql(
        "metrics/dashboard_differences",
        theirs=dashboard_query.theirs,
        known=known,
        match=on,
        month=month,
        ours=ours,
        not_linked=NOT_LINKED,
    )
    row_is = (
        f"one {entity} that {dashboard_query.part.competes_with} or "
        f"{dashboard_query.name} counts, and why they differ"
    )
    return Table(
        dashboard_query.split,
        row_is,
        STEP,
        "evidence",
        ("id",),
        sql,
        classes={"id": model.class_of(f"{entity}.{model.id_of(entity)}")},
    )


def by_row(model: Model, found: ResolvedMeasure) -> str:
    """SQL of our number for each row of the entity that it counts: (id, value, written), where
    `written` is the amount before conversion; none where nothing is converted.
    """
    written = _WRITTEN if brings_over(model, found) else "null"
    return (
        f"select id, cast(sum(amount) as decimal(38, 10)) as value, {written} as written"
        f" from {quote(f'm__{found.name}__rows')} group by id"
    )


def by_segment(model: Model, found: ResolvedMeasure, dimension: str, segment: str) -> str:
    """The same by a dimension, of which `segment` is the table."""
    if not brings_over(model, found):
        return f"select segment as id, exact as value, null as written from {quote(segment)}"
    rows = segment_rows(model, found, dimension, "native")
    return (
        "select s.segment as id, s.exact as value, w.written as written"
        f" from {quote(segment)} as s left join ("
        f"select segment, {_WRITTEN} as written from (\n{rows}\n) as r group by segment"
        ") as w on w.segment = s.segment"
    )


def _known(model: Model, dashboard_query: DashboardQuery, entity: str) -> tuple[str, str]:
    """Who stands behind an id of theirs: SQL of (id, their id), and the join on it."""
    if dashboard_query.part.ids and model.has_identity(entity):
        clusters = quote(f"{entity}__clusters")
        return (
            f"select id, record from {clusters}",
            f"known.record = {text(dashboard_query.part.ids + ':')} || t.id",
        )
    return f"select id from {quote(entity)}", "known.id = t.id"
