"""Text of a cell before it is a value: trimmed, missing words taken out, recoded."""

from __future__ import annotations

from workbook.engine.landing.source import FieldSpec, SourceSpec
from workbook.engine.sql import text

BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
# `1.23457E+16`: what a spreadsheet leaves of a long number; the other digits are lost
SPOILED = text(r"[+-]?\d([.,]\d+)?E\+\d{2}")
# How an export for spreadsheets writes digits that are to stay as they are
FORMULA, QUOTED = text('=["“”][^"“”]*["“”]'), text("'[+-]?[0-9][0-9 ()./,-]*")
NOT_CALCULATED = "#NOT_CALCULATED"  # in place of the value that a formula does not have
FAILED = (
    "#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#ERROR",
    NOT_CALCULATED,
)  # fmt: skip
NUMBERED = frozenset(["id", "device_id", "phone", "salesforce_id", "tax_id"])


def trimmed(x: str, *, marks: bool = False) -> str:
    """Text without blanks around it. Looking at both ends first costs a quarter of trimming every cell.

    With `marks` also without what keeps a spreadsheet from changing digits: `'0123` and `="0123"`
    are `0123`.
    """
    ends = " or ".join(f"unicode({end}) <= 32 or unicode({end}) = 160" for end in (x, f"{x}[-1]"))  # `in (…)` would be a hash join
    bare = f"trim({x}, {BLANKS})"
    if not marks:
        return f"case when {ends} then {bare} else {x} end"
    formula = f"when regexp_full_match({bare}, {FORMULA}) then substr({bare}, 3, length({bare}) - 3)"
    digits = f"when regexp_full_match({bare}, {QUOTED}) then substr({bare}, 2)"
    marked = f"unicode({x}) = 39 or unicode({x}) = 61"
    value = f"case {formula} {digits} else {bare} end"
    return f"case when {ends} or {marked} then {value} else {x} end"


def cleaned(spec: SourceSpec, x: str) -> str:
    """Text without blanks around it; NULL where nothing is left or the dialect calls it missing."""
    bare = trimmed(x, marks=spec.format in ("csv", "tsv"))
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
    return f"{x} in ({', '.join(map(text, FAILED))})"


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
