"""A project from the text of a case: landed, with the tables that other steps would make, and
all its checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders import SETTINGS, a_project
from checks_plan import compiled, possible

from workbook import checks as room
from workbook import entities
from workbook.checks import Suite, Verdict
from workbook.engine import Engine, Plan, Table, landing_spec, landing_tables
from workbook.model import Model, load_model
from workbook.model.as_of import NO_DATE

STEMS = {
    "grain": "02_grain",
    "sources": "03_sources",
    "entities": "04_entities",
    "identity": "04b_identity",
    "history": "06_history",
    "metrics": "07_metrics",
    "checks": "08_checks",
}


@dataclass
class Case:
    """One project, opened."""

    model: Model
    suite: Suite
    plan: Plan
    engine: Engine

    def row(self, name: str) -> Mapping[str, Any] | None:
        """The one row of a table."""
        return self.engine.frame(self.plan, name).to_dicts()[0] if name in self.plan else None

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Every verdict by the name of its check."""
        return {each.check.name: each for each in room.verdicts(self.model, self.suite, self.row)}

    def failing(self, name: str) -> list[Any]:
        """The rows that fail a check: numbers of the file where there are any, else records."""
        evidence = next(check.evidence for check in self.suite.checks if check.name == name)
        frame = self.engine.frame(self.plan, evidence)
        return sorted(
            row["row"] if row["row"] is not None else row["record"] for row in frame.to_dicts()
        )

    def reasons(self, name: str) -> set[str]:
        """The reasons that a check gives."""
        return set(self.engine.frame(self.plan, f"check__{name}")["reason"])


@pytest.fixture
def a_case(tmp_path: Path) -> Callable[[Mapping[str, Any]], Case]:
    """Opens a case."""

    def build(case: Mapping[str, Any]) -> Case:
        departments = {"sales": "head of sales", "finance": "head of finance"}
        settings = {**SETTINGS, "departments": departments, **case.get("project", {})}
        sources = case["sources"]
        systems = {source.partition(".")[0]: {} for source in sources["sources"]}
        case = {
            **case,
            "sources": {**sources, "systems": {**systems, **sources.get("systems", {})}},
        }
        parts = {step: case[step] for step in STEMS if step in case}
        model = load_model(a_project(tmp_path, case["files"], settings, **parts))
        if model.project.as_of == "latest":
            model = model.at(NO_DATE)  # as a book does where no source is dated
        landed = [
            table
            for source in model.source_names
            for table in landing_tables(source, landing_spec(model, source))
        ]
        made = [
            Table(name, f"one row of {name}", "test", sql=sql)
            for name, sql in case.get("made", {}).items()
        ]
        tables = [*landed, *entities.tables(model), *made, *room.tables(model, compiled)]
        return Case(
            model,
            room.suite(model, compiled),
            Plan(possible(tables)),
            Engine(tmp_path / "store", data_roots=[tmp_path]),
        )

    return build
