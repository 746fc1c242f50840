"""What a project decided, part by part: the typed content of its YAML files, and these files as
they were written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from workbook.errors import Problem
from workbook.model.schema import (
    AiContext,
    Checks,
    CustomerViews,
    Diagnosis,
    Documentation,
    Entities,
    Grain,
    History,
    Identity,
    Metrics,
    Project,
    Questions,
    Review,
    Sources,
    Survivorship,
)
from workbook.model.yaml_text import Text


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a model; one that nobody has decided yet is empty, and not in `decided`.

    `texts` hold each file as it was written.

    `unwritten` are rows of decision files, by file, that a what-if adds to those that are written.
    """

    root: Path
    project: Project
    data_root: Path
    texts: Mapping[str, Text]
    validate: Callable[[Any], Iterable[Problem]]
    diagnosis: Diagnosis = field(default_factory=Diagnosis)
    questions: Questions = field(default_factory=Questions)
    grain: Grain = field(default_factory=Grain)
    sources: Sources = field(default_factory=Sources)
    entities: Entities = field(default_factory=Entities)
    identity: Identity = field(default_factory=Identity)
    survivorship: Survivorship = field(default_factory=Survivorship)
    history: History = field(default_factory=History)
    metrics: Metrics = field(default_factory=Metrics)
    checks: Checks = field(default_factory=Checks)
    documentation: Documentation = field(default_factory=Documentation)
    review: Review = field(default_factory=Review)
    customer_360: CustomerViews = field(default_factory=CustomerViews)
    ai_context: AiContext = field(default_factory=AiContext)
    decided: frozenset[str] = frozenset()
    unwritten: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    def is_open(self, step: str) -> bool:
        """Whether nothing is decided in a step yet (`metrics`)."""
        return step not in self.decided

    def at(self, as_of: Any) -> Self:
        """The same model at another date."""
        return replace(self, project=self.project.model_copy(update={"as_of": as_of}))

    def as_if(self, file: str, *rows: Mapping[str, str]) -> Self:
        """The same model as if these rows stood at the end of a file of decisions: a preview of
        what nobody wrote yet.
        """
        return replace(
            self, unwritten={**self.unwritten, file: (*self.unwritten.get(file, ()), *rows)}
        )
