"""A day that nobody knows is never taken for one, and the day that is known counts to its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.errors import ModelError
from workbook.model import Model, load_model
from workbook.model.as_of import LAST, as_of_day, end_of_day, end_of_day_sql
from workbook.model.durations import duration
from workbook.model.times import instant_before

UNDATED = (
    "systems: {shop: {}}\nsources:\n  shop.people: {primary_key: mail, fields: {mail: email, born:"
    " date}}\n"
)
PERSON = "entities: {person: {from: shop.people}}\n"
ADULT = "rules: {adult: {of: person, all: [\"date_diff('year', born, as_of) >= 18\"]}}\n"


def test_the_day_counts_to_its_end(a_model: Callable[..., Model]) -> None:
    day = as_of_day(a_model())
    assert (day, end_of_day(day)) == (dt.date(2025, 6, 30), dt.datetime(2025, 7, 1))
    assert end_of_day_sql(day) == "cast('2025-07-01 00:00:00' as timestamp)"


def test_until_latest_is_resolved_every_day_counts(a_project: Callable[..., Path]) -> None:
    assert as_of_day(load_model(a_project(project="name: T\nas_of: latest\n"))) == LAST


@pytest.mark.parametrize(
    ("project", "sources", "metrics"),
    [
        ("as_of: 2025-06-30\n", UNDATED, ADULT),  # the day is written
        # found in the data
        ("as_of: latest\n", UNDATED.replace("mail, fields", "mail, valid: born, fields"), ADULT),
        # a field of that name
        ("as_of: latest\n", UNDATED.replace("born: date", "born: date, as_of: date"), ADULT),
        # nobody asks
        (
            "as_of: latest\n",
            UNDATED,
            (
                "rules: {adult: {of: person, means: as_of, all: [\"born is not null and 'as_of' <>"
                " ''\"]}}\n"
            ),
        ),
    ],
)
def test_who_knows_the_day_or_does_not_ask_for_it_is_let_through(
    a_project: Callable[..., Path], project: str, sources: str, metrics: str
) -> None:
    load_model(
        a_project(project=f"name: T\n{project}", sources=sources, entities=PERSON, metrics=metrics)
    )


@pytest.mark.parametrize(
    ("length", "instant"),
    [
        ("1 day", "2025-03-29 23:00:00"),  # the clocks go forward on the 30th: a day of 23 hours
        ("24 hours", "2025-03-29 22:00:00"),
        ("1 month", "2025-02-27 23:00:00"),
    ],
)
def test_a_length_before_the_end_of_a_day_on_the_clock_of_the_business(
    a_project: Callable[..., Path], length: str, instant: str
) -> None:
    model = load_model(a_project(project="name: T\nas_of: 2025-03-30\ntimezone: Europe/Berlin\n"))
    end = end_of_day(as_of_day(model)).date()
    assert str(instant_before(model, duration(length), end)) == instant


@pytest.mark.parametrize("day", ["2025-13-99", "soon", "1800-01-01"])
def test_a_day_that_a_command_was_given_is_refused_at_its_option(tmp_path: Path, day: str) -> None:
    (tmp_path / "workbook.yml").write_text("name: T\nas_of: 2025-06-30\n")
    with pytest.raises(ModelError) as refused:
        load_model(tmp_path, as_of=day)
    assert [(problem.file, problem.line) for problem in refused.value.problems] == [("--as-of", 0)]
