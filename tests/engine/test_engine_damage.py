"""Whatever happened to a file of the cache: the answers stay, no error is raised, and the next
build finds all mended.
"""

from __future__ import annotations

import io
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from workbook.engine import (
    Engine,
    FieldSpec,
    FileHashes,
    Function,
    Plan,
    SourceSpec,
    Store,
    Table,
    landing_tables,
)
from workbook.engine import file_hashes as hashing

ROWS = "k,v\n" + "".join(f"{number},{number}.50\n" for number in range(1, 60))
QUERY = "select sum(v) as v from rounded"
ANSWER = 1799.5  # 1 + … + 59 is 1,770, and 59 halves


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A landed file, a function of it, and SQL over that."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text(ROWS)
    fields = (FieldSpec("k", type="integer"), FieldSpec("v", type="money"))
    spec = SourceSpec("shop.x", (str(tmp_path / "data" / "x.csv"),), fields, primary_key=("k",))
    same = Function(
        "same", 1, lambda frames, _: frames["shop__x"].select("k", "v"), reads=("shop__x",)
    )
    return Plan(
        [
            *landing_tables("shop.x", spec),
            Table("copied", row_is="one x", step="test", keys=("k",), function=same),
            Table(
                "rounded", row_is="one x", step="test", keys=("k",), sql="select k, v from copied"
            ),
        ]
    )


def opened(folder: Path) -> Engine:
    return Engine(folder / "store", data_roots=[folder / "data"], threads=1)


def answer(engine: Engine, plan: Plan) -> float:
    return float(engine.query(plan, QUERY)["v"][0])


def damages(data: bytes, rng: random.Random) -> Iterator[bytes]:
    """A file with one bit turned, cut off, and with other things in it."""
    for _ in range(6):
        turned = bytearray(data)
        turned[rng.randrange(len(turned))] ^= 1 << rng.randrange(8)
        yield bytes(turned)
    yield data[: len(data) // 2]
    yield from (b"", b"[]", b"{}", b"null", b"7", b"\xff\xfe\x00", b"[" * 100_000, b'{"digest": 1}')
    yield data + b" "
    yield data.replace(b'"rows": 59', b'"rows": "x"').replace(b'"seconds": ', b'"seconds": 1')


@pytest.mark.parametrize("share", [0.15, pytest.param(1, marks=pytest.mark.long)])
def test_a_damaged_file_of_the_cache_is_built_anew(
    share: float, tmp_path: Path, plan: Plan
) -> None:
    """Each file in turn, in each way; the answers are those of the data, and one build mends
    what is damaged.
    """
    rng = random.Random(11)
    with opened(tmp_path) as engine:
        assert ANSWER == answer(engine, plan)
        right = {name: engine.frame(plan, name) for name in plan.order}
    cached = sorted(file for file in (tmp_path / "store").glob("*/*") if file.is_file())
    # five recipes, and notes and files of four contents: two tables hold the same
    assert 13 == len(cached)
    for file in cached:
        whole = file.read_bytes()
        for data in damages(whole, rng):
            if data == whole or rng.random() > share:
                continue
            file.write_bytes(data)
            with opened(tmp_path) as engine:
                made = engine.build(plan, plan.order)
                assert {name: made[name].rows for name in right} == {
                    name: frame.height for name, frame in right.items()
                }
                assert all(engine.frame(plan, name).equals(right[name]) for name in right)
            with opened(tmp_path) as engine:
                assert ANSWER == answer(engine, plan)
                assert 0 == engine.counts["built"], (file.name, data[:80])
                assert () == engine.store.verify()


def silently_other(data: bytes) -> bytes:
    """The file with one bit turned so that it reads well and sums to something else."""
    for place in range(len(data)):
        turned = bytearray(data)
        turned[place] ^= 1
        try:
            if float(pl.read_parquet(io.BytesIO(turned), columns=["v"])["v"].sum()) != ANSWER:
                return bytes(turned)
        except (pl.exceptions.PolarsError, OSError):
            continue
    raise AssertionError


def test_a_table_that_is_damaged_is_not_what_others_are_made_from(
    tmp_path: Path, plan: Plan
) -> None:
    """Another amount in the stored file of `copied`, in a file of the same size that can be
    read, and a new table above it.
    """
    with opened(tmp_path) as engine:
        engine.build(plan, plan.order)
        path = engine.artifact(plan, "copied").path
        recorded = path.stat().st_size
    path.write_bytes(silently_other(path.read_bytes()))
    more = Table("summed", row_is="the sum", step="test", sql="select sum(v) as v from copied")
    wider = Plan([*plan.tables.values(), more])
    with opened(tmp_path) as engine:
        assert [(ANSWER,)] == [
            tuple(map(float, row)) for row in engine.frame(wider, "summed").rows()
        ]
        assert {"copied", "summed"} == {
            name for name in wider.order if not engine.artifact(wider, name).cached
        }


def test_each_file_is_compared_once_in_a_process(
    tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as engine:
        engine.build(plan, plan.order)
    read: list[Path] = []
    sum_of = hashing.sha256_of
    monkeypatch.setattr(
        "workbook.engine.store.sha256_of", lambda path: read.append(path) or sum_of(path)
    )
    with opened(tmp_path) as engine:
        engine.build(plan, plan.order)
        assert [] == read  # nothing was looked at but notes
        for _ in range(3):
            engine.frame(plan, "rounded")
            engine.query(plan, QUERY)
        assert [engine.artifact(plan, "rounded").path] == read


def test_what_a_killed_process_left_goes_when_the_next_one_starts_alone(tmp_path: Path) -> None:
    first = Store(tmp_path)
    left = first.temporary / "tmpabc.parquet"
    left.write_bytes(b"half of a table")
    (first.temporary / "duckdb-0").mkdir()
    (first.temporary / "duckdb-0" / "spilled").write_bytes(b"rows")
    second = Store(tmp_path)  # while the first is at work
    assert left.exists()
    second.close()
    first.close()
    third = Store(tmp_path)
    assert [] == list(third.temporary.iterdir())
    third.close()


# ---- a source is known by its content


@pytest.fixture
def hashes(tmp_path: Path) -> Iterator[Callable[..., FileHashes]]:
    store = Store(tmp_path / "store")
    yield lambda **how: FileHashes(store, **how)
    store.close()


def a_file(folder: Path, content: bytes) -> Path:
    file = folder / "x.csv"
    file.write_bytes(content)
    return file


def replaced(file: Path, content: bytes) -> None:
    """Another file of the same size and time in its place, as `rsync -t` and `tar` leave one."""
    time_of = file.stat().st_mtime_ns
    other = file.with_suffix(".new")
    other.write_bytes(content)
    os.utime(other, ns=(time_of, time_of))
    other.replace(file)
    assert time_of == file.stat().st_mtime_ns


@pytest.mark.parametrize("small", [0, 1 << 20])
@pytest.mark.parametrize("again", [True, False])
def test_a_file_of_the_same_size_and_time_is_another(
    again: bool, small: int, tmp_path: Path, hashes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same process and in the next, for small files and for large ones."""
    monkeypatch.setattr(hashing, "_SMALL", small)
    monkeypatch.setattr(hashing, "_SETTLED", -1.0)
    file, known = a_file(tmp_path, b"k,v\n1,30.00\n"), hashes()
    before = known.sha256(str(file))
    replaced(file, b"k,v\n1,90.00\n")
    assert before != (known if again else hashes()).sha256(str(file))
    time_of = file.stat().st_mtime_ns
    file.write_bytes(b"k,v\n1,30.00\n")  # the same inode
    os.utime(file, ns=(time_of, time_of))
    assert before == (known if again else hashes()).sha256(str(file))


def test_only_a_large_file_is_remembered_and_verifying_believes_nothing(
    tmp_path: Path, hashes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_file(tmp_path, b"k,v\n1,30.00\n")
    monkeypatch.setattr(hashing, "_SETTLED", -1.0)
    hashes().sha256(str(file))
    assert [] == list((tmp_path / "store" / "files").iterdir())
    monkeypatch.setattr(hashing, "_SMALL", 0)
    right = hashes().sha256(str(file))
    monkeypatch.setattr(hashing, "sha256_of", lambda _: "read")
    assert (right, "read") == (hashes().sha256(str(file)), hashes(verify=True).sha256(str(file)))


def test_a_file_that_just_changed_is_not_remembered(
    tmp_path: Path, hashes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two changes may share one time; so what was read right after a change is read again."""
    file, known = a_file(tmp_path, b"k\n1\n"), hashes()
    first = known.sha256(str(file))
    monkeypatch.setattr(hashing, "sha256_of", lambda _: "read again")
    assert "read again" == known.sha256(str(file)) != first
    monkeypatch.setattr(time, "time", lambda: file.stat().st_ctime + 3)
    known.sha256(str(file))
    monkeypatch.setattr(hashing, "sha256_of", lambda _: "a third time")
    assert "read again" == known.sha256(str(file))
