"""Findings of the survivorship page about values that are right one by one and wrong together,
or newest by a job alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from workbook import survivorship as room
from workbook.finding import Finding
from workbook.scenarios.context import Context
from workbook.words import number
from workbook.words.wording import capital, humanize, join_words, truncate_list

PAGE = "05"


def mixed_records(context: Context) -> Iterator[Finding]:
    """Customers with an address put together from several records that disagree."""
    model = context.model
    for entity, parts in room.address_parts(model):
        if not context.has(entity):
            continue
        (row,) = context.query(room.mixed_sql(model, entity, parts)).to_dicts()
        if not row["customers"]:
            continue
        customers = number.plural(row["customers"], humanize(entity))
        sentence = (
            f"{customers} of {number.integer(row['of'])}"
            f" {'has' if row['customers'] == 1 else 'have'} an address put together from several"
            f" records that disagree: {join_words([humanize(name) for name in parts])} are chosen"
            f" one by one. Such an address may not exist. Write `together: {{{entity}:"
            f" [{', '.join(parts)}]}}` in 05_survivorship.yml, the part that decides first."
        )
        owner = model.owner_of("survivorship")
        yield Finding(
            "survivorship.mixed_record",
            "look",
            capital(sentence),
            PAGE,
            row["customers"],
            owner,
            tuple(f"{entity}.{name}" for name in parts),
        )


def touched_nightly(context: Context) -> Iterator[Finding]:
    """Sources of which nearly all records were last written on one or two days, where the
    newest record decides.
    """
    for each in room.deciding_times(context.model):
        if not context.has(each.entity):
            continue
        days = (
            context.query(room.written_days_sql(each.entity))
            .filter(pl.col("source") == each.source)
            .sort(["records", "day"], descending=True)
        )
        records, last = int(days["records"].sum()), days.head(room.DAYS)
        share = int(last["records"].sum()) / records if records else 0.0
        if share < room.NEARLY_ALL:
            continue
        known = _known(context, each)
        if records >= room.ENOUGH or known:
            yield _touched(context, each, records, last, known)


def _known(context: Context, each: room.Rewritten) -> list[str]:
    """The places that date nearly all of the values to long before their records were last
    written, as `dated_by` names them.
    """
    found = []
    for name in (*each.by_rule, *each.by_tie):
        for place in room.known_changes(context.model, each.entity, name, each.source):
            (row,) = context.query(
                room.written_later_sql(context.model, each.entity, place)
            ).to_dicts()
            if row["records"] and row["later"] / row["records"] >= room.NEARLY_ALL:
                found.append(f"{place.log}.{place.field}" if place.in_log else place.field)
    return list(dict.fromkeys(found))


def _touched(
    context: Context, each: room.Rewritten, records: int, last: pl.DataFrame, known: list[str]
) -> Finding:
    source = humanize(each.source.replace(".", "_"))
    days = join_words([number.date(day) for day in sorted(last["day"].to_list())])
    written = int(last["records"].sum())
    said = (
        [f"the newest record decides {join_words([humanize(name) for name in each.by_rule])}"]
        if each.by_rule
        else []
    )
    said += (
        [f"it breaks ties of {join_words([humanize(name) for name in each.by_tie])}"]
        if each.by_tie
        else []
    )
    remedy = (
        f" ({truncate_list(known, 3)} {'seems' if len(known) == 1 else 'seem'} to say)"
        if known
        else ""
    )
    sentence = (
        f"{capital(source)}: {number.integer(written)} of {number.plural(records, 'record')}"
        f" {'was' if written == 1 else 'were'} last written on {days}, as by a job that writes"
        f" every row. Of {humanize(each.entity)}, {' and '.join(said)}, so that an old value may"
        f" look new. Say under `dated_by` in 05_survivorship.yml when a value changed{remedy}."
    )
    owner = context.model.owner_of("survivorship")
    return Finding(
        "survivorship.touched_nightly",
        "look",
        sentence,
        PAGE,
        len(each.fields),
        owner,
        (each.source, *each.fields),
    )
