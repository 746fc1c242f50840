"""Moments as SQL: the end of the as-of day, the same some time earlier, or the end of every
day, week, month, quarter or year.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workbook.engine import Table, quote
from workbook.errors import WorkbookError
from workbook.metrics.compile.row_times import moment_sql, time_of
from workbook.model import Model
from workbook.model.calendar import Calendar, calendar_of
from workbook.model.durations import Duration, duration
from workbook.words import error_of

__all__ = [
    "GRAINS",
    "LISTED",
    "MONTHS",
    "AsOf",
    "NotComputableError",
    "as_of_date",
    "end_of",
    "moment",
    "now",
    "period_ends",
    "periods_name",
    "periods_table",
]

MONTHS = "m__months"
LISTED = {  # grains, and how many periods a series of levels reaches back
    "day": 400,
    "week": 160,
    "month": 120,
    "quarter": 40,
    "fiscal_quarter": 40,
    "year": 10,
    "fiscal_year": 10,
}
GRAINS = tuple(LISTED)


class NotComputableError(WorkbookError):
    """Why a number is refused instead of shown: `what` and `advice` are those that pages print."""


@dataclass(frozen=True)
class AsOf:
    """When a question is asked: `day` is what `as_of` means, `end` the first instant that no
    longer counts.

    `month` is the first day of the month in which `day` lies. A clock with a `grain` asks at
    the end of every such period, over the table of periods under the alias `t`; `suffix` marks
    tables that are not about the as-of day itself.
    """

    day: str
    end: str
    month: str
    suffix: str = ""
    grain: str = ""

    @property
    def join(self) -> str:
        """What a FROM clause needs besides the rows."""
        return f"cross join {quote(periods_name(self.grain))} as t" if self.grain else ""

    @property
    def period(self) -> str:
        """The first day of the period, as SQL."""
        return f"t.{self.grain}"


def periods_name(grain: str) -> str:
    """The table that lists the periods of a grain."""
    return f"m__{grain}s"


def as_of_date(model: Model) -> dt.date:
    """The project's as-of as a date; `latest` was resolved when the workbook was opened."""
    day = model.project.as_of
    if not isinstance(day, dt.date):
        raise error_of(NotComputableError, "metrics.no_as_of")
    return day


def end_of(day: dt.date) -> dt.date:
    """The first day that no longer counts: as-of means the end of its day, and intervals are
    half-open.
    """
    return day + dt.timedelta(days=1)


def now(model: Model, earlier: str = "") -> AsOf:
    """The end of the as-of day, or of the day a length of time before it."""
    end = moment(end_of(as_of_date(model)))
    return _fixed(end, duration(earlier)) if earlier else _at(as_of_date(model))


def period_ends(grain: str = "month", earlier: str = "") -> AsOf:
    """The end of every period of a grain, or a length of time before each."""
    if not earlier:
        return AsOf("t.day", "t.ends", "t.month", f"__{grain}", grain)
    length = duration(earlier)
    end = before_end("t.ends", length)
    return AsOf(
        _day_of(end), end, _month_of(_day_of(end)), f"__{grain}__{length.word}_before", grain
    )


def moment(day: dt.date) -> str:
    """Midnight at the start of a day, as SQL."""
    return f"cast('{day} 00:00:00' as timestamp)"


def _at(day: dt.date) -> AsOf:
    return AsOf(
        f"cast('{day}' as date)", moment(end_of(day)), f"cast('{day.replace(day=1)}' as date)"
    )


def _fixed(end: str, length: Duration) -> AsOf:
    before = before_end(end, length)
    return AsOf(_day_of(before), before, _month_of(_day_of(before)), f"__{length.word}_before")


def before_end(end: str, length: Duration) -> str:
    """SQL of the end of the day that lies a length of time before the day that ends here.

    A month before 28, 29 or 30 March is 28 February, whose end is the first of March: calendar
    months that would leave the 29th on the 28th of February go on to the end of it.
    """
    plain = f"({end} - {length.interval})"
    if not length.months:
        return plain
    return (
        f"(case when extract(day from {plain}) < extract(day from {end}) then"
        f" cast(date_trunc('month', {plain}) as timestamp) + interval '1' month else {plain} end)"
    )


def _day_of(end: str) -> str:
    return f"cast({end} - interval '1' day as date)"


def _month_of(day: str) -> str:
    return f"cast(date_trunc('month', {day}) as date)"


def periods_table(model: Model, grain: str = "month") -> Table | None:
    """One row per period, from the first in which anything is dated (at most as many as LISTED
    says) to that of the as-of day.

    Weeks and fiscal years begin as workbook.yml declares. The last period ends with the as-of day.
    """
    last = as_of_date(model)
    calendar = calendar_of(model)
    starts = _periods_before(calendar, last, grain)
    dated = [(entity, time_of(model, entity)) for entity in model.entity_names]
    earliest = moment(starts[0])
    asks = [
        f"select min({moment_sql(model, entity, at)}) as since from {quote(entity)} as e where"
        f" {moment_sql(model, entity, at)} >= {earliest}"
        for entity, at in dated
        if at
    ]
    if not asks:
        return None
    heads = [
        grain,
        *(name for name in ("month", "day") if name != grain),
        "ends",
        *(("name",) if grain.startswith("fiscal_") else ()),
    ]
    rows = ",\n        ".join(_period_row(calendar, start, grain, last) for start in starts)
    sql = f"""with listed as (
    select {", ".join(heads)}
    from (values
        {rows}
    ) as v({", ".join(heads)})
), dated as (
    {(chr(10) + "    union all ").join(asks)}
), earliest as (
    select min(since) as since from dated
)
select {", ".join(f"listed.{name} as {name}" for name in heads)}
from listed
cross join earliest
where listed.ends > earliest.since"""
    row_is = (
        f"one {grain.replace('_', ' ')} up to as-of: its first day, its last, the month of its"
        " last, and the instant after it"
    )
    return Table(periods_name(grain), row_is, "07_metrics", keys=(grain,), sql=sql)


def _period_row(calendar: Calendar, start: dt.date, grain: str, last: dt.date) -> str:
    day = min(calendar.next_start(start, grain) - dt.timedelta(days=1), last)
    cells = {grain: start, "month": start if grain == "month" else day.replace(day=1), "day": day}
    dates = ", ".join(f"cast('{cell}' as date)" for cell in cells.values())
    name = f", '{calendar.name_of(start, grain)}'" if grain.startswith("fiscal_") else ""
    return f"({dates}, {moment(end_of(day))}{name})"


def _periods_before(calendar: Calendar, day: dt.date, grain: str) -> list[dt.date]:
    """The first days of the periods up to that of a day, oldest first; none before the year 1."""
    found = [calendar.start_of(day, grain)]
    while len(found) < LISTED[grain] and found[-1] > dt.date(1, 1, 31):
        found.append(calendar.start_of(found[-1] - dt.timedelta(days=1), grain))
    return found[::-1]


def by_calendar(model: Model) -> list[str]:
    """The metrics that are given by a quarter or year of the calendar which is none of the
    fiscal year.
    """
    day, calendar = dt.date(2024, 1, 1), calendar_of(model)
    return _given_by(
        model,
        {
            grain
            for grain in ("quarter", "year")
            if calendar.start_of(day, f"fiscal_{grain}") != day
        },
    )


def by_fiscal(model: Model) -> list[str]:
    """The metrics that are given by a quarter or year of the fiscal year."""
    return _given_by(model, {"fiscal_quarter", "fiscal_year"})


def _given_by(model: Model, wanted: set[str]) -> list[str]:
    section = model.metrics
    if model.is_open("metrics"):
        return []
    moved = {name: item.every for name, item in section.movements.items()}
    grains = {
        name: {*item.grains, item.grain_to_date, moved.get(item.measure.partition(".")[0], "")}
        for name, item in section.metrics.items()
    }
    return [name for name, used in grains.items() if used & wanted]


def at_rows(model: Model, entity: str) -> AsOf:
    """A clock that asks what was so at the moment of each row of an entity (`e`).

    Raises:
        NotComputableError: its rows have no valid time.
    """
    time = time_of(model, entity)
    if not time:
        raise error_of(NotComputableError, "metrics.then_undated", entity=entity)
    at = moment_sql(model, entity, time)
    day, month = f"cast({at} as date)", f"cast(date_trunc('month', {at}) as date)"
    return AsOf(day, f"({at} + interval '1' microsecond)", month)
