"""What page 04b says of suggestions: figures that add up, no value of a record, and what to do where nothing is trained."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.steps.suggested import Suggested

ROOT = Path(__file__).parents[2]
SHAPE = ROOT / "templates" / "b2b_saas"


def project(folder: Path, *, weights: bool) -> Path:
    for name in ("model", "decisions"):
        shutil.copytree(SHAPE / name, folder / name)
    shutil.copy(SHAPE / "workbook.yml", folder / "workbook.yml")
    if not weights:
        shutil.rmtree(folder / "decisions" / "weights")
    return folder


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return Workbook.open(project(tmp_path_factory.mktemp("suggested") / "p", weights=True), data=str(ROOT / "data" / "b2b_saas"))


def rows(figure) -> list[dict]:
    shown = figure.as_dict()
    return [dict(zip([column["name"] for column in shown["columns"]], row, strict=True)) for row in shown["rows"]]


def test_bands_and_patterns_add_up_to_what_is_suggested_and_waits(book: Workbook) -> None:
    step = book.identity
    bands, patterns = rows(step.suggestions()), rows(step.waiting())
    for entity in ("account", "user"):
        suggested = book.context.frame(f"{entity}__suggestions").height
        waits = book.context.frame(f"{entity}__waiting").height
        assert sum(row["pairs"] for row in bands if row["entity"] == entity) == suggested > 100
        assert sum(row["waiting"] for row in bands if row["entity"] == entity) == waits
        assert sum(row["pairs"] for row in patterns if row["entity"] == entity) == waits
        assert sum(row["same"] + row["different"] for row in bands if row["entity"] == entity) + waits == suggested
    (told,) = [finding for finding in step.conclude() if finding.code == "identity.suggestions_wait" and finding.about == ("user",)]
    assert told.count == book.context.frame("user__waiting").height


def test_the_bits_of_the_shown_pair_add_up(book: Workbook) -> None:
    *each, total = rows(book.identity.why())
    assert abs(sum(row["bits"] for row in each) - total["bits"]) < 0.3
    assert each[0]["attribute"] == "before anything is compared"


def test_what_accepting_a_pattern_would_do_is_computed(book: Workbook) -> None:
    computed = [row for row in rows(book.identity.waiting()) if row["customers"] not in ("not computed", "")]
    assert computed
    for row in computed:
        before, after = (int(text.replace(",", "")) for text in row["customers"].split(" → "))
        assert before - row["pairs"] <= after < before


def test_no_value_of_a_record_is_shown(book: Workbook) -> None:
    step = book.identity
    shown = " ".join(str(figure._repr_mimebundle_()) for figure in (step.suggestions(), step.waiting(), step.why()))
    people = book.context.frame("user__records")
    for name in ("email", "phone", "last_name"):
        for value in people[name].drop_nulls().unique().to_list():
            assert len(value) < 5 or f">{value}<" not in shown
            assert "@" not in value or value not in shown
    assert not [record for record in people["record"] if record in shown]


def test_without_weights_the_page_says_what_to_do(tmp_path: Path) -> None:
    book = Workbook.open(project(tmp_path / "p", weights=False), data=str(ROOT / "data" / "b2b_saas"))
    assert not book.context.has("account__suggestions")
    said = [finding for finding in Suggested(book.context).conclude(lambda entity: "") if finding.code == "identity.untrained"]
    assert [finding.about for finding in said] == [("account",), ("user",)]
    assert "workbook match account --train" in said[0].sentence
    assert "its weights are not trained yet" in book.identity.waiting().html()
    book.close()
