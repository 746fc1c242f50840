"""The rows of a table or query, as text, in one snapshot: a file that is known by its content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workbook.engine.databases.connect import Address, connected
from workbook.engine.databases.describe import TableInfo, described, table_sql
from workbook.engine.databases.dialects import dialect_of
from workbook.engine.digested_files import note_text, read_note, remove_left_over, temporary_beside
from workbook.engine.file_hashes import State, state_of
from workbook.engine.file_modes import private_file, private_folder
from workbook.engine.sql import quote
from workbook.engine.store import sha256_of
from workbook.errors import DataError
from workbook.words import error_of


@dataclass(frozen=True)
class Wanted:
    """What a source asks of a connection: a table (`schema.table`) or one select."""

    source: str
    table: str = ""
    query: str = ""


@dataclass(frozen=True)
class Extract:
    """Rows as they stood when asked for: the file, the database's own count, the columns.

    `asked` is a digest of connection, table and query: the answer to another question is not this.
    """

    file: str
    rows: int
    columns: tuple[str, ...]
    asked: str


def kept_extract(folder: Path, address_name: str, wanted: Wanted) -> Extract | None:
    """The extract kept for a source; None where there is none or it answers another question."""
    values = read_note(_note(folder, wanted))
    if values is None:
        return None
    found = Extract(values["file"], values["rows"], tuple(values["columns"]), values["asked"])
    same = found.asked == _asked(address_name, wanted) and _is_whole(folder / found.file)
    return found if same else None


def counted_rows(folder: Path, source: str) -> int | None:
    """How many rows the database counted for a source; None where nothing was read."""
    values = read_note(_note(folder, Wanted(source)))
    return values["rows"] if values else None


def extract(folder: Path, address: Address, wanted: Wanted) -> Extract:
    """Ask for all rows and keep them; rows come in the order of the key, else of all columns.

    Raises:
        DataError: the table is not there, the query fails, or the database gives another number of
            rows than it counted.
    """
    private_folder(folder)
    temporary = temporary_beside(folder / f"{wanted.source}.parquet")
    remove_left_over(folder / f"{wanted.source}.parquet")
    try:
        with connected(address) as connection, connection.cursor() as cursor:
            for statement in dialect_of(address.driver).begin:
                cursor.execute(statement)
            info = described(cursor, address, table=wanted.table, query=wanted.query)
            counted, read = _write(cursor, address, wanted, info, temporary)
        if counted != read:
            raise error_of(
                DataError,
                "engine.databases.rows_changed",
                source=wanted.source,
                counted=counted,
                read=read,
            )
        name = _named(wanted.source, sha256_of(temporary))
        private_file(temporary)
        temporary.replace(folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    result = Extract(
        name, counted, tuple(column.name for column in info.columns), _asked(address.name, wanted)
    )
    _keep(folder, wanted, result)
    return result


def _write(
    cursor: Any, address: Address, wanted: Wanted, info: TableInfo, file: Path
) -> tuple[int, int]:
    """Count the rows and write them as text; both numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    dialect = dialect_of(address.driver)
    what = (
        f"({wanted.query.strip().rstrip(';')}) as asked"
        if wanted.query
        else table_sql(wanted.table, address)
    )
    cursor.execute(f"select count(*) from {what}")
    counted = int(cursor.fetchone()[0])
    columns = ", ".join(
        f"{dialect.as_text(quote(c.name), c.type)} as {quote(c.name)}" for c in info.columns
    )
    order = ", ".join(quote(name) for name in info.key) or ", ".join(
        str(at + 1) for at in range(len(info.columns))
    )
    cursor.execute(f"select {columns} from {what} order by {order}")
    schema = pa.schema([(column.name, pa.string()) for column in info.columns])
    read = 0
    try:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in cursor.fetch_record_batch():
                columns_of = [column.cast(pa.string()) for column in batch.columns]
                whole = pa.table(columns_of, schema=schema)
                whole.validate(full=True)
                writer.write_table(whole)
                read += whole.num_rows
    except (pa.ArrowInvalid, UnicodeError) as error:
        raise error_of(DataError, "engine.databases.not_utf8", source=wanted.source) from error
    return counted, read


def _keep(folder: Path, wanted: Wanted, made: Extract) -> None:
    """Write the note in one rename, then remove this source's older files."""
    note = _note(folder, wanted)
    remove_left_over(note)
    temporary = temporary_beside(note)
    temporary.write_text(note_text(asdict(made)), "utf-8")
    private_file(temporary)
    temporary.replace(note)
    for old in folder.glob(f"{wanted.source}-*.parquet"):
        if old.name != made.file:
            old.unlink(missing_ok=True)


def _note(folder: Path, wanted: Wanted) -> Path:
    return folder / f"{wanted.source}.json"


def _asked(name: str, wanted: Wanted) -> str:
    whole = json.dumps([name, wanted.table, wanted.query])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _named(source: str, digest: str) -> str:
    return f"{source}-{digest[:16]}.parquet"


def _is_whole(file: Path) -> bool:
    """Whether a file holds what its name says; it is read once while the file system calls it
    the same.
    """
    try:
        digest = _sha256_at(state_of(file))
    except OSError:
        return False
    return file.stem.endswith(f"-{digest[:16]}")


@cache
def _sha256_at(state: State) -> str:
    return sha256_of(Path(state[0]))
