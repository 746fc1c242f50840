"""The steps in reading order: one file a step, one shape; STEPS is the only list of them."""

from __future__ import annotations

from workbook.scenarios.context import Context
from workbook.scenarios.headline_numbers import HeadlineNumber, headline_numbers, metric_values
from workbook.scenarios.planning import decided_tables, gated, plan_of
from workbook.steps.ai_context import AiContext
from workbook.steps.checks import Checks
from workbook.steps.customer_360 import Customer360
from workbook.steps.diagnosis import Diagnosis
from workbook.steps.documentation import Documentation
from workbook.steps.entities import Entities
from workbook.steps.grain import Grain
from workbook.steps.history import History
from workbook.steps.identity import Identity
from workbook.steps.metrics import Metrics
from workbook.steps.questions import Questions
from workbook.steps.review import Review
from workbook.steps.sources import Sources
from workbook.steps.step import Step
from workbook.steps.survivorship import Survivorship

STEPS: tuple[type[Step], ...] = (
    Diagnosis,
    Questions,
    Grain,
    Sources,
    Entities,
    Identity,
    Survivorship,
    History,
    Metrics,
    Checks,
    Documentation,
    Review,
    Customer360,
    AiContext,
)

__all__ = [
    "STEPS",
    "Context",
    "HeadlineNumber",
    "Step",
    "decided_tables",
    "gated",
    "headline_numbers",
    "metric_values",
    "plan_of",
]
