"""Checks of canonical tables: ids, relationships, resolved identity, intervals and lifecycle
moves.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.checks.check import Check, CheckRule, TableScan
from workbook.checks.check_policy import Policy, policy_of
from workbook.engine import quote
from workbook.engine.comparison_keys import same_value
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.links import LIMITS
from workbook.model.schema import Relationship
from workbook.words.wording import humanize


def entity_scans(model: Model) -> Iterator[TableScan]:
    """Every scan that the entities, relationships, identity and history of a model ask for."""
    for entity in model.entity_names:
        yield entity_scan(model, entity)
        if model.has_identity(entity):
            yield from _identity(model, entity)
    links = model.entities.relationships
    for name, link in links.items():
        yield from _relationship(model, name, link)
    yield from _intervals(model)
    yield from _current(model)
    yield from _lifecycles(model)


def entity_scan(model: Model, entity: str, *more: Check) -> TableScan:
    """The canonical table of an entity: its ids, and more checks of its rows."""
    rule = CheckRule("entity_id", {"entity": entity})
    unique = Check(
        name=f"duplicate_keys__{entity}",
        family="duplicate_keys",
        on=entity,
        rule=rule,
        policy=_policy(model, "duplicate_keys", entity),
        bad=(
            ("e.id is null", rule.reason("empty")),
            ("row_number() over (partition by e.id order by e.id) > 1", rule.reason("repeated")),
        ),
    )
    return TableScan(
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


def _identity(model: Model, entity: str) -> Iterator[TableScan]:
    clusters = quote(f"{entity}__clusters")
    part = model.identity.identity.get(entity) if not model.is_open("identity") else None
    # a record without a key has no id, as decided
    may_be_left_out = bool(part) and part.without_keys == "leave_out"
    rule = CheckRule("at_most_one_id" if may_be_left_out else "one_id", {"entity": entity})
    several = ("e.ids > 1", rule.reason("several"))
    one = Check(
        name=f"identity__{entity}__one_id",
        family="identity",
        on=entity,
        rule=rule,
        policy=_policy(model, "identity", entity),
        bad=(several,) if may_be_left_out else (("e.ids = 0", rule.reason("none")), several),
    )
    yield TableScan(
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


def _apart(model: Model, entity: str, attributes: tuple[str, ...]) -> TableScan:
    """Values that must never meet: how many different ones each id holds, compared as identity
    compares them.
    """
    columns_of = {name: model.column_of(entity, name) for name in attributes}
    columns = ", ".join(
        f"count(distinct case when v.{quote(f'{column} why')} is null then"
        f" v.{quote(f'{column} key')} end) as {quote(column)}"
        for name, column in columns_of.items()
    )
    rules = {
        name: CheckRule("never_merge", {"entity": entity, "attribute": name}) for name in attributes
    }
    checks = tuple(
        Check(
            name=f"identity__{entity}__{name}",
            family="identity",
            on=entity,
            rule=rule,
            policy=_policy(model, "identity", entity, f"{entity}.{name}"),
            bad=((f"e.{quote(columns_of[name])} > 1", rule.reason("several")),),
            reads=tuple(
                f"{ref.source}.{ref.field}" for ref in model.attributes(entity).get(name, ())
            ),
        )
        for name, rule in rules.items()
    )
    source = (
        f"(select c.id, {columns} from {quote(entity + '__clusters')} as c\n"
        f"join {quote(entity + '__values')} as v on v.record = c.record group by c.id) as e"
    )
    return TableScan(
        table=f"{entity}__apart", source=source, record="e.id", of=humanize(entity), checks=checks
    )


def _relationship(model: Model, name: str, link: Relationship) -> Iterator[TableScan]:
    """Both ends of a relationship: how many rows each reaches, against what was declared."""
    policy = policy_of(
        model, "relationship_counts", (name,), model.owner_of("entities", "relationships", name)
    )
    most_from, most_to = LIMITS[link.cardinality]
    own = link.from_ == link.to
    limit_to = None if own else link.at_most.get(link.to)
    limit_from = link.at_most.get(link.from_)
    ends = {"entity": link.from_, "other": link.to}
    ahead = []
    if link.required:
        rule = CheckRule("linked", ends)
        ahead.append(_counted(name, policy, rule, "reaches", "e.reached = 0", "unlinked"))
    if (most := _least(most_to, limit_to)) is not None:
        rule = CheckRule("links", {**ends, "most": most})
        ahead.append(_counted(name, policy, rule, "at_most", f"e.reached > {most}", "above"))
    back = []
    if (most := _least(most_from, limit_from)) is not None:
        rule = CheckRule("links_back", {"entity": link.to, "other": link.from_, "most": most})
        back.append(_counted(name, policy, rule, "reached_by", f"e.reached > {most}", "above"))
    table = quote(name)
    yield TableScan(
        table=name,
        source=f"(select from_id, count(to_id) as reached from {table} group by from_id) as e",
        record="e.from_id",
        of=humanize(link.from_),
        checks=tuple(ahead),
    )
    yield TableScan(
        table=f"{name}__back",
        source=(
            f"(select to_id, count(*) as reached from {table} where to_id is not null group by"
            " to_id) as e"
        ),
        record="e.to_id",
        of=f"{humanize(link.to)} that is reached",
        checks=tuple(back),
    )


def _least(cardinality: int | None, limit: int | None) -> int | None:
    """The stricter of two limits; None where there is none."""
    return min((most for most in (cardinality, limit) if most is not None), default=None)


def _counted(
    name: str, policy: Policy, rule: CheckRule, aspect: str, condition: str, reason: str
) -> Check:
    return Check(
        name=f"relationship_counts__{name}__{aspect}",
        family="relationship_counts",
        on=name,
        rule=rule,
        policy=policy,
        bad=((condition, rule.reason(reason)),),
    )


def _intervals(model: Model) -> Iterator[TableScan]:
    """No two intervals of one thing meet on both axes: what was true when, and when we believed
    it.
    """
    for name in model.history.history:
        entity, _, attribute = name.partition(".")
        table = f"{entity}__{attribute}__history"
        rule = CheckRule("periods", {"history": name})
        check = Check(
            name=f"intervals__{entity}__{attribute}",
            family="intervals",
            on=name,
            rule=rule,
            policy=policy_of(
                model, "intervals", (entity, name), model.owner_of("history", "history", name)
            ),
            bad=(
                ("e.valid_to < e.valid_from", rule.reason("reversed")),
                ("e.others > 0", rule.reason("overlapping")),
            ),
        )
        yield TableScan(
            table=table,
            source=f"({_overlaps(table)}) as e",
            record="e.id",
            of=f"interval of {humanize(name)}",
            checks=(check,),
        )


def _current(model: Model) -> Iterator[TableScan]:
    """The profile of today shows what each history ends with."""
    for name in model.history.history:
        entity, _, attribute = name.partition(".")
        if not model.attributes(entity).get(attribute):
            continue
        rule = CheckRule("current_value", {"entity": entity, "attribute": attribute})
        check = Check(
            name=f"current__{entity}__{attribute}",
            family="current",
            on=name,
            rule=rule,
            policy=policy_of(
                model, "current", (entity, name), model.owner_of("history", "history", name)
            ),
            bad=(("not e.same", rule.reason("differs")),),
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
        yield TableScan(
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


def _lifecycles(model: Model) -> Iterator[TableScan]:
    """A move from one state to the next is one that the lifecycle names."""
    for entity, states in (model.history.lifecycle).items():
        rule = CheckRule("lifecycle", {"entity": entity})
        bad = []
        for state, part in states.items():
            next_ones = ", ".join(text(name) for name in part.next)
            outside = f" and e.next_state not in ({next_ones})" if next_ones else ""
            bad.append(
                (
                    f"e.state = {text(state)} and e.next_state is not null{outside}",
                    rule.text("reasons.left", state=state),
                )
            )
        moves = Check(
            name=f"invalid_states__{entity}__lifecycle",
            family="invalid_states",
            on=entity,
            rule=rule,
            policy=_policy(model, "invalid_states", entity),
            bad=tuple(bad),
        )
        source = (
            "(select id, state, next_state from (\n  select id, state, lead(state) over (partition"
            " by id order by valid_from, state) as next_state\n  from"
            f" {quote(entity + '__lifecycle')}\n) as stays where next_state is not null) as e"
        )
        yield TableScan(
            table=f"{entity}__lifecycle",
            source=source,
            record="e.id",
            of=f"move of {humanize(entity)} to another state",
            checks=(moves,),
        )
