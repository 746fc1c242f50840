"""What the metrics page concludes: figures that are missed, sums that do not meet, what is
refused, left out or contested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbook.finding import Finding, Severity
from workbook.metrics.compile.dashboard_times import cut_in_utc
from workbook.metrics.compile.definition_diff_table import pairs_that_count
from workbook.metrics.compile.metric_tables import refusals
from workbook.metrics.compile.resolve import Refusal, metrics_of
from workbook.metrics.compile.time_spine import GRAINS, by_calendar
from workbook.metrics.report import definition_wording, wording
from workbook.metrics.report.caveat_wording import (
    contested_of,
    crossed_of,
    doubt_of,
    gap_of,
    left_out_of,
)
from workbook.metrics.results.dashboard_diff import DashboardComparison
from workbook.metrics.results.definition_overlap import DefinitionOverlap
from workbook.metrics.results.definitions import DefinitionChoice, choices
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import UNDECIDED, MetricResult
from workbook.model import Model
from workbook.model.links import to_one_links
from workbook.model.times import zone_of
from workbook.words import number

PAGE = "07"
_LEFT_OUT = {
    "rate": "metrics.missing_rate",
    "past rate": "metrics.missing_rate",
    "date": "metrics.undated",
    "undated": "metrics.undated",
    "old rate": "metrics.old_rate",
    "empty": "metrics.counts_nothing",
}
_PARTS = {
    "": "its value",
    **{grain: f"its {grain.replace('_', ' ')}s" for grain in GRAINS},
    "rule": "the rule",
    "movement": "the movement",
    "shared": "what others depend on",
    "dashboard": "what it shows",
    "rivals": "what only it or its rival counts",
}


@dataclass(frozen=True)
class Evidence:
    """All that is known of a model's metrics: how each came out, what was proven, what competes."""

    model: Model
    made: Mapping[str, MetricResult]
    proofs: Sequence[MetricCheck] = ()
    contests: Sequence[DefinitionOverlap] = field(default=())
    dashboards: Sequence[DashboardComparison] = field(default=())

    def label(self, name: str) -> str:
        """What a metric is called."""
        return wording.label_of(self.model, name)

    @property
    def choices(self) -> tuple[DefinitionChoice, ...]:
        """The figures that compete for one name."""
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
        """What to know before using a number."""
        return wording.caveat_of(
            self.model, self.made[name], self.made, self.proofs, self.dashboards
        )

    def refused(self) -> list[Refusal]:
        """What the model refuses, then what the data does."""
        static = refusals(self.model)
        known = {each.name for each in static if not each.part}
        return [
            *static,
            *(
                Refusal(each.name, each.refused)
                for each in self.made.values()
                if each.refused and each.name not in known
            ),
        ]


def is_month(part: str) -> bool:
    """Whether what is refused of a number are its months, in all or by a dimension."""
    return bool(re.fullmatch(r"(.* by )?month", part))


def part_of(part: str) -> str:
    """Which part of a number is refused."""
    return _PARTS.get(part, f"the split by {part.replace('_', ' ')}")


def conclude(evidence: Evidence) -> list[Finding]:
    """Every finding of the page; a step without a metric is open."""
    if evidence.model.metrics is None or not evidence.model.metrics.metrics:
        return [
            Finding("metrics.open", "note", "What our numbers mean is not written down yet.", PAGE)
        ]
    parts = (
        _controls,
        _proofs,
        _without_value,
        _written_later,
        _negative,
        _at_once,
        _links,
        _calendar,
        _choices,
        _disagree,
        _dashboards,
        _dashboard_times,
        _refused,
        _unowned,
    )
    return [finding for part in parts for finding in part(evidence)]


def _controls(evidence: Evidence) -> Iterator[Finding]:
    """A figure that is missed is judged by its check on page 08, with its severity and what was
    accepted; here it is told.
    """
    for name, outcome in evidence.made.items():
        control = outcome.control
        if control and not control.met:
            missed = control.found is not None
            code = (
                "metrics.control_total_missed" if missed else "metrics.control_total_not_comparable"
            )
            sentence = f"{evidence.label(name)} {wording.control_of(outcome)}."
            yield Finding(
                code,
                "note" if missed else "look",
                sentence,
                PAGE,
                1,
                control.owner or evidence.owner(name),
                (name,),
            )
        if control and not (control.supplied_by and control.supplied):
            missing = "who supplied it" if not control.supplied_by else ""
            missing += (
                (" or when" if missing else "when it was supplied") if not control.supplied else ""
            )
            sentence = (
                f"{evidence.label(name)} is compared with {control.where_from}, and nothing says"
                f" {missing}: write supplied_by and supplied."
            )
            yield Finding(
                "metrics.control_total_unsigned",
                "note",
                sentence,
                PAGE,
                1,
                control.owner or evidence.owner(name),
                (name,),
            )


def _proofs(evidence: Evidence) -> Iterator[Finding]:
    """What does not add up, has no rate or no date, or belongs to no segment."""
    for proof in evidence.proofs:
        name = proof.metric
        outcome, label, owner = (
            evidence.made.get(name) or MetricResult(name),
            evidence.label(name),
            evidence.owner(name),
        )
        if proof.verdict == "fail" and proof.kind != "control":
            sentence = f"{label} does not add up: {wording.describe_mismatch(outcome, proof)}"
            yield Finding(
                "metrics.not_reconciled", "fail", sentence, PAGE, proof.rows or None, owner, (name,)
            )
        elif proof.kind in _LEFT_OUT:
            yield Finding(
                _LEFT_OUT[proof.kind],
                "look",
                f"{label}: {left_out_of(evidence.model, proof)}",
                PAGE,
                proof.rows,
                owner,
                (name,),
            )
        elif proof.kind == "contested":
            yield Finding(
                "metrics.contested_rate",
                "look",
                contested_of(proof),
                PAGE,
                proof.rows,
                evidence.model.owner_of("metrics"),
            )
        elif proof.kind == "crossed" and not name:
            yield Finding(
                "metrics.crossed_rate",
                "note",
                crossed_of(evidence.model, proof),
                PAGE,
                proof.rows,
                evidence.model.owner_of("metrics"),
            )
        elif proof.kind == "direction":
            yield Finding(
                "metrics.rate_direction",
                "look",
                doubt_of(proof),
                PAGE,
                proof.rows,
                evidence.model.owner_of("metrics"),
            )
        elif proof.kind == "segments" and proof.rows:
            yield Finding(
                "metrics.orphans",
                "look",
                wording.orphans_of(label, outcome, proof),
                PAGE,
                proof.rows,
                owner,
                (name,),
            )


def _written_later(evidence: Evidence) -> Iterator[Finding]:
    """Numbers that count what was written after the as-of day, by source: one finding each."""
    named: dict[str, list[MetricCheck]] = {}
    for proof in evidence.proofs:
        if proof.kind == "written later":
            named.setdefault(proof.about, []).append(proof)
    for source, proofs in sorted(named.items()):
        most = max(proofs, key=lambda proof: proof.rows)
        names = [evidence.label(proof.metric) for proof in proofs]
        rest = f" and {len(names) - 5} more" if len(names) > 5 else ""
        labels = f"{', '.join(names[:5])}{rest}"
        sentence = f"{labels}: {left_out_of(evidence.model, most)}"
        about = tuple(proof.metric for proof in proofs)
        owner = evidence.model.owner_of("sources", "systems", evidence.model.system_of(source))
        yield Finding("metrics.written_later", "look", sentence, PAGE, most.rows, owner, about)


def _negative(evidence: Evidence) -> Iterator[Finding]:
    """Amounts below zero, said once of numbers that add up one measure."""
    named = metrics_of(evidence.model).metrics
    found = {
        named[proof.metric].measure: proof
        for proof in reversed(evidence.proofs)
        if proof.kind == "negative"
    }
    for proof in reversed(found.values()):
        sentence = f"{evidence.label(proof.metric)}: {left_out_of(evidence.model, proof)}"
        yield Finding(
            "metrics.negative_amounts",
            "note",
            sentence,
            PAGE,
            proof.rows,
            evidence.owner(proof.metric),
            (proof.metric,),
        )


def _at_once(evidence: Evidence) -> Iterator[Finding]:
    """Accounts of which a level counts several rows together: overlapping periods, or several
    things bought.
    """
    found: dict[str, list[MetricCheck]] = {}
    # movements of one level, by month and by quarter, tell of the same rows
    for proof in evidence.proofs:
        if proof.kind == "at once":
            found.setdefault(
                f"{wording.moving_of(evidence.model, proof.metric)}:"
                f" {left_out_of(evidence.model, proof)}",
                [],
            ).append(proof)
    for sentence, proofs in found.items():
        about = tuple(proof.metric for proof in proofs)
        yield Finding(
            "metrics.at_once",
            "note",
            sentence,
            PAGE,
            proofs[0].rows,
            evidence.model.owner_of("metrics"),
            about,
        )


def _without_value(evidence: Evidence) -> Iterator[Finding]:
    """Numbers that have no value at all, and in one sentence those that have none in some month
    or segment.
    """
    for name, outcome in evidence.made.items():
        if outcome.absent and outcome.absent != UNDECIDED:
            yield Finding(
                "metrics.no_value",
                "look",
                f"{evidence.label(name)} has no value: {outcome.absent}.",
                PAGE,
                1,
                evidence.owner(name),
                (name,),
            )
    gaps = [proof for proof in evidence.proofs if proof.kind == "gaps"]
    if gaps:
        names = tuple(dict.fromkeys(proof.metric for proof in gaps))
        said = [
            f"{evidence.label(name)} in"
            f" {' and '.join(gap_of(proof) for proof in gaps if proof.metric == name)}"
            for name in names[:5]
        ]
        rest = f" and {len(names) - 5} more" if len(names) > 5 else ""
        sentence = (
            "Where there is nothing to divide by, or a part is unknown, there is no value:"
            f" {'; '.join(said)}{rest}."
        )
        yield Finding(
            "metrics.gaps",
            "note",
            sentence,
            PAGE,
            sum(proof.rows for proof in gaps),
            evidence.model.owner_of("metrics"),
            names,
        )


def _links(evidence: Evidence) -> Iterator[Finding]:
    """Relationships that reach several where one was promised; each counted once, however many
    numbers go along it.
    """
    promised = {name for name, _ in to_one_links(evidence.model)}
    links = {
        proof.about: proof
        for proof in evidence.proofs
        if proof.kind == "link" and proof.rows and proof.about in promised
    }
    for name, proof in links.items():
        one = proof.rows == 1
        sentence = (
            f"{number.plural(proof.rows, 'row')} {'reaches' if one else 'reach'} several"
            f" counterparts over {name.replace('_', ' ')}, which promises one; no number is"
            f" multiplied, but {'it belongs' if one else 'they belong'} to none of them."
        )
        yield Finding(
            "metrics.fan_out",
            "look",
            sentence,
            PAGE,
            proof.rows,
            evidence.model.owner_of("entities", "relationships", name),
            (name,),
        )


def _calendar(evidence: Evidence) -> Iterator[Finding]:
    """Numbers by the calendar's quarter or year, of a business whose fiscal ones begin in
    another month.
    """
    names = by_calendar(evidence.model)
    if names:
        month = number.MONTHS[evidence.model.project.fiscal_year_starts - 1]
        said = (
            " and ".join(evidence.label(name) for name in names[:5])
            if len(names) < 3
            else ", ".join(evidence.label(name) for name in names[:5])
        )
        rest = f" and {len(names) - 5} more" if len(names) > 5 else ""
        sentence = (
            f"There are calendar quarters or years in {said}{rest}, while the fiscal year begins in"
            f" {month}. Where those are meant, write fiscal_quarter or fiscal_year."
        )
        yield Finding(
            "metrics.calendar_period",
            "note",
            sentence,
            PAGE,
            len(names),
            evidence.model.owner_of("metrics"),
            tuple(names),
        )


def _choices(evidence: Evidence) -> Iterator[Finding]:
    """A choice among figures for one name: open, with all their values and who decides; or
    taken, with what the others would give.
    """
    for choice in evidence.choices:
        about = (PAGE, len(choice.names), choice.owner, choice.names)
        if choice.open:
            yield Finding(
                "metrics.competing",
                "look",
                definition_wording.open_of(evidence.model, choice, evidence.made),
                *about,
            )
        else:
            yield Finding(
                "metrics.chosen",
                "note",
                definition_wording.taken_of(evidence.model, choice, evidence.made),
                *about,
            )


def _disagree(evidence: Evidence) -> Iterator[Finding]:
    """Things that only one of two definitions counts, by direction; to look at until one of
    them is chosen.
    """
    undecided = {name for choice in evidence.choices if choice.open for name in choice.names}
    for pair in evidence.disagreements:
        sentence = f"{definition_wording.disagree_of(evidence.model, pair)} Figure 7.6 lists them."
        severity: Severity = "look" if pair.name in undecided else "note"
        yield Finding(
            "metrics.disagree",
            severity,
            sentence,
            PAGE,
            pair.apart,
            evidence.owner(pair.name),
            (pair.name, pair.other),
        )


def _dashboards(evidence: Evidence) -> Iterator[Finding]:
    """A dashboard that shows another number than ours, with the cause that moves it most; or
    that cannot be run.
    """
    for each in evidence.dashboards:
        owner = evidence.model.owner_of("metrics", "dashboards", each.name)
        if each.difference:
            sentence = wording.differs_of(evidence.model, evidence.made[each.metric], each)
            yield Finding(
                "metrics.dashboard_differs",
                "look",
                sentence,
                PAGE,
                1,
                owner,
                (each.metric, each.name),
            )


def _dashboard_times(evidence: Evidence) -> Iterator[Finding]:
    """Dashboards whose SQL cuts instants into days of UTC, while ours are days of the
    business's zone.
    """
    model = evidence.model
    for name, part in metrics_of(model).dashboards.items():
        if columns := cut_in_utc(model, name):
            zone, label = zone_of(model), wording.shown_name(model, name)
            sentence = (
                f"{label} reads {' and '.join(columns)} as it stands in the tables, in UTC, while"
                f" days and months of {evidence.label(part.competes_with)} are those of {zone}: the"
                f" two differ by definition. In its SQL write ({columns[0]} at time zone 'UTC') at"
                f" time zone '{zone}'."
            )
            yield Finding(
                "metrics.dashboard_utc",
                "look",
                sentence,
                PAGE,
                len(columns),
                model.owner_of("metrics", "dashboards", name),
                (part.competes_with, name),
            )


def _refused(evidence: Evidence) -> Iterator[Finding]:
    """Refused values, splits, rules and movements; a number without months, in all or by a
    dimension, is no finding.
    """
    for each in evidence.refused():
        if not is_month(each.part):
            what = "" if not each.part else f", {part_of(each.part)},"
            sentence = f"{evidence.label(each.name)}{what} is refused: {each.reason.rstrip('.')}."
            yield Finding(
                "metrics.refused",
                "look",
                sentence,
                PAGE,
                1,
                evidence.owner(each.name),
                (each.name,),
            )


def _unowned(evidence: Evidence) -> Iterator[Finding]:
    names = [name for name in metrics_of(evidence.model).metrics if not evidence.owner(name)]
    if names:
        rest = f" and {len(names) - 5} more" if len(names) > 5 else ""
        sentence = (
            f"Nobody answers for {number.plural(len(names), 'number')}:"
            f" {', '.join(evidence.label(name) for name in names[:5])}{rest}."
        )
        yield Finding("metrics.no_owner", "note", sentence, PAGE, len(names), "", tuple(names))
