"""The trace as it was walked: how many start values reach each stop, and where they end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.sources.profile.trace import Stop


@dataclass(frozen=True)
class Leg:
    """One stop as it was reached.

    `reached` of `start` values lead here, `unbroken` of them by way of every stop before;
    `ended` were unbroken until here. `things` stand here, and nothing led to `only` of them
    (None: nothing can lead here).
    """

    stop: Stop
    start: int
    reached: int
    unbroken: int
    ended: int
    things: int | None = None
    only: int | None = None


def legs(every: tuple[Stop, ...], measured: Iterable[Mapping[str, Any]]) -> list[Leg]:
    """The stops in order, from the answer to `measure_sql`."""
    rows = {row["stop"]: row for row in measured}
    found: list[Leg] = []
    start = before = rows[1]["reached"] if every else 0
    for stop in every:
        row = rows.get(stop.number)
        unbroken = row["unbroken"] if row else 0
        only = row["things"] - row["found"] if row else None
        found.append(
            Leg(
                stop,
                start,
                row["reached"] if row else 0,
                unbroken,
                before - unbroken,
                row["things"] if row else None,
                only,
            )
        )
        before = unbroken
    return found
