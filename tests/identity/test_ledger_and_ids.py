"""The review file and the ids: nothing of a broken file is lost, and ids last."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows_in import ENTITY, records_of, resolve

from workbook.errors import DataError
from workbook.identity import id_registry
from workbook.identity.match_ledger import COLUMNS, read_ledger
from workbook.model.ledger_errors import not_text

HEAD = ",".join(COLUMNS)
GOOD = "m{n},2025-06-05T09:12:00Z,ann,firm,b,a,same,,,,,"


def a_file(folder: Path, *lines: str) -> Path:
    path = folder / "matches.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n")
    return path


def test_a_file_that_is_not_there_or_empty_holds_nothing(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "none.csv").decisions == ()
    (tmp_path / "empty.csv").write_text("")
    assert read_ledger(tmp_path / "empty.csv").broken == ()


def test_a_pair_is_kept_with_its_lower_record_first(tmp_path: Path) -> None:
    (decision,) = read_ledger(a_file(tmp_path, GOOD.format(n=1))).decisions
    assert (decision.left, decision.right, decision.line, decision.at.hour) == ("a", "b", 2, 9)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("m9,2025-06-05,ann,firm,a,b", "it has 6 fields instead of 12"),
        ("m9,yesterday,ann,firm,a,b,same,,,,,", "its `at` is no time such as 2025-06-26T14:02:00Z"),
        ("m9,2025-06-05,,firm,a,,same,,,,,", "its by, right_record are empty"),
        (
            "m9,2025-06-05,ann,firm,a,b,perhaps,,,,,",
            "its verdict is none of same, different, unsure, undo",
        ),
        (
            "m9,2025-06-05,ann,firm,a,b,smae,,,,,",
            "its verdict is none of same, different, unsure, undo (did you mean 'same'?)",
        ),
        (
            "m9,05.06.2025,ann,firm,a,b,same,,,,,",
            "its `at` is no time such as 2025-06-26T14:02:00Z",
        ),
        (
            "m9,2025-06-05,ann,firm,a,b,same,,,7.4E+11,,",
            (
                "its evidence is no digest such as 7459cffef150, as a spreadsheet leaves it that"
                " took one for a number. Put it back, or leave it empty"
            ),
        ),
        (
            "m9,2025-06-05,ann,robot,,,undo,,,,m1,",
            "it undoes line 2, which is about another entity",
        ),
        (
            "<<<<<<< HEAD",
            (
                "a merge of two branches is not finished here. Keep the lines of both and remove"
                " the marks"
            ),
        ),
        (
            "=======",
            (
                "a merge of two branches is not finished here. Keep the lines of both and remove"
                " the marks"
            ),
        ),
        (
            ">>>>>>> theirs",
            (
                "a merge of two branches is not finished here. Keep the lines of both and remove"
                " the marks"
            ),
        ),
        ("m9,2025-06-05,ann,firm,a,a,same,,,,,", "it compares a record with itself"),
        ("m9,2025-06-05,ann,firm,,,undo,,,,,", "its undoes is empty"),
        ("m9,2025-06-05,ann,firm,,,undo,,,,m77,", "it undoes an id that no line has"),
        ("m9,2025-06-05,ann,firm,,,undo,,,,d20250605-abcdef,", "it undoes an id that no line has"),
        ("m1,2025-06-05,ann,firm,a,c,same,,,,,", "its id stands in line 2 too"),
        ('m9,2025-06-05,ann,firm,a,"b,same,,,,,', "it has 6 fields instead of 12"),
    ],
)
def test_a_broken_line_is_told_with_its_number_and_takes_no_other_with_it(
    tmp_path: Path, line: str, why: str
) -> None:
    read = read_ledger(a_file(tmp_path, GOOD.format(n=1), line, GOOD.format(n=2)))
    assert (3, why) in [(each.line, each.why) for each in read.broken]
    assert "m2" in [each.id for each in read.decisions]
    assert len(read.decisions) + len(read.broken) == 3


def test_a_line_that_stands_twice_word_for_word_counts_once(tmp_path: Path) -> None:
    read = read_ledger(a_file(tmp_path, GOOD.format(n=1), GOOD.format(n=2), GOOD.format(n=1)))
    assert [each.id for each in read.decisions] == ["m1", "m2"]
    assert [(each.line, each.why) for each in read.broken] == [
        (4, "it repeats line 2 word for word")
    ]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (HEAD.replace(",", ";"), "the columns are divided by semicolons instead of commas"),
        (HEAD.replace(",", "\t"), "the columns are divided by tabs instead of commas"),
        (
            ",".join([*COLUMNS[1:], COLUMNS[0]]),
            "the columns of the head are in another order, or one is there twice",
        ),
        (HEAD.replace("verdict", "verdikt"), "the head lacks verdict"),
        (HEAD.removesuffix(",undoes,because"), "the head lacks undoes, because"),
    ],
)
def test_a_wrong_head_says_what_is_wrong_and_how_much_is_not_read(
    tmp_path: Path, head: str, why: str
) -> None:
    path = tmp_path / "matches.csv"
    path.write_text(f"{head}\n{GOOD.format(n=1)}\n{GOOD.format(n=2)}\n\n,,,\n")
    before = path.read_bytes()
    read = read_ledger(path)
    assert [(each.line, each.why) for each in read.broken] == [
        (1, f"{why}, so that nothing below it is read (2 lines). Write {HEAD}")
    ]
    assert (read.decisions, path.read_bytes()) == ((), before)


@pytest.mark.parametrize("written", ["\ufeff{}", "{}\n\n\n,,,,,,,,,,,\n  \n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marks_ends_of_lines_and_empty_lines_of_a_spreadsheet_are_no_fault(
    tmp_path: Path, written: str, end: str
) -> None:
    path = tmp_path / "matches.csv"
    path.write_bytes(written.format(f"{HEAD}\n{GOOD.format(n=1)}").replace("\n", end).encode())
    read = read_ledger(path)
    assert ([(each.id, each.line) for each in read.decisions], read.broken) == ([("m1", 2)], ())


def test_a_wrong_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(HEAD.encode() + b"\nm1,\xff\n")
    assert [(each.line, each.why) for each in read_ledger(tmp_path / "b.csv").broken] == [
        (2, not_text(utf16=False))
    ]


def test_something_else_of_its_name_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "matches.csv").mkdir()
    with pytest.raises(DataError, match=r"matches\.csv cannot be read: Is a directory"):
        read_ledger(tmp_path / "matches.csv")


def test_a_quoted_cell_over_two_lines_is_one_record(tmp_path: Path) -> None:
    read = read_ledger(a_file(tmp_path, GOOD.format(n=1) + '"said\nmore"', GOOD.format(n=2)))
    assert [(each.id, each.line) for each in read.decisions] == [("m1", 2), ("m2", 4)]


@given(st.lists(st.text(alphabet="ab,\"\n'=é ", max_size=30), max_size=8))
def test_no_text_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    read = read_ledger(a_file(folder, *lines, GOOD.format(n=1)))
    assert [each.id for each in read.decisions][-1:] == ["m1"] or read.broken


TWO = records_of("record | email\na | x@f.test\nb | x@f.test\nc | y@f.test\nd | y@f.test\ne |")
MAIL = {"rules": [{"name": "mail", "match": "email"}]}


def published(folder: Path, **given: str) -> Path:
    path = folder / f"{ENTITY}.parquet"
    pl.DataFrame({"record": list(given), "id": list(given.values())}).write_parquet(path)
    return path


def lineage(made) -> list[tuple]:
    return made.rows("id_lineage", "published_id", "id", "records", "change")


def test_an_id_is_born_from_the_first_record_and_says_nothing() -> None:
    made = resolve(TWO, MAIL)
    assert made.ids["a"] == made.ids["b"] == id_registry.new_id(ENTITY, "a")
    assert made.ids["e"] == id_registry.new_id(ENTITY, "e")
    assert all(len(each) == len(ENTITY[:3]) + 11 for each in made.ids.values())
    assert lineage(made) == []


def test_ids_that_would_collide_are_born_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_registry, "new_id", lambda entity, record, turn=0: f"x_{turn}")
    monkeypatch.setattr(
        id_registry,
        "_all_born",
        lambda entity, records: pl.Series(
            [id_registry.new_id(entity, record) for record in records], dtype=pl.String
        ),
    )
    assert id_registry.born_ids(
        "firm", pl.Series(["b", "a", "c"]), pl.Series(["x_1"])
    ).to_list() == ["x_2", "x_0", "x_3"]


def test_a_published_id_goes_where_most_of_its_records_are(tmp_path: Path) -> None:
    registry = published(tmp_path, a="one", c="one", d="one", b="two", zz="old")
    made = resolve(TWO, MAIL, registry=registry)
    assert made.ids == {
        "a": "two",
        "b": "two",
        "c": "one",
        "d": "one",
        "e": id_registry.new_id(ENTITY, "e"),
    }
    assert lineage(made) == [("old", None, 1, "gone"), ("one", "two", 1, "split")]


def test_merged_ids_stay_resolvable(tmp_path: Path) -> None:
    made = resolve(TWO, MAIL, registry=published(tmp_path, a="one", b="two"))
    assert made.ids["a"] == made.ids["b"] == "one"
    assert lineage(made) == [("two", "one", 1, "merged")]


def test_publishing_and_running_again_changes_no_id(tmp_path: Path) -> None:
    first = resolve(TWO, MAIL)
    again = resolve(TWO, MAIL, registry=published(tmp_path, **first.ids))
    assert again.ids == first.ids
    assert lineage(again) == []


def test_a_split_never_gives_one_id_twice(tmp_path: Path) -> None:
    born = id_registry.new_id(ENTITY, "a")
    apart = TWO.with_columns(
        pl.when(pl.col("record") == "a").then(None).otherwise(pl.lit("z@f.test")).alias("email")
    )
    made = resolve(apart, MAIL, registry=published(tmp_path, a=born, b=born, c=born))
    assert made.ids["b"] == made.ids["c"] == born
    assert made.ids["a"] == id_registry.new_id(ENTITY, "a", 1)


def test_a_registry_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / f"{ENTITY}.parquet"
    path.write_bytes(b"no parquet")
    with pytest.raises(DataError, match="firm.parquet"):
        resolve(TWO, MAIL, registry=path)
    pl.DataFrame({"record": ["a", "a"], "id": ["one", "two"]}).write_parquet(path)
    with pytest.raises(DataError, check=lambda error: error.code == "identity.ids_record_twice"):
        resolve(TWO, MAIL, registry=path)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            {"record": ["a", "b"], "id": ["one", None]},
            "ids_incomplete",
        ),
        (
            {"record": ["a"], "id": ["one"], "state": ["curent"]},
            "ids_incomplete",
        ),
        ({"record": ["a", "a"], "id": ["one", "one"]}, "ids_record_twice"),
        ({"rec": ["a"], "id": ["one"]}, "ids_unreadable"),
    ],
)
def test_a_registry_of_doubtful_rows_gives_no_id_and_stays_as_it_is(
    tmp_path: Path, rows: dict[str, list[str]], why: str
) -> None:
    path = tmp_path / f"{ENTITY}.parquet"
    pl.DataFrame(rows).write_parquet(path)
    before = path.read_bytes()
    for reading in (
        lambda: resolve(TWO, MAIL, registry=path),
        lambda: id_registry.publish(path, resolve(TWO, MAIL)["clusters"]),
    ):
        with pytest.raises(DataError, match=r"firm\.parquet") as raised:
            reading()
        assert raised.value.code == f"identity.{why}"
    assert path.read_bytes() == before


def test_ids_of_many_are_those_of_each() -> None:
    records = [f"shop.clients:{number}" for number in range(3000)]
    assert id_registry.born_ids(
        ENTITY, pl.Series(records), pl.Series(dtype=pl.String)
    ).to_list() == [id_registry.new_id(ENTITY, record) for record in records]
