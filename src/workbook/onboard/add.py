"""Adds files to a project: profiles them, writes their blocks to 03_sources.yml, and says what it guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from workbook.engine import Engine, Plan, landing_spec, landing_tables
from workbook.errors import DataError, ModelError, WorkbookError
from workbook.model import Model, load_model
from workbook.model.write import render, with_blocks
from workbook.onboard.column import singular, words_of
from workbook.onboard.dialects import dialects_for
from workbook.onboard.files import found_files
from workbook.onboard.profiled import Profile, profiled
from workbook.onboard.shared import Holder, Shared, kinds, shared

_FILE = "03_sources.yml"
_HEAD = "# yaml-language-server: $schema=.schema/03_sources.json\n# Where does customer data enter, and which keys connect it?\n"


@dataclass(frozen=True)
class AddReport:
    """What was added: source names, what of each was guessed, and sentences for a person; `text` is the YAML written."""

    sources: tuple[str, ...]
    guessed: tuple[str, ...]
    sentences: tuple[str, ...]
    text: str


def add_source(path: Path | str, system: str | None = None) -> str:
    """The YAML of 03_sources for a file or a folder, as a first draft; nothing is written.

    Raises:
        DataError: a file cannot be read.
    """
    start = Path(path).resolve()
    root = start if start.is_dir() else start.parent
    profiles, _ = _profiles([start], root, system or "", ())
    blocks, joined = _blocks(profiles, root, None, [])
    return render({**blocks, **({"identifiers": joined.blocks} if joined.blocks else {})})


def add_sources(project_root: Path | str, paths: Iterable[Path | str], system: str = "") -> AddReport:
    """Adds files or folders below the data folder to a project's 03_sources.yml; what stands there stays as it is.

    Raises:
        ModelError: the model has problems already, or would have with the new blocks (then nothing is written).
        WorkbookError: a source of that name exists, or a file is read already; all of them named.
        DataError: a file cannot be read, or lies outside the data folder.
    """
    model = load_model(project_root)
    root, known = model.data_root, model.sources.systems if model.sources else {}
    asked = [_located(Path(path), root) for path in paths]
    profiles, skipped = _profiles(asked, root, system, known, model)
    old, unread = _old_holders(model)
    blocks, joined = _blocks(profiles, root, model, old)
    more = {("identifiers", name, "in"): places for name, places in joined.more.items()}
    text = _write(model, {**blocks, "identifiers": joined.blocks}, more)
    sentences = [*(_sentence(profile) for profile in profiles), *_joined(joined), *skipped, *unread]
    return AddReport(tuple(profile.found.source for profile in profiles), tuple(_guessed(profiles, joined)), tuple(sentences), text)


def _located(path: Path, root: Path) -> Path:
    """The path as given, or below the data folder; one outside is refused, because a run may not read it."""
    there = [each for each in (path.resolve(), (root / path).resolve()) if each.exists()]
    full = next((each for each in there if each.is_relative_to(root)), there[0] if there else path.resolve())
    if there and not full.is_relative_to(root):
        raise DataError(f"{full} lies outside the data folder {root}. Copy it there, or name its folder with `data:` in workbook.yml.")
    return full


def _profiles(paths: Iterable[Path], root: Path, system: str, known: Collection[str], model: Model | None = None) -> tuple[list[Profile], list[str]]:
    """The profile of every file; a file of a folder that cannot be read is skipped with a sentence, one asked for by name is an error."""
    files = found_files(paths, root, system, known)
    _refuse_known(model, [(each.source, each.path) for each in files])
    made, wrong, skipped = [], [], []
    for each in files:
        try:
            made.append(profiled(each))
        except DataError as error:
            (wrong if each.asked else skipped).append(str(error))
    if wrong or not made:
        raise DataError("\n".join(wrong or skipped))
    return made, [f"Left out: {sentence}" for sentence in skipped]


def _refuse_known(model: Model | None, files: Sequence[tuple[str, Path]]) -> None:
    if model is None or model.sources is None:
        return
    taken = [source for source, _ in files if source in model.sources.sources]
    if taken:
        raise WorkbookError(f"Already in {_FILE}: {', '.join(taken)}. Nothing was written: existing sources are never changed. Name only the new files.")
    read = {}
    for source in model.source_names:
        try:
            read.update(dict.fromkeys(landing_spec(model, source).files, source))
        except DataError:
            continue
    twice = [f"{path.name} (source {read[str(path)]})" for _, path in files if str(path) in read]
    if twice:
        raise WorkbookError(f"Read by a source already: {', '.join(twice)}. Nothing was written. Name only the new files.")


# ---- blocks


def _blocks(profiles: Sequence[Profile], root: Path, model: Model | None, old: Sequence[Holder]) -> tuple[dict[str, dict[str, Any]], Shared]:
    part = model.sources if model else None
    dialects, names = dialects_for(profiles, part)
    sources = {profile.found.source: _source(profile, root, name) for profile, name in zip(profiles, names, strict=True)}
    systems = {each.found.system: {"label": each.found.system} for each in profiles if not part or each.found.system not in part.systems}
    identifiers = {name: [ref.name for ref in refs] for name, refs in model.identifier_places.items()} if model else {}
    joined = shared([*old, *(holder for profile in profiles for holder in _holders(profile))], identifiers)
    return {"systems": systems, **({"dialects": dialects} if dialects else {}), "sources": sources}, joined


def _source(profile: Profile, root: Path, dialect: str) -> dict[str, Any]:
    """A source as the model writes it; what was not measured stands under `guess`."""
    found, keys = profile.found, profile.keys
    words = words_of(found.table)
    block: dict[str, Any] = {"row_is": f"one {' '.join([*words[:-1], singular(words[-1])])}"}
    if not _findable(profile, root):
        block["file"] = found.path.relative_to(root).as_posix()
    if profile.written.format == "ndjson" and found.path.suffix.lower() == ".json":
        block["format"] = "ndjson"
    if dialect:
        block["dialect"] = dialect
    for word, names in (("primary_key", keys.primary), ("valid", keys.valid)):
        if names:
            block[word] = names[0] if len(names) == 1 else list(names)
    if keys.recorded:
        block["recorded"] = keys.recorded
    block["guess"] = ["row_is", *keys.guess]
    block["fields"] = {column.name: profile.types[column.name].block(column) for column in profile.columns}
    return block


def _findable(profile: Profile, root: Path) -> bool:
    """Whether the file lies where a source of that name looks for it, and no other does."""
    found = profile.found
    folder, stem = found.path.parent, found.path.stem
    same = [path for path in folder.glob(f"{stem}.*") if path.is_file()]
    usual = (folder == root / found.system and stem == found.table) or (folder == root and stem == f"{found.system}_{found.table}")
    return usual and len(same) == 1 and not (root / found.system / found.table).with_suffix(found.path.suffix).exists() if folder == root else usual and len(same) == 1


# ---- identifiers


def _holders(profile: Profile) -> list[Holder]:
    return [
        Holder(profile.found.source, column.name, profile.types[column.name].type, column.compared, profile.keys.primary == (column.name,))
        for column in profile.columns
        if profile.types[column.name].type in kinds()
    ]


def _old_holders(model: Model) -> tuple[list[Holder], list[str]]:
    """The columns of existing sources that could meet the new ones; a source whose file is gone is left out with a sentence."""
    holders, unread = [], []
    with Engine(model.root / ".workbook" / "store", data_roots=[model.data_root]) as engine:
        for source, spec in (model.sources.sources if model.sources else {}).items():
            fields = [field for field in model.fields(source).values() if field.type in kinds()]
            try:
                frame = _landed(engine, model, source) if fields else None
            except DataError as error:
                unread.append(f"Not compared with {source}: {error}")
                continue
            for field in fields:
                values = frame[field.name].drop_nulls().str.strip_chars().str.to_lowercase().unique().to_list() if frame is not None else []
                holders.append(Holder(source, field.name, field.type, frozenset(values), spec.primary_key == (field.name,), new=False))
    return holders, unread


def _landed(engine: Engine, model: Model, source: str) -> pl.DataFrame:
    tables = landing_tables(source, landing_spec(model, source))
    return engine.frame(Plan(tables), tables[1].name)


# ---- writing and saying


def _write(model: Model, blocks: Mapping[str, Mapping[str, Any]], more: Mapping[tuple[str, ...], Sequence[str]]) -> str:
    """Writes the file, loads the model again, and puts the old text back where that fails."""
    path = model.root / model.project.model / _FILE
    before = path.read_text("utf-8") if path.is_file() else None
    text = with_blocks(before if before is not None else _HEAD, blocks, more)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    try:
        load_model(model.root)
    except ModelError:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, "utf-8")
        raise
    return text


def _sentence(profile: Profile) -> str:
    keys = profile.keys
    key = f"key {', '.join(keys.primary)}" if keys.primary else "no column tells its rows apart"
    said = [f"{profile.found.source}: {profile.rows:,} records, {len(profile.columns)} columns, {key}"]
    if profile.rejected:
        said.append(f"{profile.rejected:,} records have another number of fields than the header")
    misfits = [f"{name} ({each.misfits:,})" for name, each in profile.types.items() if each.misfits]
    if misfits:
        said.append(f"values that do not fit: {', '.join(misfits)}")
    said += profile.formats.unsure
    empty = [column.name for column in profile.columns if not len(column.values)]
    if empty:
        said.append(f"empty: {', '.join(empty)}")
    return "; ".join(said) + "."


def _joined(joined: Shared) -> list[str]:
    said = [f"Identifier {name} connects {', '.join(each['in'])}." for name, each in joined.blocks.items()]
    said += [f"Identifier {name} also stands in {', '.join(places)}." for name, places in joined.more.items()]
    return said + ([f"Left out of identifiers, because a field of the same source names the row itself: {', '.join(joined.aside)}."] if joined.aside else [])


def _guessed(profiles: Sequence[Profile], joined: Shared) -> list[str]:
    found = [f"{profile.found.source}: {', '.join(('row_is', *profile.keys.guess))}" for profile in profiles]
    found += [f"{profile.found.source}.{name}: {', '.join(each.guess)}" for profile in profiles for name, each in profile.types.items() if each.guess]
    return found + [f"identifier {name}: strength, in" for name in joined.blocks]
