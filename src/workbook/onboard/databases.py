"""Tables of a database as sources: read once, profiled like files, with what the database itself knows.

What a catalogue says (types, the primary key, foreign keys) is no guess; names and values say the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbook.engine.databases import (
    TableInfo,
    Wanted,
    address_of,
    describe,
    extract,
    tables_in,
)
from workbook.engine.landing import extracts_folder
from workbook.errors import DataError, did_you_mean
from workbook.model import Model
from workbook.onboard.files import Found, source_word
from workbook.onboard.keys import Keys
from workbook.onboard.links import Shared
from workbook.onboard.profiled import Profile
from workbook.onboard.typed import Typed

_USUAL_SCHEMAS = ("", "public", "main", "dbo")  # say nothing of the system that a table belongs to
# The type of a field by the type of its column; the first pattern that fits.
_TYPES = (
    (r"timestamp.*|datetime.*", "timestamp"),
    (r"date", "date"),
    (r"bool(ean)?", "boolean"),
    (r"uuid", "id"),
    (r"jsonb?|.*\[\]|hstore", "json"),
    (r"(big|small|tiny|medium)?int(eger|\d)?|(big|small)?serial", "integer"),
    (r"(numeric|decimal|double precision|real|float\d?|money)(\(.*\))?", "decimal"),
)
_NUMBERS = ("integer", "decimal", "money")


@dataclass(frozen=True)
class Catalogue:
    """What databases know of the sources read from them, by source: columns, key, foreign keys."""

    infos: Mapping[str, TableInfo] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # source -> connection, table


def split_asked(model: Model, asked: Iterable[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """What was asked for: files and folders, and pairs of a connection's name and a table (`crm:sales.accounts`)."""
    files, tables = [], []
    for text in asked:
        name, colon, rest = text.partition(":")
        if colon and name in model.project.connections:
            tables.append((name, rest))
        elif colon and re.fullmatch(r"[A-Za-z_]\w+", name) and "/" not in name:
            hint = did_you_mean(name, model.project.connections)
            what = f"'{name}' is no connection of workbook.yml."
            remedy = f"Write `connections: {{{name}: DATABASE_URL}}` there, and set that variable."
            raise DataError(f"{what} {hint or remedy}")
        else:
            files.append(text)
    return files, tables


def read_tables(
    model: Model, asked: Sequence[tuple[str, str]], system: str
) -> tuple[list[Found], Catalogue]:
    """The tables asked for, read as text into files, and what their databases know of them.

    `connection:` names all tables, `connection:schema` those of a schema, `connection:schema.table` one.

    Raises:
        DataError: a connection or a table is not there; the message never holds an address.
    """
    found, infos, tables = [], {}, {}
    for name, what in asked:
        address = address_of(name, model.project.connections[name])
        every = tables_in(address)
        chosen = [each for each in every if what in ("", each, each.rpartition(".")[0])]
        for table in chosen or [what]:
            schema, _, last = table.rpartition(".")
            word = system or (schema if schema.lower() not in _USUAL_SCHEMAS else name)
            source = f"{source_word(word)}.{source_word(last)}"
            info = describe(address, table=table)
            made = extract(extracts_folder(model), address, Wanted(source, table=table))
            path = extracts_folder(model) / made.file
            first, _, second = source.partition(".")
            found.append(Found(path, first, second, connection=name, db_table=table))
            infos[source], tables[source] = info, (name, table)
    return found, Catalogue(infos, tables)


def as_known(profile: Profile, info: TableInfo | None) -> Profile:
    """The profile with types and key as the database has them, unmarked as guesses."""
    if info is None:
        return profile
    by_header = {column.header: column.name for column in profile.columns}
    keyed = {*info.key, *(column for column, _ in info.links)}
    types = dict(profile.types)
    for column in info.columns:
        name = by_header.get(column.name)
        if name:
            types[name] = _typed(types[name], column.type, keyed=column.name in keyed)
    keys = profile.keys
    if info.key and all(name in by_header for name in info.key):
        primary = tuple(by_header[name] for name in info.key)
        guess = tuple(word for word in keys.guess if word != "primary_key")
        keys = Keys(primary, keys.valid, keys.recorded, guess, 0, keys.backwards)
    return replace(profile, types=types, keys=keys)


def _typed(found: Typed, kind: str, *, keyed: bool) -> Typed:
    known = next((name for pattern, name in _TYPES if re.fullmatch(pattern, kind)), "")
    if not known or (known in _NUMBERS and found.type == "money"):
        return found
    if keyed and known == "integer":
        known = "id"
    if keyed and found.type in ("id", "salesforce_id", "device_id"):
        known = found.type
    guess = tuple(word for word in found.guess if word != "type")
    words = found.words if known == found.type else {}
    return replace(found, type=known, guess=guess, words=words, because="", misfits=0)


def with_foreign_keys(joined: Shared, profiles: Sequence[Profile], catalogue: Catalogue) -> Shared:
    """The identifiers, with every foreign key between sources that are there; such a place is no guess."""
    fields = {
        (profile.found.source, column.header): f"{profile.found.source}.{column.name}"
        for profile in profiles
        for column in profile.columns
    }
    sources = {place: source for source, place in catalogue.tables.items()}
    blocks: dict[str, Any] = {name: dict(block) for name, block in joined.blocks.items()}
    for source, info in catalogue.infos.items():
        connection = catalogue.tables[source][0]
        for column, (table, there) in info.links:
            target = sources.get((connection, table), "")
            here, home = fields.get((source, column), ""), fields.get((target, there), "")
            if here and home:
                _link(blocks, home, here)
    return replace(joined, blocks=blocks)


def _link(blocks: dict[str, Any], home: str, here: str) -> None:
    """Puts both places under one identifier: the one that holds the referenced key, or a new one."""
    name = next((name for name, block in blocks.items() if home in block["in"]), "")
    if not name:
        word = home.rpartition(".")[2]
        name = next(each for each in (word, *(f"{word}_{n}" for n in range(2, 99))) if each not in blocks)
        blocks[name] = {"strength": "strong", "in": [home]}
    block = blocks[name]
    block["in"] = list(dict.fromkeys([*block["in"], here]))
    if set(block["in"]) == {home, here}:
        block.pop("guess", None)
