"""Names of tables that more than one room reads."""

from __future__ import annotations


def table_of(source: str) -> str:
    """The table of a source's accepted rows.

    >>> table_of("shop.people")
    'shop__people'
    """
    return source.replace(".", "__")


def raw_table_of(source: str) -> str:
    """The table that holds a source's rows as they were read, as text.

    >>> raw_table_of("shop.people")
    'raw__shop__people'
    """
    return f"raw__{table_of(source)}"
