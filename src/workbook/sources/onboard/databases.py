"""Tables of a database as sources: read once, profiled like files, with what the database
itself knows.

What a catalogue says (types, the primary key, foreign keys) is no guess; names and values say
the rest.
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
from workbook.errors import DataError
from workbook.model import Model
from workbook.sources.onboard.column_decision import Typed
from workbook.sources.onboard.files import Found, source_word
from workbook.sources.onboard.profiled_files import Profile
from workbook.sources.onboard.proposed_keys import Keys
from workbook.sources.onboard.shared_identifiers import SharedIdentifier
from workbook.words import error_of

_USUAL_SCHEMAS = ("", "public", "main", "dbo")  # say nothing of the system that a table belongs to
# The type of a field by the type of its column; the first pattern that fits.
_TYPES = (
    (r"timestamp.*|datetime.*", "timestamp"),
    (r"date", "date"),
    (r"bool(ean)?", "boolean"),
    (r"uuid|uniqueidentifier", "id"),
    (r"inet", "ip"),
    (
        r"(text|citext|uuid|(big|small)?int(eger)?|character( varying)?(\(\d+\))?|varchar)\[\]",
        "list",
    ),
    (r"jsonb?|.*\[\]|hstore", "json"),
    (r"(big|small|tiny|medium)?int(eger|\d)?|(big|small)?serial", "integer"),
    (r"money", "money"),
    (r"(numeric|decimal|double precision|real|float\d?)(\(.*\))?", "decimal"),
)
_NUMBERS = ("integer", "decimal", "money")
# what whole numbers of a database may be: 0 and 1; seconds since 1970; 20250630; a key without a
# foreign key
_WRITTEN_AS_NUMBERS = ("boolean", "timestamp", "date", "id")


@dataclass(frozen=True)
class Catalogue:
    """What databases know of the sources read from them, by source: columns, key, foreign keys."""

    infos: Mapping[str, TableInfo] = field(default_factory=dict)
    # source -> connection, table
    tables: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def split_asked(model: Model, asked: Iterable[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """What was asked for: files and folders, and pairs of a connection's name and a table
    (`crm:sales.accounts`).
    """
    files, tables = [], []
    for text in asked:
        name, colon, rest = text.partition(":")
        if colon and name in model.project.connections:
            tables.append((name, rest))
        elif colon and re.fullmatch(r"[A-Za-z_]\w+", name) and "/" not in name:
            raise error_of(
                DataError, "sources.unknown_connection", name=name, known=model.project.connections
            )
        else:
            files.append(text)
    return files, tables


def read_tables(
    model: Model, asked: Sequence[tuple[str, str]], system: str
) -> tuple[list[Found], Catalogue]:
    """The tables asked for, read as text into files, and what their databases know of them.

    `connection:` names all tables, `connection:schema` those of a schema,
    `connection:schema.table` one.

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
    if keyed and found.type == "text":
        return replace(found, type="id", because="")
    if not known or (known in _NUMBERS and found.type in ("money", *_WRITTEN_AS_NUMBERS)):
        return found
    if known == "list":
        item = found.type if "split" in found.words else "text"
        item = "id" if re.match(r"uuid|\w*int", kind) else item
        return replace(found, type=item, words={"split": "json"}, guess=(), because="", misfits=0)
    if known == "date" and found.type == "timestamp":
        return found  # SQLite declares a day and holds a time
    if keyed and known == "integer":
        known = "id"
    if known == "id" and found.type in ("salesforce_id", "device_id"):
        return replace(found, because="", misfits=0)
    if known == "money":  # the database knows that it is an amount, and in which currency nobody
        return replace(found, type=known, because="", misfits=0)
    words = found.words if known == found.type else {}
    said = {"class"} if found.cls or known == "json" else set()
    guess = tuple(word for word in found.guess if word in words or word in said)
    return replace(found, type=known, guess=guess, words=words, because="", misfits=0)


def with_foreign_keys(
    joined: SharedIdentifier, profiles: Sequence[Profile], catalogue: Catalogue
) -> SharedIdentifier:
    """The identifiers, with every foreign key between sources that are there; such a place is
    no guess.
    """
    fields = {
        (profile.found.source, column.header): f"{profile.found.source}.{column.name}"
        for profile in profiles
        for column in profile.columns
    }
    sources = {place: source for source, place in catalogue.tables.items()}
    links = [
        (home, here)
        for source, info in catalogue.infos.items()
        for column, (table, there) in info.links
        if (here := fields.get((source, column), ""))
        and (home := fields.get((sources.get((catalogue.tables[source][0], table), ""), there), ""))
    ]
    blocks: dict[str, Any] = {name: dict(block) for name, block in joined.blocks.items()}
    aside = dict(joined.aside)
    known = {place for link in links for place in link}
    for home, here in sorted(links, key=lambda link: not _holds(blocks, *link)):
        _link(blocks, aside, home, here, known)
    for block in blocks.values():
        if known >= {*block["in"]}:
            block.pop("guess", None)
    return replace(joined, blocks=blocks, aside=aside)


def _holds(blocks: Mapping[str, Any], home: str, here: str) -> bool:
    """Whether both places are called alike, or one identifier connects them already."""
    alike = home.rpartition(".")[2] == here.rpartition(".")[2]
    return alike or any({home, here} <= {*block["in"]} for block in blocks.values())


def _link(
    blocks: dict[str, Any], aside: dict[str, str], home: str, here: str, known: set[str]
) -> None:
    """Puts both places under one identifier: the one that holds the referenced key, or a new one.

    An identifier has one field of a source, rather one of a key than a guess; others stay aside.
    """
    name = next((name for name, block in blocks.items() if home in block["in"]), "")
    if not name:
        word = home.rpartition(".")[2]
        name = next(
            each for each in (word, *(f"{word}_{n}" for n in range(2, 99))) if each not in blocks
        )
    block = blocks.get(name, {"strength": "strong", "in": [home]})
    source = here.rpartition(".")[0]
    rivals = [each for each in block["in"] if each.rpartition(".")[0] == source and each != here]
    if any(each in known for each in rivals):
        aside[here] = name
        return
    aside |= dict.fromkeys(rivals, name)
    aside.pop(here, None)
    block["in"] = list(dict.fromkeys([*(each for each in block["in"] if each not in rivals), here]))
    blocks[name] = block
