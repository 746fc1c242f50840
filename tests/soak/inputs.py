"""Bad inputs, drawn: files that no export should be, and files of decisions that cannot be read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from bad_files import DAMAGE, ENDINGS, OTHER, at_random
from project import ROOT, copy_to, said

from workbook import Workbook
from workbook.engine import landing_spec, records_in
from workbook.errors import WorkbookError

FIELDS = ("person_no", "mail", "name", "city", "seen_at")
Row = tuple[str, ...]


def land_or_are_refused(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """As many bad inputs as tries, each kind in turn; each tenth goes through a whole run as
    well.
    """
    rng, missed = random.Random(seed), []
    kinds = [*DAMAGE, *OTHER]
    for number in range(tries):
        kind = kinds[number % len(kinds)]
        project = copy_to(folder / str(number))
        truth = _people(rng)
        written = _plant(project, kind, truth, rng)
        missed += [f"input {number}, {kind}: {each}" for each in _landed(project, truth, written)]
        if number % 10 == seed % 10:
            missed += [f"input {number}, {kind}: {each}" for each in _told(project)]
        shutil.rmtree(folder / str(number))
    return tries, missed


def _people(rng: random.Random) -> list[Row]:
    names = ("Ann Lee", "Bo, Coy", 'Ce "x" Dee', "Élan Ö", "Dan\nEy", "名 前", "O'Neil")
    return [
        (
            f"p{n}",
            f"a{rng.randrange(10**6)}@shop.example",
            rng.choice(names),
            rng.choice(["Ulm", "Bonn"]),
            f"2025-06-{rng.randint(1, 28):02d}T10:00:00",
        )
        for n in range(rng.randint(2, 12))
    ]


def _plant(project: Path, kind: str, truth: list[Row], rng: random.Random) -> bytes:
    """The bad input in its place; the bytes of the file of people, none where it cannot be read."""
    file = project / "data" / "shop_people.csv"
    if kind in DAMAGE:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([FIELDS, *truth])
        file.write_bytes(DAMAGE[kind](out.getvalue().encode(), rng))
        return file.read_bytes()
    what, _, how = kind.partition(": ")
    if what in ("yaml", "decisions"):
        (_plant_yaml if what == "yaml" else _plant_decisions)(project, how, rng)
        return file.read_bytes()
    file.unlink()
    if what in ENDINGS:
        file.with_suffix(f".{what}").write_bytes(written := _other(what, how, truth, rng))
        return written
    if kind == "a folder":
        file.mkdir()
    elif kind == "a link to nowhere":
        file.symlink_to("gone.csv")
    else:
        Path(os.fsdecode(os.fsencode(project / "data") + b"/shop_\xff.csv")).write_bytes(
            b"a,b\n1,2\n"
        )
    return b""


def _other(what: str, how: str, truth: list[Row], rng: random.Random) -> bytes:
    """A file that is no CSV."""
    records = [dict(zip(FIELDS, row, strict=True)) for row in truth]
    whole = json.dumps(records)
    if what == "ndjson":
        return "\n".join(json.dumps(each)[: rng.choice([10, 10_000])] for each in records).encode()
    if what == "json":
        return {
            "a key twice": whole.replace('"name":', '"city":', 1),
            "a surrogate": whole.replace("Ulm", "\\ud800"),
            "nested deeply": (
                whole.replace('"Ulm"', "[" * 50_000 + "]" * 50_000).replace('"Bonn"', "[" * 50_000)
            ),
            "cut": whole[: rng.randrange(1, len(whole))],
            "no list": rng.choice(['"x"', "1", "null", "[1, 2]", "[[1]]", "{}", "true"]),
            "numbers": whole.replace(
                '"p1"', rng.choice(["1e999", "NaN", "12345678901234567890123", "1.10"])
            ),
        }[how].encode()
    if how != "text" and what == "xlsx":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("xl/workbook.xml" if rng.random() < 0.5 else "x.txt", "<not/>")
        return out.getvalue()[: 30 if how == "cut" else None]
    return b"person_no,mail\np1,x\n"


def _plant_yaml(project: Path, how: str, rng: random.Random) -> None:
    file = project / "model" / rng.choice(["03_sources.yml", "04_entities.yml", "07_metrics.yml"])
    whole = file.read_bytes()
    if how == "a folder":
        file.unlink()
        file.mkdir()
        return
    file.write_bytes(
        {
            "nested deeply": whole + b"\nx: " + rng.choice([b"[", b"{a: "]) * 20_000,
            "not UTF-8": at_random(whole, rng, b"\xff\xfe"),
            "NUL": at_random(whole, rng, b"\0"),
            "a key twice": whole + b"\nowner: sales\nowner: sales\n",
            "cut": whole[: rng.randrange(1, len(whole))],
            "nothing": b"",
        }[how]
    )


def _plant_decisions(project: Path, how: str, rng: random.Random) -> None:
    file = project / "decisions" / "exceptions.csv"
    file.parent.mkdir()
    if how == "a folder":
        file.mkdir()
    else:
        head = (
            b"id,at,by,field,record,use_source,use_value,until,because\n"
            b"e1,2025-06-03T10:00:00Z,sales,person.city,shop.people:p1,shop,,2025-12-31,"
        )
        file.write_bytes(head + (b"\xff\xfe" if how == "not UTF-8" else b"W" * 200_000) + b"\n")


def _landed(project: Path, truth: list[Row], written: bytes) -> list[str]:
    """What was wrong with how the file landed: a crash, a record lost, a value that is not what
    the file says.
    """
    try:
        book = Workbook.open(project)
        try:
            raw, typed, bad = (
                book.context.frame(f"{before}shop__people{after}")
                for before, after in (("raw__", ""), ("", ""), ("", "__bad"))
            )
            counted = records_in(landing_spec(book.model, "shop.people"))
        finally:
            book.close()
    except WorkbookError as error:
        return [] if str(error).strip() else ["refused without a word"]
    except Exception as error:  # noqa: BLE001 whatever it is, a user would see it
        return [f"{type(error).__name__}: {str(error)[:200]}"]
    wrong, rejected = [], raw["_reject"].is_not_null().sum()
    if not counted == raw.height == typed.height + rejected:
        wrong.append(
            f"{counted} records, {raw.height} landed, {typed.height} accepted, {rejected} rejected"
        )
    cells = {(row, field) for row, field in bad.select("_row", "field").rows()}
    known = {*truth, *_read(written), *_read_json(written)}
    texts = {row["_row"]: row for row in raw.to_dicts()}
    for row in typed.to_dicts():
        own = tuple((texts[row["_row"]][name] or "") for name in FIELDS)
        if own not in known:
            wrong.append(f"the record {own!r:.200} is in no file")
        wrong += [
            f"{name}: {own[FIELDS.index(name)]!r:.80} became {row[name]!r:.80}"
            for name in FIELDS
            if not _same(own[FIELDS.index(name)], row[name], (row["_row"], name) in cells)
        ]
    return wrong


def _read(written: bytes) -> list[Row]:
    """The records of a CSV file as Python's own reader has them, by the header; none where it
    refuses the file.
    """
    try:
        csv.field_size_limit(10**9)
        head, *rows = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError):
        return []
    places = [head.index(name) if name in head else None for name in FIELDS]
    return [
        tuple("" if place is None else row[place] for place in places)
        for row in rows
        if len(row) == len(head)
    ]


def _read_json(written: bytes) -> list[Row]:
    """The records of a JSON file with its numbers as they are written; none where it is no list
    of records.
    """
    try:
        found = json.loads(written, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return []
    return (
        [
            tuple(str(each.get(name) or "") for name in FIELDS)
            for each in found
            if isinstance(each, dict)
        ]
        if isinstance(found, list)
        else []
    )


def _same(text: str, value: object, is_bad: bool) -> bool:
    """Whether a typed value is what its text says; a bad cell has none."""
    if is_bad or value is None:
        return value is None and (is_bad or not text.strip())
    if isinstance(value, dt.datetime):
        return value == dt.datetime.fromisoformat(text.strip())
    return value == text.strip()


def _told(project: Path) -> list[str]:
    """What was wrong with what a whole run says."""
    code, told = said(["-m", "workbook", "run", project], project)
    wrong = ["a traceback"] if "Traceback" in told else []
    wrong += (
        ["an escape sequence"]
        if any(ord(letter) < 32 and letter not in "\n\t" for letter in told)
        else []
    )
    return wrong + ([f"exit {code}: {told[-200:]}"] if code not in (0, 1, 2) else [])
