"""Figures 4b.2 and 4b.5: how many records each customer has, and in which systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from workbook import identity
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.identity_results import MatchResults, entity_label
from workbook.steps.step import Step
from workbook.words.wording import capital

_SINGLE = 8  # groups up to this size have a row of their own
_TOP = 10  # sets of systems of an entity before the rest is summed up


class GroupFigures:
    """The groups of records of every entity that is resolved: each group is one customer."""

    def __init__(self, step: Step, results: MatchResults) -> None:
        self.step, self.model, self.results = step, step.model, results

    # ---- 4b.2

    def sizes(self) -> Figure:
        """Figure 4b.2: how many records a customer has."""
        results = self.results
        rows = [row for name in results.resolved for row in self._sizes(name)]
        columns = self.step.heads(
            "sizes",
            Column("label"),
            Column("bar", " ", "bar", tone="tone"),
            Column("customers", capital(results.things), "int"),
            Column("records", kind="int"),
        )
        frame = frame_for(rows, [*columns, *([Column("entity")] if results.group else [])])
        limits = [
            self.step.text(
                "figures.sizes.limit",
                limit=limit,
                entity=name,
                default=not identity.spec_of(self.model, name).guard.cluster_size,
            )
            for name in results.ruled
            if (limit := results.cluster_size(name))
        ]
        return self.step.figure(
            "sizes",
            table(frame, columns, group=results.group),
            width=5,
            things=results.things,
            either=results.either,
            limits=limits,
            over=sum(row["customers"] for row in rows if row["tone"] == "amber"),
        )

    def _sizes(self, entity: str) -> Iterator[dict[str, Any]]:
        limit = self.results.cluster_size(entity) if entity in self.results.ruled else None
        shelves: dict[tuple[int, str, str], Counter[str]] = {}
        for row in self.results.sizes[entity]:
            shelves.setdefault(self._shelf(row["size"], limit), Counter()).update(
                customers=row["customers"], records=row["records"]
            )
        for (_, label, tone), count in sorted(shelves.items()):
            yield {
                "entity": entity_label(entity),
                "label": label,
                "tone": tone,
                "bar": count["customers"],
                **count,
            }

    def _shelf(self, size: int, limit: int | None) -> tuple[int, str, str]:
        """The row of a number of records: its order, its label and its tone."""
        at = "figures.sizes"
        if limit is not None and size > limit:
            return _SINGLE + 2, self.step.text(f"{at}.over", limit=limit), "amber"
        if size <= _SINGLE:
            return size, f"{size:,}", "d2"
        if limit is None or limit <= _SINGLE:
            return _SINGLE + 1, self.step.text(f"{at}.from", low=_SINGLE + 1), "d2"
        label = self.step.text(f"{at}.up_to", low=_SINGLE + 1, high=limit)
        return _SINGLE + 1, label, "d2"

    # ---- 4b.5

    def seen_in(self) -> Figure:
        """Figure 4b.5: the systems that have a record of each customer."""
        results = self.results
        systems = tuple(
            dict.fromkeys(system for name in results.resolved for system in self._systems(name))
        )
        rows = [row for name in results.resolved for row in self._seen_rows(name, systems)]
        dots = [
            Column(f"at{n}", results.system_label(system), "dot")
            for n, system in enumerate(systems)
        ]
        columns = self.step.heads(
            "seen_in",
            Column("label"),
            *dots,
            Column("customers", capital(results.things), "int"),
            Column("bar", " ", "bar"),
            Column("share", kind="percent"),
        )
        frame = frame_for(rows, [*columns, *([Column("entity")] if results.group else [])])
        shares = [
            self.step.text(
                "figures.seen_in.share",
                count=sum(
                    row["customers"]
                    for row in rows
                    if row["entity"] == entity_label(name) and row["several"]
                ),
                of=results.counts[name]["customers"],
                entity=name,
            )
            for name in results.resolved
            if results.counts[name]["customers"]
        ]
        return self.step.figure(
            "seen_in",
            table(frame, columns, group=results.group),
            things=results.things,
            either=results.either,
            shares=shares,
        )

    def _systems(self, entity: str) -> tuple[str, ...]:
        """The systems that an entity comes from."""
        sources = self.model.entity_sources(entity)
        return tuple(dict.fromkeys(self.model.system_of(source) for source in sources))

    def _seen_rows(self, entity: str, systems: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        own = self._systems(entity)
        found = self.results.rows(identity.cluster_stats.seen_sql(entity, own))
        every = sum(row["customers"] for row in found)
        for row in found[:_TOP]:
            dots = {name: row[f"s{n}"] == 1 for n, name in enumerate(own, start=1)}
            yield {
                "entity": entity_label(entity),
                "label": self.named_set(dots),
                "several": sum(dots.values()) > 1,
                **{f"at{n}": dots.get(name) for n, name in enumerate(systems)},
                "customers": row["customers"],
                "bar": row["customers"],
                "share": row["customers"] / every,
            }
        for several in (True, False):
            rest = sum(
                row["customers"]
                for row in found[_TOP:]
                if (sum(row[f"s{n}"] for n in range(1, len(own) + 1)) > 1) == several
            )
            if rest:
                label = "other_sets" if several else "other_systems"
                yield {
                    "entity": entity_label(entity),
                    "label": self.step.text(f"figures.seen_in.{label}"),
                    "several": several,
                    "customers": rest,
                    "bar": rest,
                    "share": rest / every,
                }

    def named_set(self, dots: Mapping[str, bool]) -> str:
        """The systems that have a record, by their labels; where most of them have, by those
        that have none.
        """
        at = "figures.seen_in"
        seen, unseen = (
            [self.results.system_label(name) for name, has in dots.items() if has is which]
            for which in (True, False)
        )
        if len(seen) == 1:
            return self.step.text(f"{at}.only", system=seen[0])
        if not unseen:
            return self.step.text(f"{at}.all", count=len(seen))
        if len(unseen) < len(seen) - 1:
            return self.step.text(f"{at}.all_except", systems=unseen)
        return self.step.text(f"{at}.several", systems=seen)
