"""Which file a source of the model is, and what landing is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from workbook.engine.databases import Wanted, address_of, extract, kept_extract
from workbook.engine.landing.formats import SUFFIXES, format_of
from workbook.engine.landing.source import FieldSpec, SourceSpec
from workbook.errors import DataError, did_you_mean
from workbook.model.times import zone_of_source

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


class Declared(Protocol):
    """What landing asks of a model."""

    root: Path
    project: Any
    data_root: Path
    sources: Any

    def fields(self, source: str, /) -> Mapping[str, Any]: ...

    def dialect(self, source: str, /) -> Any: ...


def landing_spec(model: Declared, source_name: str) -> SourceSpec:
    """The declared source of a model, with its file found below the data root.

    Raises:
        DataError: the file is not there, or two files could be meant.
    """
    source = model.sources.sources[source_name]
    dialect = model.dialect(source_name)
    if source.connection:
        file, form = extract_of(model, source_name), "extract"
    else:
        file = find_file(Path(model.data_root), source_name, source.file)
        form = format_of(file, source.format)
    return SourceSpec(
        name=source_name,
        files=(str(file),),
        fields=tuple(_field(name, field) for name, field in model.fields(source_name).items()),
        format=form,
        delimiter="\t" if form == "tsv" else DELIMITERS.get(dialect.delimiter, dialect.delimiter),
        encoding=dialect.encoding,
        quote=dialect.quote,
        dates=dialect.dates,
        timestamps=dialect.timestamps,
        decimal_mark=dialect.decimal_mark,
        missing=tuple(dialect.missing),
        primary_key=tuple(source.primary_key),
        row_is=source.row_is or f"one record of {source_name}",
        timezone=zone_of_source(model, source_name),
    )


def extracts_folder(model: Declared) -> Path:
    """Where rows that databases gave are kept."""
    return Path(model.root) / ".workbook" / "extracts"


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
    read, wrong = [], []
    for name, source in (model.sources.sources if model.sources else {}).items():
        if not source.connection or not (every or not extract_of(model, name).is_file()):
            continue
        try:
            address = address_of(source.connection, model.project.connections[source.connection])
            extract(extracts_folder(model), address, wanted_of(model, name))
            read.append(name)
        except DataError as error:
            wrong.append(str(error))
    if wrong:
        raise DataError("\n".join(dict.fromkeys(wrong)))
    return tuple(read)


def _field(name: str, field: Any) -> FieldSpec:
    return FieldSpec(
        name=name,
        column=field.column or "",
        type=field.type,
        unit=field.unit or "",
        values=tuple(field.values or ()),
        recode=tuple(sorted((field.recode or {}).items())),
        cls=field.cls or "internal",
    )


def find_file(root: Path, source_name: str, declared: str) -> Path:
    """The file of a source: the declared one, else `<system>/<table>.*`, else `<system>_<table>.*`."""
    if declared:
        file = root / declared
        if file.is_file():
            return file.resolve()
        raise DataError(_absent(root, source_name, f"Source '{source_name}': file {declared} is not in {root}.", file))
    system, _, table = source_name.partition(".")
    for folder, stem in ((root / system, table), (root, f"{system}_{table}")):
        found = _written_as(folder, stem)
        if len(found) > 1:
            names = ", ".join(file.name for file in found)
            raise DataError(f"Source '{source_name}': several files could be meant ({names}). Name one with `file:`.")
        if found:
            return found[0].resolve()
    looked = f"{system}/{table}.* and {system}_{table}.*"
    what = f"Source '{source_name}': no file in {root} (looked for {looked})."
    raise DataError(_absent(root, source_name, what, root / f"{system}_{table}.csv"))


def _written_as(folder: Path, stem: str) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(f for f in folder.iterdir() if f.stem == stem and f.suffix.lower() in SUFFIXES and f.is_file())


def _absent(root: Path, source_name: str, what: str, wanted: Path) -> str:
    if not root.is_dir():
        return f"Source '{source_name}': the data folder {root} is not there. Set `data:` in workbook.yml."
    near = [f.relative_to(root).as_posix() for folder in (root, wanted.parent) if folder.is_dir()
            for f in folder.iterdir() if f.is_file()]  # fmt: skip
    asked = wanted.relative_to(root).as_posix() if wanted.is_relative_to(root) else wanted.name
    hint = did_you_mean(asked, near)
    return f"{what} {hint}".strip() + " Name it with `file:` in 03_sources.yml."
