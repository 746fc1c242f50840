"""What an expression may see: the attributes and rules of one entity, and of others one to-one
hop away.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from workbook.dialect import parse_one, to_sql
from workbook.engine import quote
from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import AsOf, NotComputableError
from workbook.metrics.compile.references import (
    at_event_table,
    depends_on_time,
    history_table_for,
    rule_table_name,
)
from workbook.model import Model, scalar_expression
from workbook.model.comparisons import by_keys, lower_of, method_in_key
from workbook.model.equality import in_entity, segmented, spelled_once
from workbook.model.expressions import without_zero
from workbook.model.links import splitting_links, to_one_links
from workbook.model.months_from import day_so_far, months_from
from workbook.model.names import shown_name
from workbook.model.rule_words import HOLDS
from workbook.model.times import wall, zone_of
from workbook.model.types.normalise import grouped_key
from workbook.words import error_of


@dataclass(frozen=True)
class CompiledExpression:
    """An expression over alias `e` of its entity, and what it needs.

    `joins` multiply no row as long as the ids of the entities that it `reaches` are unique,
    which is measured.
    """

    sql: str
    joins: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()


class Scope:
    """Compiles expressions over one entity, asked at one clock.

    With `splits`, values of a many-to-many link are in reach, too: they are known only of rows that
    belong to one, so whoever asks must give the others a segment of their own.
    """

    def __init__(self, model: Model, entity: str, clock: AsOf, *, splits: bool = False) -> None:
        self.model = model
        self._splits = splits
        self.entity = entity
        self.clock = clock
        self.attributes = {name for name, places in model.attributes(entity).items() if places} | {
            model.id_of(entity)
        }

    def compile(self, text: str) -> CompiledExpression:
        """The expression as SQL over alias `e`, and its joins in a stable order.

        Raises:
            NotComputableError: it is no expression, or names what is out of reach.
        """
        try:
            tree = by_keys(
                scalar_expression(text)[0], in_entity(self.model, self.entity), grouped_key
            )
        except WorkbookError as error:
            raise error_of(NotComputableError, "metrics.expression", why=str(error)) from error
        joins: dict[str, None] = {}
        reaches: dict[str, None] = {}

        def place(node: exp.Expression) -> exp.Expression:
            if (months := months_from(node, self._is_day)) is not None:
                return day_so_far(months, self.clock.end)
            if not isinstance(node, exp.Column):
                return node
            found = self._column(node, joins, reaches)
            return self._key(node, found, joins) if method_in_key(node) else found

        return CompiledExpression(
            to_sql(without_zero(tree.transform(place))), tuple(joins), tuple(reaches)
        )

    def segment(self, entity: str, attribute: str, value: CompiledExpression) -> CompiledExpression:
        """A value in the one spelling of its segment."""
        return self._spelled(entity, attribute, value, "shown")

    def same(self, name: str) -> CompiledExpression:
        """The value of an attribute by which rows are the same: its key, where its type has one."""
        owner, _, attribute = name.rpartition(".")
        return self._spelled(owner or self.entity, attribute, self.value(name), "key")

    def _spelled(
        self, entity: str, attribute: str, value: CompiledExpression, column: str
    ) -> CompiledExpression:
        if (entity, attribute) not in segmented(self.model):
            return value
        sql, join = self._spelling(entity, attribute, value.sql, column)
        return CompiledExpression(sql, (*value.joins, join), value.reaches)

    def _spelling(self, entity: str, attribute: str, value: str, column: str) -> tuple[str, str]:
        alias = quote(f"spelled_{entity}_{attribute}")
        return (
            f"coalesce({alias}.{column}, {value})",
            (
                f"left join {quote(shown_name(entity, attribute))} as {alias} on {alias}.value ="
                f" {value}"
            ),
        )

    def value(self, name: str) -> CompiledExpression:
        """One attribute, rule, or `other.attribute`, as SQL."""
        return self.compile(".".join(quote(part) for part in name.split(".")))

    def key_of(self, other: str) -> CompiledExpression:
        """The id of the other entity's row that each row reaches; NULL where it reaches none or
        several.
        """
        hop, join = self._hop(other)
        return CompiledExpression(f"{hop}.to_id", (join,))

    def at_event(self, owner: str, attribute: str, event: str) -> CompiledExpression:
        """The value that held when something happened to each row, or to the one that it
        reaches; NULL where it never did.

        `reaches` names the column that counts the different values: an event that happens again
        may find another one.

        Raises:
            NotComputableError: 06_history keeps no past value of it, or the event happens to
              something else.
        """
        known = self.model.history.events
        hop, joins = self._with_a_past(owner, attribute)
        if event not in known or known[event].of != owner:
            raise error_of(
                NotComputableError, "metrics.unknown_event", event=event, entity=owner, known=known
            )
        then = quote(f"{attribute}_at_{event}")
        period, by_period, on = "", "", f"{then}.id = {hop}"
        if self.clock.grain:
            period, by_period, on = (
                f"{self.clock.period} as {self.clock.grain}, ",
                f"{self.clock.period}, ",
                f"{on} and {then}.{self.clock.grain} = {self.clock.period}",
            )
        at = wall('a."at"', zone_of(self.model))
        states = (
            f"select {period}a.id as id, min(cast(a.value as varchar)) as value, count(distinct"
            " coalesce(cast(a.value as varchar), '')) as states\nfrom"
            f" {quote(at_event_table(owner, attribute, event))} as a\n{self.clock.join}\nwhere {at}"
            f" < {self.clock.end}\ngroup by {by_period}a.id"
        )
        return CompiledExpression(
            f"{then}.value",
            (*joins, f"left join (\n{states}\n) as {then} on {on}"),
            (f"{then}.states",),
        )

    def then(self, owner: str, attribute: str, moment: str = "") -> CompiledExpression:
        """The value of each row, or of the one that it reaches, that held at a moment of the
        row, or at the clock; NULL where none is known.

        Raises:
            NotComputableError: 06_history keeps no past value of it.
        """
        hop, joins = self._with_a_past(owner, attribute)
        value, join = self._held(owner, attribute, quote(f"{attribute}_then"), hop, moment)
        return CompiledExpression(value, (*joins, join))

    def _with_a_past(self, owner: str, attribute: str) -> tuple[str, tuple[str, ...]]:
        """The id of the row, or of the one that it reaches, whose past value is asked for, and
        the joins to it.
        """
        if not history_table_for(self.model, owner, attribute)[0]:
            raise error_of(
                NotComputableError, "metrics.no_past_value", attribute=attribute, entity=owner
            )
        if owner == self.entity:
            return "e.id", ()
        hop, join = self._hop(owner)
        return f"{hop}.to_id", (join,)

    def link_to(self, other: str) -> str:
        """The one relationship that leads from this entity to the other, at most one row away.

        Raises:
            NotComputableError: there is none, or more than one.
        """
        links = [name for name, _ in to_one_links(self.model, self.entity, other)]
        if self._splits and not links:
            links = [name for name, _ in splitting_links(self.model, self.entity, other)]
        if len(links) != 1:
            if not links:
                raise error_of(
                    NotComputableError, "metrics.no_link", entity=self.entity, other=other
                )
            raise error_of(
                NotComputableError,
                "metrics.several_links",
                count=len(links),
                entity=self.entity,
                other=other,
            )
        return links[0]

    def _is_day(self, node: exp.Column) -> bool:
        """Whether a name is the day of the clock, and no attribute of that name."""
        return (
            not node.table
            and node.name == "as_of"
            and node.name not in self.model.names_of(self.entity)
        )

    def _column(
        self, node: exp.Column, joins: dict[str, None], reaches: dict[str, None]
    ) -> exp.Expression:
        owner, name = node.table, node.name
        if self._is_day(node):
            return _sql(self.clock.day)
        if owner and owner != self.entity:
            return self._other(owner, name, joins, reaches)
        if name in self.attributes:
            return _sql(self._own(self.entity, name, "e"))
        if name in self.model.rule_words(self.entity):
            return self._rule(self.entity, name, "e", joins)
        if history_table_for(self.model, self.entity, name)[0]:
            return self._kept(self.entity, name, "e", joins)
        raise self._unknown(self.entity, name)

    def _key(
        self, node: exp.Column, value: exp.Expression, joins: dict[str, None]
    ) -> exp.Expression:
        """What a compared value is compared by: tables hold one spelling of a category; of
        others their spellings and keys are a table.
        """
        entity = node.table or self.entity
        if spelled_once(self.model, entity, node.name):
            return lower_of(value)
        if (entity, node.name) not in segmented(self.model):
            return value
        sql, join = self._spelling(entity, node.name, to_sql(value), "key")
        joins[join] = None
        return _sql(sql)

    def _own(self, entity: str, name: str, alias: str) -> str:
        """An attribute's column; a time as the business's clock shows it, so that it is
        compared with days of the business.
        """
        if name == self.model.id_of(entity):
            return f"{alias}.{quote('id')}"
        column = f"{alias}.{quote(self.model.column_of(entity, name))}"
        return (
            wall(column, zone_of(self.model))
            if self.model.type_of(entity, name) == "timestamp"
            else column
        )

    def _hop(self, other: str) -> tuple[str, str]:
        link = self.link_to(other)
        hop = quote(f"hop_{link}")
        return hop, f"left join {quote(link + '__one')} as {hop} on {hop}.from_id = e.id"

    def _other(
        self, other: str, name: str, joins: dict[str, None], reaches: dict[str, None]
    ) -> exp.Expression:
        hop, join = self._hop(other)
        alias = quote(f"other_{other}")
        joins[join] = None
        joins[f"left join {quote(other)} as {alias} on {alias}.id = {hop}.to_id"] = None
        reaches[other] = None
        if name == self.model.id_of(other) or self.model.attributes(other).get(name):
            return _sql(self._own(other, name, alias))
        if name in self.model.rule_words(other):
            return self._rule(other, name, alias, joins)
        if history_table_for(self.model, other, name)[0]:
            return self._kept(other, name, alias, joins)
        raise self._unknown(other, name)

    def _kept(self, entity: str, name: str, alias: str, joins: dict[str, None]) -> exp.Expression:
        """The value that held at the clock."""
        value, join = self._held(
            entity, name, quote(f"{name}_of_{alias.strip(chr(34))}"), f"{alias}.id"
        )
        joins[join] = None
        return _sql(value)

    def _held(
        self, entity: str, name: str, kept: str, of: str, moment: str = ""
    ) -> tuple[str, str]:
        """The column of the value that held at a moment, or until the clock's end, and the
        join: 06_history keeps at most one interval there.
        """
        table, column = history_table_for(self.model, entity, name)
        starts, ends = (
            wall(f"{kept}.{column}", zone_of(self.model)) for column in ("valid_from", "valid_to")
        )
        until = f"{starts} < {self.clock.end} and {ends} >= {self.clock.end}"
        held = f"{starts} <= {moment} and {ends} > {moment}" if moment else until
        return (
            f"{kept}.{column}",
            f"left join {quote(table)} as {kept} on {kept}.id = {of} and {held}",
        )

    def _rule(self, entity: str, word: str, alias: str, joins: dict[str, None]) -> exp.Expression:
        name, column = self.model.rule_words(entity)[word]
        if column != HOLDS and self.clock.grain:
            raise error_of(
                NotComputableError, "metrics.known_today_only", name=word, grain=self.clock.grain
            )
        rule = quote(f"rule_{name}_of_{alias.strip(chr(34))}")
        on = f"{rule}.id = {alias}.id"
        if self.clock.grain and depends_on_time(self.model, name):
            on += f" and {rule}.{self.clock.grain} = {self.clock.period}"
        joins[
            f"left join {quote(rule_table_name(self.model, name, self.clock))} as {rule} on {on}"
        ] = None
        return _sql(f"coalesce({rule}.holds, false)" if column == HOLDS else f"{rule}.{column}")

    def _unknown(self, entity: str, name: str) -> NotComputableError:
        known = {*self.model.attributes(entity), *self.model.rule_words(entity)}
        return error_of(
            NotComputableError,
            "metrics.unknown_attribute",
            name=name,
            entity=entity,
            known=sorted(known),
        )


def _sql(text: str) -> exp.Expression:
    return _parsed(text).copy()


@lru_cache(maxsize=1024)
def _parsed(text: str) -> exp.Expression:
    return parse_one(text)
