"""A project in which a list of mailboxes says who is who: every figure of it adds up."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from workbook import Workbook
from workbook.errors import ModelError
from workbook.words import problem_of

MODEL = {
    "03_sources.yml": (
        """
systems: {hubspot: {owner: sales}, stripe: {owner: finance}, privacy: {owner: legal}}
sources:
  hubspot.contacts:
    primary_key: record_id
    recorded: seen
    fields:
      record_id: id
      name: full_name
      email: email
      more: {type: email, split: ";"}
      phones: {type: phone, split: "|", region: country}
      country: country
      seen: date
  stripe.customers:
    primary_key: customer_id
    fields: {customer_id: id, name: full_name, email: email, phone: {type: phone, region: GB}}
  privacy.requests:
    primary_key: request
    valid: asked
    fields: {request: id, mails: {type: email, split: ","}, asked: date}
identifiers:
  email: {strength: strong, in: [hubspot.contacts.email, hubspot.contacts.more,
    stripe.customers.email, privacy.requests.mails]}
trace: [email]
"""
    ),
    "02_grain.yml": (
        """
primary: person
sentence: One row is one person
considered: {mailbox: {by: email, because: people have several}}
"""
    ),
    "04_entities.yml": (
        """
entities:
  person:
    row_is: one person
    from: [hubspot.contacts, stripe.customers]
    attributes:
      name: [hubspot.contacts, stripe.customers]
      last_name: [hubspot.contacts.name.last, stripe.customers.name.last]
      email: [hubspot.contacts.email, hubspot.contacts.more, stripe.customers.email]
      phone: [hubspot.contacts.phones, stripe.customers.phone]
      country: [hubspot.contacts]
"""
    ),
    "04b_identity.yml": (
        """
identity:
  person:
    rules:
      - {name: same_mail, match: email, confidence: certain}
      - {name: same_number_and_name, match: [phone, last_name]}
    guard: {records_per_value: 3}
"""
    ),
    "06_history.yml": (
        """
erasures: {person: {from: privacy.requests, at: asked}}
"""
    ),
}
# Mia is contacts 1 and 2 and customer a: home@ and work@ of contact 1 stand on them, in other
# spellings. Noah is contact 3 and
# customer b by the telephone of the United Kingdom, which is the country of contact 3; the same
# digits in Germany (contact 4) are
# another number. info@ stands on four contacts, and unknown on two.
CONTACTS = [
    ("1", "Mia Adler", "mia@alder.test", "mia@home.test;mia@work.test;info@agency.test", "", "DE"),
    ("2", "Mia Adler", "MIA@home.test", "info@agency.test", "", "DE"),
    (
        "3",
        "Noah Brook",
        "noah@brook.test",
        "info@agency.test;unknown",
        "020 7946 0958|020 7946 0999",
        "United Kingdom",
    ),
    ("4", "Nina Brook", "nina@brook.test", "unknown;info@agency.test", "020 7946 0958", "DE"),
    ("5", "Otto Cole", "otto@cole.test", "", "", ""),
]
CUSTOMERS = [
    ("a", "Mia Adler", "Mia@Work.test", ""),
    ("b", "N. Brook", "noah@elsewhere.test", "+44 20 7946 0958"),
    ("c", "Pia Dunn", "pia@dunn.test", ""),
]
REQUESTS = [("r1", "otto@cole.test,otto@other.test", "2025-06-01")]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    opened = Workbook.open(made(tmp_path_factory.mktemp("lists")))
    yield opened
    opened.close()


def made(folder: Path, **changed: str) -> Path:
    (folder / "workbook.yml").write_text("name: Lists\nas_of: 2025-07-01\n")
    for part in ("model", "data"):
        (folder / part).mkdir()
    for name, text in {**MODEL, **changed}.items():
        (folder / "model" / name).write_text(text)
    tables = {
        "hubspot_contacts": [
            ("record_id", "name", "email", "more", "phones", "country", "seen"),
            *((*row, "2025-06-01") for row in CONTACTS),
        ],
        "stripe_customers": [("customer_id", "name", "email", "phone"), *CUSTOMERS],
        "privacy_requests": [("request", "mails", "asked"), *REQUESTS],
    }
    for name, rows in tables.items():
        with (folder / "data" / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def groups(book: Workbook) -> list[list[str]]:
    found = (
        book.engine.frame(book.plan, "person__clusters")
        .group_by("id")
        .agg(pl.col("record").str.split(":").list.last().sort())
    )
    return sorted(found["record"].to_list())


def test_three_records_are_one_by_the_mailboxes_of_one_list_and_two_by_a_number_of_their_country(
    book: Workbook,
) -> None:
    assert groups(book) == [["1", "2", "a"], ["3", "b"], ["4"], ["5"], ["c"]]
    links = book.engine.query(
        book.plan, 'select right_record, rule, evidence from "person__links" order by right_record'
    ).rows()
    assert links == [
        ("hubspot.contacts:2", "same_mail", "email equal, on 2 records"),
        ("stripe.customers:a", "same_mail", "email equal, on 2 records"),
        ("stripe.customers:b", "same_number_and_name", "phone and last_name equal, on 2 records"),
    ]


def test_national_numbers_of_a_list_are_read_by_the_country_of_their_row(book: Workbook) -> None:
    found = book.engine.query(
        book.plan, "select _record, value, key from person__phone__listed order by _record, value"
    ).rows()
    assert [(record[-1], key) for record, _, key in found] == [
        ("3", "+442079460958"),
        ("3", "+442079460999"),
        ("4", "+492079460958"),
        ("b", "+442079460958"),
    ]


def test_page_04b_tells_of_values(book: Workbook) -> None:
    step = book.identity
    assert "8 person records to 5 people" in step.headline().sentence
    assert [
        (row["value"], row["records"], row["links_not_made"]) for row in step.guarded["person"]
    ] == [("info@agency.test", 4, 3)]
    ladder = {
        row["rule"]: (row["links"], row["joined"], row["remaining"])
        for row in step.by_rule["person"]
    }
    assert ladder == {
        "same_mail": (2, 2, 6),
        "same_number_and_name": (1, 1, 5),
        "decision": (0, 0, 5),
    }
    split = next(finding for finding in step.conclude() if finding.code == "identity.guard_split")
    assert split.count == 2  # info@ would have made one of {1, 2, a}, {3, b} and {4}
    for figure in (
        step.joining(),
        step.sizes(),
        step.kept_apart(),
        step.refusals(),
        step.seen_in(),
        step.review(),
    ):
        assert figure is not None


def test_what_another_grain_would_count_is_every_mailbox(book: Workbook) -> None:
    """Ten mailboxes: nine of the persons' records, none of `unknown`, and otto@other of the
    request; of nine rows each holds one.
    """
    values = book.engine.query(
        book.plan, "select distinct key from person__email__listed where key is not null"
    )
    mailboxes = {
        "mia@alder.test",
        "mia@home.test",
        "mia@work.test",
        "info@agency.test",
        "noah@brook.test",
        "nina@brook.test",
        "otto@cole.test",
        "noah@elsewhere.test",
        "pia@dunn.test",
    }
    assert set(values["key"]) == mailboxes
    key = book.grain.impact.keys["mailbox"]
    assert (key.rows, key.things, key.empty) == (9, 10, 0)


def test_how_well_a_list_is_filled_is_told_in_rows(book: Workbook) -> None:
    """Four of five contacts hold further mailboxes, all four of them info@: seven values (info@
    four times, home@, work@), of which three are different.
    """
    held = {each.ref.name: each for each in book.sources.held}
    more = held["hubspot.contacts.more"]
    assert (
        more.rows,
        more.filled,
        more.share,
        more.distinct,
        more.shared,
        more.shared_records,
        more.most,
    ) == (5, 4, 0.8, 3, 1, 4, 4)


def test_an_erasure_by_any_mailbox_of_a_list_is_about_its_one_person(book: Workbook) -> None:
    erased = book.engine.query(book.plan, "select id from person__erased").rows()
    ids = dict(book.engine.frame(book.plan, "person__clusters").select("record", "id").iter_rows())
    assert erased == [(ids["hubspot.contacts:5"],)]


def test_what_if_counts_anew_by_values(book: Workbook) -> None:
    """A limit of four lets info@ join Mia, Noah and Nina; without mailboxes only Noah's two
    records are one.
    """
    rules = book.model.texts["identity"].values["identity"]["person"]["rules"]
    for path, value, after in (
        ("guard.records_per_value", 4, "3"),
        ("rules", [dict(rules[1])], "7"),
    ):
        rows = book.identity.what_if(f"identity.person.{path}", value).figure.as_dict()["rows"]
        assert rows[0][1:4] == ["Person", "5", after]


def test_how_much_each_rule_matters_is_computed(book: Workbook) -> None:
    tried = book.survivorship.tried.rows
    rows = book.survivorship.sensitivity().as_dict()["rows"]
    rules = {each.subject: each for each in tried if each.kind == "match_rule"}
    assert set(rules) >= {"same_mail", "same_number_and_name"}
    shown = {row[0].lower() for row in rows}
    assert {each.decision.lower() for each in rules.values()} <= shown


def test_explain_names_the_records_and_no_mailbox(book: Workbook) -> None:
    ids = dict(book.engine.frame(book.plan, "person__clusters").select("record", "id").iter_rows())
    said = book.survivorship.explain(f"person/{ids['hubspot.contacts:1']}")
    assert "combines 3 records: hubspot.contacts:1, hubspot.contacts:2, stripe.customers:a." in said
    assert "@" not in said


def test_a_list_of_further_values_is_expected_of_no_row(book: Workbook) -> None:
    names = {check.name for check in book.checks.suite.checks}
    assert "missing_identifiers__hubspot__contacts__email" in names
    assert "missing_identifiers__hubspot__contacts__more" not in names


def test_suggestions_stand_beside_rules_on_lists(tmp_path: Path) -> None:
    """Names are compared, the rules match by lists: the desk sees its pairs, and nobody of one
    customer.
    """
    text = (
        MODEL["04b_identity.yml"].rstrip()
        + "\n    suggest: {compare: [name, country], block_on: [last_name]}\n"
    )
    book = Workbook.open(made(tmp_path, **{"04b_identity.yml": text}))
    assert groups(book)[0] == ["1", "2", "a"]
    book.close()


@pytest.mark.parametrize(
    ("word", "used"),
    [
        ("never_merge: [email]", "never_merge"),
        ("suggest: {compare: [email]}", "suggest"),
        ("suggest: {compare: [name], block_on: ['substr(email, 1, 3)']}", "suggest"),
        ("labels: phone", "labels"),
    ],
)
def test_where_several_values_mean_nothing_they_are_refused(
    word: str, used: str, tmp_path: Path
) -> None:
    text = "identity:\n  person:\n    rules: [{name: same_name, match: name}]\n    " + word + "\n"
    with pytest.raises(ModelError) as caught:
        Workbook.open(made(tmp_path, **{"04b_identity.yml": text}))
    (told,) = caught.value.problems
    assert (told.file, told.line) == ("model/04b_identity.yml", 4)
    attribute = "phone" if used == "labels" else "email"
    code, values = "model.identity.list", {"attribute": attribute, "entity": "person"}
    assert told == problem_of(code, told.file, told.line, **values, used=used)
    assert told.code == code
