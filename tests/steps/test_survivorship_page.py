"""Page 05: its headline in each state, and exceptions that are not in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from two_systems import EXCEPTION, FILES, write_project

from workbook import Workbook
from workbook.steps.survivorship import Survivorship

HEAD = EXCEPTION.splitlines()[0] + "\n"
ALIKE = {**FILES, "shop_clients": FILES["crm_clients"]}


def opened(folder: Path, *given: Any, **parts: Any) -> Survivorship:
    return Workbook.open(write_project(folder / "shop", *given, **parts)).survivorship


def test_conflicts_are_counted_and_the_worst_field_is_named(tmp_path: Path) -> None:
    """Two of the clients have records in both systems; all of them differ in name or plan."""
    step = opened(tmp_path)
    assert [(row["field"], row["differ"], row["several"]) for row in step.rows] == [
        ("client.plan", 2, 2),
        ("client.name", 1, 2),
    ]
    headline = step.headline()
    assert headline.state == "decided"
    assert "2 of 2 shared fields" in headline.sentence and "client plan" in headline.sentence
    assert "2 of 2 clients" in headline.lede


def test_where_all_agree_the_figures_say_so(tmp_path: Path) -> None:
    step = opened(tmp_path, ALIKE, HEAD)
    assert (step.contested, step.headline().state) == ([], "decided")
    assert "0 of 2 shared fields" in step.headline().sentence
    assert step.why().body.empty and "agree" in step.why().body.html
    assert step.disagreements().body.empty
    (found,) = [each for each in step.conclude() if each.code == "survivorship.order_never_matters"]
    assert (found.count, "client name" in found.sentence) == (2, True)


def test_without_rules_the_page_is_open_and_the_default_applies(tmp_path: Path) -> None:
    step = opened(tmp_path, FILES, HEAD, **{"05_survivorship": None})
    assert step.headline().state == "open"
    (undecided,) = [each for each in step.conclude() if each.code == "survivorship.open"]
    assert (undecided.severity, undecided.owner) == ("note", "")
    found = [each for each in step.conclude() if each.code == "survivorship.no_rule"]
    assert [(each.severity, each.count, each.about) for each in found] == [
        ("look", 2, ("client.plan",)),
        ("look", 1, ("client.name",)),
    ]
    assert "2 of 2 clients" in found[0].sentence and "50.0" in found[1].sentence


def test_without_a_second_source_nothing_is_to_be_chosen(tmp_path: Path) -> None:
    alone = {"entities": {"client": {"from": "crm.clients", "attributes": {"plan": "crm.clients"}}}}
    parts = {"04_entities": alone, "04b_identity": None, "05_survivorship": None}
    step = opened(tmp_path, FILES, HEAD, **parts)
    assert (step.headline().state, step.rows, step.single) == ("open", [], [])
    for figure in (step.decisions(), step.why(), step.disagreements(), step.exceptions()):
        assert figure.body.empty


@pytest.mark.parametrize(
    ("line", "code", "state", "named"),
    [
        ("e1,2025-06-01,sales,client.plam,crm.clients:2,shop,,,x", "broken", "fail", "client.plam"),
        ("e1,2025-06-01,sales,client.plan,crm.clients:2,bank,,,x", "broken", "fail", "bank"),
        ("e1,2025-06-01,sales,client.plan,crm.clients:2,shop,,soon,x", "broken", "fail", "soon"),
        ("e1,2025-06-01,sales,client.plan,crm.clients:2,,,,x", "broken", "fail", "use_value"),
        ("e1,2025-06-01,sales,client.plan,,shop,,,x", "broken", "fail", "record"),
        (
            "e1,2025-06-01,sales,client.plan,crm.clients:2,shop,,2025-02-01,x",
            "expired",
            "look",
            "1 Feb 2025",
        ),
    ],
)
def test_an_exception_not_in_force_is_a_warning(
    line: str, code: str, state: str, named: str, tmp_path: Path
) -> None:
    step = opened(tmp_path, FILES, HEAD + line + "\n")
    (found,) = [each for each in step.conclude() if each.code == f"survivorship.{code}_exception"]
    assert (found.severity, found.about) == ("look", ("e1",))
    assert named in found.sentence
    assert [row[0] for row in step.exceptions().as_dict()["rows"]] == [state]


def test_placeholders_are_counted_by_attribute(tmp_path: Path) -> None:
    files = {**FILES, "shop_clients": FILES["shop_clients"].replace(",small,2025", ",N/A,2025", 1)}
    step = opened(tmp_path, files, HEAD)
    (found,) = [each for each in step.conclude() if each.code == "survivorship.placeholders"]
    assert (found.severity, found.count, found.about) == ("note", 1, ("client", "client.plan"))
    assert "plan 1" in found.sentence
