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
    """The parts of a model; a step that is not decided yet is None.

    `texts` hold each file as it was written.

    `unwritten` are rows of decision files, by file, that a what-if adds to those that are written.
    """

    root: Path
    project: Project
    data_root: Path
    texts: Mapping[str, Text]
    validate: Callable[[Any], Iterable[Problem]]
    diagnosis: Diagnosis | None = None
    questions: Questions | None = None
    grain: Grain | None = None
    sources: Sources | None = None
    entities: Entities | None = None
    identity: Identity | None = None
    survivorship: Survivorship | None = None
    history: History | None = None
    metrics: Metrics | None = None
    checks: Checks | None = None
    documentation: Documentation | None = None
    review: Review | None = None
    customer_360: CustomerViews | None = None
    ai_context: AiContext | None = None
    unwritten: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

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
