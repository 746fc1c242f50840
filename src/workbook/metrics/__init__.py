"""Metrics: from what a number means (YAML) to tables that hold it, and the proof that they add up."""

from workbook.metrics.compile import metric_tables
from workbook.metrics.reconcile import Reconciliation, reconcile
from workbook.metrics.semantic import Refusal, Resolved, resolve

__all__ = ["Reconciliation", "Refusal", "Resolved", "metric_tables", "reconcile", "resolve"]
