"""Checks of the team's own: a condition that every row must meet, or the value that a metric
must have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from workbook.checks.check import OWN, Check, Compile, Measure, Scan
from workbook.checks.entities import entity_scan
from workbook.checks.metric_checks import figure
from workbook.checks.policy import Policy, own_policy
from workbook.checks.sources import slug, source_scan
from workbook.engine import quote
from workbook.engine.keys import keyed_rows
from workbook.errors import WorkbookError
from workbook.model import Model, scalar_expression
from workbook.model.as_of import as_of_day
from workbook.model.conditions import condition, condition_fields
from workbook.model.schema import Check as Decision
from workbook.words.wording import capital, humanize

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def own_checks(model: Model, compile_: Compile) -> Iterator[Scan | Measure | Check]:
    """Each check as the scan or the figure that it needs; one that cannot run yet as it is,
    with the reason.
    """
    for name, decision in (model.checks.checks if model.checks else {}).items():
        policy = own_policy(model, decision, model.owner_of("checks", "checks", name))
        says = capital(humanize(name))
        if decision.must_be:
            yield _must_be(model, name, decision, says, policy)
        else:
            yield _must(model, name, decision, says, policy, compile_)


def _must_be(
    model: Model, name: str, decision: Decision, says: str, policy: Policy
) -> Measure | Check:
    if not model.metrics or decision.on not in model.metrics.metrics:
        return Check(
            name, OWN, decision.on, says, policy, waits=f"metric '{decision.on}' is not decided yet"
        )
    if not _NUMBER.fullmatch(decision.must_be):
        return Check(
            name, OWN, decision.on, says, policy, waits=f"'{decision.must_be}' is no number"
        )
    return figure(
        model, name, OWN, decision.on, says, policy, decision.must_be, decision.in_, decision.allow
    )


def _must(
    model: Model, name: str, decision: Decision, says: str, policy: Policy, compile_: Compile
) -> Scan | Check:
    on = decision.on
    waiting = Check(name, OWN, on, says, policy)
    if on in model.source_names:
        holds = condition(model, on, decision.must, as_of_day(model), "e")
        fields = model.fields(on)
        check = Check(
            name,
            OWN,
            on,
            says,
            policy,
            _bad(holds),
            (),
            tuple(f"{on}.{field}" for field in _names(decision.must) if field in fields),
        )
        scan, rows = source_scan(model, on), keyed_rows(model, on, condition_fields(decision.must))
        return _only(
            replace(scan, source=scan.source.replace(f"{quote(slug(on))} as e", f"{rows} as e", 1)),
            check,
        )
    if on not in model.entity_names:
        return _waits(waiting, "a condition is about rows of an entity or of a source")
    try:
        compiled = compile_(model, on, decision.must)
    except WorkbookError as error:
        return _waits(waiting, str(error))
    reads = tuple(
        dict.fromkeys(field for word in _names(decision.must) for field in _fields(model, on, word))
    )
    check = Check(name, OWN, on, says, policy, _bad(compiled.sql), compiled.joins, reads)
    return _only(entity_scan(model, on), check)


def _only(scan: Scan, check: Check) -> Scan:
    return Scan(scan.table, scan.source, scan.record, scan.of, scan.row, scan.cls, (check,))


def _waits(check: Check, why: str) -> Check:
    return Check(check.name, check.family, check.on, check.says, check.policy, waits=why)


def _bad(condition: str) -> tuple[tuple[str, str], ...]:
    """A row meets a condition where it is true; where a value is missing, nobody knows, and the
    row is shown.
    """
    return (
        (f"not ({condition})", "the condition does not hold"),
        (f"({condition}) is null", "a value is missing, so the condition cannot be told"),
    )


def _names(text: str) -> tuple[str, ...]:
    return scalar_expression(text)[1]


def _fields(model: Model, entity: str, name: str) -> Iterator[str]:
    """The fields of sources behind an attribute of the entity, or of one that it reaches."""
    owner, _, attribute = name.rpartition(".")
    for ref in model.attributes(owner or entity).get(attribute, ()):
        yield f"{ref.source}.{ref.field}"
