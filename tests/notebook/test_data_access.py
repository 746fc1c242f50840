"""The data behind the pages by name: tables, SQL, rows behind a number; whatever is somebody's is a
token, by whatever way it is asked for.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from workbook import Workbook
from workbook.engine import Function, Plan, Table
from workbook.catalog import ColumnClasses
from workbook.errors import PlanError, WorkbookError

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"
PERSONAL = ("shop.example", "desk.example", "Ann Lee", "Bo Coy", "Cher")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    folder = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("data") / "tiny"))
    opened = Workbook.open(folder)
    yield opened
    opened.close()


def held(frame: pl.DataFrame) -> list[str]:
    """Personal values that a frame shows, whatever its columns are called."""
    text = "\n".join(str(value) for row in frame.rows() for value in row).lower()
    return [each for each in PERSONAL if each.lower() in text]


def test_a_table_is_polars_with_tokens_for_what_is_somebodys(book: Workbook) -> None:
    people = book.table("person")
    assert isinstance(people, pl.DataFrame)
    assert people.height == 4
    assert sorted(people["city"]) == ["Bonn", "Kiel", "Neu-Ulm", "Ulm"]
    assert people["mail"].n_unique() == 4  # three tokens and nothing
    assert held(people) == []
    assert held(book.context.frame("person")) != []


def test_no_table_of_the_plan_shows_a_personal_value(book: Workbook) -> None:
    assert len(book.plan.order) > 50
    shown = {name: held(book.table(name)) for name in book.plan.order}
    assert {name: found for name, found in shown.items() if found} == {}


def test_a_landed_source_is_found_by_its_dotted_name(book: Workbook) -> None:
    assert book.table("shop.people")["person_no"].to_list() == ["p1", "p2", "p3"]
    assert held(book.table("shop.people")) == []


def test_a_table_that_is_not_there_names_the_nearest(book: Workbook) -> None:
    with pytest.raises(WorkbookError, match="'persn'.*Did you mean 'person'"):
        book.table("persn")
    with pytest.raises(WorkbookError, match=r"book.tables\(\)"):
        book.table("zzzzzz")


@pytest.mark.parametrize(
    "query",
    [
        "select mail from person",
        "select mail as city from person",
        "select upper(mail) || '!' as x from person",
        "select max(mail) as x, string_agg(name, ',') as y from person",
        "with a as (select mail as b from person) select b from a",
        "select columns('ma.*') from person",
        "select p from person p",
        "select * from person",
        "select p.* from person p join buys b on b.to_id = p.id",
        "select (select max(mail) from person) as x",
        "select mail as x from person union all select city from person",
        "select city as x from person union all select mail from person",
        "select case when city = 'Ulm' then name else mail end as x from person",
        "select coalesce(mail, 'none') as x, first_value(mail) over (order by id) as y from person",
        "select mail from shop__people",
        "select list(mail) as x from person",
        "select x from (select unnest(list(mail)) as x from person)",
        "select {'a': mail} as x from person",
        "select MAIL from person",
        "select * from raw__shop__people",
        "select * from (select mail, city from person) as t(a, b)",
        "select mail from person order by mail limit 2",
        "select arg_max(mail, id) as x from person",
        "from person select mail",
    ],
)
def test_whatever_way_leads_to_a_personal_value_shows_tokens(book: Workbook, query: str) -> None:
    assert held(book.context.query(query)) != [], (
        "the query holds no personal value: it tests nothing"
    )
    assert held(book.sql(query)) == []


def test_what_is_nobodys_is_shown(book: Workbook) -> None:
    query = "select city, count(*) as n, count(distinct mail) as m from person group by 1"
    assert sorted(book.sql(query).rows()) == [
        ("Bonn", 1, 1),
        ("Kiel", 1, 1),
        ("Neu-Ulm", 1, 1),
        ("Ulm", 1, 0),
    ]
    query = "select city, count(*) as n from person group by city order by n desc, city limit 1"
    assert book.sql(query).rows() == [("Bonn", 1)]
    query = "select sum(o.total) as x from \"order\" o where o.state = 'paid'"
    assert [float(value) for value in book.sql(query)["x"]] == [47.5]


def test_equal_values_have_equal_tokens(book: Workbook) -> None:
    query = "select c.mail from person c union all select mail from person"
    counts = book.sql(query).drop_nulls().group_by("mail").len()
    assert counts["len"].to_list() == [2, 2, 2]


def test_sql_that_fails_says_the_nearest_column_and_table(book: Workbook) -> None:
    with pytest.raises(PlanError, match="Did you mean 'city'"):
        book.sql("select citi from person")
    with pytest.raises(PlanError, match="Did you mean 'person'"):
        book.sql("select * from persn")
    with pytest.raises(PlanError):
        book.sql("drop table person")


def test_a_column_that_cannot_be_followed_counts_as_somebodys(book: Workbook) -> None:
    """Text of a function that says nothing of it is masked; its numbers are its own."""
    table = Table(
        "told", "one", "x", function=Function("f", 1, lambda *_: None, columns={"a": (), "n": ()})
    )
    types = {"told": {"a": "VARCHAR", "n": "BIGINT", "b": "VARCHAR"}}
    classes = ColumnClasses(book.model, Plan([table]), types.__getitem__)
    assert classes.of_table("told") == {"a": "personal", "n": "internal", "b": "personal"}


def test_the_list_of_tables_says_what_a_row_is(book: Workbook) -> None:
    listed = book.tables().data
    assert listed.columns == ["name", "row_is", "keys", "rows"]
    assert listed["name"].to_list()[:2] == ["person", "order"]
    row = listed.row(by_predicate=pl.col("name") == "person", named=True)
    assert row["row_is"] == "one human who bought or called"
    book.table("person")
    assert book.tables().data.row(by_predicate=pl.col("name") == "person", named=True)["rows"] == 4
    assert book.tables(every=True).data.height == len(book.plan.order)
    assert all("paid" in " ".join(row[:2]) for row in book.tables("paid").data.rows())


def test_listing_tables_builds_none(tmp_path: Path) -> None:
    opened = Workbook.open(shutil.copytree(TINY, tmp_path / "tiny"))
    before = opened.engine.counts["built"]
    assert set(opened.tables(every=True).data["rows"]) == {None}
    assert opened.engine.counts["built"] == before
    opened.build()
    assert None not in set(opened.tables(every=True).data["rows"])
    opened.close()


def test_the_rows_behind_a_number_are_those_that_it_counts(book: Workbook) -> None:
    figure = book.metrics.every_number()
    people = figure.rows("People")
    assert people.height == 4
    assert held(people) == []
    assert figure.rows("sold").height == 3  # o4 is open
    with pytest.raises(WorkbookError, match="Did you mean 'People'"):
        figure.rows("Peple")


def test_the_rows_behind_a_conflict_are_the_customers_in_conflict(book: Workbook) -> None:
    figure = book.survivorship.decisions()
    counted = dict(figure.data.select("label", "differ").rows())
    rows = figure.rows("Person city")
    assert rows.height == counted["Person city"] == 1  # p1: Ulm in the shop, Neu-Ulm at the desk
    assert rows["city"].to_list() == ["Neu-Ulm"]


def test_the_rows_behind_a_what_if_are_those_that_change(book: Workbook) -> None:
    tried = book.survivorship.what_if("fields.person.city.order", ["shop", "desk"])
    assert tried.rows().select("attribute", "now", "then").rows() == [("city", "Neu-Ulm", "Ulm")]
    tried = book.identity.what_if("identity.person.rules", [])
    assert tried.customers["person"] == tried.rows("person")["id"].n_unique()
    assert held(tried.rows("person")) == []
    with pytest.raises(WorkbookError, match="Did you mean 'person'"):
        tried.rows("persn")
    tried = book.grain.what_if("primary", "order").rows()  # who has bought twice, or never
    assert held(tried) == []
    assert set(tried["would_be"]) and 1 not in set(tried["would_be"])


def test_a_customer_is_explained_by_id_record_or_value(book: Workbook) -> None:
    row = book.context.query("select id, mail from person where person_no = 'p1'").row(0)
    for name in (row[0], f"person/{row[0]}", "shop.people:p1", "p1", row[1]):
        figure = book.explain(name)
        told = {each[0]: each for each in figure.data.rows()}
        assert told["City"][1] == "“Neu-Ulm”"
        assert "desk.callers" in told["City"][2]
        assert "Ulm" in told["City"][4]
        assert held(figure.data) == []
        shown = re.sub(r"<[^>]+>", "", figure.html()) + figure.text()
        assert [each for each in PERSONAL if each in shown] == []
    with pytest.raises(WorkbookError, match="Did you mean"):
        book.explain(row[0][:-1] + "!")


def test_several_who_share_a_value_are_named_by_id(book: Workbook, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    people = folder / "data" / "shop_people.csv"
    people.write_text(people.read_text("utf-8") + "p4,x@y.example,Cher,Bonn,2025-06-03T10:00:00\n")
    opened = Workbook.open(folder)
    with pytest.raises(WorkbookError, match=r"2 people have this name") as error:
        opened.explain("cher")
    assert str(error.value).count("person/") == 2
    assert "cher" not in str(error.value).lower()
    opened.close()


def test_contested_customers_are_those_in_conflict(book: Workbook) -> None:
    figure = book.survivorship.contested_customers()
    assert figure.data.select("conflicts", "fields").rows() == [(1, "City")]


def test_any_metric_is_a_line(book: Workbook) -> None:
    sold = book.plot("Sold")
    assert dict(sold.data.rows())[sold.data["month"].max()] == 30.0
    assert "<svg" in sold.html()
    with pytest.raises(WorkbookError, match="Did you mean 'sold'"):
        book.plot("sol")
    with pytest.raises(WorkbookError):
        book.plot("sold", "fortnight")
    with pytest.raises(WorkbookError):
        book.plot("sold", by="person.name")


def test_what_browses_is_masked_and_the_extra_is_named(book: Workbook) -> None:
    try:
        import itables  # noqa: F401
    except ImportError:
        with pytest.raises(WorkbookError, match="tables"):
            book.browse("person")
        return
    shown = book.browse("person")
    assert held(shown.df) == []
    assert [each for each in PERSONAL if each in str(shown.get_state())] == []
