"""Rules of 07_metrics.yml: their clauses, scores and what each reads."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.schema import Clause, Metrics, Rule
from workbook.model.validate.step_validator import Validator


def rule_problems(
    validator: Validator, metrics: Metrics, name: str, rule: Rule
) -> Iterator[Problem]:
    path = ("rules", name)
    yield from validator.named(path, name)
    yield from validator.owner(rule, *path)
    yield from validator.entity((*path, "of"), rule.of)
    if name in metrics.metrics:
        yield validator.problem(path, "model.metrics.rule_and_metric", name=name)
    if name in validator.model.attributes(rule.of):
        yield validator.problem(path, "model.metrics.rule_and_attribute", name=name, entity=rule.of)
    if not rule.conditions:
        yield validator.problem(path, "model.metrics.rule_without_condition", name=name)
    yield from _score(validator, path, name, rule)
    for word in ("all", "any", "none"):
        for number, item in enumerate(getattr(rule, word)):
            here = (*path, word, number)
            if isinstance(item, str):
                yield from validator.expression(here, item, rule.of)
            else:
                yield from _clause(validator, here, rule, item)
    if rule.competes_with:
        yield from validator.known(
            (*path, "competes_with"), "rule", rule.competes_with, metrics.rules
        )


def _score(validator: Validator, path: tuple[str, ...], name: str, rule: Rule) -> Iterator[Problem]:
    """The points of a rule, and the sum from which it holds."""
    most = sum(points for points in rule.points.values() if points > 0)
    if rule.points and not 0 < rule.reach <= most:
        yield validator.problem(
            (*path, "points"),
            "model.metrics.reach_beyond_points",
            name=name,
            most=most,
            reach=rule.reach,
        )
    if rule.reach and not rule.points:
        yield validator.problem(
            (*path, "reach"),
            "model.metrics.reach_without_points",
            name=name,
            reach=rule.reach,
        )
    for point in rule.points:
        yield from validator.expression((*path, "points", point), point, rule.of)
    for word, (of, _) in validator.model.rule_words(rule.of).items():
        if of == name != word and word in (
            *validator.model.attributes(rule.of),
            *validator.model.rules_of(rule.of),
        ):
            yield validator.problem(
                (*path, "points"),
                "model.metrics.score_and_attribute",
                word=word,
                name=name,
                entity=rule.of,
            )


def _clause(
    validator: Validator, path: tuple[str | int, ...], rule: Rule, clause: Clause
) -> Iterator[Problem]:
    thing = clause.some or clause.no
    if bool(clause.some) == bool(clause.no):
        yield validator.problem(path, "model.metrics.clause", both=bool(clause.some))
        return
    yield from validator.length((*path, "within"), clause.within)
    model = validator.model
    events = model.history.events
    known = {**(model.entities.entities), **events}
    if known:
        yield from validator.known(
            path, "entity_or_event", thing, known, "04_entities.yml, 06_history.yml"
        )
    if clause.where and thing in (model.entities.entities):
        yield from validator.expression((*path, "where"), clause.where, thing)
