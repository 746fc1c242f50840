"""All that is known of a model's metrics, as the page, its findings and its figures read it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbook.metrics.compile.as_of_clock import GRAINS
from workbook.metrics.compile.definition_diff_table import pairs_that_count
from workbook.metrics.compile.metric_tables import refusals
from workbook.metrics.compile.resolve import MetricRefusal
from workbook.metrics.report.caveat_wording import caveat_of
from workbook.metrics.report.metric_wording import WORDS, label_of, named_of
from workbook.metrics.results.dashboard_diff import DashboardComparison
from workbook.metrics.results.definition_overlap import DefinitionOverlap
from workbook.metrics.results.definitions import DefinitionChoice, choices
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import MetricResult
from workbook.model import Model

_PARTS = ("rule", "movement", "shared", "dashboard", "rivals")


@dataclass(frozen=True)
class MetricEvidence:
    """How each metric came out, what was checked about it, what competes with it.

    `periods`: the period of each metric's value in words, where it is known.
    """

    model: Model
    made: Mapping[str, MetricResult]
    proofs: Sequence[MetricCheck] = ()
    contests: Sequence[DefinitionOverlap] = field(default=())
    dashboards: Sequence[DashboardComparison] = field(default=())
    periods: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """What a metric is called."""
        return label_of(self.model, name)

    def named(self, name: str) -> str:
        """A metric with its value and period: `MRR (€345k, at 30 June 2025)`."""
        return named_of(self.model, self.made, name, self.periods.get(name, ""))

    @property
    def choices(self) -> tuple[DefinitionChoice, ...]:
        """The definitions that compete for one name."""
        return choices(self.model)

    @property
    def disagreements(self) -> list[DefinitionOverlap]:
        """The pairs of definitions that count the same kind of thing, and not the same things."""
        counting = set(pairs_that_count(self.model))
        return [
            pair for pair in self.contests if pair.apart and (pair.name, pair.other) in counting
        ]

    def owner(self, name: str) -> str:
        """Who answers for a metric."""
        return self.model.owner_of("metrics", "metrics", name)

    def caveat(self, name: str) -> str:
        """What to know before using a metric."""
        return caveat_of(
            self.model, self.made[name], self.made, self.proofs, self.dashboards, self.periods
        )

    def refused(self) -> list[MetricRefusal]:
        """What the model refuses, then what the data does."""
        static = refusals(self.model)
        known = {refusal.name for refusal in static if not refusal.part}
        return [
            *static,
            *(
                MetricRefusal(outcome.name, outcome.refused)
                for outcome in self.made.values()
                if outcome.refused and outcome.name not in known
            ),
        ]


def is_month(part: str) -> bool:
    """Whether what is refused of a metric are its months, in all or by a dimension."""
    return bool(re.fullmatch(r"(.* by )?month", part))


def part_of(part: str) -> str:
    """Which part of a metric is refused, in words."""
    if not part:
        return WORDS.text("part.value")
    if part in GRAINS:
        return WORDS.text("part.periods", grain=part)
    if part in _PARTS:
        return WORDS.text(f"part.{part}")
    return WORDS.text("part.split", dimension=part)
