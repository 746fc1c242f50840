"""How a cell's text becomes a typed value: SQL that gives NULL where the text does not fit, so
that it can be counted.
"""

from __future__ import annotations

from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types import categories, numbers, time_parsing
from workbook.engine.landing.types.cell_text import (
    NOT_CALCULATED,
    NUMBERED,
    cleaned,
    failed,
    holds_sign,
    is_spoiled,
    known,
    one_of,
    recoded,
    trimmed,
    within,
)
from workbook.engine.sql import text

__all__ = [
    "cleaned",
    "failed",
    "holds_sign",
    "may_fail",
    "meant",
    "readable",
    "reason",
    "recoded",
    "taken",
    "trimmed",
    "typed",
    "typed_item",
]

_TRUE = ("true", "t", "yes", "y", "1")
_FALSE = ("false", "f", "no", "n", "0")
_FORMULA = "a formula that failed in a spreadsheet"
_WIDE = "a number too wide for its column in a spreadsheet: widen the column and export it anew"
_NO_VALUE = "a formula without its value: open the workbook in a spreadsheet program and save it"


def taken(field: FieldSpec, x: str) -> str:
    """The text of a cell, or what stands at the field's path inside its JSON."""
    return within(field.path, x) if in_json(field) else x


def readable(field: FieldSpec, x: str) -> str:
    """The same, but text that is no JSON at all stays, so that it is counted as a bad cell."""
    return (
        f"case when json_valid({x}) then {within(field.path, x)} else {x} end"
        if in_json(field)
        else x
    )


def in_json(field: FieldSpec) -> bool:
    """Whether the field's column holds JSON text in which its value stands."""
    return bool(field.path and field.column)


def meant(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """A trimmed text without the words for nothing, and recoded (a list is recoded value by
    value).
    """
    return known(spec, x) if field.split else recoded(field, known(spec, x))


def typed(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """The typed value of a text, NULL where it does not fit its type or is not one of the
    declared values.
    """
    if field.split:
        value = (
            f"case when json_valid({x}) and json_type({x}) = 'ARRAY' then {x} end"
            if field.split == "json"
            else x
        )
    else:
        value = typed_item(spec, field, x)
    if field.sql_type != "VARCHAR":
        return value  # no other type has a value that begins with `#`
    return f"case when {failed(x)} then null else {value} end"


def typed_item(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """The typed value of one text, be it a cell or a value of a list."""
    value = _cast(spec, field, x)
    if not field.values:
        return value
    if field.type == "category":
        return categories.declared_category(field.values, x)
    return f"case when {one_of(x, field.values)} then {value} end"


def may_fail(field: FieldSpec) -> bool:
    """Whether some text, but for the sign of a failed formula, cannot be a value of this field."""
    if field.split:
        return field.split == "json"
    return (
        bool(field.values or field.path)
        or field.sql_type != "VARCHAR"
        or field.type == "json"
        or field.type in NUMBERED
    )


def reason(spec: SourceSpec, field: FieldSpec, x: str, cell: str = "") -> str:
    """Why a text was not taken, as SQL of a sentence that holds no data; `cell` is the JSON
    that it was taken from.
    """
    if field.split:
        why = text("not a JSON array")
        return f"case when {failed(x)} then {_why_failed(x)} else {why} end"
    words = {
        "integer": "not a whole number",
        "decimal": (
            f"not a number that fits {18 - field.scale if field.scale <= 9 else 12} digits before"
            " the decimal mark"
        ),
        "money": _money_words(field),
        "date": f"not a date written {_listed(field.formats or spec.dates)}",
        "timestamp": f"not a time written {_listed(field.formats or spec.timestamps)}",
        "boolean": "neither true nor false",
        "json": "not JSON",
        "salesforce_id": "not a Salesforce id of 15 characters, or of 18 whose last three fit",
    }
    found = [words[field.type]] if field.type in words else []
    said = " or ".join([*found, *(["not one of the declared values"] if field.values else [])])
    turns = " ".join(
        f"when {test} then {why}" for test, why in _known_mistakes(spec, field, x, cell)
    )
    return f"case {turns} else {text(said)} end"


def _known_mistakes(spec: SourceSpec, field: FieldSpec, x: str, cell: str) -> list[tuple[str, str]]:
    """Texts that show what is wrong, each with the reason that names the remedy."""
    found = [(failed(x), _why_failed(x))]
    if cell and in_json(field):
        found.append((f"not json_valid({cell})", text("not JSON")))
    if field.type in NUMBERED:
        found.append(
            (
                is_spoiled(x),
                text(
                    "a long number that a spreadsheet cut to some of its digits: export it as text"
                ),
            )
        )
    if field.type in ("date", "timestamp"):
        found.append((time_parsing.is_unix(x), time_parsing.looks_unix(x)))
    if field.type in ("date", "timestamp") and "EXCEL" not in (field.formats or spec.timestamps):
        found.append(
            (
                time_parsing.is_serial(x),
                text("looks like a spreadsheet's count of days: declare `format: EXCEL`"),
            )
        )
    if field.type in ("money", "decimal"):
        mark = "comma" if spec.mark_of(field) == "." else "point"
        found.append(
            (
                numbers.other_mark(spec, field, x),
                text(f"looks written with a decimal {mark}: declare `decimal_mark: {mark}`"),
            )
        )
        found.append(
            (
                _too_fine(spec, field, x),
                text(
                    f"more than {field.scale} digits after the mark: declare `decimals:` to keep"
                    " them"
                ),
            )
        )
    if field.type == "money" and not field.unit:
        why = (
            "in another currency than declared"
            if field.currency
            else "shows a currency, and none is declared: declare `currency:`"
        )
        found.append((numbers.has_currency(x), text(why)))
    return found


def _why_failed(x: str) -> str:
    return (
        f"case when {x} = {text(NOT_CALCULATED)} then {text(_NO_VALUE)}"
        f" when {x}[2] = '#' then {text(_WIDE)} else {text(_FORMULA)} end"
    )


def _too_fine(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    if field.unit:
        return "false"
    mark = "," if spec.mark_of(field) == "," else r"\."
    pattern = text(rf"[+-]?\d*{mark}\d{{{field.scale + 1},}}")
    return f"regexp_full_match({x}, {pattern})"


def _money_words(field: FieldSpec) -> str:
    if field.unit != "cents":
        return (
            "not an amount with at most two decimals"
            if field.scale == 2
            else f"not an amount with at most {field.scale} decimals"
        )
    return (
        "not a whole number of cents"
        if field.scale == 2
        else "not a whole number of its currency's smallest unit"
    )


def _listed(formats: tuple[str, ...] | str) -> str:
    return " or ".join([formats] if isinstance(formats, str) else formats)


def _cast(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    match field.type:
        case "integer":
            return numbers.integer(spec, field, x)
        case "decimal":
            return numbers.decimal(spec, field, x)
        case "money":
            return (
                numbers.smallest_unit(spec, field, x)
                if field.unit == "cents"
                else numbers.money(spec, field, x)
            )
        case "date":
            return time_parsing.date(spec, field, x)
        case "timestamp":
            return time_parsing.timestamp(spec, field, x)
        case "boolean":
            return _boolean(x)
        case "json":
            return f"case when json_valid({x}) then {x} end"
        case kind if kind in categories.READ:
            return categories.READ[kind](x)
        case kind if kind in NUMBERED:
            return f"case when {is_spoiled(x)} then null else {x} end"
        case _:
            return x


def _boolean(x: str) -> str:
    low = f"lower({x})"
    return f"case when {one_of(low, _TRUE)} then true when {one_of(low, _FALSE)} then false end"
