"""What came of identity, counted: sizes of groups, systems that know each customer, values and links kept apart."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.identity.comparable import key_of


def counts_sql(entity: str) -> str:
    """One row: records, customers, the largest group."""
    return f"select count(*) as records, count(distinct id) as customers, coalesce(max(records), 0) as largest from {quote(entity + '__clusters')}"


def sizes_sql(entity: str) -> str:
    """One row per size of group: size, customers, records."""
    clusters = quote(f"{entity}__clusters")
    return (
        "select records as size, count(distinct id) as customers, count(*) as records\n"
        f"from {clusters} group by records order by records"
    )


def guarded_sql(entity: str) -> str:
    """One row per guarded value, the most tempting first."""
    return (
        "select rule, attribute, value, records, links_not_made, reason\n"
        f"from {quote(entity + '__guarded')} order by links_not_made desc, rule, hub"
    )


def refused_sql(entity: str) -> str:
    """One row per reason: rule, stopped_by, reason, how many links, of how many values."""
    return (
        "select stopped_by, reason, rule, count(*) as links\n"
        f"from {quote(entity + '__refused')} group by stopped_by, reason, rule order by links desc, reason, rule"
    )


def seen_sql(entity: str, systems: Sequence[str]) -> str:
    """One row per set of systems: s1, s2, … (1 where the system knows the customer), customers, records."""
    flags = [f"max(case when r.system = {text(name)} then 1 else 0 end) as s{n}" for n, name in enumerate(systems, start=1)]
    names = ", ".join(f"s{n}" for n in range(1, len(systems) + 1))
    return (
        f"with seen as (\n  select c.id as id, count(*) as records, {', '.join(flags)}\n"
        f"  from {quote(entity + '__clusters')} as c join {quote(entity + '__records')} as r on r.record = c.record\n"
        "  group by c.id\n)\n"
        f"select {names}, count(*) as customers, cast(sum(records) as bigint) as records\nfrom seen group by {names}\n"
        f"order by customers desc, {names}"
    )


def reach_sql(entity: str) -> str:
    """One row per system: its records, and those whose customer another system knows too."""
    return (
        "with known as (\n  select c.id as id, count(distinct r.system) as systems\n"
        f"  from {quote(entity + '__clusters')} as c join {quote(entity + '__records')} as r on r.record = c.record\n  group by c.id\n)\n"
        "select r.system as system, count(*) as records,\n"
        "  cast(sum(case when k.systems > 1 then 1 else 0 end) as bigint) as elsewhere\n"
        f"from {quote(entity + '__records')} as r join {quote(entity + '__clusters')} as c on c.record = r.record\n"
        "join known as k on k.id = c.id\ngroup by r.system order by r.system"
    )


def filled_sql(entity: str, attributes: Sequence[str]) -> str:
    """One row: of each attribute that is compared, how many records hold a value."""
    counts = ", ".join(f"count({quote(key_of(name))}) as {quote(name)}" for name in attributes)
    return f"select {counts} from {quote(entity + '__values')}"


def decided_sql(entity: str) -> str:
    """One row per line of the review, in the order of the file."""
    about = "coalesce(left_record || ' ' || right_record, 'p ' || pattern || ' ' || coalesce(band, ''), 'b ' || band) as about"
    return f'select line, id, "by", kind, verdict, stands, state, {about} from {quote(entity + "__decisions")} order by line'


def moved_ids_sql(entity: str) -> str:
    """One row per change: how many published ids were merged, were split, or are gone."""
    return f"select change, count(distinct published_id) as ids from {quote(entity + '__id_lineage')} group by change order by change"
