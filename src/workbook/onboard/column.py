"""One column of a file as it was read: its name, its values as text, and what they have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl


@dataclass(frozen=True, eq=False)
class Read:
    """A column: the header in the file, the name of the field, its values that are not missing, the rows of the file."""

    header: str
    name: str
    values: pl.Series
    rows: int

    @cached_property
    def distinct(self) -> int:
        """How many different values it has."""
        return self.values.n_unique()

    @property
    def filled(self) -> bool:
        """Whether every row has a value."""
        return len(self.values) == self.rows

    @property
    def unique(self) -> bool:
        """Whether it tells every row from every other."""
        return self.filled and self.rows > 0 and self.distinct == self.rows

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name."""
        return words_of(self.name)

    @cached_property
    def compared(self) -> frozenset[str]:
        """Its values as they are compared across systems."""
        return frozenset(self.values.str.to_lowercase().unique().to_list())


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name.

    >>> words_of("companyName"), words_of("first_name")
    (('company', 'name'), ('first', 'name'))
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return tuple(word for word in re.split(r"[^a-z0-9]+", split.lower()) if word)


def singular(word: str) -> str:
    """The singular of an English plural, near enough for a first draft.

    >>> singular("companies"), singular("addresses"), singular("users"), singular("status")
    ('company', 'address', 'user', 'status')
    """
    if word == "people":
        return "person"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2 else word


def field_name(header: str, table: str, taken: set[str]) -> str:
    """A name that a field may bear: letters, digits and _; a bare `id` is named after its table.

    >>> field_name("Company Name", "leads", set()), field_name("id", "orders", set()), field_name("_loaded", "t", {"loaded"})
    ('company_name', 'order_id', 'loaded_2')
    """
    name = header if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", header) else re.sub(r"\W+", "_", header.lower(), flags=re.ASCII).strip("_")
    if not name or not name[0].isalpha():
        name = f"field_{name}" if name else "field"
    if name.lower() == "id":
        name = f"{'_'.join([*words_of(table)[:-1], singular(words_of(table)[-1])])}_id" if words_of(table) else "row_id"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
