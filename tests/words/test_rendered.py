"""The rules of words that a program can hold, over the dossiers of projects; the sample's is read
in tests/truth/test_whole_run.py.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from rendered import FORBIDDEN, Piece, faults, pieces, sentences, words_in

from workbook import Workbook
from workbook.cli.new import new_project
from workbook.dossier import run_project

TESTS = Path(__file__).parents[1]
EXTERNAL = os.environ.get("WORKBOOK_EXTERNAL_DATA", "")


def blank(folder: Path) -> None:
    new_project(folder, "blank")


def tiny(folder: Path) -> None:
    shutil.copytree(
        TESTS / "notebooks" / "tiny", folder, ignore=shutil.ignore_patterns("pinned", "runs")
    )


def third_party(name: str, folder: Path) -> None:
    if not EXTERNAL or not Path(EXTERNAL).is_dir():
        pytest.skip("WORKBOOK_EXTERNAL_DATA does not name the folder of the third-party data")
    shutil.copytree(TESTS / "projects" / name, folder)


@pytest.mark.usefixtures("pages_here")
@pytest.mark.long
@pytest.mark.parametrize(
    "make",
    [
        blank,
        tiny,
        pytest.param(lambda folder: third_party("kanoniv", folder), id="kanoniv"),
        pytest.param(lambda folder: third_party("ravenstack", folder), id="ravenstack"),
    ],
)
def test_a_dossier_keeps_to_the_rules_of_words(make: object, tmp_path: Path) -> None:
    make(tmp_path / "project")  # type: ignore[operator]
    done = run_project(tmp_path / "project", open_book=Workbook.open)
    found = pieces((done.path / "dossier.html").read_text("utf-8"))
    assert len(found) > 100
    assert faults(found) == []


HELD = [
    "A customer is an organization.",
    "Product events: 340 duplicates (0.8 %). The newest record is used.",
    "The standard plan is chosen by finance.",
    "Blocked matches wait 3 days.",
    "Reading order: CRM, then billing.",
]
BROKEN = {
    "a metaphor of ours": "Revenue rests on paid invoices.",
    "to look at": "37 to look at.",
    "value that stands": "The value that stands is the CRM's.",
    "written over": "Earlier values are written over.",
    "what waits": "5 pairs wait for a decision.",
    "outside figure": "It is tied to an outside figure.",
    "stretch of time": "9,000 stretches of time are kept.",
    "learned late": "12 values were learned late.",
    "reach none": "86 rows reach none.",
    "an inverted conditional": "Were one row one device, MRR would repeat.",
    "an ellipsis": "And so on …",
}


def test_every_rule_has_what_breaks_it() -> None:
    assert set(BROKEN) == set(FORBIDDEN)
    for rule, text in BROKEN.items():
        assert [rule in each for each in faults([Piece("02", "caption", text)])] == [True], rule


@pytest.mark.parametrize("text", HELD)
def test_what_keeps_to_the_rules_is_let_be(text: str) -> None:
    assert faults([Piece("02", "caption", text)]) == []


@pytest.mark.parametrize("text", ["The table crm_accounts is empty.", "See crm.accounts for more."])
def test_a_name_of_the_model_is_found(text: str) -> None:
    assert "a name of the model" in faults([Piece("02", "caption", text)])[0]


def test_sentences_and_words_are_counted_as_a_reader_does() -> None:
    text = "Of 1,713.5 rows (the newest of A and B) 4 fail. 58 others pass. “Net MRR” is a quote."
    assert len(list(sentences(text))) == 3
    assert words_in("Fields without history: country, industry, owner and 4 more.") == 3
    assert faults([Piece("02", "caption", " ".join(["word"] * 26) + ".")])


def test_what_is_made_for_a_steward_and_values_are_not_read() -> None:
    html = (
        '<section id="page-02"><h2 class="wb-answer">A customer is a firm.</h2>'
        '<table><tr><th class="wb-k-value" scope="row">acc_ilz3kskfk4</th><td>x_y</td></tr></table>'
        '<details class="book-made"><p class="wb-caption">m__a_b</p></details></section>'
    )
    found = pieces(html)
    assert [each.text for each in found if each.kind == "headline"] == ["A customer is a firm."]
    assert faults(found) == []
