"""The steps in reading order: one file a step, one shape; STEPS is the only list of them."""

from __future__ import annotations

from workbook.steps.base import Context, Step
from workbook.steps.entities import Entities
from workbook.steps.grain import Grain
from workbook.steps.identity import Identity
from workbook.steps.metrics import Metrics
from workbook.steps.planning import decided_tables, gated, plan_of
from workbook.steps.sources import Sources
from workbook.steps.survivorship import Survivorship

STEPS: tuple[type[Step], ...] = (Grain, Sources, Entities, Identity, Survivorship, Metrics)

__all__ = ["STEPS", "Context", "Step", "decided_tables", "gated", "plan_of"]
