"""How well each identifier is filled in each place that holds it, and how often one value
stands on several records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.model import FieldRef, Model
from workbook.sources.profile.identifiers import home, places


@dataclass(frozen=True)
class IdentifierCoverage:
    """An identifier in one place: rows of the source, rows that hold a value, different values,
    values on several rows.
    """

    identifier: str
    ref: FieldRef
    turn: int
    rows: int
    filled: int = 0
    distinct: int = 0
    shared: int = 0
    shared_records: int = 0
    most: int = 0

    @property
    def share(self) -> float | None:
        """The share of rows that hold a value."""
        return self.filled / self.rows if self.rows else None


def held(
    model: Model, rows: Mapping[str, int], coverage: Iterable[Mapping[str, Any]]
) -> list[IdentifierCoverage]:
    """Every place of every identifier, in the order of the model; `rows` are the accepted rows
    of each source.
    """
    found = {(row["identifier"], row["source"], row["field"]): row for row in coverage}
    made = []
    for name, refs in places(model).items():
        for turn, ref in enumerate(refs, 1):
            row = found.get((name, ref.source, ref.field))
            counts = (
                (
                    row["filled"],
                    row["distinct_values"],
                    row["shared_values"],
                    row["shared_records"],
                    row["most"],
                )
                if row
                else ()
            )
            made.append(IdentifierCoverage(name, ref, turn, rows[ref.source], *counts))
    return made


def loose(model: Model, every: Iterable[IdentifierCoverage]) -> list[IdentifierCoverage]:
    """Places of identifiers that are the key of no source, in sources of things: in events and
    periods a repeat is normal.
    """
    happening = {name for name, spec in (model.sources.sources).items() if spec.valid}
    return [
        each
        for each in every
        if each.ref.source not in happening and home(model, each.identifier) is None
    ]
