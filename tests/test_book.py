"""An open workbook: steps by name, files read again when they change, the newest fact as the
date, what-if beside it.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.errors import ModelError, WorkbookError

TINY = Path(__file__).parent / "notebooks" / "tiny"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


@pytest.fixture
def book(folder: Path) -> Iterator[Workbook]:
    opened = Workbook.open(folder)
    yield opened
    opened.close()


def golden(book: Workbook) -> dict[str, str | None]:
    return dict(
        book.engine.query(
            book.plan, "select person_no, city from person where person_no is not null"
        ).rows()
    )


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))


def test_records_of_one_address_are_one_person_and_the_order_decides(book: Workbook) -> None:
    assert book.engine.query(book.plan, "select count(*) as n from person")["n"][0] == 4
    assert golden(book) == {"p1": "Neu-Ulm", "p2": "Bonn", "p3": "Ulm"}


def test_a_changed_file_is_read_again(book: Workbook, folder: Path) -> None:
    assert golden(book)["p1"] == "Neu-Ulm"
    change(
        folder / "model" / "05_survivorship.yml", "order: [desk, shop]\n", "order: [shop, desk]\n"
    )
    assert book.survivorship.model is book.model
    assert golden(book)["p1"] == "Ulm"


def test_a_page_measures_once_until_a_file_changes(book: Workbook, folder: Path) -> None:
    """Every cell says `book.<step>` anew; on the sample each had cost what the page costs."""
    page = book.step("survivorship")
    assert book.step("survivorship") is page is book.context.step(type(page))
    assert book.context.what_if(book.model).step(type(page)) is not page
    change(
        folder / "model" / "05_survivorship.yml", "order: [desk, shop]\n", "order: [shop, desk]\n"
    )
    assert book.step("survivorship") is not page


def test_a_step_that_a_notebook_holds_reads_changed_files_again(
    book: Workbook, folder: Path
) -> None:
    """Cells say `step = book.survivorship` once: a change shows in the next call, and a typo is
    said there.
    """
    path = folder / "model" / "05_survivorship.yml"
    step = book.survivorship
    before = step.decisions().as_dict()["rows"]
    change(path, "order: [desk, shop]\n", "order: [shop, desk]\n")
    after = step.decisions().as_dict()["rows"]
    assert before != after == book.step("survivorship").decisions().as_dict()["rows"]
    assert step.model is book.model
    change(path, "shop, desk]\n", "shpo, desk]\n")
    with pytest.raises(ModelError, match="05_survivorship.yml:4.*Did you mean 'shop'"):
        step.decisions()
    change(path, "shpo, desk]\n", "shop, desk]\n")
    assert step.decisions().as_dict()["rows"] == after


def test_a_step_is_kept_while_nothing_changes(book: Workbook) -> None:
    step = book.grain
    assert step.impact is step.impact
    assert {"headline", "what_if"} <= set(dir(step))
    assert (repr(step), step.__doc__) == (f"02 Grain: {step.asks}", "The grain step.")
    with pytest.raises(AttributeError, match="headlin"):
        _ = step.headlin


def grain(book: Workbook) -> int:
    (count,) = re.findall(r"\d+", book.step("grain").headline().sentence)
    return int(count)


def test_changed_data_is_seen_by_the_next_step(book: Workbook, folder: Path) -> None:
    """Four persons, one more, and one row of the same size and time that is another; a file
    that is replaced.
    """
    people = folder / "data" / "shop_people.csv"
    assert 4 == grain(book)
    people.write_text(
        people.read_text("utf-8") + "p9,zed@shop.example,Zed,Ulm,2025-06-03T10:00:00\n", "utf-8"
    )
    assert 5 == grain(book)
    time = people.stat().st_mtime_ns
    people.write_text(people.read_text("utf-8").replace("zed@shop", "ann@shop"), "utf-8")
    os.utime(people, ns=(time, time))
    assert 4 == grain(book)
    other = folder / "data" / "new.csv"
    other.write_text(
        people.read_text("utf-8").replace("ann@shop.example,Zed", "zed@shop.example,Zed"), "utf-8"
    )
    os.utime(other, ns=(time, time))
    other.replace(people)
    assert 5 == grain(book)


def test_a_new_file_of_a_pattern_is_seen_by_the_next_step(folder: Path) -> None:
    change(
        folder / "model" / "03_sources.yml",
        "shop.people: {row_is",
        'shop.people: {file: "shop_people*.csv", row_is',
    )
    book = Workbook.open(folder)
    assert 4 == grain(book)
    more = "person_no,mail,name,city,seen_at\np9,zed@shop.example,Zed,Ulm,2025-06-03T10:00:00\n"
    (folder / "data" / "shop_people_2.csv").write_text(more, "utf-8")
    assert 5 == grain(book)
    book.close()


def test_a_broken_change_is_said_and_mended(book: Workbook, folder: Path) -> None:
    change(folder / "model" / "05_survivorship.yml", "desk, shop]\n", "desk, shpo]\n")
    with pytest.raises(ModelError, match="05_survivorship.yml:4.*Did you mean 'shop'"):
        _ = book.survivorship
    change(folder / "model" / "05_survivorship.yml", "desk, shpo]\n", "desk, shop]\n")
    assert book.survivorship.headline().sentence


def test_a_what_if_builds_only_what_differs(book: Workbook) -> None:
    book.build()
    before = book.engine.counts["built"]
    other = book.context.what_if(
        book.model.with_change("survivorship.fields.person.city.order", ["shop", "desk"])
    )
    assert (
        dict(other.query("select person_no, city from person where person_no is not null").rows())[
            "p1"
        ]
        == "Ulm"
    )
    assert golden(book)["p1"] == "Neu-Ulm"
    # the choice of the city, and the golden record
    assert book.engine.counts["built"] - before == 2


def test_the_newest_fact_is_the_date_where_the_model_asks_for_it(folder: Path) -> None:
    change(folder / "workbook.yml", "as_of: 2025-06-30", "as_of: latest")
    book = Workbook.open(folder)
    assert book.as_of == dt.date(2025, 6, 21)
    book.close()
    given = Workbook.open(folder, as_of="2025-06-05")
    assert given.as_of == dt.date(2025, 6, 5)
    given.close()


def test_an_unknown_step_and_a_folder_without_a_project_are_named(
    book: Workbook, tmp_path: Path
) -> None:
    with pytest.raises(AttributeError, match="Did you mean 'survivorship'"):
        _ = book.survivorshp
    (tmp_path / "empty").mkdir()
    with pytest.raises(WorkbookError, match="holds no workbook.yml"):
        Workbook.open(tmp_path / "empty")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("shop_orders.csv", "order_no,person_no", "order_no,persn_no", "persn_no"),
        ("shop_orders.csv", "order_no,person_no", "order_no,order_no", "order_no"),
        ("shop_people.csv", "Ann Lee", "Ann \udcff Lee", "utf-8"),
    ],
)
def test_a_file_that_is_not_as_declared_is_one_clear_message(
    folder: Path, file: str, old: str, new: str, says: str
) -> None:
    path = folder / "data" / file
    path.write_bytes(
        path.read_text("utf-8").replace(old, new, 1).encode("utf-8", "surrogateescape")
    )
    book = Workbook.open(folder)
    with pytest.raises(WorkbookError, match=f"(?i){says}") as raised:
        book.build()
    book.close()
    assert raised.value.exit_code == 2
    assert file in str(raised.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "data" / "desk_callers.csv").unlink()
    with pytest.raises(WorkbookError, match="desk.callers"):
        Workbook.open(folder)


def test_an_empty_source_is_empty_and_the_rest_stands(folder: Path) -> None:
    (folder / "data" / "desk_callers.csv").write_text("caller_no,mail,town,called_at\n")
    book = Workbook.open(folder)
    assert golden(book) == {"p1": "Ulm", "p2": "Bonn", "p3": "Ulm"}
    assert [finding for finding in book.sources.conclude() if finding.severity == "fail"] == []
    book.close()
