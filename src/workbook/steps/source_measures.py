"""What is measured of the sources: loads, ages, identifiers, the trace, classifications."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from workbook.engine import records_in, undeclared_columns
from workbook.model.table_names import NEWEST
from workbook.sources import profile
from workbook.steps.step import Step


class SourceMeasures(Step):
    """The measurements that the figures and findings of page 03 share."""

    word = "sources"

    @cached_property
    def arrived(self) -> list[profile.Arrival]:
        """Every source as it was loaded, problems first."""
        if not self.model.source_names:
            return []
        in_file = {source: records_in(spec) for source, spec in profile.specs(self.model).items()}
        counts, bad, rejects = (
            self._rows(ask(self.model))
            for ask in (profile.counts_sql, profile.bad_sql, profile.reject_sql)
        )
        return profile.arrivals(self.model, counts, in_file, bad, rejects)

    @cached_property
    def ages(self) -> list[profile.Age]:
        """How old each source's newest fact is."""
        as_of = self.model.project.as_of
        if not isinstance(as_of, dt.date):
            return []
        newest = {
            row["source"]: (row["newest"], row["later"])
            for row in self._rows(profile.newest_sql(self.model, as_of))
        }
        believed = self.context.frame(NEWEST)["day"][0] if self.context.has(NEWEST) else None
        return profile.ages(self.model, as_of, newest, believed)

    @cached_property
    def held(self) -> list[profile.IdentifierCoverage]:
        """The coverage of every identifier in every field that contains it."""
        rows = {arrival.source: arrival.accepted for arrival in self.arrived}
        if not self.context.has(profile.VALUES):
            return []
        return profile.held(self.model, rows, self._rows(profile.coverage_sql(self.model)))

    @cached_property
    def spread(self) -> dict[str, dict[int, int]]:
        """Of each identifier how many values occur in one source, in two, and so on."""
        found: dict[str, dict[int, int]] = {name: {} for name in profile.places(self.model)}
        for row in self.context.query(profile.SPREAD).sort("identifier", "sources").to_dicts():
            found[row["identifier"]][row["sources"]] = row["distinct_values"]
        return found

    @cached_property
    def legs(self) -> list[profile.Leg]:
        """The steps of the trace, with what was found at each."""
        every = profile.stops(self.model)
        return profile.legs(every, self._rows(profile.measure_sql(every))) if every else []

    @cached_property
    def classes(self) -> list[profile.Classified]:
        """The privacy classes of every source's fields."""
        return profile.classified(
            self.model,
            {
                source: undeclared_columns(spec)
                for source, spec in profile.specs(self.model).items()
            },
        )

    @cached_property
    def newest_facts(self) -> list[profile.Newest]:
        """The newest fact of each source; none where nothing is dated."""
        if not self.context.has(NEWEST):
            return []
        return list(profile.newest(self.model, self._rows(profile.newest_facts_sql())))

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        return self.context.query(sql).to_dicts() if sql else []
