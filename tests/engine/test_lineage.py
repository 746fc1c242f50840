"""Column lineage: values apart from what chose them, down to the raw tables, and no guessing."""

from __future__ import annotations

import pytest

from workbook.engine import (
    FieldSpec,
    Function,
    Plan,
    SourceSpec,
    Table,
    column_lineage,
    landing_tables,
)

RAW = [
    Table(
        "a",
        "one a",
        "test",
        function=Function("a", 1, lambda i, p: None, columns={c: () for c in ("k", "x", "y", "t")}),
    ),
    Table(
        "b",
        "one b",
        "test",
        function=Function("b", 1, lambda i, p: None, columns={c: () for c in ("k", "z", "w")}),
    ),
]


def lineage(table, *sqls: str) -> set[str]:
    """`column < table.column` for direct, `column ~ table.column` for indirect, `column ? …`
    for untraced.
    """
    made = [table(f"t{number}", sql) for number, sql in enumerate(sqls, 1)]
    marks = {"direct": "<", "indirect": "~", "untraced": "?"}
    plan = Plan([*RAW, *made])
    return {
        f"{o.column} {marks[o.how]} {o.source_table}.{o.source_column}"
        for o in column_lineage(plan, made[-1].name)
    }


@pytest.mark.parametrize(
    ("sqls", "expected"),
    [
        (["select x as n from a"], {"n < a.x"}),
        (["select x || y as n from a where t > 1"], {"n < a.x", "n < a.y", "n ~ a.t"}),
        (["select case when y > 0 then x end as n from a"], {"n < a.x", "n ~ a.y"}),
        (
            ["select x, row_number() over (partition by y order by t) as r from a"],
            {"x < a.x", "r ~ a.y", "r ~ a.t"},
        ),
        (
            [
                "with s as (select *, row_number() over (partition by k order by t) as r from a) "
                "select x from s where r = 1"
            ],
            {"x < a.x", "x ~ a.k", "x ~ a.t"},
        ),
        (["select y, sum(x) as n from a group by y"], {"y < a.y", "n < a.x", "n ~ a.y"}),
        (["select count(*) as n from a"], {"n < a.*"}),
        (["select sum(x) filter (where t > 1) as n from a"], {"n < a.x", "n ~ a.t"}),
        (
            ["select a.x, b.z from a join b on a.k = b.k"],
            {"x < a.x", "z < b.z", *(f"{c} ~ {s}.k" for c in "xz" for s in "ab")},
        ),
        (
            ["select a.x, b.z from a left join b on a.k = b.k"],
            {"x < a.x", "z < b.z", "z ~ a.k", "z ~ b.k"},
        ),
        (
            ["select x as v from a union all select z as v from b where w > 0"],
            {"v < a.x", "v < b.z", "v ~ b.w"},
        ),
        (
            ["select x from a where k in (select k from b where w > 0)"],
            {"x < a.x", "x ~ a.k", "x ~ b.k", "x ~ b.w"},
        ),
        (
            ["select x from a where exists (select 1 from b where b.k = a.k)"],
            {"x < a.x", "x ~ a.k", "x ~ b.k"},
        ),
        (
            ["select (select max(z) from b where b.k = a.k) as m from a"],
            {"m < b.z", "m ~ b.k", "m ~ a.k"},
        ),
        (
            ["select k, x from a where t > 0", "select max(x) as n from t1 group by k"],
            {"n < a.x", "n ~ a.t", "n ~ a.k"},
        ),
        (["select * from a", "select * from t1"], {f"{c} < a.{c}" for c in "kxyt"}),
        (["select x + 1 as n, x as m from a", "select n as x, m from t1"], {"x < a.x", "m < a.x"}),
        (["select 1 as one, x from a"], {"x < a.x"}),
        (["select v.w, a.x from a cross join (values (1, 'p')) as v(k, w)"], {"x < a.x"}),
        (["select x from a order by t limit 3"], {"x < a.x", "x ~ a.t"}),
        (["select x from a order by t"], {"x < a.x"}),
        (
            [
                "select a.x, c.n from a left join (select k, count(*) as n from b group by k) as c"
                " on c.k = a.k"
            ],
            {"x < a.x", "n < b.*", "n ~ b.k", "n ~ a.k"},
        ),
        (
            ["select x, y from a qualify row_number() over (partition by y order by t) = 1"],
            {"x < a.x", "y < a.y", "x ~ a.y", "x ~ a.t", "y ~ a.t"},
        ),
    ],
)
def test_lineage(sqls: list[str], expected: set[str], table) -> None:
    assert expected == lineage(table, *sqls)


def test_a_function_says_where_its_columns_come_from(table) -> None:
    function = Function(
        "f",
        1,
        lambda i, p: None,
        reads=("a",),
        columns={"id": ("a.k",), "score": ("a.x", "a.y"), "guess": ()},
    )
    plan = Plan(
        [
            *RAW,
            Table("f", "one", "test", function=function),
            table("top", "select id, score, guess from f"),
        ]
    )
    assert {
        ("id", "a", "k", "direct"),
        ("score", "a", "x", "direct"),
        ("score", "a", "y", "direct"),
        ("guess", "f", "guess", "untraced"),
    } == set(map(tuple, column_lineage(plan, "top")))


def test_what_cannot_be_followed_is_said(table) -> None:
    assert {"n ? t1.n"} == lineage(table, "select u.v as n from a, unnest([x, y]) as u(v)")
    silent = Table("s", "one", "test", function=Function("s", 1, lambda i, p: None, reads=("a",)))
    plan = Plan([*RAW, silent, table("top", "select n from s")])
    assert {("n", "top", "n", "untraced")} == set(map(tuple, column_lineage(plan, "top")))


def test_landing_is_traced_to_the_raw_table() -> None:
    spec = SourceSpec(
        "shop.orders",
        ("x.csv",),
        (FieldSpec("k", type="id"), FieldSpec("d", type="date")),
        primary_key=("k",),
    )
    plan = Plan(landing_tables("shop.orders", spec))
    found = {
        tuple(o)[0:1] + tuple(o)[2:]
        for o in column_lineage(plan, "shop__orders")
        if o.source_column != "_reject"
    }
    assert ("d", "d", "direct") in found
    assert {("_record", "k", "direct"), ("_record", "_row", "direct")} <= found
    assert not [o for o in column_lineage(plan, "shop__orders") if o.how == "untraced"]
    assert not [o for o in column_lineage(plan, "shop__orders__bad") if o.how == "untraced"]


def test_a_count_rests_on_what_chose_its_rows(table) -> None:
    """How many rows there are depends on the filter below, although no column of the filter is
    counted.
    """
    assert lineage(table, "select k, x from a where t > 1", "select count(*) as n from t1") == {
        "n < a.*",
        "n ~ a.t",
    }
