"""Never-merge keys and rejected pairs: inside groups that hold a conflict, links are taken one by one, in order."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from workbook.identity.groups import Records

VERSION = 3
NEVER_MERGE, REVIEW = "never-merge key", "review"
SETTLED = {
    "left_record": pl.String,
    "right_record": pl.String,
    "rule": pl.String,
    "rank": pl.Int64,
    "version": pl.String,
    "by": pl.String,
    "evidence": pl.String,
    "accepted": pl.Boolean,
    "stopped_by": pl.String,
    "reason": pl.String,
}


@dataclass(frozen=True, order=True)
class Link:
    """One link as it waits for its turn: in the order of rank, lower key, higher key."""

    rank: int
    left: str
    right: str
    rule: str
    version: str
    by: str
    evidence: str
    hub: str  # the lowest record of the value: names the value within its rule
    star: bool = True  # a rule's link, one of a value's star; people's links stand each for itself


def settled(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    """One row per link of every group that holds a conflict: accepted, or refused with the reason.

    A group holds a conflict where it would join two values of a never-merge attribute, or a pair that a person told
    apart. A value whose own records hold two never-merge values is refused as a whole: nobody knows on which side its
    other records belong. Where a record may not join the first of its value, it may still join the next one. Links
    ranked after the number of `rules` people made: each stands for itself.
    """
    proposed, keys, decisions = (inputs[params[word]] for word in ("proposed", "keys", "decisions"))
    apart = decisions.filter(pl.col("stands") & (pl.col("verdict") == "different") & (pl.col("kind") == "pair")).select("left_record", "right_record")
    held = keys.filter(pl.col("attribute").is_in(list(params["never_merge"])))
    if proposed.is_empty() or (held.is_empty() and apart.is_empty()):
        return pl.DataFrame(schema=SETTLED)
    links, held = _in_conflict(proposed, held, apart)
    links = [replace(link, star=link.rank <= params.get("rules", link.rank)) for link in links]
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for record, attribute, value in held.select("record", "attribute", "value").iter_rows():
        values[record][attribute] = value
    rows = list(_Settling(values, apart.rows()).settle(links))
    return pl.DataFrame(rows, schema=SETTLED, orient="row")


def _in_conflict(proposed: pl.DataFrame, held: pl.DataFrame, apart: pl.DataFrame) -> tuple[list[Link], pl.DataFrame]:
    """The links of groups that hold a conflict, and the never-merge values in them."""
    records = Records(pl.concat([proposed["left_record"], proposed["right_record"]]))
    ends = records.encode(proposed)
    root = pl.DataFrame({"record": records.keys, "root": records.roots(ends["left"], ends["right"])})
    held = held.join(root, on="record")
    several = held.group_by("root", "attribute").agg(pl.col("value").n_unique().alias("n")).filter(pl.col("n") > 1)
    pairs = apart.join(root, left_on="left_record", right_on="record").join(root, left_on="right_record", right_on="record", suffix="_right")
    conflicts = pl.concat([several["root"], pairs.filter(pl.col("root") == pl.col("root_right"))["root"]]).unique()
    here = proposed.join(root, left_on="left_record", right_on="record").filter(pl.col("root").is_in(conflicts.to_list()))
    chosen = here.select("rank", "left_record", "right_record", "rule", "version", "by", "evidence", pl.col("left_record").alias("hub"))
    return [Link(*row) for row in chosen.iter_rows()], held.filter(pl.col("root").is_in(conflicts.to_list()))


class _Settling:
    """Groups as they grow, each with the values that it holds and the records that it must not meet."""

    def __init__(self, values: Mapping[str, Mapping[str, str]], apart: Iterable[tuple[str, str]]) -> None:
        self._own = values
        self._parent: dict[str, str] = {}
        self._values: dict[str, dict[str, str]] = {record: dict(held) for record, held in values.items()}
        self._enemies: dict[str, set[str]] = defaultdict(set)
        for left, right in apart:
            self._enemies[left].add(right)
            self._enemies[right].add(left)

    def settle(self, links: list[Link]) -> Iterator[tuple[object, ...]]:
        """What becomes of each link, in their order."""
        torn = self._torn(links)
        waiting = [link for link in links if (link.rank, link.hub) not in torn]
        yield from (_row(link, (NEVER_MERGE, torn[link.rank, link.hub])) for link in links if (link.rank, link.hub) in torn)
        heapq.heapify(waiting)
        next_hub: dict[tuple[int, str, str], str] = {}
        while waiting:
            link = heapq.heappop(waiting)
            refusal = self._join(link.left, link.right)
            yield _row(link, refusal)
            if refusal and link.star:
                hub = next_hub.setdefault((link.rank, link.hub, link.left), link.right)
                if hub != link.right:  # the first that was refused gathers those refused after it
                    heapq.heappush(waiting, replace(link, left=hub))

    def _torn(self, links: Iterable[Link]) -> dict[tuple[int, str], str]:
        """Values of rules whose own records hold two never-merge values, with the reason."""
        found: dict[tuple[int, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for link in links:
            if link.star:
                for record in (link.left, link.right):
                    for attribute, value in self._own.get(record, {}).items():
                        found[link.rank, link.hub][attribute].add(value)
        torn = {}
        for place, held in found.items():
            several = sorted(attribute for attribute, values in held.items() if len(values) > 1)
            if several:
                torn[place] = f"the value itself stands on two values of {_spoken(several[0])}"
        return torn

    def _join(self, left: str, right: str) -> tuple[str, str] | None:
        """Join two groups, or say who stops it and why."""
        one, other = self._find(left), self._find(right)
        if one == other:
            return None
        mine, theirs = self._values.get(one, {}), self._values.get(other, {})
        clash = sorted(name for name in mine if name in theirs and mine[name] != theirs[name])
        if clash:
            return NEVER_MERGE, f"it would join two values of {_spoken(clash[0])}"
        if self._apart(one, other):
            return REVIEW, "a person said that they are two"
        self._parent[other] = one
        if theirs:
            self._values[one] = {**mine, **theirs}
        if self._enemies.get(other):
            self._enemies[one] |= self._enemies[other]
        return None

    def _apart(self, one: str, other: str) -> bool:
        fewer, many = sorted((one, other), key=lambda root: len(self._enemies.get(root, ())))
        return any(self._find(enemy) == many for enemy in self._enemies.get(fewer, ()))

    def _find(self, record: str) -> str:
        root = record
        while (above := self._parent.get(root)) is not None:
            root = above
        while record != root:
            self._parent[record], record = root, self._parent[record]
        return root


def _spoken(attribute: str) -> str:
    return attribute.replace("_", " ")


def _row(link: Link, refusal: tuple[str, str] | None) -> tuple[object, ...]:
    stopped_by, reason = refusal or (None, None)
    return (link.left, link.right, link.rule, link.rank, link.version, link.by, link.evidence, refusal is None, stopped_by, reason)
