"""What names in rules lead to: other rules, the rows that a clause counts, and whether the
answer depends on the date.
"""

from __future__ import annotations

from workbook.engine import tables_read
from workbook.metrics.compile.as_of_clock import AsOf, NotComputableError
from workbook.metrics.compile.row_times import attribute_of, time_of
from workbook.model import Model, scalar_expression
from workbook.words import error_of
from workbook.words.wording import humanize


def rule_table_name(model: Model, rule: str, clock: AsOf) -> str:
    """The table of a rule; one that does not depend on the date is the same at every moment."""
    part = model.metrics.rules[rule]
    return f"{part.of}__rule__{rule}" + (clock.suffix if depends_on_time(model, rule) else "")


def rules_in(model: Model, entity: str, text: str) -> tuple[str, ...]:
    """The rules whose names stand in an expression over an entity."""
    found = []
    for name in scalar_expression(text)[1] if text else ():
        owner, _, last = name.rpartition(".")
        if last in (words := model.rule_words(owner or entity)):
            found.append(words[last][0])
    return tuple(found)


def rules_under(model: Model, name: str) -> tuple[str, ...]:
    """The rules that a rule names itself."""
    rule = model.metrics.rules[name]
    found: list[str] = []
    for item in rule.conditions:
        if isinstance(item, str):
            found += rules_in(model, rule.of, item)
        elif item.where:
            found += rules_in(model, clause_target(model, item.some or item.no)[0], item.where)
    return tuple(dict.fromkeys(found))


def depends_on_time(model: Model, name: str, path: tuple[str, ...] = ()) -> bool:
    """Whether a rule's answer may differ between two dates: it names as_of, a window, or what
    happens to somebody.

    Raises:
        NotComputableError: rules depend on each other in a circle.
    """
    if name in path:
        raise error_of(
            NotComputableError,
            "metrics.rules_in_circle",
            rules=[humanize(item) for item in (*path, name)],
        )
    rule = model.metrics.rules[name]
    for item in rule.conditions:
        if isinstance(item, str):
            if names_time(model, rule.of, item):
                return True
        elif item.within or clause_target(model, item.some or item.no)[1]:
            return True
    return any(depends_on_time(model, other, (*path, name)) for other in rules_under(model, name))


def names_time(model: Model, entity: str, text: str) -> bool:
    """Whether an expression itself names as_of, or an attribute of which only the past values
    are known.
    """
    for name in scalar_expression(text)[1] if text else ():
        owner, _, last = name.rpartition(".")
        held = owner or entity
        if last in {*model.attributes(held), *model.rule_words(held)}:
            continue
        if name == "as_of" or history_table_for(model, held, last)[0]:
            return True
    return False


def clause_target(model: Model, name: str) -> tuple[str, str, str]:
    """What a clause counts: the entity whose rows they are, the attribute of their time, and a
    condition of its own.

    Raises:
        NotComputableError: the name is an event of a source that no entity keeps row by row.
    """
    from_entity = model.entities.entities
    if name in from_entity:
        return name, time_of(model, name), ""
    event = model.history.events.get(name) if not model.is_open("history") else None
    if event is None:
        raise error_of(
            NotComputableError,
            "metrics.unknown_counted",
            name=name,
            known=[
                *model.entity_names,
                *(model.history.events if not model.is_open("history") else ()),
            ],
        )
    for entity in model.entity_names:
        if model.entity_sources(entity) == (event.from_,) and not model.has_identity(entity):
            return (
                entity,
                (
                    attribute_of(model, entity, event.from_, event.at)
                    if event.at
                    else time_of(model, entity)
                ),
                event.where,
            )
    raise error_of(NotComputableError, "metrics.event_without_entity", event=name)


def history_table_for(model: Model, entity: str, name: str) -> tuple[str, str]:
    """The table of intervals and its column that hold a value of the past, or ('', '')."""
    section = model.history
    if f"{entity}.{name}" in section.history:
        return f"{entity}__{name}__history", "value"
    return (
        (f"{entity}__lifecycle", "state")
        if not model.is_open("history") and name == "lifecycle" and entity in section.lifecycle
        else ("", "")
    )


def at_event_table(entity: str, attribute: str, event: str) -> str:
    """The table of 06_history that holds a state at each occurrence of an event."""
    return f"{entity}__{attribute}__at__{event}"


def reads_the_past(model: Model, sql: str) -> bool:
    """Whether a query joins intervals of the past, of which two could hold at one moment."""
    section = model.history
    if model.is_open("history"):
        return False
    kept = {f"{name.replace('.', '__')}__history" for name in section.history} | {
        f"{entity}__lifecycle" for entity in section.lifecycle
    }
    return not kept.isdisjoint(tables_read(sql))
