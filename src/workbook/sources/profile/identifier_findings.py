"""Findings about identifiers: where the trace loses them, and which of their values are shared."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.finding import Finding
from workbook.model import Model
from workbook.sources.profile.identifier_coverage import IdentifierCoverage
from workbook.sources.profile.trace_stops import Leg
from workbook.words import finding, words_of


def of_trace(model: Model, legs: Sequence[Leg]) -> list[Finding]:
    """Where identifiers that are traced from the first system to the last are lost."""
    part = model.sources
    if len(legs) < 2 or model.is_open("sources") or legs[0].start == legs[-1].unbroken:
        return []
    start, traced = legs[0].start, legs[-1].unbroken
    worst = max(legs[1:], key=lambda leg: leg.ended)
    return [
        finding(
            model,
            "sources.trace_breaks",
            start - traced,
            tuple(part.trace),
            start=start,
            traced=traced,
            identifier=legs[0].stop.identifier,
            system=legs[0].stop.name,
            last=legs[-1].stop.name,
            worst=worst.stop.name,
            lost=worst.ended,
            without_key=" ".join(without_key(legs)),
        )
    ]


def without_key(legs: Sequence[Leg]) -> list[str]:
    """A sentence for each step that shares no key of the trace with those before it."""
    words = words_of("sources")
    return [
        words.text("lede.no_key", step=leg.stop.name, identifiers=leg.stop.by)
        if leg.stop.by
        else words.text("lede.no_identifier", step=leg.stop.name)
        for leg in legs
        if not leg.stop.key_shared
    ]


def of_shared(model: Model, loose: Sequence[IdentifierCoverage]) -> list[Finding]:
    """Strong identifiers of which values stand on several records of one source."""
    found = []
    for name, spec in (model.sources.identifiers).items():
        shared = [place for place in loose if place.identifier == name and place.shared]
        if shared and spec.strength == "strong":
            worst = max(shared, key=lambda place: place.most)
            found.append(
                finding(
                    model,
                    "sources.shared_values",
                    sum(place.shared for place in shared),
                    (name,),
                    owner=model.owner_of("sources", "identifiers", name),
                    identifier=name,
                    most=worst.most,
                    source=worst.ref.source,
                )
            )
    return found
