"""All tables of identity: what the model says of each entity whose records must be resolved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook.engine import Table
from workbook.identity.candidate_tables import compared_of, suggestion_tables
from workbook.identity.entity_tables import entity_tables
from workbook.identity.event_sources import events_of, names_of
from workbook.identity.match_ledger import MatchLedger, read_ledger
from workbook.identity.resolved_columns import in_columns, said_of
from workbook.identity.weights import Weights, read_weights, settings_of, weights_path
from workbook.model import Model
from workbook.model.schema import EntityIdentity
from workbook.model.table_names import listed_name

LEDGER = "matches.csv"


def tables(model: Model) -> list[Table]:
    """For every entity whose records must be resolved: keys, links, what was guarded and
    refused, clusters, id lineage.
    """
    decisions = ledger(model).decisions
    results: list[Table] = []
    for entity in model.entity_names:
        if model.has_identity(entity):
            spec = spec_of(model, entity)
            suggested, weights, seen = suggested_of(model, entity, spec)
            named, spec = compared(spec), in_columns(model, entity, spec)
            results += entity_tables(
                entity,
                spec,
                methods={
                    model.column_of(entity, name): model.normaliser_of(entity, name)
                    for name in named
                },
                types={
                    model.column_of(entity, name): model.type_of(entity, name) for name in named
                },
                events=events_of(model, entity),
                names=names_of(model, entity),
                called=said_of(model, entity),
                words=words_of(model, entity, named),
                merges=bool(model.merges(entity)),
                lists=lists_of(model, entity, named),
                classes={
                    model.column_of(entity, name): model.class_of(f"{entity}.{name}")
                    for name in named
                },
                decisions=[decision for decision in decisions if decision.entity == entity],
                registry=model.root / "registry" / f"{entity}.parquet",
                suggestions=suggested,
                seen=seen,
                weights=weights.digest if weights else "",
            )
    return results


def weights_of(model: Model, entity: str, spec: EntityIdentity) -> tuple[Weights | None, str]:
    """The trained weights of an entity, or why there are none ('' where nobody trained any)."""
    compared = compared_of(model, entity, spec)
    return read_weights(
        weights_path(model.root / model.project.decisions, entity),
        settings_of(compared.kinds, compared.methods),
        compared.kinds,
    )


def suggested_of(
    model: Model, entity: str, spec: EntityIdentity
) -> tuple[list[Table], Weights | None, dict[str, str]]:
    """The tables of suggestions, the weights that they depend on, and the normalisers of what a
    reviewer compares; nothing without weights.
    """
    if not spec.suggest or not spec.suggest.compare:
        return [], None, {}
    compared = compared_of(model, entity, spec)
    weights, _ = weights_of(model, entity, spec)
    if not weights:
        return [], weights, compared.seen
    decided, numbered = in_columns(model, entity, spec), several_values(model, entity)
    result = suggestion_tables(entity, decided, compared, weights, numbered=numbered)
    return result, weights, compared.seen


def ledger(model: Model) -> MatchLedger:
    """The review decisions of the project."""
    return read_ledger(
        model.root / model.project.decisions / LEDGER, model.unwritten.get(LEDGER, ())
    )


def spec_of(model: Model, entity: str) -> EntityIdentity:
    """What was decided about the identity of an entity; without a decision, no rules."""
    found = model.identity.identity.get(entity) if not model.is_open("identity") else None
    return found or EntityIdentity()


def words_of(
    model: Model, entity: str, attributes: Iterable[str]
) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
    """Of each attribute the words that mean nothing and those that are meant, where the model
    says more than its type does.
    """
    said = {name: model.placeholders(entity, name) for name in attributes}
    return {
        model.column_of(entity, name): (item.add, item.keep)
        for name, item in said.items()
        if item.add or item.keep
    }


def lists_of(model: Model, entity: str, attributes: Iterable[str]) -> dict[str, str]:
    """The attributes of which a record may hold several values, by column, each with its table."""
    columns = [model.column_of(entity, name) for name in attributes if model.is_list(entity, name)]
    return {column: listed_name(entity, column) for column in columns}


def several_values(model: Model, entity: str) -> bool:
    """Whether a rule of an entity matches on lists, so that two records may share several
    values.
    """
    rules = spec_of(model, entity).rules
    return any(model.is_list(entity, name) for rule in rules for name in rule.match)


def compared(spec: EntityIdentity) -> tuple[str, ...]:
    """The attributes whose values are compared, in the order in which they are named."""
    named = [name for rule in spec.rules for name in rule.match]
    return tuple(dict.fromkeys([*named, *spec.never_merge, *spec.guard.distinct_per_value]))
