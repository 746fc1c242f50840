"""SQL of a source's columns on their way from text to their types."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types import meant, trimmed
from workbook.engine.sql import quote


def raw_name(field: FieldSpec) -> str:
    return f"{field.name} raw"


def cleaned_columns(spec: SourceSpec, fields: Sequence[FieldSpec], others: list[str]) -> str:
    """The texts of `taken` as they are read, in two steps, so that no part of either is written
    twice.
    """
    bare = typed_select(others, fields, lambda f: trimmed(spec, quote(f.name)))
    words = typed_select(others, fields, lambda f: meant(spec, f, quote(f.name)))
    return f"bare as (\n{bare}\nfrom taken\n),\ncleaned as (\n{words}\nfrom bare\n)"


def typed_select(
    first: Sequence[str], fields: Sequence[FieldSpec], write: Callable[[FieldSpec], str]
) -> str:
    items = [*first, *(f"{write(f)} as {quote(f.name)}" for f in fields)]
    return "select\n  " + ",\n  ".join(items)
