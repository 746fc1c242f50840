"""What was worked out about SQL: kept beside the store, added to what others kept, and never a
reason to fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from workbook.engine.sql_cache import MISSING, Memo


def a_memo(folder: Path) -> Memo:
    memo = Memo()
    memo.use(folder)
    return memo


def test_an_answer_is_there_the_next_time(tmp_path: Path) -> None:
    first = a_memo(tmp_path)
    first.remember("reads", ["a"], "select * from a")
    first.save()
    assert (["a"], MISSING) == (
        a_memo(tmp_path).recall("reads", "select * from a"),
        a_memo(tmp_path).recall("portable", "select * from a"),
    )


def test_two_that_save_keep_each_others_answers(tmp_path: Path) -> None:
    one, other = a_memo(tmp_path), a_memo(tmp_path)
    one.remember("reads", ["a"], "a")
    other.remember("reads", ["b"], "b")
    one.save()
    other.save()
    assert [["a"], ["b"]] == [a_memo(tmp_path).recall("reads", text) for text in "ab"]


def test_an_answer_with_another_letter_is_no_answer(tmp_path: Path) -> None:
    memo = a_memo(tmp_path)
    memo.remember("reads", ["orders"], "a")
    memo.save()
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes().replace(b"orders", b"orderz"))
    assert a_memo(tmp_path).recall("reads", "a") is MISSING


def test_what_a_killed_process_left_goes_with_the_next(tmp_path: Path) -> None:
    memo = a_memo(tmp_path)
    memo.remember("reads", ["a"], "a")
    memo.save()
    (file,) = tmp_path.iterdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, ours = (tmp_path / f".{pid}-{file.name}" for pid in (ended.pid, os.getpid()))
    left.write_bytes(b"half")
    ours.write_bytes(b"half")
    assert ["a"] == a_memo(tmp_path).recall("reads", "a")
    assert (False, True) == (left.exists(), ours.exists())


@pytest.mark.parametrize("held", [b"", b"{", b"[1]", b'{"reads": 3}', b"\xff"])
def test_a_file_that_holds_something_else_counts_as_empty(tmp_path: Path, held: bytes) -> None:
    memo = a_memo(tmp_path)
    memo.remember("reads", ["a"], "a")
    memo.save()
    (file,) = tmp_path.iterdir()
    file.write_bytes(held)
    again = a_memo(tmp_path)
    assert again.recall("reads", "a") is MISSING
    again.remember("reads", ["a"], "a")
    again.save()
    assert ["a"] == a_memo(tmp_path).recall("reads", "a")


@pytest.mark.parametrize(
    "answers",
    [
        [],
        {"tables": "zzz"},
        {"tables": {"k": "zzz"}},
        {"tables": {"k": [1]}},
        {"trace": {"k": {"a": [["t", "c"]]}}},
        {"columns": {"k": 7}},
        {"portable": {"k": 1}},
    ],
)
def test_an_answer_of_another_form_is_no_answer(tmp_path: Path, answers: object) -> None:
    memo = a_memo(tmp_path)
    memo.remember("tables", ["a"], "select 1")
    memo.save()
    [file] = tmp_path.iterdir()
    written = json.dumps(answers).encode()
    file.write_bytes(sha256(written).hexdigest().encode() + b"\n" + written)
    again = a_memo(tmp_path)
    assert not any(again._known.values())
    again.remember("tables", ["a"], "select 1")
    again.save()
    assert a_memo(tmp_path).recall("tables", "select 1") == ["a"]
