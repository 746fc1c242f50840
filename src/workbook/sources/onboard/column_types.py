"""What a column holds: what its values prove, and what its name suggests, which is marked as a
guess.
"""

from __future__ import annotations

import json
from dataclasses import replace

from workbook.model import CLASSES, TYPES
from workbook.privacy import ClassGuess, guess
from workbook.sources.onboard.amounts import number_kind
from workbook.sources.onboard.column_decision import Beside, Typed
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.id_columns import code_kind
from workbook.sources.onboard.list_separators import (
    parts_of,
    separator_of,
    separator_of_form,
    share_of,
)
from workbook.sources.onboard.nested_values import keyed_entries
from workbook.sources.onboard.number_style import near_numbers
from workbook.sources.onboard.personal_columns import (
    EMAIL,
    category_of,
    device_kind,
    person_kind,
    place_kind,
    written_text,
)
from workbook.sources.onboard.time_numbers import looks_timed
from workbook.sources.onboard.time_style import near_times

_TRUE_FALSE = ({"true", "false"}, {"yes", "no"}, {"t", "f"}, {"y", "n"})
_FLAGS = {"is", "has", "flag", "was", "can"}
_NORWAYS = {"country", "nation", "language", "lang", "locale", "code"}  # NO is Norway, or Norwegian
_ENTRIES = (
    "holds entries by key; the commonest are proposed, and `path: [key=NAME].…` reads any other"
)
_PEOPLES = ("birth", "location", "salary")  # numbers and days that are personal themselves
_CLOCK = r"^-?\d{1,3}:\d{2}(:\d{2}(\.\d+)?)?$"  # a time of day or a length of time: it stays text
_SINCE = {"UNIX": r"^1\d{9}$", "UNIX_MS": r"^1\d{12}$", "UNIX_US": r"^1\d{15}$"}  # 2001 to 2033
_TIME_LIKE = (
    r"^\d{8}T\d{4,6}Z?$|\b(19|20)\d{2}\b.*\b\d{1,2}:\d{2}\b"
    r"|^\d{1,2}\.? (?i:jan|feb|m[aä]r|mai|may|apr|ju[nl]|aug|sep|o[ck]t|nov|de[cz])\p{L}*\.?"
    r" (19|20)\d{2}$"
)
_MEASURES = ("date", "timestamp", "integer", "decimal", "money")
_OPEN = ("text", "id", "integer", "salesforce_id")  # types under which anything may stand


def typed(column: ColumnValues, beside: Beside) -> Typed:
    """The type of a column, with a stricter class where its name or its values look personal."""
    found = _classed(column, _proven(column, beside) or _named(column, beside))
    return found if found.told else replace(found, told=_unread_time(column, found.type))


def _unread_time(column: ColumnValues, kind: str) -> str:
    """What to say of a column that looks like times and is read as something else."""
    if not column.distinct:
        return ""
    if kind == "integer":
        unit = next((unit for unit, form in _SINCE.items() if column.share(form) == 1), "")
        return (
            f"could count since 1970: write `type: timestamp` with `format: {unit}`" if unit else ""
        )
    if kind in ("text", "category") and column.share(_TIME_LIKE) == 1:
        return (
            "looks like days or times in no format that is known: declare it, or leave it as text"
        )
    return ""


def _proven(column: ColumnValues, beside: Beside) -> Typed | None:
    """What the values alone say."""
    if not column.distinct:
        return None
    if column.share(r"^[\[{].*[\]}]$") == 1 and _is_json(column.sample):
        return _json_kind(column)
    if mark := separator_of_form(column, EMAIL):
        return Typed("email", words={"split": mark}, guess=("split",))
    if column.share(EMAIL) >= 0.9:
        return Typed(
            "email", guess=() if column.fits(EMAIL) else ("type",), misfits=column.misfits(EMAIL)
        )
    here = {value.lower() for value in column.values.head(10).to_list()}
    flagged = bool(set(column.words) & _FLAGS)
    plain = not set(column.words) & _NORWAYS
    if any(
        here <= pair and (here == pair or flagged or (plain and pair & {"true", "yes"}))
        for pair in _TRUE_FALSE
    ):
        return Typed("boolean")
    if here <= {"0", "1"} and flagged:
        return Typed("boolean", guess=("type",))
    times = beside.times.get(column.name)
    if times is not None and column.enough(*times.shares):
        unsure = () if times.sure else ("format",)
        return Typed(times.kind, guess=unsure, misfits=times.misfits)
    if column.fits(_CLOCK):
        return Typed("text", cls="internal", guess=("class",))
    found = column.content or guess(column.header)
    if (
        found is not None
        and found.word == "ip"
        and column.fits(r"^[0-9a-fA-F:.]{3,45}$")
        and column.fits(r"[.:].*[.:]")
    ):
        return Typed("ip")
    agent = found is not None and found.word == "user_agent"
    return Typed("device_id", guess=("type", "class")) if agent else None


def _json_kind(column: ColumnValues) -> Typed:
    """A list of values, such as mailboxes, or JSON that is read by paths."""
    if separator_of(column) != "json":
        told = _ENTRIES if column.share(r"^\[") == 1 and keyed_entries(column.sample) else ""
        return Typed("json", guess=("class",), told=told)
    mails = share_of(parts_of(column, "json"), EMAIL) >= 0.9
    return Typed("email" if mails else "text", words={"split": "json"}, guess=("split",))


def _is_json(sample: list[str]) -> bool:
    try:
        return all(isinstance(json.loads(value), (list, dict)) for value in sample)
    except ValueError:
        return False


def _named(column: ColumnValues, beside: Beside) -> Typed:
    """What name and values say together: a key, a phone, a number, a place, a name, a text, in
    this order.
    """
    found = (
        device_kind(column)
        or code_kind(column)
        or _phone(column)
        or number_kind(column, beside)
        or place_kind(column, beside)
        or person_kind(column, beside)
        or written_text(column)
        or category_of(column)
    )
    if found is None and not column.distinct and {"at", "date"} & set(column.words[-1:]):
        return Typed("timestamp" if column.words[-1] == "at" else "date", guess=("type",))
    if found is None:
        return _separated(column, Typed("text", because=_why_text(column, beside)))
    return _separated(column, found) if found.type in ("company_name", "id", "category") else found


def _separated(column: ColumnValues, found: Typed) -> Typed:
    mark = separator_of(column)
    return found.also("split", split=mark) if mark else found


def _phone(column: ColumnValues) -> Typed | None:
    named = {"phone", "mobile", "telephone", "tel", "fax", "msisdn", "whatsapp", "cell"} & set(
        column.words
    )
    dialled = r"^\+?[\d][\d\s().x/-]{5,22}$|^\(\d[\d\s().x/-]{5,22}$"
    shown = bool(named) or column.share(r"^[+(]") > 0.3
    mark = separator_of_form(column, dialled) if shown else ""
    if mark:
        return Typed("phone", words={"split": mark}, guess=("type", "class", "split"))
    if named and (not column.distinct or column.share(dialled) >= 0.5):
        return Typed("phone", guess=("type", "class"))
    looks = column.fits(dialled) and column.share(r"^[+(]") > 0.3
    return Typed("phone", guess=("type", "class")) if looks else None


def _why_text(column: ColumnValues, beside: Beside) -> str:
    """Why a column that looks like days or numbers had to stay text, with the number of values
    that do not fit.
    """
    times, numbers = beside.times.get(column.name), beside.numbers.get(column.name)
    if not column.distinct:
        return ""
    if wrong := near_times(column, times):
        what = f"no {times.kind} as the others are written"
        return f"{wrong:,} of {column.filled_rows:,} values are {what}"
    if wrong := near_numbers(column, numbers):
        return f"{wrong:,} of {column.filled_rows:,} values are no number"
    numbered = column.share(r"\d{1,4}[-/.: ]\d{1,2}|\d{8}") >= 0.5
    timed = looks_timed(column) and numbered and column.share(_CLOCK) < 0.5
    return "its name tells of a time, and no known format reads it" if timed else ""


def _is_meant(suggested: ClassGuess, kind: str) -> bool:
    """Whether a suggested class is that of the values: an e-mail's date is no e-mail."""
    if kind == "category":
        return suggested.cls == "sensitive" or suggested.word in _PEOPLES
    harmless = kind in _MEASURES and suggested.cls == "personal" and suggested.word not in _PEOPLES
    return not harmless and kind != "boolean"


def _classed(column: ColumnValues, found: Typed) -> Typed:
    """What sounds stricter than the type's class is believed until somebody looks."""
    by_value = column.content if found.type in _OPEN and not column.fits(_CLOCK) else None
    for suggested in (guess(column.header) or guess(column.name), by_value):
        mine = found.cls or TYPES[found.type].cls
        if suggested is None or CLASSES.index(suggested.cls) <= CLASSES.index(mine):
            continue
        if suggested.word == "address" and found.type in ("company_name", "country", "email"):
            continue
        if _is_meant(suggested, found.type):
            found = replace(found, cls=suggested.cls).also("class")
    return found
