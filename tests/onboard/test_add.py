"""Files become sources of a project: blocks that load, nothing that stood there changed,
refusals with names.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.errors import DataError, ModelError, WorkbookError
from workbook.model import load_model
from workbook.sources.onboard.add import add_source, add_sources

PEOPLE = (
    "person_id,email,phone,name\np1,ann@x.example,+49 30 5550101,Ann Lee\np2,bo@x.example,,Bo Coy\n"
)
ORDERS = "order_id;person_id;total;bought_on\no1;p1;1,50;31/12/2024\no2;p2;20,00;01/01/2025\n"
SOURCES = """
# Where does customer data enter?      (our own words)
owner:
systems:
    crm:   {label: HubSpot}            # aligned by hand
sources:
    crm.people:   # do not touch
        primary_key: person_id
        fields: {person_id: id, email: email, phone: phone, name: full_name}
identifiers:
    person_id: {strength: strong, in: crm.people}   # one place
    email: {strength: strong, in: [crm.people.email]}
trace: [person_id]      # the end
"""
Project = Callable[..., Path]


def test_a_first_file(a_project: Project) -> None:
    root = a_project(crm__people=PEOPLE)
    report = add_sources(root, [root / "data" / "crm" / "people.csv"])
    model = load_model(root)
    assert report.sources == ("crm.people",)
    assert model.sources.sources["crm.people"].primary_key == ("person_id",)
    assert {name: (f.type, f.guess) for name, f in model.fields("crm.people").items()} == {
        "person_id": ("id", ("class",)),
        "email": ("email", ()),
        "phone": ("phone", ("type", "class")),
        "name": ("full_name", ("type", "class")),
    }
    # a person's id is personal data, though it names nobody
    assert model.field("crm.people", "person_id").cls == "personal"
    assert report.guessed == (
        "sources.crm.people.row_is",
        "sources.crm.people.fields.person_id",
        "sources.crm.people.fields.phone",
        "sources.crm.people.fields.name",
    )
    assert report.sentences == ("crm.people: 2 records, 4 columns, key person_id.",)


def test_a_second_file_leaves_every_character_where_it_was(a_project: Project) -> None:
    root = a_project(SOURCES, crm__people=PEOPLE, shop__orders=ORDERS)
    before = (root / "model" / "03_sources.yml").read_text()
    report = add_sources(root, ["shop/orders.csv"])
    after = (root / "model" / "03_sources.yml").read_text()
    changed = [line for line in before.splitlines() if line not in after.splitlines()]
    assert changed == ["    person_id: {strength: strong, in: crm.people}   # one place"]
    assert (
        "    person_id: {strength: strong, in: [crm.people, shop.orders.person_id]}   # one place"
        in after
    )
    assert after.splitlines()[:4] == before.splitlines()[:4]
    assert "    shop: {label: shop}" in after  # indented as its neighbours
    assert after == report.text
    model = load_model(root)
    assert model.dialect("shop.orders").delimiter == "semicolon"
    assert model.dialect("shop.orders").decimal_mark == "comma"
    assert model.dialect("shop.orders").dates == ("DD/MM/YYYY",)
    assert model.dialect("crm.people").delimiter == "comma"
    assert [ref.name for ref in model.identifier_places["person_id"]] == [
        "crm.people.person_id",
        "shop.orders.person_id",
    ]


def test_existing_sources_are_never_overwritten(a_project: Project) -> None:
    root = a_project(SOURCES, crm__people=PEOPLE, shop__orders=ORDERS)
    before = (root / "model" / "03_sources.yml").read_text()
    with pytest.raises(WorkbookError, match=r"crm\.people") as raised:
        add_sources(root, ["crm/people.csv", "shop/orders.csv"])
    assert raised.value.code == "sources.declared_already"
    with pytest.raises(WorkbookError, match=r"people\.csv \(source crm\.people\)") as raised:
        add_sources(root, ["crm/people.csv"], system="other")
    assert raised.value.code == "sources.read_already"
    assert (root / "model" / "03_sources.yml").read_text() == before


def test_a_file_outside_the_data_folder_is_refused(
    a_project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("elsewhere") / "people.csv"
    outside.write_text(PEOPLE)
    with pytest.raises(DataError, check=lambda error: error.code == "sources.outside"):
        add_sources(a_project(), [outside])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [("a.csv", "", "is empty"), ("a.pdf", "x", "not of a kind that can be read")],
)
def test_files_that_cannot_be_read_are_named(
    a_project: Project, name: str, text: str, words: str
) -> None:
    root = a_project(**{name: text})
    with pytest.raises(DataError, match=words):
        add_sources(root, [name])
    assert not (root / "model" / "03_sources.yml").exists()


def test_in_a_folder_what_cannot_be_read_is_left_out_with_a_sentence(a_project: Project) -> None:
    report = add_sources(
        a_project(crm__people=PEOPLE, **{"package.json": "3", "empty.csv": ""}), ["."]
    )
    assert report.sources == ("crm.people",)
    assert [sentence.partition(":")[0] for sentence in report.sentences[1:]] == [
        "Left out",
        "Left out",
    ]


def test_a_folder_without_files_and_a_path_that_is_not_there(a_project: Project) -> None:
    root = a_project(**{"readme.md": "x"})
    with pytest.raises(DataError, check=lambda error: error.code == "sources.nothing_readable"):
        add_sources(root, ["."])
    with pytest.raises(DataError, check=lambda error: error.code == "sources.not_there"):
        add_sources(root, ["nothing.csv"])


def test_a_model_that_contradicts_itself_is_refused_first(a_project: Project) -> None:
    with pytest.raises(ModelError):
        add_sources(
            a_project(
                "systems: {}\nsources: {crm.people: {fields: {a: nonsense}}}\n", crm__people=PEOPLE
            ),
            ["crm/people.csv"],
        )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (("crm_people", "crm_firms", "single"), ["crm.firms", "crm.people", "files.single"]),
        (("crm__people", "crm__firms"), ["crm.firms", "crm.people"]),
        (("a__b__deep",), ["b.deep"]),
        (("lone_table",), ["files.lone_table"]),
    ],
)
def test_names_of_sources_follow_folders_and_first_words(
    a_project: Project, files: tuple[str, ...], expected: list[str]
) -> None:
    root = a_project(**dict.fromkeys(files, PEOPLE))
    assert sorted(add_sources(root, ["."]).sources) == expected
    model = load_model(root)
    assert all(model.fields(source) for source in expected)


def test_a_system_may_be_given(a_project: Project) -> None:
    root = a_project(export_2024=PEOPLE)
    assert add_sources(root, ["export_2024.csv"], system="crm").sources == ("crm.export_2024",)
    assert load_model(root).sources.sources["crm.export_2024"].file == "export_2024.csv"


def test_names_that_a_field_may_not_bear_keep_the_column(a_project: Project) -> None:
    root = a_project(crm__people="id,First Name,_x\n1,Ann,2\n2,Bo,3\n")
    add_sources(root, ["crm/people.csv"])
    fields = load_model(root).fields("crm.people")
    assert {name: field.column for name, field in fields.items()} == {
        "person_id": "id",
        "first_name": "First Name",
        "x": "_x",
    }


def test_json_and_parquet_and_tabs(a_project: Project) -> None:
    import polars as pl

    root = a_project(
        **{
            "a__one.json": '{"k": "x", "n": 1}\n{"k": "y", "n": 2}\n',
            "a__two.json": '[{"k": "x", "at": "2024-01-01"}]',
            "a__three.tsv": "k\tn\nx\t1\n",
        }
    )
    pl.DataFrame({"k": ["x", "y"], "n": [1.5, 2.0], "day": [None, None]}).write_parquet(
        root / "data" / "a" / "four.parquet"
    )
    assert sorted(add_sources(root, ["a"]).sources) == ["a.four", "a.one", "a.three", "a.two"]
    model = load_model(root)
    assert model.sources.sources["a.one"].format == "ndjson"
    assert model.field("a.four", "n").type == "decimal"
    assert model.field("a.two", "at").type == "date"
    assert model.sources.dialects == {}


def test_the_blank_template_is_filled_between_its_comments(a_project: Project) -> None:
    blank = (
        Path(__file__).parents[2] / "templates" / "blank" / "model" / "03_sources.yml"
    ).read_text()
    root = a_project(blank, crm__people=PEOPLE, shop__orders=ORDERS)
    text = add_sources(root, ["."]).text
    kept = [line for line in blank.splitlines() if line.strip()]
    assert [line for line in text.splitlines() if line in kept] == kept


def test_without_a_project_the_text_comes_back(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    text = add_source(tmp_path / "people.csv", system="crm")
    assert text.startswith("systems:\n  crm: {label: CRM}\nsources:\n  crm.people:\n")
    assert add_source(tmp_path, "crm") == text
