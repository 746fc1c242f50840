"""The ordered rules as SQL: records that share a value, and the links that each rule proposes as stars around it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.identity.normalise import VERSION
from workbook.model.parts import MatchRule

PATTERN, BAND, DECISION = "pattern", "band", "decision"  # links that people made; they come after all rules, so that they take nothing apart


def attribute_of(rule: MatchRule) -> str:
    """What a rule matches on, as one word for tables: `email + last_name`."""
    return " + ".join(rule.match)


def version_of(rule: MatchRule) -> str:
    """A short digest that changes when the rule, or how its values are normalised, changes."""
    said = json.dumps([rule.name, list(rule.match), VERSION])
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def shared_sql(entity: str, rules: Sequence[MatchRule]) -> str:
    """One row per rule and record whose value another record bears too; `hub` is the lowest record of the value.

    `reason` says why the value links nobody, as far as the value alone tells.
    """
    if not rules:
        return _nothing(entity)
    values = quote(f"{entity}__values")
    steps = [step for rank, rule in enumerate(rules, start=1) for step in (_bearers(values, rank, rule), _hubs(rank, rule))]
    rows = [_shared(rank, rule) for rank, rule in enumerate(rules, start=1)]
    return "with " + ",\n".join(steps) + "\n" + "\nunion all\n".join(rows)


def _bearers(values: str, rank: int, rule: MatchRule) -> str:
    """The records that have every value that the rule asks for."""
    numbers = range(1, len(rule.match) + 1)
    columns = ", ".join(f"v{n}.value as v{n}" for n in numbers)
    reasons = ", ".join(f"v{n}.reason" for n in numbers)
    reason = f"coalesce({reasons})" if len(rule.match) > 1 else reasons
    joins = "".join(
        f"\n  join {values} as v{n} on v{n}.record = v1.record and v{n}.attribute = {text(name)}"
        for n, name in list(enumerate(rule.match, start=1))[1:]
    )
    return (
        f"bearers_{rank} as (\n  select v1.record as record, {columns}, {reason} as reason\n"
        f"  from {values} as v1{joins}\n  where v1.attribute = {text(rule.match[0])}\n)"
    )


def _hubs(rank: int, rule: MatchRule) -> str:
    names = ", ".join(f"v{n}" for n in range(1, len(rule.match) + 1))
    return (
        f"hubs_{rank} as (\n  select {names}, min(record) as hub, count(*) as records\n"
        f"  from bearers_{rank} group by {names} having count(*) > 1\n)"
    )


def _shared(rank: int, rule: MatchRule) -> str:
    numbers = range(1, len(rule.match) + 1)
    value = " || ' + ' || ".join(f"b.v{n}" for n in numbers)
    same = " and ".join(f"h.v{n} = b.v{n}" for n in numbers)
    return (
        f"select cast({text(rule.name)} as varchar) as rule, cast({rank} as bigint) as rank,\n"
        f"  cast({text(version_of(rule))} as varchar) as version, cast({text(attribute_of(rule))} as varchar) as attribute,\n"
        f"  {value} as value, b.record as record, h.hub as hub, h.records as records, b.reason as reason\n"
        f"from bearers_{rank} as b join hubs_{rank} as h on {same}"
    )


def _nothing(entity: str) -> str:
    texts = ", ".join(f"cast(null as varchar) as {name}" for name in ("rule", "version", "attribute", "value", "record", "hub", "reason"))
    return f"select {texts}, cast(null as bigint) as rank, cast(null as bigint) as records from {quote(entity + '__records')} where 1 = 0"


def proposed_by_rules_sql(entity: str) -> str:
    """One row per link that a rule proposes and the guard lets pass.

    Each value makes a star: its lowest record against each other one. `evidence` names attributes and counts, never a value.
    """
    shared, guarded = (quote(f"{entity}__{word}") for word in ("shared", "guarded"))
    return (
        "select s.hub as left_record, s.record as right_record, s.rule as rule, s.rank as rank, s.version as version,\n"
        "  cast('rule' as varchar) as \"by\",\n"
        "  replace(s.attribute, ' + ', ' and ') || ' equal, on ' || cast(s.records as varchar) || ' records' as evidence\n"
        f"from {shared} as s\nwhere s.record <> s.hub\n"
        f"  and not exists (select 1 from {guarded} as g where g.rule = s.rule and g.hub = s.hub)"
    )


def proposed_sql(entity: str, *, by_rules: bool = False) -> str:
    """One row per link that a rule proposes and the guard lets pass, or that people made.

    `by_rules` says that what rules propose is a table of its own already.
    """
    columns = 'left_record, right_record, rule, rank, version, "by", evidence'
    rules = f"select {columns}\nfrom {quote(f'{entity}__proposed_by_rules')}" if by_rules else proposed_by_rules_sql(entity)
    return f"{rules}\nunion all\nselect {columns}\nfrom {quote(f'{entity}__accepted')}"


def links_sql(entity: str) -> str:
    """The links that hold: those in calm groups as they were proposed, those in troubled ones as they were settled."""
    proposed, settled = quote(f"{entity}__proposed"), quote(f"{entity}__settled")
    columns = ("left_record", "right_record", "rule", "rank", "version", "by", "evidence")
    plain, done = ", ".join(f"p.{name}" for name in map(quote, columns)), ", ".join(f"s.{name}" for name in map(quote, columns))
    return (
        f"select {plain}\nfrom {proposed} as p\n"
        f"where not exists (\n  select 1 from {settled} as s\n"
        "  where s.rank = p.rank and s.left_record = p.left_record and s.right_record = p.right_record\n)\n"
        f"union all\nselect {done}\nfrom {settled} as s\nwhere s.accepted"
    )


def refused_sql(entity: str) -> str:
    """The links that were proposed and do not hold, with the reason."""
    return (
        "select left_record, right_record, rule, rank, stopped_by, reason\n"
        f"from {quote(entity + '__settled')}\nwhere not accepted"
    )
