"""The store: what is in it is whole, whatever happened to the process that wrote it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import polars as pl

from workbook.engine import Engine, Plan, Store

SLOW = """
    import sys
    from workbook.engine import Engine, Plan, Table
    numbers = "select unnest(range(3000000)) as i"
    sql = f"select i as k, md5(cast(i as varchar)) as v from ({numbers}) as t"
    table = Table("slow", row_is="one number", step="test", keys=("k",), sql=sql, portable=False)
    with Engine(sys.argv[1]) as engine:
        print("started", flush=True)
        engine.frame(Plan([table]), "slow")
        print("done", flush=True)
"""


def _child(folder: Path) -> subprocess.Popen:
    code = textwrap.dedent(SLOW)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True
    )


def test_a_killed_build_leaves_nothing_torn(tmp_path: Path, table) -> None:
    for wait in (0.0, 0.2, 0.5, 0.8):
        child = _child(tmp_path)
        assert child.stdout.readline().strip() == "started"
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        store = Store(tmp_path)
        for note in store.artifacts.glob("*.json"):
            assert store.content(note.stem)
        for note in store.recipes.glob("*.json"):
            assert store.recipe(note.stem)
        assert () == store.verify()
        store.close()
    store = Store(tmp_path)
    store.clean(set())
    assert [] == [file.name for file in store.temporary.iterdir()]


def test_two_processes_build_the_same_store_at_once(tmp_path: Path) -> None:
    children = [_child(tmp_path) for _ in range(2)]
    for child in children:
        assert ["started", "done"] == child.communicate()[0].split()
    store = Store(tmp_path)
    assert 1 == len(list(store.artifacts.glob("*.parquet")))
    assert () == store.verify()
    store.close()


def test_a_changed_byte_is_found_and_the_table_made_anew(tmp_path: Path, table) -> None:
    plan = Plan([table("numbers", "select 1 as k, 'x' as v", "k")])
    with Engine(tmp_path) as engine:
        path = engine.artifact(plan, "numbers").path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    store = Store(tmp_path)
    assert (path.stem,) == store.verify()
    store.close()
    with Engine(tmp_path) as engine:
        assert [(1, "x")] == engine.frame(plan, "numbers").rows()
        assert 1 == engine.counts["built"]
        assert () == engine.store.verify()


def test_a_torn_file_is_made_anew_without_being_asked(tmp_path: Path, table) -> None:
    plan = Plan([table("numbers", "select 1 as k", "k")])
    with Engine(tmp_path) as engine:
        path = engine.artifact(plan, "numbers").path
    path.write_bytes(path.read_bytes()[:-7])
    with Engine(tmp_path) as engine:
        assert [(1,)] == engine.frame(plan, "numbers").rows()
        assert 1 == engine.counts["built"]


def test_a_torn_note_is_no_note(tmp_path: Path, table) -> None:
    plan = Plan([table("numbers", "select 1 as k", "k")])
    with Engine(tmp_path) as engine:
        engine.artifact(plan, "numbers")
    for note in (*tmp_path.glob("recipes/*.json"), *tmp_path.glob("artifacts/*.json")):
        note.write_text(note.read_text()[:10])
    with Engine(tmp_path) as engine:
        assert [(1,)] == engine.frame(plan, "numbers").rows()


def test_cleaning_keeps_what_is_kept_and_waits_for_readers(tmp_path: Path, table) -> None:
    plan = Plan([table("one", "select 1 as k", "k"), table("two", "select 2 as k", "k")])
    with Engine(tmp_path) as engine:
        built = engine.build(plan, ["one", "two"])
        other = Store(tmp_path)
        assert () == other.clean(set())
        other.close()
        assert (built["two"].content,) == engine.store.clean({built["one"].content})
        assert [(1,)] == engine.frame(plan, "one").rows()
    with Engine(tmp_path) as engine:
        assert [(2,)] == engine.frame(plan, "two").rows()
        assert {"built": 1, "cached": 0, "rows": 1} == engine.counts


def test_nothing_is_written_outside_the_store(tmp_path: Path, table) -> None:
    with Engine(tmp_path / "store") as engine:
        engine.frame(Plan([table("one", "select 1 as k", "k")]), "one")
    assert ["store"] == os.listdir(tmp_path)
    assert [] == list((tmp_path / "store" / "tmp").iterdir())


def test_notes_are_plain_json(tmp_path: Path, table) -> None:
    with Engine(tmp_path) as engine:
        made = engine.artifact(Plan([table("one", "select 1 as k, 'x' as v", "k")]), "one")
        note = json.loads((tmp_path / "artifacts" / f"{made.content}.json").read_text())
        assert {"k": "INTEGER", "v": "VARCHAR"} == note["columns"] == made.columns
        assert made.path.stat().st_size == note["bytes"]
        assert [(1, "x")] == pl.read_parquet(made.path).rows()
