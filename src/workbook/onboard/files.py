"""Which files are meant, and what their sources are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from workbook.engine.landing import SUFFIXES
from workbook.errors import DataError

_ALONE = "files"  # the system of a file that lies in no folder and shares its first word with no other


@dataclass(frozen=True)
class Found:
    """One file to be added: its path, and the name of its source."""

    path: Path
    system: str
    table: str
    asked: bool = True  # named by the caller, not found in a folder

    @property
    def source(self) -> str:
        """`system.table`."""
        return f"{self.system}.{self.table}"


def found_files(paths: Iterable[Path], root: Path, system: str = "", known: Collection[str] = ()) -> list[Found]:
    """The files named, and those below the folders named, each with its source's name.

    `<system>/<table>.csv` and `<system>_<table>.csv` say both; a file that says neither goes under `files`.

    Raises:
        DataError: a path is not there, is of a kind that cannot be read, or holds nothing.
    """
    asked = list(dict.fromkeys(Path(path).resolve() for path in paths))
    wrong = [f"{path} is not there." for path in asked if not path.exists()]
    wrong += [_unknown(path) for path in asked if path.is_file() and path.suffix.lower() not in SUFFIXES]
    if wrong:
        raise DataError("\n".join(wrong))
    files = {path: True for path in asked if path.is_file()}
    for folder in (path for path in asked if path.is_dir()):
        inside = [path for path in sorted(folder.rglob("*")) if _readable(path, folder)]
        if not inside:
            raise DataError(f"{folder} holds no file that can be read ({', '.join(sorted(SUFFIXES))}).")
        files |= {path: False for path in inside if path not in files}
    firsts = Counter(path.stem.partition("_")[0] for path in files if path.parent == root or not path.is_relative_to(root))
    return _apart([_named(path, root.resolve(), system, known, firsts, was_asked) for path, was_asked in files.items()])


def _unknown(path: Path) -> str:
    return f"{path.name} is of no kind that can be read. Known: {', '.join(sorted(SUFFIXES))}."


def _readable(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder)
    return path.is_file() and path.suffix.lower() in SUFFIXES and path.suffix.lower() != ".txt" and not any(p.startswith((".", "_")) for p in inside.parts)


def _named(path: Path, root: Path, system: str, known: Collection[str], firsts: Counter[str], asked: bool) -> Found:
    first, _, rest = path.stem.partition("_")
    if system:
        stem = path.stem.removeprefix(f"{system}_")
        return Found(path, _word(system), _word(stem), asked)
    if path.parent != root and path.is_relative_to(root):
        return Found(path, _word(path.parent.name), _word(path.stem), asked)
    if rest and (firsts[first] > 1 or first in known):
        return Found(path, _word(first), _word(rest), asked)
    folder = path.parent.name if path.parent != root else _ALONE
    return Found(path, _word(folder), _word(path.stem), asked)


def _apart(found: list[Found]) -> list[Found]:
    """Two files of one name get a number: `orders`, `orders_2`."""
    seen: Counter[str] = Counter()
    made = []
    for each in found:
        seen[each.source] += 1
        made.append(each if seen[each.source] == 1 else Found(each.path, each.system, f"{each.table}_{seen[each.source]}", each.asked))
    return made


def _word(text: str) -> str:
    """A name that a source may bear.

    >>> _word("2024 Orders-EU")
    't_2024_orders_eu'
    """
    word = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower() or "t"
    return word if word[0].isalpha() else f"t_{word}"
