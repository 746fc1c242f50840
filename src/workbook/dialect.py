"""The dialect in which SQL is written here and expressions of a model are read: the one place
that names it.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.tokens import Token

DIALECT = "duckdb"


def parse_one(text: str) -> exp.Expression:
    """The tree of one expression or query.

    Raises:
        sqlglot.errors.SqlglotError: it does not parse.
    """
    return sqlglot.parse_one(text, dialect=DIALECT)


def parse(text: str) -> list[exp.Expression | None]:
    """The trees of all statements in a text; None for an empty one.

    Raises:
        sqlglot.errors.SqlglotError: one of them does not parse.
    """
    return sqlglot.parse(text, dialect=DIALECT)


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, in order.

    Raises:
        sqlglot.errors.SqlglotError: a quote or comment is not closed.
    """
    return sqlglot.tokenize(text, dialect=DIALECT)


def to_sql(tree: exp.Expression, *, pretty: bool = False) -> str:
    """The SQL of a tree.

    >>> to_sql(parse_one("a  =  1"))
    'a = 1'
    """
    return tree.sql(dialect=DIALECT, pretty=pretty)
