"""SQL inside YAML: one scalar expression of allowed nodes, parsed before anything uses it."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from workbook.dialect import parse, parse_one, to_sql, tokenize
from workbook.errors import WorkbookError
from workbook.model.months_from import day_so_far, months_from
from workbook.model.zones import wall
from workbook.words import error_of

_ALLOWED = (
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Paren,
    exp.And,
    exp.Or,
    exp.Not,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Is,
    exp.In,
    exp.Between,
    exp.Like,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Mod,
    exp.Neg,
    exp.Case,
    exp.If,
    exp.Coalesce,
    exp.Nullif,
    exp.Lower,
    exp.Upper,
    exp.Trim,
    exp.Length,
    exp.Substring,
    exp.Abs,
    exp.Round,
    exp.DateDiff,
    exp.Cast,
    exp.DataType,
    exp.Interval,
    exp.Var,
    exp.SplitPart,
    exp.Concat,
    exp.DPipe,
    exp.Tuple,
    exp.Greatest,
    exp.Least,
    exp.Extract,
    exp.Escape,
    exp.DataTypeParam,
    exp.TimestampTrunc,
    exp.DateTrunc,
)


# it would tell on the terminal what it could not read, and we say so ourselves
logging.getLogger("sqlglot").setLevel(logging.ERROR)

# Words of SQL that no scalar expression uses, so that they can only be names; and those that one
# may use.
_ONLY_NAMES = frozenset(
    [
        "select",
        "where",
        "having",
        "any",
        "desc",
        "asc",
        "on",
        "union",
        "set",
        "if",
        "map",
        "fetch",
        "using",
        "with",
        "cross",
        "lateral",
        "group",
        "order",
        "by",
        "limit",
        "values",
        "join",
        "into",
    ]
)
_WORDS = _ONLY_NAMES | frozenset(
    [
        "from",
        "case",
        "when",
        "then",
        "else",
        "end",
        "in",
        "is",
        "like",
        "between",
        "and",
        "or",
        "not",
        "null",
        "interval",
        "cast",
    ]
)


_DEPTH = 100  # nodes inside one another


class ExpressionError(WorkbookError):
    """An expression in the model that is not one scalar expression of allowed parts."""


@lru_cache(maxsize=4096)
def scalar_expression(text: str) -> tuple[exp.Expression, tuple[str, ...]]:
    """The parsed expression, and the names that it reads: `attribute` or `other.attribute`, in
    order of appearance.

    Raises:
        ExpressionError: it does not parse, or holds a subquery, an aggregate, a window or an
          unknown function.
    """
    try:
        return _scalar(text, text)
    except ExpressionError:
        quoted = _with_names_quoted(text)
        if quoted == text:
            raise
        try:
            return _scalar(quoted, text)
        except ExpressionError:
            pass
        raise


def names_in(text: str) -> tuple[str, ...]:
    """The names that an expression reads; none where none is written, or where it is no
    expression (which is said where it stands).
    """
    try:
        return scalar_expression(text)[1] if text else ()
    except ExpressionError:
        return ()


def _scalar(sql: str, text: str) -> tuple[exp.Expression, tuple[str, ...]]:
    try:
        trees = _parsed(sql)
    except SqlglotError as error:
        word = _word_of_sql(text)
        raise error_of(
            ExpressionError, "model.sql.not_an_expression", text=text, word=word
        ) from error
    if len(trees) != 1 or trees[0] is None:
        raise error_of(ExpressionError, "model.sql.several_expressions", text=text)
    names: dict[str, None] = {}
    for node in trees[0].walk():
        if not isinstance(node, _ALLOWED):
            word = (
                to_sql(node)
                if isinstance(node, (exp.Func, exp.Anonymous))
                else type(node).__name__.lower()
            )
            raise error_of(ExpressionError, "model.sql.not_allowed", word=word)
        if isinstance(node, exp.Column):
            names[".".join(part.name for part in node.parts)] = None
    return trees[0], tuple(names)


def _parsed(text: str) -> list[exp.Expression | None]:
    """The statements of a text, none of which is nested so deep that whoever works on it gives
    up.
    """
    try:
        trees = parse(text)
    except RecursionError as error:
        raise error_of(ExpressionError, "model.sql.too_deep") from error
    waiting = [(tree, 0) for tree in trees if tree is not None]
    while waiting:
        node, depth = waiting.pop()
        depth += not isinstance(node, exp.Binary)  # a chain of any length is no nesting
        if depth > _DEPTH:
            raise error_of(ExpressionError, "model.sql.too_deep")
        waiting += [(expression, depth) for expression in node.iter_expressions()]
    return list(trees)


def _with_names_quoted(text: str) -> str:
    """The text with words of SQL that no expression uses in quotes: there they can only be
    names.
    """
    try:
        tokens = tokenize(text)
    except SqlglotError:
        return text
    following = [*tokens[1:], None][: len(tokens)]  # none of an empty text
    for token, after in reversed(list(zip(tokens, following, strict=True))):
        written = text[token.start : token.end + 1]
        called = after is not None and after.token_type == TokenType.L_PAREN
        if (
            written.isidentifier()
            and written == token.text
            and written.lower() in _ONLY_NAMES
            and not called
        ):
            text = f'{text[: token.start]}"{written}"{text[token.end + 1 :]}'
    return text


def _word_of_sql(text: str) -> str:
    """The first word of a text that is one of SQL, and perhaps a name; '' without any."""
    return next((word for word in re.findall(r"\w+", text) if word.lower() in _WORDS), "")


def is_condition(tree: exp.Expression, kinds: Mapping[str, str]) -> bool:
    """Whether an expression is true or false of a row; `kinds` are the types of its columns."""
    if isinstance(tree, (exp.And, exp.Or)):
        return is_condition(tree.this, kinds) and is_condition(tree.expression, kinds)
    if isinstance(tree, (exp.Not, exp.Paren)):
        return is_condition(tree.this, kinds)
    if isinstance(tree, exp.Column):
        return kinds.get(tree.name) == "boolean"
    if isinstance(tree, exp.Coalesce):
        return all(is_condition(item, kinds) for item in (tree.this, *tree.expressions))
    if isinstance(tree, exp.Case):
        results = [branch.args["true"] for branch in tree.args["ifs"]] + [
            tree.args.get("default") or exp.false()
        ]
        return all(is_condition(result, kinds) for result in results)
    if isinstance(tree, exp.Cast):
        return bool(tree.to.this == exp.DataType.Type.BOOLEAN)
    return isinstance(tree, (exp.Predicate, exp.Boolean, exp.Null))


def monday_week(tree: exp.Expression) -> str:
    """The first part of an expression that takes weeks to begin on Monday, as SQL; '' where
    none does.

    >>> monday_week(scalar_expression("date_trunc('week', sold_on)")[0])
    "DATE_TRUNC('WEEK', sold_on)"
    >>> monday_week(scalar_expression("date_trunc('week', d + interval 1 day) - interval 1 day")[0])
    ''
    """
    for node in tree.find_all(exp.TimestampTrunc, exp.DateTrunc, exp.DateDiff, exp.Extract):
        unit = node.this if isinstance(node, exp.Extract) else node.args.get("unit")
        # a week from another day, written out
        moved = isinstance(node.this, exp.Add) and node.this.find(exp.Interval)
        if unit is not None and unit.name.upper() in ("WEEK", "WEEKS", "ISOWEEK") and not moved:
            return to_sql(node)
    return ""


def quoted_sql(
    text: str,
    day: dt.date,
    table: str = "",
    columns: Mapping[str, str] = MappingProxyType({}),
    zones: Mapping[str, str] | None = None,
) -> str:
    """An expression whose names all are columns, of `table` where one is named: quoted, `as_of`
    written as the day, nothing divided by zero.

    `columns` are names with a column of their own, which come before the day where one of them
    is `as_of`. Months before `as_of` are counted from the end of its day. `zones` names columns
    of instants and the time zone in which each is read, as days of the business are.
    """
    return quoted_tree(scalar_expression(text)[0], day, table, columns, zones)


def quoted_tree(
    tree: exp.Expression,
    day: dt.date,
    table: str = "",
    columns: Mapping[str, str] = MappingProxyType({}),
    zones: Mapping[str, str] | None = None,
) -> str:
    """The same of a parsed expression."""

    def is_day(node: exp.Column) -> bool:
        return node.name == "as_of" and "as_of" not in columns

    def named(node: exp.Expression) -> exp.Expression:
        if (months := months_from(node, is_day)) is not None:
            return day_so_far(months, f"cast('{day + dt.timedelta(days=1)} 00:00:00' as timestamp)")
        if not isinstance(node, exp.Column):
            return node
        if is_day(node):
            return exp.cast(exp.Literal.string(str(day)), "date")
        name = columns.get(node.name, node.name)
        column = exp.column(
            exp.to_identifier(name, quoted=True),
            table=exp.to_identifier(table, quoted=True) if table else None,
        )
        return (
            parse_one(wall(to_sql(column), zones[node.name]))
            if zones and node.name in zones
            else column
        )

    return to_sql(without_zero(tree.transform(named)))


def without_zero(tree: exp.Expression) -> exp.Expression:
    """The expression with every divisor NULL where it is zero: a division by zero has no value.

    The engine says infinity, which is greater than any limit, or ends the query. DuckDB 2.0 also
    fails where split_part of a column without any value is compared, so it is asked of values only.
    """

    def place(node: exp.Expression) -> exp.Expression:
        if isinstance(node, (exp.Div, exp.Mod)) and not isinstance(node.expression, exp.Nullif):
            node.set(
                "expression",
                exp.Nullif(this=node.expression.copy(), expression=exp.Literal.number(0)),
            )
        if isinstance(node, exp.SplitPart):
            return exp.Case().when(
                exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null())), node.copy()
            )
        return node

    return tree.transform(place)


@lru_cache(maxsize=256)
def one_query(text: str) -> tuple[exp.Query, tuple[str, ...], tuple[str, ...]]:
    """A whole query inside YAML: its tree, the columns that it gives, and the tables that it reads.

    Raises:
        ExpressionError: it does not parse, is more than one statement, or is anything but a select.
    """
    try:
        trees = [tree for tree in _parsed(text) if tree is not None]
    except SqlglotError as error:
        why = _plain(str(error))
        raise error_of(ExpressionError, "model.sql.not_read", why=why) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        kind = type(trees[0]).__name__.lower() if len(trees) == 1 else ""
        raise error_of(
            ExpressionError, "model.sql.not_one_select", statements=len(trees), kind=kind
        )
    if any(item.args.get("recursive") for item in trees[0].find_all(exp.With)):
        raise error_of(ExpressionError, "model.sql.recursive")
    own = {cte.alias for cte in trees[0].find_all(exp.CTE)}
    tables = dict.fromkeys(
        ".".join(part.name for part in table.parts)
        for table in trees[0].find_all(exp.Table)
        if table.name not in own or table.db
    )
    return trees[0], tuple(trees[0].named_selects), tuple(tables)


def _plain(message: str) -> str:
    """The first line of a parser's message, without the marks that a terminal would colour."""
    return re.sub(r"\x1b\[[0-9;]*m", "", message.splitlines()[0]).split(" Line ")[0].rstrip(".")


def conjuncts(*texts: str) -> list[str]:
    """The conditions that must all hold, each once, as they are written.

    >>> conjuncts("a and b = 1", "b = 1", "c or d")
    ['a', 'b = 1', 'c or d']
    """
    found: dict[str, str] = {}
    for text in filter(None, texts):
        tree = scalar_expression(text)[0]
        parts = list(tree.flatten()) if isinstance(tree, exp.And) else [tree]
        written = re.split(r"\s+and\s+", text.strip(), flags=re.IGNORECASE)
        if len(written) != len(parts):  # an `and` inside brackets or a text
            parts, written = [tree], [text]
        for part, said in zip(parts, written, strict=True):
            found.setdefault(to_sql(part.unnest()), said)
    return list(found.values())
