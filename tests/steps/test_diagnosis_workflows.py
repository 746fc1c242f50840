"""Page 00 of workflows: whom an audience reaches by mistake, fields of a view that nobody can
vouch for, and dashboards that read the sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from workflows import write_project

from workbook import diagnose
from workbook.book import Workbook
from workbook.model import load_model

BLANK = Path(__file__).parents[2] / "templates" / "blank"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    folder = write_project(tmp_path_factory.mktemp("workflows"))
    opened = Workbook.open(folder)
    yield opened
    opened.close()


def test_members_who_are_reached_by_mistake_are_counted(book: Workbook) -> None:
    (news,) = book.diagnosis.evidence.reached
    assert (news.members, news.customer) == (6, "firm")
    # Ann and Fay are in two; of Bob alone every account has ended; Cat; Dan and Eve
    assert (news.several, news.ended, news.tests, news.shared) == (2, 1, 1, 2)
    assert (news.unasked, news.mixed) == (None, ())  # it is not based on consent


def test_what_is_mistaken_shows_the_symptom_and_is_a_finding(book: Workbook) -> None:
    shown = {each.name: each.shown for each in book.diagnosis.symptoms}
    assert shown["automation"] is True
    (found,) = [
        each
        for each in book.diagnosis.conclude()
        if "automation_targets_wrong_people" in each.about
    ]
    assert (found.code, found.severity) == ("diagnosis.symptom", "look")


def test_fields_of_a_view_that_nobody_can_vouch_for_are_named(book: Workbook) -> None:
    shown = book.diagnosis.evidence.shown
    assert (shown.views, shown.fields) == (1, 2)
    assert shown.unowned == ("firm name", "firm owner")
    assert shown.unordered == ("firm owner",)  # two systems hold it, and no rule is declared
    assert shown.disputed == ("firm owner",)  # of one firm in four the systems differ
    assert shown.unlimited == ("calls",)
    assert {each.name: each.shown for each in book.diagnosis.symptoms}["customer_360"] is True


def test_dashboards_that_read_the_sources_and_roles_without_a_purpose_are_named(
    book: Workbook,
) -> None:
    workflows = book.diagnosis.evidence.workflows
    assert (workflows.raw, workflows.idle_roles) == (("board",), ("guest",))


def test_an_audience_of_which_nothing_is_measured_tells_nothing() -> None:
    def shown(**counts: object) -> bool | None:
        reached = diagnose.Reached("news", "person", "firm", 6, **counts)  # type: ignore[arg-type]
        found = diagnose.detected(diagnose.DiagnosisInputs(load_model(BLANK), reached=(reached,)))
        return next(e.shown for e in found if e.name == "automation_targets_wrong_people")

    assert [
        shown(),
        shown(several=0),
        shown(several=1),
        shown(unasked=6),
        shown(mixed=("firm",)),
    ] == [
        None,
        False,
        True,
        True,
        True,
    ]


def test_several_weak_answers_name_the_section_to_begin_with(book: Workbook) -> None:
    weak = [row for row in book.diagnosis.answers if row["answer"] in ("no", "partly")]
    assert len(weak) >= 3
    first = min(row["at"] for row in weak)
    assert f"section {first} (" in book.diagnosis.headline().lede
