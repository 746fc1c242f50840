"""Whole projects with awkward names: what check accepts is built, with the answers of plain
names; what it refuses is told with its place.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from named import PLAIN, ROLES, project

from workbook.book import NO_DATE, Workbook, checked
from workbook.cli.check_without_data import empty_files, read_unseen
from workbook.engine import Engine, quote
from workbook.errors import DataError, ModelError
from workbook.model import load_model
from workbook.model.shadowed_names import shadows
from workbook.model.yaml_text import read_text

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "templates" / "b2b_saas"
CASES = next(
    (
        folder
        for folder in (ROOT.parent / "shared" / "cases", ROOT.parents[1] / "shared" / "cases")
        if folder.is_dir()
    ),
    None,
)


def answers(folder: Path, given: Mapping[str, str]) -> dict[str, Any]:
    """What two numbers come to, in all and by what splits them; every table of the plan is built.

    Raises:
        ModelError: the model is refused before anything is built.
    """
    name = {**PLAIN, **given}
    model = load_model(project(folder, given))
    plan = checked(model)
    with Engine(folder / "store", data_roots=[model.data_root]) as engine:
        engine.build(plan, plan.order)

        def rows(table: str, *columns: str) -> list[tuple[Any, ...]]:
            return sorted(
                engine.query(plan, f"select {', '.join(columns)} from {quote(table)}").rows()
            )

        counted, total, person = f"m__{name['counted']}", f"m__{name['sum']}", name["person"]
        return {
            "counted": rows(f"{counted}__total", "value"),
            "by note": rows(f"{counted}__by__{person}__{name['note']}", "segment", "value"),
            "by rule": rows(f"{counted}__by__{person}__{name['rule']}", "segment", "value"),
            "by what was": rows(
                f"{counted}__by__{person}__{name['kept']}__then", "segment", "value"
            ),
            "sum": rows(f"{total}__total", "value"),
            "sum by note": rows(f"{total}__by__{person}__{name['note']}", "segment", "value"),
            "ratio": rows(f"m__{name['by_ratio']}__total", "value"),
            "expr": rows(f"m__{name['by_expr']}__total", "value"),
            "in view": rows(f"view__{name['view']}__decided", "decision"),
            "golden": rows(
                person,
                quote(model.column_of(person, name["note"])),
                quote(model.column_of(person, name["worth"])),
            ),
        }


# Worked out by hand: crm 1 and app q1 share a mailbox, so they are one person, of whom app spoke
# last (worth 1); both
# persons bought in June (5 and 7); the first was gold in March and tin since June.
RIGHT = {
    "counted": [(2,)],
    "by note": [("u", 1), ("v", 1)],
    "by rule": [("no", 1), ("yes", 1)],
    "by what was": [("(none)", 1), ("tin", 1)],
    "sum": [(Decimal("12.00"),)],
    "sum by note": [("u", Decimal("5.00")), ("v", Decimal("7.00"))],
    "ratio": [(Decimal("2.000000"),)],
    "expr": [(Decimal("4.0000"),)],
    "in view": [("in",), ("in",)],
    "golden": [("u", Decimal("1.00")), ("v", Decimal("20.00"))],
}

NASTY: tuple[dict[str, str], ...] = (
    {},
    {"note": "id", "key": "id", "no": "id", "person_no": "iD_of"},
    {"note": "Mail", "mail_id": "mail", "worth": "MAIL", "mail": "mail"},
    {"note": "as_of", "worth": "recorded", "since": "source", "kept": "system", "text": "as_of"},
    {
        "note": "record",
        "worth": "system",
        "since": "source",
        "kept": "recorded",
        "rule": "rank",
        "busy": "value",
    },
    {
        "person": "user",
        "order": "order",
        "buys": "group",
        "happened": "select",
        "state": "where",
        "note": "from",
        "worth": "case",
    },
    {
        "person": "held",
        "order": "ranked",
        "buys": "reached",
        "counted": "month",
        "level": "segment",
        "sum": "amount",
        "window": "listed",
    },
    {
        "person": "record",
        "order": "item",
        "buys": "from_side",
        "counted": "parts",
        "level": "exact",
        "by_ratio": "value",
        "by_expr": "key",
    },
    {
        "total": "amount",
        "bought": "starts",
        "currency": "native",
        "person_no": "currency",
        "no": "turn",
        "note": "segment",
        "worth": "amount",
    },
    {
        "check": "record",
        "view": "records",
        "audience": "decided",
        "note": "n",
        "worth": "root",
        "kept": "state",
        "value": "record",
        "who": "id",
    },
    {
        "note": "größe",
        "worth": "Größe",
        "since": "GRÖSSE",
        "person": "名前",
        "order": "Straße",
        "rule": "été",
    },
    {
        "note": "Region__c",
        "worth": "region__c",
        "text": "Region__c",
        "key": "Id",
        "mail": "Email",
        "written": "SystemModstamp",
        "mail_id": "email",
    },
    {
        "note": "a_very_long_name_that_goes_on_and_on_" + "and_on_" * 20,
        "person": "p" * 90,
        "counted": "c" * 90,
    },
)


EVERY_DAY = 5  # of them; each builds a whole project
SEVERAL = [
    pytest.param(
        given,
        marks=[pytest.mark.long] if number >= EVERY_DAY else [],
        id="_".join(given.values())[:60] or "plain",
    )
    for number, given in enumerate(NASTY)
]


@pytest.mark.parametrize("given", SEVERAL)
def test_any_name_gives_the_answers_of_plain_names(tmp_path: Path, given: dict[str, str]) -> None:
    assert answers(tmp_path, given) == RIGHT


WORDS = (
    "id",
    "Id",
    "Email",
    "email",
    "EMAIL",
    "record",
    "source",
    "system",
    "recorded",
    "as_of",
    "user",
    "order",
    "group",
    "select",
    "from",
    "value",
    "Value",
    "key",
    "rule",
    "rank",
    "month",
    "segment",
    "amount",
    "starts",
    "native",
    "currency",
    "turn",
    "held",
    "reached",
    "item",
    "member",
    "run",
    "state",
    "event",
    "decision",
    "reason",
    "rows",
    "total",
    "each",
    "lifecycle",
    "then",
    "at",
    "e",
    "c",
    "r",
    "名前",
    "größe",
    "x__y",
    "_x",
    "a b",
    "file_row_number",
    "m",
    "late",
    "view",
    "check",
)
GIVEN = st.dictionaries(
    st.sampled_from(ROLES), st.sampled_from(WORDS), min_size=1, max_size=5
).filter(lambda given: len(set(given.values())) == len(given))


@pytest.mark.long
@settings(max_examples=6)  # each builds a whole project; `make soak ROW=laws` tries 200
# two that differ in case, and a clause on the time of one
@example(called={"key": "Email", "mail": "id", "bought": "Id"})
@given(GIVEN)
def test_what_check_accepts_is_built_and_what_it_refuses_has_its_place(
    tmp_path_factory: pytest.TempPathFactory, called: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("named")
    try:
        found = answers(folder, called)
    except ModelError as error:
        assert all(
            problem.file.startswith("model/") and problem.line and problem.what
            for problem in error.problems
        )
    else:
        assert {word: found[word] for word in ("counted", "by note", "sum", "golden")} == {
            word: RIGHT[word] for word in ("counted", "by note", "sum", "golden")
        }
    finally:
        shutil.rmtree(folder)


REFUSED: Mapping[str, tuple[dict[str, str], str]] = {
    "fields": (
        {"text": "mail", "mail": "Mail"},
        "same_name 'mail' 'Mail' model/03_sources.yml:",
    ),
    "entities": (
        {"person": "Order", "order": "order"},
        "same_name 'order' 'Order' model/04_entities.yml:",
    ),
    "entity and relationship": (
        {"person": "buys", "buys": "Buys"},
        "same_name 'Buys' 'buys' model/04_entities.yml:",
    ),
    "metrics": (
        {"counted": "Sales", "sum": "sales"},
        "same_name 'sales' 'Sales' model/07_metrics.yml:",
    ),
    "rules": (
        {"rule": "Busy", "busy": "busy"},
        "same_name 'busy' 'Busy' model/07_metrics.yml:",
    ),
    "a table of ours": (
        {"counted": "key", "person": "total"},
        "two_owners_of_a_table m__key__total",
    ),
    "lifecycle": ({"note": "lifecycle"}, "lifecycle"),
    "two underscores": ({"person": "a__b"}, "two_underscores 'a__b' 'a_b'"),
    "an underscore first": ({"text": "_x"}, "reserved_name '_x'"),
    "a blank": ({"text": "a b"}, "not_a_name 'a b'"),
    "a column of the engine's": ({"text": "file_row_number"}, "of_the_engine 'file_row_number'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_names_that_cannot_be_parted_are_refused_with_both_places(
    tmp_path: Path, case: str
) -> None:
    given, says = REFUSED[case]
    with pytest.raises(ModelError) as caught:
        load_model(project(tmp_path, given))
    code, *values = re.split(r" (?=['m])", says)
    told = [each for each in caught.value.problems if each.code.rpartition(".")[2] == code]
    assert told and [value for value in values if value not in str(told[0])] == []


def test_check_says_where_a_word_of_ours_is_an_attribute(tmp_path: Path) -> None:
    assert shadows(load_model(project(tmp_path, {}))) == []
    said = shadows(load_model(project(tmp_path, {"note": "as_of"})))
    assert len(said) == 1
    assert said[0].startswith("model/07_metrics.yml:")


# ---- what is missing


def _without(values: Mapping[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    first, *rest = place
    return {
        key: _without(value, tuple(rest)) if rest and key == first else value
        for key, value in values.items()
        if rest or key != first
    }


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{_flow(str(key))}: {_flow(each)}" for key, each in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return (
        ""
        if value is None
        else '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    )


@pytest.mark.parametrize("file", sorted(path.name for path in (SAMPLE / "model").glob("*.yml")))
def test_whatever_part_of_the_model_is_missing_nothing_but_a_problem_is_raised(
    tmp_path: Path, file: str
) -> None:
    shutil.copytree(SAMPLE / "model", tmp_path / "model")
    shutil.copy(SAMPLE / "workbook.yml", tmp_path / "workbook.yml")
    path = tmp_path / "model" / file
    values = read_text(path, file).values
    for text in ("", *(_flow(_without(values, (key,))) for key in values)):
        path.write_text(text, "utf-8")
        try:
            load_model(tmp_path, as_of="2025-06-30")
        except ModelError as error:
            assert all(problem.file and problem.what for problem in error.problems)


def test_entities_of_sources_that_are_not_declared_yet_are_told_once_a_source(
    tmp_path: Path,
) -> None:
    folder = project(tmp_path, {})
    (folder / "model" / "03_sources.yml").write_text("", "utf-8")
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    told = [each for each in caught.value.problems if each.file == "model/04_entities.yml"]
    assert {each.code for each in told} == {"model.no_sources_yet"}
    assert any(each.line == 1 and "'crm.people'" in each.what for each in told)


def test_an_entity_of_an_unknown_source_beside_a_relationship_is_told(tmp_path: Path) -> None:
    folder = project(tmp_path, {})
    path = folder / "model" / "04_entities.yml"
    path.write_text(path.read_text("utf-8").replace('"shop.orders"', '"shop.order"'), "utf-8")
    with pytest.raises(ModelError, match=r"'shop\.order'") as caught:
        load_model(folder)
    assert "model.unknown_name" in [each.code for each in caught.value.problems]


# ---- the cases that stand for their kinds

REFUSED_CASES = {  # all others are accepted, and then built
    "07-us-12-hour": "a format that reads 24 hours with AM",
    "25-ecb-direction": "rates of which nobody says what one unit of which currency buys",
    "39-median": "an aggregation that is not computed",
}


@pytest.mark.long
@pytest.mark.skipif(CASES is None, reason="the cases of ../shared are not here")
@pytest.mark.parametrize(
    "case",
    (
        sorted(path.name for path in CASES.iterdir() if (path / "workbook.yml").is_file())
        if CASES
        else []
    ),
)
def test_no_case_that_check_accepts_fails_in_a_run(tmp_path: Path, case: str) -> None:
    folder = tmp_path / case
    shutil.copytree(CASES / case, folder)  # type: ignore[operator]
    if case in REFUSED_CASES:
        with pytest.raises(ModelError):
            read_unseen(folder)
        return
    model = read_unseen(folder)
    day = NO_DATE if model.project.as_of == "latest" else model.project.as_of
    with empty_files(model) as data:
        given = {"as_of": day.isoformat(), "data": str(data)}  # type: ignore[union-attr]
        checked(load_model(folder, **given))
    book = Workbook.open(folder)
    try:
        book.build()
    except DataError as error:
        # a file that is not as declared is refused when it is read, in words
        assert str(error)
    finally:
        book.close()
