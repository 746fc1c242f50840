"""From the headers of a file to names that fields may bear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from workbook.privacy import folded

# Words by which exports call themselves, and not what their rows are.
_EXPORT = {"api", "csv", "data", "dump", "export", "exports", "extract", "list", "report", "table"}
_NUMBER = re.compile(r"#\d+$")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name.

    >>> words_of("companyName"), words_of("Company IDs"), words_of("IPAddress")
    (('company', 'name'), ('company', 'ids'), ('ip', 'address'))
    >>> words_of("USt-IdNr."), words_of("MwSt")
    (('ust', 'id', 'nr'), ('mwst',))
    >>> words_of("Prénom"), words_of("Straße 2")
    (('prenom',), ('strasse', '2'))
    """
    split = re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", _as_one_word(folded(name))
    )
    return tuple(word for word in re.split(r"[^a-z0-9]+", split.lower()) if word)


def _as_one_word(name: str) -> str:
    """The name with small capitals inside words that no hump divides: `IDs`, `USt`, `MwSt`."""
    return name.replace("IDs", "Ids").replace("USt", "Ust").replace("MwSt", "Mwst")


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
    ends = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if ends and len(word) > 2 else word


def thing_of(table: str) -> tuple[str, ...]:
    """What a row of a table is, in words, without the words by which exports call themselves.

    >>> thing_of("order_lines"), thing_of("subscriptions_api"), thing_of("targets_2025")
    (('order', 'line'), ('subscription',), ('target',))
    """
    words = words_of(table)
    kept = [word for word in words if word not in _EXPORT and not word.isdigit()] or list(words)
    return (*kept[:-1], singular(kept[-1])) if kept else ("row",)


def columns_of(headers: Sequence[str]) -> list[str]:
    """How the model names each column of a file: by its header, or `Header#1` where it repeats,
    or `#4`.

    >>> columns_of(["id", "Email", "Email", ""])
    ['id', 'Email#1', 'Email#2', '#4']
    """
    several, seen = Counter(headers), Counter[str]()
    found = []
    for place, header in enumerate(headers, 1):
        seen[header] += 1
        repeated = f"{header}#{seen[header]}" if several[header] > 1 else header
        found.append(repeated if header else f"#{place}")
    return found


def field_name(header: str, table: str, taken: set[str]) -> str:
    """A name that a field may bear: small letters, digits and _; a bare `id` is named after its
    table.

    `taken` holds the names that the source's other fields have.

    >>> field_name("Company Name", "leads", set()), field_name("id", "orders", set())
    ('company_name', 'order_id')
    >>> field_name("IsDeleted", "t", set()), field_name("_loaded", "t", {"loaded"})
    ('is_deleted', 'loaded_2')
    """
    plain = _NUMBER.sub("", header) or f"column_{header[1:]}"
    name = "_".join(words_of(plain))
    if _HEADER.fullmatch(plain) and plain == plain.lower() and not plain.startswith("_"):
        name = plain
    if not name or not name[0].isalpha():
        name = f"field_{name}" if name else "field"
    if name == "id":
        name = f"{'_'.join(thing_of(table))}_id"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def names_of(headers: Sequence[str], table: str) -> list[str]:
    """A name for each column, no two alike; a header that is a name already keeps it.

    >>> names_of(["Email", "email", "EMail#2"], "people")
    ['email_2', 'email', 'e_mail']
    >>> names_of(["Email#1", "Email#2", "#4"], "people")
    ['email', 'email_2', 'column_4']
    """
    kept = {header for header in headers if field_name(header, table, set()) == header}
    taken = set(kept)
    found = []
    for header in headers:
        name = header if header in kept else field_name(header, table, taken)
        taken.add(name)
        found.append(name)
    return found


def word_set(text: str) -> frozenset[str]:
    """The words of a text.

    >>> sorted(word_set("year month"))
    ['month', 'year']
    """
    return frozenset(text.split())
