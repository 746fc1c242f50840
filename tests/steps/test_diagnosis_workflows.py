"""Page 00 of workflows: whom an audience reaches by mistake, fields of a view that nobody can
vouch for, and dashboards that read the sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbook import diagnose
from workbook.book import Workbook
from workbook.model import load_model

BLANK = Path(__file__).parents[2] / "templates" / "blank"

# Ann is in two accounts; Bob's only account has ended, and Cat's is a test; Dan and Eve share a
# mailbox. Fay is none of these: one of her accounts has ended, the other has not.
ROWS = {
    "app_people": (
        "person_no,mail\n1,ann@x.example\n2,bob@x.example\n3,cat@x.example\n4,info@x.example\n"
        "5,INFO@x.example\n6,fay@x.example\n"
    ),
    "app_firms": (
        "firm_no,name,owner,began_on,ended_on\nA,Alba,zoe,2024-01-01,\nB,Boro,zoe,2024-01-01,\n"
        "C,Cato,zoe,2024-01-01,2025-01-31\nT,Test,zoe,2024-01-01,\n"
    ),
    "crm_firms": "firm_no,owner\nA,zoe\nB,max\nC,zoe\nT,zoe\n",
    "app_seats": (
        "seat,person_no,firm_no\ns1,1,A\ns2,1,B\ns3,2,C\ns4,3,T\ns5,4,A\ns6,5,A\ns7,6,C\ns8,6,B\n"
    ),
}
PARTS = {
    "02_grain": "primary: firm\nsentence: One row is one firm.\n",
    "03_sources": """systems: {app: {}, crm: {}}
sources:
  app.people: {primary_key: person_no, fields: {person_no: id, mail: email}}
  app.firms:
    primary_key: firm_no
    fields:
      firm_no: id
      name: {type: text, class: internal}
      owner: {type: text, class: internal}
      began_on: date
      ended_on: date
  crm.firms: {primary_key: firm_no, fields: {firm_no: id, owner: {type: text, class: internal}}}
  app.seats: {primary_key: seat, fields: {seat: id, person_no: id, firm_no: id}}
identifiers:
  person_no: {in: [app.people, app.seats]}
  firm_no: {in: [app.firms, crm.firms, app.seats]}
""",
    "04_entities": """entities:
  firm: {from: [app.firms, crm.firms], attributes: {name: app.firms, owner: [app.firms, crm.firms]}}
  person: {from: app.people, attributes: {mail: app.people}}
relationships:
  seats: {from: person, to: firm, cardinality: many to many, through: app.seats}
""",
    "04b_identity": "identity: {firm: {rules: [{name: same_no, match: firm_no}]}}\n",
    "06_history": """events:
  start: {from: app.firms, of: firm, at: began_on}
  end: {from: app.firms, of: firm, at: ended_on}
lifecycle:
  firm: {running: {starts: start, next: [ended]}, ended: {starts: end}}
""",
    "07_metrics": """rules:
  test_firm: {of: firm, all: [name = 'Test']}
  real_firm: {of: firm, none: [test_firm]}
semantic_models: {firms: {of: firm, measures: {firms: {agg: count}}}}
metrics: {firms: {type: simple, measure: firms, filter: real_firm, owner: finance}}
dashboards:
  board: {competes_with: firms, sql: select count(*) as value from app__firms}
  tidy: {competes_with: firms, sql: select count(*) as value from firm}
""",
    "11_customer_360": """views:
  calls: {of: firm, purpose: calling, fields: [firm.name, firm.owner]}
audiences:
  news: {of: person, purpose: mailing, channel: email, fields: [person.mail]}
""",
    "12_ai_context": """roles: {clerk: {people: sales, may: calling}, guest: {people: everybody}}
purposes:
  calling: {does: Calls., classes: [public, internal], basis: contract}
  mailing:
    does: Writes.
    classes: [public]
    fields: [person.mail]
    basis: contract
    freshness: 9999 days
""",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    folder = tmp_path_factory.mktemp("workflows")
    for name in ("model", "data"):
        (folder / name).mkdir()
    (folder / "workbook.yml").write_text("workbook: 2\nname: w\nas_of: 2025-06-30\n")
    for name, text in ROWS.items():
        (folder / "data" / f"{name}.csv").write_text(text)
    for name, text in PARTS.items():
        (folder / "model" / f"{name}.yml").write_text(text)
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
        found = diagnose.detected(diagnose.Evidence(load_model(BLANK), reached=(reached,)))
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
