"""Names in 05_survivorship.yml about attributes that come from one record, and about what dates
a value.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.dated_by import place_of_time, shared_identifier, sources_of, where_of
from workbook.model.schema import Dating, FieldRule, Survivorship
from workbook.model.validate.step_validator import Place, Validator

# rules by which one record can be chosen for several attributes
TOGETHER = ("source_order", "most_recent", "most_complete", "expression")
_RULE_WORDS = ("rule", "order", "no_older_than", "expr", "dated_by")


def together(validator: Validator, survivorship: Survivorship) -> Iterator[Problem]:
    """Groups of at least two known attributes, each in one group only, whose first one chooses
    a record.
    """
    for entity, groups in survivorship.together.items():
        path: Place = ("together", entity)
        yield from validator.entity(path, entity)
        seen: set[str] = set()
        for group in groups:
            for name in group:
                yield from (
                    validator.dotted(path, f"{entity}.{name}")
                    if "." not in name
                    else _no_name(validator, path, name)
                )
                if name in seen:
                    yield validator.problem(path, "model.survivorship.together_twice", name=name)
                seen.add(name)
            if len(group) < 2:
                yield validator.problem(
                    path, "model.survivorship.together_of_one", attributes=group
                )
            elif unplaced := [
                name
                for name in group
                if name in validator.model.attributes(entity)
                and not validator.model.attributes(entity)[name]
            ]:
                yield validator.problem(
                    path,
                    "model.survivorship.together_without_source",
                    name=f"{entity}.{unplaced[0]}",
                )
            else:
                yield from _led(validator, survivorship, entity, group)


def _no_name(validator: Validator, path: Place, name: str) -> Iterator[Problem]:
    yield validator.problem(path, "model.survivorship.together_dotted", name=name)


def _led(
    validator: Validator, survivorship: Survivorship, entity: str, group: tuple[str, ...]
) -> Iterator[Problem]:
    """The rule of the first one, which no other one contradicts."""
    first, *others = group
    rule = survivorship.fields.get(f"{entity}.{first}", FieldRule())
    path: Place = ("fields", f"{entity}.{first}")
    if rule.rule not in TOGETHER:
        yield validator.problem(
            (*path, "rule"),
            "model.survivorship.together_by_value",
            rule=rule.rule,
            attributes=group,
            rules=TOGETHER,
        )
    for title, other in rule.considered.items():
        if other.rule and other.rule not in TOGETHER:
            yield validator.problem(
                (*path, "considered", title),
                "model.survivorship.together_by_value",
                rule=other.rule,
                attributes=group,
                rules=TOGETHER,
            )
    for name in others:
        own = survivorship.fields.get(f"{entity}.{name}")
        differs = [
            word
            for word in _RULE_WORDS
            if own and word in own.model_fields_set and getattr(own, word) != getattr(rule, word)
        ]
        if differs:
            yield validator.problem(
                ("fields", f"{entity}.{name}", differs[0]),
                "model.survivorship.together_differs",
                name=f"{entity}.{name}",
                first=f"{entity}.{first}",
                word=differs[0],
                attributes=group,
            )
        if own and own.considered:
            yield validator.problem(
                ("fields", f"{entity}.{name}", "considered"),
                "model.survivorship.together_considered",
                name=f"{entity}.{name}",
                first=f"{entity}.{first}",
            )


def dated_by(validator: Validator, name: str, rule: FieldRule) -> Iterator[Problem]:
    """Each source names a time that says when its value changed."""
    model, (entity, _, attribute) = validator.model, name.partition(".")
    sources = sources_of(model, entity, attribute)
    known = {*sources, *(model.system_of(source) for source in sources)}
    if rule.dated_by and rule.rule == "union":
        yield validator.problem(("fields", name, "dated_by"), "model.survivorship.union_dated")
    for source, dating in rule.dated_by.items():
        path: Place = ("fields", name, "dated_by", source)
        if source not in known:
            yield from validator.known(path, "source", source, known, "04_entities.yml", of=name)
            continue
        for item in sources:
            if source in (item, model.system_of(item)) and (
                item == source or item not in rule.dated_by
            ):
                yield from _time(validator, path, name, item, dating)


def _time(
    validator: Validator, path: Place, name: str, source: str, dating: Dating
) -> Iterator[Problem]:
    model, (entity, _, attribute) = validator.model, name.partition(".")
    log, field = place_of_time(model, source, dating.at)
    if log not in model.source_names:
        yield from validator.source(path, log)
        return
    if not field:
        yield validator.problem(path, "model.survivorship.undated_log", source=log)
        return
    if field not in model.fields(log):
        yield from validator.field(path, log, field)
        return
    if model.field(log, field).type not in ("date", "timestamp"):
        yield validator.problem(
            path,
            "model.survivorship.dated_by_no_date",
            name=f"{log}.{field}",
            type=model.field(log, field).type,
        )
    if log == source:
        if dating.where:
            yield validator.problem(
                path, "model.survivorship.idle_where", field=field, source=source
            )
        return
    if not shared_identifier(model, source, log):
        yield validator.problem(
            path, "model.survivorship.no_shared_identifier", log=log, source=source
        )
    kept = model.history.history.get(name) if not model.is_open("history") else None
    if kept and kept.from_ == log and kept.as_ == "snapshots":
        yield validator.problem(path, "model.survivorship.dated_by_snapshots", log=log)
    if where := where_of(model, entity, attribute, log, dating):
        yield from validator.over_source(path, where, log)
