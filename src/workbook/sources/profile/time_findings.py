"""Findings about dates and times: the as-of date, ends of periods, time zones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbook.finding import Finding
from workbook.model import Model
from workbook.model.as_of import as_of_day, is_undated, says_latest
from workbook.model.times import declared_zone, zone_of
from workbook.sources.profile.arrivals import Arrival, owner_of
from workbook.sources.profile.newest_fact import FAR, Newest
from workbook.sources.profile.written_ends import Ends
from workbook.words import finding, number

BEYOND = 31  # days from the newest fact to the as-of day, beyond which it is a warning


def of_newest(model: Model, found: Sequence[Newest]) -> list[Finding]:
    """Which source sets the as-of day, dates too far beyond all others to set it, and an as-of
    day beyond the data.
    """
    findings = [
        finding(
            model,
            "sources.dates_beyond",
            newest.beyond,
            (newest.source,),
            owner=owner_of(model, newest.source),
            source=newest.source,
            of=newest.rows,
            field=newest.field,
            furthest=newest.furthest,
            days=FAR,
        )
        for newest in found
        if newest.beyond
    ]
    dated = [newest for newest in found if newest.day]
    if not dated or is_undated(model):
        return findings
    last = max(dated, key=lambda newest: newest.day)  # type: ignore[arg-type, return-value]
    day = as_of_day(model)
    gap = (day - last.day).days  # type: ignore[operator]
    values = {
        "day": number.date(day, long=True),
        "days": gap,
        "last": number.date(last.day, long=True),  # type: ignore[arg-type]
        "source": last.source,
    }
    if gap > BEYOND:
        findings.append(finding(model, "sources.as_of_beyond_data", about=(last.source,), **values))
    elif says_latest(model) and day == last.day:
        findings.append(finding(model, "sources.as_of_latest", about=(last.source,), **values))
    return findings


def of_conventions(
    model: Model, arrivals: Iterable[Arrival], ends: Iterable[Ends]
) -> list[Finding]:
    """Ends of periods that seem to be included and are read as excluded, or the reverse; times
    without a zone of which no zone is declared.
    """
    found = [each for measured in ends for each in _of_ends(model, measured)]
    zone = zone_of(model)
    unzoned = [arrival for arrival in arrivals if arrival.naive and not arrival.zone]
    found += [
        finding(
            model,
            "sources.zone_unknown",
            arrival.naive,
            (arrival.source,),
            owner=arrival.owner,
            source=arrival.source,
            zone=zone,
        )
        for arrival in (unzoned if zone else ())
    ]
    return found


def _of_ends(model: Model, ends: Ends) -> list[Finding]:
    given = {"source": ends.source, "key": ends.owner, "owner": owner_of(model, ends.source)}
    if ends.looks_inclusive:
        count, variant = next(
            (count, word)
            for count, word in (
                (ends.adjacent, "adjacent"),
                (ends.same_day, "same_day"),
                (ends.last_days, "last_day"),
            )
            if count
        )
        of = ends.followed if ends.adjacent else ends.ended
        return [
            finding(
                model,
                "sources.ends_look_inclusive",
                count,
                (ends.source,),
                variant=variant,
                of=of,
                **given,
            )
        ]
    if ends.looks_exclusive:
        return [
            finding(
                model,
                "sources.ends_look_exclusive",
                ends.touching or ends.first_days,
                (ends.source,),
                variant="touching" if ends.touching else "first_day",
                of=ends.followed if ends.touching else ends.ended,
                **given,
            )
        ]
    return []


def of_odd_hours(model: Model, counted: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Times of a source that its clocks show twice, so that it is unknown which is meant, or
    never; from the answers to `odd_hours_sql`.
    """
    return [
        finding(
            model,
            "sources.odd_hours",
            row["twice"] + row["skipped"],
            (row["source"], row["field"]),
            owner=owner_of(model, row["source"]),
            source=row["source"],
            field=row["field"],
            zone=declared_zone(model, row["source"]),
            twice=row["twice"],
            skipped=row["skipped"],
        )
        for row in counted
        if row["twice"] or row["skipped"]
    ]
