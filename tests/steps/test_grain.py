"""The grain page: the row sentence with its count, candidates as measured, findings when the
key does not hold.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.errors import ModelError
from workbook.scenarios.excluded_customers import excluded_kinds
from workbook.steps.grain import Grain

ROOT = Path(__file__).parents[2]
EXTERNAL = os.environ.get("WORKBOOK_EXTERNAL_DATA", "")
needs_external = pytest.mark.skipif(not EXTERNAL, reason="WORKBOOK_EXTERNAL_DATA is not set")
FIGURES = ("compare", "movement", "departments", "warnings")
SOURCES = """
systems: {crm: {}, shop: {}}
sources:
  crm.firms: {primary_key: firm_no, fields: {firm_no: id, parent_no: id}}
  shop.seats: {primary_key: seat_no, fields: {seat_no: id, firm_no: id, cookie_id: {type: device_id, class: internal}}}
  shop.sales: {primary_key: sale_no, fields: {sale_no: id, firm_no: id, total: {type: money, currency: EUR}}}
identifiers:
  firm_no: {in: [crm.firms, shop.seats, shop.sales]}
  cookie_id: {in: shop.seats}
"""
ENTITIES = """
entities: {firm: {row_is: one firm, from: crm.firms}, seat: {row_is: one seat, from: shop.seats}, sale: {row_is: one sale, from: shop.sales}}
relationships:
  seat_firm: {from: seat, to: firm, by: firm_no}
  sale_firm: {from: sale, to: firm, by: firm_no}
"""
GRAIN = """
primary: firm
sentence: One row is one firm that we sell to.
considered: {seat: {because: a seat is used and not sold}, device: {by: cookie_id}}
headline: [firms, sold, sold_per_firm]
customer_means: {sales: a firm that signed, finance: a firm that paid}
owner: sales
"""
METRICS = """
rules: {signed: {of: firm, owner: sales, all: [parent_no is null]}}
semantic_models:
  firms: {of: firm, measures: {firms: {agg: count}}}
  sales: {of: sale, measures: {sold: {agg: sum, expr: total}}}
metrics:
  firms: {measure: firms}
  signed_firms: {measure: firms, filter: signed}
  sold: {measure: sold, label: Sold}
  sold_per_firm: {type: ratio, numerator: sold, denominator: firms}
"""
FILES = {
    "crm_firms": "firm_no,parent_no\nf1,\nf2,f1\nf3,\n",
    "shop_seats": "seat_no,firm_no,cookie_id\ns1,f1,c1\ns2,f1,c2\ns3,f2,c2\n",
    "shop_sales": "sale_no,firm_no,total\na1,f1,10.00\na2,f2,5.00\na3,f3,1.00\n",
}


@pytest.fixture
def a_book(tmp_path: Path) -> Iterator[Callable[..., Workbook]]:
    """The project of this file, opened; any step or file may be given instead."""
    books = []

    def build(files: dict[str, str] | None = None, **steps: str) -> Workbook:
        (tmp_path / "model").mkdir()
        (tmp_path / "data").mkdir()
        (tmp_path / "workbook.yml").write_text(
            "name: Test\nas_of: 2025-06-30\ndepartments: {sales: head of sales, finance: head of"
            " finance}\n"
        )
        for name, text in {
            "02_grain": GRAIN,
            "03_sources": SOURCES,
            "04_entities": ENTITIES,
            "07_metrics": METRICS,
            **steps,
        }.items():
            (tmp_path / "model" / f"{name}.yml").write_text(text)
        for name, text in {**FILES, **(files or {})}.items():
            (tmp_path / "data" / f"{name}.csv").write_text(text)
        books.append(Workbook.open(tmp_path))
        return books[-1]

    yield build
    for book in books:
        book.close()


def rows(figure) -> list[dict[str, object]]:
    shown = figure.as_dict()
    return [
        dict(zip((column["name"] for column in shown["columns"]), row, strict=True))
        for row in shown["rows"]
    ]


def test_the_headline_is_what_a_customer_is_with_its_count(a_book: Callable[..., Workbook]) -> None:
    headline = a_book().step("grain").headline()
    assert "one firm that we sell to" in headline.sentence
    assert re.findall(r"\d+", headline.sentence) == ["3"]
    assert (headline.state, headline.owner) == ("decided", "sales")
    inflated = headline.lede.rpartition("Sold")[0].rpartition(".")[2]
    assert "seat" in inflated and re.findall(r"€\d+", headline.lede) == ["€26", "€16"]


def test_candidates_carry_keys_and_fan_out(a_book: Callable[..., Workbook]) -> None:
    step = a_book().step("grain")
    found = {row["name"]: row for row in rows(step.compare())}
    assert (
        found["firm"]["group"],
        found["firm"]["state"],
        found["firm"]["things"],
        found["firm"]["repeats"],
    ) == ("Decided", "pass", 3, 1)
    assert (
        found["seat"]["things"],
        found["seat"]["fan"],
        found["seat"]["repeats"],
        found["seat"]["repeated"],
    ) == (3, 1, 2, 1)
    assert (found["device"]["things"], found["device"]["state"]) == (2, "look")
    assert step.impact.keys["device"].fields == ("cookie_id",)
    assert {name for name, key in step.impact.keys.items() if key.kind == "absent"} == {
        "person",
        "account or workspace",
        "household",
        "billing entity",
        "buyer",
        "seller",
    }


def test_numbers_move_by_the_planted_amount(a_book: Callable[..., Workbook]) -> None:
    step = a_book().step("grain")
    figure = step.movement()
    assert {row["name"]: (row["then_0"], row["then_1"]) for row in rows(figure)} == {
        "firm": ("3", "€16"),
        "seat": ("3", "€26"),  # f1's 10.00 counts for both of its seats
        "device": ("2", "€26"),
        "sale": ("3", "€16"),
    }
    moves = {
        candidate.name: [
            (round(move.share, 3), move.unlinked)
            for money in step.impact.numbers
            if (move := step.impact.move(candidate, money)) and move.share is not None
        ]
        for candidate in step.impact.candidates
    }
    assert {name: found for name, found in moves.items() if found} == {
        "firm": [(0, 0), (0, 0)],
        "seat": [(0, 1), (0.625, 1)],
        "device": [(-0.333, 1), (0.625, 1)],
        "sale": [(0, 0), (0, 0)],
    }
    shown = {row["name"]: (row["change_0"], row["change_1"]) for row in rows(figure)}
    assert [re.findall(r"[+−]?[\d.]+", text) for text in shown["device"]] == [
        ["−33.3", "1"],
        ["+62.5", "1"],
    ]
    assert "Sold per firm" in figure.caption


@pytest.mark.parametrize(("metric", "count"), [("firms_of_sales", "2"), ("signed_firms", "")])
def test_functions_stand_in_their_own_words_with_the_number_that_bears_their_name(
    a_book: Callable[..., Workbook], metric: str, count: str
) -> None:
    """A metric that sales merely owns is no count of what its words say."""
    named = METRICS.replace("  signed_firms:", f"  {metric}:")
    step = a_book(**{"07_metrics": named}).step("grain")
    unnamed = step.text("figures.departments.no_number")
    found = {row["department"]: (row["means"], row["number"]) for row in rows(step.departments())}
    assert found == {
        "sales": ("a firm that signed", count or unnamed),
        "finance": ("a firm that paid", unnamed),
    }
    codes = {finding.code: finding.count for finding in step.conclude()}
    assert codes["grain.functions_differ"] == 2


def test_a_device_that_two_customers_share_is_warned_of_first(
    a_book: Callable[..., Workbook],
) -> None:
    step = a_book().step("grain")
    first = rows(step.warnings())[0]
    assert (
        first["name"],
        first["state"],
        first["shared"],
        first["with_several"],
        first["none"],
    ) == ("device", "look", 1, 1, 1)
    assert first["says"] == step.text("verdict.crossed", device=True)


def test_a_sound_model_has_no_finding_about_its_key(a_book: Callable[..., Workbook]) -> None:
    codes = {finding.code for finding in a_book().step("grain").conclude()}
    assert not codes & {"grain.key_not_unique", "grain.no_key", "grain.open"}


def test_a_key_that_repeats_or_is_empty_fails(a_book: Callable[..., Workbook]) -> None:
    step = a_book({"crm_firms": "firm_no,parent_no\nf1,\nf1,f2\nf2,\n,\n"}).step("grain")
    (finding,) = [finding for finding in step.conclude() if finding.code == "grain.key_not_unique"]
    assert (finding.severity, finding.count) == ("fail", 2)
    assert re.findall(r"\d+", finding.sentence) == ["1", "1"]
    key = step.impact.keys["firm"]
    assert (key.repeated, key.empty) == (1, 1)
    assert rows(step.compare())[0]["state"] == "fail"


def test_a_source_without_a_key_is_pointed_out(a_book: Callable[..., Workbook]) -> None:
    step = a_book(
        **{"03_sources": SOURCES.replace("crm.firms: {primary_key: firm_no, ", "crm.firms: {")}
    ).step("grain")
    assert "grain.no_key" in {finding.code for finding in step.conclude()}


def test_candidates_of_about_the_same_size_are_named(a_book: Callable[..., Workbook]) -> None:
    found = [
        finding
        for finding in a_book().step("grain").conclude()
        if finding.code == "grain.candidate_close"
    ]
    assert [(finding.severity, finding.about) for finding in found] == [("note", ("seat",))]


def test_an_open_grain_says_what_the_data_suggests(a_book: Callable[..., Workbook]) -> None:
    step = a_book(**{"02_grain": "primary:\n"}).step("grain")
    assert step.headline().state == "open"
    assert step.headline().sentence == step.text("headline.open")
    assert "3 firms" in step.headline().lede
    assert [(finding.code, finding.severity) for finding in step.conclude()] == [
        ("grain.open", "note")
    ]
    for name in FIGURES:
        assert getattr(step, name)()._repr_mimebundle_()["text/html"]


def test_a_blank_project_shows_every_figure(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates" / "blank", tmp_path, dirs_exist_ok=True)
    step = Workbook.open(tmp_path).step("grain")
    assert step.headline().state == "open"
    for name in FIGURES:
        assert getattr(step, name)()._repr_mimebundle_()["text/html"]


@needs_external
def test_kanoniv_a_company_by_name_would_inflate_revenue(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "projects" / "kanoniv", tmp_path, dirs_exist_ok=True)
    step = Workbook.open(tmp_path, data=str(Path(EXTERNAL) / "kanoniv_c360" / "data")).step("grain")
    assert "one human who works for" in step.headline().sentence
    moved = step.impact.moved["company", "mrr"]
    assert moved["total"] == Decimal("1356100.00")
    assert moved["joined"] > moved["total"]
    assert step.impact.moved["billing_customer", "mrr"]["joined"] == Decimal("1356100.00")


@needs_external
def test_ravenstack_counts_subscriptions_ten_times(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "projects" / "ravenstack", tmp_path, dirs_exist_ok=True)
    step: Grain = Workbook.open(tmp_path, data=str(Path(EXTERNAL) / "ravenstack")).step("grain")
    sentence = step.headline().sentence
    assert "one company that signed up, whether it pays, tries or has left" in sentence
    assert re.findall(r"\d+", sentence) == ["500"]
    assert step.impact.moved["subscription", "customers"]["things"] == 5000
    assert step.impact.moved["subscription", "mrr_of_all_rows"]["joined"] == Decimal("11338747.00")


# ---- another grain, tried


@pytest.mark.parametrize(
    ("name", "firms", "sold", "customers"),
    [
        ("seat", ("3", ""), ("€26", "+€10"), "3"),  # f1's 10.00 counts for both of its seats
        ("device", ("2", "\u22121"), ("€26", "+€10"), "2"),
        ("sale", ("3", ""), ("€16", ""), "3"),
        ("buyer", ("not measured", ""), ("not measured", ""), "not measured"),
    ],
)
def test_every_candidate_can_be_tried(
    a_book: Callable[..., Workbook],
    name: str,
    firms: tuple[str, str],
    sold: tuple[str, str],
    customers: str,
) -> None:
    tried = a_book().grain.what_if("primary", name)
    found = {each.label.lower(): (each.before, each.after, each.by) for each in tried.numbers}
    assert found["firms"] == ("3", *firms)
    assert found["sold"] == ("€16", *sold)
    assert found["sold per firm"][1:] == ("not measured", "")
    shown = tried.figure.as_dict()["rows"]
    assert [row[2:4] for row in shown if row[0] == "How many there are"] == [
        ["3 (firm)", customers]
    ]
    assert [row[1] for row in shown if row[0] == "Not measured"]


def test_what_is_tried_is_what_figure_2_1_holds(a_book: Callable[..., Workbook]) -> None:
    step = a_book().grain
    for each in step.impact.candidates:
        assert step.what_if("primary", each.name).figure.as_dict()["rows"]
    with pytest.raises(
        ModelError,
        match=r"02_grain.yml:2: 'seet' .*Did you mean 'seat'",
    ):
        step.what_if("primary", "seet")


def test_a_candidate_that_is_no_entity_is_tried_and_not_adopted(
    a_book: Callable[..., Workbook], tmp_path: Path
) -> None:
    tried = a_book().grain.what_if("primary", "device")
    with pytest.raises(
        ModelError, match="'device' is not an entity.*04_entities.yml that is made by cookie_id"
    ):
        tried.adopt(because="cookies", by="sales", sentence="A customer is a device.")
    assert (tmp_path / "model" / "02_grain.yml").read_text() == GRAIN


def test_before_anything_is_decided_the_candidates_can_be_tried(
    a_book: Callable[..., Workbook], tmp_path: Path
) -> None:
    """The numbers of the sample that count or sum stand for the headline, and the sentence is
    asked for.
    """
    tried = a_book(**{"02_grain": ""}).grain.what_if("primary", "firm")
    with pytest.raises(ModelError, match=".sentence. is not written"):
        tried.adopt(because="firms sign", by="sales")
    tried.adopt(because="firms sign", by="sales", sentence="A customer is a firm.")
    assert "primary: firm" in (tmp_path / "model" / "02_grain.yml").read_text()


TESTERS = METRICS.replace(
    "rules: {",
    "rules: {tester: {of: firm, owner: sales, all: [\"firm_no = 'f3'\"]},"
    " real: {of: firm, owner: sales, all: [signed], none: [tester]}, ",
)


def test_the_headline_says_how_many_are_only_ever_left_out(a_book: Callable[..., Workbook]) -> None:
    """A rule that counts somewhere, too, is no rule of own records."""
    metrics = TESTERS.replace("filter: signed", "filter: real")
    step = a_book(**{"07_metrics": metrics}).step("grain")
    assert re.findall(r"\d+", step.headline().sentence) == ["3", "1"]
    (kind,) = excluded_kinds(step.context, "firm")
    assert (kind.rule, kind.count, kind.excluded_by) == ("tester", 1, ("real",))


def test_a_rule_that_a_number_counts_is_not_left_out(a_book: Callable[..., Workbook]) -> None:
    metrics = TESTERS.replace("filter: signed", "filter: real or tester")
    step = a_book(**{"07_metrics": metrics}).step("grain")
    assert not excluded_kinds(step.context, "firm")


def test_a_filter_leaves_out_as_a_rule_does(a_book: Callable[..., Workbook]) -> None:
    metrics = METRICS.replace("filter: signed", "filter: not signed")
    (kind,) = excluded_kinds(a_book(**{"07_metrics": metrics}).step("grain").context, "firm")
    assert (kind.rule, kind.count, kind.excluded_by) == ("signed", 2, ("signed_firms",))


def test_a_number_about_few_people_is_not_shown_under_a_candidate(
    a_book: Callable[..., Workbook],
) -> None:
    """Three seats, of which each is a person where it has an address, and a thing where not."""
    sources = SOURCES.replace("firm_no: id, cookie_id", "firm_no: id, mail: email, cookie_id")
    seats = "seat_no,firm_no,mail,cookie_id\ns1,f1,a@x.example,c1\ns2,f1,b@x.example,c2\ns3,f2,c@x.example,c2\n"
    step = a_book({"shop_seats": seats}, **{"03_sources": sources}).step("grain")
    (seat,) = [row for row in rows(step.movement()) if row["name"] == "seat"]
    assert seat["then_0"] is None and seat["bar_0"] is None
    assert re.findall(r"\d+", str(seat["change_0"])) == ["10"]


def test_a_number_about_few_things_is_shown(a_book: Callable[..., Workbook]) -> None:
    (seat,) = [row for row in rows(a_book().step("grain").movement()) if row["name"] == "seat"]
    assert seat["then_0"] == "3"
