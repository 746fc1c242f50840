"""Files that no export should be: kinds of damage of a CSV file, and other bad inputs by name."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable

DAMAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "not UTF-8": lambda raw, rng: at_random(
        raw, rng, bytes(rng.randrange(0x80, 0x100) for _ in range(3))
    ),
    "half a character": lambda raw, rng: raw + rng.choice([b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98"]),
    "a surrogate": lambda raw, rng: at_random(raw, rng, b"\xed\xa0\x80"),
    "a quote left open": lambda raw, rng: at_random(raw, rng, b'"'),
    "a quote that opens a cell": lambda raw, rng: _nth(raw, rng, b",", b',"'),
    "a field too many": lambda raw, rng: _nth(raw, rng, b",", b",,"),
    "a field too few": lambda raw, rng: _nth(raw, rng, b",", b" "),
    "a line broken in two": lambda raw, rng: _nth(raw, rng, b",", b"\n"),
    "two lines made one": lambda raw, rng: _nth(raw, rng, b"\n", b""),
    "NUL bytes": lambda raw, rng: at_random(raw, rng, b"\0" * rng.randint(1, 4)),
    "a cut": lambda raw, rng: raw[: rng.randrange(len(raw))],
    "nothing": lambda raw, rng: b"",
    "blanks alone": lambda raw, rng: rng.choice([b"\n", b" ", b"\r\n\r\n", b"\xef\xbb\xbf", b"\0"]),
    "a header alone": lambda raw, rng: raw.splitlines(keepends=rng.random() < 0.5)[0],
    "no header": lambda raw, rng: raw.split(b"\n", 1)[1],
    "a header twice": lambda raw, rng: raw.split(b"\n", 1)[0] + b"\n" + raw,
    "a column twice": lambda raw, rng: raw.replace(b"city", b"name", 1),
    "CR alone": lambda raw, rng: raw.replace(b"\n", b"\r"),
    "line ends mixed": lambda raw, rng: b"".join(
        line + rng.choice([b"\n", b"\r\n", b"\r"]) for line in raw.splitlines()
    ),
    "a BOM": lambda raw, rng: b"\xef\xbb\xbf" * rng.randint(1, 2) + raw,
    "a BOM within": lambda raw, rng: at_random(raw, rng, b"\xef\xbb\xbf"),
    "UTF-16": (
        lambda raw, rng: raw.decode().encode(
            rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
        )
    ),
    "2,000 columns": lambda raw, rng: b"\n".join(
        line + b"".join(b",c%d" % n for n in range(2_000)) for line in raw.splitlines()
    ),
    "a cell of 200,000 letters": lambda raw, rng: _nth(raw, rng, b",", b"," + b"W" * 200_000),
    "another delimiter": lambda raw, rng: raw.replace(b",", rng.choice([b";", b"\t", b"|"])),
    "control characters": lambda raw, rng: at_random(
        raw,
        rng,
        rng.choice([b"\x1b[31m", b"\x07", b"\x08", "\u2028\u202e".encode(), b"\x1a", b"\x0b"]),
    ),
    "gzip": lambda raw, rng: gzip.compress(raw)[: rng.choice([20, 10_000])],
    "days that are none": lambda raw, rng: raw.replace(
        b"2025-06", rng.choice([b"2025-13", b"0000-00", b"99999-06", b"2025-6-31 x"])
    ),
    "random bytes": lambda raw, rng: rng.randbytes(rng.randrange(1, 3_000)),
}
OTHER = (
    "json: a key twice",
    "json: a surrogate",
    "json: nested deeply",
    "json: cut",
    "json: no list",
    "json: numbers",
    "ndjson: a line torn",
    "xlsx: a zip of something else",
    "xlsx: cut",
    "xlsx: text",
    "parquet: text",
    "a folder",
    "a link to nowhere",
    "a name that is not UTF-8",
    "yaml: nested deeply",
    "yaml: not UTF-8",
    "yaml: NUL",
    "yaml: a folder",
    "yaml: a key twice",
    "yaml: cut",
    "yaml: nothing",
    "decisions: not UTF-8",
    "decisions: a folder",
    "decisions: a cell of 200,000 letters",
)
ENDINGS = ("json", "ndjson", "xlsx", "parquet")


def at_random(raw: bytes, rng: random.Random, more: bytes) -> bytes:
    """The bytes with more of them somewhere within."""
    place = rng.randrange(len(raw))
    return raw[:place] + more + raw[place:]


def _nth(raw: bytes, rng: random.Random, mark: bytes, other: bytes) -> bytes:
    parts = raw.split(mark)
    place = rng.randrange(1, len(parts))
    return mark.join(parts[:place]) + other + mark.join(parts[place:])
