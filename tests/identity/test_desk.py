"""The desk: what it shows, what it writes, and that nothing of the file is ever lost."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from rows_in import ENTITY, records_of
from suggested import WEIGHTS, evidence_of, pairs_of, resolve, waiting

from workbook.errors import WorkbookError
from workbook.identity import append_decision as writing
from workbook.identity.review_session import PairReview
from workbook.identity.match_ledger import COLUMNS, read_ledger
from workbook.identity.evidence_digest import digests
from workbook.identity.weights import Weights, LevelWeight, weights_path, write_weights

RECORDS = records_of("""record | source | name | domain | city | email
    a | shop | Acme  | acme.test | Ulm |
    b | shop | Acme Inc | acme.test | |
    c | desk | ACME | acme.test | Bonn |
    d | desk | Acma | | |
    e | desk | Emu | emu.test | |""")
SUGGESTED = pairs_of(
    "a c likely name: same\na d likely name: close\nb d possible name: close\nb e possible name:"
    " differs",
    RECORDS,
)
NOW = dt.datetime(2025, 6, 30, 10, 0, tzinfo=dt.UTC)


def a_desk(
    folder: Path, suggested: pl.DataFrame = SUGGESTED, records: pl.DataFrame = RECORDS, **more
) -> PairReview:
    return PairReview(
        ENTITY,
        folder / "decisions" / "matches.csv",
        suggested,
        evidence_of(suggested),
        records.rename({"record": "_record", "source": "_source"}, strict=False),
        **{"weights": WEIGHTS, "now": lambda: NOW, **more},
    )


@pytest.fixture
def desk(tmp_path: Path) -> PairReview:
    return a_desk(tmp_path)


def names(pairs) -> list[str]:
    return [f"{pair.left},{pair.right}" for pair in pairs]


def test_what_waits_in_the_order_of_the_table(desk: PairReview) -> None:
    assert names(desk.pairs()) == ["a,c", "a,d", "b,d", "b,e"]
    assert names(desk.pairs(band="likely", pattern="name: close")) == ["a,d"]
    assert names(desk.pairs(limit=1)) == ["a,c"]
    assert desk.pairs()[0].says == (("prior", "", -4.0), ("name", "close", 13.0))
    assert sum(weight for _, _, weight in desk.pairs()[0].says) == desk.pairs()[0].weight


def test_side_by_side_has_what_was_compared_first_and_no_empty_row(desk: PairReview) -> None:
    assert desk.side_by_side(desk.pairs()[0]) == [
        ("name", "Acme", "ACME", True),
        ("domain", "acme.test", "acme.test", True),
        ("city", "Ulm", "Bonn", False),
    ]


def test_a_word_is_a_line_of_the_file_and_its_pair_waits_no_more(desk: PairReview) -> None:
    made = desk.decide(desk.pairs()[1], "same", by=" Ann ", because="same\nsite")
    assert desk.path.read_text().splitlines() == [
        ",".join(COLUMNS),
        (
            f"{made},2025-06-30T10:00:00Z,Ann,firm,a,d,same,likely,name:"
            f" close,{SUGGESTED['evidence'][1]},,same site"
        ),
    ]
    assert made.startswith("d20250630-") and len(made) == 16
    assert names(desk.pairs()) == ["a,c", "b,d", "b,e"]
    assert (desk.done("Ann"), desk.last("Ann"), desk.done("Bob"), desk.last("Bob")) == (
        1,
        made,
        0,
        "",
    )


def test_unsure_waits_last_and_counts_as_a_word(desk: PairReview) -> None:
    desk.decide(desk.pairs()[0], "unsure", by="Ann")
    assert names(desk.pairs()) == ["a,d", "b,d", "b,e", "a,c"]
    assert desk.done("Ann") == 1


def test_an_undo_brings_the_pair_back_and_can_be_undone(desk: PairReview) -> None:
    first = desk.decide(desk.pairs()[0], "different", by="Ann")
    second = desk.decide(desk.pairs()[0], "same", by="Ann")
    undone = desk.undo(second, by="Bob")
    assert names(desk.pairs()) == ["a,d", "b,d", "b,e"]
    assert (desk.last("Ann"), desk.last("Bob")) == (first, "")
    with pytest.raises(WorkbookError, check=lambda error: error.code == "identity.undone_already"):
        desk.undo(second, by="Ann")
    desk.undo(undone, by="Ann")
    assert (desk.last("Ann"), names(desk.pairs())) == (second, ["b,d", "b,e"])
    with pytest.raises(WorkbookError, match=f"Did you mean '{second}'"):
        desk.undo(second[:-1], by="Ann")


def test_a_later_word_in_the_same_second_is_the_later_one(desk: PairReview) -> None:
    pair = desk.pairs()[0]
    verdicts = ["same", "different", "unsure", "same", "different"]
    for verdict in verdicts:
        desk.decide(pair, verdict, by="Ann")
        assert desk.judged([pair]) == {pair: verdict}
    made = resolve(RECORDS, {}, SUGGESTED, read_ledger(desk.path).decisions)
    assert made["decisions"].filter("stands")["verdict"].to_list() == ["different"]


def test_a_word_about_other_values_does_not_count(tmp_path: Path) -> None:
    desk = a_desk(tmp_path)
    desk.decide(desk.pairs()[0], "same", by="Ann")
    edited = RECORDS.with_columns(
        name=pl.when(pl.col("record") == "c").then(pl.lit("Zebra")).otherwise("name")
    )
    later = a_desk(tmp_path, pairs_of("a c likely name: same", edited), edited)
    assert names(later.pairs()) == ["a,c"]
    assert later.judged(later.pairs()) == {}


@pytest.mark.parametrize(
    ("verdict", "by", "says"),
    [
        ("maybe", "Ann", "'maybe' is not a verdict"),
        ("undo", "Ann", "not a verdict"),
        ("same", " ", "Say who decides"),
    ],
)
def test_what_is_no_word_is_refused_and_nothing_is_written(
    desk: PairReview, verdict: str, by: str, says: str
) -> None:
    with pytest.raises(WorkbookError, match=says):
        desk.decide(desk.pairs()[0], verdict, by=by)
    assert not desk.path.exists()


def test_the_desk_and_the_tables_agree_on_what_waits(tmp_path: Path) -> None:
    desk = a_desk(tmp_path)
    desk.decide(desk.pairs()[0], "same", by="Ann")
    desk.decide(desk.pairs(pattern="name: differs")[0], "different", by="Bob")
    desk.sign_off(
        pattern="name: close",
        verdict="different",
        by="Ann",
        because="",
        judged={pair: "different" for pair in desk.sample(pattern="name: close")},
    )
    assert desk.pairs() == []
    assert waiting(resolve(RECORDS, {}, SUGGESTED, read_ledger(desk.path).decisions)) == []
    desk.sign_off(
        pattern="name: close",
        verdict="same",
        by="Bob",
        because="",
        judged={pair: "same" for pair in desk.sample(pattern="name: close")},
    )
    assert (
        names(desk.pairs())
        == waiting(resolve(RECORDS, {}, SUGGESTED, read_ledger(desk.path).decisions))
        == ["a,d", "b,d"]
    )


# ---- samples and sign-offs

MANY = records_of("record | name | domain\n" + "\n".join(f"r{n:03d} | n{n} |" for n in range(100)))
MANY_PAIRS = pairs_of(
    "\n".join(
        f"r{n:03d} r{n + 1:03d} likely name:"
        f" {'close' if n < 70 else 'same' if n < 98 else 'differs'}"
        for n in range(99)
    ),
    MANY,
)


def test_a_sample_is_the_same_for_the_same_suggestions_and_holds_every_pattern(
    tmp_path: Path,
) -> None:
    desk = a_desk(tmp_path, MANY_PAIRS, MANY)
    drawn = desk.sample(band="likely", size=20)
    counts = pl.Series([pair.pattern for pair in drawn]).value_counts().sort("").rows()
    assert counts == [("name: close", 13), ("name: differs", 1), ("name: same", 6)]
    for pair in drawn:
        desk.decide(pair, "same", by="Ann")
    assert desk.sample(band="likely", size=20) == drawn
    assert (
        a_desk(tmp_path, MANY_PAIRS.sample(fraction=1, shuffle=True, seed=3), MANY).sample(
            band="likely", size=20
        )
        == drawn
    )
    assert set(a_desk(tmp_path, MANY_PAIRS[:-1], MANY).sample(band="likely", size=20)) != set(drawn)
    assert len(set(drawn)) == 20
    assert desk.sample(band="none") == []
    assert len(desk.sample(pattern="name: same")) == 28


def test_a_sign_off_states_what_was_found_and_writes_what_was_found_otherwise(
    tmp_path: Path,
) -> None:
    desk = a_desk(tmp_path, MANY_PAIRS, MANY)
    drawn = desk.sample(band="likely", size=60)
    judged = dict.fromkeys(drawn, "same") | {drawn[0]: "different", drawn[1]: "unsure"}
    made = desk.sign_off(band="likely", verdict="same", by="Ann", because="looked", judged=judged)
    single, doubt, signed = read_ledger(desk.path).decisions
    assert [
        (each.left, each.verdict) for each in sorted((single, doubt), key=lambda each: each.left)
    ] == sorted([(drawn[0].left, "different"), (drawn[1].left, "unsure")])
    assert (signed.id, signed.kind, signed.band, signed.by) == (made, "band", "likely", "Ann")
    assert (
        signed.stated.sample,
        signed.stated.errors,
        signed.stated.of,
        signed.stated.weights,
    ) == (60, 2, 99, WEIGHTS)
    assert 0.1 < float(signed.stated.bound) < 0.12
    made = resolve(MANY, {}, MANY_PAIRS, read_ledger(desk.path).decisions)
    assert made.ids[drawn[0].left] != made.ids[drawn[0].right]
    assert made["accepted"].height == 98


def test_a_judged_pair_that_the_file_holds_already_is_not_written_twice(desk: PairReview) -> None:
    drawn = desk.sample(pattern="name: close")
    desk.decide(drawn[0], "different", by="Ann")
    desk.sign_off(
        pattern="name: close",
        verdict="same",
        by="Ann",
        because="",
        judged={drawn[0]: "different", drawn[1]: "same"},
    )
    assert len(read_ledger(desk.path).decisions) == 2


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"band": "likely", "verdict": "unsure"}, "whole_verdict"),
        ({"verdict": "same"}, "nothing_named"),
        ({"band": "likly", "verdict": "same"}, "unknown_pattern"),
        ({"band": "likely", "verdict": "same", "judged": {}}, "nothing_judged"),
        ({"pattern": "name: differs", "verdict": "same"}, "nothing_judged"),
    ],
)
def test_a_sign_off_on_nothing_is_refused(desk: PairReview, asked: dict, code: str) -> None:
    judged = dict.fromkeys(desk.sample(band="likely"), "same")
    with pytest.raises(WorkbookError) as raised:
        desk.sign_off(**{"by": "Ann", "because": "", "judged": judged, **asked})
    assert raised.value.code == f"identity.{code}"
    assert ("Did you mean 'likely'" in raised.value.advice) is (code == "unknown_pattern")
    assert not desk.path.exists()


def test_the_weights_are_read_beside_the_file(tmp_path: Path) -> None:
    path = weights_path(tmp_path / "decisions", ENTITY)
    assert a_desk(tmp_path, weights=None).weights == ""
    trained = Weights(
        "s", 5, 0.1, {"name": (LevelWeight("same", 0.9, 0.1), LevelWeight("differs", 0.1, 0.9))}
    )
    write_weights(path, trained)
    assert a_desk(tmp_path, weights=None).weights == trained.digest
    path.write_text("[torn")
    assert a_desk(tmp_path, weights=None).weights == ""


# ---- the file


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+SUM(A1)",
        "-2",
        "@x",
        'with "quotes", commas',
        "é 漢 🙂",
        "'=kept",
        "tab\tand\u2028line",
    ],
)
def test_any_text_comes_back_and_none_runs_in_a_spreadsheet(tmp_path: Path, text: str) -> None:
    records = pl.DataFrame(
        {"record": [f"s:{text.strip()}", f"t:{text.strip()}"], "name": ["x", "y"]}
    )
    (seen,) = digests(
        records.rename({"record": "_record"}), {"name": "company_name"}, [tuple(records["record"])]
    ).values()
    pairs = pl.DataFrame(
        [(*records["record"], "a", "b", 0.9, 3.0, text, text, seen)],
        schema=SUGGESTED.schema,
        orient="row",
    )
    desk = a_desk(tmp_path, pairs, records)
    desk.decide(desk.pairs()[0], "same", by=text, because=text)
    read = read_ledger(desk.path)
    assert not read.broken
    assert (
        read.decisions[0].by == " ".join(text.replace("'=", "=").split())
        or text == "tab\tand\u2028line"
    )
    for line in desk.path.read_text("utf-8").splitlines()[1:]:
        assert not any(cell.strip('"').startswith(("=", "+", "-", "@")) for cell in line.split(","))


def test_a_torn_last_line_stays_and_takes_no_other_with_it(desk: PairReview) -> None:
    desk.path.parent.mkdir()
    desk.path.write_text(
        ",".join(COLUMNS) + '\nm1,2025-06-05,ann,firm,a,c,same,,,,,\nm2,2025-06-05,ann,firm,"a'
    )
    made = desk.decide(desk.pairs()[0], "different", by="Ann")
    read = read_ledger(desk.path)
    assert [each.id for each in read.decisions] == ["m1", made]
    assert [each.line for each in read.broken] == [3]


@pytest.mark.parametrize("content", [b"id,who\n1,2\n", ",".join(COLUMNS).encode() + b"\nm1,\xff\n"])
def test_a_file_of_something_else_is_left_alone(desk: PairReview, content: bytes) -> None:
    desk.path.parent.mkdir()
    desk.path.write_bytes(content)
    with pytest.raises(WorkbookError) as refused:
        writing.append(desk.path, {"at": "2025-01-01"})
    assert refused.value.code == "model.decisions.broken_file"
    assert desk.path.read_bytes() == content


def test_a_file_that_cannot_be_written_is_one_sentence(desk: PairReview) -> None:
    desk.path.mkdir(parents=True)
    with pytest.raises(WorkbookError, match="decisions/matches.csv could not be written"):
        writing.append(desk.path, {"at": "2025-01-01"})


def test_a_full_disk_leaves_the_file_as_it_was(
    desk: PairReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.decide(desk.pairs()[0], "same", by="Ann")
    before, write = desk.path.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[: len(data) // 2]))
    with pytest.raises(WorkbookError, match="no room"):
        desk.decide(desk.pairs()[0], "same", by="Ann")
    assert desk.path.read_bytes() == before


def many(path: Path, by: str, count: int) -> None:
    for number in range(count):
        writing.append(
            path,
            {
                "at": "2025-01-01T00:00:00Z",
                "by": by,
                "entity": ENTITY,
                "left_record": "a",
                "right_record": f"{by}{number}",
                "verdict": "same",
                "because": "x" * 500,
            },
        )


def test_two_people_at_once_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    both = [
        multiprocessing.get_context("spawn").Process(target=many, args=(path, by, 40))
        for by in ("Ann", "Bob")
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    read = read_ledger(path)
    assert (len(read.decisions), read.broken) == (80, ())
    assert path.read_text().count(",".join(COLUMNS)) == 1


def test_a_killed_process_leaves_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\nfrom pathlib import"
        f" Path\nfrom test_desk import many\nmany(Path({str(path)!r}), 'Ann', 100_000)"
    )
    writer = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 60
    while (not path.exists() or path.stat().st_size < 20_000) and time.monotonic() < deadline:
        time.sleep(0.01)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert path.read_bytes().endswith(b"\n")
    read = read_ledger(path)
    assert len(read.decisions) >= 30 and read.broken == ()
