"""The portable subset of SQL: an allow-list of nodes, functions and types, with what to write
instead of the rest.

Re-parsing and round trips prove nothing (47 of 47 tables with functions that Spark lacks passed
them), so whatever is not on the list is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from workbook.dialect import to_sql
from workbook.words import words_of

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

INSTEAD: dict[type[exp.Expression], str] = {  # entries of the catalogue
    exp.Anonymous: "portable_function",
    exp.TryCast: "cast",
    exp.Concat: "concat",
    exp.ConcatWs: "concat_ws",
    exp.ILike: "lower_like",
    exp.Escape: "strpos",
    exp.RegexpLike: "pattern",
    exp.ArgMax: "keep_first_ties",
    exp.ArgMin: "keep_first_ties",
    exp.AnyValue: "min",
    exp.Mode: "count_and_rank",
    exp.First: "keep_first",
    exp.GroupConcat: "order_is_lost",
    exp.ArrayAgg: "order_is_lost",
    exp.List: "rows",
    exp.Array: "rows",
    exp.Struct: "columns",
    exp.Bracket: "columns_or_split",
    exp.Lambda: "function_table",
    exp.Explode: "union_of_parts",
    exp.Unnest: "union_of_parts",
    exp.CurrentDate: "as_of",
    exp.CurrentTimestamp: "as_of",
    exp.Pivot: "case",
    exp.Stddev: "doubles",
    exp.Rand: "digest",
}

INSTEAD_OF_NAMED = {
    "now": "as_of",
    "get_current_timestamp": "as_of",
    "today": "as_of",
    "date_part": "extract",
    "hash": "hash",
}

_WORDS = words_of("errors/engine/portable")


def _refusal(entry: str, /, **values: str) -> str:
    return _WORDS.text(f"refusals.{entry}", **values)


def refusals(tree: exp.Expression) -> list[str]:
    """What of this query is not portable, each with what to write instead; sorted, without
    repeats.
    """
    found: set[str] = set()
    for node in tree.walk():
        if type(node) not in ALLOWED:
            found.add(_refusal("not_allowed", name=_name(node), instead=_instead(node)))
        found.update(_details(node))
    return sorted(found)


def _name(node: exp.Expression) -> str:
    if isinstance(node, exp.Anonymous):
        return _refusal("function", name=node.name.lower())
    if isinstance(node, exp.Func):
        return _refusal("function", name=node.sql_name().lower())
    return type(node).__name__.lower()


def _instead(node: exp.Expression) -> str:
    if isinstance(node, exp.Anonymous) and node.name.lower() in INSTEAD_OF_NAMED:
        return _WORDS.text(f"instead.{INSTEAD_OF_NAMED[node.name.lower()]}")
    for kind, advice in INSTEAD.items():
        if isinstance(node, kind):
            return _WORDS.text(f"instead.{advice}")
    return _WORDS.text("instead.portable")


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
        yield _refusal("star")
    elif isinstance(node, exp.AtTimeZone) and not _between_utc_and_a_zone(node):
        yield _refusal("time_zone")
    elif isinstance(node, exp.Group) and any(
        value for key, value in node.args.items() if key != "expressions"
    ):
        yield _refusal("grouping")
    elif isinstance(node, exp.Distinct) and node.args.get("on"):
        yield _refusal("distinct_on")
    elif isinstance(node, exp.Substring) and _is_zero(node.args.get("start")):
        yield _refusal("position_zero")
    elif isinstance(node, exp.Limit) and not _ordered(node.parent):
        yield _refusal("limit")
    elif isinstance(node, exp.SetOperation) and node.args.get("by_name"):
        yield _refusal("union_by_name")
    elif isinstance(node, (exp.Table, exp.With)):
        yield from _rows_read(node)


def _type(node: exp.DataType) -> Iterator[str]:
    if node.this not in TYPES:
        yield _refusal("type", type=to_sql(node))


def _summed(node: exp.Expression) -> Iterator[str]:
    of = node.this
    if isinstance(of, exp.Cast) and of.to.this == exp.DataType.Type.DECIMAL:
        return
    doubles = [cast for cast in of.find_all(exp.Cast) if cast.to.this == exp.DataType.Type.DOUBLE]
    if doubles or of.find(exp.Div):
        yield _refusal("sum_of_doubles", name=node.sql_name().lower())


def _window(node: exp.Window) -> Iterator[str]:
    if isinstance(node.this, RANKINGS) and not node.args.get("order"):
        yield _refusal("unordered", name=node.this.sql_name().lower())


def _join(node: exp.Join) -> Iterator[str]:
    kind = (node.kind or "").upper()
    method = (node.method or "").upper()
    if kind in {"SEMI", "ANTI"}:
        yield _refusal("exists_join", kind=kind.lower())
    elif method or kind not in {"", "INNER", "OUTER", "CROSS"}:
        yield _refusal("join", kind=(method or kind).lower())


def _rows_read(node: exp.Table | exp.With) -> Iterator[str]:
    if isinstance(node, exp.With):
        if node.args.get("recursive"):
            yield _refusal("recursive")
    elif not isinstance(node.this, exp.Identifier):
        yield _refusal("table_function")
    elif node.args.get("db") or node.args.get("catalog"):
        yield _refusal("other_database", table=node.sql("duckdb"))
    elif any(mark in node.name for mark in "/.\\"):
        yield _refusal("file", table=node.name)


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
