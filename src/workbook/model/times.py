"""When a row begins and ends, as SQL: the business's time zone, the zone of a source's naive
times, inclusive ends.

An instant is kept in UTC. Days, months and lengths of time are counted on the business's wall
clock: what a clock on its wall shows at an instant. A date is a calendar day of the business,
so it begins at that day's local midnight, whatever the zone of its source. Without a time zone
the two are the same, and no expression here costs anything.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from workbook.model.durations import Duration
from workbook.model.model import Model
from workbook.model.zones import instant, wall

__all__ = [
    "NEVER",
    "begins",
    "declared_zone",
    "ends",
    "ends_inclusive",
    "instant",
    "instant_before",
    "local_time",
    "midnight",
    "midnight_sql",
    "wall",
    "wall_begins",
    "wall_ends",
    "zone_of",
    "zone_of_source",
    "zones_of_attributes",
    "zones_of_fields",
]

# systems write such dates for "no end", and nothing ends later
NEVER = "cast('9999-01-01 00:00:00' as timestamp)"
_UTC = (
    "",
    "UTC",
    "Etc/UTC",
    "Etc/UCT",
    "UCT",
    "Zulu",
    "Etc/Zulu",
    "Universal",
    "Etc/Universal",
    "GMT",
    "Etc/GMT",
)
_DAY = dt.timedelta(days=1)


def zone_of(model: Model) -> str:
    """The IANA name of the business's time zone; '' for UTC."""
    return _named(model.project.timezone)


def zone_of_source(model: Model, source: str) -> str:
    """The zone of times that a source writes without one; '' for UTC."""
    return _named(declared_zone(model, source))


def declared_zone(model: Model, source: str) -> str:
    """The zone that a source declares, or its system; '' where neither does."""
    section = model.sources
    if source not in section.sources:
        return ""
    system = section.systems.get(source.partition(".")[0])
    return section.sources[source].timezone or (system.timezone if system else "")


def _named(zone: str) -> str:
    return "" if zone in _UTC else zone


def midnight(model: Model, day: dt.date) -> dt.datetime:
    """The instant, in UTC and without a zone, at which a day of the business begins."""
    start = dt.datetime.combine(day, dt.time())
    zone = zone_of(model)
    if not zone or day.year > 9998 or day.year < 2:
        return start
    return start.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC).replace(tzinfo=None)


def midnight_sql(model: Model, day: dt.date) -> str:
    """The instant at which a day of the business begins, as SQL."""
    return f"cast('{midnight(model, day)}' as timestamp)"


def instant_before(model: Model, length: Duration, day: dt.date) -> dt.datetime:
    """The instant that lies a length of time before a day of the business begins; days and
    months are counted on its wall clock.
    """
    if length.unit in ("minute", "hour"):
        return length.before(midnight(model, day))
    return midnight(model, length.before(dt.datetime.combine(day, dt.time())).date())


def local_time(model: Model, moment: dt.datetime | None) -> dt.datetime | None:
    """What a clock of the business shows at an instant, for a page."""
    zone = zone_of(model)
    if moment is None or not zone or not 2 < moment.year < 9998:
        return moment
    return moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def begins(model: Model, source: str, field: str, column: str) -> str:
    """The instant of a field's value: a time is one, a date begins at the business's midnight."""
    at = f"cast({column} as timestamp)"
    return instant(at, zone_of(model)) if _is_day(model, source, field) else at


def ends(model: Model, source: str, field: str, column: str) -> str:
    """The first instant at which a row no longer counts, by the end that its source writes.

    With `ends: inclusive` the end itself still counts. A date ends with its day. A time at
    midnight is a date in disguise and ends with its day, as do the last second of a day and its
    last minute (23:59:00), all on the clock of the source. Any other time ends one second
    later; one millisecond or microsecond later where it is written that finely.
    """
    at = f"cast({column} as timestamp)"
    if not ends_inclusive(model, source):
        return begins(model, source, field, column)
    if _is_day(model, source, field):
        return instant(
            f"case when {at} < {NEVER} then {at} + interval '1' day else {at} end", zone_of(model)
        )
    zone = zone_of_source(model, source)
    shown = wall(at, zone)
    day = f"date_trunc('day', {shown})"
    last = (
        f"{shown} = {day} or {shown} >= {day} + interval '86399' second or {shown} = {day} +"
        " interval '1439' minute"
    )
    tick = " ".join(
        f"when {at} = date_trunc('{unit}', {at}) then {at} + interval '1' {unit}"
        for unit in ("second", "millisecond")
    )
    return (
        f"case when {at} >= {NEVER} then {at} when {last} then"
        f" {instant(f'({day} + {_ONE_DAY})', zone)} {tick} else {at} + interval '1' microsecond end"
    )


_ONE_DAY = "interval '1' day"


def wall_begins(model: Model, source: str, field: str, column: str) -> str:
    """What the business's clock shows at a field's value; a date is its midnight."""
    at = f"cast({column} as timestamp)"
    return at if _is_day(model, source, field) else wall(at, zone_of(model))


def wall_ends(model: Model, source: str, field: str, column: str) -> str:
    """What the business's clock shows when a row no longer counts."""
    at = f"cast({column} as timestamp)"
    if not ends_inclusive(model, source):
        return wall_begins(model, source, field, column)
    if _is_day(model, source, field):
        return f"case when {at} < {NEVER} then {at} + interval '1' day else {at} end"
    return wall(ends(model, source, field, column), zone_of(model))


def zones_of_fields(model: Model, source: str) -> dict[str, str]:
    """The fields of a source that hold instants, and the zone in which a condition reads them;
    none without a time zone.
    """
    zone = zone_of(model)
    return (
        {name: zone for name, field in model.fields(source).items() if field.type == "timestamp"}
        if zone
        else {}
    )


def zones_of_attributes(model: Model, entity: str) -> dict[str, str]:
    """The same of an entity's attributes."""
    zone = zone_of(model)
    return (
        {
            name: zone
            for name in model.attributes(entity)
            if model.type_of(entity, name) == "timestamp"
        }
        if zone
        else {}
    )


def ends_inclusive(model: Model, source: str) -> bool:
    """Whether the end that a source writes still counts."""
    return bool(
        source in model.sources.sources and model.sources.sources[source].ends == "inclusive"
    )


def _is_day(model: Model, source: str, field: str) -> bool:
    return model.field(source, field).type == "date"
