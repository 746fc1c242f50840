"""Checks of the team's own: a condition that every row must meet, or the value that a metric
must have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from workbook.checks.check import OWN, Check, CheckRule, ComparedFigure, Compile, TableScan
from workbook.checks.check_policy import Policy, own_policy
from workbook.checks.entity_checks import entity_scan
from workbook.checks.metric_checks import figure
from workbook.checks.source_checks import records_of, slug, source_scan
from workbook.engine import quote
from workbook.engine.comparison_keys import keyed_rows
from workbook.errors import WorkbookError
from workbook.model import Model, scalar_expression
from workbook.model.as_of import as_of_day
from workbook.model.conditions import condition, condition_fields
from workbook.model.schema import Check as Decision
from workbook.words import number, words_of
from workbook.words.wording import humanize

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def own_checks(model: Model, compile_: Compile) -> Iterator[TableScan | ComparedFigure | Check]:
    """Each check as the scan or the figure that it needs; one that cannot run yet as it is,
    with the reason.
    """
    for name, decision in (model.checks.checks).items():
        policy = own_policy(model, decision, model.owner_of("checks", "checks", name))
        if decision.must_be:
            yield _must_be(model, name, decision, policy)
        else:
            yield _must(model, name, decision, policy, compile_)


def _must_be(model: Model, name: str, decision: Decision, policy: Policy) -> ComparedFigure | Check:
    on = decision.on
    rule = CheckRule(
        "own_figure",
        {"check": name, "metric": on, "period": decision.in_, "tolerance": decision.allow},
    )
    waiting = Check(name, OWN, on, rule, policy)
    if on not in model.metrics.metrics:
        return _waits(waiting, words_of("checks").text("waits.undecided", metric=on))
    if not _NUMBER.fullmatch(decision.must_be):
        return _waits(waiting, words_of("checks").text("waits.no_number", value=decision.must_be))
    return figure(
        model, name, OWN, on, rule, policy, decision.must_be, decision.in_, decision.allow
    )


def _must(
    model: Model, name: str, decision: Decision, policy: Policy, compile_: Compile
) -> TableScan | Check:
    on = decision.on
    records = records_of(on) if on in model.source_names else number.plural_of(humanize(on))
    rule = CheckRule("own_condition", {"check": name, "records": records})
    waiting = Check(name, OWN, on, rule, policy)
    if on in model.source_names:
        holds = condition(model, on, decision.must, as_of_day(model), "e")
        fields = model.fields(on)
        check = Check(
            name,
            OWN,
            on,
            rule,
            policy,
            _bad(rule, holds),
            (),
            tuple(f"{on}.{field}" for field in _names(decision.must) if field in fields),
        )
        scan, rows = source_scan(model, on), keyed_rows(model, on, condition_fields(decision.must))
        return _only(
            replace(scan, source=scan.source.replace(f"{quote(slug(on))} as e", f"{rows} as e", 1)),
            check,
        )
    if on not in model.entity_names:
        return _waits(waiting, words_of("checks").text("waits.no_rows"))
    try:
        compiled = compile_(model, on, decision.must, decision.then)
    except WorkbookError as error:
        return _waits(waiting, str(error))
    reads = tuple(
        dict.fromkeys(field for name in _names(decision.must) for field in _fields(model, on, name))
    )
    check = Check(name, OWN, on, rule, policy, _bad(rule, compiled.sql), compiled.joins, reads)
    return _only(entity_scan(model, on), check)


def _only(scan: TableScan, check: Check) -> TableScan:
    return TableScan(scan.table, scan.source, scan.record, scan.of, scan.row, scan.cls, (check,))


def _waits(check: Check, why: str) -> Check:
    return replace(check, waits=why)


def _bad(rule: CheckRule, condition: str) -> tuple[tuple[str, str], ...]:
    """A row is bad where a condition is not true, and where it is unknown, since a value is
    missing.
    """
    return (
        (f"not ({condition})", rule.reason("untrue")),
        (f"({condition}) is null", rule.reason("unknown")),
    )


def _names(text: str) -> tuple[str, ...]:
    return scalar_expression(text)[1]


def _fields(model: Model, entity: str, name: str) -> Iterator[str]:
    """The fields of sources behind an attribute of the entity, or of one that it reaches, and
    those that keep its past.
    """
    owner, _, attribute = name.rpartition(".")
    for ref in model.attributes(owner or entity).get(attribute, ()):
        yield f"{ref.source}.{ref.field}"
    kept = model.history.history.get(f"{owner or entity}.{attribute}")
    if kept and kept.from_ in model.source_names:
        known = model.fields(kept.from_)
        names = (kept.value, *(_names(kept.where) if kept.where else ()))
        yield from (f"{kept.from_}.{field}" for field in names if field in known)
