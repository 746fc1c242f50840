"""What a purpose may read, who is in a view and why: over the tiny project with a few decisions more."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbook import Workbook, governance
from workbook.errors import ModelError

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"
PURPOSES = """
purposes:
  parcel: {does: sends, classes: [public, internal], fields: [person.name], never: [person.city], only_if: person.mail is not null}
"""
VIEWS = """
views:
  buyers: {of: person, purpose: parcel, budget: 5, only: person_no is not null, fields: [person.name, person.city, person.mail, person.person_no, sold]}
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


def test_class_name_and_never_decide_in_this_order(opened: Callable[..., Workbook]) -> None:
    model = opened().model
    ruled = {field: governance.may_read(model, "parcel", field).allowed for field in ("person.name", "person.city", "person.mail", "person.person_no", "sold")}
    assert ruled == {"person.name": True, "person.city": False, "person.mail": False, "person.person_no": True, "sold": True}
    assert not governance.may_read(model, "", "person.person_no").allowed  # without a purpose nothing is


def test_a_refused_field_is_not_in_the_view_at_all(opened: Callable[..., Workbook]) -> None:
    book = opened()
    rows = book.engine.frame(book.plan, "view__buyers")
    assert rows.columns == ["id", "person.name", "person.person_no", "sold"]
    assert [(view, ruling.field) for view, ruling in governance.refusals(book.model)] == [
        ("buyers", "person.city"), ("buyers", "person.mail"), ("aimless", "person.city"),
    ]  # fmt: skip
    assert book.engine.frame(book.plan, "view__aimless").columns == ["id"]


def test_every_row_is_in_or_out_for_one_reason(opened: Callable[..., Workbook]) -> None:
    """Buyers: p1, p2, p3; p3 has no address. Callers: p1 (Neu-Ulm) and Dee, who lives in Kiel and opted out."""
    book = opened()
    decided = dict(book.engine.query(book.plan, "select decision, count(*) as n from view__buyers__decided group by decision").rows())
    assert decided == {"in": 2, "no permission for this purpose": 1, "outside of what the view asks for": 1}
    asked = dict(book.engine.query(book.plan, "select decision, count(*) as n from audience__callers__decided group by decision").rows())
    assert asked == {"in": 1, "no consent": 2, "opted out": 1}


def test_a_metric_of_a_view_is_that_of_its_row(opened: Callable[..., Workbook]) -> None:
    book = opened()
    rows = book.engine.query(book.plan, 'select "person.person_no" as person, sold from view__buyers')
    assert {person: float(sold) for person, sold in rows.rows()} == {"p1": 17.5, "p2": 30.0}


def test_a_row_can_be_asked_why(opened: Callable[..., Workbook]) -> None:
    book = opened()
    (dee,) = book.engine.query(book.plan, "select id from person where city = 'Kiel'")["id"]
    assert book.customer_360.why("audience__callers", dee).endswith(" is not in callers: opted out.")
    assert "There is no person nobody." in book.customer_360.why("buyers", "nobody")


def test_what_is_left_open_is_a_finding(opened: Callable[..., Workbook]) -> None:
    book = opened(purposes="purposes:\n  parcel: {does: sends}\n")
    codes = {finding.code for finding in (*book.customer_360.conclude(), *book.ai_context.conclude())}
    assert {"customer_360.refused_fields", "ai_context.incomplete", "ai_context.no_purpose"} <= codes


@pytest.mark.parametrize(
    ("least", "buyers", "callers"),
    [(0, 2, 1), (1, 2, 1), (2, 2, 0), (3, 0, 0)],
)
def test_a_group_below_the_smallest_is_not_served(opened: Callable[..., Workbook], least: int, buyers: int, callers: int) -> None:
    """Two persons pass the conditions of the view, one those of the audience."""
    book = opened(purposes=PURPOSES.replace("does: sends", f"does: sends, smallest_group: {least}"))
    served = {name: book.engine.frame(book.plan, name).height for name in ("view__buyers", "audience__callers")}
    assert served == {"view__buyers": buyers, "audience__callers": callers}
    withheld = {finding.about[0]: finding.count for finding in book.customer_360.conclude() if finding.code == "customer_360.small_group"}
    assert withheld == {name: count for name, count, rows in (("buyers", 2, buyers), ("callers", 1, callers)) if not rows}
    assert not [finding for finding in book.customer_360.conclude() if finding.code == "customer_360.empty"]


def test_whoever_is_withheld_is_told_why(opened: Callable[..., Workbook]) -> None:
    book = opened(purposes=PURPOSES.replace("does: sends", "does: sends, smallest_group: 3"))
    reasons = dict(book.engine.query(book.plan, "select decision, count(*) as n from view__buyers__decided group by decision").rows())
    assert reasons == {governance.TOO_FEW: 2, "no permission for this purpose": 1, "outside of what the view asks for": 1}
    (one, *_) = book.engine.query(book.plan, f"select id from view__buyers__decided where decision = '{governance.TOO_FEW}' order by id")["id"]
    assert governance.TOO_FEW in book.customer_360.why("buyers", one)
    for figure in (book.customer_360.inclusion(), book.ai_context.left_out()):
        assert governance.TOO_FEW in str(figure.as_dict())


def test_a_group_of_nobody_is_empty_and_not_withheld(opened: Callable[..., Workbook]) -> None:
    views = VIEWS.replace("only: person_no is not null", "only: person_no = 'nobody'")
    book = opened(views, PURPOSES.replace("does: sends", "does: sends, smallest_group: 5"))
    codes = {finding.code: finding.count for finding in book.customer_360.conclude() if finding.about == ("buyers",)}
    assert codes["customer_360.empty"] == 0 and "customer_360.small_group" not in codes


@pytest.mark.parametrize("fields", ["[order.total]", "[order.total, person.city]"])
@pytest.mark.parametrize(("least", "served"), [(2, 4), (3, 0)])
def test_orders_of_two_persons_are_a_group_of_two(opened: Callable[..., Workbook], least: int, served: int, fields: str) -> None:
    """Four orders: two of Ann, one of Bo, one of nobody known. Whoever reads them reads about two persons."""
    views = f"views:\n  sales: {{of: order, purpose: parcel, fields: {fields}}}\n"
    book = opened(views, PURPOSES.replace("only_if: person.mail is not null", f"smallest_group: {least}"))
    assert book.engine.frame(book.plan, "view__sales").height == served
    found = [finding for finding in book.customer_360.conclude() if finding.code == "customer_360.small_group"]
    assert [finding.count for finding in found] == ([] if served else [2])
    assert all("4 orders, about 2 people, pass its conditions" in finding.sentence for finding in found)


def test_the_smallest_group_is_no_less_than_none(opened: Callable[..., Workbook]) -> None:
    with pytest.raises(ModelError, match=r"12_ai_context.yml:3.*smallest_group"):
        opened(purposes=PURPOSES.replace("does: sends", "does: sends, smallest_group: -1"))


def test_an_audience_shows_its_channel(opened: Callable[..., Workbook]) -> None:
    book = opened(VIEWS.replace("of: person, purpose: parcel, consent", "of: person, purpose: parcel, channel: carrier pigeon, consent"))
    rows = {row["name"]: row["channel"] for row in book.customer_360.rows}
    assert rows == {"buyers": "", "aimless": "", "callers": "carrier pigeon"}
    assert "carrier pigeon" in str(book.customer_360.views().as_dict())
