"""What landing must know of one source, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.model.table_names import table_of

SQL_TYPES = {
    "integer": "BIGINT", "decimal": "DECIMAL(18,6)", "money": "DECIMAL(18,2)", "date": "DATE",
    "timestamp": "TIMESTAMP", "boolean": "BOOLEAN",
}  # fmt: skip


@dataclass(frozen=True)
class FieldSpec:
    """One declared field: its name, the column of the file, and how its text is read."""

    name: str
    column: str = ""
    type: str = "text"
    unit: str = ""
    values: tuple[str, ...] = ()
    recode: tuple[tuple[str, str], ...] = ()
    cls: str = "internal"

    @property
    def header(self) -> str:
        """The column's name in the file."""
        return self.column or self.name

    @property
    def sql_type(self) -> str:
        """The type of the landed column."""
        return SQL_TYPES.get(self.type, "VARCHAR")


@dataclass(frozen=True)
class SourceSpec:
    """One source: where it lies, how it is written, and which fields of it are declared."""

    name: str
    files: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    format: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    quote: str = '"'
    dates: str = "ISO"
    timestamps: str = "ISO"
    decimal_mark: str = "point"
    missing: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    row_is: str = ""
    step: str = "03_sources"
    pattern: str = "source-aligned"
    timezone: str = ""  # of times that are written without one; '' for UTC

    @property
    def table(self) -> str:
        """The source's name as table names spell it."""
        return table_of(self.name)
