"""Time zones: the names that can be declared, and instants as local times and back, as SQL.

A local time that happens twice (clocks go back) is the first of the two; one that never happens
(clocks go forward) is as much later as the clocks were moved: in Berlin, 02:30 on the last
Sunday of March is 03:30.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones


@cache
def known_zones() -> frozenset[str]:
    """Every IANA name of a time zone that can be declared."""
    return frozenset(available_timezones()) - {"localtime"}


def nearest_zone(name: str) -> str:
    """The zone that a name is close to, by its whole name or by its city; '' where none is.

    >>> nearest_zone("europe/Berln"), nearest_zone("new york"), nearest_zone("here")
    ('Europe/Berlin', 'America/New_York', '')
    """
    zones = sorted(zone for zone in known_zones() if "/" in zone)
    spelled = {
        **{zone.rpartition("/")[2].lower(): zone for zone in zones},
        **{zone.lower(): zone for zone in zones},
    }
    close = get_close_matches(name.lower().replace(" ", "_"), spelled, n=1, cutoff=0.8)
    return spelled[close[0]] if close else ""


def wall(sql: str, zone: str) -> str:
    """What a clock in the zone shows at an instant in UTC."""
    return f"(({sql}) at time zone 'UTC') at time zone '{zone}'" if zone else sql


def instant(sql: str, zone: str) -> str:
    """The instant in UTC at which a clock in the zone shows this time: the first, where it does
    so twice.
    """
    if not zone:
        return sql
    utc = f"((({sql}) at time zone '{zone}') at time zone 'UTC')"
    # clocks go back by an hour; on Lord Howe by half
    earlier = [f"({utc} - interval '{minutes}' minute)" for minutes in (60, 30)]
    first = " ".join(f"when {wall(item, zone)} = {sql} then {item}" for item in earlier)
    return f"case {first} else {utc} end"
