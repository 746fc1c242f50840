"""Page 00: the ten answers are no checks, so none of them bears the sign of a check that fails."""

from __future__ import annotations

import shutil
from pathlib import Path

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
    assert "no" in {row[3] for row in figure.as_dict()["rows"]}
    assert "✕" not in figure.html()
