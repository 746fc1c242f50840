"""What SQL reads, and the portable subset: what is on the list passes, what is not is refused
with advice.
"""

from __future__ import annotations

import pytest

from workbook.engine import lint, tables_read
from workbook.errors import PlanError


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1 as a", ()),
        ("select * from b join a using (k)", ("a", "b")),
        ("with c as (select * from a) select * from c", ("a",)),
        ("with a as (select * from b), c as (select * from a) select * from c, d", ("b", "d")),
        ("select * from a union all select * from b", ("a", "b")),
        (
            (
                "select * from a where k in (select k from b) and exists (select 1 from c where c.k"
                " = a.k)"
            ),
            ("a", "b", "c"),
        ),
        ("select (select max(k) from b) as m from a", ("a", "b")),
        ('select * from "A b" as x', ("A b",)),
        (
            (
                "with recursive r as (select 1 as n union all select n + 1 from r) select * from r"
                " join a on n = k"
            ),
            ("a",),
        ),
        (
            "select * from (with c as (select * from a) select * from c) as s join b using (k)",
            ("a", "b"),
        ),
        ("with a as (select * from a) select * from a", ("a",)),
        ("select x.k from a as x join a as y using (k)", ("a",)),
    ],
)
def test_tables_read(sql: str, expected: tuple[str, ...]) -> None:
    assert expected == tables_read(sql)


@pytest.mark.parametrize(
    "sql",
    [
        (
            "select a, sum(b) as s, count(*) as n, count(distinct c) as d from t group by a having"
            " count(*) > 1"
        ),
        (
            "select *, row_number() over (partition by a order by b desc nulls last, k) as r from t"
            " qualify r = 1"
        ),
        (
            "with one as (select * from t), two as (select * from one where a > 0) select * from"
            " two order by k limit 5"
        ),
        (
            "select case when a = 1 then 'x' else 'y' end as c, coalesce(a, 0) as d, nullif(b, '')"
            " as e from t"
        ),
        "select * from a left join b on a.k = b.k and a.t >= b.t full join c using (k)",
        "select k from a union all select k from b except select k from c",
        (
            "select lower(trim(a)) || ' ' || upper(b) as n, substr(a, 1, 3) as s, split_part(a,"
            " '@', 2) as d from t"
        ),
        (
            "select cast(a as decimal(18, 2)) as m, cast(b as varchar) as v, cast(c as date) as d"
            " from t"
        ),
        "select sum(cast(a / b as decimal(18, 6))) as s, a / b as ratio from t group by a, b",
        (
            "select date_diff('day', a, b) as d, date_trunc('month', a) as m, a + interval 30 day"
            " as e from t"
        ),
        (
            "select extract(year from a) as y, sum(b) filter (where c) as s from t group by"
            " extract(year from a)"
        ),
        (
            "select * from t where exists (select 1 from u where u.k = t.k) and a in ('x', 'y') and"
            " b between 1 and 2"
        ),
        "select lag(a) over (partition by b order by c, k) as before from t",
        "select * from (values (1, 'a'), (2, 'b')) as v(k, w)",
        (
            "select md5(a) as id, greatest(a, b) as g, bool_or(c) as any_c, round(x, 2) as r from t"
            " group by a, b, x"
        ),
        "select a.k from a cross join b where a.d is distinct from b.d",
        "select date '2024-01-05' as d, timestamp '2024-01-05 10:00:00' as t, true as yes",
        "select median(a) as m, min(b) as lo, max(b) as hi, avg(c) as mean from t",
        (
            "select strpos(a, '@') as p, left(a, 1) as l, length(a) as n, replace(a, '-', '') as r,"
            " reverse(a) as v from t"
        ),
        (
            "select sum(n) over (order by d rows between unbounded preceding and current row) as"
            " running from t"
        ),
    ],
)
def test_the_portable_subset_passes(sql: str) -> None:
    lint(sql)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select my_function(a) as x from t", ["function my_function()", "function table"]),
        ("select hash(a) as h from t", ["hash()"]),
        ("select try_cast(a as bigint) as x from t", ["try_cast", "landing"]),
        ("select cast(a as hugeint) as x from t", ["type", "BIGINT"]),
        ("select cast(a as float) as x from t", ["type REAL", "DECIMAL"]),
        ("select cast(a as timestamptz) as x from t", ["type"]),
        ("select sum(cast(a as double)) as x from t", ["sum() of doubles", "DECIMAL"]),
        ("select avg(a / b) as x from t", ["avg() of doubles"]),
        ("select any_value(a) as x from t", ["any_value()", "min(…)"]),
        ("select mode(a) as x from t", ["mode()"]),
        ("select arg_max(a, b) as x from t", ["row_number()"]),
        ("select first(a) as x from t", ["first()"]),
        ("select list(a order by b) as x from t", ["order inside"]),
        ("select string_agg(a, ',') as x from t", ["order inside"]),
        ("select [1, 2] as x", ["rows instead of lists"]),
        ("select {'a': 1} as x", ["one column per value"]),
        ("select unnest([1]) as x", ["union all"]),
        ("select a[1] as x from t", ["split_part"]),
        ("select row_number() over (partition by a) as r from t", ["without order by", "key"]),
        ("select * from t limit 5", ["limit without order by"]),
        ("select distinct on (a) a, b from t order by a, b", ["distinct on"]),
        ("select * exclude (a) from t", ["name the columns"]),
        ("select a, count(*) as n from t group by all", ["group by all"]),
        ("select a, count(*) as n from t group by rollup (a)", ["rollup"]),
        ("select * from a asof join b on a.t >= b.t", ["asof join"]),
        ("select * from a semi join b using (k)", ["exists"]),
        ("select * from a natural join b", ["natural join"]),
        ("select * from a positional join b", ["positional"]),
        ("select * from t where a ilike 'x%'", ["lower(x) like"]),
        ("select * from t where a like 'x!%' escape '!'", ["escape"]),
        ("select * from t where regexp_matches(a, 'x')", ["patterns"]),
        ("select substr(a, 0) as x from t", ["positions start at 1"]),
        ("select concat(a, b) as x from t", ["a || b"]),
        ("select current_date as d", ["time is a parameter"]),
        ("select now() as d", ["time is a parameter"]),
        ("select random() as r", ["md5"]),
        ("select stddev(a) as s from t", ["function table"]),
        ("select * from read_csv('x.csv')", ["read tables of the plan"]),
        ("select * from 'x.parquet'", ["looks like a file"]),
        ("select * from information_schema.tables", ["plain name"]),
        ("select * from range(3)", ["table"]),
        ("select * from a union by name select * from b", ["union by name"]),
    ],
)
def test_what_is_not_portable_is_refused_with_advice(sql: str, words: list[str]) -> None:
    with pytest.raises(PlanError) as caught:
        lint(sql, "orders_by_day")
    assert "Table 'orders_by_day'" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_all_refusals_come_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        lint("select any_value(a) as x, my_function(b) as y from t limit 1", "t1")
    assert 3 == str(caught.value).count("not allowed")


def test_the_engine_lints_what_it_builds(engine, table) -> None:
    from workbook.engine import Plan

    with pytest.raises(PlanError, match=r"Table 't' .*any_value\(\) is not allowed"):
        engine.frame(Plan([table("t", "select any_value(1) as x")]), "t")
