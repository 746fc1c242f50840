"""Which file a source of the model is, and what landing is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from workbook.engine.databases import Wanted, address_of, extract, kept_extract
from workbook.engine.file_modes import KEPT
from workbook.engine.landing.formats import format_of
from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.errors import DataError, all_of
from workbook.model.file_formats import DELIMITERS, usual_files
from workbook.model.json_paths import first_key
from workbook.model.times import zone_of_source
from workbook.nearest_name import did_you_mean
from workbook.words import error_of


class Declared(Protocol):
    """What landing asks of a model."""

    root: Path
    project: Any
    data_root: Path
    sources: Any

    def fields(self, source: str, /) -> Mapping[str, Any]: ...

    def dialect(self, source: str, /) -> Any: ...


def landing_spec(model: Declared, source_name: str) -> SourceSpec:
    """The declared source of a model, with its files found below the data root.

    Raises:
        DataError: no file is there, two could be meant, or the files are of several formats.
    """
    source = model.sources.sources[source_name]
    dialect = model.dialect(source_name)
    if source.connection:
        files, several, forms = [extract_of(model, source_name)], False, ["extract"]
    else:
        files, several = find_files(Path(model.data_root), source_name, source.file)
        forms = sorted({format_of(file, source.format) for file in files})
    if len(forms) > 1:
        raise error_of(
            DataError,
            "engine.landing.several_formats",
            source=source_name,
            pattern=source.file,
            formats=forms,
        )
    return SourceSpec(
        name=source_name,
        files=tuple(map(str, files)),
        fields=tuple(
            _field(name, field, forms[0]) for name, field in model.fields(source_name).items()
        ),
        format=forms[0],
        delimiter=(
            "\t" if forms[0] == "tsv" else DELIMITERS.get(dialect.delimiter, dialect.delimiter)
        ),
        encoding=dialect.encoding,
        quote=dialect.quote,
        dates=_formats(dialect.dates, forms[0]),
        timestamps=_formats(dialect.timestamps, forms[0]),
        pivot=dialect.pivot,
        decimal_mark=dialect.decimal_mark,
        thousands=dialect.thousands,
        missing=tuple(dialect.missing),
        primary_key=tuple(source.primary_key),
        row_is=source.row_is or f"one record of {source_name}",
        timezone=zone_of_source(model, source_name),
        sheet=source.sheet,
        skip_before=source.skip_before,
        skip_after=source.skip_after,
        starts_at=source.starts_at,
        ends_before=source.ends_before,
        several=several,
    )


def extracts_folder(model: Declared) -> Path:
    """Where rows that databases gave are kept."""
    return Path(model.root) / KEPT / "extracts"


def wanted_of(model: Declared, source_name: str) -> Wanted:
    """What a source with a connection asks of its database."""
    source = model.sources.sources[source_name]
    table = "" if source.query else source.table or source_name
    return Wanted(source_name, table, source.query)


def extract_of(model: Declared, source_name: str) -> Path:
    """The file of the rows that were read last; one that is not there where none were."""
    folder = extracts_folder(model)
    connection = model.sources.sources[source_name].connection
    kept = kept_extract(folder, connection, wanted_of(model, source_name))
    return folder / (kept.file if kept else f"{source_name}-none.parquet")


def fetch(model: Declared, *, every: bool) -> tuple[str, ...]:
    """Read the sources that lie in databases: all of them, or those that were not read yet.

    Returns the sources that were read.

    Raises:
        DataError: a connection's variable is not set, or its database refuses; all of them named.
    """
    read: list[str] = []
    wrong: list[DataError] = []
    for name, source in (model.sources.sources).items():
        if not source.connection or not (every or not extract_of(model, name).is_file()):
            continue
        try:
            address = address_of(source.connection, model.project.connections[source.connection])
            extract(extracts_folder(model), address, wanted_of(model, name))
            read.append(name)
        except DataError as error:
            wrong.append(error)
    if wrong:
        raise all_of(wrong)
    return tuple(read)


def _formats(declared: Sequence[str], form: str) -> tuple[str, ...]:
    """Formats in their order; the days and times of a workbook come as ISO, whatever its texts
    look like.
    """
    return tuple(dict.fromkeys(("ISO", *declared))) if form == "excel" else tuple(declared)


def _field(name: str, field: Any, form: str) -> FieldSpec:
    column, path = field.column or "", field.path
    # the first key is the column that holds JSON text
    if path and not column and form not in ("json", "ndjson"):
        column = first_key(path)
        path = path[len(column) :].lstrip(".")
    return FieldSpec(
        name=name,
        column=column,
        type=field.type,
        unit=field.unit or "",
        values=tuple(field.values or ()),
        recode=tuple(sorted((field.recode or {}).items())),
        cls=field.cls or "internal",
        currency=field.currency,
        formats=_formats(field.formats, form) if field.formats else (),
        pivot=field.pivot,
        decimal_mark=field.decimal_mark,
        thousands=field.thousands,
        split=field.split,
        path=path,
        places=field.places,
        rounded=field.decimals is not None,
    )


def find_files(root: Path, source_name: str, declared: str) -> tuple[list[Path], bool]:
    """The files of a source in the order of their paths, and whether a pattern says which they are.

    Without a declared file it is `<system>/<table>.*`, else `<system>_<table>.*`.
    """
    if not declared:
        return [_usual_file(root, source_name)], False
    file = root / declared
    if file.is_file():
        return [file.resolve()], False
    if "*" in declared and not Path(declared).is_absolute() and ".." not in Path(declared).parts:
        found = sorted(
            path
            for path in root.glob(declared)
            if path.is_file() and not path.name.startswith((".", "~$"))
        )
        if found:
            return [path.resolve() for path in found], True
        raise _absent(root, source_name, declared, file)
    raise _absent(root, source_name, declared, file)


def _usual_file(root: Path, source_name: str) -> Path:
    system, _, table = source_name.partition(".")
    found = list(usual_files(root, source_name))
    if len(found) > 1:
        raise error_of(
            DataError,
            "engine.landing.several_files",
            source=source_name,
            files=[file.name for file in found],
        )
    if found:
        return found[0].resolve()
    looked = f"{system}/{table}.* or {system}_{table}.*"
    raise _absent(root, source_name, looked, root / f"{system}_{table}.csv")


def _absent(root: Path, source_name: str, looked: str, wanted: Path) -> DataError:
    """A file that is not there, with the nearest of those that are."""
    if not root.is_dir():
        return error_of(
            DataError, "engine.landing.no_data_folder", source=source_name, folder=str(root)
        )
    # nothing outside is named
    folders = (
        {root, wanted.parent} if wanted.parent.resolve().is_relative_to(root.resolve()) else {root}
    )
    near = [
        f.relative_to(root).as_posix()
        for folder in folders
        if folder.is_dir()
        for f in folder.iterdir()
        if f.is_file()
    ]
    asked = wanted.relative_to(root).as_posix() if wanted.is_relative_to(root) else wanted.name
    return error_of(
        DataError,
        "engine.landing.no_file",
        source=source_name,
        looked=looked,
        folder=str(root),
        hint=did_you_mean(asked, near),
    )
