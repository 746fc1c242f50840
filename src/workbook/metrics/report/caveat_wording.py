"""What to know of a metric before using it: excluded rows, doubtful rates, gaps, other
definitions, dashboards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from workbook.metrics.compile.as_of_clock import GRAINS, as_of_date
from workbook.metrics.compile.currency import OLD
from workbook.metrics.compile.metric_rows import NO_VALUE
from workbook.metrics.compile.period_to_date import newest_first
from workbook.metrics.compile.units import movement_unit, resolved, unit_of
from workbook.metrics.report.definition_wording import NO_PERIODS, choice_caveats
from workbook.metrics.report.metric_wording import (
    WORDS,
    entity_of,
    format_metric_value,
    prose_value,
    range_said,
    round_money,
    shown_of,
)
from workbook.metrics.report.period_wording import period_name
from workbook.metrics.report.self_check_wording import describe_mismatch
from workbook.metrics.results.dashboard_diff import DashboardComparison
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import MetricResult
from workbook.metrics.results.open_rows import latest_grain
from workbook.model import Model
from workbook.model.caveats import caveats_of
from workbook.words import number
from workbook.words.wording import capital, humanize

# The kinds of checks that are caveats of their metric, and the text of each.
ROW_CAVEATS = {
    "rate": "no_rate",
    "past rate": "past_rate",
    "crossed": "crossed",
    "old rate": "old_rate",
    "written later": "written_later",
    "date": "no_date",
    "undated": "undated",
    "negative": "negative",
    "unmeasured": "unmeasured",
    "empty": "counts_nothing",
    "gaps": "gaps",
    "held rates": "held_rates",
    "source ended": "source_ended",
    "no past": "no_past",
    "no amount": "no_amount",
    "recorded later": "recorded_later",
    "still open": "still_open",
}

# Why none of the rows counts, by the kind of metric: without a filter, and with one.
_TIMED = {
    "flow": ("flow", "filter_flow"),
    "level": ("level", "filter_level"),
    "cumulative": ("cumulative", "filter_cumulative"),
}


def caveat_of(
    model: Model,
    outcome: MetricResult,
    made: Mapping[str, MetricResult],
    proofs: Iterable[MetricCheck],
    dashboards: Iterable[DashboardComparison] = (),
    periods: Mapping[str, str] = NO_PERIODS,
) -> str:
    """What a reader must know before using a metric, as sentences; '' where there is nothing.

    `periods` are those of the metrics that it names beside their values.
    """
    if outcome.refused or outcome.absent:
        return _sentence(outcome.refused or outcome.absent)
    mine = [proof for proof in proofs if proof.metric == outcome.name]
    sentences = [
        describe_mismatch(model, outcome, proof)
        for proof in mine
        if proof.verdict == "fail" and proof.kind != "control"
    ]
    if outcome.range:
        sentences.append(_sentence(range_said(outcome.range, outcome.kind, outcome.unit)))
        sentences.append(WORDS.text("caveat.range_covers"))
    sentences += [row_caveat(model, proof) for proof in mine if proof.kind in ROW_CAVEATS]
    sentences += [_sentence(caveat.rstrip(".")) for caveat in caveats_of(model, outcome.name)]
    sentences += choice_caveats(model, outcome.name, made, periods)
    sentences += [
        WORDS.text(
            "caveat.dashboard",
            dashboard=shown_of(model, comparison),
            value=prose_value(
                round_money(comparison.value, outcome.kind), outcome.kind, outcome.unit
            ),
        )
        for comparison in dashboards
        if comparison.metric == outcome.name and comparison.difference
    ]
    return " ".join(sentences)


def row_caveat(model: Model, proof: MetricCheck) -> str:
    """What to know of a metric's rows, as one sentence."""
    text = "at_once" if proof.kind == "at once" else ROW_CAVEATS[proof.kind]
    return WORDS.text(f"caveat.{text}", rows=proof.rows, **_facts(model, proof))


def _facts(model: Model, proof: MetricCheck) -> dict[str, Any]:
    """The values of a caveat's sentence beside the number of rows."""
    entity, amount = entity_of(model, proof.metric), _amount(proof.amount)
    match proof.kind:
        case "past rate":
            last = dt.date.fromisoformat(f"{proof.about}-01")
            return {"entity": entity, "last": last, "most": int(proof.found or 0)}
        case "written later" | "unmeasured":
            later = proof.kind == "written later"
            about = {"source": proof.about} if later else {"thing": humanize(proof.about)}
            return {"entity": entity, "of": int(proof.expected or 0), **about}
        case "date" | "recorded later" | "no amount":
            return {"entity": entity, "agg": proof.about}
        case "undated":
            return {"entity": entity, "amount": amount if proof.amount else ""}
        case "negative":
            unit = unit_of(model, proof.metric)
            return {"entity": entity, "amount": format_metric_value(proof.amount, "money", unit)}
        case "at once":
            most = int(proof.found or 0)
            return {"entity": entity, "by": humanize(proof.about), "most": most}
        case "empty":
            return {"entity": humanize(proof.about), "why": _why_none(model, proof)}
        case "gaps":
            return {"gap": gap_of(proof)}
        case "held rates" | "source ended" | "no past" | "still open":
            return _facts_in_time(model, proof)
        case _:
            currency = "" if proof.about == NO_VALUE else proof.about
            return {"entity": entity, "amount": amount, "currency": currency, "days": OLD}


def _facts_of_open(model: Model, proof: MetricCheck, entity: str) -> dict[str, Any]:
    grain, unit = latest_grain(model, proof.metric), unit_of(model, proof.metric)
    amount = round_money(proof.amount, "money")
    return {
        "entity": entity,
        "status": proof.about,
        "period": period_name(model, grain, newest_first(model, grain)),
        "amount": "" if amount is None else format_metric_value(amount, "money", unit),
    }


def _facts_in_time(model: Model, proof: MetricCheck) -> dict[str, Any]:
    if proof.kind == "source ended":
        latest = as_of_date(model) - dt.timedelta(days=proof.rows)
        return {"source": proof.about, "day": latest}
    if proof.kind == "still open":
        return _facts_of_open(model, proof, entity_of(model, proof.metric))
    if proof.kind == "no past":
        return {"entity": proof.about}
    amount, unit = round_money(proof.amount, "money"), movement_unit(model, proof.about)
    return {"amount": format_metric_value(amount, "money", unit, sign=True)}


def gap_of(proof: MetricCheck) -> str:
    """`3 of 12 months`, `1 of 5 segments by country`."""
    every = int(proof.expected or 0)
    if proof.about in GRAINS:
        return WORDS.text(
            "caveat.gap.periods", missing=proof.rows, of=every, period=humanize(proof.about)
        )
    dimension = proof.about.rpartition(".")[2]
    return WORDS.text("caveat.gap.segments", missing=proof.rows, of=every, dimension=dimension)


def _why_none(model: Model, proof: MetricCheck) -> str:
    """What none of the rows does: meet the filter, lie in the time of the metric."""
    found = resolved(model, proof.metric)
    filtered = bool(found.filter)
    if found.at and found.kind in _TIMED:
        return WORDS.text(f"caveat.none.{_TIMED[found.kind][filtered]}")
    return WORDS.text(f"caveat.none.{'filter' if filtered else 'unrecorded'}")


def _amount(value: Decimal | None) -> str:
    """An amount in a currency that the sentence names, with cents."""
    return number.number((value or Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP), 2)


def _sentence(text: str) -> str:
    """The text with a capital at its beginning and a full stop."""
    return capital(text) + ("" if text.endswith((".", "!", "?")) else ".") if text else ""
