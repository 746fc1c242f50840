"""Fields whose times have mixed formats: with a time zone, without one, as a date alone."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model

_NONE = "cast('' as varchar)"


@dataclass(frozen=True)
class Clocks:
    """One field of times: how many values bear a zone, a time without a zone, a day without a
    time.
    """

    field: str
    zoned: int
    bare: int
    days: int

    @property
    def unclear(self) -> bool:
        """Whether times with and without a zone stand side by side, so that nobody knows the
        clock of the latter.
        """
        return bool(self.zoned and self.bare)

    @property
    def mixed(self) -> bool:
        """Whether its values are written in more than one way."""
        return sum(map(bool, (self.zoned, self.bare, self.days))) > 1


def clocks_sql(model: Model, source: str, table: str) -> str:
    """SQL of one text that `read_clocks` reads: each field of times and how its values are
    written; '' where there is none.
    """
    fields = [name for name, field in model.fields(source).items() if field.type == "timestamp"]
    if not fields:
        return _NONE
    # `||` nests too deep
    counted = ", ".join(
        f"concat_ws(':', {', '.join([text(name), *_ways(name)])})" for name in fields
    )
    return (
        f"(select concat_ws(chr(10), {counted}) from {quote('raw__' + table)} as raw join"
        f" {quote(table)} as typed on typed._row = raw._row)"
    )


def _ways(name: str) -> list[str]:
    """Counts of values with a zone, without one, and without a time; cells that did not fit are
    none of them.
    """
    written, value = f"trim(raw.{quote(name)})", f"typed.{quote(name)} is not null"
    timed = f"{written} like '%:%'"
    zoned = f"({written} like '%Z' or {written} like '%+%' or substr({written}, 12) like '%-%')"
    kinds = (f"{timed} and {zoned}", f"{timed} and not {zoned}", f"not {timed}")
    return [f"cast(count(case when {value} and {kind} then 1 end) as varchar)" for kind in kinds]


def read_clocks(counted: str) -> tuple[Clocks, ...]:
    """The fields that are written in several ways."""
    return tuple(clock for clock in _every(counted) if clock.mixed)


def count_naive(counted: str) -> int:
    """How many times are written without a zone, or as a day alone."""
    return sum(clock.bare + clock.days for clock in _every(counted))


def _every(counted: str) -> list[Clocks]:
    parts = [line.rsplit(":", 3) for line in counted.split("\n") if line]
    return [Clocks(name, int(zoned), int(bare), int(days)) for name, zoned, bare, days in parts]
