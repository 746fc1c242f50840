"""The cover: what is agreed, what the numbers' letters are, which figures move to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_book import a_notebook, figure, finding, headline, metrics_figure, run, shows, write

from workbook.dossier.cover import _split, cover
from workbook.dossier.pages import Page, page_of
from workbook.words import words_of

pytestmark = pytest.mark.usefixtures("pages_here")


def a_page(name: str, *evidence: dict[str, Any]) -> Page:
    """A page as it is after its notebook ran."""
    outputs = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"application/vnd.workbook+json": each, "text/html": "<p>shown</p>"},
        }
        for each in evidence
    ]
    node = a_notebook("1")
    node.cells[-1].outputs = outputs
    return page_of(name, node, "")


def columns(*kinds: str) -> list[dict[str, str]]:
    return [
        {"name": f"c{number}", "label": f"C{number}", "kind": kind}
        for number, kind in enumerate(kinds)
    ]


def test_agreement_is_counted_from_the_answers() -> None:
    signed = figure(
        role="signoffs",
        columns=columns("words", "check"),
        rows=[["Sales", "pass"], ["Finance", "look"]],
    )
    front = cover([a_page("10_review", signed)], None)
    assert (1, 2) == front["agreed"]
    assert [[("Sales", ""), ("pass", "")], [("Finance", ""), ("look", "")]] == front["signed"][
        "rows"
    ]
    assert cover([], None)["agreed"] is None


def test_a_small_table_leaves_out_drawings_and_writes_numbers_as_the_page_does() -> None:
    disputed = figure(
        role="disputes",
        columns=columns("words", "bar", "int"),
        rows=[["Plan", 0.5, 1200]],
        texts=[["Plan", "", "1,200"]],
    )
    front = cover([a_page("10_review", disputed)], None)
    assert [[("Plan", ""), ("1,200", "")]] == front["disputes"]["rows"]
    assert ["words", "int"] == front["disputes"]["kinds"]


def test_a_dispute_stands_over_its_reason_and_a_check_says_its_word(project: Path) -> None:
    def named(*kinds: tuple[str, str]) -> list[dict[str, str]]:
        return [{"name": name, "label": name, "kind": kind} for name, kind in kinds]

    disputed = figure(
        role="disputes",
        columns=named(
            ("statement", "words"), ("because", "words"), ("department", "words"), ("since", "date")
        ),
        rows=[["We had 3.", "we had 4", "sales", "x"]],
    )
    signed = figure(
        role="signoffs",
        columns=named(("department", "words"), ("state", "check"), ("says", "words")),
        rows=[["sales", "fail", "disputed"]],
    )
    write(project, "10_review", a_notebook(shows(disputed), shows(signed)))
    page = (run(project).path / "dossier.html").read_text()
    assert (
        '<th scope="row">We had 3.<span class="book-detail">we had 4</span></th><td>sales</td></tr>'
        in page
    )
    assert (
        '<td class="book-short"><span class="book-fail"><span aria-hidden="true">✕</span>'
        " disputed</span></td>" in page
    )
    assert "0 of 1 department agrees" in page


def test_an_empty_figure_is_not_there() -> None:
    front = cover([a_page("10_review", figure(role="disputes", rows=[]))], None)
    assert front["disputes"] is None


def test_equal_caveats_share_a_letter() -> None:
    both = metrics_figure()
    both["rows"] = [
        ["A", "1", "late", ""],
        ["B", "2", "", "agrees"],
        ["C", "3", "partial", ""],
        ["D", "4", "late", ""],
    ]
    front = cover([a_page("07_metrics", both)], None)
    assert ["a", "", "b", "a"] == [number["letter"] for number in front["numbers"]]
    assert ["late", "partial"] == [caveat["text"] for caveat in front["caveats"]]
    assert [words_of("control_totals").text("none"), "agrees"] == [
        number["control"] for number in front["numbers"]
    ][:2]


def test_units_are_split_from_numbers() -> None:
    assert ("97.9", "\u202f%") == _split("97.9\u202f%")
    assert ("$1,356,100", "") == _split("$1,356,100")
    assert ("−3", " days") == _split("−3 days")
    assert ("refused", "") == _split("refused")


def test_without_a_grain_the_cover_says_so() -> None:
    assert words_of("dossier").text("cover.undecided") == cover([], None)["sentence"]


def test_the_ten_questions_stand_on_the_cover_alone(project: Path) -> None:
    html = '<figure class="wb"><h3 id="x">Where does the team overrate itself?</h3></figure>'
    write(
        project,
        "00_diagnosis",
        a_notebook(shows(figure(number="0.1", title="Ten", role="diagnostic"), html)),
    )
    page = (run(project).path / "dossier.html").read_text()
    assert 1 == page.count(">Where does the team overrate itself?<")
    assert 'id="cover-x"' in page
    assert (
        '<p class="book-none">0.1 Ten It stands on the <a href="#page-cover">cover</a>.</p>' in page
    )


def test_badges_and_cover_add_up(project: Path) -> None:
    write(
        project,
        "05_survivorship",
        a_notebook(
            shows(headline(page="05")),
            shows(
                {"kind": "findings", "findings": [finding("fail", page="05"), finding(page="05")]}
            ),
        ),
    )
    page = (run(project).path / "dossier.html").read_text()
    assert "1 failure" in page
    assert "2 warnings" in page


def test_a_run_that_moved_nothing_says_so(project: Path) -> None:
    run(project)
    write(
        project,
        "02_grain",
        a_notebook(
            shows(headline(sentence="A customer is an organisation.")),
            shows(figure()),
            shows({"kind": "findings", "findings": [finding()]}),
        ),
    )
    page = (run(project).path / "dossier.html").read_text()
    assert words_of("dossier").text("cover.changed.nothing") in page
    assert "Findings:</strong>" not in page


def test_who_supplied_a_control_total_stands_below_it_on_the_cover() -> None:
    figure = metrics_figure()
    figure["columns"].append({"name": "supplied", "label": "Supplied", "kind": "words"})
    figure["rows"] = [["A", "1", "", "agrees", "by us"], ["B", "2", "", "", ""]]
    numbers = cover([a_page("07_metrics", figure)], None)["numbers"]
    assert ["by us", ""] == [number["supplied"] for number in numbers]
