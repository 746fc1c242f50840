"""Names of tables that more than one room reads."""

from __future__ import annotations

NEWEST_DAYS = "newest__days"  # the facts of each source by day
NEWEST = "newest__fact"  # the newest day of a fact in all sources


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


def list_table(source: str, field: str) -> str:
    """The table with the values of a field that holds a list.

    >>> list_table("shop.people", "teams")
    'shop__people__teams'
    """
    return f"{table_of(source)}__{field}"


def listed_name(entity: str, column: str) -> str:
    """The table of the values that records of an entity hold of an attribute with several of them.

    >>> listed_name("person", "email")
    'person__email__listed'
    """
    return f"{entity}__{column}__listed"
