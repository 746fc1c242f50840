"""Intervals on two axes: what was true when, and during which time we believed it.

A fact is known from the moment it was recorded until a newer version of its record replaces it.
Between two moments at which knowledge changes (an epoch) everything known is put in order: the
value whose start is the newest holds, until another starts or its own period ends. Epochs that
say the same are joined, so that one row is one belief about one interval.

The facts of an id fall into blocks: where all that is earlier was settled before anything later
became known, the later cannot change it. Most blocks hold a single fact, whose beliefs follow
from its neighbours; epochs are walked through only in the others. So the cost grows with the
facts, and not with facts times epochs.
"""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.sql_files import filled_sql
from workbook.history.facts import facts_name, value_class
from workbook.history.same_moment import has_chains, same_moment_name, same_moment_table
from workbook.history.sql_time import OPEN, START, STEP, now
from workbook.model import Model
from workbook.model.schema import Kept


def history_name(entity: str, attribute: str) -> str:
    """The table of a kept value's intervals."""
    return f"{entity}__{attribute}__history"


def beliefs_name(entity: str, attribute: str) -> str:
    """The table of everything that was ever believed about a kept value."""
    return f"{entity}__{attribute}__beliefs"


def history_tables(model: Model, name: str, kept: Kept) -> list[Table]:
    """`…__beliefs`: one row per interval and belief, both axes.

    `…__history`: the intervals as we know them at the as-of day.

    Facts recorded after the as-of day are in neither. A history holds at most one row of an id
    at any moment, so that whoever joins it at a moment multiplies nothing; superseded beliefs
    stand apart for that reason.
    """
    entity, _, attribute = name.partition(".")
    classes = {"value": value_class(model, name, kept)}
    beliefs, table = beliefs_name(entity, attribute), history_name(entity, attribute)
    known = f"""select id, value, valid_from, valid_to, recorded_from, recorded_to, source, record,
  valid_from < {now(model)} and valid_to >= {now(model)} as is_current
from {quote(beliefs)}
where recorded_to = {OPEN}"""
    about = f"one interval of {attribute} of one {entity}"
    return [
        *([same_moment_table(entity, attribute)] if has_chains(kept) else []),
        Table(
            beliefs,
            f"{about}, as believed during one time",
            STEP,
            "event",
            ("id", "valid_from", "recorded_from"),
            _beliefs_sql(model, name, kept),
            classes=classes,
        ),
        Table(table, about, STEP, "event", ("id", "valid_from"), known, classes=classes),
    ]


def _beliefs_sql(model: Model, name: str, kept: Kept) -> str:
    """SQL of one row per belief: by the newest start while it runs where values hold for
    periods, else until the next one starts.
    """
    ends = {"now": now(model), "open": OPEN}
    if kept.as_ == "periods":
        versions = _versions_sql(name, chained=False)
        return filled_sql("history/period_beliefs", record_versions=versions, **ends)
    chained = has_chains(kept)
    return filled_sql(
        "history/change_beliefs",
        record_versions=_versions_sql(name, chained=chained),
        place="place" if chained else "",
        start=START,
        **ends,
    )


def _versions_sql(name: str, *, chained: bool) -> str:
    """CTEs of one row per version of a record; `chained` says that changes have a place among
    those of their moment.
    """
    entity, _, attribute = name.partition(".")
    places = quote(same_moment_name(entity, attribute))
    return filled_sql(
        "history/record_versions",
        facts=facts_name(entity, attribute),
        same_moment=f"  left join {places} as o on o._row = f._row" if chained else "",
        place_of_row="coalesce(o.place, 0) as place" if chained else "",
        place="place" if chained else "",
        open=OPEN,
        start=START,
    )
