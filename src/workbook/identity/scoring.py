"""The score of every pair that a way of blocking finds, in SQL: levels once per pair, then
their bits, then who reaches the lowest band.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from sqlglot import exp

from workbook.dialect import parse_one, to_sql
from workbook.engine import quote
from workbook.engine.connection import to_polars
from workbook.engine.function_sandbox import scratch
from workbook.identity.comparison_levels import SAME, levels_of
from workbook.identity.shared_attributes import individual_attributes
from workbook.identity.weights import Weights

DEPENDENCE = "dependence"  # the correction of a score for attributes that depend on each other
TWO_BITS = -1.0  # the most that a pair reaches whose first name and birth date both differ: 1 in 3


def parts(block: str, side: str) -> list[str]:
    """The expressions of one way of blocking (a comma stands between several), over one side of
    a pair.
    """
    tree = parse_one(f"({block})")
    found = (
        tree.expressions
        if isinstance(tree, exp.Tuple)
        else [tree.this if isinstance(tree, exp.Paren) else tree]
    )
    for column in [column for part in found for column in part.find_all(exp.Column)]:
        column.set("this", exp.to_identifier(column.name, quoted=True))
        column.set("table", exp.to_identifier(side) if side else None)
    return [to_sql(part) for part in found]


def columns_of(block: str) -> tuple[str, ...]:
    """The attributes that one way of blocking reads.

    >>> columns_of("substr(name, 1, 5), country")
    ('country', 'name')
    """
    return tuple(sorted({column.name for column in parse_one(f"({block})").find_all(exp.Column)}))


def score(
    people: pl.DataFrame,
    block_on: Sequence[str],
    kinds: Mapping[str, str],
    weights: Weights,
    lowest: float,
) -> pl.DataFrame:
    """One row per pair of people of two groups that scores at least `lowest`: records, roots,
    level and weight of each attribute, weight.

    `people` holds a number `n`, record, root, the values, and for each attribute the bits
    (`<name> bits`) of two values that are the same.
    """
    with scratch(people=people) as connection:
        connection.execute(f"create temp table pairs as\n{_pairs_sql(block_on)}")
        # a table, or the filter would compute each level again
        connection.execute(f"create temp table weighed as\n{_weighed_sql(kinds, weights)}")
        return to_polars(
            connection.sql(_reaching_sql(kinds, lowest, correct=corrected(kinds, weights)))
        )


def _pairs_sql(block_on: Sequence[str]) -> str:
    """Pairs within any way of blocking, each once."""
    return "\nunion\n".join(
        "select l.n as ln, r.n as rn from people as l join people as r on "
        + " and ".join(
            f"{a} = {b}" for a, b in zip(parts(block, "l"), parts(block, "r"), strict=True)
        )
        + " and l.n < r.n and l.root <> r.root"
        for block in block_on
    )


def _weighed_sql(kinds: Mapping[str, str], weights: Weights) -> str:
    """Each pair with the level of each attribute and its bits, which together with the prior's
    are its weight.
    """
    levels = ",\n  ".join(
        f"{_level_sql(name, kind)} as {quote(f'{name} level')}, l.{quote(f'{name} bits')} as"
        f" {quote(f'{name} bits')}"
        for name, kind in kinds.items()
    )
    bits = ", ".join(
        f"{quote(f'{name} level')},\n  {_bits_sql(name, weights)} as {quote(f'{name} weight')}"
        for name in kinds
    )
    total = " + ".join([repr(weights.prior_bits), *(quote(f"{name} weight") for name in kinds)])
    told = (
        f"with levelled as (\n  select ln, rn, {levels}\n  from pairs join people as l on l.n = ln"
        f" join people as r on r.n = rn\n), each as (\n  select ln, rn, {bits} from levelled\n)"
    )
    if not corrected(kinds, weights):
        return f"{told}\nselect *, {total} as weight from each"
    correction = quote(f"{DEPENDENCE} weight")
    return (
        f"{told}, summed as (\n  select *, {total} as total from each\n), apart as (\n  select *,"
        f" {_shared_sql(weights)} as shared_bits, {_two_sql(kinds)} as two from summed\n)\nselect *"
        f" exclude (total), case when two then least(shared_bits, {TWO_BITS} - total) else"
        f" shared_bits end as {correction},\n  total + {correction} as weight from apart"
    )


def corrected(kinds: Mapping[str, str], weights: Weights) -> bool:
    """Whether scores are corrected for attributes that depend on each other, or for what tells
    two individuals apart.
    """
    return bool(weights.shared or individual_attributes(kinds))


def _shared_sql(weights: Weights) -> str:
    """The bits to take off, so that evidence which pairs of two different things share counts once.

    Beside strangers, whose attributes agree by chance (u), stand pairs that share a set of
    attributes: of these the set says no more than the rate of such pairs. The set that explains
    a pair best counts.
    """
    several = [
        f"-({item.bits!r} + {' + '.join(quote(f'{name} weight') for name in item.attributes)})"
        for item in weights.shared
    ]
    return f"least(0.0, {', '.join(several)})" if several else "0.0"


def _two_sql(kinds: Mapping[str, str]) -> str:
    """Whether first name and birth date both differ: such a pair is never likelier than not."""
    both = [
        f"{quote(f'{name} level')} = {len(levels_of(name, kinds[name])) - 1}"
        for name in individual_attributes(kinds)
    ]
    return f"({' and '.join(both)})" if both else "false"


def _level_sql(name: str, kind: str) -> str:
    """Which level a pair is at: 0 the strongest; -1 where a side is empty."""
    cases = " ".join(
        f"when {level.sql} then {number}" for number, level in enumerate(levels_of(name, kind))
    )
    return (
        f"cast(case when l.{quote(name)} is null or r.{quote(name)} is null then -1 {cases} end as"
        " tinyint)"
    )


def _bits_sql(name: str, weights: Weights) -> str:
    cases = " ".join(
        f"when {number} then {quote(f'{name} bits') if number == 0 else repr(item.bits)}"
        for number, item in enumerate(weights.levels[name])
    )
    return f"case {quote(f'{name} level')} {cases} else 0.0 end"


def same_bits(name: str, weights: Weights, share: pl.Expr) -> pl.Expr:
    """The bits of two equal values: u is how frequent that very value is (`share`); a level
    that was never seen is worth nothing.
    """
    worth = weights.levels[name][0]
    counted = worth.says == SAME and worth.m < 1
    return (pl.lit(worth.m) / share).log(2) if counted else pl.lit(worth.bits)


def _reaching_sql(kinds: Mapping[str, str], lowest: float, *, correct: bool) -> str:
    names = ", ".join(
        f"cast({quote(f'{name} level')} as integer) as {quote(f'{name} level')},"
        f" {quote(f'{name} weight')}"
        for name in kinds
    )
    names += f", {quote(f'{DEPENDENCE} weight')}, two" if correct else ""
    return (
        "select l.record as left_record, r.record as right_record, l.root as left_root, r.root as"
        f" right_root, {names}, weight\nfrom weighed join people as l on l.n = ln join people as r"
        f" on r.n = rn\nwhere round(1 / (1 + pow(2, -weight)), 6) >= {lowest!r}"
    )
