"""The file of sign-offs: every line is read or named, none is lost."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from workbook.model.ledger_errors import unfinished_merge
from workbook.review import COLUMNS, append, read_ledger

HEAD = ",".join(COLUMNS)
GOOD = "s1,2025-06-26T14:02:00Z,head of finance,finance,mrr,agree,3f9c12ab77de,345005.56,0.5%,"


def a_file(folder: Path, *lines: str) -> Path:
    path = folder / "signoffs.csv"
    path.write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8")
    return path


def test_a_line(tmp_path):
    (signed,) = read_ledger(a_file(tmp_path, GOOD)).signoffs
    assert (signed.line, signed.at, signed.figure, signed.tolerance) == (
        2,
        dt.datetime(2025, 6, 26, 14, 2),
        Decimal("345005.56"),
        "0.5%",
    )


def test_times_of_any_zone_are_utc(tmp_path):
    (signed,) = read_ledger(a_file(tmp_path, GOOD.replace("14:02:00Z", "16:02:00+02:00"))).signoffs
    assert signed.at == dt.datetime(2025, 6, 26, 14, 2)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("s2,2025-06-26", "it has 2 fields instead of 10"),
        (
            GOOD.replace("2025-06-26T14:02:00Z", "June"),
            "'June' is no time such as 2025-06-26T14:02:00Z",
        ),
        (GOOD.replace(",agree,", ",yes,"), "'yes' is no verdict; write agree or disagree"),
        (GOOD.replace("345005.56", "many"), "'many' is no number"),
        (GOOD.replace("345005.56", "nan"), "'nan' is no number"),
        (GOOD.replace("0.5%", "some"), "'some' is no tolerance; write 0.5% or 10"),
        (GOOD.replace("head of finance", ""), "its by is empty"),
        ("<<<<<<< HEAD", unfinished_merge("<<<<<<< HEAD")),
    ],
)
def test_a_broken_line_is_named_and_takes_no_other_with_it(line, why, tmp_path):
    ledger = read_ledger(a_file(tmp_path, line, GOOD.replace("s1", "s9")))
    assert [(each.line, each.why) for each in ledger.broken] == [(2, why)]
    assert [(each.line, each.id) for each in ledger.signoffs] == [(3, "s9")]


def test_an_id_that_stands_twice(tmp_path):
    ledger = read_ledger(a_file(tmp_path, GOOD, GOOD))
    assert len(ledger.signoffs) == 1 and [each.line for each in ledger.broken] == [3]
    assert "'s1'" in ledger.broken[0].why and "line 2" in ledger.broken[0].why


def test_an_unclosed_quote_takes_only_its_line(tmp_path):
    ledger = read_ledger(
        a_file(tmp_path, GOOD + '"never closed', GOOD.replace("s1", "s2"), GOOD.replace("s1", "s3"))
    )
    assert {each.id for each in ledger.signoffs} >= {"s2", "s3"}


def test_two_unclosed_quotes_do_not_swallow_what_stands_between(tmp_path):
    ledger = read_ledger(
        a_file(
            tmp_path, GOOD + '"open', GOOD.replace("s1", "s2"), GOOD.replace("s1", "s3") + '"open'
        )
    )
    assert "s2" in {each.id for each in ledger.signoffs}


def test_a_reason_of_two_lines(tmp_path):
    ledger = read_ledger(a_file(tmp_path, GOOD + '"one, and\ntwo"', GOOD.replace("s1", "s2")))
    assert [(each.line, each.because) for each in ledger.signoffs] == [
        (2, "one, and\ntwo"),
        (4, ""),
    ]


def test_another_head_reads_nothing_and_says_so(tmp_path):
    path = tmp_path / "signoffs.csv"
    path.write_text("id,who\n" + GOOD + "\n")
    assert read_ledger(path).signoffs == () and "head" in read_ledger(path).broken[0].why


def test_no_file_is_no_signoff(tmp_path):
    assert read_ledger(tmp_path / "none.csv") == read_ledger(a_file(tmp_path))


def test_append_adds_one_line_and_touches_none(tmp_path):
    path = a_file(tmp_path, GOOD)
    before = path.read_bytes()
    new = append(
        path,
        {
            "at": "2025-06-27T00:00:00Z",
            "by": "x",
            "department": "sales",
            "statement": "a",
            "verdict": "disagree",
            "because": "=1+1, or",
        },
    )
    assert path.read_bytes().startswith(before) and new.startswith("s20250627-")
    assert "'=1+1" in path.read_text() and read_ledger(path).signoffs[-1].because == "=1+1, or"


def test_append_to_a_file_without_its_last_line_break(tmp_path):
    path = a_file(tmp_path, GOOD)
    path.write_text(path.read_text().rstrip("\n"))
    new = append(
        path,
        {
            "at": "2025-06-27T00:00:00Z",
            "by": "x",
            "department": "sales",
            "statement": "a",
            "verdict": "agree",
        },
    )
    assert [each.id for each in read_ledger(path).signoffs] == ["s1", new]


def test_the_first_append_writes_the_head(tmp_path):
    path = tmp_path / "decisions" / "signoffs.csv"
    append(
        path,
        {
            "at": "2025-06-27T00:00:00Z",
            "by": "x",
            "department": "sales",
            "statement": "a",
            "verdict": "agree",
        },
    )
    assert path.read_text().splitlines()[0] == HEAD


OLD_HEAD = HEAD.removesuffix(",as_of,says")


def test_a_file_begun_before_the_wording_was_kept_goes_on(tmp_path: Path) -> None:
    """Its head and its lines stay byte for byte; a new line keeps what was signed and of which
    day.
    """
    path = tmp_path / "signoffs.csv"
    path.write_text(f"{OLD_HEAD}\n{GOOD}\n")
    before = path.read_bytes()
    row = {"at": "2025-06-30T00:00:00Z", "by": "x", "department": "sales", "statement": "a"}
    append(path, {**row, "verdict": "agree", "as_of": "2025-06-30", "says": "We had 2, not 3."})
    assert path.read_bytes().startswith(before)
    first, last = read_ledger(path).signoffs
    assert (first.as_of, first.says) == (None, "")
    assert (last.as_of, last.says) == (dt.date(2025, 6, 30), "We had 2, not 3.")


@pytest.mark.parametrize("cells", [",,,", ",soon,"])
def test_a_line_too_long_or_with_no_day_is_told(tmp_path: Path, cells: str) -> None:
    ledger = read_ledger(a_file(tmp_path, GOOD + cells, GOOD))
    assert ([each.line for each in ledger.broken], len(ledger.signoffs)) == ([2], 1)


def test_two_who_sign_at_once_never_mix_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "signoffs.csv"
    row = {"at": "2025-06-27T00:00:00Z", "by": "x", "department": "sales", "statement": "a"}
    with ThreadPoolExecutor(8) as pool:
        ids = [*pool.map(lambda _: append(path, {**row, "verdict": "agree"}), range(40))]
    ledger = read_ledger(path)
    assert (len(set(ids)), {each.id for each in ledger.signoffs}, ledger.broken) == (40, {*ids}, ())
