"""Metrics: from what a number means (YAML) to tables that hold it, and the proof that they add
up.
"""

from workbook.metrics.compile.as_of_clock import GRAINS, NotComputableError, now
from workbook.metrics.compile.expression_scope import CompiledExpression, Scope
from workbook.metrics.compile.metric_rows import NO_VALUE, NOT_LINKED, SEVERAL
from workbook.metrics.compile.metric_table_names import (
    grains_of,
    month_table,
    period_table,
    value_table,
)
from workbook.metrics.compile.metric_tables import refusals, rests_on, tables
from workbook.metrics.compile.movements import KINDS, moved_table, movement_detail_table
from workbook.metrics.compile.period_to_date import before_name, newest_first, part_before
from workbook.metrics.compile.references import rule_table_name, rules_in
from workbook.metrics.compile.resolve import MetricRefusal, metrics_of
from workbook.metrics.compile.rules import rule_tables
from workbook.metrics.compile.segment_bucket import class_of_dimension, segment_table
from workbook.metrics.compile.time_behaviour import grows_within
from workbook.metrics.compile.todays_values import todays_values
from workbook.metrics.compile.units import (
    SHARE,
    adds_up,
    kind_of,
    movement_unit,
    nature_of,
    resolved,
    unit_of,
    unit_of_metric,
    zero_of_nothing,
)
from workbook.metrics.compile.values_per_row import per_row_name, per_row_tables
from workbook.metrics.report.export import VALUES, values_table
from workbook.metrics.report.metric_evidence import MetricEvidence, is_month, part_of
from workbook.metrics.report.metric_findings import conclude
from workbook.metrics.results.dashboard_diff import DashboardComparison, DifferenceCause, against
from workbook.metrics.results.definition_overlap import DefinitionOverlap, contests
from workbook.metrics.results.metric_check import ADDING_UP, MetricCheck
from workbook.metrics.results.metric_result import (
    ControlTotalCheck,
    MetricReader,
    MetricResult,
    outcomes,
)
from workbook.metrics.results.never_measured import absences, unmeasured_ids
from workbook.metrics.results.rate_effect import has_rate_effect, of_level, revaluation
from workbook.metrics.results.reconciliation import reconcile
from workbook.metrics.results.segment_history import unlike_history
from workbook.metrics.results.source_age import is_earlier, last_record

__all__ = [
    "ADDING_UP",
    "GRAINS",
    "KINDS",
    "NOT_LINKED",
    "NO_VALUE",
    "SEVERAL",
    "SHARE",
    "VALUES",
    "CompiledExpression",
    "ControlTotalCheck",
    "DashboardComparison",
    "DefinitionOverlap",
    "DifferenceCause",
    "MetricCheck",
    "MetricEvidence",
    "MetricReader",
    "MetricRefusal",
    "MetricResult",
    "NotComputableError",
    "Scope",
    "absences",
    "adds_up",
    "against",
    "before_name",
    "class_of_dimension",
    "conclude",
    "contests",
    "grains_of",
    "grows_within",
    "has_rate_effect",
    "is_earlier",
    "is_month",
    "kind_of",
    "last_record",
    "metrics_of",
    "month_table",
    "moved_table",
    "movement_detail_table",
    "movement_unit",
    "nature_of",
    "newest_first",
    "now",
    "of_level",
    "outcomes",
    "part_before",
    "part_of",
    "per_row_name",
    "per_row_tables",
    "period_table",
    "reconcile",
    "refusals",
    "resolved",
    "rests_on",
    "revaluation",
    "rule_table_name",
    "rule_tables",
    "rules_in",
    "segment_table",
    "tables",
    "todays_values",
    "unit_of",
    "unit_of_metric",
    "unlike_history",
    "unmeasured_ids",
    "value_table",
    "values_table",
    "zero_of_nothing",
]
