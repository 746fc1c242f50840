"""The latest period of a movement from opening to closing, in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workbook.metrics.compile.movements import KINDS
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.report.metric_wording import WORDS, format_metric_value, label_of, round_money
from workbook.model import Model
from workbook.words.wording import humanize


def moving_of(model: Model, name: str) -> str:
    """What a movement moves, by the name of the metric that shows it."""
    known = metrics_of(model)
    level = known.movements[name].of
    shown = [
        metric
        for metric, spec in known.metrics.items()
        if spec.type == "simple" and spec.measure == level and not spec.filter
    ]
    return label_of(model, shown[0]) if shown else humanize(level)


def ladder_of(model: Model, name: str, last: Mapping[str, Any], unit: str, period: str) -> str:
    """The latest period of a movement: opening, each change with how many, closing; and what
    exchange rates alone changed.
    """
    by = humanize(metrics_of(model).movements[name].by)

    def amount(value: Decimal, *, sign: bool = False) -> str:
        return format_metric_value(round_money(value, "money"), "money", unit, sign=sign)

    changes = [
        WORDS.text(
            "movement.change",
            kind=kind,
            amount=amount(last[kind], sign=True),
            count=last[f"{kind}_count"],
        )
        for kind in KINDS
        if last[f"{kind}_count"]
    ]
    sentences = [
        WORDS.text(
            "movement.steps",
            period=period,
            opening=amount(last["opening"]),
            closing=amount(last["closing"]),
            changes=changes,
            by=by,
        ),
        WORDS.text("movement.rule", by=by),
    ]
    rates = round_money(last["revaluation"], "money")
    if rates:
        sentences.append(WORDS.text("movement.rates", amount=amount(rates, sign=True)))
    return " ".join(sentences)
