"""What of a metric does not add up, in words."""

from __future__ import annotations

from workbook.metrics.report.metric_wording import WORDS, entity_of, format_metric_value, label_of
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import MetricResult
from workbook.model import Model


def describe_mismatch(model: Model, outcome: MetricResult, proof: MetricCheck) -> str:
    """What does not add up, as one sentence."""
    if proof.kind == "key":
        return WORDS.text("mismatch.key", entity=proof.about, rows=proof.rows)
    if proof.kind == "rows":
        entity = entity_of(model, proof.metric)
        return WORDS.text("mismatch.rows", entity=entity, rows=proof.rows)
    difference = format_metric_value(proof.difference, outcome.kind, outcome.unit, sign=True)
    if proof.kind == "months":
        return WORDS.text("mismatch.months", grain=proof.about, difference=difference)
    if proof.kind in ("segments", "periods"):
        return WORDS.text(f"mismatch.{proof.kind}", dimension=proof.about, difference=difference)
    if proof.kind == "movement" and proof.about == "periods":
        return WORDS.text("mismatch.movement", rows=proof.rows, difference=difference)
    return WORDS.text(
        "mismatch.closing", metric=label_of(model, proof.about), difference=difference
    )
