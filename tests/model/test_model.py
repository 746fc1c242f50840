"""Names of a model lead to fields, places and rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.errors import ModelError, WorkbookError
from workbook.model import FieldRef, Model, load_model
from workbook.model.yaml_text import read_text

ROOT = Path(__file__).parents[2]


def test_attributes_are_what_was_mapped_and_the_identifiers_that_reach(
    a_model: Callable[..., Model],
) -> None:
    model = a_model()
    assert model.attributes("person") == {
        "city": (FieldRef("shop.people", "city"), FieldRef("desk.callers", "town")),
        "first": (FieldRef("shop.people", "name", "first"),),
        "person_no": (FieldRef("shop.people", "person_no"),),
        "mail": (FieldRef("shop.people", "mail"), FieldRef("desk.callers", "mail")),
    }
    assert list(model.attributes("order")) == [
        "order_no",
        "person_no",
        "total",
        "state",
        "bought_on",
    ]


def test_a_type_brings_its_class_and_a_part_of_a_name_is_a_name(
    a_model: Callable[..., Model],
) -> None:
    model = a_model()
    assert model.class_of("person.mail") == "personal"
    # text of which nobody said what it holds
    assert model.class_of("shop.people.city") == "personal"
    assert model.class_of("shop.people.person_no") == "internal"
    assert model.type_of("person", "first") == "person_name"
    with pytest.raises(WorkbookError, match="Did you mean 'person.mail'"):
        model.class_of("person.mial")


def test_the_order_is_the_fields_then_the_entitys_then_that_of_the_sources(
    a_model: Callable[..., Model],
) -> None:
    survivorship = (
        "default: {person: [desk, shop]}\nfields:\n  person.mail: {order: [shop, desk: town is not"
        " null]}\n"
    )
    model = a_model(survivorship=survivorship)
    assert [item.source for item in model.order("person", "mail")] == ["shop", "desk"]
    assert model.order("person", "mail")[1].only_if == "town is not null"
    assert [item.source for item in model.order("person", "city")] == ["desk", "shop"]
    assert [item.source for item in a_model(survivorship="").order("person", "city")] == [
        "shop.people",
        "desk.callers",
    ]


def test_a_change_gives_another_model_and_leaves_this_one(a_model: Callable[..., Model]) -> None:
    model = a_model(survivorship="fields:\n  person.city: {order: [shop, desk]}\n")
    other = model.with_change("survivorship.fields.person.city.order", ["desk", "shop"])
    assert [item.source for item in other.order("person", "city")] == ["desk", "shop"]
    assert [item.source for item in model.order("person", "city")] == ["shop", "desk"]
    with pytest.raises(ModelError, match="Did you mean 'desk'"):
        model.with_change("survivorship.fields.person.city.order", ["dsk"])


def test_a_change_may_write_what_was_not_there(a_model: Callable[..., Model]) -> None:
    other = a_model().with_change("survivorship.fields.person.mail.rule", "most_frequent")
    assert other.rule("person", "mail").rule == "most_frequent"


def test_a_decision_has_a_place_and_an_owner(a_model: Callable[..., Model]) -> None:
    model = a_model(
        survivorship=(
            "owner: sales\nfields:\n  person.city:\n    order: [shop]\n    owner: finance\n"
        )
    )
    assert model.place("survivorship.fields.person.city.order") == "model/05_survivorship.yml:4"
    assert model.owner_of("survivorship", "fields", "person.city") == "finance"
    assert model.owner_of("survivorship", "fields", "person.mail") == "sales"


def test_the_bundled_model_is_whole() -> None:
    model = load_model(ROOT)
    assert [word for word, part in vars(model).items() if part is None] == []


def test_an_id_has_the_class_of_the_key_that_it_is(a_model: Callable[..., Model]) -> None:
    entities = (
        "entities:\n  caller: {from: desk.callers}\n  person: {from: [shop.people, desk.callers]}\n"
    )
    model = a_model(entities=entities)
    assert (model.class_of("caller.id"), model.class_of("person.id")) == ("internal", "internal")
    sources = (
        "systems: {desk: {}}\nsources:\n  desk.callers: {primary_key: mail, fields: {mail:"
        " email}}\n"
    )
    assert (
        a_model(sources=sources, entities="entities:\n  caller: {from: desk.callers}\n").class_of(
            "caller.id"
        )
        == "personal"
    )


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        ("9999-12-31", "after 8999-12-31"),
        ("9000-01-01", "after 8999-12-31"),
        ("1899-12-31", "before 1900-01-01"),
        ("0001-01-01", "before 1900-01-01"),
    ],
)
def test_a_day_that_means_ever_or_never_is_refused_where_it_is_written(
    a_project: Callable[..., Path], day: str, limit: str
) -> None:
    root = a_project(f"name: Test\nas_of: {day}\n")
    with pytest.raises(ModelError) as refused:
        load_model(root)
    (problem,) = refused.value.problems
    told = (problem.file, problem.line, problem.code)
    assert told == ("workbook.yml", 2, "model.as_of_out_of_range")
    assert day in problem.what and limit in problem.what
    assert load_model(root, as_of="2025-06-30").project.as_of == dt.date(2025, 6, 30)


def test_a_given_day_is_refused_by_the_name_of_its_option(a_project: Callable[..., Path]) -> None:
    for day, code in (
        ("9999-12-31", "model.as_of_out_of_range"),
        ("tomorrow", "model.yaml.not_a_date"),
    ):
        with pytest.raises(ModelError) as refused:
            load_model(a_project(), as_of=day)
        (problem,) = refused.value.problems
        assert (problem.file, problem.line, problem.code) == ("--as-of", 0, code)
        assert day in problem.what
    with pytest.raises(ModelError) as refused:  # what else is wrong keeps its line
        load_model(a_project("nmae: Test\n"), as_of="tomorrow")
    assert {(each.file, each.line) for each in refused.value.problems} == {
        ("--as-of", 0),
        ("workbook.yml", 1),
    }
    assert [
        load_model(a_project(), as_of=day).project.as_of.year
        for day in ("1900-01-01", "8999-12-31")
    ] == [
        1900,
        8999,
    ]  # type: ignore[union-attr]


def test_a_time_zone_that_nothing_reads_is_no_word(a_project: Callable[..., Path]) -> None:
    with pytest.raises(ModelError) as refused:
        load_model(a_project("name: Test\ntime_zone: Europe/Berlin\n"))
    (problem,) = refused.value.problems
    assert (problem.line, problem.code) == (2, "model.yaml.unknown_word")
    assert "'time_zone'" in problem.what


@pytest.mark.parametrize(
    ("written", "read", "line"),
    [
        ('a: "Leute \\ud83d\\ude00"', "Leute \U0001f600", 0),
        ('a: "\\uD83D\\uDE00"', "\U0001f600", 0),
        ("a: 'Leute \\ud83d'", "Leute \\ud83d", 0),
        ('b: x\na: "Leute \\ud83d"', "Leute \ufffd", 2),
        ('b: x\na: "\\ude00\\ud83d"', "\ufffd\ufffd", 2),
    ],
)
def test_both_halves_of_a_character_are_one_and_a_half_is_none(
    written: str, read: str, line: int, tmp_path: Path
) -> None:
    """JSON escapes an emoji in two halves; half of one cannot be written to any page."""
    (tmp_path / "f.yml").write_text(written + "\n", "utf-8")
    text = read_text(tmp_path / "f.yml", "f.yml")
    assert (read, [line] if line else []) == (
        text.values["a"],
        [problem.line for problem in text.problems],
    )


def test_a_rule_without_an_owner_has_that_of_the_metrics_that_count_it() -> None:
    """And a metric that of its rule; where two disagree, the owner of the file answers."""
    model = load_model(Path(__file__).parents[2] / "templates" / "b2b_saas")

    def owner(of: Model, *parts: str) -> str:
        return of.owner_of("metrics", *parts)

    assert owner(model, "rules", "open_ticket") == owner(model, "metrics", "open_tickets")
    assert owner(model, "rules", "open_ticket") == "support"
    assert owner(model, "metrics", "accounts_at_risk") == "sales"  # of its rule
    assert owner(model, "rules", "churn_risk") == "sales"  # its own
    assert owner(model, "rules", "overdue") == "finance"  # nobody counts it: the file's
    apart = model.with_change(
        "metrics.metrics.urgent_too",
        {"measure": "tickets", "filter": "open_ticket", "owner": "sales", "means": "x"},
    )
    assert owner(apart, "rules", "open_ticket") == "finance"
