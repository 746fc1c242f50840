"""Ids that last: born from the entity and the first record, inherited by largest overlap with what was published."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from workbook.engine import Function, quote
from workbook.errors import DataError

VERSION = 1
REGISTRY = {"record": pl.String, "id": pl.String}
_LETTERS = 10  # of 5 bits each: a million ids collide once in two thousand registers, and then one of the two is born anew


def born(entity: str, record: str, turn: int = 0) -> str:
    """The id that a group is born with: opaque, and the same in every run.

    >>> born("account", "shop.clients:7")
    'acc_osgmro2u4x'
    """
    said = f"{entity}\0{record}" + (f"\0{turn}" if turn else "")
    return f"{_prefix(entity)}_{b32encode(sha256(said.encode()).digest()[:10])[:_LETTERS].decode().lower()}"


@lru_cache(maxsize=64)
def _prefix(entity: str) -> str:
    return "".join(c for c in entity.lower() if c.isascii() and c.isalnum())[:3] or "id"


def born_ids(entity: str, firsts: Sequence[str], taken: Collection[str] = ()) -> dict[str, str]:
    """First record -> id; one that is taken already, or that two groups would share, is born with the next turn."""
    used = set(taken)
    ids: dict[str, str] = {}
    for first in sorted(firsts):
        turn = 0
        while (born_id := born(entity, first, turn)) in used:
            turn += 1
        used.add(born_id)
        ids[first] = born_id
    return ids


def inherited(groups: pl.DataFrame, registry: pl.DataFrame) -> dict[str, str]:
    """First record -> id for groups that keep a published id: each id goes once, to where most of its records are.

    `groups` has the columns record and first.
    """
    overlaps = groups.join(registry, on="record").group_by("first", "id").len().sort(["len", "id", "first"], descending=[True, False, False])
    kept: dict[str, str] = {}
    given: set[str] = set()
    for first, published, _ in overlaps.iter_rows():
        if first not in kept and published not in given:
            kept[first] = published
            given.add(published)
    return kept


def ids_of(entity: str, groups: pl.DataFrame, registry: pl.DataFrame) -> pl.DataFrame:
    """One row per group: first, id."""
    kept = inherited(groups, registry)
    fresh = born_ids(entity, [first for first in groups["first"].unique() if first not in kept], registry["id"].unique())
    both = kept | fresh
    return pl.DataFrame({"first": list(both), "id": list(both.values())}, schema={"first": pl.String, "id": pl.String})


def registry_function(path: Path) -> Function:
    """The ids as they were last published: one row per record; none where nothing was published."""
    digest = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return Function("published_ids", VERSION, partial(_read, path), (), {"sha256": digest}, columns={"record": (), "id": ()})


def _read(path: Path, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    if not params["sha256"]:
        return pl.DataFrame(schema=REGISTRY)
    try:
        found = pl.read_parquet(path, glob=False, hive_partitioning=False).select("record", "id").cast(REGISTRY)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path} cannot be read as published ids (record, id). Publish them again, or remove the file.") from error
    if found["record"].is_duplicated().any():
        raise DataError(f"{path} gives one record two ids. Publish them again, or remove the file.")
    return found.drop_nulls()


def lineage_sql(entity: str) -> str:
    """One row per published id and the id that some of its records bear now, where the two differ.

    merged: the published id is gone, its records live on under another. split: it lives on, these records left it.
    gone: its records are no longer in the data.
    """
    registry, clusters = quote(f"{entity}__registry"), quote(f"{entity}__clusters")
    return (
        "with moves as (\n  select r.id as published_id, c.id as id, count(*) as records\n"
        f"  from {registry} as r left join {clusters} as c on c.record = r.record\n"
        "  group by r.id, c.id\n),\nalive as (\n"
        f"  select distinct id from {clusters}\n)\n"
        "select m.published_id, m.id, m.records,\n"
        "  case when m.id is null then 'gone' when a.id is null then 'merged' else 'split' end as change\n"
        "from moves as m left join alive as a on a.id = m.published_id\n"
        "where m.id is null or m.id <> m.published_id"
    )
