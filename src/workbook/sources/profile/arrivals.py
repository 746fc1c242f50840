"""What arrived from each source, in one place: records counted twice, cells that did not fit,
keys that do not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.model import Model
from workbook.model.times import declared_zone
from workbook.sources.profile.time_formats import Clocks, count_naive, read_clocks
from workbook.words import number
from workbook.words.wording import humanize

_SEVERAL = 3  # reasons that are said


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
    why: str
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
        """Fail where records were lost, look where something needs a person or nothing came,
        else pass.
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

    @property
    def holds(self) -> str:
        """Whether the key tells the rows apart, in words."""
        said = (
            [
                f"{number.plural(self.repeated, 'row')}"
                f" {'repeats' if self.repeated == 1 else 'repeat'} another's key"
            ]
            if self.repeated
            else []
        )
        said += (
            [f"{number.plural(self.empty, 'row')} {'has' if self.empty == 1 else 'have'} none"]
            if self.empty
            else []
        )
        return " and ".join(said) or ("unique" if self.key else "rows go by their number")


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
    reasons = _reasons(
        [
            {**row, "reason": f"{humanize(row['field'])}: {row['reason']}", "count": row["cells"]}
            for row in bad
        ]
    )
    kinds = _reasons([{**row, "count": row["records"]} for row in rejects])
    rows = {row["source"]: row for row in counted}
    found = []
    for source in model.source_names:
        row, spec = rows[source], model.sources.sources[source]  # type: ignore[union-attr]
        why = ", ".join(word for word in (kinds.get(source), reasons.get(source)) if word)
        repeated, empty = (
            (row["accepted"] - row["empty_keys"] - row["keys"], row["empty_keys"])
            if spec.primary_key
            else (0, 0)
        )
        row_is = spec.row_is or "no row sentence yet"
        found.append(
            Arrival(
                source,
                row_is,
                owner_of(model, source),
                in_file[source],
                row["accepted"],
                row["rejected"],
                row["bad_cells"],
                why,
                spec.primary_key,
                repeated,
                empty,
                read_clocks(row["clocks"]),
                count_naive(row["clocks"]),
                declared_zone(model, source),
            )
        )
    return sorted(found, key=lambda each: ("fail", "look", "pass").index(each.state))


def _reasons(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Per source, the reasons with their counts, the most frequent first."""
    said: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (-row["count"], row["reason"])):
        said.setdefault(row["source"], []).append(f"{row['reason']} ({row['count']:,})")
    return {
        source: (
            ", ".join(words[:_SEVERAL])
            + (f" and {len(words) - _SEVERAL} more" if len(words) > _SEVERAL else "")
        )
        for source, words in said.items()
    }


def owner_of(model: Model, source: str) -> str:
    """Who answers for a source: its own owner, its system's, or that of all sources."""
    part = model.sources
    if part is None:
        return ""
    system = part.systems.get(model.system_of(source))
    return part.sources[source].owner or (system.owner if system else "") or part.owner
