"""Names in 03 sources: systems, types, dialects, keys, identifiers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from workbook.errors import Problem
from workbook.model import empty_words
from workbook.model.attribute_lookup import CLASSES
from workbook.model.model import Model
from workbook.model.names import place_of
from workbook.model.schema import EmptyWords, Source, Sources
from workbook.model.types import TYPES
from workbook.model.validate import file_reading
from workbook.model.validate.currency_code import currency_code
from workbook.model.validate.own_types import one_spelling, own_type, phone_region
from workbook.model.validate.step_validator import Validator
from workbook.model.validate.unread_words_of_format import unread_words


def sources(model: Model) -> Iterator[Problem]:
    """Everything that 03 says about itself."""
    section, validator = model.sources, Validator(model, "sources")
    if model.is_open("sources"):
        return
    yield from validator.owner(section)
    yield from _freshness(validator, section)
    for name, system in section.systems.items():
        yield from validator.owner(system, "systems", name)
        if system.dialect != "default":
            yield from validator.known(
                ("systems", name, "dialect"), "dialect", system.dialect, section.dialects
            )
        yield from validator.zone(("systems", name, "timezone"), system.timezone)
    for name, own in section.types.items():
        yield from validator.known(("types", name, "is"), "type", own.is_, TYPES)
        yield from own_type(validator, name, own)
    for name, words in section.empty_words.items():
        yield from _empty_words(validator, section, name, words)
    yield from file_reading.dialects(validator, section)
    for name, source in section.sources.items():
        yield from _source(validator, section, name, source)
        yield from file_reading.fields(validator, section, name, source)
    yield from _identifiers(validator, section)
    for name in section.trace:
        yield from validator.known(("trace",), "identifier", name, section.identifiers)


def _empty_words(
    validator: Validator, sources: Sources, name: str, words: EmptyWords
) -> Iterator[Problem]:
    """Words of a type that holds text; a word that is kept is one that the type brings."""
    path, known = ("empty_words", name), {**TYPES, **sources.types}
    if name not in known:
        yield from validator.known(path, "type", name, known)
        return
    base = sources.types[name].is_ if name in sources.types else name
    if base in TYPES and TYPES[base].sql_type != "VARCHAR":
        yield validator.problem(path, "model.sources.empty_words_of_no_text", type=name)
        return
    brings = empty_words.Placeholders(base).words
    for word in words.keep:
        if empty_words.folded(word) not in brings:
            yield from validator.known(
                (*path, "keep"), "placeholder", word, brings, of=f"type {base}"
            )


def _freshness(validator: Validator, sources: Sources) -> Iterator[Problem]:
    places = [(("freshness",), sources.freshness)]
    places += [
        (("systems", name, "freshness"), system.freshness)
        for name, system in sources.systems.items()
        if system.freshness
    ]
    for path, limit in places:
        for word in ("warn_after", "error_after"):
            yield from validator.length((*path, word), getattr(limit, word), zero=True)


def _leaves_the_folder(file: str) -> bool:
    """Whether a path is absolute on any system, or leads above the folder that it is read from."""
    absolute = file.startswith(("/", "\\")) or PureWindowsPath(file).is_absolute()
    return absolute or posixpath.normpath(file.replace("\\", "/")).split("/")[0] == ".."


def _source(validator: Validator, sources: Sources, name: str, source: Source) -> Iterator[Problem]:
    path = ("sources", name)
    yield from validator.owner(source, *path)
    yield from validator.length((*path, "keep_for"), source.keep_for)
    if source.keep_for and not (source.valid or source.recorded):
        yield validator.problem(
            (*path, "keep_for"),
            f"rows of '{name}' have no date from which `keep_for` could be counted.",
            "Declare `valid` or `recorded` of the source.",
        )
    if not re.fullmatch(r"[A-Za-z]\w*\.[A-Za-z]\w*", name):
        yield validator.problem(path, "model.sources.not_a_source_name", name=name)
        return
    yield from validator.known(path, "system", name.partition(".")[0], sources.systems)
    if source.dialect and source.dialect != "default":
        yield from validator.known((*path, "dialect"), "dialect", source.dialect, sources.dialects)
    if source.file and (Path(source.file).name in ("", "..") or "\0" in source.file):
        yield validator.problem((*path, "file"), "model.sources.not_a_file", file=source.file)
    elif source.file and _leaves_the_folder(source.file):
        yield validator.problem((*path, "file"), "model.sources.file_outside", file=source.file)
    if not source.fields:
        yield validator.problem(path, "model.sources.no_fields", name=name)
    for word, names in (
        ("primary_key", source.primary_key),
        ("valid", source.valid),
        ("recorded", (source.recorded,)),
        ("merged_into", (source.merged_into,)),
        ("merged_from", (source.merged_from,)),
    ):
        for field in names:
            if field:
                yield from validator.known((*path, word), "field", field, source.fields, of=name)
    yield from _times(validator, name, source)
    for word, other in (("starts_at", "skip_before"), ("ends_before", "skip_after")):
        if getattr(source, word) and getattr(source, other):
            yield validator.problem(
                (*path, word), "model.sources.two_bounds", word=word, other=other
            )
    yield from validator.zone((*path, "timezone"), source.timezone)
    yield from _connection(validator, name, source)
    yield from unread_words(validator, sources, name, source)
    if source.batch:
        known = {**dict.fromkeys(("day", "hour", "instant")), **source.fields}
        yield from validator.known((*path, "batch"), "batch_or_field", source.batch, known, of=name)
    if source.ends == "inclusive" and len(source.valid) < 2:
        yield validator.problem((*path, "ends"), "model.sources.no_end", source=name)
    yield from _merges(validator, source, path)
    for field_name, field in source.fields.items():
        here = (*path, "fields", field_name)
        if field_name.startswith("_"):
            yield validator.problem(here, "model.sources.reserved_name", name=field_name)
        else:
            yield from validator.named(here, field_name)
        yield from validator.known(here, "type", field.type, {**TYPES, **sources.types})
        if field.cls:
            yield from validator.known(here, "class", field.cls, CLASSES)
        yield from phone_region(validator, here, name, field_name, source.fields)
        if field.type in TYPES:
            yield from one_spelling(
                validator, (*here, "values"), TYPES[field.type].normalise, field.values
            )
        if field.currency:
            yield from currency_code(
                validator, (*here, "currency"), field.currency, name, source.fields
            )


def _times(validator: Validator, name: str, source: Source) -> Iterator[Problem]:
    """When a record is valid and when it was written are days or times, and a period has two."""
    for word, names in (("valid", source.valid), ("recorded", (source.recorded,))):
        for field in dict.fromkeys(names):
            kind = source.fields[field].type if field in source.fields else ""
            own = validator.model.sources.types.get(kind)
            if (own.is_ if own else kind) in {*TYPES} - {"date", "timestamp"}:
                yield validator.problem(
                    ("sources", name, word),
                    "model.sources.not_a_time",
                    source=name,
                    field=field,
                    type=kind,
                    word=word,
                )
    if len(source.valid) > 1 and len({*source.valid}) == 1:
        yield validator.problem(
            ("sources", name, "valid"),
            "model.sources.valid_twice",
            source=name,
            field=source.valid[0],
        )


def _connection(validator: Validator, name: str, source: Source) -> Iterator[Problem]:
    """A source comes from a file or from a connection, and from one table or query of it."""
    path = ("sources", name)
    if not source.connection:
        for word in ("table", "query"):
            if getattr(source, word):
                yield validator.problem(
                    (*path, word), "model.sources.no_connection", word=word, source=name
                )
        return
    known = validator.model.project.connections
    if source.connection not in known:
        yield validator.problem(
            (*path, "connection"),
            "model.sources.unknown_connection",
            name=source.connection,
            known=sorted(known),
        )
    if source.table and source.query:
        yield validator.problem((*path, "query"), "model.sources.table_and_query", source=name)
    if source.query and not re.match(r"\s*(select|with)\b", source.query, re.IGNORECASE):
        yield validator.problem((*path, "query"), "model.sources.not_a_select", source=name)


def _merges(validator: Validator, source: Source, path: tuple[str, ...]) -> Iterator[Problem]:
    """Merges name records by the key of the source: one field, of text or a whole number."""
    for word in ("merged_into", "merged_from"):
        if not getattr(source, word):
            continue
        keys = [
            validator.model.field(path[1], name).type
            for name in source.primary_key
            if name in source.fields
        ]
        if len(source.primary_key) != 1:
            yield validator.problem(
                (*path, word),
                "model.sources.merged_without_key",
                word=word,
                source=path[1],
                fields=len(source.primary_key),
            )
        elif keys and keys[0] != "integer" and TYPES[keys[0]].sql_type != "VARCHAR":
            yield validator.problem(
                (*path, word),
                "model.sources.merged_key_type",
                word=word,
                key=source.primary_key[0],
                type=keys[0],
            )


def _identifiers(validator: Validator, sources: Sources) -> Iterator[Problem]:
    for name, identifier in sources.identifiers.items():
        path = ("identifiers", name)
        yield from validator.named(path, name)
        yield from validator.owner(identifier, *path)
        types = {}
        for text in identifier.in_:
            ref = place_of(sources, text, name)
            if ref is None:
                yield from validator.located((*path, "in"), text, name)
            else:
                types.setdefault(validator.model.field(ref.source, ref.field).type, ref.name)
        if len(types) > 1:
            texts = [f"{where} is {kind}" for kind, where in types.items()]
            yield validator.problem(path, "model.sources.mixed_identifier", name=name, types=texts)
