"""Adds files to a project: profiles them, writes their blocks to 03_sources.yml, and says what
it guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from workbook.engine import Engine, Plan, kept_folder
from workbook.engine.landing import landing_spec, landing_tables
from workbook.errors import DataError, ModelError, WorkbookError, all_of
from workbook.model import Model, guesses, load_model
from workbook.model.yaml_edit import with_blocks
from workbook.model.yaml_render import render
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.databases import as_known, read_tables, split_asked, with_foreign_keys
from workbook.sources.onboard.files import (
    Found,
    apart,
    as_one,
    by_sheet,
    delivered_together,
    found_files,
    passed_over,
)
from workbook.sources.onboard.headers import thing_of
from workbook.sources.onboard.id_columns import like_code
from workbook.sources.onboard.list_separators import parts_of, values_in
from workbook.sources.onboard.profiled_files import Profile, read_profile, resolved
from workbook.sources.onboard.sentences import of_identifiers, of_passed_over, of_source
from workbook.sources.onboard.shared_identifiers import (
    Holder,
    SharedIdentifier,
    compared,
    kinds,
    shared,
)
from workbook.sources.onboard.sniff import NoTableError
from workbook.sources.onboard.yaml_blocks import blocks_of, with_one_type
from workbook.words import error_of

_FILE = "03_sources.yml"
_HEAD = (
    "# yaml-language-server: $schema=.schema/03_sources.json\n# Where does customer data enter, and"
    " which keys connect it?\n"
)
_TABLES = 9  # of one sheet
_ALIKE = 0.8  # of the columns of the delivery with fewer are in the other one


@dataclass(frozen=True)
class AddReport:
    """What was added: source names, every guess in them, sentences for a person; `text` is the
    YAML written.

    `guesses_in_all` counts those of the whole model, as page 03 does; `unclassified` are text
    fields whose class nobody knows, so that they count as personal.
    """

    sources: tuple[str, ...]
    guessed: tuple[str, ...]
    sentences: tuple[str, ...]
    text: str
    guesses_in_all: int = 0
    unclassified: tuple[str, ...] = ()


def add_source(path: Path | str, system: str | None = None) -> str:
    """The YAML of 03_sources for a file or a folder, as a first draft; nothing is written.

    Raises:
        DataError: a file cannot be read.
    """
    start = Path(path).resolve()
    root = start if start.is_dir() else start.parent
    profiles, _ = _profiles(found_files([start], root, system or ""))
    joined = shared([holder for profile in profiles for holder in _holders(profile)], {})
    blocks = blocks_of(with_one_type(profiles, joined), root, None)
    return render({**blocks, **({"identifiers": joined.blocks} if joined.blocks else {})})


def add_sources(
    project_root: Path | str, paths: Iterable[Path | str], system: str = ""
) -> AddReport:
    """Adds files or folders below the data folder, or tables of a connection, to a project's
    03_sources.yml.

    What stands there stays as it is. A table is named `connection:schema.table`.

    Raises:
        ModelError: the model has problems already, or would have with the new blocks (then
          nothing is written).
        WorkbookError: a source of that name exists, or a file is read already; all of them named.
        DataError: a file cannot be read, or lies outside the data folder.
    """
    model = load_model(project_root)
    root, known = model.data_root, model.sources.systems
    files, asked = split_asked(model, map(str, paths))
    tables, catalogue = read_tables(model, asked, system)
    located = [_located(Path(path), root) for path in files]
    found = found_files(located, root, system, known) if located or not tables else []
    profiles, skipped = _profiles([*found, *tables], model)
    profiles = [
        as_known(profile, catalogue.infos.get(profile.found.source)) for profile in profiles
    ]
    old, unread = _old_holders(model)
    read = _read_already(model)
    identifiers = {
        name: [ref.name for ref in refs] for name, refs in model.identifier_places.items()
    }
    joined = shared(
        [*old, *(holder for profile in profiles for holder in _holders(profile))], identifiers
    )
    joined = _without_merges(with_foreign_keys(joined, profiles, catalogue), profiles)
    profiles = with_one_type(profiles, joined)
    blocks = blocks_of(profiles, root, model)
    more = {("identifiers", name, "in"): places for name, places in joined.more.items()}
    text, written = _write(model, {**blocks, "identifiers": joined.blocks}, more)
    sentences = [
        *(line for profile in profiles for line in of_source(profile)),
        *of_identifiers(joined),
        *skipped,
        *of_passed_over([path for path in passed_over(located) if str(path) not in read]),
        *unread,
    ]
    names = tuple(profile.found.source for profile in profiles)
    guessed = [
        place
        for place in guesses(written)
        if place.startswith(tuple(f"sources.{name}." for name in names))
    ]
    guessed += [
        place
        for place in guesses(written)
        if place in {f"identifiers.{name}" for name in joined.blocks}
    ]
    open_text = tuple(
        f"{name}.{field}"
        for name in names
        for field, each in written.fields(name).items()
        if each.unclassified
    )
    return AddReport(
        names, tuple(guessed), tuple(sentences), text, len(guesses(written)), open_text
    )


def _located(path: Path, root: Path) -> Path:
    """The path as given, or below the data folder; one outside is refused, because a run may
    not read it.
    """
    there = [each for each in (path.resolve(), (root / path).resolve()) if each.exists()]
    full = next(
        (each for each in there if each.is_relative_to(root)), there[0] if there else path.resolve()
    )
    if there and not full.is_relative_to(root):
        raise error_of(DataError, "sources.outside", path=str(full), folder=str(root))
    return full


def _profiles(
    files: Sequence[Found], model: Model | None = None
) -> tuple[list[Profile], list[str]]:
    """The profile of every source; a file of a folder that cannot be read is skipped with a
    sentence, one asked for by name is an error.
    """
    _refuse_read(model, [(each.source, path) for each in files for path in each.paths])
    read: list[Profile] = []
    wrong: list[DataError] = []
    skipped: list[DataError] = []
    with (
        TemporaryDirectory() as folder,
        Engine(Path(folder), data_roots=sorted({each.path.parent for each in files})) as engine,
    ):

        def profile(found: Found, skip_after: int = 0) -> Profile | None:
            try:
                return read_profile(found, engine, skip_after)
            except NoTableError as error:
                skipped.append(error)
                return None
            except DataError as error:
                (wrong if found.asked else skipped).append(error)
                return None

        def sheets(found: Found) -> list[Found]:
            try:
                shown, hidden = by_sheet(found)
            except DataError as error:
                (wrong if found.asked else skipped).append(error)
                return []
            skipped.extend(
                error_of(
                    NoTableError, "sources.hidden_sheet", sheet=each.sheet, file=each.path.name
                )
                for each in hidden
            )
            return shown

        single = [
            made
            for each in apart([one for each in files for one in sheets(each)])
            for made in _with_those_below(each, profile)
        ]
        read = _together(single, profile)
    if wrong or not read:
        raise all_of(wrong or skipped)
    _refuse_known(model, [each.found.source for each in read])
    return resolved(read), [f"Left out: {sentence}" for sentence in skipped]


def _with_those_below(found: Found, profile: Any) -> list[Profile]:
    """The profiles of a table and of those that stand below it in one sheet or file."""
    made: list[Profile] = []
    while (one := profile(found)) is not None:
        made.append(one)
        if not one.table_below or len(made) == _TABLES:
            break
        table = f"{made[0].found.table}_{len(made) + 1}"
        found = replace(made[0].found, table=table, starts_at=one.table_below)
    return made


def _together(profiles: Sequence[Profile], profile: Any) -> list[Profile]:
    """Deliveries of one table as one source, where their headers mostly agree."""
    by_file = {(each.found.path, each.found.sheet): each for each in profiles}
    merged: dict[tuple[Path, str], Profile | None] = {}
    whole = [each.found for each in profiles if not (each.found.starts_at or each.table_below)]
    for group in delivered_together(whole):
        headers = [
            {column.header for column in by_file[each.path, each.sheet].columns} for each in group
        ]
        written = [by_file[each.path, each.sheet].written for each in group]
        alike = len({(each.skip_before, each.skip_after) for each in written}) == 1
        if alike and all(_same_table(headers[-1], other) for other in headers[:-1]):
            one = profile(as_one(group), written[0].skip_after)
            if one is not None:
                merged |= {(each.path, each.sheet): None for each in group}
                merged[group[0].path, group[0].sheet] = one
    kept = [merged.get((each.found.path, each.found.sheet), each) for each in profiles]
    return [each for each in kept if each is not None]


def _same_table(one: set[str], other: set[str]) -> bool:
    """Whether two deliveries have the columns of one table: those of the one with fewer are
    nearly all in the other, and columns that came or went are no more than those that stayed.
    """
    both = len(one & other)
    fewer, more = sorted((len(one), len(other)))
    return both >= max(2, _ALIKE * fewer) and 2 * both >= more


def _refuse_known(model: Model | None, sources: Iterable[str]) -> None:
    taken = [
        source
        for source in sources
        if model and not model.is_open("sources") and source in model.sources.sources
    ]
    if taken:
        raise error_of(WorkbookError, "sources.declared_already", file=_FILE, names=taken)


def _refuse_read(model: Model | None, files: Sequence[tuple[str, Path]]) -> None:
    if model is None or model.is_open("sources"):
        return
    _refuse_known(model, [source for source, _ in files])
    read = _read_already(model)
    twice = [f"{path.name} (source {read[str(path)]})" for _, path in files if str(path) in read]
    if twice:
        raise error_of(WorkbookError, "sources.read_already", names=twice)


def _read_already(model: Model) -> dict[str, str]:
    """The source of each file that the model reads."""
    read = {}
    for source in () if model.is_open("sources") else model.source_names:
        try:
            read.update(dict.fromkeys(landing_spec(model, source).files, source))
        except DataError:
            continue
    return read


# ---- columns that could be identifiers


def _holders(profile: Profile) -> list[Holder]:
    return [
        Holder(
            profile.found.source,
            column.name,
            profile.types[column.name].type,
            _compared(profile, column),
            profile.keys.primary == (column.name,),
            thing="_".join(thing_of(profile.found.table)),
            listed=bool(profile.types[column.name].words.get("split")),
        )
        for column in profile.columns
        if profile.types[column.name].type in kinds()
        or (profile.types[column.name].type in ("text", "integer") and like_code(column))
    ]


def _compared(profile: Profile, column: ColumnValues) -> pl.Series:
    kind = profile.types[column.name]
    split = str(kind.words.get("split") or "")
    return compared(parts_of(column, split) if split else column.values, kind.type)


def _old_holders(model: Model) -> tuple[list[Holder], list[str]]:
    """The columns of existing sources that could meet the new ones; a source whose file is gone
    is left out with a sentence.
    """
    holders, unread = [], []
    with Engine(kept_folder(model.root) / "store", data_roots=[model.data_root]) as engine:
        for source, spec in (model.sources.sources).items():
            fields = [field for field in model.fields(source).values() if field.type in kinds()]
            try:
                frame = _landed(engine, model, source) if fields else None
            except DataError as error:
                unread.append(f"Not compared with {source}: {error}")
                continue
            for field in fields:
                values = (
                    frame[field.name].drop_nulls()
                    if frame is not None
                    else pl.Series([], dtype=pl.String)
                )
                texts = values.cast(pl.String)
                each = values_in(texts, field.split) if field.split else texts.str.strip_chars()
                key = spec.primary_key == (field.name,)
                thing = "_".join(thing_of(source.partition(".")[2]))
                held = compared(each, field.type)
                holders.append(
                    Holder(
                        source,
                        field.name,
                        field.type,
                        held,
                        key,
                        new=False,
                        thing=thing,
                        listed=bool(field.split),
                    )
                )
    return holders, unread


def _landed(engine: Engine, model: Model, source: str) -> pl.DataFrame:
    tables = landing_tables(source, landing_spec(model, source))
    return engine.frame(Plan(tables), tables[1].name)


def _without_merges(joined: SharedIdentifier, profiles: Sequence[Profile]) -> SharedIdentifier:
    """The identifiers; nothing more is said of fields that name what a row was merged into."""
    merges = {
        f"{each.found.source}.{name}"
        for each in profiles
        for name in (each.standing.words or {}).values()
    }
    return replace(
        joined, aside={place: name for place, name in joined.aside.items() if place not in merges}
    )


# ---- writing


def _write(
    model: Model,
    blocks: Mapping[str, Mapping[str, Any]],
    more: Mapping[tuple[str, ...], Sequence[str]],
) -> tuple[str, Model]:
    """Writes the file, loads the model again, and puts the old text back where that fails."""
    path = model.root / model.project.model / _FILE
    before = path.read_text("utf-8") if path.is_file() else None
    text = with_blocks(before if before is not None else _HEAD, blocks, more)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    try:
        return text, load_model(model.root)
    except ModelError:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, "utf-8")
        raise
