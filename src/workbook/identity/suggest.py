"""Suggestions: pairs of groups that no rule joined and that look alike, scored by trained weights; none changes a cluster.

The score is Fellegi and Sunter's (1969): bits of evidence log2(m/u) of each attribute's level, added to the prior's. Where
two values are the same, u is how frequent that very value is (Winkler's adjustment), so that a rare name says more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import sqlglot
from sqlglot import exp

from workbook.engine import quote
from workbook.engine.connection import to_polars
from workbook.engine.scratch import scratch
from workbook.engine.sql import text
from workbook.identity.alike import EMPTY, SAME, levels_of, pattern_of
from workbook.identity.groups import grouped
from workbook.identity.seen import digests
from workbook.identity.settle import never_merged, settled
from workbook.identity.weights import Weights

VERSION = 1
MOST_PAIRS = 100  # pairs per record that one way of blocking may give before it is left out
LEAST_PAIRS = 100_000  # and the number of pairs that is always allowed
PRIOR = "prior"
BLOCKS = {"block": pl.String, "pairs": pl.Int64, "used": pl.Boolean}


def base(proposed: pl.DataFrame, values: pl.DataFrame, never_merge: Sequence[str]) -> pl.DataFrame:
    """One row per record and its group (`root`, the group's first record) as rules, guard and never-merge keys make it."""
    nobody = pl.DataFrame(schema={"left_record": pl.String, "right_record": pl.String, "verdict": pl.String, "kind": pl.String, "stands": pl.Boolean})
    told = settled({"p": proposed, "v": values, "d": nobody}, {"proposed": "p", "values": "v", "decisions": "d", "never_merge": list(never_merge)})
    ends = ["left_number", "right_number"]
    calm = proposed.join(told, on=["rank", *ends], how="anti").select(ends)
    links = pl.concat([calm, told.filter("accepted").select(ends)])
    records = values["record"]
    return pl.DataFrame({"record": records, "root": records.gather(grouped(len(records), links["left_number"], links["right_number"]).roots())})


def blocks(compared: pl.DataFrame, block_on: Sequence[str]) -> pl.DataFrame:
    """One row per way of blocking: how many pairs of records it gives, and whether they are few enough to be scored."""
    most = max(LEAST_PAIRS, MOST_PAIRS * compared.height)
    rows = []
    with scratch(people=compared) as connection:
        for block in block_on:
            parts = ", ".join(_parts(block, ""))
            filled = " and ".join(f"({part}) is not null" for part in _parts(block, ""))
            sql = f"select cast(coalesce(sum(n * (n - 1) / 2), 0) as bigint) from (select count(*) as n from people where {filled} group by {parts}) as groups"
            pairs = int(connection.execute(sql).fetchall()[0][0])
            rows.append((block, pairs, pairs <= most))
    return pl.DataFrame(rows, schema=BLOCKS, orient="row")


def _parts(block: str, side: str) -> list[str]:
    """The expressions of one way of blocking (a comma stands between several), over one side of a pair."""
    tree = sqlglot.parse_one(f"({block})", dialect="duckdb")
    found = tree.expressions if isinstance(tree, exp.Tuple) else [tree.this if isinstance(tree, exp.Paren) else tree]
    for column in [column for part in found for column in part.find_all(exp.Column)]:
        column.set("this", exp.to_identifier(column.name, quoted=True))
        column.set("table", exp.to_identifier(side) if side else None)
    return [part.sql(dialect="duckdb") for part in found]


def columns_of(block: str) -> tuple[str, ...]:
    """The attributes that one way of blocking reads.

    >>> columns_of("substr(name, 1, 5), country")
    ('country', 'name')
    """
    return tuple(sorted({column.name for column in sqlglot.parse_one(f"({block})", dialect="duckdb").find_all(exp.Column)}))


def scored(
    records: pl.DataFrame, compared: pl.DataFrame, groups: pl.DataFrame, values: pl.DataFrame, ways: pl.DataFrame, *,
    kinds: Mapping[str, str], methods: Mapping[str, str], never_merge: Sequence[str], bands: Mapping[str, float], weights: Weights,
) -> pl.DataFrame:  # fmt: skip
    """One row per pair of groups that scores at or above the lowest band: its best pair of records, and what each attribute says."""
    lowest = min(bands.values(), default=2.0)
    used = ways.filter("used")["block"].to_list()
    people = _people(compared, groups, list(kinds))
    if used and people.height > 1:
        with scratch(people=people) as connection:
            found = to_polars(connection.sql(_scored_sql(used, kinds, weights, lowest)))
    else:
        found = pl.DataFrame(schema=_raw_schema(kinds))
    found = _apart(found, groups, values, never_merge)
    best = found.sort(["weight", "left_record", "right_record"], descending=[True, False, False]).unique(["left_root", "right_root"], keep="first", maintain_order=True)
    return _told(best.sort("left_record", "right_record"), records, kinds, methods, bands)


def _people(compared: pl.DataFrame, groups: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """One row per group and combination of its values (the first record that has it), with how frequent each value is."""
    whole = compared.join(groups, on="record")
    others = [name for name in compared.columns if name != "record"]
    rows = whole.group_by("root", *others).agg(pl.col("record").min()).sort("record")
    for name in names:
        share = compared.filter(pl.col(name).is_not_null()).group_by(name).agg((pl.len() / max(compared[name].count(), 1)).alias(f"{name} share"))
        rows = rows.join(share, on=name, how="left", maintain_order="left")
    return rows.with_row_index("n").cast({"n": pl.Int64})


def _scored_sql(block_on: Sequence[str], kinds: Mapping[str, str], weights: Weights, lowest: float) -> str:
    """Pairs within any way of blocking, each once; the level of each attribute; its bits; those that reach the lowest band."""
    pairs = "\nunion\n".join(
        "  select l.n as ln, r.n as rn from people as l join people as r on "
        + " and ".join(f"{a} = {b}" for a, b in zip(_parts(block, "l"), _parts(block, "r"), strict=True))
        + " and l.n < r.n and l.root <> r.root"
        for block in block_on
    )
    levels = ",\n    ".join(f"{_level_sql(name, kind)} as {quote(f'{name} level')}" for name, kind in kinds.items())
    shares = ", ".join(f"greatest(l.{quote(f'{name} share')}, r.{quote(f'{name} share')}) as {quote(f'{name} share')}" for name in kinds)
    bits = ",\n    ".join(f"{_bits_sql(name, kind, weights)} as {quote(f'{name} weight')}" for name, kind in kinds.items())
    total = " + ".join([repr(weights.prior_bits), *(quote(f"{name} weight") for name in kinds)])
    names = ", ".join(f"{quote(f'{name} level')}, {quote(f'{name} weight')}" for name in kinds)
    return f"""with pairs as (
{pairs}
), levelled as (
  select l.record as left_record, r.record as right_record, l.root as left_root, r.root as right_root,
    {levels}, {shares}
  from pairs join people as l on l.n = pairs.ln join people as r on r.n = pairs.rn
), weighed as (
  select *, {bits} from levelled
), summed as (
  select left_record, right_record, left_root, right_root, {names}, {total} as weight from weighed
)
select * from summed where round(1 / (1 + pow(2, -weight)), 6) >= {lowest!r}"""


def _level_sql(name: str, kind: str) -> str:
    """Which level a pair is at: 0 the strongest; -1 where a side is empty."""
    cases = " ".join(f"when {level.sql} then {number}" for number, level in enumerate(levels_of(name, kind)))
    return f"case when l.{quote(name)} is null or r.{quote(name)} is null then -1 {cases} end"


def _bits_sql(name: str, kind: str, weights: Weights) -> str:
    level, share = quote(f"{name} level"), quote(f"{name} share")
    worth = weights.levels[name]
    cases = " ".join(f"when {number} then {_same(each.m, share) if each.says == SAME and each.m < 1 else repr(each.bits)}" for number, each in enumerate(worth))
    return f"case {level} {cases} else 0.0 end"


def _same(m: float, share: str) -> str:
    """Of equal values, u is how frequent this value is; a level that was never seen is worth nothing."""
    return f"log2({m!r} / {share})"


def _raw_schema(kinds: Mapping[str, str]) -> dict[str, Any]:
    each = {f"{name} {word}": kind for name in kinds for word, kind in (("level", pl.Int32), ("weight", pl.Float64))}
    return {**dict.fromkeys(("left_record", "right_record", "left_root", "right_root"), pl.String), **each, "weight": pl.Float64}


def _apart(found: pl.DataFrame, groups: pl.DataFrame, values: pl.DataFrame, never_merge: Sequence[str]) -> pl.DataFrame:
    """Without pairs of groups that hold two values of a never-merge key."""
    held = never_merged(values, never_merge).join(groups, on="record").group_by("root", "attribute").agg(pl.col("value").min())
    for attribute in never_merge:
        mine = held.filter(pl.col("attribute") == attribute).select("root", "value")
        both = found.join(mine, left_on="left_root", right_on="root", how="left", maintain_order="left").rename({"value": "mine"})
        both = both.join(mine, left_on="right_root", right_on="root", how="left", maintain_order="left")
        found = both.filter((pl.col("mine") == pl.col("value")).fill_null(value=True)).drop("mine", "value")
    return found


def _told(best: pl.DataFrame, records: pl.DataFrame, kinds: Mapping[str, str], methods: Mapping[str, str], bands: Mapping[str, float]) -> pl.DataFrame:
    """The pairs as they are stored: lower key first, rounded, with band, pattern, evidence, and what each attribute says."""
    swap = pl.col("left_record") > pl.col("right_record")
    ends = [
        pl.when(swap).then(pl.col(f"{b}_{word}")).otherwise(pl.col(f"{a}_{word}")).alias(f"{a}_{word}") for word in ("record", "root") for a, b in (("left", "right"), ("right", "left"))
    ]
    score = (1 / (1 + pl.lit(2.0).pow(-pl.col("weight")))).round(6)
    band = pl.lit(None, dtype=pl.String)
    for name, least in sorted(bands.items(), key=lambda item: (item[1], item[0])):
        band = pl.when(pl.col("score") >= least).then(pl.lit(name)).otherwise(band)
    says = [_says(name, kind) for name, kind in kinds.items()]
    told = best.with_columns(*ends, *says, score=score).with_columns(weight=pl.col("weight").round(2), band=band)
    told = told.with_columns(pl.col(f"{name} weight").round(2) for name in kinds)
    patterns = [pattern_of(list(zip(kinds, row, strict=True))) for row in told.select(f"{name} says" for name in kinds).iter_rows()]
    pairs = list(told.select("left_record", "right_record").iter_rows())
    seen = digests(records, methods, pairs)
    told = told.with_columns(pl.Series("pattern", patterns, dtype=pl.String), pl.Series("evidence", [seen[pair] for pair in pairs], dtype=pl.String))
    each = [f"{name} {word}" for name in kinds for word in ("says", "weight")]
    return told.select("left_record", "right_record", "left_root", "right_root", "score", "weight", "band", "pattern", "evidence", *each)


def _says(name: str, kind: str) -> pl.Expr:
    words = [level.says for level in levels_of(name, kind)]
    return pl.col(f"{name} level").replace_strict([-1, *range(len(words))], [EMPTY, *words], return_dtype=pl.String).alias(f"{name} says")


def evidence_sql(entity: str, names: Sequence[str], prior: float) -> str:
    """One row per suggestion and attribute: what it says, and its bits; the row `prior` completes the sum."""
    scored_table = quote(f"{entity}__scored")
    return "\nunion all\n".join(_evidence_parts(scored_table, names, prior))


def _evidence_parts(table: str, names: Sequence[str], prior: float) -> Iterator[str]:
    yield (
        f"select left_record, right_record, cast({text(PRIOR)} as varchar) as attribute, cast(0 as bigint) as level,\n"
        f"  cast('how rare a true pair is' as varchar) as says, cast({round(prior, 2)!r} as double) as weight\nfrom {table}"
    )
    for number, name in enumerate(names, start=1):
        yield (
            f"select left_record, right_record, cast({text(name)} as varchar) as attribute, cast({number} as bigint) as level,\n"
            f"  {quote(f'{name} says')} as says, {quote(f'{name} weight')} as weight\nfrom {table}"
        )
