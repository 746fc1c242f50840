"""Sources of a model by name: their fields with all that a type brings, their dialect."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from workbook.model.decided_parts import Parts
from workbook.model.decimals import RATE_PLACES
from workbook.model.names import ResolvedField, resolve
from workbook.model.schema import Dialect


class SourceLookup(Parts):
    """Looks up sources and fields."""

    @cached_property
    def source_names(self) -> tuple[str, ...]:
        """Every source as `system.table`, in the order of the file."""
        return tuple(self.sources.sources)

    def system_of(self, source: str) -> str:
        """The system of a source: its first word."""
        return source.partition(".")[0]

    def field(self, source: str, name: str) -> ResolvedField:
        """A field of a source with all that its type brings."""
        return self.fields(source)[name]

    def fields(self, source: str) -> dict[str, ResolvedField]:
        """Every declared field of a source, in order; a source that nobody declares has none."""
        return self._fields.get(source, {})

    @cached_property
    def _fields(self) -> dict[str, dict[str, ResolvedField]]:
        section = self.sources
        fields = {
            source: {
                name: resolve(section, source, name, self.project.region) for name in spec.fields
            }
            for source, spec in section.sources.items()
        }
        currency = self.metrics.currency if not self.is_open("metrics") else None
        source, _, name = currency.rates.rpartition(".") if currency else ("", "", "")
        if (
            (rate := fields.get(source, {}).get(name))
            and rate.type == "decimal"
            and rate.decimals is None
        ):
            # six would round a small one away
            fields[source][name] = replace(rate, decimals=RATE_PLACES, places=RATE_PLACES)
        return fields

    def dialect(self, source: str) -> Dialect:
        """How the source's file is written: its own dialect, its system's, or the default."""
        section = self.sources
        system = section.systems.get(self.system_of(source))
        name = section.sources[source].dialect or (system.dialect if system else "default")
        return section.dialects.get(name) or section.dialects.get("default") or Dialect()
