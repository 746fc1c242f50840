"""`forget` removes a person from what is kept, and says where they still stand; `clean
--older-than` keeps nothing older.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from workbook import Workbook
from workbook.cli import main
from workbook.dossier.publish import publish
from workbook.engine import Store
from workbook.model.masking import mask_values
from workbook.survivorship.exceptions import COLUMNS
from workbook.words import words_of

TINY = Path(__file__).parent / "notebooks" / "tiny"
DAY = 86_400
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line; its exit code, what it printed, and what it complained about."""

    def calling(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["workbook", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return calling


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project whose tables are stored."""
    root = Path(
        shutil.copytree(TINY, tmp_path / "tiny", ignore=shutil.ignore_patterns("runs", ".workbook"))
    )
    build(root)
    return root


def build(root: Path) -> None:
    book = Workbook.open(root)
    book.build()
    book.close()


def stored_texts(root: Path) -> set[str]:
    """Every text in a stored table, in small letters."""
    found: set[str] = set()
    for path in (root / ".workbook" / "store" / "artifacts").glob("*.parquet"):
        frame = pl.read_parquet(path)
        for name in frame.select(pl.col(pl.String)).columns:
            found |= {str(value).lower() for value in frame[name].drop_nulls()}
    return found


ANN = {"ann@shop.example", "ann lee", "shop.people:p1", "desk.callers:c1"}


def test_a_person_is_forgotten_with_all_records_of_theirs(built: Path, call: Call) -> None:
    """p1 of the shop and c1 of the desk share a mail; orders hold nothing of hers but a key."""
    assert stored_texts(built) >= ANN
    for name in ("extracts", "decisions"):
        (built / ".workbook" / name).mkdir(exist_ok=True)
        (built / ".workbook" / name / "x.csv").write_text("Ann Lee")
    (built / ".workbook" / "crash.txt").write_text("Ann Lee")
    code, out, _ = call("forget", "shop.people:p1", "--project", built)
    assert code == 0
    assert stored_texts(built) & ANN == set()
    assert "o1" in stored_texts(built)
    assert {path.name for path in (built / ".workbook").iterdir()} == {"store"}
    assert sorted(line.strip() for line in out.splitlines() if line.startswith("  ")) == [
        "data/desk_callers.csv:2",
        "data/shop_people.csv:2",
    ]
    assert "Ann" not in out and "registry/" in out and "that were sent" in out
    assert words_of("cli").text("forget.delete") in out
    assert "Ann Lee" in (built / "data" / "shop_people.csv").read_text()  # sources are the team's
    build(built)
    assert stored_texts(built) >= ANN


def test_a_person_whose_line_is_gone_is_forgotten_where_tables_still_hold_them(
    built: Path, call: Call
) -> None:
    people = built / "data" / "shop_people.csv"
    people.write_text(
        "".join(
            line
            for line in people.read_text().splitlines(keepends=True)
            if not line.startswith("p1,")
        )
    )
    code, out, _ = call("forget", "shop.people:p1", "--project", built)
    assert (code, words_of("cli").text("forget.delete") in out) == (0, False)
    assert stored_texts(built) & {"ann lee", "shop.people:p1"} == set()
    code, _, complaint = call("forget", "shop.people:p1", "--project", built)
    assert (code, "No record 'shop.people:p1'" in complaint) == (2, True)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("shop.people:nobody", "No record"),
        ("shop.poeple:p1", "Did you mean 'shop.people'?"),
        ("shop.people", "system.table:key"),
    ],
)
def test_who_is_not_known_is_refused(built: Path, call: Call, record: str, said: str) -> None:
    before = stored_texts(built)
    code, _, complaint = call("forget", record, "--project", built)
    assert (code, said in complaint, "Traceback" in complaint) == (2, True, False)
    assert stored_texts(built) == before


def test_nothing_is_removed_while_somebody_uses_the_store(built: Path, call: Call) -> None:
    before = stored_texts(built)
    other = Store(built / ".workbook" / "store")
    code, _, complaint = call("forget", "shop.people:p1", "--project", built)
    other.close()
    assert (code, "Another process uses" in complaint) == (2, True)
    assert stored_texts(built) == before


# ---- free texts of decisions


def test_free_texts_are_masked_and_every_line_keeps_its_form(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.csv"
    head = ",".join(COLUMNS)
    path.write_text(
        f'{head}\ne1,2025-06-01,Ann Lee,person.name,shop.people:p1,,Ann Lee,,"asked by ANN LEE, by'
        ' mail\nof ann@shop.example"\ne2,2025-06-01,ann,person.city,shop.people:p2,shop,,,Annabel'
        " said so\n"
    )
    size = path.stat().st_size
    assert mask_values(path, ("use_value", "because"), ["Ann Lee", "ann@shop.example", "ann"]) == [
        2,
        3,
    ]
    lines = path.read_text().splitlines()
    assert (
        lines[1]
        == 'e1,2025-06-01,Ann Lee,person.name,shop.people:p1,,*******,,"asked by *******, by mail'
    )
    assert lines[2] == 'of ****************"'
    assert lines[3] == "e2,2025-06-01,ann,person.city,shop.people:p2,shop,,,Annabel said so"
    assert path.stat().st_size == size
    assert mask_values(tmp_path / "absent.csv", ("because",), ["x"]) == []


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"id",
        b"id,because\n",
        b'id,because\n1,"open\n2,x\n',
        b"\xef\xbb\xbfid,because\r\n1,M\xfcller\r\n",
        b"id;because\n1;Ann",
    ],
)
def test_a_file_that_does_not_hold_the_value_stays_as_it_is(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "x.csv").write_bytes(written)
    assert mask_values(tmp_path / "x.csv", ("because",), ["Cy"]) == []
    assert (tmp_path / "x.csv").read_bytes() == written


def test_a_value_with_quotes_and_letters_of_several_bytes(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('id,because\r\n1,"says ""Zoë"" Ødegård"\r\n', newline="")
    assert mask_values(tmp_path / "x.csv", ("because",), ['"Zoë" Ødegård']) == [2]
    assert (tmp_path / "x.csv").read_bytes() == b'id,because\r\n1,"says ' + b"*" * 18 + b'"\r\n'


# ---- nothing older


def aged(path: Path, days: float) -> None:
    os.utime(path, (time.time() - days * DAY,) * 2)


def a_run(runs: Path, name: str, days: float, contents: list[str]) -> None:
    manifest = json.dumps(
        {"tables": {content: {"content": content} for content in contents}}
    ).encode()
    publish(runs, name, {"dossier.html": b"", "results.json": b"{}", "manifest.json": manifest})
    aged(runs / name / "manifest.json", days)


@pytest.mark.parametrize(
    ("length", "runs", "tables"),
    [
        ("", 3, {"old", "new"}),
        ("30d", 2, {"new"}),
        ("30 days", 2, {"new"}),
        ("1 year", 3, {"old", "new"}),
        ("1d", 1, set()),
    ],
)
def test_runs_and_tables_older_than_a_time_are_removed(
    built: Path, call: Call, length: str, runs: int, tables: set[str]
) -> None:
    store = built / ".workbook" / "store" / "artifacts"
    shutil.rmtree(store)
    store.mkdir()
    for name, days in (("old", 60), ("new", 5), ("unused", 5)):
        (store / f"{name}.parquet").write_text(name)
        aged(store / f"{name}.parquet", days)
    for name, days in (("a", 60), ("b", 10), ("c", 50)):
        a_run(built / "runs", name, days, ["old", "new"])
    (built / ".workbook" / "crash.txt").write_text("x")
    aged(built / ".workbook" / "crash.txt", 40)
    code, _, _ = call("clean", built, *(["--older-than", length] if length else []))
    assert code == 0
    left = [
        path.name for path in (built / "runs").iterdir() if path.is_dir() and not path.is_symlink()
    ]
    assert (len(left), "c" in left, (built / "runs" / "latest" / "dossier.html").exists()) == (
        runs,
        True,
        True,
    )
    assert {path.stem for path in store.glob("*.parquet")} == tables
    assert (built / ".workbook" / "crash.txt").exists() is (length in ("", "1 year"))


@pytest.mark.parametrize("length", ["soon", "30 dyas", "0d", "-1d"])
def test_a_time_that_is_none_is_refused(built: Path, call: Call, length: str) -> None:
    code, _, complaint = call("clean", built, f"--older-than={length}")
    assert (code, "Traceback" in complaint) == (2, False)


def test_somebody_of_the_same_name_is_not_named_and_what_repeats_a_mail_is(
    built: Path, call: Call
) -> None:
    """p9 is another Ann Lee; an order names Ann by her mail."""
    with (built / "data" / "shop_people.csv").open("a") as file:
        file.write("p9,other@shop.example,Ann Lee,Bonn,2025-06-02T10:00:00\n")
    with (built / "data" / "shop_orders.csv").open("a") as file:
        file.write("o77,ann@shop.example,1.00,paid,2025-05-06\n")
    line = len((built / "data" / "shop_orders.csv").read_text().splitlines())
    code, out, _ = call("forget", "shop.people:p1", "--project", built)
    listed = [text.strip() for text in out.splitlines() if text.startswith("  ")]
    assert (code, sorted(listed[:2])) == (0, ["data/desk_callers.csv:2", "data/shop_people.csv:2"])
    assert listed[2:] == [f"data/shop_orders.csv:{line}"]
    assert stored_texts(built) & ANN == set()
