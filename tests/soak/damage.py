"""Bits that turn in the store, and sources that change under it."""

from __future__ import annotations

import random
from pathlib import Path

from project import copy_to

from workbook import Workbook


def _contents(project: Path) -> dict[str, str]:
    """What every table of the project holds, by its name."""
    book = Workbook.open(project)
    try:
        return {name: table.content for name, table in book.build().items()}
    finally:
        book.close()


def _turned(file: Path, rng: random.Random) -> tuple[bytes, str]:
    """The file with one bit turned, and where."""
    whole = file.read_bytes()
    place, bit = rng.randrange(len(whole)), rng.randrange(8)
    damaged = bytearray(whole)
    damaged[place] ^= 1 << bit
    file.write_bytes(damaged)
    return whole, f"{file.parent.name}/{file.name} byte {place} bit {bit}"


def of_the_store(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """One bit of one file of the store at a time; all tables are asked for again, and read
    whole.
    """
    project, rng, missed = copy_to(folder), random.Random(seed), []
    right = _contents(project)
    headline = _headlines(project)
    for _ in range(tries):
        files = [
            file
            for file in sorted((project / ".workbook").rglob("*"))
            if file.is_file() and file.stat().st_size
        ]
        _, where = _turned(rng.choice(files), rng)
        try:
            if _contents(project) != right or _headlines(project) != headline:
                missed.append(where)
        except Exception as error:  # noqa: BLE001 a damaged cache must not end a build
            missed.append(f"{where}: {type(error).__name__}: {error}")
    return tries, missed


def _headlines(project: Path) -> dict[str, str]:
    book = Workbook.open(project)
    try:
        return {name: str(number.value) for name, number in book.headlines().items()} | dict(
            book.metric_values()
        )
    finally:
        book.close()


def of_sources(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """One bit of one source at a time: the store gives what an empty one gives, or both refuse
    the file.
    """
    project, rng, missed = copy_to(folder), random.Random(seed), []
    _contents(project)
    for number in range(tries):
        file = rng.choice(sorted((project / "data").glob("*.csv")))
        whole, where = _turned(file, rng)
        fresh = copy_to(folder / f"fresh-{number}")
        (fresh / "data" / file.name).write_bytes(file.read_bytes())
        if _told(project) != _told(fresh):
            missed.append(where)
        file.write_bytes(whole)
    return tries, missed


def _told(project: Path) -> dict[str, str] | str:
    """What the tables hold, or the first words of why they cannot be made."""
    try:
        return _contents(project)
    except Exception as error:  # noqa: BLE001 the refusal itself is compared
        return type(error).__name__
