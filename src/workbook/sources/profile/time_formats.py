"""Fields whose times are written in several ways: with a zone, without one, as a day alone.

Each is defined, and said.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.words import number
from workbook.words.wording import humanize

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

    @property
    def said(self) -> str:
        """How its values are written, in words."""
        ways = (
            (self.zoned, "with a zone"),
            (self.bare, "without a zone"),
            (self.days, "as a day alone"),
        )
        return f"{humanize(self.field)} " + ", ".join(
            f"{number.integer(count)} {way}" for count, way in ways if count
        )


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


def read_clocks(told: str) -> tuple[Clocks, ...]:
    """The fields that are written in several ways."""
    return tuple(each for each in _every(told) if each.mixed)


def count_naive(told: str) -> int:
    """How many times are written without a zone, or as a day alone."""
    return sum(each.bare + each.days for each in _every(told))


def _every(told: str) -> list[Clocks]:
    parts = [each.rsplit(":", 3) for each in told.split("\n") if each]
    return [Clocks(name, int(zoned), int(bare), int(days)) for name, zoned, bare, days in parts]
