"""The newest fact of the data: the day that `as_of: latest` means, and dates that lie too far
beyond all others to be believed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.engine import Table, quote
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.model import Model
from workbook.model.fact_sources import dated_by, fact_sources
from workbook.model.table_names import NEWEST, NEWEST_DAYS, table_of
from workbook.model.times import wall_begins

OPEN_END = "cast('9000-01-01' as date)"  # a later date means that there is no end
FAR = 400  # days between a date and all earlier ones, beyond which a handful of rows sets no day
FEW = 100  # a handful: one row of this many
ENOUGH = 10  # rows, below which nothing can be told of them


@dataclass(frozen=True)
class Newest:
    """The newest fact of one source: its day, and rows dated after the newest fact of all that
    is believed.
    """

    source: str
    field: str
    rows: int
    day: dt.date | None
    beyond: int
    furthest: dt.date | None


def newest_tables(model: Model) -> list[Table]:
    """How many facts each source has of each day, and the newest day that is believed; none
    where nothing is dated.
    """
    sources = fact_sources(model)
    if not sources:
        return []
    each = "\nunion all\n".join(_days(model, source) for source in sources)
    found = "one source and a day on which it holds facts, with their number"
    return [
        Table(NEWEST_DAYS, found, "03_sources", keys=("source", "day"), sql=each),
        Table(
            NEWEST,
            "the newest day of a fact in all sources",
            "03_sources",
            keys=(),
            sql=_believed(),
        ),
    ]


def _days(model: Model, source: str) -> str:
    field = dated_by(model, source)
    day = f"cast({wall_begins(model, source, field, quote(field))} as date)"
    return (
        f"select cast({text(source)} as varchar) as source, {day} as day, count(*) as facts\n"
        f"from {quote(table_of(source))}\nwhere {day} < {OPEN_END}\ngroup by {day}"
    )


def _believed() -> str:
    """One row: `day` the newest day that is believed.

    A few rows of a source that lie more than FAR days after all its others are not believed, and a
    source of less than ENOUGH rows not beyond that time after all larger ones.
    """
    return filled_sql("sources/believed_day", days=NEWEST_DAYS, far=FAR, few=FEW, enough=ENOUGH)


def newest_sql() -> str:
    """One row per source of facts: its newest believed day, all its facts, and those beyond
    what is believed.
    """
    rows = (
        f"select d.source, d.day, d.facts, n.day as last from {quote(NEWEST_DAYS)} as d cross join"
        f" {quote(NEWEST)} as n"
    )
    return f"""select source, cast(sum(facts) as bigint) as facts,
  max(case when day <= last then day end) as day,
  cast(coalesce(sum(case when day > last then facts end), 0) as bigint) as beyond,
  max(case when day > last then day end) as furthest
from (
{rows}
) as each group by source order by source"""


def newest(model: Model, rows: list[dict[str, object]]) -> Iterator[Newest]:
    """The answer to `newest_sql`, typed."""
    for row in rows:
        source = str(row["source"])
        yield Newest(
            source,
            dated_by(model, source),
            *(row[name] for name in ("facts", "day", "beyond", "furthest")),
        )  # type: ignore[arg-type]
