"""Attributes that belong together come from one record: cases by hand, a law over many records,
and what `check` refuses.
"""

from __future__ import annotations

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from small_projects import HEAD, rows, written

from workbook import Workbook
from workbook import survivorship as room
from workbook.errors import ModelError
from workbook.model import load_model

FIELDS = (
    "{person_id: id, email: email, street: postal_address, city: text, postcode: postal_code,"
    " updated_at: timestamp}"
)
SOURCES = (
    "systems: {crm: {}, shop: {}}\nsources:\n"
    f"  crm.people: {{primary_key: person_id, recorded: updated_at, fields: {FIELDS}}}\n"
    f"  shop.people: {{primary_key: person_id, recorded: updated_at, fields: {FIELDS}}}\n"
    "identifiers: {email: {in: [crm.people, shop.people]}}\n"
)
PLACES = {
    "street": ["crm.people", "shop.people"],
    "city": ["crm.people", "shop.people"],
    "postcode": ["crm.people", "shop.people"],
}
COLUMNS = "person_id,email,street,city,postcode,updated_at"
CRM = "p1,ann@firm.test,1 High Street,London,SW1A 1AA,2025-01-01 00:00:00"
SHOP = "q1,ann@firm.test,,Leeds,LS1 4AP,2025-06-01 00:00:00"
WHOLE = ("1 High Street", "London", "SW1A 1AA")
TOGETHER = {"together": {"person": [["street", "city", "postcode"]]}}


def a_project(
    folder: Path,
    five: dict[str, Any],
    *,
    crm: tuple[str, ...] = (CRM,),
    shop: tuple[str, ...] = (SHOP,),
    places: dict[str, Any] = PLACES,
    exception: str = "",
) -> Path:
    files = {
        "model/03_sources.yml": SOURCES,
        "model/04_entities.yml": json.dumps(
            {
                "entities": {
                    "person": {
                        "row_is": "one human",
                        "from": ["crm.people", "shop.people"],
                        "attributes": places,
                    }
                }
            }
        ),
        "model/05_survivorship.yml": (
            "\n".join(f"{word}: {json.dumps(value)}" for word, value in five.items()) + "\n"
        ),
        "data/crm/people.csv": rows(COLUMNS, *crm),
        "data/shop/people.csv": rows(COLUMNS, *shop),
        "decisions/exceptions.csv": HEAD + (exception + "\n" if exception else ""),
    }
    return written(folder, files)


def golden(book: Workbook) -> list[tuple[Any, ...]]:
    return book.engine.query(
        book.plan, "select street, city, postcode from person order by email"
    ).rows()


def first(rule: dict[str, Any]) -> dict[str, Any]:
    return {"fields": {"person.street": rule}, **TOGETHER}


@pytest.mark.parametrize(
    ("five", "shop", "address"),
    [
        # without the word
        (
            {"fields": {f"person.{name}": {"rule": "most_recent"} for name in PLACES}},
            SHOP,
            ("1 High Street", "Leeds", "LS1 4AP"),
        ),
        (first({"rule": "most_recent"}), SHOP, (None, "Leeds", "LS1 4AP")),
        (
            {
                "fields": {f"person.{name}": {"rule": "most_recent"} for name in PLACES},
                "together": {"person": list(PLACES)},
            },
            SHOP,
            (None, "Leeds", "LS1 4AP"),
        ),
        (first({"order": ["crm", "shop"]}), SHOP, WHOLE),
        (first({"order": ["shop", "crm"]}), SHOP, (None, "Leeds", "LS1 4AP")),
        (TOGETHER, SHOP, WHOLE),  # the order of `from`
        (first({"rule": "most_complete"}), SHOP, WHOLE),  # three parts beat two
        # as many: the order
        (
            first({"rule": "most_complete", "order": ["shop", "crm"]}),
            SHOP.replace("test,,", "test,2 Low Road,"),
            ("2 Low Road", "Leeds", "LS1 4AP"),
        ),
        (first({"rule": "expression", "expr": "city = 'London'"}), SHOP, WHOLE),
        (
            first({"order": ["crm", "shop"], "no_older_than": "90 days"}),
            SHOP,
            (None, "Leeds", "LS1 4AP"),
        ),
        # states none of them
        (first({"rule": "most_recent"}), "q1,ann@firm.test,N/A,,,2025-06-01 00:00:00", WHOLE),
        (
            first({"rule": "most_recent"}),
            SHOP.replace("test,,", "test,N/A,"),
            (None, "Leeds", "LS1 4AP"),
        ),
        # city by itself
        (
            {**first({"rule": "most_recent"}), "together": {"person": [["street", "postcode"]]}},
            SHOP,
            (None, "London", "LS1 4AP"),
        ),
    ],
)
def test_all_parts_come_from_one_record(
    five: dict[str, Any], shop: str, address: tuple[Any, ...], tmp_path: Path
) -> None:
    with closing(Workbook.open(a_project(tmp_path, five, shop=(shop,)))) as book:
        assert golden(book) == [address]


def test_a_source_without_the_first_one_can_be_chosen(tmp_path: Path) -> None:
    places = {**PLACES, "street": ["crm.people"]}
    with closing(
        Workbook.open(a_project(tmp_path, first({"order": ["shop", "crm"]}), places=places))
    ) as book:
        assert golden(book) == [(None, "Leeds", "LS1 4AP")]


@pytest.mark.parametrize(
    ("said", "street"),
    [
        ("shop.people:q1,crm,", "1 High Street"),
        ("crm.people:p1,,9 New Street", "9 New Street"),
        ("crm.people:p1,shop,", None),
    ],
)
def test_an_exception_replaces_its_own_value_alone(
    said: str, street: str | None, tmp_path: Path
) -> None:
    project = a_project(
        tmp_path,
        first({"rule": "most_recent"}),
        exception=f"e1,2025-06-01,sales,person.street,{said},,because",
    )
    with closing(Workbook.open(project)) as book:
        assert golden(book) == [(street, "Leeds", "LS1 4AP")]
        assert not [
            each
            for each in book.survivorship.conclude()
            if each.code == "survivorship.mixed_record"
        ]


def test_provenance_and_conflicts_are_those_of_the_attribute(tmp_path: Path) -> None:
    with closing(Workbook.open(a_project(tmp_path, first({"rule": "most_recent"})))) as book:
        asked = "select value, source, record, rule, candidates, contested from person__{}__choice"
        assert book.engine.query(book.plan, asked.format("city")).rows() == [
            ("Leeds", "shop.people", "shop.people:q1", "most_recent", 2, True)
        ]
        assert book.engine.query(book.plan, asked.format("street")).rows() == []
        assert {row["field"]: (row["differ"], row["decided"]) for row in book.survivorship.rows}[
            "person.city"
        ] == (1, True)
        street, city = (
            next(
                line
                for line in book.survivorship.explain("crm.people:p1").splitlines()
                if line.startswith(word)
            )
            for word in ("Street", "City")
        )
        assert "shop.people" in street and "crm.people" in street and "None" not in street
        assert "shop.people" in city


def test_what_was_emptied_by_a_word_is_not_what_another_record_left_out(tmp_path: Path) -> None:
    five, crm = (
        first({"rule": "most_recent"}),
        "r1,bea@firm.test,N/A,Bath,BA1 1AA,2025-01-01 00:00:00",
    )
    shop = SHOP.replace("test,,", "test,N/A,")
    with closing(Workbook.open(a_project(tmp_path, five, crm=(CRM, crm), shop=(shop,)))) as book:
        assert golden(book) == [(None, "Leeds", "LS1 4AP"), (None, "Bath", "BA1 1AA")]
        said = {
            row["attribute"]: (row["said"], row["emptied"])
            for row in book.engine.query(
                book.plan, room.placeholders_sql(book.model, "person", ["street", "city"])
            ).to_dicts()
        }
        # Ann's street is in CRM, and Bea's is nowhere
        assert said == {"street": (2, 1), "city": (0, 0)}


def test_an_alternative_moves_all_that_comes_together(tmp_path: Path) -> None:
    rule = {
        "rule": "most_recent",
        "no_older_than": "90 days",
        "considered": {"by_order": {"rule": "source_order", "order": ["crm", "shop"]}},
    }
    five = {"fields": {"person.street": rule, "person.city": {"rule": "most_recent"}}, **TOGETHER}
    model = load_model(a_project(tmp_path, five))
    tried = {each.name: each for each in room.alternatives(model, ("person.city",))}
    assert set(tried) == {"by_order", "no age limit"}
    assert [tried["by_order"].model.rule("person", name).rule for name in PLACES] == [
        "source_order"
    ] * 3
    assert {model.rule("person", name).no_older_than for name in PLACES} == {"90 days"}
    assert {tried["no age limit"].model.rule("person", name).no_older_than for name in PLACES} == {
        ""
    }
    swapped = load_model(
        a_project(
            tmp_path / "two",
            {
                "fields": {f"person.{name}": {"order": ["crm", "shop"]} for name in PLACES},
                **TOGETHER,
            },
        )
    )
    (other,) = room.alternatives(swapped, ("person.city", "person.postcode"))
    assert [other.model.order("person", name)[0].source for name in PLACES] == ["shop"] * 3


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "most_recent"},
        {"rule": "most_complete"},
        {"order": ["shop", "crm"], "no_older_than": "60 days"},
    ],
)
def test_every_address_is_one_that_a_record_states(rule: dict[str, Any], tmp_path: Path) -> None:
    chance = random.Random(7)
    people = [f"person{n}@firm.test" for n in range(60)]
    parts = [
        ("", "N/A", "1 A Street", "2 B Street"),
        ("", "London", "Leeds"),
        ("", "LS1 4AP", "SW1A 1AA"),
    ]
    said: dict[str, list[tuple[str, ...]]] = {}
    files: dict[str, list[str]] = {"p": [], "q": []}
    for turn in range(240):
        who, values = chance.choice(people), tuple(chance.choice(options) for options in parts)
        said.setdefault(who, []).append(values)
        files[chance.choice("pq")].append(
            f"k{turn},{who},{','.join(values)},"
            f"2025-0{chance.randint(1, 6)}-{chance.randint(10, 28)}"
            " 00:00:00"
        )
    with closing(
        Workbook.open(
            a_project(tmp_path, first(rule), crm=tuple(files["p"]), shop=tuple(files["q"]))
        )
    ) as book:
        found = book.engine.query(
            book.plan, "select email, street, city, postcode from person"
        ).rows()
    assert len(found) == len(said)
    for who, *address in found:
        known = [
            tuple(None if value in ("", "N/A") else value for value in values)
            for values in said[who]
        ]
        stated = [values for values in known if any(values)]
        assert tuple(address) in (stated or [(None, None, None)]), who
        if rule.get("rule") == "most_complete":
            assert sum(value is not None for value in address) == max(
                sum(value is not None for value in values) for values in known
            )


@pytest.mark.parametrize(
    ("five", "line", "named"),
    [
        (first({"rule": "max"}), 1, ["max", "most_complete"]),
        (
            {
                "fields": {
                    "person.street": {"rule": "most_recent"},
                    "person.city": {"rule": "source_order"},
                },
                **TOGETHER,
            },
            1,
            ["person.city", "rule"],
        ),
        (
            {
                "fields": {
                    "person.street": {"rule": "most_recent"},
                    "person.city": {"no_older_than": "3 days"},
                },
                **TOGETHER,
            },
            1,
            ["person.city", "no_older_than"],
        ),
        (
            {"fields": {"person.city": {"considered": {"x": {"rule": "max"}}}}, **TOGETHER},
            1,
            ["considered", "person.street"],
        ),
        (first({"rule": "most_recent", "considered": {"x": {"rule": "max"}}}), 1, ["max"]),
        ({"default": {}, "together": {"person": ["street"]}}, 2, ["street"]),
        (
            {"default": {}, "together": {"person": [["street", "city"], ["city", "postcode"]]}},
            2,
            ["'city'"],
        ),
        ({"default": {}, "together": {"person": ["street", "sity"]}}, 2, ["'sity'", "'city'"]),
        ({"default": {}, "together": {"person": ["street", "person.city"]}}, 2, ["'person.city'"]),
        ({"default": {}, "together": {"persn": ["street", "city"]}}, 2, ["'persn'", "'person'"]),
    ],
)
def test_a_mistake_is_refused_where_it_stands(
    five: dict[str, Any], line: int, named: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ModelError) as refused:
        load_model(a_project(tmp_path, five))
    assert f"05_survivorship.yml:{line}" in str(refused.value)
    assert [word for word in named if word not in str(refused.value)] == []


@pytest.mark.parametrize(
    ("five", "crm", "shop", "customers"),
    [
        ({}, (CRM,), (SHOP,), 0),  # the order of `from` takes all of CRM
        ({"fields": {"person.city": {"order": ["shop", "crm"]}}}, (CRM,), (SHOP,), 1),
        # other spellings
        (
            {"fields": {"person.city": {"order": ["shop", "crm"]}}},
            (CRM,),
            (SHOP.replace("Leeds", "London ").replace("LS1 4AP", "sw1a1aa"),),
            0,
        ),
        # text is exact
        (
            {"fields": {"person.city": {"order": ["shop", "crm"]}}},
            (CRM,),
            (SHOP.replace("Leeds", "LONDON").replace("LS1 4AP", "sw1a1aa"),),
            1,
        ),
        # CRM has it all
        ({"fields": {"person.street": {"order": ["shop", "crm"]}}}, (CRM,), (SHOP,), 0),
        (TOGETHER | {"fields": {"person.street": {"rule": "most_recent"}}}, (CRM,), (SHOP,), 0),
        (
            {"fields": {f"person.{name}": {"rule": "most_recent"} for name in PLACES}},
            (CRM, CRM.replace("p1,ann", "p2,bea")),
            (SHOP, "q2,bea@firm.test,,,SW1A 1AA,2025-06-01 00:00:00"),
            1,
        ),
        # one fills what the other leaves empty
        ({}, (CRM.replace("London", ""),), ("q1,ann@firm.test,,London,,2025-06-01 00:00:00",), 0),
    ],
)
def test_an_address_from_several_records_that_disagree_is_a_finding(
    five: dict[str, Any],
    crm: tuple[str, ...],
    shop: tuple[str, ...],
    customers: int,
    tmp_path: Path,
) -> None:
    with closing(Workbook.open(a_project(tmp_path, five, crm=crm, shop=shop))) as book:
        found = [
            each
            for each in book.survivorship.conclude()
            if each.code == "survivorship.mixed_record"
        ]
    assert [(each.severity, each.count, each.about) for each in found] == (
        [("look", customers, ("person.street", "person.city", "person.postcode"))]
        if customers
        else []
    )


@pytest.mark.parametrize(
    ("names", "addresses"),
    [
        (["street", "city"], [("street", "city")]),
        (["billing_street", "shipping_city"], []),
        (
            ["billing_street", "billing_city", "shipping_street", "shipping_city"],
            [("billing_street", "billing_city"), ("shipping_street", "shipping_city")],
        ),
        (["MailingStreet", "MailingPostalCode"], [("MailingStreet", "MailingPostalCode")]),
        (["address_line_1", "zip_code", "state"], [("address_line_1", "zip_code", "state")]),
        (["state", "country"], []),  # no place
        (["email_address", "city"], []),
        (["name", "plan"], []),
    ],
)
def test_what_sounds_like_parts_of_one_address(
    names: list[str], addresses: list[tuple[str, ...]], tmp_path: Path
) -> None:
    fields = (
        "{no: id, mail: email, "
        + ", ".join(f"{name}: {'email' if 'email' in name else 'text'}" for name in names)
        + "}"
    )
    files = {
        "model/03_sources.yml": (
            "systems: {a: {}, b: {}}\nsources:\n  a.people: {primary_key: no, fields:"
            f" {fields}}}\n  b.people: {{primary_key: no, fields: {fields}}}\nidentifiers: {{mail:"
            " {in: [a.people, b.people]}}\n"
        ),
        "model/04_entities.yml": json.dumps(
            {
                "entities": {
                    "person": {
                        "row_is": "one",
                        "from": ["a.people", "b.people"],
                        "attributes": {name: ["a.people", "b.people"] for name in names},
                    }
                }
            }
        ),
        "model/04b_identity.yml": "identity: {person: {rules: [{name: same, match: mail}]}}\n",
    }
    assert room.address_parts(load_model(written(tmp_path, files))) == [
        ("person", each) for each in addresses
    ]
