"""Exports as systems and people write them: headers, report titles, several files, JSON, lists;
nothing lost, nothing shifted.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.engine import (
    Engine,
    FieldSpec,
    Plan,
    SourceSpec,
    landing_tables,
    records_in,
    undeclared_columns,
)
from workbook.engine.landing import lines_skipped, records_skipped, shared_files, varying_columns
from workbook.engine.landing.formats import FORMATS
from workbook.engine.landing.file_scan import FileScan
from workbook.errors import DataError

Source = Callable[..., SourceSpec]
Landed = Callable[..., Plan]


def typed(engine: Engine, plan: Plan, *columns: str) -> list[tuple]:
    return engine.frame(plan, "shop__orders").sort("_row").select(*columns).rows()


@pytest.mark.parametrize(
    ("head", "column", "expected"),
    [
        ("a,Email,Email", "Email#1", "x"),
        ("a,Email,Email", "Email#2", "y"),
        ("a,Email,email", "email", "y"),
        ("a,,b", "#2", "x"),
        ("a,,b", "#3", "y"),
        ("a,Email,Email ", "Email#2", "y"),
        ("a,b#2,b", "b#2", "x"),
    ],
)
def test_columns_of_one_header_are_told_apart(
    head: str, column: str, expected: str, engine: Engine, a_source: Source, landed: Landed
) -> None:
    spec = a_source(f"{head}\n1,x,y\n", {"a": "text", "v": {"column": column}})
    assert [("1", expected)] == typed(engine, landed(spec), "a", "v")


def test_a_doubled_header_matters_only_where_it_is_declared(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    spec = a_source("a,b,b\n1,x,y\n", {"a": "text"})
    assert [("1",)] == typed(engine, landed(spec), "a")
    assert ("b#1", "b#2") == undeclared_columns(spec)
    with pytest.raises(DataError, match=r"#2, #3.*`column: b#1`"):
        engine.frame(landed(a_source("a,b,b\n1,x,y\n")), "shop__orders")


@pytest.mark.parametrize("first", ["p1,ann@shop.example", "p1,2024-05-01", "p1,+49 151 234"])
def test_a_first_line_that_is_a_customer_is_not_printed(
    first: str, engine: Engine, a_source: Source, landed: Landed
) -> None:
    with pytest.raises(DataError) as caught:
        engine.frame(
            landed(a_source(f"{first}\np2,x\n", {"person_no": "text", "email": "text"})),
            "shop__orders",
        )
    assert first.split(",")[1] not in str(caught.value)
    assert "skip_before" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "more", "skipped"),
    [
        ("sep=;\na;b\n1;2\n3;4\n", {}, 1),
        ('"sep=;"\r\na;b\r\n1;2\r\n3;4\r\n', {"skip_before": 1}, 1),
        ("\ufeffsep=;\na;b\n1;2\n3;4\n", {}, 1),
        ("Report\nof June\n\na,b\n1,2\n3,4\n", {"skip_before": 3}, 3),
        ("a,b\n1,2\n3,4\nTotal,6\nmade by x,y\n", {"skip_after": 2}, 2),
        ("T\na,b\n1,2\n3,4\nTotal,6", {"skip_before": 1, "skip_after": 1}, 2),
        ("a,b\n1,2\n3,4\n", {}, 0),
    ],
)
def test_lines_that_are_no_records_are_skipped_and_counted(
    content: str, more: dict, skipped: int, engine: Engine, a_source: Source, landed: Landed
) -> None:
    spec = a_source(content, **more)
    assert [("1", "2"), ("3", "4")] == typed(engine, landed(spec), "a", "b")
    assert (2, skipped) == (records_in(spec), lines_skipped(spec))


@pytest.mark.parametrize(
    ("last", "more", "records"),
    [
        ("Total,,3\n", {"skip_after": 1}, 0),
        ("\nmade by,the office\n", {"skip_after": 1}, 0),
        ("\nConfidential\n", {"skip_after": 2}, 0),
        ("3,c,5\n", {"skip_after": 1}, 1),  # the next file ends without a total
        ("3,c,5\nTotal,,8\n", {"skip_after": 2}, 1),
        ("3,c,5\n", {}, 0),
    ],
)
def test_records_that_a_source_skips_by_mistake_are_counted(
    last: str, more: dict, records: int, a_source: Source
) -> None:
    assert records == records_skipped(
        a_source("a,b,c\n1,a,1\n2,b,2\n" + last, {"a": "text"}, **more)
    )


def test_a_rejected_record_is_told_by_its_line_in_the_file(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    plan = landed(a_source("Title\n\na,b\n1,2\n3\n", skip_before=2))
    assert ["line 5: 1 fields instead of 2"] == engine.frame(plan, "raw__shop__orders")[
        "_reject"
    ].drop_nulls().to_list()


@pytest.mark.parametrize(
    ("content", "accepted"),
    [
        ("k,name,city\na1,Lee, Ann,\na2,Max,Ulm\n", [("a2", "Max", "Ulm")]),
        ("k,name,city\na1,Lee,\na2,Max,Ulm\n", [("a1", "Lee", None), ("a2", "Max", "Ulm")]),
        (
            'k,name,city\na1,"Lee, Ann",\na2,Max,Ulm\n',
            [("a1", "Lee, Ann", None), ("a2", "Max", "Ulm")],
        ),
        ("k,name,city\r\na1,Lee, Ann,\r\na2,Max,Ulm,\r\n", []),
        ("k,name,city\na2,Max,Ulm\na1,Lee,Ann,", [("a2", "Max", "Ulm")]),
        ('k,name,city\na1,Lee, Ann,""\na2,Max,Ulm\n', [("a2", "Max", "Ulm")]),
        ('k,name,city\r\na2,Max,""\r\na1,Lee, Ann,""', [("a2", "Max", None)]),
    ],
)
def test_a_field_too_many_shifts_nothing(
    content: str, accepted: list, engine: Engine, a_source: Source, landed: Landed
) -> None:
    """DuckDB's strict reader forgives one empty field at the end of a record."""
    plan = landed(a_source(content, {"k": "text", "name": "text", "city": "text"}))
    assert accepted == typed(engine, plan, "k", "name", "city")


cells = st.text(st.sampled_from('ab ,;"\n\r'), max_size=5)


@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.lists(st.lists(cells, min_size=1, max_size=4), max_size=5),
    raw=st.booleans(),
    ends=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_the_fast_reader_finds_what_the_exact_one_does(
    body: list, raw: bool, ends: str, last: bool, engine: Engine, a_source: Source, landed: Landed
) -> None:
    """Records as they are typed by hand, or as a writer writes them; one with too many or too
    few fields among them.
    """
    if raw:
        text = ends.join(",".join(record) for record in body) + (ends if last else "")
    else:
        out = io.StringIO()
        csv.writer(out, lineterminator=ends).writerows(body)
        text = out.getvalue()
    spec = a_source(f"a,b{ends}{text}")
    file = Path(spec.files[0])
    assert isinstance(FORMATS["csv"].read(spec, file), FileScan)
    exact = FORMATS["csv"].read_exactly(spec, file)
    assert (
        exact.rows() == engine.frame(landed(spec), "raw__shop__orders").select(exact.columns).rows()
    )


def _part(folder: Path, name: str, content: str) -> str:
    (folder / name).write_text(content)
    return str(folder / name)


def test_several_files_are_one_source_whose_columns_come_and_go(
    tmp_path: Path, engine: Engine, landed: Landed
) -> None:
    may = _part(tmp_path, "c-05.csv", "k,mail\n1,a@x.test\n2,b@x.test\n")
    june = _part(tmp_path, "c-06.csv", "k,country,mail\n2,DE,b2@x.test\n3\n4,FR,d@x.test\n")
    fields = (FieldSpec("k", type="id"), FieldSpec("mail"), FieldSpec("country"))
    spec = SourceSpec("shop.orders", (may, june), fields, several=True)
    plan = landed(spec)
    assert [
        (1, "1", "a@x.test", None),
        (2, "2", "b@x.test", None),
        (3, "2", "b2@x.test", "DE"),
        (5, "4", "d@x.test", "FR"),
    ] == typed(engine, plan, "_row", "k", "mail", "country")
    raw = engine.frame(plan, "raw__shop__orders")
    assert ["c-06.csv line 3: 1 fields instead of 3"] == raw["_reject"].drop_nulls().to_list()
    assert ["c-05.csv"] * 2 + ["c-06.csv"] * 3 == raw["_file"].to_list()
    assert 5 == records_in(spec)
    assert [("country", ("c-05.csv",), 2)] == [
        (each.column, each.files, each.of) for each in varying_columns(spec)
    ]


def test_clean_files_are_read_fast_and_numbered_on(
    tmp_path: Path, engine: Engine, landed: Landed
) -> None:
    files = tuple(
        _part(tmp_path, f"p{n}.csv", "a,b\n" + "".join(f"{n},{i}\n" for i in range(3)))
        for n in range(3)
    )
    spec = SourceSpec("shop.orders", files, (FieldSpec("a"), FieldSpec("b")), several=True)
    assert isinstance(landing_tables("shop.orders", spec)[0].function.call({}, {}), FileScan)
    assert [(3 * n + i + 1, str(n), str(i)) for n in range(3) for i in range(3)] == typed(
        engine, landed(spec), "_row", "a", "b"
    )


def test_a_column_that_no_file_has_is_a_wrong_name(
    tmp_path: Path, engine: Engine, landed: Landed
) -> None:
    files = tuple(_part(tmp_path, f"p{n}.csv", "a,mial\n1,2\n") for n in range(2))
    spec = SourceSpec("shop.orders", files, (FieldSpec("a"), FieldSpec("mail")), several=True)
    with pytest.raises(DataError, match="no column 'mail'.*Did you mean 'mial'"):
        engine.frame(landed(spec), "shop__orders")


def test_a_file_of_two_sources_is_noticed(tmp_path: Path) -> None:
    one, two = (_part(tmp_path, f"p{n}.csv", "a\n1\n") for n in range(2))
    every = SourceSpec("s.all", (one, two), (FieldSpec("a"),), several=True)
    last = SourceSpec("s.last", (two,), (FieldSpec("a"),))
    alone = SourceSpec("s.again", (two,), (FieldSpec("a"),))
    assert {("s.all", "s.last"): 1} == shared_files([every, last])
    assert {} == shared_files([last, alone])


RECORDS = [
    {
        "id": 1,
        "address": {"city": "Bonn"},
        "emails": [{"value": "a@x.test"}, {"value": "b@x.test"}],
        "n": {"total": 1.10},
    },
    {"id": 2, "address": None, "emails": []},
]
PATHS = {
    "city": "address.city",
    "first": "emails[0].value",
    "second": "emails[1].value",
    "total": "n.total",
}
FOUND = [("1", "Bonn", "a@x.test", "b@x.test", "1.1"), ("2", None, None, None, None)]


def test_fields_inside_json_by_their_path(tmp_path: Path, engine: Engine, landed: Landed) -> None:
    file = _part(tmp_path, "x.json", json.dumps(RECORDS))
    fields = (FieldSpec("id"), *(FieldSpec(name, path=path) for name, path in PATHS.items()))
    spec = SourceSpec("shop.orders", (file,), fields, format="json")
    assert FOUND == typed(engine, landed(spec), "id", *PATHS)


def test_fields_inside_a_column_of_json_by_their_path(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            ("id", "doc"),
            *((str(r["id"]), json.dumps(r)) for r in RECORDS),
            ("3", "no json"),
            ("4", ""),
        ]
    )
    fields = {"id": "text"} | {
        name: {"column": "doc", "path": path} for name, path in PATHS.items()
    }
    plan = landed(a_source(out.getvalue(), fields))
    nothing = [(number, None, None, None, None) for number in ("3", "4")]
    assert [*FOUND, *nothing] == typed(engine, plan, "id", *PATHS)
    bad = (
        engine.frame(plan, "shop__orders__bad")
        .select("_row", "field", "reason")
        .sort("field")
        .rows()
    )
    assert [(3, name, "not JSON") for name in sorted(PATHS)] == bad


def test_a_path_that_leads_nowhere_names_what_is_there(
    tmp_path: Path, engine: Engine, landed: Landed
) -> None:
    file = _part(tmp_path, "x.json", json.dumps(RECORDS))
    spec = SourceSpec("shop.orders", (file,), (FieldSpec("c", path="address.town"),), format="json")
    with pytest.raises(DataError, match=r"`address.town`.*Known there: city"):
        engine.frame(landed(spec), "shop__orders")


def test_a_record_with_a_key_twice_or_half_a_character_is_rejected(
    tmp_path: Path, engine: Engine, landed: Landed
) -> None:
    lines = [
        '{"a": 1, "b": {"c": 1, "c": 2}}',
        '{"a": "x", "a": "y", "b": 0}',
        '{"a": "\\ud83d\\ude00", "b": 1}',
        '{"a": "\\ud800x", "b": 2}',
        '{"a": 5, "b": 3}',
    ]
    for name, text in (("x.json", f"[{','.join(lines)}]"), ("x.ndjson", "\n".join(lines))):
        spec = SourceSpec(
            "shop.orders",
            (_part(tmp_path, name, text),),
            (FieldSpec("a"), FieldSpec("b")),
            format=name[2:],
        )
        plan = landed(spec)
        assert [("😀", "1"), ("5", "3")] == typed(engine, plan, "a", "b")
        reasons = [
            each.partition(": ")[2]
            for each in engine.frame(plan, "raw__shop__orders")["_reject"].drop_nulls()
        ]
        assert ["a key stands twice"] * 2 + ["half a character, which is no text"] == reasons
        assert 5 == records_in(spec)


@pytest.mark.parametrize(
    ("field", "cell", "values"),
    [
        ({"type": "id", "split": ";"}, "111; 222;;111", [(1, "111"), (2, "222")]),
        ({"type": "id", "split": "json"}, '["111", 222, ""]', [(1, "111"), (2, "222")]),
        ({"split": "|", "recode": (("N", "north"),)}, "N|n|N", [(1, "north"), (2, "n")]),
        ({"split": ";"}, " ; ", []),
    ],
)
def test_each_value_of_a_list_is_a_row(
    field: dict, cell: str, values: list, engine: Engine, a_source: Source, landed: Landed
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("k", "v"), ("1", cell), ("2", "")])
    plan = landed(a_source(out.getvalue(), {"k": "id", "v": field}, primary_key=("k",)))
    listed = engine.frame(plan, "shop__orders__v")
    assert [(1, "shop.orders:1", position, value) for position, value in values] == listed.select(
        "_row", "_record", "position", "value"
    ).rows()
    assert 0 == engine.artifact(plan, "shop__orders__bad").rows


def test_a_list_with_a_value_that_does_not_fit_is_a_bad_cell(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    plan = landed(
        a_source("k,v\n1,7;x;8\n2,9\n", {"k": "id", "v": {"type": "integer", "split": ";"}})
    )
    assert [(1, 7), (1, 8), (2, 9)] == engine.frame(plan, "shop__orders__v").select(
        "_row", "value"
    ).rows()
    bad = (
        engine.frame(plan, "shop__orders__bad").select("_row", "field", "raw_text", "reason").rows()
    )
    assert [(1, "v", "7;x;8", "a value of the list: not a whole number")] == bad
    array = landed(
        a_source('k,v\n1,"[7]"\n2,7\n', {"k": "id", "v": {"type": "integer", "split": "json"}})
    )
    assert [(1, 7)] == engine.frame(array, "shop__orders__v").select("_row", "value").rows()
    assert [(2, "not a JSON array")] == engine.frame(array, "shop__orders__bad").select(
        "_row", "reason"
    ).rows()


def test_amounts_in_the_smallest_unit_of_each_rows_currency(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    content = "k,amount,cur\n1,1000,eur\n2,5000,jpy\n3,1501,KWD\n4,7,\n5,12345,CLF\n6,10,XXQ\n"
    fields = {
        "k": "id",
        "amount": {"type": "money", "unit": "cents", "currency": "cur"},
        "cur": "currency",
    }
    plan = landed(a_source(content, fields))
    got = [str(value) for (value,) in typed(engine, plan, "amount")]
    # 1.2345 CLF has a digit too many
    assert ["10.000", "5000.000", "1.501", "0.070", "None", "0.100"] == got
    assert [5] == engine.frame(plan, "shop__orders__bad")["_row"].to_list()


def test_a_sign_must_be_that_of_the_rows_currency(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    content = (
        "k,amount,cur\n1,€5,EUR\n2,$5,CAD\n3,$5,EUR\n4,USD 5,usd\n5,USD 5,EUR\n6,5"
        ' kr,SEK\n7,"1,000.50",EUR\n'
    )
    fields = {"k": "id", "amount": {"type": "money", "currency": "cur"}, "cur": "currency"}
    plan = landed(a_source(content, fields))
    assert ["5.00", "5.00", "None", "5.00", "None", "5.00", "1000.50"] == [
        str(value) for (value,) in typed(engine, plan, "amount")
    ]
    assert {"in another currency than declared"} == set(
        engine.frame(plan, "shop__orders__bad")["reason"]
    )


@pytest.mark.parametrize(
    ("field", "cell", "word"),
    [
        ("timestamp", "1717200000", "`format: UNIX`"),
        ("timestamp", "1717200000000", "milliseconds since 1970: declare `format: UNIX_MS`"),
        ("timestamp", "1704067200123456", "microseconds since 1970: declare `format: UNIX_US`"),
        ("timestamp", "1704067200123456789", "nanoseconds since 1970: declare `format: UNIX_NS`"),
        ("date", "45809", "`format: EXCEL`"),
        ("money", '"1.234,50"', "`decimal_mark: comma`"),
        ("decimal", '"0,5"', "`decimal_mark: comma`"),
        ("decimal", "0.0000545", "`decimals:`"),
        ("money", "$5", "`currency:`"),
    ],
)
def test_a_bad_cell_says_what_to_declare_and_shows_no_data(
    field: str, cell: str, word: str, engine: Engine, a_source: Source, landed: Landed
) -> None:
    plan = landed(a_source(f"k,v\n1,{cell}\n", {"k": "id", "v": field}))
    (reason,) = engine.frame(plan, "shop__orders__bad")["reason"].to_list()
    assert word in reason
    assert cell.strip('"') not in reason
