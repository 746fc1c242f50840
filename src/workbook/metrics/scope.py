"""What an expression may see: the attributes and rules of one entity, and of others one to-one hop away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from workbook.engine import quote
from workbook.errors import WorkbookError, did_you_mean
from workbook.model import Model


class NotComputable(WorkbookError):
    """Why a number is refused instead of shown: the typed reason that the page prints."""


@dataclass(frozen=True)
class Compiled:
    """An expression over alias `e` of its entity, and the joins that it needs; none of them can multiply rows."""

    sql: str
    joins: tuple[str, ...] = ()


def end_of(day: dt.date) -> dt.date:
    """The first day that no longer counts: as-of means the end of its day, and intervals are half-open."""
    return day + dt.timedelta(days=1)


def as_of_date(model: Model) -> dt.date:
    """The project's as-of as a date; `latest` was resolved when the workbook was opened."""
    day = model.project.as_of
    if not isinstance(day, dt.date):
        raise NotComputable("as_of is not a date: 'latest' found no dated row in the data.")
    return day


class Scope:
    """Compiles expressions over one entity."""

    def __init__(self, model: Model, entity: str) -> None:
        self.model = model
        self.entity = entity
        self.attributes = set(model.attributes(entity)) | {"id"}

    def rules(self, entity: str) -> set[str]:
        """Names of the rules of an entity."""
        part = self.model.metrics
        return {name for name, rule in part.rules.items() if rule.of == entity} if part else set()

    def compile(self, text: str) -> Compiled:
        """The expression as SQL over alias `e`, and its joins in a stable order."""
        tree = sqlglot.parse_one(text, dialect="duckdb")
        joins: dict[str, None] = {}

        def place(node: exp.Expression) -> exp.Expression:
            return self._column(node, joins) if isinstance(node, exp.Column) else node

        return Compiled(tree.transform(place).sql(dialect="duckdb"), tuple(joins))

    def value(self, name: str) -> Compiled:
        """One attribute, rule, or `other.attribute`, as SQL."""
        return self.compile(".".join(quote(part) for part in name.split(".")))

    def _column(self, node: exp.Column, joins: dict[str, None]) -> exp.Expression:
        owner, name = node.table, node.name
        if not owner and name == "as_of":
            return _sql(f"CAST('{as_of_date(self.model)}' AS DATE)")
        if owner and owner != self.entity:
            return self._hop(owner, name, joins)
        if name in self.attributes:
            return _sql(f"e.{quote(name)}")
        if name in self.rules(self.entity):
            return self._rule(self.entity, name, "e", joins)
        raise self._unknown(self.entity, name)

    def _hop(self, other: str, name: str, joins: dict[str, None]) -> exp.Expression:
        link = self.to_one(other)
        hop, alias = quote(f"hop_{link}"), quote(f"other_{other}")
        joins[f"LEFT JOIN {quote(link + '__one')} AS {hop} ON {hop}.from_id = e.id"] = None
        joins[f"LEFT JOIN {quote(other)} AS {alias} ON {alias}.id = {hop}.to_id"] = None
        if name in self.model.attributes(other) or name == "id":
            return _sql(f"{alias}.{quote(name)}")
        if name in self.rules(other):
            return self._rule(other, name, alias, joins)
        raise self._unknown(other, name)

    def to_one(self, other: str) -> str:
        """The one relationship that leads from this entity to the other, at most one row away."""
        part = self.model.entities
        links = [
            name
            for name, link in (part.relationships if part else {}).items()
            if link.from_ == self.entity and link.to == other and link.cardinality in ("many to one", "one to one")
        ]
        if len(links) != 1:
            found = "no relationship leads" if not links else f"{len(links)} relationships lead"
            raise NotComputable(f"{found} from {self.entity} to {other} with at most one row at its end")
        return links[0]

    def _rule(self, entity: str, name: str, alias: str, joins: dict[str, None]) -> exp.Expression:
        rule = quote(f"rule_{entity}_{name}")
        joins[f"LEFT JOIN {quote(f'{entity}__rule__{name}')} AS {rule} ON {rule}.id = {alias}.id"] = None
        return _sql(f"COALESCE({rule}.holds, FALSE)")

    def _unknown(self, entity: str, name: str) -> NotComputable:
        known = set(self.model.attributes(entity)) | self.rules(entity)
        hint = did_you_mean(name, known)
        return NotComputable(f"'{name}' is neither an attribute nor a rule of {entity}. {hint}".strip())


def _sql(text: str) -> exp.Expression:
    return sqlglot.parse_one(text, dialect="duckdb")
