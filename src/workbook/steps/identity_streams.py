"""The drawing of figure 4b.1: records by system, the rule that matched them, customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook import identity
from workbook.show import Node, Stream, sankey
from workbook.show.sankey import NodeColumn
from workbook.steps.identity_backlog_impact import ReviewBacklog
from workbook.steps.identity_results import MatchResults
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize

_AT = "figures.joining.streams"


def record_streams(step: Step, results: MatchResults, backlog: ReviewBacklog, entity: str) -> str:
    """How the records of an entity become customers; '' where nothing was matched.

    Each record is shown once, under the rule that matched it; the customers of a rule are those
    of its records, one that several rules made in parts.
    """
    rules = [rule.name for rule in identity.spec_of(step.model, entity).rules]
    rows = _by_outcome(results.rows(identity.cluster_stats.streams_sql(entity)), rules)
    if not any(row["matched"] for row in rows):
        return ""

    def text(name: str, **values: object) -> str:
        return step.text(f"{_AT}.{name}", **values)

    order = [*rules, *sorted({row["rule"] for row in rows if row["rule"] not in (*rules, "")}), ""]
    declared = list(step.model.sources.systems)
    rows.sort(key=lambda row: (order.index(row["rule"]), declared.index(row["system"])))
    systems = sorted({row["system"] for row in rows}, key=declared.index)
    blocked: dict[str, int] = {}
    for row in results.refused[entity]:
        outcome = _outcome(row["rule"], rules)
        blocked[outcome] = blocked.get(outcome, 0) + row["links"]
    waiting = _waiting(backlog, entity)
    columns = [
        NodeColumn(
            text("records", count=results.counts[entity]["records"]),
            text("systems", count=len(systems)),
            [
                Node(
                    f"system {name}",
                    capital(results.system_label(name)),
                    sum(row["records"] for row in rows if row["system"] == name),
                )
                for name in systems
            ],
        ),
        NodeColumn(
            text("outcomes"),
            "",
            [
                Node(
                    f"rule {name}",
                    _named(step, name, rules),
                    sum(row["records"] for row in rows if row["rule"] == name),
                    quiet=not name,
                    mark=text("blocked", count=blocked[name]) if name in blocked else "",
                )
                for name in order
                if any(row["rule"] == name for row in rows)
            ],
        ),
        NodeColumn(
            text("customers", count=results.counts[entity]["customers"], entity=entity),
            text("golden"),
            [
                Node(
                    f"customers {is_matched}",
                    text(label),
                    round(sum(row["customers"] for row in rows if row["matched"] == is_matched)),
                    text("of_records", count=records) if is_matched else "",
                    quiet=not is_matched,
                    waiting=waiting[is_matched],
                    waits=text("waiting", count=waiting[is_matched]) if waiting[is_matched] else "",
                )
                for label, is_matched in (("matched", True), ("single", False))
                if (records := sum(r["records"] for r in rows if r["matched"] == is_matched))
            ],
        ),
    ]
    streams = [
        Stream(f"system {row['system']}", f"rule {row['rule']}", row["records"], row["records"])
        for row in rows
    ]
    for name in order:
        for is_matched in (True, False):
            mine = [row for row in rows if row["rule"] == name and row["matched"] == is_matched]
            if mine:
                records = sum(row["records"] for row in mine)
                customers = sum(row["customers"] for row in mine)
                ends = (f"rule {name}", f"customers {is_matched}")
                streams.append(Stream(*ends, records, customers))
    counts = results.counts[entity]
    words = text("words", records=counts["records"], customers=counts["customers"], entity=entity)
    return sankey(columns, streams, words)


def _outcome(rule: str, rules: Sequence[str]) -> str:
    """The match rule, or the kind of what people accepted: a link of an accepted pattern or band
    is called by its kind and its name.
    """
    return rule if rule in rules else rule.split(" ", 1)[0]


def _by_outcome(rows: list[dict[str, Any]], rules: Sequence[str]) -> list[dict[str, Any]]:
    """One row per system, outcome and whether the customer has several records."""
    found: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for row in rows:
        outcome = _outcome(row["rule"], rules)
        known = found.setdefault(
            (row["system"], outcome, row["matched"]),
            {**row, "rule": outcome, "records": 0, "customers": 0.0},
        )
        known["records"] += row["records"]
        known["customers"] += float(row["customers"])
    return list(found.values())


def _named(step: Step, rule: str, rules: list[str]) -> str:
    if rule in rules:
        return capital(humanize(rule))
    if not rule:
        return step.text(f"{_AT}.no_match")
    if rule == identity.MERGED:
        return step.text("figures.joining.rows.source")
    return step.text(f"figures.joining.rows.{rule}")


def _waiting(backlog: ReviewBacklog, entity: str) -> dict[bool, int]:
    """How many customers with several records and with one stand in a pair that awaits review."""
    pairs = backlog.pairs.get(entity, [])
    if not pairs:
        return {True: 0, False: 0}
    clusters = backlog.context.frame(f"{entity}__clusters").select("record", "id", "records")
    known = {record: (ident, size > 1) for record, ident, size in clusters.rows()}
    found = {
        known[record] for pair in pairs for record in (pair.left, pair.right) if record in known
    }
    return {which: sum(matched == which for _, matched in found) for which in (True, False)}
