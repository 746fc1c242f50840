"""Sources as the model writes them: what was measured, and what was guessed under `guess`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbook.engine.landing import SUFFIXES
from workbook.model import Model
from workbook.model.schema import Dialect
from workbook.model.yaml_render import Comment
from workbook.sources.onboard.column_decision import Typed
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.file_dialects import dialects_for, field_words
from workbook.sources.onboard.files import is_product, label_of
from workbook.sources.onboard.headers import thing_of
from workbook.sources.onboard.profiled_files import Profile
from workbook.sources.onboard.shared_identifiers import SharedIdentifier


def with_one_type(profiles: Sequence[Profile], joined: SharedIdentifier) -> list[Profile]:
    """The same profiles, with the type of an identifier at each of its fields."""
    made = []
    for profile in profiles:
        types = dict(profile.types)
        for name, each in profile.types.items():
            kind = joined.types.get(f"{profile.found.source}.{name}")
            if kind:
                types[name] = replace(
                    each,
                    type=kind,
                    because="",
                    misfits=0,
                    guess=tuple(dict.fromkeys(("type", *each.guess))),
                )
        made.append(replace(profile, types=types))
    return made


def blocks_of(
    profiles: Sequence[Profile], root: Path, model: Model | None
) -> dict[str, dict[str, Any]]:
    """Systems, dialects and sources, as 03_sources.yml writes them."""
    part = model.sources if model else None
    dialects, names = dialects_for(profiles, part)
    known: dict[str, Dialect | Mapping[str, Any]] = {**(part.dialects if part else {}), **dialects}
    systems = {
        each.found.system: {"label": label_of(each.found.system)}
        for each in profiles
        if not part or each.found.system not in part.systems
    }
    sources = {}
    for profile, name in zip(profiles, names, strict=True):
        system = part.systems.get(profile.found.system) if part else None
        usual = name or (system.dialect if system else "default")
        sources[profile.found.source] = _source(profile, root, name, known.get(usual, Dialect()))
    return {"systems": systems, **({"dialects": dialects} if dialects else {}), "sources": sources}


def _source(
    profile: Profile, root: Path, name: str, dialect: Dialect | Mapping[str, Any]
) -> dict[str, Any]:
    found, keys = profile.found, profile.keys
    block: dict[Any, Any] = {"row_is": _row_is(profile)}
    block |= _place(profile, root)
    written = profile.written
    lines: dict[str, Any] = {"skip_before": written.skip_before, "skip_after": written.skip_after}
    lines |= {"starts_at": found.starts_at, "ends_before": profile.table_below}
    skipped = {word: said for word, said in lines.items() if said}
    block |= skipped
    if profile.written.format == "ndjson" and found.path.suffix.lower() == ".json":
        block["format"] = "ndjson"
    if name:
        block["dialect"] = name
    for word, names in (("primary_key", keys.primary), ("valid", keys.valid)):
        if names:
            block[word] = names[0] if len(names) == 1 else list(names)
    if keys.recorded:
        block["recorded"] = keys.recorded
    block |= profile.standing.words or {}
    block["guess"] = ["row_is", *skipped, *keys.guess, *profile.standing.guess]
    block |= {Comment(text): None for text in _comments(profile)}
    words = field_words(profile, dialect)
    block["fields"] = {
        column.name: field_block(column, profile.types[column.name], words.get(column.name, {}))
        for column in profile.columns
    }
    return block


def _row_is(profile: Profile) -> str:
    """What a row seems to be, by the name of its table, without the name of its system."""
    words = thing_of(profile.found.table)
    words = words[1:] if len(words) > 1 and is_product(words[0]) else words
    plain = " ".join(words)
    if profile.lines is None or words[-1] in ("line", "item", "lineitem"):
        return f"one {plain}"
    return f"one line of {'an' if plain[0] in 'aeiou' else 'a'} {plain}"


def _comments(profile: Profile) -> list[str]:
    """What is offered and not decided, as comments beside the source."""
    lines = profile.lines
    where = f"write `where: {lines.mark} is not null` at the entity" if lines else ""
    once = [f"each {lines.head} once: {where} in 04_entities.yml"] if lines and lines.mark else []
    return [*once, *profile.standing.comments]


def _place(profile: Profile, root: Path) -> dict[str, Any]:
    """Where the rows come from: a table of a connection, or a file that is not found by the
    source's name.
    """
    found = profile.found
    if found.connection:
        table = {"table": found.db_table} if found.db_table != found.source else {}
        return {"connection": found.connection, **table}
    place: dict[str, Any] = {}
    if found.pattern:
        place["file"] = (found.path.parent / found.pattern).relative_to(root).as_posix()
    elif found.sheet or not _findable(profile, root):
        place["file"] = found.path.relative_to(root).as_posix()
    return place | ({"sheet": found.sheet} if found.sheet else {})


def field_block(column: ColumnValues, kind: Typed, written: Mapping[str, Any]) -> Any:
    """A field as the model writes it: its type alone where nothing else is said."""
    values: dict[str, Any] = {"type": kind.type}
    inside, path = column.within
    header = inside or column.header
    values |= {"column": header} if header != column.name else {}
    values |= {"path": path} if path else {}
    values |= {"class": kind.cls} if kind.cls else {}
    values |= {**written, **kind.words}
    values |= {"guess": list(kind.guess)} if kind.guess else {}
    return kind.type if len(values) == 1 else values


def _findable(profile: Profile, root: Path) -> bool:
    """Whether the file lies where a source of that name looks for it, and no other does."""
    found = profile.found
    folder, stem = found.path.parent, found.path.stem
    same = [
        path
        for path in folder.glob(f"{stem}.*")
        if path.is_file() and path.suffix.lower() in SUFFIXES
    ]
    if len(same) != 1:
        return False
    if folder == root / found.system and stem == found.table:
        return True
    nearer = (root / found.system / found.table).with_suffix(found.path.suffix)
    return folder == root and stem == f"{found.system}_{found.table}" and not nearer.exists()
