"""What matching made of the records of each entity, counted: groups, rules, values and matches that
were excluded or blocked.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook import identity
from workbook.scenarios.context import Context
from workbook.steps.identity_totals import EntityTotals
from workbook.words import number
from workbook.words.wording import capital, humanize, join_words


class MatchResults:
    """The results of matching, by entity."""

    def __init__(self, context: Context) -> None:
        self.context, self.model = context, context.model

    @cached_property
    def resolved(self) -> tuple[str, ...]:
        """Entities whose records must be resolved."""
        return tuple(
            name
            for name in self.model.entity_names
            if self.model.has_identity(name) and self.context.has(f"{name}__clusters")
        )

    @cached_property
    def ruled(self) -> tuple[str, ...]:
        """Those of them that have rules."""
        return tuple(name for name in self.resolved if identity.spec_of(self.model, name).rules)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        return self.context.query(sql).to_dicts()

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Of each resolved entity: records, customers, the largest group."""
        return {
            name: self.rows(identity.cluster_stats.counts_sql(name))[0] for name in self.resolved
        }

    @cached_property
    def by_rule(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: its rules in order, with matches, merges, groups left, merges
        that no other rule makes.
        """
        return {
            name: self.rows(f'select * from "{name}__by_rule" order by rank')
            for name in self.resolved
        }

    @cached_property
    def guarded(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: the shared values that are excluded from matching."""
        return {name: self.rows(identity.cluster_stats.guarded_sql(name)) for name in self.resolved}

    @cached_property
    def refused(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: the reasons for which matches were blocked."""
        return {name: self.rows(identity.cluster_stats.refused_sql(name)) for name in self.resolved}

    @cached_property
    def sizes(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: one row per number of records that a customer has."""
        return {name: self.rows(identity.cluster_stats.sizes_sql(name)) for name in self.resolved}

    @cached_property
    def totals(self) -> dict[str, EntityTotals]:
        """Of each resolved entity, what decides beside the rules how many customers there are."""
        return {
            name: EntityTotals(self.context, name, self.counts[name]["customers"])
            for name in self.resolved
        }

    def cluster_size(self, entity: str) -> int | None:
        """The number of records above which a customer is a warning: the team's, or the default
        where it means something.
        """
        return identity.cluster_size(
            identity.spec_of(self.model, entity),
            {name: self.model.type_of(entity, name) for name in self.model.attributes(entity)},
        )

    def owner(self, entity: str) -> str:
        """Who answers for the matching of an entity."""
        return self.model.owner_of("identity", "identity", entity)

    # ---- names

    @property
    def things(self) -> str:
        """The resolved entities in the plural: `accounts and users`."""
        return join_words(plurals(self.resolved)) or "customers"

    @property
    def either(self) -> str:
        """The resolved entities in the singular: `account or user`."""
        return " or ".join(humanize(name) for name in self.resolved) or "customer"

    @property
    def group(self) -> str:
        """The column by which a table is grouped: the entity, where there are several."""
        return "entity" if len(self.resolved) > 1 else ""

    def system_label(self, system: str) -> str:
        """The label of a system."""
        known = (
            self.model.sources.systems.get(system) if not self.model.is_open("sources") else None
        )
        return (known.label if known else "") or humanize(system)


def plurals(entities: tuple[str, ...]) -> list[str]:
    """The names of entities in the plural.

    >>> plurals(("account", "billing_person"))
    ['accounts', 'billing people']
    """
    return [number.plural_of(humanize(name)) for name in entities]


def entity_label(entity: str) -> str:
    """The name of an entity as it heads the rows of a table.

    >>> entity_label("billing_account")
    'Billing account'
    """
    return capital(humanize(entity))
