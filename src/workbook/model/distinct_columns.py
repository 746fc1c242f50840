"""The physical column of every name of an entity: SQL has no case, and some columns of an
entity's tables are our own.
"""

from __future__ import annotations

from collections.abc import Iterable

OWN = ("id", "_record")  # columns of our own in the table of every entity
# and beside what suggestions compare
SCORED = (
    "record",
    "root",
    "n",
    "prior",
    "match_key",
    "match_weight",
    "match_probability",
    "source_dataset",
)


def distinct_columns(names: Iterable[str], taken: Iterable[str] = OWN) -> dict[str, str]:
    """Each name and its column: the name itself where no earlier one is equal without case,
    else `name_2`, `name_3`, …

    >>> distinct_columns(["Email", "email", "id", "email_2"])
    {'Email': 'Email', 'email': 'email_3', 'id': 'id_2', 'email_2': 'email_2'}
    """
    every = dict.fromkeys(names)
    used = {str.casefold(name) for name in taken}
    found: dict[str, str] = {}
    for name in every:
        if str.casefold(name) not in used:
            found[name] = name
            used.add(str.casefold(name))
    for name in every:
        if name not in found:
            number = 2
            while str.casefold(f"{name}_{number}") in used:
                number += 1
            found[name] = f"{name}_{number}"
            used.add(str.casefold(found[name]))
    return {name: found[name] for name in every}
