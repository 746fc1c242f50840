"""Which value stands: cases as data, and laws that hold for any records."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from workbook import survivorship as room
from workbook.engine import Engine, Function, Plan, Table, lint
from workbook.model import Model, load_model
from workbook.model.ledger_errors import not_text

CASES = YAML(typ="safe").load(
    (Path(__file__).parents[1] / "cases" / "survivorship.yml").read_text("utf-8")
)
FIELDS = "{no: id, name: text, checked: boolean, seen: timestamp}"
SOURCES = (
    "systems: {a: {}, b: {}, c: {}}\ntypes: {page: {is: url, normalise: web_address}}\nsources:\n"
    + "".join(
        f"  {s}.people: {{primary_key: no, recorded: seen, fields: {FIELDS}}}\n" for s in "abc"
    )
)
ENTITIES = (
    "entities:\n  person: {row_is: one human, from: [a.people, b.people, c.people], attributes:"
    " {name: [a.people, b.people, c.people]}}\n"
)
HEAD = "id,at,by,field,record,use_source,use_value,until,because"
Record = tuple[str, str | None, dt.datetime | None, bool]  # `a1`, value, recorded, checked


def a_model(
    folder: Path, rule: dict[str, Any], exception: str = "", kind: str = "text", region: str = ""
) -> Model:
    (folder / "model").mkdir()
    (folder / "decisions").mkdir()
    (folder / "workbook.yml").write_text(
        "name: T\nas_of: 2025-06-30\n" + (f"region: {region}\n" if region else "")
    )
    (folder / "model" / "03_sources.yml").write_text(SOURCES.replace("name: text", f"name: {kind}"))
    (folder / "model" / "04_entities.yml").write_text(ENTITIES)
    (folder / "model" / "05_survivorship.yml").write_text(
        f"fields:\n  person.name: {json.dumps(rule)}\n"
    )
    (folder / "decisions" / "exceptions.csv").write_text(
        f"{HEAD}\n{exception}\n" if exception else f"{HEAD}\n"
    )
    return load_model(folder)


def given_table(name: str, frame: pl.DataFrame, *keys: str) -> Table:
    function = Function(
        f"given {name}", 1, lambda inputs, params: frame, params={"rows": repr(frame.rows())}
    )
    return Table(name, "one given row", "test", keys=keys, function=function)


def planned(model: Model, records: Sequence[Record], ids: dict[str, str] | None = None) -> Plan:
    """What survives of `name`, every record of one customer unless `ids` says otherwise."""
    rows = [
        (f"{n[0]}.people:{n}", f"{n[0]}.people", n[0], seen, value) for n, value, seen, _ in records
    ]
    schema = {
        "_record": pl.String,
        "_source": pl.String,
        "_system": pl.String,
        "_recorded": pl.Datetime("us"),
        "name": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    clusters = frame.select(
        record="_record",
        id=(
            pl.col("_record").replace_strict(ids, default="p", return_dtype=pl.String)
            if ids
            else pl.lit("p")
        ),
    )
    tables = [
        given_table("person__records", frame, "_record"),
        given_table("person__clusters", clusters, "record"),
    ]
    for source in "abc":
        own = [(f"{source}.people:{n}", checked) for n, _, _, checked in records if n[0] == source]
        tables.append(
            given_table(
                f"{source}__people",
                pl.DataFrame(
                    own, schema={"_record": pl.String, "checked": pl.Boolean}, orient="row"
                ),
                "_record",
            )
        )
    made = room.tables(model)
    for table in made:
        if table.sql:
            lint(table.sql, table.name)
    return Plan([*tables, *made])


def surviving(
    model: Model, records: Sequence[Record], folder: Path, ids: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """The choice table of `name`."""
    plan = planned(model, records, ids)
    with Engine(folder / "store") as engine:
        clusters = engine.frame(plan, "person__clusters")
        golden = engine.frame(plan, "person")
        chosen = engine.frame(plan, "person__name__choice")
        assert golden["id"].n_unique() == golden.height == clusters["id"].n_unique()
        assert (
            golden.drop_nulls("name")
            .select("id", value="name")
            .sort("id")
            .equals(chosen.select("id", "value").sort("id"))
        )
        return chosen.sort("id").to_dicts()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_value_that_stands(case: dict[str, Any], tmp_path: Path) -> None:
    model = a_model(
        tmp_path,
        case["rule"],
        case.get("exception", ""),
        kind=case.get("type", "text"),
        region=case.get("region", ""),
    )
    checked = case.get("checked", {})
    records = [
        (n, value, dt.datetime.combine(seen, dt.time()), checked.get(n, True))
        for n, (value, seen) in case["records"].items()
    ]
    (row,) = surviving(model, records, tmp_path)
    assert [row["value"], row["source"], row["rule"], row["candidates"], row["contested"]] == case[
        "stands"
    ]


def test_the_most_contested_has_the_most_values_and_nobody_where_spellings_differ(
    tmp_path: Path,
) -> None:
    model = a_model(tmp_path, {"order": ["a", "b", "c"]}, kind="person_name")
    said = {
        "p": ["Ann", "Anna", "Ann", "Anna"],
        "q": ["Bea", "Bee", "Bo"],
        "r": ["Cy", "cy", " CY", "Cy", "cy "],
    }
    ids = {f"a.people:a{who}{n}": who for who, names in said.items() for n in range(len(names))}
    records = [
        (f"a{who}{n}", name, None, True)
        for who, names in said.items()
        for n, name in enumerate(names)
    ]
    alike = [record for record in records if record[0].startswith("ar")]
    asked = room.most_contested_sql(model, "person", "name")
    with Engine(tmp_path / "store") as engine:
        assert engine.query(planned(model, records, ids), asked)["id"].to_list() == ["q"]
        assert engine.query(planned(model, alike, ids), asked).is_empty()


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "b1", "b2", "c1", "c2"]),
        st.none() | st.sampled_from(["x", "X", "y", "z "]),
        st.none() | st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2025, 6, 1)),
        st.booleans(),
    ),
    unique_by=lambda record: record[0],
    min_size=1,
    max_size=6,
)
RULES = st.sampled_from(
    [
        {"order": ["b", "a", "c"]},
        {"rule": "most_recent"},
        {"rule": "most_frequent", "order": ["c", "b", "a"]},
        {"rule": "most_complete"},
        {"rule": "min"},
        {"rule": "latest"},
        {"rule": "expression", "expr": "name = 'y' or recorded < as_of - interval 200 day"},
        {"order": ["a", "b", "c"], "no_older_than": "90 days"},
        {"rule": "union"},
    ]
)


@pytest.mark.long
@settings(max_examples=25, deadline=None)
@given(RECORDS, RULES, st.randoms())
def test_row_order_never_matters_and_a_survivor_occurs_in_a_source(
    records: list[Record], rule: dict[str, Any], random: Any
) -> None:
    shuffled = records.copy()
    random.shuffle(shuffled)
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        first = surviving(a_model(Path(one), rule), records, Path(one))
        assert first == surviving(a_model(Path(other), rule), shuffled, Path(other))
    for row in first:
        held = {value for n, value, _, _ in records if value is not None}
        assert row["value"] in held or rule.get("rule") == "union"
        assert row["candidates"] == sum(value is not None for _, value, _, _ in records)


@pytest.mark.long
@settings(max_examples=15, deadline=None)
@given(RECORDS)
def test_demoting_a_source_that_never_wins_changes_nothing(records: list[Record]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        now = surviving(a_model(Path(one), {"order": ["a", "b", "c"]}), records, Path(one))
        if not any(row["source"] == "b.people" for row in now):
            assert now == surviving(
                a_model(Path(other), {"order": ["a", "c", "b"]}), records, Path(other)
            )


@pytest.mark.long
@settings(max_examples=25, deadline=None)
@given(RECORDS, RULES)
def test_what_survived_survives_itself(records: list[Record], rule: dict[str, Any]) -> None:
    """Idempotence: the winning record alone, with the value that stands, gives that value
    again, from the same source.
    """
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        first = surviving(a_model(Path(one), rule), records, Path(one))
        if first:
            (row,) = first
            (again,) = surviving(
                a_model(Path(other), rule),
                [(row["record"].split(":")[1], row["value"], row["recorded"], True)],
                Path(other),
            )
            assert [again[word] for word in ("value", "source", "record", "recorded")] == [
                row[word] for word in ("value", "source", "record", "recorded")
            ]


def test_alternatives_are_those_of_the_yaml_and_swapped_neighbours(tmp_path: Path) -> None:
    rule = {
        "order": ["a", "b"],
        "considered": {
            "b_first": {"order": ["b", "a"], "because": "b is nearer"},
            "prose": "c is never asked",
        },
    }
    model = a_model(tmp_path, rule)
    (named,) = room.alternatives(model, ("person.name",))
    assert (named.name, named.change, named.because) == (
        "b_first",
        room.RuleChange(order=("b", "a")),
        "b is nearer",
    )
    assert [item.source for item in named.model.order("person", "name")] == ["b", "a"]
    plain = model.with_change("survivorship.fields.person.name", {"order": ["a", "b"]})
    (swapped,) = room.alternatives(plain, ("person.name",))
    assert [item.source for item in swapped.model.order("person", "name")] == ["b", "a"]


def test_a_broken_exception_changes_nothing_and_says_why(tmp_path: Path) -> None:
    model = a_model(
        tmp_path, {"order": ["b", "a"]}, "e1,,sales,person.nam,a.people:a1,a,,2025-12-31,typo"
    )
    (found,) = room.exceptions(model)
    assert (found.line, found.trouble) == (2, "'person.nam' is no attribute of the model")
    row = surviving(model, [("a1", "x", None, True), ("b1", "y", None, True)], tmp_path)
    assert row[0]["value"] == "y"


def test_a_line_that_is_none_is_told_and_the_others_stand(tmp_path: Path) -> None:
    line = "e2,2025-01-01T00:00:00Z,head of sales,person.name,b.people:b1,a,,2025-12-31,married"
    model = a_model(tmp_path, {"order": ["b", "a"]}, f'e1,2025-01-01,"never closed\n{line}')
    assert [(each.line, each.trouble) for each in room.exceptions(model)] == [
        (2, "it has 3 fields instead of 9"),
        (3, ""),
    ]
    (tmp_path / "decisions" / "exceptions.csv").write_bytes(b"\xff\xfe")
    assert room.exceptions(model)[0].trouble == not_text(utf16=True)
