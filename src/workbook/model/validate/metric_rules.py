"""Rules of 07_metrics.yml: their clauses, scores and what each reads."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.schema import Clause, Metrics, Rule
from workbook.model.validate.step_validator import Validator


def rule_problems(validator: Validator, part: Metrics, name: str, rule: Rule) -> Iterator[Problem]:
    place = ("rules", name)
    yield from validator.named(place, name)
    yield from validator.owner(rule, *place)
    yield from validator.entity((*place, "of"), rule.of)
    if name in part.metrics:
        yield validator.problem(place, "model.metrics.rule_and_metric", name=name)
    if name in validator.model.attributes(rule.of):
        yield validator.problem(
            place, "model.metrics.rule_and_attribute", name=name, entity=rule.of
        )
    if not rule.conditions:
        yield validator.problem(place, "model.metrics.rule_without_condition", name=name)
    yield from _score(validator, place, name, rule)
    for word in ("all", "any", "none"):
        for number, item in enumerate(getattr(rule, word)):
            here = (*place, word, number)
            if isinstance(item, str):
                yield from validator.expression(here, item, rule.of)
            else:
                yield from _clause(validator, here, rule, item)
    if rule.competes_with:
        yield from validator.known(
            (*place, "competes_with"), "rule", rule.competes_with, part.rules
        )


def _score(
    validator: Validator, place: tuple[str, ...], name: str, rule: Rule
) -> Iterator[Problem]:
    """The points of a rule, and the sum from which it holds."""
    most = sum(points for points in rule.points.values() if points > 0)
    if rule.points and not 0 < rule.reach <= most:
        yield validator.problem(
            (*place, "points"),
            "model.metrics.reach_beyond_points",
            name=name,
            most=most,
            reach=rule.reach,
        )
    if rule.reach and not rule.points:
        yield validator.problem(
            (*place, "reach"),
            "model.metrics.reach_without_points",
            name=name,
            reach=rule.reach,
        )
    for each in rule.points:
        yield from validator.expression((*place, "points", each), each, rule.of)
    for word, (of, _) in validator.model.rule_words(rule.of).items():
        if of == name != word and word in (
            *validator.model.attributes(rule.of),
            *validator.model.rules_of(rule.of),
        ):
            yield validator.problem(
                (*place, "points"),
                "model.metrics.score_and_attribute",
                word=word,
                name=name,
                entity=rule.of,
            )


def _clause(
    validator: Validator, place: tuple[str | int, ...], rule: Rule, clause: Clause
) -> Iterator[Problem]:
    thing = clause.some or clause.no
    if bool(clause.some) == bool(clause.no):
        yield validator.problem(place, "model.metrics.clause", both=bool(clause.some))
        return
    yield from validator.length((*place, "within"), clause.within)
    model = validator.model
    events = model.history.events
    known = {**(model.entities.entities), **events}
    if known:
        yield from validator.known(
            place, "entity_or_event", thing, known, "04_entities.yml, 06_history.yml"
        )
    if clause.where and thing in (model.entities.entities):
        yield from validator.expression((*place, "where"), clause.where, thing)
