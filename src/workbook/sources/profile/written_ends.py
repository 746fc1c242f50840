"""Whether the ends that a source writes still count: how its periods meet the next ones of the
same owner, and where nothing follows them, on which days they end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.times import NEVER, ends_inclusive, wall, zone_of_source
from workbook.sources.profile.landing_counts import table_of

FEW = 0.1  # of the periods that another follows, so many must meet it before anything is concluded
CLEAR = 3  # so many times as often as the other way
SAME_DAY = 3  # periods of a single day, before they say that the last day counts
WHOLE = 3  # periods of whole months, before they say where they end
MOST = 0.5  # of the periods that ended, so many must be of whole months


@dataclass(frozen=True)
class Ends:
    """The periods of one source by one owner: how many another follows, and how they meet it.

    `adjacent`: the end lies one day, or at most a second, before the next start; `touching`: it
    is the next start. `same_day`: start and end are one date, of `ended` periods. `last_days`: the
    end is the last day before the first of a month or before the day of the month on which the
    period began, or the last minute of any day; `first_days`: it is such a first day.
    """

    source: str
    owner: str
    inclusive: bool
    followed: int
    adjacent: int
    touching: int
    same_day: int
    ended: int
    last_days: int = 0
    first_days: int = 0

    @property
    def looks_inclusive(self) -> bool:
        """Whether ends that are read as exclusive seem to count."""
        if self.inclusive:
            return False
        apart = self.adjacent >= CLEAR * self.touching and self.adjacent >= max(
            1, FEW * self.followed
        )
        single = self.same_day >= max(SAME_DAY, FEW * self.ended) and self.touching == 0
        return apart or single or self._mostly(self.last_days, self.first_days)

    @property
    def looks_exclusive(self) -> bool:
        """Whether ends that are read as inclusive are the starts of the next period."""
        if not self.inclusive:
            return False
        meets = self.touching >= CLEAR * self.adjacent and self.touching >= max(
            1, FEW * self.followed
        )
        return meets or self._mostly(self.first_days, self.last_days)

    def _mostly(self, days: int, others: int) -> bool:
        """Whether the days on which periods end say it, where none meets another."""
        return (
            not self.adjacent + self.touching
            and days >= max(WHOLE, MOST * self.ended)
            and days >= CLEAR * others
        )


def owners_of(model: Model, source: str) -> tuple[str, ...]:
    """The fields that say whose a period is: identifiers of the source that are not its key,
    else its key without the times, else other ids, else its key.
    """
    part = model.sources.sources[source]
    named = [
        ref.field
        for refs in model.identifier_places.values()
        for ref in refs
        if ref.source == source
    ]
    own = [
        field
        for field in dict.fromkeys(named)
        if part.primary_key != (field,) and field not in part.valid
    ]
    rest = [field for field in part.primary_key if field not in part.valid]
    ids = [
        name
        for name, field in model.fields(source).items()
        if field.type == "id" and (name,) != part.primary_key
    ]
    return (
        tuple(own)
        or (tuple(rest) if len(rest) < len(part.primary_key) else tuple(ids))
        or part.primary_key[:1]
    )


def ends_sql(model: Model) -> str:
    """One row per source of periods and field that says whose they are."""
    parts = []
    for source, part in (model.sources.sources).items():
        if len(part.valid) == 2:
            parts += [
                _measured(model, source, *part.valid, owner) for owner in owners_of(model, source)
            ]
    return "\nunion all\n".join(parts)


def _measured(model: Model, source: str, start: str, end: str, owner: str) -> str:
    # a time at the midnight of the source is a date in disguise
    zone = zone_of_source(model, source)
    dated = {name: model.field(source, name).type == "date" for name in (start, end)}
    starts, ends = (
        at if dated[name] else wall(at, zone)
        for name in (start, end)
        for at in (f"cast({quote(name)} as timestamp)",)
    )
    day = f"{ends} = date_trunc('day', {ends}) and following = {ends} + interval '1' day"
    tick = f"following > {ends} and following <= {ends} + interval '1' second"
    midnight = f"{ends} = date_trunc('day', {ends})"
    late = f"date_trunc('minute', {ends}) + interval '1' minute = date_trunc('day', {ends}) +"
    late += " interval '1' day"
    last, first = (
        f"({midnight} and {ends} > {starts} and extract(day from {at}) in (1, extract(day from"
        f" {starts})))"
        for at in (f"{ends} + interval '1' day", ends)
    )
    same = f"count(case when {starts} = {ends} then 1 end)" if all(dated.values()) else "0"
    return f"""select cast({text(source)} as varchar) as source,
  cast({text(owner)} as varchar) as owner, count(following) as followed,
  count(case when ({day}) or ({tick}) then 1 end) as adjacent,
  count(case when following = {ends} then 1 end) as touching,
  {same} as same_day, count(*) as ended,
  count(case when {last} or {late} then 1 end) as last_days,
  count(case when {first} then 1 end) as first_days
from (
  select {quote(start)}, {quote(end)},
    lead({starts}) over (partition by {quote(owner)} order by {starts}, {ends}, _row) as following
  from {quote(table_of(source))}
  where {quote(owner)} is not null and {quote(start)} is not null
) as periods
where {ends} < {NEVER}"""


def ends_of(model: Model, rows: Iterable[Mapping[str, Any]]) -> list[Ends]:
    """What was measured of each source, by the owner that says the most."""
    every = [Ends(inclusive=ends_inclusive(model, row["source"]), **row) for row in rows]
    return list(_best(every))


def _best(every: list[Ends]) -> Iterator[Ends]:
    for source in dict.fromkeys(each.source for each in every):
        yield max(
            (each for each in every if each.source == source),
            key=lambda each: (each.adjacent + each.touching, each.same_day, each.ended),
        )
