"""The number of customers that a department goes by, as figure 2.3 shows it."""

from __future__ import annotations

from workbook.metrics import kind_of, unit_of_metric, value_table
from workbook.metrics.report.metric_wording import format_metric_value
from workbook.model import Model
from workbook.scenarios.context import Context


def metric_of(model: Model, department: str) -> str:
    """The metric by which a department says that it counts its customers; '' for none."""
    meaning = model.grain.customer_means.get(department)
    return meaning.metric if meaning and not model.is_open("metrics") else ""


def customers_counted(context: Context, department: str) -> str:
    """The value of the metric that the department names, as text; '' without one, or where the
    metric has no value.
    """
    metric = metric_of(context.model, department)
    if not metric or not context.has(value_table(metric)):
        return ""
    value = next(iter(context.frame(value_table(metric))["value"]), None)
    if value is None:
        return ""
    kind, unit = kind_of(context.model, metric), unit_of_metric(context.model, metric)
    return format_metric_value(value, kind, unit)
