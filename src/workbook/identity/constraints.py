"""Never-merge keys and rejected pairs: inside groups that hold a conflict, links are taken one
by one, in order.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from workbook.identity.compared_values import compared_keys
from workbook.identity.connected_components import grouped
from workbook.identity.list_comparison import VALUE
from workbook.identity.match_reasons import REVIEWED, two_values, value_of_two
from workbook.identity.match_rules import DECISION, PROPOSED
from workbook.words.wording import humanize

VERSION = 8
NEVER_MERGE, REVIEW = "never-merge key", "review"
SETTLED = {
    "rank": pl.Int64,
    "left_number": pl.Int64,
    "right_number": pl.Int64,
    "records": pl.Int64,
    "rule": pl.String,
    "version": pl.String,
    "by": pl.String,
    "evidence": pl.String,
    "accepted": pl.Boolean,
    "stopped_by": pl.String,
    "reason": pl.String,
}


@dataclass(frozen=True, order=True)
class Link:
    """One link of two numbered records as it waits for its turn: pairs that a person joined,
    then rank, lower record, higher record.
    """

    turn: int
    rank: int
    left: int
    right: int
    records: int | None
    rule: str | None
    version: str | None
    by: str | None
    evidence: str | None
    hub: int  # the lowest record of the value: names the value within its rule
    value: int  # with lists, which of that record's values it is
    star: bool = True  # a rule's link, one of a value's star; people's links stand each for itself

    @property
    def place(self) -> tuple[int, ...]:
        """The value whose star it belongs to."""
        return self.rank, self.hub, self.value


def apply_constraints(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per link of every group that holds a conflict: accepted, or refused with the reason.

    A group holds a conflict where it would join two values of a never-merge attribute, or a
    pair that a person told apart. A pair that a person joined goes before every rule: what
    contradicts it is refused. A value whose own records hold two never-merge values is refused
    as a whole: nobody knows on which side its other records belong. Where a record may not join
    the first of its value, it may still join the next one. Links ranked after the number of
    `rules` people made: each stands for itself.
    """
    proposed, values, decisions = (
        inputs[params[word]] for word in ("proposed", "values", "decisions")
    )
    apart = decisions.filter(
        pl.col("stands") & (pl.col("verdict") == "different") & (pl.col("kind") == "pair")
    ).select("left_record", "right_record")
    if proposed.is_empty() or not (params["never_merge"] or apart.height):
        return pl.DataFrame(schema=SETTLED)
    here, held, apart = _in_conflict(proposed, values, params["never_merge"], apart)
    value = pl.col(VALUE) if VALUE in here.columns else pl.lit(1, dtype=pl.Int64)
    columns = here.select(*PROPOSED, hub="left_number", value=value)
    links = [Link(1, *row) for row in columns.iter_rows()]
    links = [replace(link, turn=0) if link.rule == DECISION else link for link in links]
    links = [replace(link, star=0 < link.rank <= params.get("rules", link.rank)) for link in links]
    own: dict[int, dict[str, str]] = defaultdict(dict)
    said = params.get("said", {})
    for number, attribute, value in held.select("number", "attribute", "value").iter_rows():
        own[number][said.get(attribute, attribute)] = value
    settling = _Settling(own, apart.rows())
    told = pl.DataFrame(list(settling.settle(links)), schema=SETTLED, orient="row")
    return _once(told) if VALUE in proposed.columns else told


def _once(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per rule and pair: of several shared values of a list one that links is enough."""
    best = frame.sort("accepted", descending=True, maintain_order=True)
    return best.unique(["rank", "left_number", "right_number"], keep="first", maintain_order=True)


def never_merged(values: pl.DataFrame, attributes: Iterable[str]) -> pl.DataFrame:
    """One row per record and never-merge value that it holds: number, record, attribute, value."""
    parts = [
        values.select(
            "number", "record", attribute=pl.lit(name), value=compared_keys(values, name)
        ).drop_nulls()
        for name in attributes
    ]
    return (
        pl.concat(parts)
        if parts
        else pl.DataFrame(
            schema={
                "number": pl.Int64,
                "record": pl.String,
                "attribute": pl.String,
                "value": pl.String,
            }
        )
    )


def _in_conflict(
    proposed: pl.DataFrame, values: pl.DataFrame, never_merge: Iterable[str], apart: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The links of groups that hold a conflict, the never-merge values in them, and the pairs
    told apart, as numbers.
    """
    root = pl.Series(
        "root", grouped(values.height, proposed["left_number"], proposed["right_number"]).labels
    )
    held = never_merged(values, never_merge)
    several = _of_several([held.filter(attribute=name) for name in never_merge], root)
    pairs = _numbered(apart, values)
    meeting = (
        root.gather(pairs["left"] - 1)
        .to_frame()
        .filter(root.gather(pairs["left"] - 1) == root.gather(pairs["right"] - 1))
    )
    here = root.is_in(pl.concat([several, meeting["root"]]).unique().implode())
    return (
        proposed.filter(here.gather(proposed["left_number"] - 1)),
        never_merged(values.filter(here), never_merge),
        pairs,
    )


def _of_several(held: Iterable[pl.DataFrame], root: pl.Series) -> pl.Series:
    """The groups that hold two values of one attribute: a record in them has another than the
    first that has any. `held` is by attribute.
    """
    import numpy as np

    found = [root.clear()]
    for part in held:
        mine = root.gather(part["number"] - 1)
        first = np.zeros(len(root), dtype=np.int64)
        # of several the one written last, the first, stays
        first[mine.to_numpy()[::-1]] = np.arange(part.height)[::-1]
        found.append(mine.filter(part["value"] != part["value"].gather(first[mine.to_numpy()])))
    return pl.concat(found)


def _numbered(pairs: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Pairs of records that are both there as pairs of numbers: left, right."""
    named = pl.concat([pairs["left_record"], pairs["right_record"]]).unique().to_frame("record")
    numbers = values.select("record", "number").join(named, on="record", how="semi")
    left = pairs.join(numbers.rename({"number": "left"}), left_on="left_record", right_on="record")
    return left.join(
        numbers.rename({"number": "right"}), left_on="right_record", right_on="record"
    ).select("left", "right")


class _Settling:
    """Groups as they grow, each with the values that it holds and the records that it must not
    meet.
    """

    def __init__(
        self, values: Mapping[int, Mapping[str, str]], apart: Iterable[tuple[int, ...]]
    ) -> None:
        self._own = values
        self._parent: dict[int, int] = {}
        self._values: dict[int, dict[str, str]] = {
            record: dict(held) for record, held in values.items()
        }
        self._enemies: dict[int, set[int]] = defaultdict(set)
        for left, right in apart:
            self._enemies[left].add(right)
            self._enemies[right].add(left)

    def settle(self, links: list[Link]) -> Iterator[tuple[object, ...]]:
        """What becomes of each link, in their order."""
        torn = self._torn(links)
        waiting = [link for link in links if link.place not in torn]
        yield from (
            _row(link, (NEVER_MERGE, torn[link.place])) for link in links if link.place in torn
        )
        heapq.heapify(waiting)
        next_hub: dict[tuple[int, ...], int] = {}
        while waiting:
            link = heapq.heappop(waiting)
            refusal = self._join(link.left, link.right)
            yield _row(link, refusal)
            if refusal and link.star:
                hub = next_hub.setdefault((*link.place, link.left), link.right)
                if hub != link.right:  # the first that was refused gathers those refused after it
                    heapq.heappush(waiting, replace(link, left=hub))

    def _torn(self, links: Iterable[Link]) -> dict[tuple[int, ...], str]:
        """Values of rules whose own records hold two never-merge values, with the reason."""
        found: dict[tuple[int, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for link in links:
            if link.star:
                for record in (link.left, link.right):
                    for attribute, value in self._own.get(record, {}).items():
                        found[link.place][attribute].add(value)
        torn = {}
        for place, held in found.items():
            several = sorted(attribute for attribute, values in held.items() if len(values) > 1)
            if several:
                torn[place] = value_of_two(humanize(several[0]))
        return torn

    def _join(self, left: int, right: int) -> tuple[str, str] | None:
        """Join two groups, or say who stops it and why."""
        one, other = self._find(left), self._find(right)
        if one == other:
            return None
        mine, theirs = self._values.get(one, {}), self._values.get(other, {})
        clash = sorted(name for name in mine if name in theirs and mine[name] != theirs[name])
        if clash:
            return NEVER_MERGE, two_values(humanize(clash[0]))
        if self._apart(one, other):
            return REVIEW, REVIEWED
        self._parent[other] = one
        if theirs:
            self._values[one] = {**mine, **theirs}
        if self._enemies.get(other):
            self._enemies[one] |= self._enemies[other]
        return None

    def _apart(self, left: int, right: int) -> bool:
        fewer, many = sorted((left, right), key=lambda root: len(self._enemies.get(root, ())))
        return any(self._find(enemy) == many for enemy in self._enemies.get(fewer, ()))

    def _find(self, record: int) -> int:
        root = record
        while (above := self._parent.get(root)) is not None:
            root = above
        while record != root:
            self._parent[record], record = root, self._parent[record]
        return root


def _row(link: Link, refusal: tuple[str, str] | None) -> tuple[object, ...]:
    stopped_by, reason = refusal or (None, None)
    return (
        link.rank,
        link.left,
        link.right,
        link.records,
        link.rule,
        link.version,
        link.by,
        link.evidence,
        refusal is None,
        stopped_by,
        reason,
    )
