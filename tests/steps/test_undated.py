"""A project in which nothing is dated says so wherever a day would stand, and shows no day
instead.
"""

from __future__ import annotations

import inspect
from contextlib import closing
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.dossier.render import about_day
from workbook.model.as_of import UNDATED, is_undated
from workbook.steps import STEPS

FILES = {
    "workbook.yml": "name: T\ndata: data\n",
    "model/02_grain.yml": "primary: person\nsentence: A person is a human.\nheadline: [people]\n",
    "model/03_sources.yml": (
        """
systems: {shop: {}, desk: {}}
sources:
  shop.people: {primary_key: no, fields: {no: id, mail: email,
    city: {type: category, class: public}}}
  desk.people: {primary_key: no, fields: {no: id, mail: email,
    city: {type: category, class: public}}}
identifiers: {mail: {in: [shop.people, desk.people]}}
"""
    ),
    "model/04_entities.yml": (
        "entities: {person: {row_is: one person, from: [shop.people, desk.people], attributes:"
        " {city: [shop.people, desk.people]}}}\n"
    ),
    "model/04b_identity.yml": "identity: {person: {rules: [{name: mail, match: mail}]}}\n",
    "model/07_metrics.yml": (
        """
semantic_models: {people: {of: person, measures: {persons: {agg: count}}}}
metrics: {people: {label: People, type: simple, measure: persons, by: person.city,
  means: all of them}}
"""
    ),
    "data/shop_people.csv": "no,mail,city\n1,a@f.test,Ulm\n2,b@f.test,Bonn\n",
    "data/desk_people.csv": "no,mail,city\n1,a@f.test,Ulm\n3,c@f.test,Ulm\n",
}


def opened(folder: Path, as_of: str | None = None) -> Workbook:
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return Workbook.open(folder, as_of=as_of)


def shown(book: Workbook) -> str:
    """All that the pages say: headlines, findings, and every figure that needs no argument."""
    said = []
    for step in STEPS:
        page = book.step(step.word)
        said += [
            page.headline().lede,
            str(page.headline()),
            *(each.sentence for each in page.conclude()),
        ]
        for name, method in inspect.getmembers(step, inspect.isfunction):
            plain = len(inspect.signature(method).parameters) == 1 and not name.startswith("_")
            if plain and inspect.signature(method).return_annotation == "Figure":
                said.append(str(getattr(page, name)().as_dict()))
    return "\n".join(said)


def test_no_page_shows_a_day_where_nothing_is_dated(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as book:
        assert is_undated(book.model)
        said = shown(book)
        assert "1970" not in said and "No date in the data: People 3." in said
        values = book.engine.query(
            book.plan,
            "select period, value from metric_values where metric = 'people' and dimension is null",
        )
        assert values["period"].to_list() == [None]


def test_a_day_that_somebody_wrote_is_that_day(tmp_path: Path) -> None:
    with closing(opened(tmp_path, as_of="1970-01-01")) as book:
        assert not is_undated(book.model)
        assert "At the end of 1 January 1970: People 3." in book.metrics.headline().lede


@pytest.mark.parametrize(
    ("text", "said"), [("2025-06-30", "as of 30 June 2025"), (UNDATED, UNDATED)]
)
def test_a_run_says_what_day_it_is_about(text: str, said: str) -> None:
    assert about_day(text) == said
