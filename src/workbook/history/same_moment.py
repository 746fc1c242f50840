"""Changes of one moment in the order that their old and new values give: lead → trial, then
trial → customer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from workbook.engine import Function, Table
from workbook.history.facts import facts_name
from workbook.history.sql_time import STEP
from workbook.model.schema import Kept

VERSION = 1
Change = tuple[Any, Any]  # the value before, the value after
_READ = ("_row", "id", "value", "value_before", "valid_from", "recorded", "trouble")


def has_chains(kept: Kept) -> bool:
    """Whether the source says what each value replaced, so that changes of one moment have an
    order.
    """
    return kept.as_ == "changes" and bool(kept.before)


def same_moment_name(entity: str, attribute: str) -> str:
    """The table of the order of changes of one moment."""
    return f"{entity}__{attribute}__same_moment"


def same_moment_table(entity: str, attribute: str) -> Table:
    """`<entity>__<attribute>__same_moment`: one row per change that shares its moment with
    another.
    """
    facts = facts_name(entity, attribute)
    columns = {"_row": (f"{facts}._row",), "place": (f"{facts}.value", f"{facts}.value_before")}
    only = {facts: _READ}
    function = Function(
        "order_of_changes", VERSION, _places, (facts,), {"facts": facts}, columns=columns, only=only
    )
    row_is = (
        f"one change of {attribute} that shares its moment with another, and its place among them"
    )
    return Table(
        same_moment_name(entity, attribute), row_is, STEP, "evidence", ("_row",), function=function
    )


def chain(changes: Sequence[Change], held: Any) -> list[int]:
    """The order of changes of one moment: each begins with the value that the one before it
    ends with.

    `held` is the value before the moment, None where none is known. Every change is used once
    (an Eulerian trail, after Hierholzer); what cannot be connected follows in the order given.

    >>> chain([("trial", "customer"), ("lead", "trial")], None)
    [1, 0]
    >>> chain([("churned", "customer"), ("customer", "churned")], "customer")
    [1, 0]
    """
    left: dict[Any, list[int]] = defaultdict(list)
    for number in reversed(range(len(changes))):
        left[changes[number][0]].append(number)
    order: list[int] = []
    while len(order) < len(changes):
        trail = _trail(changes, left, _start(changes, left, held))
        order += trail
        held = changes[trail[-1]][1]
    return order


def _connected(changes: Sequence[Change], held: Any) -> bool:
    """Whether old and new values say anything of the order: one begins where another, or the
    past, ends.
    """
    ends = {after for _, after in changes} | {held}
    return any(
        before is not None and before in ends and before != after for before, after in changes
    )


def _start(changes: Sequence[Change], left: Mapping[Any, list[int]], held: Any) -> Any:
    """The value that a trail begins with: what held, else one that no change leads to, else the
    first.
    """
    if left.get(held):
        return held
    open_ = sorted(number for numbers in left.values() for number in numbers)
    entered: dict[Any, int] = defaultdict(int)
    for number in open_:
        entered[changes[number][1]] += 1
    loose = [
        number for number in open_ if len(left[changes[number][0]]) > entered[changes[number][0]]
    ]
    return changes[(loose or open_)[0]][0]


def _trail(changes: Sequence[Change], left: Mapping[Any, list[int]], start: Any) -> list[int]:
    """A trail from a value along changes that are left, each taken away as it is used."""
    stack: list[tuple[Any, int | None]] = [(start, None)]
    trail: list[int] = []
    while stack:
        value, came = stack[-1]
        if left.get(value):
            number = left[value].pop()
            stack.append((changes[number][1], number))
        else:
            stack.pop()
            if came is not None:
                trail.append(came)
    return trail[::-1]


def _places(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    facts = inputs[params["facts"]].filter((pl.col("trouble") == "") & pl.col("id").is_not_null())
    several = facts.filter(pl.len().over("id", "valid_from", "recorded") > 1)
    known = facts.join(several.select("id").unique(), on="id", how="semi").sort(
        "id", "valid_from", "recorded", "_row", nulls_last=False
    )
    rows = list(
        _ordered(
            known.select(
                "id", "valid_from", "recorded", "_row", "value_before", "value"
            ).iter_rows()
        )
    )
    return pl.DataFrame(rows, schema={"_row": pl.Int64, "place": pl.Int64}, orient="row").sort(
        "_row"
    )


def _ordered(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[int, int]]:
    """The place of each change that shares id, moment and time of record with another, over
    rows in that order.
    """
    groups: dict[tuple[Any, ...], list[tuple[int, Any, Any]]] = {}
    for owner, moment, recorded, row, before, after in rows:
        groups.setdefault((owner, moment, recorded), []).append((row, before, after))
    held: dict[Any, Any] = {}
    for (owner, _, _), found in groups.items():
        found.sort(key=lambda item: (str(item[1]), str(item[2]), item[0]))
        changes = [(before, after) for _, before, after in found]
        known = len(found) > 1 and _connected(changes, held.get(owner))
        order = chain(changes, held.get(owner)) if known else list(range(len(found)))
        held[owner] = (
            max(changes, key=lambda change: str(change[1]))[1]
            if not known
            else changes[order[-1]][1]
        )
        if known:
            yield from ((found[number][0], place) for place, number in enumerate(order, start=1))
