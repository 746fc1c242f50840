"""How files are written, as dialects of the model: as few as the files allow, and none where the usual one reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.model.schema import Dialect, Sources
from workbook.onboard.profiled import Profile

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
Shown = dict[str, Any]  # what a file shows of how it is written; a word that is not in it could be anything


def dialects_for(profiles: Sequence[Profile], part: Sources | None) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The dialects to add, and for each file the name of the one that reads it ('' where its system's own does).

    The files of a project without sources share one dialect where they can: then it becomes the default.
    """
    known = {"default": Dialect(), **(part.dialects if part else {})}
    shown = [_shown(profile) for profile in profiles]
    if part is None or not (part.sources or "default" in part.dialects):
        together = _together(shown)
        if together is not None:
            return ({"default": _block(together)} if _block(together) else {}), ["" for _ in profiles]
    making: dict[str, Shown] = {}
    names = []
    for profile, each in zip(profiles, shown, strict=True):
        system = part.systems.get(profile.found.system) if part else None
        names.append(_name(profile, each, known, making, system.dialect if system else "default"))
    return {name: _block(each) for name, each in making.items()}, names


def _shown(profile: Profile) -> Shown:
    written, formats = profile.written, profile.formats
    found: Shown = {"missing": set(formats.missing)}
    if written.format == "csv" and len(profile.columns) > 1:
        found["delimiter"] = _DELIMITERS[written.delimiter]
    if written.format in ("csv", "tsv") and not profile.ascii:
        found["encoding"] = written.encoding
    return found | {word: getattr(formats, word) for word in sorted(formats.shown)}


def _name(profile: Profile, shown: Shown, known: Mapping[str, Dialect], making: dict[str, Shown], usual: str) -> str:
    """'' where the usual dialect reads the file, else one that is known, else one made for its system, else a new one."""
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
    name = next(each for each in (system, f"{system}_{profile.found.table}", *(f"{system}_{n}" for n in range(2, 1000))) if each not in {*known, *making})
    making[name] = shown
    return name


def _reads(dialect: Dialect, shown: Shown) -> bool:
    same = all(getattr(dialect, word) == value for word, value in shown.items() if word != "missing")
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
    order = ("delimiter", "encoding", "dates", "timestamps", "decimal_mark")
    block = {word: shown[word] for word in order if word in shown and shown[word] != getattr(plain, word)}
    return block | ({"missing": sorted(shown["missing"])} if shown["missing"] - {""} else {})
