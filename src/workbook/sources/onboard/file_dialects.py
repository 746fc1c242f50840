"""How files are written, as dialects of the model, and what single fields must say of
themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbook.model.schema import Dialect, Sources
from workbook.model.time_formats import SINCE_1970
from workbook.sources.onboard.profiled_files import Profile
from workbook.sources.onboard.time_numbers import Times

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_NUMBERS = ("integer", "decimal", "money")
_ORDER = ("delimiter", "encoding", "dates", "timestamps", "decimal_mark", "thousands")
_BORN = {"birth", "birthday", "birthdate", "dob", "born"}
_NUMBERED = {*SINCE_1970, "EXCEL"}
# what a file shows of how it is written; a word that is not in it could be anything
Shown = dict[str, Any]


def dialects_for(
    profiles: Sequence[Profile], part: Sources | None
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The dialects to add, and for each source the name of the one that reads it ('' where its
    system's own does).

    A dialect is made for one system, and shared by those of its sources that are written alike;
    `default` is for every system and is never made.
    """
    known = {"default": Dialect(), **(part.dialects if part else {})}
    making: dict[str, Shown] = {}
    names = []
    for profile in profiles:
        system = part.systems.get(profile.found.system) if part else None
        names.append(
            _name(
                profile, shown_by(profile), known, making, system.dialect if system else "default"
            )
        )
    return {name: _block(each) for name, each in making.items()}, names


def shown_by(profile: Profile) -> Shown:
    """How a file is written: a word only where all columns agree that show anything of it."""
    written = profile.written
    found: Shown = {"missing": set(profile.missing)}
    if written.format == "parquet":
        return {"missing": set()} if profile.found.connection else found
    if written.format == "excel":
        # as a workbook stores numbers
        return found | {"decimal_mark": "point"} | _agreed_times(profile)
    if written.format == "csv" and len(profile.columns) > 1:
        found["delimiter"] = _DELIMITERS[written.delimiter]
    if written.format in ("csv", "tsv") and not profile.ascii:
        found["encoding"] = written.encoding
    found |= _agreed_times(profile)
    numbers = [
        each
        for name, each in profile.numbers.items()
        if each and each.sure and profile.types[name].type in _NUMBERS
    ]
    found |= _agreed("decimal_mark", (each.mark for each in numbers if each.mark))
    grouped = _agreed("thousands", (each.thousands for each in numbers if each.thousands))
    clash = grouped.get("thousands") in ("none", found.get("decimal_mark", "point"))
    return found if clash else found | grouped


def _agreed_times(profile: Profile) -> Shown:
    found: Shown = {}
    for kind, word in (("date", "dates"), ("timestamp", "timestamps")):
        found |= _agreed(
            word,
            (
                said_formats(each)
                for each in _times(profile, kind)
                if not _NUMBERED & {*each.formats}
            ),
        )
    return found


def field_words(
    profile: Profile, dialect: Dialect | Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """What single fields must say of themselves, because the dialect that reads their source
    says otherwise.
    """
    made: dict[str, dict[str, Any]] = {}
    for name, kind in profile.types.items():
        times, numbers = profile.times.get(name), profile.numbers.get(name)
        words: dict[str, Any] = {}
        if kind.type in ("date", "timestamp") and times is not None:
            wanted, usual = (
                said_formats(times),
                _said(dialect, "dates" if kind.type == "date" else "timestamps", "ISO"),
            )
            words = {"format": wanted} if wanted != usual else {}
            if any("YY" in each and "YYYY" not in each for each in times.formats) and _BORN & set(
                name.split("_")
            ):
                words["pivot"] = dt.datetime.now(dt.UTC).year % 100  # nobody is born in the future
        elif (
            kind.type in _NUMBERS
            and numbers is not None
            and profile.written.format not in ("parquet", "excel")
        ):
            grouped = numbers.thousands not in ("", "none")
            mark = numbers.mark or (numbers.way[0] if numbers.either or grouped else "")
            if mark and mark != _said(dialect, "decimal_mark", "point"):
                words["decimal_mark"] = mark
            if grouped and numbers.thousands != _said(dialect, "thousands", ""):
                words["thousands"] = numbers.thousands
        if words:
            made[name] = words
    return made


def said_formats(times: Times) -> Any:
    """The formats of a column as the model writes them: one, or a list in the order in which
    they are tried.
    """
    return times.formats[0] if len(times.formats) == 1 else list(times.formats)


def _said(dialect: Dialect | Mapping[str, Any], word: str, plain: str) -> Any:
    value = (
        dialect.get(word, plain) if isinstance(dialect, Mapping) else getattr(dialect, word, plain)
    )
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else list(value)
    return value


def _times(profile: Profile, kind: str) -> list[Times]:
    return [
        each
        for name, each in profile.times.items()
        if each and each.sure and profile.types[name].type == kind
    ]


def _agreed(word: str, values: Iterable[Any]) -> Shown:
    found = {str(value): value for value in values}
    return {word: next(iter(found.values()))} if len(found) == 1 else {}


def _name(
    profile: Profile,
    shown: Shown,
    known: Mapping[str, Dialect],
    making: dict[str, Shown],
    usual: str,
) -> str:
    """'' where the usual dialect reads the file, else one that is known, else one made for its
    system, else a new one.
    """
    if _reads(known[usual], shown):
        return ""
    for name, dialect in known.items():
        if _reads(dialect, shown):
            return name
    system = profile.found.system
    mine = [name for name in making if name == system or name.startswith(f"{system}_")]
    for name in mine:
        both = _together([making[name], shown])
        if both is not None:
            making[name] = both
            return name
    name = next(
        each
        for each in (
            system,
            f"{system}_{profile.found.table}",
            *(f"{system}_{n}" for n in range(2, 1000)),
        )
        if each not in {*known, *making}
    )
    making[name] = shown
    return name


def _reads(dialect: Dialect, shown: Shown) -> bool:
    same = all(
        _said(dialect, word, "") == value for word, value in shown.items() if word != "missing"
    )
    return same and shown["missing"] <= {*dialect.missing, ""}


def _together(some: Sequence[Shown]) -> Shown | None:
    """What several files show, or None where two of them differ."""
    both: Shown = {"missing": set()}
    for shown in some:
        for word, value in shown.items():
            if word == "missing":
                both[word] |= value
            elif both.setdefault(word, value) != value:
                return None
    return both


def _block(shown: Shown) -> dict[str, Any]:
    """The words that differ from the plain way to write."""
    plain = Dialect()
    block = {
        word: shown[word]
        for word in _ORDER
        if word in shown and shown[word] != _said(plain, word, "")
    }
    return block | ({"missing": sorted(shown["missing"])} if shown["missing"] - {""} else {})
