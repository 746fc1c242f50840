"""What page 00 counts of workflows: whom audiences reach by mistake, and fields of views that
nobody can vouch for.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook import diagnose
from workbook.engine import quote
from workbook.governance import table_of_use
from workbook.history import ending, peers_in
from workbook.history.lifecycle import lifecycle_name
from workbook.metrics import now, rule_table_name
from workbook.model import Model
from workbook.model.channels import contacts_of
from workbook.model.consent import consent_of, is_on_consent
from workbook.model.contested_attributes import owner_of_attribute, shared_attributes
from workbook.model.derivation import derivation_of
from workbook.model.schema import Audience
from workbook.model.view_reads import readings
from workbook.scenarios.context import Context
from workbook.scenarios.excluded_customers import excluded_kinds
from workbook.words.wording import humanize

_DISPUTED = 0.1  # a conflict rate from which on a field of a view is named


def audiences(context: Context) -> tuple[diagnose.Reached, ...]:
    """Of each audience that is built whom it reaches by mistake."""
    model = context.model
    if model.is_open("customer_360"):
        return ()
    return tuple(
        _reached(context, name, use)
        for name, use in model.customer_360.audiences.items()
        if context.has(table_of_use("audiences", name))
    )


def _reached(context: Context, name: str, use: Audience) -> diagnose.Reached:
    model, table = context.model, table_of_use("audiences", name)
    members = _count(context, f"select count(*) as n from {quote(table)}")
    unasked = members if consent_of(model, use) is not None else 0
    linked = _customers(context, use.of)
    return diagnose.Reached(
        audience=name,
        entity=use.of,
        customer=model.grain.primary,
        members=members,
        several=_several(context, table, linked) if use.of != model.grain.primary else None,
        ended=_ended(context, table, linked),
        tests=_tests(context, table, use.of, linked),
        unasked=unasked if is_on_consent(model, use) else None,
        shared=_shared_contacts(context, table, use),
        mixed=_mixed(model, name, use),
    )


def _count(context: Context, sql: str) -> int:
    return int(context.query(sql)["n"][0] or 0)


def _customers(context: Context, entity: str) -> str:
    """SQL of all pairs of an entity's rows and the customers that they are linked to; '' where
    none can be.
    """
    model, primary = context.model, context.model.grain.primary
    if not primary or not context.has(primary):
        return ""
    if entity == primary:
        return f"select id, id as customer from {quote(primary)}"
    pairs = []
    for name, link in model.entities.relationships.items():
        if context.has(name) and (link.from_, link.to) == (entity, primary):
            pairs.append(f"select from_id as id, to_id as customer from {quote(name)}")
        elif context.has(name) and (link.from_, link.to) == (primary, entity):
            pairs.append(f"select to_id as id, from_id as customer from {quote(name)}")
    return " union ".join(pairs)


def _several(context: Context, table: str, linked: str) -> int | None:
    """Members that are linked to several customers; None where none can be linked."""
    if not linked:
        return None
    return _count(
        context,
        "select count(*) as n from (select l.id from"
        f" ({linked}) as l join {quote(table)} as a on a.id = l.id where l.customer is not null"
        " group by l.id having count(distinct l.customer) > 1) as s",
    )


def _ended(context: Context, table: str, linked: str) -> int | None:
    """Members all of whose customers are in the state that ends a life."""
    model, primary = context.model, context.model.grain.primary
    stays = lifecycle_name(primary)
    if not linked or not context.has(stays):
        return None
    last = peers_in(model, primary, ending(model, primary))
    if not last:
        return None
    states = ", ".join(f"'{state}'" for state in last)
    return _count(
        context,
        "select count(*) as n from (select l.id from"
        f" ({linked}) as l join {quote(table)} as a on a.id = l.id"
        f" left join {quote(stays)} as s on s.id = l.customer and s.is_current"
        f" and s.state in ({states}) where l.customer is not null"
        " group by l.id having count(*) = count(s.id)) as e",
    )


def _tests(context: Context, table: str, entity: str, linked: str) -> int | None:
    """Members that a rule which others only ever exclude holds for, or for their customer."""
    model, primary, found = context.model, context.model.grain.primary, []
    for kind in excluded_kinds(context, entity):
        rule = quote(rule_table_name(model, kind.rule, now(model)))
        found.append(f"select id from {rule} where holds")
    if linked and entity != primary:
        for kind in excluded_kinds(context, primary):
            rule = quote(rule_table_name(model, kind.rule, now(model)))
            found.append(
                f"select l.id from ({linked}) as l join {rule} as r on r.id = l.customer where"
                " r.holds"
            )
    if not found:
        return None
    whole = " union ".join(found)
    return _count(context, f"select count(*) as n from {quote(table)} where id in ({whole})")


def _shared_contacts(context: Context, table: str, use: Audience) -> int | None:
    """Members whose contact is also that of somebody else."""
    model, found = context.model, []
    for contact in contacts_of(model, use):
        column = quote(model.column_of(use.of, contact.partition(".")[2]))
        found.append(
            f"select id from {quote(use.of)} where lower({column}) in (select lower({column})"
            f" from {quote(use.of)} where {column} is not null group by lower({column})"
            " having count(*) > 1)"
        )
    if not found:
        return None
    whole = " union ".join(found)
    return _count(context, f"select count(*) as n from {quote(table)} where id in ({whole})")


def _mixed(model: Model, name: str, use: Audience) -> tuple[str, ...]:
    """The other entities with an identity of their own whose attributes decide who is in."""
    steps = derivation_of(model)
    waiting = [
        read.thing
        for reading in readings(model, "audiences", name, use)
        if reading.place[-1] == "only"
        for read in reading.reads
    ]
    seen, found = set(waiting), dict[str, None]()
    while waiting:
        thing = waiting.pop()
        if thing.kind == "rule":
            more = {read.thing for read in steps.reads(thing)} - seen
            seen |= more
            waiting += sorted(more)
        elif thing.kind in ("attribute", "past"):
            owner = thing.name.partition(".")[0]
            if owner != use.of and model.has_identity(owner):
                found[owner] = None
    return tuple(found)


def shown_fields(
    model: Model, contested: Sequence[diagnose.Disagreement], stale: frozenset[str]
) -> diagnose.ShownFields | None:
    """Of the fields that views show what makes them hard to trust; None without a view.

    `stale` are the purposes whose data is older than they permit.
    """
    views = model.customer_360.views
    if model.is_open("customer_360") or not views:
        return None
    fields = dict.fromkeys(
        tuple(_attribute(view.of, field)) for view in views.values() for field in view.fields
    )
    ordered, rules = set(shared_attributes(model)), model.survivorship.fields
    unordered = [
        f"{entity}.{name}"
        for entity, name in fields
        if (entity, name) in ordered
        and f"{entity}.{name}" not in rules
        and entity not in model.survivorship.default
    ]
    disputed = {item.name for item in contested if item.share >= _DISPUTED} & {
        f"{entity}.{name}" for entity, name in fields
    }
    purposes = model.ai_context.purposes
    unlimited = [
        name
        for name, view in views.items()
        if not (view.purpose in purposes and purposes[view.purpose].freshness)
    ]
    return diagnose.ShownFields(
        views=len(views),
        fields=len(fields),
        unowned=tuple(
            humanize(f"{entity}.{name}")
            for entity, name in fields
            if not _owner(model, entity, name)
        ),
        unordered=tuple(map(humanize, unordered)),
        disputed=tuple(sorted(map(humanize, disputed))),
        unlimited=tuple(unlimited),
        stale=tuple(name for name, view in views.items() if view.purpose in stale),
    )


def _attribute(entity: str, field: str) -> tuple[str, str]:
    owner, _, name = field.rpartition(".")
    return owner or entity, name


def _owner(model: Model, entity: str, name: str) -> str:
    """Who answers for a field of a view: a metric, a rule or its score, or an attribute."""
    metrics = model.metrics
    if name in metrics.metrics:
        return model.owner_of("metrics", "metrics", name)
    for rule in (name, name.removesuffix("_points"), name.removesuffix("_reasons")):
        if rule in metrics.rules and not model.attributes(entity).get(name):
            return model.owner_of("metrics", "rules", rule)
    return owner_of_attribute(model, entity, name)
