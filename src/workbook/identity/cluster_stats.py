"""What came of identity, counted: sizes of groups, systems that know each customer, values and
links kept apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.identity.compared_values import key_of, why_of
from workbook.identity.connected_components import count
from workbook.identity.list_comparison import VALUE
from workbook.identity.match_reasons import TOO_MANY
from workbook.identity.match_rules import DECISION
from workbook.model.schema import MatchRule


def counts_sql(entity: str) -> str:
    """One row: records, customers, the largest group."""
    return (
        "select count(*) as records, count(distinct id) as customers, coalesce(max(records), 0) as"
        f" largest from {quote(entity + '__clusters')}"
    )


def sizes_sql(entity: str) -> str:
    """One row per size of group: size, customers, records."""
    clusters = quote(f"{entity}__clusters")
    return (
        "select records as size, count(distinct id) as customers, count(*) as records\n"
        f"from {clusters} group by records order by records"
    )


def streams_sql(entity: str) -> str:
    """One row per system, rule that matched a record ('' where none did), and whether its
    customer has several records: records, and customers, each in equal parts to its records.
    """
    clusters, records = quote(f"{entity}__clusters"), quote(f"{entity}__records")
    return f"""select r._system as system, coalesce(c.rule, '') as rule, c.records > 1 as matched,
  count(*) as records, sum(1.0 / c.records) as customers
from {clusters} as c join {records} as r on r._record = c.record
group by r._system, coalesce(c.rule, ''), c.records > 1
order by system, rule, matched"""


def guarded_sql(entity: str) -> str:
    """One row per guarded value, the most tempting first."""
    return (
        "select rule, attribute, value, records, links_not_made, reason\n"
        f"from {quote(entity + '__guarded')} order by links_not_made desc, rule, hub, value"
    )


def split_sql(entity: str, *, numbered: bool = False) -> str:
    """One row per pair of customers that a value over the limit would have joined: left, right.

    `numbered` says that a rule matches on lists, so that two records may share several values.
    """
    shared, guarded, values, clusters = (
        quote(f"{entity}__{word}") for word in ("shared", "guarded", "values", "clusters")
    )
    same = f" and s.{VALUE} = g.{VALUE}" if numbered else ""
    return (
        f"select distinct lc.id as left_id, rc.id as right_id\nfrom {guarded} as g\njoin {shared}"
        f" as s on s.rank = g.rank and s.hub = g.hub{same} and s.number <> s.hub\njoin {values} as"
        f" l on l.number = s.hub\njoin {values} as r on r.number = s.number\njoin {clusters} as lc"
        f" on lc.record = l.record\njoin {clusters} as rc on rc.record = r.record\nwhere"
        f" starts_with(g.reason, {text(TOO_MANY)}) and lc.id <> rc.id"
    )


def split(pairs: pl.DataFrame) -> int:
    """How many customers fewer there would be if these pairs were joined."""
    ids = (
        pl.concat([pairs["left_id"], pairs["right_id"]])
        .unique()
        .sort()
        .to_frame("id")
        .with_row_index("number", 1)
    )
    left, right = (
        pairs.join(ids, left_on=end, right_on="id", how="left", maintain_order="left")[
            "number"
        ].cast(pl.Int64)
        for end in pairs.columns
    )
    return ids.height - count(ids.height, left, right)


def refused_sql(entity: str) -> str:
    """One row per reason: rule, stopped_by, reason, how many links, of how many values."""
    return (
        f"select stopped_by, reason, rule, count(*) as links\nfrom {quote(entity + '__refused')}"
        " group by stopped_by, reason, rule order by links desc, reason, rule"
    )


def seen_sql(entity: str, systems: Sequence[str]) -> str:
    """One row per set of systems: s1, s2, … (1 where the system knows the customer), customers,
    records.
    """
    flags = [
        f"max(case when r._system = {text(name)} then 1 else 0 end) as s{n}"
        for n, name in enumerate(systems, start=1)
    ]
    names = ", ".join(f"s{n}" for n in range(1, len(systems) + 1))
    return (
        f"with seen as (\n  select c.id as id, count(*) as records, {', '.join(flags)}\n  from"
        f" {quote(entity + '__clusters')} as c join {quote(entity + '__records')} as r on r._record"
        f" = c.record\n  group by c.id\n)\nselect {names}, count(*) as customers, cast(sum(records)"
        f" as bigint) as records\nfrom seen group by {names}\norder by customers desc, {names}"
    )


def reach_sql(entity: str) -> str:
    """One row per system: its records, and those whose customer another system knows too."""
    return (
        "with known as (\n  select c.id as id, count(distinct r._system) as systems\n  from"
        f" {quote(entity + '__clusters')} as c join {quote(entity + '__records')} as r on r._record"
        " = c.record\n  group by c.id\n)\nselect r._system as system, count(*) as records,\n "
        " cast(sum(case when k.systems > 1 then 1 else 0 end) as bigint) as elsewhere\nfrom"
        f" {quote(entity + '__records')} as r join {quote(entity + '__clusters')} as c on c.record"
        " = r._record\njoin known as k on k.id = c.id\ngroup by r._system order by r._system"
    )


def filled_sql(entity: str, attributes: Mapping[str, str]) -> str:
    """One row: of each attribute that is compared, in the order given, how many records hold a
    value; `attributes` names the column of each.
    """
    counts = ", ".join(
        f"count({quote(key_of(column))}) as n{number}"
        for number, column in enumerate(attributes.values())
    )
    return f"select {counts} from {quote(entity + '__values')}"


def overruled_sql(entity: str) -> str:
    """One row: links between records that a person joined and that do not hold."""
    return (
        f"select count(*) as links from {quote(entity + '__refused')} where rule = {text(DECISION)}"
    )


def merges_sql(entity: str) -> str:
    """One row: records that the source merged away (merged), into how many (survivors), of
    which no row is left (gone), survivors without a row (missing), records in circles
    (circles), with several survivors (several).
    """
    counted = {
        "merged": "m.state = 'merged' and m.stands <> 'nothing'",
        "gone": "m.state = 'merged' and m.stands <> 'nothing' and not m.in_file",
        "missing": "m.state = 'survivor'",
        "circles": "m.state = 'circle'",
        "several": "m.state = 'several survivors'",
    }
    sums = ", ".join(
        f"cast(coalesce(sum(case when {condition} then 1 else 0 end), 0) as bigint) as {name}"
        for name, condition in counted.items()
    )
    survivors = f"count(distinct case when {counted['merged']} then m.survivor end) as survivors"
    return f"select {sums}, {survivors}\nfrom {quote(entity + '__merges')} as m"


def unkeyed_sql(entity: str, rules: Sequence[MatchRule]) -> str:
    """One row: records by which no rule could match anything (records), and the customers that
    are made of such records alone.
    """
    has = " or ".join(
        "("
        + " and ".join(
            f"({quote(key_of(name))} is not null and {quote(why_of(name))} is null)"
            for name in rule.match
        )
        + ")"
        for rule in rules
    )
    return (
        f"with asked as (\n  select v.record as record, c.id as id, case when {has} then 1 else 0"
        f" end as keyed\n  from {quote(entity + '__values')} as v left join"
        f" {quote(entity + '__clusters')} as c on c.record = v.record\n),\nalone as (\n  select id"
        " from asked where id is not null group by id having max(keyed) = 0\n)\nselect (select"
        " count(*) from asked where keyed = 0) as records, (select count(*) from alone) as"
        " customers,\n  (select count(*) from asked where id is null) as left_out"
    )


def decided_sql(entity: str) -> str:
    """One row per line of the review, in the order of the file."""
    about = (
        "coalesce(left_record || ' ' || right_record, 'p ' || pattern || ' ' || coalesce(band, ''),"
        " 'b ' || band) as about"
    )
    return (
        f'select line, id, "by", kind, verdict, stands, state, {about} from'
        f" {quote(entity + '__decisions')} order by line"
    )


def moved_ids_sql(entity: str) -> str:
    """One row per change: how many published ids were merged, were split, or are gone."""
    return (
        f"select change, count(distinct published_id) as ids from {quote(entity + '__id_lineage')}"
        " group by change order by change"
    )
