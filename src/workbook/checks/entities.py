"""Checks of canonical tables: ids, relationships, resolved identity, intervals and lifecycle
moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbook.checks.check import Check, Scan
from workbook.checks.policy import Policy, policy_of
from workbook.engine import quote
from workbook.engine.keys import same_value
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.links import LIMITS
from workbook.model.schema import Relationship
from workbook.words import number
from workbook.words.wording import humanize


def entity_scans(model: Model) -> Iterator[Scan]:
    """Every scan that the entities, relationships, identity and history of a model ask for."""
    for entity in model.entity_names:
        yield entity_scan(model, entity)
        if model.has_identity(entity):
            yield from _identity(model, entity)
    links = model.entities.relationships if model.entities else {}
    for name, link in links.items():
        yield from _relationship(model, name, link)
    yield from _intervals(model)
    yield from _current(model)
    yield from _lifecycles(model)


def entity_scan(model: Model, entity: str, *more: Check) -> Scan:
    """The canonical table of an entity: its ids, and more checks of its rows."""
    unique = Check(
        name=f"duplicate_keys__{entity}",
        family="duplicate_keys",
        on=entity,
        says=f"Each id names one {humanize(entity)}",
        policy=_policy(model, "duplicate_keys", entity),
        bad=(
            ("e.id is null", "its id is empty"),
            ("row_number() over (partition by e.id order by e.id) > 1", "it repeats an id"),
        ),
    )
    return Scan(
        table=entity,
        source=f"{quote(entity)} as e",
        record="e.id",
        of=humanize(entity),
        checks=(unique, *more),
    )


def _policy(model: Model, family: str, entity: str, *more: str) -> Policy:
    word = (
        "identity"
        if family == "identity" and model.owner_of("identity", "identity", entity)
        else "entities"
    )
    return policy_of(model, family, (entity, *more), model.owner_of(word, word, entity))


def _identity(model: Model, entity: str) -> Iterator[Scan]:
    clusters = quote(f"{entity}__clusters")
    one = Check(
        name=f"identity__{entity}__one_id",
        family="identity",
        on=entity,
        says=f"Every record of {humanize(entity)} has exactly one id",
        policy=_policy(model, "identity", entity),
        bad=(("e.ids = 0", "it has no id"), ("e.ids > 1", "it has several ids")),
    )
    part = model.identity.identity.get(entity) if model.identity else None
    if part and part.without_keys == "leave_out":  # whoever has no key has no id, as decided
        one = replace(one, says=f"No record of {humanize(entity)} has two ids", bad=one.bad[1:])
    yield Scan(
        table=f"{entity}__ids",
        source=(
            f"(select r._record as record, count(c.id) as ids from {quote(entity + '__records')} as"
            f" r\nleft join {clusters} as c on c.record = r._record group by r._record) as e"
        ),
        record="e.record",
        of=f"record of {humanize(entity)}",
        checks=(one,),
    )
    if part and part.never_merge:
        yield _apart(model, entity, part.never_merge)


def _apart(model: Model, entity: str, attributes: tuple[str, ...]) -> Scan:
    """Values that must never meet: how many different ones each id holds, compared as identity
    compares them.
    """
    columns_of = {name: model.column_of(entity, name) for name in attributes}
    columns = ", ".join(
        f"count(distinct case when v.{quote(f'{column} why')} is null then"
        f" v.{quote(f'{column} key')} end) as {quote(column)}"
        for name, column in columns_of.items()
    )
    checks = tuple(
        Check(
            name=f"identity__{entity}__{name}",
            family="identity",
            on=entity,
            says=f"No {humanize(entity)} holds two values of {humanize(name)}",
            policy=_policy(model, "identity", entity, f"{entity}.{name}"),
            bad=(
                (
                    f"e.{quote(columns_of[name])} > 1",
                    f"it holds two values of {humanize(name)}, which must never meet",
                ),
            ),
            reads=tuple(
                f"{ref.source}.{ref.field}" for ref in model.attributes(entity).get(name, ())
            ),
        )
        for name in attributes
    )
    source = (
        f"(select c.id, {columns} from {quote(entity + '__clusters')} as c\n"
        f"join {quote(entity + '__values')} as v on v.record = c.record group by c.id) as e"
    )
    return Scan(
        table=f"{entity}__apart", source=source, record="e.id", of=humanize(entity), checks=checks
    )


def _relationship(model: Model, name: str, link: Relationship) -> Iterator[Scan]:
    """Both ends of a relationship: how many rows each reaches, against what was declared."""
    policy = policy_of(
        model, "relationship_counts", (name,), model.owner_of("entities", "relationships", name)
    )
    most_from, most_to = LIMITS[link.cardinality]
    own = link.from_ == link.to
    limit_to = None if own else link.at_most.get(link.to)
    limit_from = link.at_most.get(link.from_)
    one, other = humanize(link.from_), humanize(link.to)
    ahead = (
        [
            (
                f"{one} reaches at least one {other}",
                "reaches",
                "e.reached = 0",
                f"it reaches no {other}",
            )
        ]
        if link.required
        else []
    )
    ahead += _most(one, other, "reaches", most_to, limit_to)
    back = _most(other, one, "is reached", most_from, limit_from)
    table = quote(name)
    yield Scan(
        table=name,
        source=f"(select from_id, count(to_id) as reached from {table} group by from_id) as e",
        record="e.from_id",
        of=one,
        checks=tuple(_counted(name, policy, *each) for each in ahead),
    )
    yield Scan(
        table=f"{name}__back",
        source=(
            f"(select to_id, count(*) as reached from {table} where to_id is not null group by"
            " to_id) as e"
        ),
        record="e.to_id",
        of=f"{other} that is reached",
        checks=tuple(_counted(name, policy, *each) for each in back),
    )


def _most(
    one: str, other: str, verb: str, cardinality: int | None, limit: int | None
) -> list[tuple[str, str, str, str]]:
    most = (
        min(limit for limit in (cardinality, limit) if limit is not None)
        if cardinality or limit is not None
        else None
    )
    if most is None:
        return []
    passive, many = (
        "reached_by" if verb.startswith("is") else "at_most",
        (f"one {other}" if most == 1 else number.plural(most, other)),
    )
    by = "by " if passive == "reached_by" else ""
    return [
        (
            f"{one} {verb} {by}at most {many}",
            passive,
            f"e.reached > {most}",
            f"it {verb} {by}more than {many}",
        )
    ]


def _counted(
    name: str, policy: Policy, says: str, aspect: str, condition: str, reason: str
) -> Check:
    return Check(
        name=f"relationship_counts__{name}__{aspect}",
        family="relationship_counts",
        on=name,
        says=f"Every {says}",
        policy=policy,
        bad=((condition, reason),),
    )


def _intervals(model: Model) -> Iterator[Scan]:
    """No two intervals of one thing meet on both axes: what was true when, and when we believed
    it.
    """
    for name in model.history.history if model.history else ():
        entity, _, attribute = name.partition(".")
        table = f"{entity}__{attribute}__history"
        check = Check(
            name=f"intervals__{entity}__{attribute}",
            family="intervals",
            on=name,
            says=f"Intervals of {humanize(name)} do not overlap",
            policy=policy_of(
                model, "intervals", (entity, name), model.owner_of("history", "history", name)
            ),
            bad=(
                ("e.valid_to < e.valid_from", "an interval ends before it starts"),
                ("e.others > 0", "an interval overlaps another"),
            ),
        )
        yield Scan(
            table=table,
            source=f"({_overlaps(table)}) as e",
            record="e.id",
            of=f"interval of {humanize(name)}",
            checks=(check,),
        )


def _current(model: Model) -> Iterator[Scan]:
    """The profile of today shows what each history ends with."""
    for name in model.history.history if model.history else ():
        entity, _, attribute = name.partition(".")
        if not model.attributes(entity).get(attribute):
            continue
        check = Check(
            name=f"current__{entity}__{attribute}",
            family="current",
            on=name,
            says=(
                f"The profile of each {humanize(entity)} shows the {humanize(attribute)} that its"
                " history ends with"
            ),
            policy=policy_of(
                model, "current", (entity, name), model.owner_of("history", "history", name)
            ),
            bad=(("not e.same", "its history ends with another value"),),
        )
        same, joins = same_value(
            model, entity, attribute, f"p.{quote(model.column_of(entity, attribute))}", "h.value"
        )
        source = (
            f"(select p.id as id, {same} as same\nfrom {quote(entity)} as p\njoin"
            f" {quote(f'{entity}__{attribute}__history')} as h on h.id = p.id and"
            f" h.is_current{joins}\nwhere h.value is not null and"
            f" p.{quote(model.column_of(entity, attribute))} is not null) as e"
        )
        yield Scan(
            table=f"{entity}__{attribute}__current",
            source=source,
            record="e.id",
            of=humanize(entity),
            checks=(check,),
        )


def _overlaps(table: str) -> str:
    """Each interval with how many later ones it meets on both axes."""
    order = "partition by id order by valid_from, recorded_from, valid_to, recorded_to"
    numbered = (
        f"select id, valid_from, valid_to, recorded_from, recorded_to, row_number() over ({order})"
        f" as n from {quote(table)}"
    )
    return (
        "select a.id as id, a.n as n, a.valid_from as valid_from, a.valid_to as valid_to,"
        f" count(b.id) as others\nfrom ({numbered}) as a\nleft join ({numbered}) as b on b.id ="
        " a.id and b.n > a.n\n  and a.valid_from < b.valid_to and b.valid_from < a.valid_to\n  and"
        " a.recorded_from < b.recorded_to and b.recorded_from < a.recorded_to\ngroup by a.id, a.n,"
        " a.valid_from, a.valid_to"
    )


def _lifecycles(model: Model) -> Iterator[Scan]:
    """A move from one state to the next is one that the lifecycle names."""
    for entity, states in (model.history.lifecycle if model.history else {}).items():
        bad = []
        for state, part in states.items():
            next_ones = ", ".join(text(name) for name in part.next)
            outside = f" and e.next_state not in ({next_ones})" if next_ones else ""
            bad.append(
                (
                    f"e.state = {text(state)} and e.next_state is not null{outside}",
                    f"it leaves {humanize(state)} for a state that may not follow",
                )
            )
        moves = Check(
            name=f"invalid_states__{entity}__lifecycle",
            family="invalid_states",
            on=entity,
            says=f"Every {humanize(entity)} moves only to a state that may follow",
            policy=_policy(model, "invalid_states", entity),
            bad=tuple(bad),
        )
        source = (
            "(select id, state, next_state from (\n  select id, state, lead(state) over (partition"
            " by id order by valid_from, state) as next_state\n  from"
            f" {quote(entity + '__lifecycle')}\n) as stays where next_state is not null) as e"
        )
        yield Scan(
            table=f"{entity}__lifecycle",
            source=source,
            record="e.id",
            of=f"move of {humanize(entity)} to another state",
            checks=(moves,),
        )
