"""What was loaded of each source: records counted twice, invalid values with their reasons, keys
that are not unique.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.model import Model
from workbook.model.times import declared_zone
from workbook.sources.profile.mixed_times import Clocks, count_naive, read_clocks


@dataclass(frozen=True)
class RejectionReason:
    """Why so many records were rejected, or so many values of a field are invalid."""

    reason: str
    count: int
    field: str = ""


@dataclass(frozen=True)
class Arrival:
    """One source as it arrived; `read` was counted from the file's bytes, the rest in the
    tables made of it.
    """

    source: str
    row_is: str
    owner: str
    read: int
    accepted: int
    rejected: int
    bad: int
    rejections: tuple[RejectionReason, ...]
    invalid_values: tuple[RejectionReason, ...]
    key: tuple[str, ...]
    repeated: int
    empty: int
    clocks: tuple[Clocks, ...] = ()
    naive: int = 0  # times without a zone
    zone: str = ""  # the zone in which those are read; '' where none is declared

    @property
    def lost(self) -> int:
        """Records that were neither accepted nor rejected; always 0 unless the reader is wrong."""
        return abs(self.read - self.accepted - self.rejected)

    @property
    def state(self) -> str:
        """Fail where records were lost; look where records or values are invalid, the key is
        not sound or nothing came; else pass.
        """
        return (
            "fail"
            if self.lost
            else (
                "look"
                if not self.read
                or self.rejected
                or self.bad
                or self.repeated
                or self.empty
                or not self.key
                else "pass"
            )
        )


def arrivals(
    model: Model,
    counted: Iterable[Mapping[str, Any]],
    in_file: Mapping[str, int],
    bad: Iterable[Mapping[str, Any]],
    rejects: Iterable[Mapping[str, Any]],
) -> list[Arrival]:
    """Every source, trouble first: from the answers to `counts_sql`, `bad_sql` and
    `reject_sql`, and the records in the files.
    """
    invalid_values = _reasons(bad, "cells")
    rejections = _reasons(rejects, "records")
    rows = {row["source"]: row for row in counted}
    found = []
    for source in model.source_names:
        row, spec = rows[source], model.sources.sources[source]
        repeated, empty = (
            (row["accepted"] - row["empty_keys"] - row["keys"], row["empty_keys"])
            if spec.primary_key
            else (0, 0)
        )
        found.append(
            Arrival(
                source,
                spec.row_is or "",
                owner_of(model, source),
                in_file[source],
                row["accepted"],
                row["rejected"],
                row["bad_cells"],
                rejections.get(source, ()),
                invalid_values.get(source, ()),
                spec.primary_key,
                repeated,
                empty,
                read_clocks(row["clocks"]),
                count_naive(row["clocks"]),
                declared_zone(model, source),
            )
        )
    return sorted(found, key=lambda each: ("fail", "look", "pass").index(each.state))


def _reasons(
    rows: Iterable[Mapping[str, Any]], count: str
) -> dict[str, tuple[RejectionReason, ...]]:
    """Per source, the reasons with their counts, the most frequent first."""
    found: dict[str, list[RejectionReason]] = {}
    for row in rows:
        found.setdefault(row["source"], []).append(
            RejectionReason(row["reason"], row[count], row.get("field", ""))
        )
    return {
        source: tuple(
            sorted(reasons, key=lambda reason: (-reason.count, reason.field, reason.reason))
        )
        for source, reasons in found.items()
    }


def owner_of(model: Model, source: str) -> str:
    """Who answers for a source: its own owner, its system's, or that of all sources."""
    part = model.sources
    if model.is_open("sources"):
        return ""
    system = part.systems.get(model.system_of(source))
    return part.sources[source].owner or (system.owner if system else "") or part.owner
