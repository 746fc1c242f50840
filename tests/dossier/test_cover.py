"""The cover: its title, its cards, what is agreed, what competes, what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_book import a_notebook, figure, finding, headline, metrics_figure, run, shows, write

from workbook.dossier.cover import cover
from workbook.dossier.cover_cards import HIGH, WIDE, _split
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


def a_figure(role: str, names: str, *rows: list[Any]) -> dict[str, Any]:
    """A figure that plays a role on the cover, with these columns."""
    columns = [{"name": name, "label": name, "kind": "words"} for name in names.split()]
    return figure(role=role, columns=columns, rows=[*rows])


OPEN = words_of("metrics").text("figures.competing.states.open")
NUMBERS = "metric value_text standing control caveat"
RIVALS = "title name about value_text amount state difference"
GRAIN = headline(page="02", sentence="A customer is an account.", state="decided")


def news(name: str, /, **values: Any) -> str:
    return words_of("dossier").text(f"cover.news.{name}", **values)


def front_of(*figures: dict[str, Any]) -> dict[str, Any]:
    """The cover of a project that has decided what a customer is."""
    return cover([a_page("02_grain", GRAIN), a_page("07_metrics", *figures)], None)


def test_agreement_is_counted_from_the_answers() -> None:
    signed = a_figure(
        "signoffs", "department state says", ["sales", "pass", "yes"], ["finance", "look", "no"]
    )
    front = cover([a_page("10_review", signed)], None)
    assert (1, 2) == front["agreed"]
    assert ["yes", "no"] == [row["says"] for row in front["signed"]]
    assert cover([], None)["agreed"] is None


def test_the_title_says_which_number_is_disputed_and_which_is_reconciled() -> None:
    numbers = a_figure(
        "headline_metrics",
        NUMBERS,
        ["Active", "3", "look", "", ""],
        ["MRR", "9", "pass", "equals it", ""],
    )
    rivals = a_figure(
        "competing",
        RIVALS,
        ["Paid: 2", "Paid", "", "1", 0.5, OPEN, ""],
        ["Paid: 2", "Billed", "", "2", 1.0, OPEN, ""],
        ["Active: 3", "By use", "", "4", 1.0, OPEN, "+1"],
        ["Active: 3", "Active", "", "3", 0.75, OPEN, ""],
        ["Active: 3", "Rejected", "", "2", 0.5, "rejected", "-1"],
        ["Rows", "acc_1", "", "1", "", "", ""],
    )
    front = front_of(numbers, rivals)
    # the name of a headline number comes before one that is open, too
    disputed = {"name": "Active", "values": ["4", "3"], "reconciled": ["MRR"]}
    assert news("disputed", **disputed) == front["title"]
    assert front["definition"] == "A customer is an account."
    assert [("Active", 75.0), ("By use", 100.0)] == [
        (row["name"], row["at"]) for row in front["rivals"]["rows"]
    ]
    assert 100.0 == front["rivals"]["from"]
    decided = front_of(numbers)
    assert decided["rivals"] is None
    assert news("partly", reconciled=["MRR"], rest=["Active"]) == decided["title"]


@pytest.mark.parametrize(
    "standings, name, values",
    [
        (["pass", "pass"], "reconciled", {"count": 2, "names": ["A", "B"]}),
        (["pass", "fail"], "missed", {"failed": ["B"]}),
        (["look", "untested"], "none", {"count": 2}),
        (["untested"], "none", {"count": 1}),
    ],
)
def test_a_title_for_each_state(standings: list[str], name: str, values: dict[str, Any]) -> None:
    rows = [[word, "1", state, "", ""] for word, state in zip("AB", standings, strict=False)]
    assert news(name, **values) == front_of(a_figure("headline_metrics", NUMBERS, *rows))["title"]


def test_without_numbers_or_without_a_grain_the_title_is_the_sentence() -> None:
    assert front_of()["title"] == "A customer is an account."
    numbers = a_figure("headline_metrics", NUMBERS, ["A", "1", "pass", "", ""])
    assert (
        words_of("dossier").text("cover.undecided")
        == cover([a_page("07_metrics", numbers)], None)["title"]
    )


def test_a_card_draws_its_months_and_leaves_a_gap_where_there_is_no_value() -> None:
    numbers = a_figure(
        "headline_metrics", NUMBERS, ["A", "4", "pass", "", ""], ["B", "1", "untested", "", ""]
    )
    months = a_figure(
        "months",
        "metric spark first first_of last last_of",
        ["A", [1, 3, None, 2, 4], "1", "May", "4", "June"],
        ["B", [1], "1", "June", "1", "June"],
    )
    first, second = front_of(numbers, months)["numbers"]
    assert 2 == len(first["line"]["parts"])
    assert first["line"]["parts"][0] == f"0.0,{HIGH:.1f} {WIDE / 4:.1f},{HIGH / 3:.1f}"
    assert (WIDE, 0) == first["line"]["last"]
    assert not first["line"]["open"]
    assert second["line"] is None  # one value is no line


def test_what_is_needed_is_one_point_an_owner_and_is_not_told_twice() -> None:
    told = [
        finding("fail", sentence="a", owner="sales", advice="do a", page="05"),
        finding("look", sentence="b", owner="sales", advice="do b", page="05"),
        finding("look", sentence="c", owner="finance", advice="do c", page="05"),
        finding("look", sentence="d", owner="support", page="05"),
    ]
    page = a_page("05_survivorship", {"kind": "findings", "findings": told})
    front = cover([page], None)
    assert [("sales", "a"), ("finance", "c")] == [
        (each["owner"], each["sentence"]) for each in front["needed"]
    ]
    assert ["b", "d"] == [each["sentence"] for each in front["findings"]]


def test_each_decision_is_told_by_its_strongest_alternative() -> None:
    moved = a_figure(
        "sensitivity", "decision alternative moves", *([n, n + n, ""] for n in "aabcd")
    )
    front = front_of(moved)
    assert ["aa", "bb", "cc"] == [row["alternative"] for row in front["moving"]]
    assert 5 == front["alternatives"]


def test_an_empty_figure_is_not_there() -> None:
    front = cover([a_page("10_review", figure(role="disputes", rows=[]))], None)
    assert front["disputes"] == 0
    assert front["signed"] == []


def test_units_are_split_from_numbers() -> None:
    assert ("97.9", "\u202f%") == _split("97.9\u202f%")
    assert ("$1,356,100", "") == _split("$1,356,100")
    assert ("−3", " days") == _split("−3 days")
    assert ("refused", "") == _split("refused")


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
