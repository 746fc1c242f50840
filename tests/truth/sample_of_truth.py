"""What is true of the sample, and a workbook open over it."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import polars as pl
from true_numbers import Numbers
from true_world import World

from workbook import Workbook, metrics
from workbook.engine import Function, Plan, Table

ENTITIES = ("account", "user")


@dataclass
class Sample:
    """An open workbook over the sample, and what is true of it."""

    book: Workbook
    truth: Path
    bundled: bool
    plan: Plan

    @cached_property
    def answers(self) -> dict:
        return json.loads((self.truth / "answers.json").read_text("utf-8"))

    @cached_property
    def world(self) -> World:
        return World(self.truth, Path(self.book.model.data_root))

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.world)

    @cached_property
    def known(self) -> Sample:
        """The same under perfect identity: whose each record is, as the truth says; nothing
        else is told.
        """
        whose = pl.read_csv(self.truth / "records.csv", columns=["record", "true_id"])
        told = {f"{entity}__clusters": _told(entity, whose) for entity in ENTITIES}
        sample = Sample(
            self.book,
            self.truth,
            self.bundled,
            Plan([told.get(table.name, table) for table in self.plan.tables.values()]),
        )
        sample.world, sample.numbers = self.world, self.numbers
        return sample

    @cached_property
    def apart(self) -> dict[str, int]:
        """True customers of whom the rules found more than one, and how many too many."""
        return {who: len(ids) - 1 for who, ids in self._ids.items() if len(ids) > 1}

    @cached_property
    def who(self) -> dict[str, str]:
        """The true customer behind every id; no id stands for two."""
        found = {identifier: who for who, ids in self._ids.items() for identifier in ids}
        assert len(found) == sum(len(ids) for ids in self._ids.values())
        return found

    @cached_property
    def _ids(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for entity in ENTITIES:
            for record, identifier in self.query(f"select record, id from {entity}__clusters"):
                found.setdefault(self.world.whose[record], set()).add(identifier)
        return found

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.truth / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def query(self, sql: str) -> list[tuple]:
        return self.book.engine.query(self.plan, sql).rows()

    def value(self, metric: str) -> object:
        return self.query(f'select value from "m__{metric}__total"')[0][0]

    def months(self, metric: str) -> dict[str, Decimal]:
        return {
            month.strftime("%Y-%m"): value
            for month, value in self.query(f'select month, value from "m__{metric}__month"')
            if month
        }

    def periods(self, metric: str, grain: str) -> dict[dt.date, Decimal]:
        return {
            start: value
            for start, value in self.query(f'select {grain}, value from "m__{metric}__{grain}"')
            if start
        }

    def segments_of_months(self, metric: str, dimension: str) -> dict[tuple[str, str], Decimal]:
        """By month and segment; of rows without a date there is none."""
        found = self.query(
            f'select month, segment, value from "{metrics.segment_table(metric, dimension)}__month"'
        )
        return {
            (month.strftime("%Y-%m"), segment): value for month, segment, value in found if month
        }

    def segments(self, metric: str, dimension: str) -> dict[str, Decimal]:
        return dict(
            self.query(f'select segment, value from "{metrics.segment_table(metric, dimension)}"')
        )

    def holds(self, entity: str, rule: str) -> Counter[str]:
        """For whom a rule holds: true customers (each as often as we found them), or the keys
        of records.
        """
        ids = [
            identifier
            for (identifier,) in self.query(f"select id from {entity}__rule__{rule} where holds")
        ]
        if entity not in ENTITIES:
            return Counter(identifier.rpartition(":")[2] for identifier in ids)
        return Counter(
            ids
            if set(ids) <= set(self.world.whose.values())
            else (self.who[identifier] for identifier in ids)
        )


def _told(entity: str, whose: pl.DataFrame) -> Table:
    def call(inputs, params):
        return (
            inputs[f"{entity}__records"]
            .select(record="_record")
            .join(whose, on="record")
            .select("record", id="true_id")
        )

    function = Function(
        "told", 1, call, (f"{entity}__records",), {"whose": str(whose.hash_rows().sum())}
    )
    return Table(
        f"{entity}__clusters",
        "one record and whose it truly is",
        "test",
        keys=("record",),
        function=function,
    )
