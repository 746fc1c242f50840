"""What the checks of the metrics conclude: what does not add up, rates, dates, segments, links."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbook.finding import Finding
from workbook.metrics.compile.currency import home
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.report.caveat_wording import gap_of, row_caveat
from workbook.metrics.report.metric_evidence import MetricEvidence
from workbook.metrics.report.metric_wording import (
    WORDS,
    entity_of,
    format_metric_value,
    round_money,
)
from workbook.metrics.report.movement_wording import moving_of
from workbook.metrics.report.self_check_wording import describe_mismatch
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import MetricResult
from workbook.metrics.results.rate_direction import FAR
from workbook.model.links import to_one_links
from workbook.model.names import dimension_of
from workbook.words import finding
from workbook.words.wording import humanize

# The kinds of checks that are a finding of their metric.
_OF_ROWS = {
    "rate": "metrics.missing_rate",
    "past rate": "metrics.missing_rate",
    "date": "metrics.undated",
    "undated": "metrics.undated",
    "old rate": "metrics.old_rate",
    "empty": "metrics.counts_nothing",
    "unmeasured": "metrics.unmeasured",
}


def check_findings(evidence: MetricEvidence) -> Iterator[Finding]:
    """The findings of all checks, in the order of the metrics and then of the things that several
    metrics share.
    """
    yield from _of_each(evidence)
    yield from _gaps(evidence)
    yield from _written_later(evidence)
    yield from _negative(evidence)
    yield from _at_once(evidence)
    yield from _links(evidence)


def _of_each(evidence: MetricEvidence) -> Iterator[Finding]:
    """What does not add up, has no rate or no date, or belongs to no segment."""
    for proof in evidence.proofs:
        if proof.verdict == "fail" and proof.kind != "control":
            yield _mismatch(evidence, proof)
        elif proof.kind in _OF_ROWS:
            yield _of_rows(evidence, proof, _OF_ROWS[proof.kind], evidence.owner(proof.metric))
        elif proof.kind == "contested":
            yield finding(
                evidence.model,
                "metrics.contested_rate",
                proof.rows,
                currency=proof.about,
            )
        elif proof.kind == "crossed" and not proof.metric:
            yield _crossed(evidence, proof)
        elif proof.kind == "direction":
            yield _direction(evidence, proof)
        elif proof.kind == "direction unsaid":
            yield _unsaid_direction(evidence, proof)
        elif proof.kind == "segments" and proof.rows:
            yield _orphans(evidence, proof)


def _mismatch(evidence: MetricEvidence, proof: MetricCheck) -> Finding:
    outcome = evidence.made.get(proof.metric) or MetricResult(proof.metric)
    return finding(
        evidence.model,
        "metrics.not_reconciled",
        proof.rows or None,
        (proof.metric,),
        owner=evidence.owner(proof.metric),
        metric=evidence.label(proof.metric),
        mismatch=describe_mismatch(evidence.model, outcome, proof),
    )


def _of_rows(evidence: MetricEvidence, proof: MetricCheck, code: str, owner: str) -> Finding:
    """A caveat of a metric's rows as a finding."""
    return finding(
        evidence.model,
        code,
        proof.rows,
        (proof.metric,),
        owner=owner,
        metric=evidence.label(proof.metric),
        caveat=row_caveat(evidence.model, proof),
    )


def _crossed(evidence: MetricEvidence, proof: MetricCheck) -> Finding:
    currency, _, via = proof.about.partition(" via ")
    return finding(
        evidence.model,
        "metrics.crossed_rate",
        proof.rows,
        currency=currency,
        via=via,
        home=home(evidence.model),
    )


def _direction(evidence: MetricEvidence, proof: MetricCheck) -> Finding:
    """Rates that contradict the direction in which they are read."""
    pair, _, doubt = proof.about.partition(" ")
    base, _, quote = pair.partition("/")
    return finding(
        evidence.model,
        "metrics.rate_direction",
        proof.rows,
        variant="days" if doubt in ("direct", "ways") else "rates",
        base=base,
        quote=quote,
        doubt=WORDS.text(f"rates.{doubt}", far=FAR),
    )


def _unsaid_direction(evidence: MetricEvidence, proof: MetricCheck) -> Finding:
    """Rates of which no decision says what they are the price of, with one as it is read."""
    return finding(
        evidence.model,
        "metrics.rate_direction_unsaid",
        proof.rows,
        currency=proof.about,
        rate=Decimal(f"{proof.found:.6g}"),
        home=home(evidence.model),
    )


def _orphans(evidence: MetricEvidence, proof: MetricCheck) -> Finding:
    """Rows that belong to no segment of a dimension, with what they come to."""
    outcome = evidence.made.get(proof.metric) or MetricResult(proof.metric)
    amount = (
        format_metric_value(round_money(proof.amount, outcome.kind), outcome.kind, outcome.unit)
        if proof.amount and outcome.kind == "money"
        else ""
    )
    return finding(
        evidence.model,
        "metrics.orphans",
        proof.rows,
        (proof.metric,),
        owner=evidence.owner(proof.metric),
        metric=evidence.label(proof.metric),
        dimension=humanize(dimension_of(proof.about).name),
        entity=entity_of(evidence.model, proof.metric),
        amount=amount,
    )


def _gaps(evidence: MetricEvidence) -> Iterator[Finding]:
    """In one sentence the metrics that have no value in some month or segment."""
    gaps = [proof for proof in evidence.proofs if proof.kind == "gaps"]
    if not gaps:
        return
    names = tuple(dict.fromkeys(proof.metric for proof in gaps))
    yield finding(
        evidence.model,
        "metrics.gaps",
        sum(proof.rows for proof in gaps),
        names,
        metrics=[
            WORDS.text(
                "caveat.gap.metric",
                metric=evidence.label(name),
                gaps=[gap_of(proof) for proof in gaps if proof.metric == name],
            )
            for name in names
        ],
    )


def _written_later(evidence: MetricEvidence) -> Iterator[Finding]:
    """Metrics that count what was written after the as-of day, by source: one finding each."""
    by_source: dict[str, list[MetricCheck]] = {}
    for proof in evidence.proofs:
        if proof.kind == "written later":
            by_source.setdefault(proof.about, []).append(proof)
    for source, proofs in sorted(by_source.items()):
        most = max(proofs, key=lambda proof: proof.rows)
        yield finding(
            evidence.model,
            "metrics.written_later",
            most.rows,
            [proof.metric for proof in proofs],
            owner=evidence.model.owner_of("sources", "systems", evidence.model.system_of(source)),
            metrics=[evidence.label(proof.metric) for proof in proofs],
            caveat=row_caveat(evidence.model, most),
        )


def _negative(evidence: MetricEvidence) -> Iterator[Finding]:
    """Amounts below zero, once for all metrics that add up one measure."""
    named = metrics_of(evidence.model).metrics
    found = {
        named[proof.metric].measure: proof
        for proof in reversed(evidence.proofs)
        if proof.kind == "negative"
    }
    for proof in reversed(found.values()):
        owner = evidence.owner(proof.metric)
        yield _of_rows(evidence, proof, "metrics.negative_amounts", owner)


def _at_once(evidence: MetricEvidence) -> Iterator[Finding]:
    """Accounts of which a balance counts several rows together: overlapping periods, or several
    things bought.
    """
    # movements of one balance, by month and by quarter, are about the same rows
    found: dict[tuple[str, str], list[MetricCheck]] = {}
    for proof in evidence.proofs:
        if proof.kind == "at once":
            label = moving_of(evidence.model, proof.metric)
            found.setdefault((label, row_caveat(evidence.model, proof)), []).append(proof)
    for (label, caveat), proofs in found.items():
        yield finding(
            evidence.model,
            "metrics.at_once",
            proofs[0].rows,
            [proof.metric for proof in proofs],
            metric=label,
            caveat=caveat,
        )


def _links(evidence: MetricEvidence) -> Iterator[Finding]:
    """Relationships that reach several where one was promised; each counted once, however many
    metrics use it.
    """
    promised = {name for name, _ in to_one_links(evidence.model)}
    links = {
        proof.about: proof
        for proof in evidence.proofs
        if proof.kind == "link" and proof.rows and proof.about in promised
    }
    for name, proof in links.items():
        yield finding(
            evidence.model,
            "metrics.fan_out",
            proof.rows,
            (name,),
            owner=evidence.model.owner_of("entities", "relationships", name),
            relationship=name,
        )
