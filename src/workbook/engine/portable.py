"""The portable subset of SQL: an allow-list of nodes, functions and types, with what to write
instead of the rest.

Re-parsing and round trips prove nothing (47 of 47 tables with functions that Spark lacks passed
them), so whatever is not on the list is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from workbook.dialect import to_sql

CLAUSES = (
    "Select From Join Where Group Having Order Ordered Limit With CTE Table TableAlias Subquery"
    " Union Intersect Except Column Identifier Alias Star Literal Null Boolean Paren Tuple Distinct"
    " Values Qualify Filter Window WindowSpec Case If Cast DataType DataTypeParam Interval Var"
    " IgnoreNulls"
)
OPERATORS = (
    "And Or Not EQ NEQ GT GTE LT LTE Is In Between Like Exists Add Sub Mul Div IntDiv Mod Neg DPipe"
)
OPERATORS += " NullSafeEQ NullSafeNEQ"
FUNCTIONS = (
    "Coalesce Nullif Upper Lower Trim Length Substring Left Right Reverse Replace SplitPart"
    " StrPosition StartsWith Pad MD5 SHA2 Abs Sign Round Floor Ceil Greatest Least Sqrt Ln Exp Pow"
    " AtTimeZone DateAdd DateSub DateDiff DateTrunc TimestampTrunc DateFromParts Extract Year Month"
    " Day Quarter LastDay TimeToStr Count CountIf Sum Min Max Avg Median PercentileCont WithinGroup"
    " LogicalAnd LogicalOr RowNumber Rank DenseRank PercentRank CumeDist Ntile Lag Lead FirstValue"
    " LastValue"
)
ALLOWED = frozenset(
    getattr(exp, name)
    for name in f"{CLAUSES} {OPERATORS} {FUNCTIONS}".split()
    if hasattr(exp, name)
)
TYPES = frozenset(
    exp.DataType.Type[name]
    for name in [
        "BOOLEAN",
        "SMALLINT",
        "INT",
        "BIGINT",
        "DECIMAL",
        "DOUBLE",
        "VARCHAR",
        "TEXT",
        "DATE",
        "TIMESTAMP",
        "TIMESTAMPNTZ",
    ]
)
RANKINGS = (exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.Ntile)

_TIME = "join the as-of date of the project, because time is a parameter"
INSTEAD: dict[type[exp.Expression], str] = {
    exp.Anonymous: "use one of the portable functions, or a function table",
    exp.TryCast: "casts that may fail belong to landing; write cast(…) of a typed column",
    exp.Concat: "write a || b with coalesce(…, ''), because engines differ on NULL",
    exp.ConcatWs: "write a || ' ' || b with coalesce(…, '')",
    exp.ILike: "write lower(x) like '…'",
    exp.Escape: "use strpos(x, '…') > 0, because engines differ on LIKE escapes",
    exp.RegexpLike: (
        "use like, strpos, split_part or a function table, because engines differ on patterns"
    ),
    exp.ArgMax: "use row_number() over (… order by …, key) and keep row 1, because ties differ",
    exp.ArgMin: "use row_number() over (… order by …, key) and keep row 1, because ties differ",
    exp.AnyValue: "use min(…), because which value comes back differs between runs",
    exp.Mode: "count, then row_number() over (order by count desc, value)",
    exp.First: "use row_number() over (… order by …, key) and keep row 1",
    exp.GroupConcat: "use a function table, because the order inside is lost on other engines",
    exp.ArrayAgg: "use a function table, because the order inside is lost on other engines",
    exp.List: "use rows instead of lists",
    exp.Array: "use rows instead of lists",
    exp.Struct: "use one column per value",
    exp.Bracket: "use one column per value, or split_part",
    exp.Lambda: "use a function table",
    exp.Explode: "use union all of the parts, or a function table",
    exp.Unnest: "use union all of the parts, or a function table",
    exp.CurrentDate: _TIME,
    exp.CurrentTimestamp: _TIME,
    exp.Pivot: "write sum(case when … end) for each column",
    exp.Stddev: "use a function table, because sums of doubles differ between runs",
    exp.Rand: "use md5 of a key, because random numbers differ between runs",
}

INSTEAD_OF_NAMED = {
    "now": _TIME,
    "get_current_timestamp": _TIME,
    "today": _TIME,
    "date_part": "write extract(year from x)",
    "hash": "use md5(…), because hashes differ between engines",
}


def refusals(tree: exp.Expression) -> list[str]:
    """What of this query is not portable, each with what to write instead; sorted, without
    repeats.
    """
    found: set[str] = set()
    for node in tree.walk():
        if type(node) not in ALLOWED:
            found.add(f"{_name(node)} is not allowed; {_instead(node)}.")
        found.update(_details(node))
    return sorted(found)


def _name(node: exp.Expression) -> str:
    if isinstance(node, exp.Anonymous):
        return f"function {node.name.lower()}()"
    if isinstance(node, exp.Func):
        return f"function {node.sql_name().lower()}()"
    return type(node).__name__.lower()


def _instead(node: exp.Expression) -> str:
    if isinstance(node, exp.Anonymous) and node.name.lower() in INSTEAD_OF_NAMED:
        return INSTEAD_OF_NAMED[node.name.lower()]
    for kind, advice in INSTEAD.items():
        if isinstance(node, kind):
            return advice
    return "write it with portable SQL, or as a function table"


def _details(node: exp.Expression) -> Iterator[str]:
    """Nodes on the list whose arguments leave it."""
    if isinstance(node, exp.DataType):
        yield from _type(node)
    elif isinstance(node, (exp.Sum, exp.Avg)):
        yield from _summed(node)
    elif isinstance(node, exp.Window):
        yield from _window(node)
    elif isinstance(node, exp.Join):
        yield from _join(node)
    elif isinstance(node, exp.Star) and any(
        node.args.get(arg) for arg in ("except_", "except", "replace", "rename")
    ):
        yield "* exclude/replace is not allowed; name the columns."
    elif isinstance(node, exp.AtTimeZone) and not _between_utc_and_a_zone(node):
        yield (
            "at time zone is only allowed twice, from 'UTC' to a named zone or back, because"
            " engines differ on times with a zone."
        )
    elif isinstance(node, exp.Group) and any(
        value for key, value in node.args.items() if key != "expressions"
    ):
        yield (
            "group by all, rollup, cube and grouping sets are not allowed; name the columns, union"
            " all the levels."
        )
    elif isinstance(node, exp.Distinct) and node.args.get("on"):
        yield (
            "distinct on is not allowed; use row_number() over (… order by …, key) and keep row 1."
        )
    elif isinstance(node, exp.Substring) and _is_zero(node.args.get("start")):
        yield "substr(x, 0) is not allowed; positions start at 1."
    elif isinstance(node, exp.Limit) and not _ordered(node.parent):
        yield "limit without order by is not allowed; order by a key."
    elif isinstance(node, exp.SetOperation) and node.args.get("by_name"):
        yield "union by name is not allowed; list the columns in one order."
    elif isinstance(node, (exp.Table, exp.With)):
        yield from _rows_read(node)


def _type(node: exp.DataType) -> Iterator[str]:
    if node.this not in TYPES:
        kind = to_sql(node)
        yield (
            f"type {kind} is not allowed; use BIGINT, DECIMAL(p, s), VARCHAR, DATE, TIMESTAMP or"
            " BOOLEAN."
        )


def _summed(node: exp.Expression) -> Iterator[str]:
    of = node.this
    if isinstance(of, exp.Cast) and of.to.this == exp.DataType.Type.DECIMAL:
        return
    doubles = [cast for cast in of.find_all(exp.Cast) if cast.to.this == exp.DataType.Type.DOUBLE]
    if doubles or of.find(exp.Div):
        word = node.sql_name().lower()
        yield (
            f"{word}() of doubles is not allowed; cast to DECIMAL first, because sums of doubles"
            " differ between runs."
        )


def _window(node: exp.Window) -> Iterator[str]:
    if isinstance(node.this, RANKINGS) and not node.args.get("order"):
        yield (
            f"{node.this.sql_name().lower()}() without order by is not allowed; end the order with"
            " a key."
        )


def _join(node: exp.Join) -> Iterator[str]:
    kind = (node.kind or "").upper()
    method = (node.method or "").upper()
    if kind in {"SEMI", "ANTI"}:
        yield f"{kind.lower()} join is not allowed; write where (not) exists (…)."
    elif method or kind not in {"", "INNER", "OUTER", "CROSS"}:
        yield (
            f"{(method or kind).lower()} join is not allowed; write inner, left, full or cross join"
            " with a condition."
        )


def _rows_read(node: exp.Table | exp.With) -> Iterator[str]:
    if isinstance(node, exp.With):
        if node.args.get("recursive"):
            yield "with recursive is not allowed, because it may never end; write its levels out."
    elif not isinstance(node.this, exp.Identifier):
        yield "a function as a table is not allowed; read tables of the plan."
    elif node.args.get("db") or node.args.get("catalog"):
        yield f"{node.sql('duckdb')} is not allowed; read tables of the plan by their plain name."
    elif any(mark in node.name for mark in "/.\\"):
        yield f"'{node.name}' looks like a file; read tables of the plan."


def _between_utc_and_a_zone(node: exp.AtTimeZone) -> bool:
    """Whether a timestamp is turned into one: `(x at time zone 'UTC') at time zone 'Z'`
    (from_utc_timestamp), or the reverse (to_utc_timestamp).
    """
    inner, outer = (
        node.this.unnest(),
        (node.parent.parent if isinstance(node.parent, exp.Paren) else node.parent),
    )
    pair = (inner, node) if isinstance(inner, exp.AtTimeZone) else (node, outer)
    zones = [item.args["zone"] for item in pair if isinstance(item, exp.AtTimeZone)]
    return (
        len(zones) == 2
        and all(isinstance(zone, exp.Literal) for zone in zones)
        and "UTC" in [zone.name for zone in zones]
    )


def _is_zero(node: exp.Expression | None) -> bool:
    return isinstance(node, exp.Literal) and node.name == "0"


def _ordered(query: exp.Expression | None) -> bool:
    return query is not None and query.args.get("order") is not None
