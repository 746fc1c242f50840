"""Ids that last: born from the entity and the first record, inherited by largest overlap with
what was published.
"""

from __future__ import annotations

import os
from base64 import b32encode
from collections.abc import Mapping
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import polars as pl

from workbook.engine import Function, quote
from workbook.engine.connection import to_polars
from workbook.engine.function_sandbox import scratch
from workbook.errors import DataError
from workbook.words import error_of

VERSION = 2
REGISTRY = {"record": pl.String, "id": pl.String, "state": pl.String}
# What an id is to a record: borne; borne since it was merged already (late); borne when no record
# bore it any more
# (retired); left while others bore it (left).
CURRENT, LATE, RETIRED, LEFT = "current", "late", "retired", "left"
_BORNE = pl.col("state").is_in([CURRENT, LATE])
# of 5 bits each: a million ids collide once in two thousand registers, and then one of the two is
# born anew
_LETTERS = 10
_FEW = 2_000  # records, below which opening a database costs more than the hashes


def new_id(entity: str, record: str, rank: int = 0) -> str:
    """The id that a group is born with: opaque, and the same in every run.

    >>> new_id("account", "shop.clients:7")
    'acc_osgmro2u4x'
    """
    said = f"{entity}\0{record}" + (f"\0{rank}" if rank else "")
    letters = b32encode(sha256(said.encode()).digest()[:10])[:_LETTERS].decode().lower()
    return f"{_prefix(entity)}_{letters}"


@lru_cache(maxsize=64)
def _prefix(entity: str) -> str:
    return "".join(c for c in entity.lower() if c.isascii() and c.isalnum())[:3] or "id"


def born_ids(entity: str, firsts: pl.Series, taken: pl.Series) -> pl.Series:
    """The id of each first record, in their order; one that is taken already, or that two
    groups would share, is born with the next turn.
    """
    ids = _all_born(entity, firsts)
    if ids.n_unique() == len(ids) and (taken.is_empty() or not ids.is_in(taken.implode()).any()):
        return ids
    used, found = set(taken), {}
    for first in firsts.sort():
        rank = 0
        while (born_id := new_id(entity, first, rank)) in used:
            rank += 1
        used.add(born_id)
        found[first] = born_id
    return pl.Series([found[first] for first in firsts], dtype=pl.String)


def _all_born(entity: str, records: pl.Series) -> pl.Series:
    """`born` of each record.

    Of many at a tenth of its cost: the fifty bits of all at once, ten of them a pair of
    letters.
    """
    import numpy as np

    if len(records) < _FEW:
        return pl.Series([new_id(entity, record) for record in records], dtype=pl.String)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    pairs = np.array([letter + other for letter in letters for other in letters], dtype="S2")
    with scratch(
        given=records.to_frame("record").select(said=pl.lit(f"{entity}\0") + pl.col("record"))
    ) as connection:
        digests = to_polars(
            connection.sql(
                "select cast('0x' || substr(sha256(said), 1, 16) as ubigint) as digest from given"
            )
        )["digest"]
    value = digests.to_numpy() >> np.uint64(14)
    words = np.empty((len(value), 5), dtype=pairs.dtype)
    for place in range(5):
        words[:, 4 - place] = pairs[(value >> np.uint64(10 * place)) & np.uint64(1023)]
    words = words.view(f"S{_LETTERS}").ravel()
    return (
        pl.Series("word", words, dtype=pl.Binary)
        .to_frame()
        .select(pl.lit(f"{_prefix(entity)}_") + pl.col("word").cast(pl.String))
        .to_series()
    )


def inherit_ids(groups: pl.DataFrame, registry: pl.DataFrame) -> dict[str, str]:
    """First record -> id for groups that keep a published id, or get back one that a merge had
    retired.

    `groups` has the columns record and first. An id that is borne goes once, to where most of
    its records are (those that joined it late count after all others); what had come to it by a
    merge and has left it again is no claim of its.
    """
    if registry.is_empty():
        return {}
    returned = _returned(groups, registry)
    borne = (
        registry.filter(_BORNE)
        .join(groups, on="record")
        .filter(~pl.col("first").is_in(list(returned)))
    )
    return returned | _by_overlap(_overlaps(borne))


def _overlaps(borne: pl.DataFrame) -> pl.DataFrame:
    """One row per group (`first`) and id that its records bear, the greatest overlap first;
    late records count after all others.
    """
    counted = borne.group_by("first", "id").agg(
        (pl.col("state") == CURRENT).sum().alias("early"), pl.len()
    )
    return counted.sort(["early", "len", "id", "first"], descending=[True, True, False, False])


def _by_overlap(overlaps: pl.DataFrame) -> dict[str, str]:
    """First record -> id, each group and each id once, in the order of the overlaps."""
    kept: dict[str, str] = {}
    given: set[str] = set()
    for first, published in overlaps.select("first", "id").iter_rows():
        if first not in kept and published not in given:
            kept[first] = published
            given.add(published)
    return kept


def _returned(groups: pl.DataFrame, registry: pl.DataFrame) -> dict[str, str]:
    """First record -> retired id, for groups of records that all came to the id they bear by a
    merge and have left it, and for groups of records that bear none because they had left the
    data.

    They have left it where a record that did not come by a merge bears it in another group;
    where none is left that did not, the group stays that bears it most. One that joined the id
    late, when it was merged already, says nothing about either side. Of several retired ids a
    group gets that which most of its records bore, among equals the one that fewest other
    records bore.
    """
    dead = registry.filter(pl.col("state") == RETIRED).select("record", "id")
    if dead.is_empty():
        return {}
    here = registry.filter(_BORNE).join(groups, on="record")
    own = here.filter(pl.col("state") == CURRENT).join(dead, on="record", how="anti")
    most = _overlaps(here.join(own, on="id", how="anti")).unique(
        "id", keep="first", maintain_order=True
    )
    stay = pl.concat([own["first"], most["first"]]).unique().to_frame()
    claims = (
        dead.join(groups, on="record")
        .join(stay, on="first", how="anti")
        .group_by("first", "id")
        .len()
    )
    whole = dead.group_by("id").len("whole")
    return _by_overlap(
        claims.join(whole, on="id").sort(
            ["len", "whole", "id", "first"], descending=[True, False, False, False]
        )
    )


def ids_of(
    entity: str, firsts: pl.Series, groups: pl.DataFrame, registry: pl.DataFrame
) -> pl.Series:
    """The id of each group, in the order of `firsts`, the first record of each; `groups` has
    the columns record and first.
    """
    kept = inherit_ids(groups, registry)
    if not kept:
        return born_ids(entity, firsts, registry["id"].unique())
    held = pl.DataFrame(
        {"first": list(kept), "id": list(kept.values())},
        schema={"first": pl.String, "id": pl.String},
    )
    ids = pl.DataFrame({"first": firsts}).join(held, on="first", how="left", maintain_order="left")
    new = ids["id"].is_null()
    return ids["id"].scatter(
        new.arg_true(), born_ids(entity, firsts.filter(new), registry["id"].unique())
    )


def registry_function(path: Path | None) -> Function:
    """The ids as they were published, none without a file: one row per record and id that it
    bears or bore.

    Raises:
        DataError: something else than a file bears the registry's name.
    """
    digest = sha256(path.read_bytes()).hexdigest() if path and _is_there(path) else ""
    return Function(
        "published_ids",
        VERSION,
        partial(_read, path),
        (),
        {"sha256": digest},
        columns=dict.fromkeys(REGISTRY, ()),
    )


def _read(path: Path | None, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    return read_registry(path) if path and params["sha256"] else pl.DataFrame(schema=REGISTRY)


def read_registry(path: Path) -> pl.DataFrame:
    """The published ids of a file (an older one holds only record and id); none where there is
    no file.

    Raises:
        DataError: the file holds something else, or names a record twice; or it is a folder.
    """
    if not _is_there(path):
        return pl.DataFrame(schema=REGISTRY)
    try:
        found = pl.read_parquet(path, glob=False, hive_partitioning=False)
        found = found if "state" in found.columns else found.with_columns(state=pl.lit(CURRENT))
        found = found.select(*REGISTRY).cast(REGISTRY)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise error_of(DataError, "identity.ids_unreadable", path=str(path)) from error
    wrong = _wrong_rows(path, found)
    if wrong:
        raise wrong
    return found


def _is_there(path: Path) -> bool:
    """Whether ids were published; a folder of the file's name must not count as none, for then
    every id would be born anew.
    """
    if path.is_dir():
        raise error_of(DataError, "identity.ids_folder", path=str(path))
    return path.is_file()


def _wrong_rows(path: Path, found: pl.DataFrame) -> DataError | None:
    """What is wrong with the rows of a registry; none where each says one thing."""
    twice = (
        found.filter(_BORNE).select("record").is_duplicated().sum()
        or found.select("record", "id").is_duplicated().sum()
    )
    if twice:
        return error_of(
            DataError, "identity.ids_record_twice", path=str(path), count=twice, all=found.height
        )
    unclear = found.filter(
        pl.any_horizontal(pl.all().is_null())
        | ~pl.col("state").is_in([CURRENT, LATE, RETIRED, LEFT])
    ).height
    if unclear:
        return error_of(
            DataError, "identity.ids_incomplete", path=str(path), count=unclear, all=found.height
        )
    return None


def published(registry: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """What to publish: the id of each record, and every other id that a record bore before, sorted.

    An id that no record bears any more keeps the records that it had, so that it leads to
    whoever bears them now.
    """
    now = clusters.select("record", "id")
    alive = pl.col("id").is_in(now["id"].unique().implode())
    former = (
        registry.join(now, on=["record", "id"], how="anti")
        .filter(~alive | pl.col("record").is_in(now["record"].implode()))
        .with_columns(
            state=pl.when(alive)
            .then(pl.lit(LEFT))
            .when(_BORNE)
            .then(pl.lit(RETIRED))
            .otherwise("state")
        )
    )
    former = _at_home(now, registry, former)
    came = former.filter(pl.col("state") == RETIRED).select("record").unique()
    merged = now.join(came, on="record", how="semi").select("id").unique()
    before = registry.filter(_BORNE).select("record", "id", was="state")
    late = (
        now.join(merged, on="id", how="semi")
        .join(before, on="id", how="semi")
        .join(came, on="record", how="anti")
        .join(before, on=["record", "id"], how="left")
        .filter(pl.col("was").fill_null(LATE) == LATE)
        .select("record", state=pl.lit(LATE))
    )
    rows = now.join(late, on="record", how="left").with_columns(pl.col("state").fill_null(CURRENT))
    return pl.concat([rows, former]).sort("record", _BORNE, "id", descending=[False, True, False])


def _at_home(now: pl.DataFrame, registry: pl.DataFrame, former: pl.DataFrame) -> pl.DataFrame:
    """The former ids, where those that came to an id by a merge are at home in it once nobody
    else is left who bore it.
    """
    came = former.filter(pl.col("state") == RETIRED).select("record").unique()
    before = registry.filter(_BORNE)
    there = pl.concat(
        [now.join(before, on=["record", "id"], how="semi"), now.join(before, on="id", how="anti")]
    )
    own = there.join(came, on="record", how="anti")
    home = there.join(own, on="id", how="anti").select("record", home=pl.lit(value=True))
    settled = (pl.col("state") == RETIRED) & pl.col("home").fill_null(value=False)
    return (
        former.join(home, on="record", how="left")
        .with_columns(state=pl.when(settled).then(pl.lit(LEFT)).otherwise("state"))
        .drop("home")
    )


def publish(path: Path, clusters: pl.DataFrame) -> bool:
    """Write the ids of all records to the registry, in one rename; whether anything in it changed.

    Raises:
        DataError: what was published before cannot be read.
    """
    before = read_registry(path)
    after = published(before, clusters)
    if path.is_file() and after.equals(before):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        try:
            after.write_parquet(file, compression="zstd", statistics=False)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return True


def lineage_sql(entity: str) -> str:
    """One row per published id and the id that some of its records bear now, where the two differ.

    merged: the published id is gone, its records live on under another. split: it lives on,
      these records left it.
    gone: its records are no longer in the data.
    """
    registry, clusters = quote(f"{entity}__registry"), quote(f"{entity}__clusters")
    return (
        f"with borne as (\n  select c.record, c.id from {clusters} as c where exists (select 1 from"
        f" {registry} as r where r.record = c.record)\n),\nmoves as (\n  select r.id as"
        f" published_id, b.id as id, count(*) as records\n  from {registry} as r left join borne as"
        " b on b.record = r.record\n  group by r.id, b.id\n),\nalive as (\n  select distinct c.id"
        f" from {clusters} as c where exists (select 1 from {registry} as r where r.id ="
        " c.id)\n)\nselect m.published_id, m.id, m.records,\n  case when m.id is null then 'gone'"
        " when a.id is null then 'merged' else 'split' end as change\nfrom moves as m left join"
        " alive as a on a.id = m.published_id\nwhere m.id is null or m.id <> m.published_id"
    )
