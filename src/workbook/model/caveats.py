"""Caveats, and the numbers that each touches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from workbook.model.dependencies import dependencies_of
from workbook.model.model import Model
from workbook.model.names import dimension_of
from workbook.model.schema import Caveat


@dataclass(frozen=True)
class CaveatScope:
    """A caveat, the metrics it touches, and whether its day has passed."""

    name: str
    caveat: Caveat
    metrics: tuple[str, ...]
    expired: bool


@lru_cache(maxsize=4)  # asked for each metric
def caveats(model: Model) -> tuple[CaveatScope, ...]:
    """Every caveat in the order of the file; it touches a metric that it names, and one that
    depends on what it names.
    """
    part, day = model.documentation, model.project.as_of
    if model.is_open("documentation") or not part.caveats:
        return ()
    below = {name: _below(model, name) for name in (model.metrics.metrics)}
    scopes = []
    for name, caveat in part.caveats.items():
        about = {dimension_of(thing).name for thing in caveat.about}
        touched = tuple(metric for metric, names in below.items() if about & names)
        expired = bool(caveat.until and isinstance(day, dt.date) and caveat.until < day)
        scopes.append(CaveatScope(name, caveat, touched, expired))
    return tuple(scopes)


def _below(model: Model, name: str) -> set[str]:
    """All names under a metric; of one that adds up over a time, also the simple ones of the
    same rows of the same measure.
    """
    known = model.metrics.metrics
    names = dependencies_of(model, [name]).names
    added = {
        (known[name].measure, known[name].filter.strip())
        for name in names & set(known)
        if known[name].type == "cumulative"
    }
    return names | {
        other
        for other, item in known.items()
        if item.type == "simple" and (item.measure, item.filter.strip()) in added
    }


def caveats_of(model: Model, metric: str) -> list[str]:
    """What the caveats say that are in force and touch a metric."""
    return [
        caveat.caveat.says
        for caveat in caveats(model)
        if metric in caveat.metrics and not caveat.expired
    ]
