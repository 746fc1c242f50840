"""Rules of fields that one source alone holds: page 05 shows each, and says that it is decided."""

from __future__ import annotations

from pathlib import Path

from small_projects import rows, written

from workbook import Workbook

SOURCES = """
systems: {web: {}}
sources:
  web.events:
    primary_key: no
    valid: at
    recorded: at
    fields: {no: id, cookie: device_id, campaign: text, page: text, at: timestamp}
identifiers: {cookie: {in: [web.events]}}
"""
ENTITIES = """
entities:
  person: {row_is: one person, from: web.events, attributes: {campaign: web.events.campaign,
    page: web.events.page}}
"""
RULES = (
    "owner: growth\nfields:\n  person.campaign: {rule: earliest}\n  person.page: {rule: latest}\n"
)
EVENTS = rows(
    "no,cookie,campaign,page,at",
    "1,a,mid,home,2025-01-01T10:00:00",
    "2,a,alpha,home,2025-01-02T10:00:00",
    "3,b,zeta,,2025-01-03T10:00:00",
)


def test_each_rule_is_shown_and_the_page_is_decided(tmp_path: Path) -> None:
    """Two people; of one two events hold a campaign, which differ; the other has no page."""
    identity = "identity: {person: {rules: [{name: same_cookie, match: cookie}]}}\n"
    files = {
        "model/03_sources.yml": SOURCES,
        "model/04_entities.yml": ENTITIES,
        "model/04b_identity.yml": identity,
    }
    book = Workbook.open(
        written(
            tmp_path, {**files, "model/05_survivorship.yml": RULES, "data/web_events.csv": EVENTS}
        )
    )
    try:
        step = book.survivorship
        shown = step.decisions().as_dict()
        names = [column["name"] for column in shown["columns"]]
        told = [dict(zip(names, row, strict=True)) for row in shown["rows"]]
        assert [(row["typed"], row["share"], row["filled_share"]) for row in told] == [
            (1, 1.0, 1.0),
            (0, 0.0, 0.5),
        ]
        assert [
            rule in row["reasoned"].lower()
            for row, rule in zip(told, ("earliest", "latest"), strict=True)
        ] == [True, True]
        assert (step.headline().state, step.rows) == ("decided", [])
    finally:
        book.close()
