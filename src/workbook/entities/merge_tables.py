"""Merges that a source made itself: which of its records it merged into which, chains followed,
and what nobody can follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from workbook.engine import Function, Table, quote
from workbook.entities.attribute_sql import STEP
from workbook.entities.records import newest
from workbook.model import Model, ResolvedField
from workbook.model.source_merges import Merge
from workbook.model.table_names import table_of
from workbook.model.types.normalise import VERSION as NORMAL_FORMS
from workbook.model.types.normalise import normalise

VERSION = 2
MERGED, CIRCLE, SEVERAL, SURVIVOR = "merged", "circle", "several survivors", "survivor"
MERGES = {
    "record": pl.String,
    "source": pl.String,
    "key": pl.String,
    "compared": pl.String,
    "survivor": pl.String,
    "state": pl.String,
    "stands": pl.String,
    "in_file": pl.Boolean,
}
WHOLE, KEY, NOTHING = "whole", "key", "nothing"


def merge_tables(model: Model, entity: str) -> list[Table]:
    """`<entity>__merges` and the two tables that it is made from; none where no source tells of
    merges.
    """
    told = model.merges(entity)
    if not told:
        return []
    sources = tuple(dict.fromkeys(item.source for item in told))
    claims = Table(
        f"{entity}__merge_claims",
        f"one row of a source that names what was merged into a record of {entity}, or what it was"
        " merged into",
        STEP,
        keys=("told_by", "record", "listed", "others"),
        sql="\nunion\n".join(_claims(model, entity, item) for item in told),
    )
    rows = Table(
        f"{entity}__merge_rows",
        f"one row of a source that tells of merges, whether it meets the condition of {entity} (1,"
        " 0; NULL: nobody knows)",
        STEP,
        keys=("record",),
        sql="\nunion all\n".join(_rows(model, entity, source) for source in sources),
    )
    reads = (claims.name, rows.name)
    numbered = sorted(
        {item.source for item in told if model.field(item.told_by, item.key).type == "integer"}
    )
    methods = {item.source: _key_field(model, item.source).method for item in told}
    columns: dict[str, tuple[str, ...]] = {
        name: tuple(f"{table}.record" for table in reads) for name in MERGES
    }
    function = Function(
        "merges_of_the_source",
        VERSION,
        _call,
        reads,
        {
            "claims": reads[0],
            "rows": reads[1],
            "numbered": numbered,
            "methods": methods,
            "forms": NORMAL_FORMS,
        },
        columns=columns,
    )
    row_is = (
        f"one record of {entity} that its source merged into another, or into which it merged one"
        " that is not in the file"
    )
    return [
        claims,
        rows,
        Table(f"{entity}__merges", row_is, STEP, keys=("record",), function=function),
    ]


def _key_field(model: Model, source: str) -> ResolvedField:
    """The field that is the key of a source whose records were merged."""
    keys = model.sources.sources[source].primary_key
    return model.field(source, keys[0])


def _claims(model: Model, entity: str, merge: Merge) -> str:
    given = (
        f"({newest(model, entity, merge.told_by)}) as newest\nwhere _turn = 1"
        if merge.told_by == merge.source
        else f"{quote(table_of(merge.told_by))}\nwhere true"
    )
    record = f"cast('{merge.source}:' as varchar) || cast({quote(merge.key)} as varchar)"
    return (
        f"select cast('{merge.told_by}' as varchar) as told_by, cast('{merge.source}' "
        f"as varchar) as"
        f" source, {record} as record, {int(merge.listed)} as listed,\n"
        f"  cast({quote(merge.field)} as"
        f" varchar) as others\nfrom {given} and {quote(merge.field)} is not null and"
        f" {quote(merge.key)} is not null"
    )


def _rows(model: Model, entity: str, source: str) -> str:
    met = "_met" if model.where(entity, source) else "1"
    return (
        f"select _key as record, {met} as met\nfrom ({newest(model, entity, source)}) as"
        " newest\nwhere _turn = 1"
    )


def _call(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    claims, rows, numbered = inputs[params["claims"]], inputs[params["rows"]], params["numbered"]
    source = dict(claims.select("record", "source").iter_rows())
    into: dict[str, set[str]] = {}
    for record, listed, others in claims.select("record", "listed", "others").iter_rows():
        for key in keys_in(others, numbers=source[record] in numbered):
            other = f"{source[record]}:{key}"
            loser, winner = (other, record) if listed else (record, other)
            source.setdefault(other, source[record])
            if loser != winner:
                into.setdefault(loser, set()).add(winner)
    named = {*into, *(winner for winners in into.values() for winner in winners)}
    met = dict(
        rows.join(
            pl.DataFrame({"record": sorted(named)}, schema={"record": pl.String}),
            on="record",
            how="semi",
        ).iter_rows()
    )
    results = [
        (record, source[record], record.removeprefix(f"{source[record]}:"), *rest)
        for record, *rest in _resolved(into, met)
    ]
    given = {name: kind for name, kind in MERGES.items() if name != "compared"}
    return _with_keys(pl.DataFrame(results, schema=given, orient="row"), params["methods"])


def _with_keys(merges: pl.DataFrame, methods: Mapping[str, str]) -> pl.DataFrame:
    """Beside each `key`, `compared`: the form by which the type of the source's key compares it."""
    compared = pl.Series([None] * merges.height, dtype=pl.String)
    for source, method in methods.items():
        keys = normalise(merges["key"], method)
        compared = compared.zip_with(merges["source"] != source, keys)
    return merges.with_columns(compared=compared).select(*MERGES)


def keys_in(text: str, *, numbers: bool = False) -> list[str]:
    """The keys in a cell that names one or several; of keys that are whole numbers only those
    that are.

    >>> keys_in("100;200"), keys_in(' ["a1", "a2"] '), keys_in("7")
    (['100', '200'], ['a1', 'a2'], ['7'])
    """
    found = re.findall(r"[^\s;,|\[\]\"']+", text)
    return [str(int(key)) for key in found if re.fullmatch(r"-?[0-9]+", key)] if numbers else found


def _resolved(
    into: Mapping[str, set[str]], met: Mapping[str, int | None]
) -> Iterable[tuple[object, ...]]:
    """One row per record that was merged away, and per survivor that is not in the file:
    record, survivor, state, stands, in_file.

    A record that stands `whole` is one of the entity; of one that stands as `key` only its key
    leads to the survivor, because its row is gone or does not meet the entity's condition.
    `nothing`: the survivor does not meet it.
    """
    ends = _ends(into)
    losers = {record: next(iter(found)) for record, found in ends.items() if len(found) == 1}
    groups: dict[str, list[str]] = {}
    for record, survivor in losers.items():
        groups.setdefault(survivor, []).append(record)
    for survivor, records in groups.items():
        known = survivor in met
        whole = met[survivor] == 1 if known else any(met.get(record) == 1 for record in records)
        for record in records:
            stands = NOTHING if not whole else WHOLE if met.get(record) == 1 else KEY
            yield record, survivor, MERGED, stands, record in met
        if not known:
            yield survivor, survivor, SURVIVOR, KEY if whole else NOTHING, False
    for record, found in ends.items():
        if len(found) > 1:
            yield record, None, SEVERAL, WHOLE if met.get(record) == 1 else NOTHING, record in met
    for circle in _circles(into, {record for record, found in ends.items() if not found}):
        first = next((record for record in circle if met.get(record) == 1), None)
        for record in circle:
            yield (
                record,
                first,
                CIRCLE,
                WHOLE if met.get(record) == 1 else KEY if first else NOTHING,
                record in met,
            )


def _circles(into: Mapping[str, set[str]], records: Iterable[str]) -> Iterable[list[str]]:
    """Records that were merged into one another: each circle, with what leads into it, sorted."""
    beside: dict[str, set[str]] = {record: set() for record in records}
    for record, others in beside.items():
        for other in into[record] & beside.keys():
            others.add(other)
            beside[other].add(record)
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in sorted(beside):
        group, waiting = [], [start]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                group.append(here)
                waiting += beside[here]
        found += [sorted(group)] if group else []
    return found


def _ends(into: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Of each record that was merged away the records at which its chains end: none in a
    circle, several where the source contradicts itself.
    """
    ends: dict[str, set[str]] = {}
    for start in sorted(into):
        path: list[str] = [start]
        on_path = {start}
        while path:
            here = path[-1]
            waiting = [
                item
                for item in sorted(into[here])
                if item in into and item not in ends and item not in on_path
            ]
            if waiting:
                path.append(waiting[0])
                on_path.add(waiting[0])
                continue
            ends[here] = {
                end
                for item in into[here]
                for end in (ends.get(item, set()) if item in into else {item})
            }
            on_path.discard(path.pop())
    return ends
