"""How a table of one entity is put together: its name, its recipe, the classes of its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbook.engine import Function, Table
from workbook.identity import compared_values as norm
from workbook.identity.event_sources import Events
from workbook.identity.match_ledger import MatchDecision
from workbook.identity.match_rules import (
    matches_lists,
)
from workbook.model import CLASSES
from workbook.model.schema import EntityIdentity

STEP = "04b_identity"


@dataclass(frozen=True)
class TableBuilder:
    """What one entity's tables are made from: its decisions, how its attributes are compared, and
    how a table of it is named and put together.
    """

    entity: str
    spec: EntityIdentity
    methods: Mapping[str, str]
    classes: Mapping[str, str]
    types: Mapping[str, str]
    events: tuple[Events, ...]
    names: Mapping[str, str]
    called: Mapping[str, str]
    words: Mapping[str, tuple[Sequence[str], Sequence[str]]]
    merges: bool
    lists: Mapping[str, str]
    said: Sequence[MatchDecision]
    published: Path | None
    suggestions: tuple[Table, ...]
    seen: Mapping[str, str]
    weights: str

    def name(self, suffix: str) -> str:
        return f"{self.entity}__{suffix}"

    @property
    def _numbered(self) -> bool:
        """Whether a rule matches on lists, so that two records may share several values."""
        return matches_lists(self.spec.rules, self.lists)

    def _has(self, suffix: str) -> bool:
        """Whether a table of this word is among those that lead to suggestions."""
        return any(table.name == self.name(suffix) for table in self.suggestions)

    def _sql(self, suffix: str, row_is: str, keys: tuple[str, ...], sql: str, **more: Any) -> Table:
        return Table(self.name(suffix), row_is, STEP, keys=keys, sql=sql, **more)

    def _made(
        self, suffix: str, row_is: str, keys: tuple[str, ...], function: Function, **more: Any
    ) -> Table:
        return Table(self.name(suffix), row_is, STEP, keys=keys, function=function, **more)

    def _function(
        self,
        name: str,
        version: int,
        call: Callable[..., Any],
        reads: tuple[str, ...],
        columns: Mapping[str, tuple[str, ...]],
        only: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        **params: Any,
    ) -> Function:
        """A function of tables of this entity, which it finds under their words in the
        parameters.
        """
        names = {suffix: self.name(suffix) for suffix in reads}
        lineage = {column: self._of(places) for column, places in columns.items()}
        return Function(
            name,
            version,
            call,
            tuple(names.values()),
            {**names, **params},
            columns=lineage,
            only={self.name(suffix): taken for suffix, taken in only.items()},
        )

    def _of(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{self.entity}__{source}" for source in sources)

    @property
    def _value_class(self) -> dict[str, str]:
        """The strictest class of what is compared."""
        return {"value": max(self.classes.values(), key=CLASSES.index)} if self.classes else {}

    @property
    def _named(self) -> dict[str, dict[str, str]]:
        """What a recipe holds of attributes whose columns are called otherwise."""
        return {"said": dict(self.called)} if self.called else {}

    def _keys(self, attributes: Iterable[str]) -> tuple[str, ...]:
        """The columns of some attributes' comparable keys."""
        return tuple(
            column
            for name in dict.fromkeys(attributes)
            for column in (norm.key_of(name), norm.why_of(name))
        )

    def _said_of_values(self, names: Iterable[str]) -> dict[str, Any]:
        """The values of these attributes that the team ignores, and words that mean nothing."""
        names, given = set(names), self.spec.guard.ignore
        ignore = {name: list(values) for name, values in given.items() if name in names}
        words = {
            name: [list(item) for item in said]
            for name, said in self.words.items()
            if name in names
        }
        return {"ignore": ignore, **({"words": words} if words else {})}
