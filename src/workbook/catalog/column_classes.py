"""The privacy class of every column of a table, or of the answer to a query: the strictest of the
fields that its values are made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbook.engine import Plan, UntraceableError, values_of_query, values_of_table
from workbook.model import Model
from workbook.model.table_names import raw_table_of
from workbook.privacy import strictest

Types = Callable[[str], Mapping[str, str]]  # of a table as it is built: each column and its type
HIDDEN = "personal"  # what cannot be followed counts as somebody's
_OURS = "internal"
_OWN_IDS = ("ids", "base", "clusters", "registry", "id_lineage")  # tables whose `id` we made


class ColumnClasses:
    """The classes of one plan's columns; each table is followed once."""

    def __init__(self, model: Model, plan: Plan, types: Types) -> None:
        self._model, self._plan, self._types = model, plan, types
        self._raw = {raw_table_of(name): name for name in model.source_names}
        self._known: dict[tuple[str, str], str] = {}
        self._steps: dict[str, Mapping[str, frozenset[tuple[str, str]] | None]] = {}
        self._golden = {
            name: entity
            for entity in model.entity_names
            for name in (entity, model.as_held(entity))
        }

    def of_table(self, name: str) -> dict[str, str]:
        """Each column of a table and its class."""
        return {column: self._of(name, column) for column in self._types(name)}

    def of_query(self, sql: str, tables: tuple[str, ...]) -> list[str] | None:
        """The class of each column of a query's answer, in order; None where the query cannot be
        followed.
        """
        known = {name: tuple(self._types(name)) for name in tables}
        try:
            columns = values_of_query(sql, known)
        except UntraceableError:
            return None
        return [self._strictest(values) for _, values in columns]

    def _strictest(self, values: frozenset[tuple[str, str]]) -> str:
        return strictest([_OURS, *(self._of(table, column) for table, column in values)])

    def _of(self, table: str, column: str) -> str:
        at = (table, column)
        if at not in self._known:
            self._known[at] = HIDDEN  # a circle meets itself here
            self._known[at] = self._found(table, column)
        return self._known[at]

    def _found(self, table: str, column: str) -> str:
        if column == "*" or (column.startswith("_") and table in self._raw):
            return _OURS  # rows as such, and where they stand in the file
        declared = self._declared(table, column)
        if declared:
            return declared
        if table not in self._plan:
            return HIDDEN
        if table not in self._steps:
            self._steps[table] = values_of_table(self._plan, table)
        if column not in self._steps[table] and self._plan[table].function is None:
            return HIDDEN
        values = self._steps[table].get(column)
        return self._untold(table, column) if values is None else self._strictest(values)

    def _declared(self, table: str, column: str) -> str:
        """What the model says of a column of landed rows or of an entity; '' of all others."""
        if table in self._raw:
            field = self._model.fields(self._raw[table]).get(column)
            return field.cls if field else HIDDEN
        if table in self._plan and column in self._plan[table].classes:
            return self._plan[table].classes[column]
        entity, _, rest = table.partition("__")
        ours = rest in _OWN_IDS and self._model.has_identity(entity) if rest else False
        if column == "id" and (table in self._golden or ours):
            entity = self._golden.get(table, entity)
            return self._model.class_of(f"{entity}.{self._model.id_of(entity)}")
        if table in self._golden:
            entity = self._golden[table]
            names = {held: name for name, held in self._model.columns_of(entity).items()}
            if column in names and self._model.attributes(entity).get(names[column]):
                return self._model.class_of(f"{entity}.{names[column]}")
        return ""

    def _untold(self, table: str, column: str) -> str:
        """A column of which its function says nothing: its numbers and yes or no are ours, its
        text may be somebody's.
        """
        return HIDDEN if self._types(table).get(column, "VARCHAR") in _TEXT else _OURS


_TEXT = ("VARCHAR", "BLOB", "JSON")
