"""Page 00: the ten answers are no checks, so none of them bears the sign of a check that fails;
systems that disagree.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from two_systems import FILES, write_project
from workbook.book import Workbook

BLANK = Path(__file__).parents[2] / "templates" / "blank"


def test_an_answer_of_no_is_not_drawn_as_a_check_that_fails(tmp_path: Path) -> None:
    shutil.copytree(BLANK, tmp_path / "new")
    (tmp_path / "new" / "data").mkdir()
    book = Workbook.open(tmp_path / "new")
    try:
        figure = book.diagnosis.ten_questions()
    finally:
        book.close()
    assert "no" in set(figure.data["data"])
    assert "✕" not in figure.html()


def test_systems_that_disagree_are_counted_and_not_the_records_of_one_system(
    tmp_path: Path,
) -> None:
    shop = FILES["shop_clients"] + (
        "10,cat@x.example,SECRETCAT,small,2025-02-01\n11,cat@x.example,SECRETCAT,tiny,2025-02-01\n"
    )
    book = Workbook.open(
        write_project(tmp_path / "two", {**FILES, "shop_clients": shop}, exceptions="")
    )
    try:
        plan = [each for each in book.diagnosis.evidence.contested if each.field == "client plan"]
        (row,) = [row for row in book.survivorship.rows if row["field"] == "client.plan"]
    finally:
        book.close()
    assert [(each.systems, each.both, each.differ) for each in plan] == [("CRM and shop", 2, 2)]
    assert (row["several"], row["differ"]) == (3, 3)  # cat has two plans in the shop alone
