"""What a purpose may read, who is in a view and why: over the tiny project with a few decisions
more.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from workbook import Workbook, governance
from workbook.errors import ModelError
from workbook.model import load_model
from workbook.model.persons import is_person, leads_to_person
from workbook.model.view_reads import requests_read, sources_read, uses_of
from workbook.model.schema import Audience, View
from workbook.privacy import WITHHELD
from workbook.show import Column, Figure, table
from workbook.steps.condition_wording import inclusion_texts
from workbook.steps.decision_lines import decision_lines
from workbook.steps.permission_wording import (
    Unpermitted,
    human_review_text,
    without_permission_text,
)
from workbook.steps.view_columns import apart
from workbook.steps.view_decisions import decision_text, reason_text
from workbook.words import words_of

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"
PURPOSES = """
purposes:
  parcel: {does: sends, classes: [public, internal], fields: [person.name], never: [order.order_no], only_if: person.mail is not null}
"""
VIEWS = """
views:
  buyers: {of: person, purpose: parcel, budget: 5, only: person_no is not null, fields: [person.name, person.person_no, sold]}
  aimless: {of: person, fields: [person.city]}
audiences:
  callers: {of: person, purpose: parcel, consent: caller_no is not null, opt_out: city = 'Kiel', fields: [person.name]}
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Workbook]]:
    books = []

    def build(views: str = VIEWS, purposes: str = PURPOSES) -> Workbook:
        folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
        (folder / "model" / "11_customer_360.yml").write_text(views)
        (folder / "model" / "12_ai_context.yml").write_text(purposes)
        books.append(Workbook.open(folder))
        return books[-1]

    yield build
    for book in books:
        book.close()


def cells(figure: Figure) -> list[dict[str, object]]:
    """The rows of a figure by the names of its columns; what they are grouped by is `group`."""
    data = figure.as_dict()
    names = ["group", *(column["name"] for column in data["columns"][1:])]
    return [dict(zip(names, row, strict=True)) for row in data["rows"]]


def test_class_name_and_never_decide_in_this_order(opened: Callable[..., Workbook]) -> None:
    model = opened().model
    ruled = {
        field: governance.may_read(model, "parcel", field, "person").allowed
        for field in ("person.name", "order.order_no", "person.mail", "person.person_no", "sold")
    }
    assert ruled == {
        "person.name": True,
        "order.order_no": False,
        "person.mail": False,
        "person.person_no": True,
        "sold": True,
    }
    # without a purpose nothing is
    assert not governance.may_read(model, "", "person.person_no").allowed


def test_a_field_that_no_purpose_permits_is_not_in_the_view_at_all(
    opened: Callable[..., Workbook],
) -> None:
    book = opened()
    rows = book.engine.frame(book.plan, "view__buyers")
    assert rows.columns == ["id", "person.name", "person.person_no", "sold"]
    assert [(view, ruling.field) for view, ruling in governance.refusals(book.model)] == [
        ("aimless", "person.city")
    ]
    assert book.engine.frame(book.plan, "view__aimless").columns == ["id"]


def test_every_row_is_in_or_out_for_one_reason(opened: Callable[..., Workbook]) -> None:
    """Buyers: p1, p2, p3; p3 has no address.

    Callers: p1 (Neu-Ulm) and Dee, who lives in Kiel and opted out.
    """
    book = opened()
    decided = dict(
        book.engine.query(
            book.plan, "select decision, count(*) as n from view__buyers__decided group by decision"
        ).rows()
    )
    assert decided == {
        "in": 2,
        "no permission for this purpose": 1,
        "outside of what the view asks for": 1,
    }
    asked = dict(
        book.engine.query(
            book.plan,
            "select decision, count(*) as n from audience__callers__decided group by decision",
        ).rows()
    )
    assert asked == {"in": 1, "no consent": 2, "opted out": 1}


def test_a_metric_of_a_view_is_that_of_its_row(opened: Callable[..., Workbook]) -> None:
    book = opened()
    rows = book.engine.query(
        book.plan, 'select "person.person_no" as person, sold from view__buyers'
    )
    assert {person: float(sold) for person, sold in rows.rows()} == {"p1": 17.5, "p2": 30.0}


def test_a_row_can_be_asked_why(opened: Callable[..., Workbook]) -> None:
    book = opened()
    (dee,) = book.engine.query(book.plan, "select id from person where city = 'Kiel'")["id"]
    refused = book.customer_360.why("audience__callers", dee)
    assert all(text in refused for text in (dee, "callers", reason_text("opted out")))
    unknown = book.customer_360.why("buyers", "nobody")
    assert "nobody" in unknown and "buyers" not in unknown


def test_what_is_left_open_is_a_finding(opened: Callable[..., Workbook]) -> None:
    book = opened(
        "views:\n  aimless: {of: person, fields: [person.city]}\n",
        "purposes:\n  parcel: {does: sends}\n",
    )
    codes = {
        finding.code for finding in (*book.customer_360.conclude(), *book.ai_context.conclude())
    }
    assert {
        "customer_360.refused_fields",
        "ai_context.incomplete",
        "ai_context.no_purpose",
    } <= codes


@pytest.mark.parametrize(
    ("least", "buyers", "callers"),
    [(0, 2, 1), (1, 2, 1), (2, 2, 0), (3, 0, 0)],
)
def test_a_group_below_the_smallest_is_not_served(
    opened: Callable[..., Workbook], least: int, buyers: int, callers: int
) -> None:
    """Two persons pass the conditions of the view, one those of the audience."""
    book = opened(purposes=PURPOSES.replace("does: sends", f"does: sends, smallest_group: {least}"))
    served = {
        name: book.engine.frame(book.plan, name).height
        for name in ("view__buyers", "audience__callers")
    }
    assert served == {"view__buyers": buyers, "audience__callers": callers}
    withheld = {
        finding.about[0]: (finding.count, re.findall(r"\d+", finding.sentence))
        for finding in book.customer_360.conclude()
        if finding.code == "customer_360.small_group"
    }
    assert withheld == {  # the limit, and never how many there are
        name: (None, [str(least)] * 2)
        for name, rows in (("buyers", buyers), ("callers", callers))
        if not rows
    }
    assert not [
        finding for finding in book.customer_360.conclude() if finding.code == "customer_360.empty"
    ]


def test_whoever_is_withheld_is_told_why(opened: Callable[..., Workbook]) -> None:
    book = opened(purposes=PURPOSES.replace("does: sends", "does: sends, smallest_group: 3"))
    reasons = dict(
        book.engine.query(
            book.plan, "select decision, count(*) as n from view__buyers__decided group by decision"
        ).rows()
    )
    assert reasons == {
        governance.TOO_FEW: 2,
        "no permission for this purpose": 1,
        "outside of what the view asks for": 1,
    }
    one, *_ = book.engine.query(
        book.plan,
        f"select id from view__buyers__decided where decision = '{governance.TOO_FEW}' order by id",
    )["id"]
    assert reason_text(governance.TOO_FEW) in book.customer_360.why("buyers", one)
    for figure in (book.customer_360.inclusion(), book.ai_context.left_out()):
        # of four persons no decision can be counted without telling of a few
        (row,) = [row for row in cells(figure) if "buyers" in row["group"]]
        assert (row["n"], reason_text(governance.TOO_FEW) in row["decision"]) == (WITHHELD, True)


def test_a_group_of_nobody_is_empty_and_not_withheld(opened: Callable[..., Workbook]) -> None:
    views = VIEWS.replace("only: person_no is not null", "only: person_no = 'nobody'")
    book = opened(views, PURPOSES.replace("does: sends", "does: sends, smallest_group: 5"))
    codes = {
        finding.code: finding.count
        for finding in book.customer_360.conclude()
        if finding.about == ("buyers",)
    }
    assert codes["customer_360.empty"] == 0 and "customer_360.small_group" not in codes


@pytest.mark.parametrize("fields", ["[order.total]", "[order.total, person.city]"])
@pytest.mark.parametrize(("least", "served"), [(2, 4), (3, 0)])
def test_orders_of_two_persons_are_a_group_of_two(
    opened: Callable[..., Workbook], least: int, served: int, fields: str
) -> None:
    """Four orders: two of Ann, one of Bo, one of nobody known.

    Whoever reads them reads about two persons.
    """
    views = f"views:\n  sales: {{of: order, purpose: parcel, fields: {fields}}}\n"
    book = opened(
        views, PURPOSES.replace("only_if: person.mail is not null", f"smallest_group: {least}")
    )
    assert book.engine.frame(book.plan, "view__sales").height == served
    found = [
        finding
        for finding in book.customer_360.conclude()
        if finding.code == "customer_360.small_group"
    ]
    assert [finding.count for finding in found] == ([] if served else [None])
    assert all({"3"} == set(re.findall(r"\d+", finding.sentence)) for finding in found)


def test_the_smallest_group_is_no_less_than_none(opened: Callable[..., Workbook]) -> None:
    with pytest.raises(ModelError, match=r"12_ai_context.yml:3.*smallest_group"):
        opened(purposes=PURPOSES.replace("does: sends", "does: sends, smallest_group: -1"))


def test_an_audience_is_reached_by_its_channel(opened: Callable[..., Workbook]) -> None:
    """Everybody has a caller's number or an address; who has no address is not written to."""
    views = (
        "audiences:\n  all: {of: person, purpose: parcel, channel: email, fields: [person.mail]}\n"
    )
    book = opened(views, "purposes:\n  parcel: {fields: [person.mail], classes: [internal]}\n")
    decided = dict(
        book.engine.query(
            book.plan,
            "select decision, count(*) as n from audience__all__decided group by decision",
        ).rows()
    )
    (without,) = book.engine.query(
        book.plan, "select count(*) as n from person where mail is null"
    )["n"]
    assert decided["cannot be reached by email"] == without == 1
    assert {status.name: status.channel for status in book.customer_360.statuses} == {
        "all": "email"
    }
    assert "email" in str(book.customer_360.views().as_dict())


def test_a_channel_is_known(opened: Callable[..., Workbook]) -> None:
    views = (
        "audiences:\n  all: {of: person, purpose: parcel, channel: CHANNEL, fields:"
        " [person.name]}\n"
    )
    with pytest.raises(ModelError, match=r"11_customer_360.yml:2: .*'carrier pigeon'") as refused:
        opened(views.replace("CHANNEL", "carrier pigeon"))
    assert refused.value.code == "model.unknown_name"


def test_a_channel_is_given_what_it_needs(opened: Callable[..., Workbook]) -> None:
    views = (
        "audiences:\n  all: {of: person, purpose: parcel, channel: sms, fields: [person.name]}\n"
    )
    with pytest.raises(ModelError) as refused:
        opened(views)
    (problem,) = refused.value.problems
    assert (problem.code, problem.line) == ("model.protection.no_contact", 2)


ROLES = """
roles:
  bot: {system: assist, may: parcel, rows: city <> 'Bonn'}
  clerk: {people: sales, may: parcel}
"""


def test_a_role_sees_the_rows_that_its_condition_leaves(opened: Callable[..., Workbook]) -> None:
    """Ann lives in Neu-Ulm and Bo in Bonn: of the two who are in, the bot sees one; the clerk
    has no limit.
    """
    book = opened(purposes=ROLES + PURPOSES)
    assert book.engine.frame(book.plan, "view__buyers").height == 2
    seen = book.engine.frame(book.plan, "view__buyers__role__bot")
    cities = book.engine.query(
        book.plan,
        "select p.city as city from person as p join view__buyers__role__bot as v on v.id = p.id",
    )["city"]
    assert seen.columns == [
        "id",
        "person.name",
        "person.person_no",
        "sold",
    ] and cities.to_list() == ["Neu-Ulm"]
    assert "view__buyers__role__clerk" not in book.plan
    seen_by = {row["group"]: str(row["rows"]) for row in cells(book.ai_context.access())}
    assert all(text in seen_by["bot"] for text in ("Bonn", "1 of 2", "buyers"))
    assert not re.search(r"\d", seen_by["clerk"])


def test_what_a_role_sees_is_a_group_large_enough_by_itself(
    opened: Callable[..., Workbook],
) -> None:
    book = opened(
        purposes=ROLES + PURPOSES.replace("does: sends", "does: sends, smallest_group: 2")
    )
    assert [
        book.engine.frame(book.plan, name).height
        for name in ("view__buyers", "view__buyers__role__bot")
    ] == [2, 0]


@pytest.mark.parametrize(
    ("rows", "code", "named"),
    [
        ("cty <> 'Ulm'", "model.unknown_name", ("view 'buyers' of person", "'cty'")),
        ("open ones of whoever asks", "model.sql.not_an_expression", ("open ones",)),
        ("order.total > 1", "model.not_related", ("view 'buyers' of person", "'order.total'")),
        (
            "person.mail is not null",
            "model.protection.not_permitted",
            ("view 'buyers'", "'person.mail is not null'", "'parcel'"),
        ),
    ],
)
def test_rows_of_a_role_are_an_expression_that_is_checked(
    opened: Callable[..., Workbook], rows: str, code: str, named: tuple[str, ...]
) -> None:
    purposes = (
        f'roles:\n  bot: {{may: parcel, rows: "{rows}"}}\npurposes:\n  parcel: {{classes:'
        " [internal], fields: [person.name]}\n"
    )
    with pytest.raises(ModelError, match=r"12_ai_context.yml:2: ") as refused:
        opened(purposes=purposes)
    assert refused.value.code == code
    assert [each for each in named if each not in str(refused.value)] == []


FRESH = "purposes:\n  parcel: {classes: [internal], freshness: LIMIT}\n"


@pytest.mark.parametrize(
    ("view", "hours"),
    [
        ("of: order, fields: [order.total]", 456),
        ("of: order, fields: [sold]", 456),
        ("of: order, fields: [order.total, person.person_no]", 662),
        ("of: order, only: person.person_no is not null, fields: [order.total]", 662),
        ("of: person, fields: [person.person_no]", 662),
    ],
)
def test_a_view_that_reads_what_is_too_old_is_empty_and_says_why(
    opened: Callable[..., Workbook], view: str, hours: int
) -> None:
    """On 1 July at 0:00 the newest order, of the whole of 11 June, is 19 days (456 hours) old,
    the newest person, of 3 June at 10:00, 662 hours.
    """
    views = f"views:\n  one: {{purpose: parcel, {view}}}\n"
    book = opened(views, FRESH.replace("LIMIT", f"{hours} hours"))
    served = {
        finding.code for finding in (*book.customer_360.conclude(), *book.ai_context.conclude())
    }
    assert book.engine.frame(book.plan, "view__one").height > 0
    assert not {"customer_360.too_old", "ai_context.stale"} & served
    book.close()
    (book.root / "model" / "12_ai_context.yml").write_text(
        FRESH.replace("LIMIT", f"{hours - 1} hours")
    )
    later = Workbook.open(book.root)
    assert later.engine.frame(later.plan, "view__one").height == 0
    withheld = {
        finding.code for finding in (*later.customer_360.conclude(), *later.ai_context.conclude())
    }
    assert {
        "customer_360.too_old",
        "ai_context.stale",
    } <= withheld and "customer_360.empty" not in withheld
    assert decision_text(governance.TOO_OLD) in {
        row["decision"] for row in cells(later.customer_360.inclusion())
    }
    later.close()


def test_a_source_that_does_not_say_how_old_it_is_is_told(opened: Callable[..., Workbook]) -> None:
    """Of the two sources of a person the desk's no longer says when it was written."""
    book = opened(
        "views:\n  one: {of: person, purpose: parcel, fields: [person.person_no]}\n",
        FRESH.replace("LIMIT", "900 days"),
    )
    assert "ai_context.undated" not in {finding.code for finding in book.ai_context.conclude()}
    book.close()
    sources = book.root / "model" / "03_sources.yml"
    sources.write_text(sources.read_text().replace("recorded: called_at, ", ""))
    later = Workbook.open(book.root)
    assert [
        finding.count
        for finding in later.ai_context.conclude()
        if finding.code == "ai_context.undated"
    ] == [1]
    later.close()


def test_the_id_of_a_person_and_of_what_leads_to_one_is_a_token(
    opened: Callable[..., Workbook],
) -> None:
    """A person has an address and a name; an order leads to whoever bought.

    What is neither stays in clear.
    """
    book = opened(VIEWS + "  asked: {of: order, purpose: parcel, fields: [order.total]}\n")
    ids = {str(row["id"]) for row in cells(book.ai_context.why())}
    assert (
        ids
        and all("·" in each for each in ids)
        and {each.partition("·")[0] for each in ids} == {"person", "order"}
    )
    assert (
        is_person(book.model, "person"),
        is_person(book.model, "order"),
        leads_to_person(book.model, "order"),
    ) == (True, False, True)


def test_whoever_is_in_is_told_every_condition(opened: Callable[..., Workbook]) -> None:
    views = (
        "audiences:\n  all: {of: person, purpose: parcel, channel: email, only: city <> 'Ulm',"
        " consent: person.name is not null, opt_out: city = 'Kiel', fields: [person.mail]}\n"
    )
    purposes = (
        "purposes:\n  parcel: {classes: [internal], fields: [person.mail, person.name], only_if:"
        " person.person_no is not null, freshness: 900 days, smallest_group: 1}\n"
    )
    book = opened(views, purposes)
    met = inclusion_texts(
        book.model,
        book.model.customer_360.audiences["all"],
        book.model.ai_context.purposes["parcel"],
    )
    expected = ["Ulm", "person name", "Kiel", "person person no", "email", "900 days"]
    assert len(met) == 6
    assert all(text in condition for text, condition in zip(expected, met, strict=True))
    (shown,) = [
        str(row["because"])
        for row in cells(book.ai_context.why())
        if row["decision"] == words_of("ai_context").text("figures.why.decision.included")
    ]
    assert all(condition in shown for condition in met)


def test_of_the_sample_only_a_user_is_a_person() -> None:
    model = load_model(TINY.parents[2] / "templates" / "b2b_saas")
    assert [name for name in model.entity_names if is_person(model, name)] == ["user"]
    assert {name for name in model.entity_names if not leads_to_person(model, name)} == {
        "account",
        "subscription",
        "invoice",
        "known_issue",
        "campaign",
    }


def test_requests_to_be_forgotten_are_read_and_are_not_held_to_the_limit() -> None:
    """Of the sample every view reads something of a user; a list of requests that is 110 days
    old withholds none.
    """
    model = load_model(TINY.parents[2] / "templates" / "b2b_saas")
    uses = list(uses_of(model))
    assert {
        name: requests_read(model, kind, name, use) for kind, name, use in uses
    } == dict.fromkeys((name for _, name, _ in uses), ("marketing.erasures",))
    assert not any(
        "marketing.erasures" in sources_read(model, kind, name, use) for kind, name, use in uses
    )


def test_whoever_is_left_out_for_want_of_permission_is_counted_in_every_use() -> None:
    """Whatever the answer was: of tickets the users whom they lead to, of users the reasons
    apart.
    """
    views = [
        Unpermitted("help", "ticket", {"no permission for this purpose": 181}, {"user": 97}),
        Unpermitted("mail", "user", {"no consent": 42, "opted out": 3}, {}),
    ]
    text = without_permission_text(views)
    assert re.findall(r"\d+", text) == ["181", "97", "45", "42", "3"]
    assert not re.search(r"\d", without_permission_text([]))


def test_whose_output_a_person_approves_is_named_with_when() -> None:
    reviews = {"mail": "each template", "help": "before it is sent", "list": "none", "new": ""}
    approved, others = human_review_text(reviews).split(";")
    assert re.findall(r"\w+ \(.*?\)", approved) == [
        "mail (each template)",
        "help (before it is sent)",
    ]
    assert "list" in others and "new" in others and "(" not in others


def test_a_decision_of_few_people_is_counted_with_others() -> None:
    """Three who opted out would be told apart, in the figure and by subtraction."""
    model = load_model(TINY.parents[2] / "templates" / "b2b_saas")
    mail = model.customer_360.audiences["onboarding_help"]

    def lines(use: View | Audience, **counts: int) -> list[tuple[int, int, bool]]:
        named = {
            "inside": governance.IN,
            "no": "no consent",
            "out": "opted out",
            "few": governance.TOO_FEW,
            "other": "outside of what the audience asks for",
        }
        found = decision_lines(model, use, {named[each]: n for each, n in counts.items()})
        return [(len(line.decisions), line.count, line.hidden) for line in found]

    assert lines(mail, inside=27, no=42, out=30, other=99) == [
        (1, 99, False),
        (1, 42, False),
        (1, 30, False),
        (1, 27, False),
    ]
    assert lines(mail, inside=27, no=42, out=3, other=99) == [
        (1, 99, False),
        (2, 45, False),
        (1, 27, False),
    ]
    assert lines(mail, inside=27, out=3, other=99) == [(2, 102, False), (1, 27, False)]
    assert lines(mail, no=42, few=3, other=99) == [(2, 102, False), (1, 42, False)]
    assert lines(mail, inside=27, out=3) == [(1, 27, False), (1, 3, True)]
    accounts = model.customer_360.views["customer_success"]  # of organizations, and of no person
    assert lines(accounts, inside=27, no=3) == [(1, 27, False), (1, 3, False)]


def test_every_entity_has_its_answers_in_the_matrix() -> None:
    model = load_model(TINY.parents[2] / "templates" / "b2b_saas")
    used, elsewhere = governance.rulings(model), governance.rulings_elsewhere(model)
    named = [{each.field.partition(".")[0] for each in found} for found in (used, elsewhere)]
    assert set.union(*named) == set(model.entity_names) and not set.intersection(*named)
    assert (
        named[0] == set(governance.touched(model)) == {"account", "known_issue", "ticket", "user"}
    )
    refused = {each.field for each in elsewhere if each.cls == "personal" and each.allowed}
    assert not refused


def test_equal_values_have_tokens_of_their_own_in_the_sample_of_a_view() -> None:
    """An equal token would tell that two people have something in common."""
    frame = pl.DataFrame({"who": ["Ann", "Ann", None], "city": ["Kiel", "Kiel", "Bonn"]})
    made = apart(frame, ["who"])
    assert made["city"].to_list() == ["Kiel", "Kiel", "Bonn"]
    first, second, none = made["who"]
    assert first != second and none is None
    body = table(made, [Column("who", kind="value", cls="personal"), Column("city", kind="words")])
    assert body.texts[0][0] != body.texts[1][0] and "Ann" not in body.html


def test_a_kept_history_that_a_purpose_permits_stands_in_the_matrix() -> None:
    """The choice about news is kept as a history and is no attribute; the mail's purpose names
    it, the two others may not read it.
    """
    model = load_model(TINY.parents[2] / "templates" / "b2b_saas")
    ruled = {
        each.purpose: (each.cls, each.allowed)
        for each in governance.rulings(model)
        if each.field == "user.news_by_email"
    }
    assert ruled == {
        "account_review": ("personal", False),
        "support_answers": ("personal", False),
        "onboarding_mail": ("personal", True),
    }
