"""Text of a cell before it is a value: trimmed, missing words taken out, recoded."""

from __future__ import annotations

from workbook.engine.landing.source import FieldSpec, SourceSpec
from workbook.engine.sql import text

BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
GUARDED_NUMBER = r"^'([+]?\d[\d ().,/-]{2,})$"
# `1.23457E+16`: what a spreadsheet leaves of a long number; the other digits are lost
SPOILED = text(r"[+-]?\d([.,]\d+)?E\+\d{2}")
GUARDED = text(GUARDED_NUMBER)
NUMBERED = frozenset(["id", "device_id", "phone", "salesforce_id", "tax_id"])


def trimmed(x: str) -> str:
    """Text without blanks around it, and a number without the apostrophe that guards it (`'01067`).

    Exports write it, so that a spreadsheet keeps the number as it is. Looking at both ends first
    costs a quarter of trimming every cell.
    """
    first, last = f"unicode({x})", f"unicode({x}[-1])"
    ends = f"{first} <= 39 or {last} <= 32 or {first} = 160 or {last} = 160"  # `in` is a hash join
    return (
        f"case when {ends} then regexp_replace(trim({x}, {BLANKS}), {GUARDED}, '\\1') else {x} end"
    )


def cleaned(spec: SourceSpec, x: str) -> str:
    """Text without blanks around it; NULL where nothing is left or the dialect calls it missing."""
    bare = trimmed(x)
    missing = sorted({"", *spec.missing})
    if missing == [""]:
        return f"nullif({bare}, '')"
    return f"case when ({bare}) not in ({', '.join(map(text, missing))}) then {bare} end"


def recoded(field: FieldSpec, x: str) -> str:
    """Text after the field's declared replacements; a replacement by nothing is NULL."""
    if not field.recode:
        return x
    turns = " ".join(f"when {text(old)} then {text(new)}" for old, new in field.recode)
    return f"nullif(case {x} {turns} else {x} end, '')"


def is_spoiled(x: str) -> str:
    """Whether a text is a number that a spreadsheet cut to some of its digits."""
    return f"contains({x}, 'E+') and regexp_full_match({x}, {SPOILED})"


def failed(x: str) -> str:
    """Whether a cell of a workbook holds the sign of a formula that failed."""
    signs = ("#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#ERROR")
    return f"{x} in ({', '.join(map(text, signs))})"


def within(path: str, x: str) -> str:
    """What stands at a path inside a cell of JSON, as text; NULL where the cell is no JSON."""
    return f"case when json_valid({x}) then json_extract_string({x}, {text(json_path(path))}) end"


def json_path(path: str) -> str:
    """A path as DuckDB writes it.

    >>> json_path("emails[0].value")
    '$."emails"[0]."value"'
    """
    made = "$"
    for step in path.split("."):
        name, bracket, rest = step.partition("[")
        made += (f'."{name}"' if name else "") + bracket + rest
    return made
