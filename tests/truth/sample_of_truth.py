"""What is true of the sample, and a workbook open over it."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from workbook import Workbook


@dataclass
class Sample:
    """An open workbook over the sample, and what is true of it."""

    book: Workbook
    truth: Path
    bundled: bool

    @cached_property
    def answers(self) -> dict:
        return json.loads((self.truth / "answers.json").read_text("utf-8"))

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.truth / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def query(self, sql: str) -> list[tuple]:
        return self.book.engine.query(self.book.plan, sql).rows()

    def value(self, metric: str) -> object:
        return self.query(f'select value from "m__{metric}__total"')[0][0]

    def months(self, metric: str) -> dict[str, Decimal]:
        return {month.strftime("%Y-%m"): value for month, value in self.query(f'select month, value from "m__{metric}__month"') if month}
