"""What landing must know of one source, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbook.model.decimals import is_code, places_of, stored_as
from workbook.model.json_paths import first_key
from workbook.model.table_names import table_of


@dataclass(frozen=True)
class FieldSpec:
    """One declared field: its name, the column of the file, and how its text is read.

    `places` are the digits kept after the decimal mark, None for those of the type and currency.
    Empty `formats`, `decimal_mark` and `thousands` mean those of the dialect.
    """

    name: str
    column: str = ""
    type: str = "text"
    unit: str = ""
    values: tuple[str, ...] = ()
    recode: tuple[tuple[str, str], ...] = ()
    cls: str = "internal"
    currency: str = ""
    formats: tuple[str, ...] = ()
    decimal_mark: str = ""
    thousands: str = ""
    pivot: int | None = None
    split: str = ""
    path: str = ""
    places: int | None = None
    rounded: bool = False  # the model says how many digits are kept, so that a float is cut to them

    @property
    def header(self) -> str:
        """The column's name in the file; of a path without a column, its first key."""
        return self.column or first_key(self.path) or self.name

    @property
    def scale(self) -> int:
        """Digits kept after the decimal mark."""
        if self.places is not None:
            return self.places
        return places_of(self.type, unit=self.unit, currency=self.currency)

    @property
    def sql_type(self) -> str:
        """The type of the landed column."""
        return stored_as(self.type, self.scale, several=bool(self.split))

    @property
    def code(self) -> str:
        """The one currency of the field, or ''."""
        return self.currency if is_code(self.currency) else ""

    @property
    def currency_field(self) -> str:
        """The field of the same source that holds the currency of each row, or ''."""
        return "" if self.code else self.currency


@dataclass(frozen=True)
class SourceSpec:
    """One source: where it lies, how it is written, and which fields of it are declared.

    `several`: its files were found by a pattern, so that a column may be absent from some of them.
    """

    name: str
    files: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    format: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    quote: str = '"'
    dates: tuple[str, ...] | str = ("ISO",)
    timestamps: tuple[str, ...] | str = ("ISO",)
    decimal_mark: str = "point"
    thousands: str = ""
    pivot: int = 69
    missing: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    row_is: str = ""
    step: str = "03_sources"
    pattern: str = "source-aligned"
    timezone: str = ""  # of times that are written without one; '' for UTC
    sheet: str = ""
    skip_before: int = 0
    skip_after: int = 0
    starts_at: str = ""  # what the header begins with
    ends_before: str = ""  # what the first line below the records begins with
    several: bool = False

    def __post_init__(self) -> None:
        for word in ("dates", "timestamps"):
            value = getattr(self, word)
            object.__setattr__(self, word, (value,) if isinstance(value, str) else tuple(value))

    @property
    def table(self) -> str:
        """The source's name as table names spell it."""
        return table_of(self.name)

    def only(self, fields: Sequence[FieldSpec]) -> SourceSpec:
        """The same source with these fields, in which no column may be absent."""
        return replace(self, fields=tuple(fields), several=False)

    def mark_of(self, field: FieldSpec) -> str:
        """The decimal mark of a field's numbers, as it is written."""
        return "," if (field.decimal_mark or self.decimal_mark) == "comma" else "."

    def grouped_by(self, field: FieldSpec) -> str:
        """How thousands are set apart in a field, where the model says so."""
        return field.thousands or self.thousands
