"""Files as they come: each is read whole, or refused in one clear sentence, and nothing is lost
on the way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.engine import (
    Engine,
    FieldSpec,
    Plan,
    SourceSpec,
    landing_spec,
    landing_tables,
    records_in,
    undeclared_columns,
)
from workbook.errors import DataError
from workbook.model.names import resolve
from workbook.model.schema import Dialect, Source as SourcePart, SourceField, Sources

Source = Callable[..., SourceSpec]
Landed = Callable[..., Plan]


def rows(engine: Engine, plan: Plan) -> list[tuple]:
    return engine.frame(plan, "raw__shop__orders").sort("_row").select("_reject", "a", "b").rows()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,2\n3,4\n", [(None, "1", "2"), (None, "3", "4")]),
        ("a,b\n1,2", [(None, "1", "2")]),
        ("a,b\r\n1,2\r\n", [(None, "1", "2")]),
        ("a,b\n1,2\r\n3,4\n", [(None, "1", "2"), (None, "3", "4")]),
        ("a,b\r1,2\r3,4\r", [(None, "1", "2"), (None, "3", "4")]),
        ("a,b\n", []),
        ("a,b\n\n1,2\n\n\n", [(None, "1", "2")]),
        ('a,b\n1,"x, y"\n2,"two\nlines"\n', [(None, "1", "x, y"), (None, "2", "two\nlines")]),
        ('a,b\n1,"say ""hi"""\n', [(None, "1", 'say "hi"')]),
        ('a,b\n1,5" pipe\n2,6" pipe\n', [(None, "1", '5" pipe'), (None, "2", '6" pipe')]),
        ("a,b\n,\n", [(None, None, None)]),
        ("b,a\n1,2\n", [(None, "2", "1")]),
        ("x,b,y,a\n9,1,9,2\n", [(None, "2", "1")]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [(None, "1", "2")]),
        (b'\xef\xbb\xbf"a","b"\n1,2\n', [(None, "1", "2")]),
        ("a,b\n#1,2\n", [(None, "#1", "2")]),
        ('a,b\n1,"x\\"\n', [(None, "1", "x\\")]),
        ('"a","b"\n"1","2"\n', [(None, "1", "2")]),
    ],
)
def test_records_are_read_as_written(
    content: str | bytes, expected: list, engine: Engine, a_source: Source, landed: Landed
):
    spec = a_source(content)
    assert expected == rows(engine, landed(spec))
    assert len(expected) == records_in(spec)


WITHIN = "line 3: may belong to the broken quoted text that begins on line 2"


@pytest.mark.parametrize(
    ("content", "reasons", "accepted"),
    [
        ("a,b\n1\n2,3\n", ["line 2: 1 fields instead of 2"], ["2"]),
        ("a,b\n1,2,3\n4,5\n", ["line 2: 3 fields instead of 2"], ["4"]),
        ('a,b\n1,2\n3,"x\n5,6\n', ["line 3: a quote is never closed"], ["1", "5"]),
        ('a,b\n1,2\n3,"x\n', ["line 3: a quote is never closed"], ["1"]),
        ('a,b\n1,"x"y\n2,3\n', ["line 2: text stands after a closing quote"], ["2"]),
        (
            'a,b\n1,"x\n2,3\n4,"y"\n5,6\n',
            ["line 2: text stands after a closing quote"],
            ["2", "4", "5"],
        ),
        ('a,b\n1,"x\n9,y" z\n5,6\n', ["line 2: text stands after a closing quote", WITHIN], ["5"]),
        (
            'a,b\n1,"x\n9,y\nz" z\n5,6\n',
            ["line 2: text stands after a closing quote", WITHIN, WITHIN.replace("3", "4", 1)],
            ["5"],
        ),
        ('a,b\n1,"x"y,"z\n9,z"\n5,6\n', ["line 2: text stands after a closing quote"], ["5"]),
        (
            'a,b\n1,"x"y,"z\n9,z" z\n5,6\n',
            ["line 2: text stands after a closing quote", WITHIN],
            ["5"],
        ),
        (
            'a,b\n1,"x\n9,y" z,"w\n8,w"\n5,6\n',
            ["line 2: text stands after a closing quote", WITHIN],
            ["5"],
        ),
        ('a,b\n1,"x\n2,"y,"\n5,6\n', ["line 2: text stands after a closing quote"], ["2", "5"]),
    ],
)
def test_a_broken_record_is_rejected_with_its_line(
    content: str,
    reasons: list[str],
    accepted: list[str],
    engine: Engine,
    a_source: Source,
    landed: Landed,
) -> None:
    plan = landed(a_source(content))
    got = rows(engine, plan)
    assert reasons == [row[0] for row in got if row[0]]
    assert accepted == [row[1] for row in got if not row[0]]
    assert len(accepted) == engine.artifact(plan, "shop__orders").rows
    assert all(row[1:] == (None, None) for row in got if row[0])
    assert len(got) == records_in(a_source(content))


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ("", {}, ["is empty"]),
        ("a,a,b\n1,2,3\n", {}, ["'a' more than once"]),
        ("a,bb\n1,2\n", {}, ["no column 'b'", "Its columns: a, bb", "`column:`"]),
        ("", {"file": "x.json", "format": "json"}, ["is empty"]),
        ("\n", {}, ["empty line"]),
        ('"a"x,b\n1,2\n', {}, [":1: ", "quote in the header"]),
        ('a,"b\n1,2\n', {}, [":1: ", "quote in the header"]),
        (
            "a,b\n1,caf\xe9\n".encode("latin-1"),
            {},
            [":2 is", "not written in utf-8", "`encoding: windows-1252`"],
        ),
        ("a,b\n1,2\n3,caf\xe9\n".encode("utf-16"), {}, [":1 is", "`encoding: utf-16`"]),
        (
            "a,b\n1,caf\xe9\n".encode(),
            {"encoding": "windows-1252"},
            [":2 is", "written in utf-8", "`encoding: utf-8`"],
        ),
        ("a,b\n1,caf\xe9\n".encode(), {"encoding": "latin-1"}, [":2 is", "`encoding: utf-8`"]),
        ("{", {"file": "x.json", "format": "json"}, ["not JSON", "ndjson"]),
        ('{"a": 1}', {"file": "x.json", "format": "json"}, ["not a JSON list"]),
        ('[{"a": 1}]', {"file": "x.json", "format": "json"}, ["no column 'b'"]),
        ("PAR1 torn", {"file": "x.parquet", "format": "parquet"}, ["cannot be read as Parquet"]),
    ],
)
def test_a_file_that_is_not_as_declared_is_one_clear_error(
    content: str | bytes,
    more: dict,
    words: list[str],
    engine: Engine,
    a_source: Source,
    landed: Landed,
) -> None:
    plan = landed(a_source(content, **more))
    with pytest.raises(DataError) as caught:
        engine.frame(plan, "shop__orders")
    for word in ["shop.orders", *words]:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_renamed_column_gets_a_hint(engine: Engine, a_source: Source, landed: Landed) -> None:
    plan = landed(a_source("emial,plan\nx,y\n", {"email": "email", "plan": "text"}))
    with pytest.raises(DataError, match="Did you mean 'emial'"):
        engine.frame(plan, "shop__orders")


def test_undeclared_columns_are_listed_and_left_out(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    spec = a_source("a,secret,b,note\n1,2,3,4\n")
    assert ("secret", "note") == undeclared_columns(spec)
    assert ["_row", "_record", "a", "b"] == engine.frame(landed(spec), "shop__orders").columns


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("windows-1252", ";"), ("latin-1", "|"), ("utf-16", "\t"), ("utf-8", ",")],
)
def test_declared_encodings_and_delimiters(
    encoding: str, delimiter: str, engine: Engine, a_source: Source, landed: Landed
) -> None:
    content = f"a{delimiter}b\n1{delimiter}café\n".encode(encoding)
    spec = a_source(content, encoding=encoding, delimiter=delimiter)
    assert [(None, "1", "café")] == rows(engine, landed(spec))
    assert 1 == records_in(spec)


def test_a_file_without_quoting(engine: Engine, a_source: Source, landed: Landed) -> None:
    assert [(None, '"1', "2")] == rows(engine, landed(a_source('a,b\n"1,2\n', quote="")))


def test_a_star_in_a_file_name_reads_that_file_only(
    tmp_path: Path, engine: Engine, a_source: Source, landed: Landed
) -> None:
    (tmp_path / "orders_1.csv").write_text("a,b\nother,other\n")
    assert [(None, "1", "2")] == rows(engine, landed(a_source("a,b\n1,2\n", file="orders_*.csv")))


def test_json_and_parquet_land_as_csv_does(tmp_path: Path, engine: Engine, landed: Landed) -> None:
    records = [
        {"a": "007", "b": 1.10, "c": True},
        {"a": None, "b": 12345678901234567, "c": {"d": [1.5]}},
    ]
    array = tmp_path / "x.json"
    array.write_text(json.dumps(records))
    lines = tmp_path / "x.ndjson"
    lines.write_text("\n".join(map(json.dumps, records)) + "\n\nnot json\n[1]\n")
    fields = tuple(FieldSpec(name) for name in "abc")
    expected = [("007", "1.1", "true"), (None, "12345678901234567", '{"d": [1.5]}')]
    for file in (array, lines):
        spec = SourceSpec("shop.orders", (str(file),), fields, format=file.suffix[1:])
        raw = engine.frame(landed(spec), "raw__shop__orders")
        assert expected == raw.filter(pl.col("_reject").is_null()).select("a", "b", "c").rows()
        assert records_in(spec) == raw.height
    assert ["line 4: not JSON", "line 5: not a JSON object"] == raw[
        "_reject"
    ].drop_nulls().to_list()


@pytest.mark.parametrize("name", ["people.parquet", "people[1].parquet", "people_*.parquet"])
def test_no_value_is_taken_from_a_path(name: str, tmp_path: Path) -> None:
    """Neither the data's folder nor the store's is a partition of `city`, whatever they are
    called.
    """
    folder = tmp_path / "city=Rome"
    folder.mkdir()
    pl.DataFrame({"k": ["a", "b"], "city": ["Ulm", "Bonn"]}).write_parquet(folder / name)
    (folder / "people_1.parquet").write_bytes(b"PAR1")
    fields = (FieldSpec("k", type="id"), FieldSpec("city"))
    spec = SourceSpec("shop.people", (str(folder / name),), fields, format="parquet")
    plan = Plan(landing_tables("shop.people", spec))
    with Engine(folder / "store", data_roots=[folder]) as engine:
        assert [("a", "Ulm"), ("b", "Bonn")] == engine.frame(plan, "shop__people").select(
            "k", "city"
        ).rows()
        assert [("Bonn",), ("Ulm",)] == engine.query(
            plan, "select city from shop__people order by 1"
        ).rows()
        assert 2 == records_in(spec)


def test_no_field_of_a_text_is_taken_from_a_path(
    tmp_path: Path, engine: Engine, landed: Landed
) -> None:
    """`c0` is what the first column is called while a file is read."""
    (tmp_path / "c0=Rome").mkdir()
    (tmp_path / "c0=Rome" / "x.csv").write_text("a,b\n1,2\n")
    fields = (FieldSpec("a"), FieldSpec("b"))
    plan = landed(SourceSpec("shop.orders", (str(tmp_path / "c0=Rome" / "x.csv"),), fields))
    assert [(None, "1", "2")] == rows(engine, plan)


def test_a_line_of_ndjson_is_empty_by_the_grammar_of_json(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    """A space of another kind is no JSON; a carriage return between keys is."""
    lines = '\ufeff\n{"a": 1,\r"b": 2}\r\n \t\r\n\u00a0\n{"a": 3, "b": 4}\n'
    spec = a_source(lines, file="x.ndjson", format="ndjson")
    got = rows(engine, landed(spec))
    assert [(None, "1", "2"), ("line 4: not JSON", None, None), (None, "3", "4")] == got
    assert 3 == records_in(spec)


def test_parquet_lands_as_text_and_is_cast_back(
    tmp_path: Path, engine: Engine, landed: Landed
) -> None:
    import datetime as dt
    from decimal import Decimal

    frame = pl.DataFrame(
        {
            "id": ["007", "", None],
            "n": [1, None, 3],
            "m": [Decimal("1.10"), Decimal("2.20"), None],
            "t": [dt.datetime(2024, 1, 5, 10, 30), None, None],
            "d": [dt.date(2024, 1, 5), None, None],
            "f": [0.1 + 0.2, 3.0, None],
            "l": [[1, 2], [], None],
        }
    )
    frame.write_parquet(tmp_path / "x.parquet")
    kinds = {
        "id": "id",
        "n": "integer",
        "m": "money",
        "t": "timestamp",
        "d": "date",
        "f": "money",
        "l": "text",
    }
    fields = tuple(FieldSpec(name, type=kind) for name, kind in kinds.items())
    spec = SourceSpec(
        "shop.orders", (str(tmp_path / "x.parquet"),), fields, format="parquet", primary_key=("n",)
    )
    plan = landed(spec)
    got = engine.frame(plan, "shop__orders").sort("_row").drop("_row", "_record")
    assert [
        (
            "007",
            1,
            Decimal("1.10"),
            dt.datetime(2024, 1, 5, 10, 30),
            dt.date(2024, 1, 5),
            Decimal("0.30"),
            "[1,2]",
        ),
        (None, None, Decimal("2.20"), None, None, Decimal("3.00"), "[]"),
        (None, 3, None, None, None, None, None),
    ] == got.rows()
    assert 0 == engine.artifact(plan, "shop__orders__bad").rows


def test_records_are_named_by_key_or_by_row(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    one = landed(a_source("a,b\n007,x\n,y\n", primary_key=("a",)))
    assert ["shop.orders:007", "shop.orders:#2"] == sorted(
        engine.frame(one, "shop__orders")["_record"], reverse=False
    )[::-1]
    two = landed(a_source("a,b\nx,1\nx|1,2\nx,1|2\n", primary_key=("a", "b")))
    names = engine.frame(two, "shop__orders")["_record"].to_list()
    assert 3 == len(set(names))
    assert "shop.orders:x|1" in names
    none = landed(a_source("a,b\nx,1\n"))
    assert ["shop.orders:#1"] == engine.frame(none, "shop__orders")["_record"].to_list()


def test_several_files_are_one_source(tmp_path: Path, engine: Engine) -> None:
    files = []
    for number in (1, 2):
        file = tmp_path / f"part{number}.csv"
        file.write_text(f"a,b\n{number},x\n")
        files.append(str(file))
    spec = SourceSpec("shop.orders", tuple(files), (FieldSpec("a"), FieldSpec("b")))
    plan = Plan(landing_tables("shop.orders", spec))
    assert [(1, "1"), (2, "2")] == engine.frame(plan, "raw__shop__orders").select(
        "_row", "a"
    ).rows()
    assert 2 == records_in(spec)


def test_a_changed_type_casts_anew_without_reading_the_file_again(
    engine: Engine, a_source: Source, landed: Landed
) -> None:
    engine.frame(landed(a_source("a,b\n1,2\n")), "shop__orders")
    before = dict(engine.counts)
    engine.frame(landed(a_source("a,b\n1,2\n", {"a": "integer", "b": "text"})), "shop__orders")
    assert (1, 1) == tuple(engine.counts[word] - before[word] for word in ("built", "cached"))


cell = st.text(st.sampled_from('ab",;\n\r é\t0'), max_size=6)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=st.lists(st.tuples(cell, cell), max_size=6), ends=st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_wrote_is_read_back(
    table: list, ends: str, engine: Engine, a_source: Source, landed: Landed
) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator=ends, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *table])
    plan = landed(a_source(out.getvalue()))
    assert [(None, a or None, b or None) for a, b in table] == rows(engine, plan)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.text(st.sampled_from('a",\n\r'), max_size=24))
def test_whatever_the_bytes_every_record_is_accepted_or_rejected(
    body: str, engine: Engine, a_source: Source, landed: Landed
) -> None:
    spec = a_source("a,b\n" + body)
    plan = landed(spec)
    raw = engine.frame(plan, "raw__shop__orders")
    assert (
        raw.height
        == raw["_reject"].is_not_null().sum() + engine.artifact(plan, "shop__orders").rows
    )
    assert list(range(1, raw.height + 1)) == raw["_row"].sort().to_list()
    assert raw.height == records_in(spec)


class _Model:
    """As much of a model as landing asks for."""

    def __init__(self, root: Path, file: str = "") -> None:
        self.data_root = root
        fields = {
            "a": SourceField(type="id", column="A"),
            "b": SourceField(type="money", unit="cents", recode={"x": "1"}),
        }
        self._dialect = Dialect(delimiter="semicolon", missing=("", "-"))
        source = SourcePart(row_is="one order", file=file, primary_key="a", fields=fields)
        self.sources = Sources(sources={"shop.orders": source})

    def fields(self, source: str) -> dict:
        return {
            name: resolve(self.sources, source, name)
            for name in self.sources.sources[source].fields
        }

    def dialect(self, source: str) -> object:
        return self._dialect


@pytest.mark.parametrize(
    "file", ["shop/orders.csv", "shop_orders.csv", "shop_orders.tsv", "shop/orders.parquet"]
)
def test_a_file_is_found_below_the_data_root(file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("A;b\n1;2\n")
    spec = landing_spec(_Model(tmp_path), "shop.orders")
    assert (str(path),) == spec.files
    assert path.suffix[1:] == spec.format
    assert ("A", "cents", (("x", "1"),)) == (
        spec.fields[0].header,
        spec.fields[1].unit,
        spec.fields[1].recode,
    )
    assert (("a",), "one order", ("", "-")) == (spec.primary_key, spec.row_is, spec.missing)


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "shop_order.csv").write_text("A;b\n")
    with pytest.raises(DataError, match="Did you mean 'shop_order.csv'"):
        landing_spec(_Model(tmp_path), "shop.orders")
    with pytest.raises(
        DataError, match="no file shop_orderz.csv is in .* Did you mean 'shop_order.csv'"
    ):
        landing_spec(_Model(tmp_path, "shop_orderz.csv"), "shop.orders")
    with pytest.raises(
        DataError, check=lambda error: error.code == "engine.landing.no_data_folder"
    ):
        landing_spec(_Model(tmp_path / "nowhere"), "shop.orders")


@pytest.mark.parametrize(
    "file",
    [
        "../beside/orders*.csv",
        "../beside/orderz.csv",
        "{beside}/orders*.csv",
        "{beside}/orderz.csv",
        "linked/orderz.csv",
    ],
)
def test_what_lies_outside_of_the_data_is_never_named(tmp_path: Path, file: str) -> None:
    root, beside = tmp_path / "data", tmp_path / "beside"
    for folder in (root, beside):
        folder.mkdir()
    (beside / "orders.csv").write_text("A;b\n")
    (root / "linked").symlink_to(beside)
    with pytest.raises(DataError) as refused:
        landing_spec(_Model(root, file.format(beside=beside)), "shop.orders")
    assert "orders.csv" not in str(refused.value)


def test_two_files_that_could_be_meant_are_refused(tmp_path: Path) -> None:
    (tmp_path / "shop_orders.csv").write_text("A;b\n")
    (tmp_path / "shop_orders.json").write_text("[]")
    with pytest.raises(DataError, match="several files could be meant"):
        landing_spec(_Model(tmp_path), "shop.orders")
