"""Text of a cell before it is a value: trimmed, missing words taken out, recoded."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.sql import text
from workbook.model.json_paths import ListEntry, steps_of

BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
# `1.23457E+16`: what a spreadsheet leaves of a long number; the other digits are lost
SPOILED = text(r"[+-]?\d([.,]\d+)?E\+\d{2}")
# How an export for spreadsheets writes digits that are to stay as they are
KEPT = text('^(?:=["“”]([^"“”]*)["“”]|\'([+-]?[0-9][0-9 ()./,-]{2,}))$')
NOT_CALCULATED = "#NOT_CALCULATED"  # in place of the value that a formula does not have
# What spreadsheets write in place of a value: formulas that failed, in several languages.
FAILED = (
    "#N/A",
    "#N/D",
    "#NV",
    "#DIV/0!",
    "#NAME?",
    "#NOM?",
    "#NULL!",
    "#NUM!",
    "#ZAHL!",
    "#NOMBRE!",
    "#REF!",
    "#BEZUG!",
    "#VALUE!",
    "#WERT!",
    "#VALEUR!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#ERROR",
    "#ERROR!",
    NOT_CALCULATED,
    *("#" * wide for wide in range(3, 20)),  # a number too wide for its column
)
NUMBERED = frozenset(["id", "device_id", "phone", "salesforce_id", "tax_id"])


def one_of(x: str, words: Iterable[str]) -> str:
    """Whether a text is one of these.

    `in (…)` and `list_contains` would be a join for each column.
    """
    return f"list_position([{', '.join(map(text, words))}], {x}) is not null"


def trimmed(spec: SourceSpec, x: str) -> str:
    """Text without blanks around it, and without what keeps a spreadsheet from changing digits:
    `'0123` and `="0123"` are `0123`. NULL where nothing is left.

    Most text has none of these, and both ends tell: characters from 33 to 159, and first neither
    `'` (39) nor `=` (61). The first one is compared as text, which costs a third of a function,
    and nothing where the least and the greatest value of a column tell.
    """
    firsts = [("!", None)]
    bare = f"trim({x}, {BLANKS})"
    if spec.format in ("csv", "tsv"):
        firsts = [("!", "'"), ("(", "="), (">", None)]
        bare = f"regexp_replace({bare}, {KEPT}, '\\1\\2')"
    begins = " or ".join(
        f"({x} >= {text(low)} and {x} < {text(high) if high else 'chr(160)'})"
        for low, high in firsts
    )
    plain = f"({begins}) and abs(unicode({x}[-1]) - 96) <= 63"
    return f"case when {plain} then {x} else nullif({bare}, '') end"


def known(spec: SourceSpec, x: str) -> str:
    """A trimmed text; NULL where the dialect calls it missing."""
    missing = sorted({*spec.missing} - {""})
    return f"case when not ({one_of(x, missing)}) then {x} end" if missing else x


def cleaned(spec: SourceSpec, x: str) -> str:
    """Text without blanks around it; NULL where nothing is left or the dialect calls it missing."""
    return known(spec, trimmed(spec, x))


def recoded(field: FieldSpec, x: str) -> str:
    """Text after the field's declared replacements; a replacement by nothing is NULL."""
    if not field.recode:
        return x
    turns = " ".join(
        f"when {text(old)} then {text(new) if new else 'null'}" for old, new in field.recode
    )
    return f"case {x} {turns} else {x} end"


def is_spoiled(x: str) -> str:
    """Whether a text is a number that a spreadsheet cut to some of its digits."""
    return f"{x} < ':' and contains({x}, 'E+') and regexp_full_match({x}, {SPOILED})"


def failed(x: str) -> str:
    """Whether a text is the sign of a formula that failed; most texts begin otherwise."""
    return f"{x} >= '#' and {x} < '$' and {one_of(x, FAILED)}"


def holds_sign(x: str) -> str:
    """The same of a text as it lies in the file; `contains` is quick, and false of nearly all."""
    return f"contains({x}, '#') and {failed(f'trim({x}, {BLANKS})')}"


def within(path: str, x: str) -> str:
    """What stands at a path inside a cell of JSON, as text; NULL where the cell is no JSON."""
    at, plain = x, "$"
    for step in steps_of(path):
        if isinstance(step, ListEntry):
            key = json_path([step.key])
            found = f"json_extract_string(entry, {text(key)}) = {text(step.value)}"
            entries = f"json_extract({at}, {text(plain + '[*]')})"
            at, plain = f"list_filter({entries}, lambda entry: {found})[1]", "$"
        else:
            plain += json_path([step])[1:]
    value = f"json_extract_string({at}, {text(plain)})"
    return f"case when json_valid({x}) then {value} end"


def json_path(steps: Iterable[str | int]) -> str:
    """Keys and places as DuckDB writes their path.

    >>> json_path(["emails", 0, "value"])
    '$."emails"[0]."value"'
    """
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f'."{step}"' for step in steps)
