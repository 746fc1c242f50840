"""Findings about what was loaded of each source: records, values, keys, formats of times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from workbook.finding import Finding
from workbook.model import Model
from workbook.sources.profile.arrivals import Arrival, RejectionReason
from workbook.sources.profile.mixed_times import Clocks
from workbook.words import finding, words_of


def of_landing(model: Model, arrivals: Iterable[Arrival]) -> list[Finding]:
    """Records lost or rejected, invalid values, keys that are missing, incomplete or not unique,
    and mixed formats of times.
    """
    return [found for arrival in arrivals for found in _of_arrival(model, arrival)]


def _of_arrival(model: Model, arrival: Arrival) -> Iterator[Finding]:
    make = partial(
        finding, model, about=(arrival.source,), owner=arrival.owner, source=arrival.source
    )
    if arrival.lost:
        yield make(
            "sources.rows_lost",
            count=arrival.lost,
            read=arrival.read,
            accepted=arrival.accepted,
            rejected=arrival.rejected,
        )
    if not arrival.read:
        yield make("sources.empty", count=0)
    if arrival.rejected:
        yield make(
            "sources.rejected_rows",
            count=arrival.rejected,
            of=arrival.read,
            reasons=reason_texts(arrival.rejections),
        )
    if arrival.bad:
        yield make(
            "sources.bad_cells", count=arrival.bad, reasons=reason_texts(arrival.invalid_values)
        )
    if arrival.repeated or arrival.empty:
        yield make(
            "sources.duplicate_keys",
            count=arrival.repeated + arrival.empty,
            variant="both"
            if arrival.repeated and arrival.empty
            else "repeated"
            if arrival.repeated
            else "empty",
            key=arrival.key,
            repeated=arrival.repeated,
            empty=arrival.empty,
            of=arrival.accepted,
        )
    if not arrival.key:
        yield make("sources.no_key")
    if arrival.clocks:
        yield _of_clocks(model, arrival)


def reason_texts(reasons: Iterable[RejectionReason]) -> list[str]:
    """Each reason with its count, as a text."""
    words = words_of("sources")
    return [
        words.text(
            "reason.invalid" if reason.field else "reason.rejected",
            field=reason.field,
            reason=reason.reason,
            count=reason.count,
        )
        for reason in reasons
    ]


def _of_clocks(model: Model, arrival: Arrival) -> Finding:
    """Times in mixed formats; a warning where some have a time zone, others have none, and the
    source declares none either.
    """
    bare = sum(clock.bare for clock in arrival.clocks if clock.unclear)
    days = sum(clock.days for clock in arrival.clocks)
    return finding(
        model,
        "sources.mixed_times",
        bare + days,
        (arrival.source,),
        severity="look" if bare and not arrival.zone else "note",
        owner=arrival.owner,
        source=arrival.source,
        fields=[_formats(clock) for clock in arrival.clocks],
        bare=bare,
        days=days,
        zone=arrival.zone or "UTC",
    )


def _formats(clock: Clocks) -> str:
    """A field with how many of its times are written in each format."""
    words = words_of("sources")
    counts = {"zoned": clock.zoned, "bare": clock.bare, "days": clock.days}
    forms = [words.text(f"times.{form}", count=count) for form, count in counts.items() if count]
    return words.text("times.field", field=clock.field, forms=forms)
