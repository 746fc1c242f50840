"""The ordered rules as SQL: records that share a value, and the links that each rule proposes
as stars around it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.identity.compared_values import borne_of, key_of, why_of
from workbook.identity.list_comparison import VALUE, list_keys_name
from workbook.model.schema import MatchRule
from workbook.model.types.normalise import VERSION

# of a rule's link told once it holds: the same texts on every row cost as much as all else
TOLD = ("rule", "version", "by", "evidence")
# numbers stand in the order of the records, and sort at half the cost
ENDS = ("rank", "left_number", "right_number")
PROPOSED = (*ENDS, "records", *TOLD)
LINK = ("left_number", "right_number", "rule", "rank", "version", "by", "evidence")
SEPARATOR = " + "  # between the values of a combination
BESIDE = f" || '{SEPARATOR}' || "
# links of rank 0: what the source itself merged comes before all rules
MERGED = "merged by the source"
# links that people made; ranked after all rules, so that each rule shows what it joins itself
PATTERN, BAND, DECISION = "pattern", "band", "decision"


def attribute_of(rule: MatchRule) -> str:
    """What a rule matches on, as one word for tables: `email + last_name`."""
    return " + ".join(rule.match)


def version_of(rule: MatchRule) -> str:
    """A short digest that changes when the rule, or how its values are normalised, changes."""
    said = json.dumps([rule.name, list(rule.match), VERSION])
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def shared_sql(entity: str, rules: Sequence[MatchRule], lists: Collection[str] = ()) -> str:
    """One row per rule and record whose value another record bears too; `hub` is the lowest
    record of the value.

    `reason` says why the value links nobody, as far as the value alone tells. The value itself
    stands in the hub's row. Where a rule matches on `lists`, attributes of which a record may
    hold several values, a record has a row for each value that it shares, and `value_number`
    tells the values of one hub apart.
    """
    values = quote(f"{entity}__values")
    numbered = matches_lists(rules, lists)
    if not rules:
        return _nothing(values)
    parts = (
        (
            _shared_in_lists(entity, rank, rule, lists)
            if matches_lists([rule], lists)
            else _shared(values, rank, rule, numbered=numbered)
        )
        for rank, rule in enumerate(rules, start=1)
    )
    return "\nunion all\n".join(parts)


def matches_lists(rules: Sequence[MatchRule], lists: Collection[str]) -> bool:
    """Whether a rule matches on an attribute of which a record may hold several values."""
    return any(name in lists for rule in rules for name in rule.match)


def _shared(values: str, rank: int, rule: MatchRule, *, numbered: bool) -> str:
    keys = [quote(key_of(name)) for name in rule.match]
    borne = f"over (partition by {', '.join(keys)})"
    reasons = ", ".join(quote(why_of(name)) for name in rule.match)
    only = f", cast(1 as bigint) as {VALUE}" if numbered else ""
    return (
        f"select cast({rank} as bigint) as rank, number, hub, records, reason, case when number ="
        f" hub then {BESIDE.join(keys)} end as value{only}\nfrom (\n  select number, min(number)"
        f" {borne} as hub, count(*) {borne} as records,\n   "
        f" {f'coalesce({reasons})' if len(rule.match) > 1 else reasons} as reason,"
        f" {', '.join(keys)}\n  from {values}\n  where"
        f" {' and '.join(quote(borne_of(name)) for name in rule.match)}\n) as bearers_{rank}\nwhere"
        " records > 1"
    )


def _shared_in_lists(entity: str, rank: int, rule: MatchRule, lists: Collection[str]) -> str:
    """The same of a rule with lists: each combination of the values of a record is a value."""
    listed = {name: f"l{rank}" for rank, name in enumerate(rule.match) if name in lists}
    joins = "".join(
        f"\n  join {quote(list_keys_name(entity, name))} as {alias} on {alias}.number = v.number"
        for name, alias in listed.items()
    )
    keys, reasons, borne = (
        [
            f"{listed[name]}.{word}" if name in listed else f"v.{quote(of(name))}"
            for name in rule.match
        ]
        for word, of in (("key", key_of), ("why", why_of), ("borne", borne_of))
    )
    names = [f"k{rank}" for rank in range(len(keys))]
    told = ", ".join(f"{key} as {name}" for key, name in zip(keys, names, strict=True))
    together = f"over (partition by {', '.join(keys)})"
    reason = f"coalesce({', '.join(reasons)})" if len(reasons) > 1 else reasons[0]
    return (
        f"select cast({rank} as bigint) as rank, number, hub, records, reason,\n  case when number"
        f" = hub then {BESIDE.join(names)} end as value,\n  cast(dense_rank() over (partition by"
        f" hub order by {', '.join(names)}) as bigint) as {VALUE}\nfrom (\n  select v.number as"
        f" number, min(v.number) {together} as hub,\n    count(*) {together} as records, {reason}"
        f" as reason, {told}\n  from {quote(f'{entity}__values')} as v{joins}\n  where"
        f" {' and '.join(borne)}\n) as bearers_{rank}\nwhere records > 1"
    )


def _nothing(values: str) -> str:
    numbers = ", ".join(
        f"cast(null as bigint) as {name}" for name in ("rank", "number", "hub", "records")
    )
    return (
        f"select {numbers}, cast(null as varchar) as reason, cast(null as varchar) as value from"
        f" {values} where 1 = 0"
    )


def proposed_by_rules_sql(
    entity: str, rules: Sequence[MatchRule], *, numbered: bool = False
) -> str:
    """One row per link between two numbered records that a rule proposes and the guard lets pass.

    Each value makes a star: its lowest record against each other one. What is told of a link
    follows from its rank and from how many records bear the value. `numbered` says that a rule
    matches on lists: two records may share several values, each a link with its `value_number`.
    """
    more, same = (
        (f", s.{VALUE} as {VALUE}", f" and g.{VALUE} = s.{VALUE}") if numbered else ("", "")
    )
    shared, guarded = (quote(f"{entity}__{word}") for word in ("shared", "guarded"))
    return (
        "select s.rank as rank, s.hub as left_number, s.number as right_number, s.records as"
        " records,\n "
        f" {', '.join(f'cast(null as varchar) as {quote(word)}' for word in TOLD)}{more}\nfrom"
        f" {shared} as s\nwhere s.number <> s.hub\n  and not exists (select 1 from {guarded} as g"
        f" where g.rank = s.rank and g.hub = s.hub{same})"
    )


def _told(rules: Sequence[MatchRule], link: str, names: Sequence[str]) -> str:
    """Columns of a link as it is told: of its rule, the rule's version, who made it and on what
    evidence, which names attributes and counts, never a value.
    """
    ranked = dict(enumerate(rules, start=1))
    equal = {rank: f"{' and '.join(rule.match)} equal, on " for rank, rule in ranked.items()}
    said = {
        "rule": _of_rank(link, {rank: rule.name for rank, rule in ranked.items()}),
        "version": _of_rank(link, {rank: version_of(rule) for rank, rule in ranked.items()}),
        "by": _of_rank(link, dict.fromkeys(ranked, "rule")),
        "evidence": f"{_of_rank(link, equal)} || cast({link}.records as varchar) || ' records'",
    }
    return ", ".join(
        (
            f"coalesce({link}.{quote(name)}, {said[name]}) as {quote(name)}"
            if name in said
            else f"{link}.{quote(name)}"
        )
        for name in names
    )


def _of_rank(link: str, words: Mapping[int, str]) -> str:
    """What each rule says, by its rank."""
    cases = " ".join(f"when {link}.rank = {rank} then {text(word)}" for rank, word in words.items())
    return f"case {cases} end" if cases else "cast(null as varchar)"


def proposed_sql(
    entity: str,
    rules: Sequence[MatchRule],
    *,
    by_rules: bool = False,
    merges: bool = False,
    numbered: bool = False,
) -> str:
    """One row per link that a rule proposes and the guard lets pass, that people made, or that
    the source says itself.

    `by_rules` says that what rules propose is a table of its own already, `merges` that a source
    merged records, `numbered` that a rule matches on lists.
    """
    accepted, values = (quote(f"{entity}__{word}") for word in ("accepted", "values"))
    proposed = proposed_by_rules_sql(entity, rules, numbered=numbered)
    if by_rules:
        columns = f"{_columns('p')}, p.{VALUE}" if numbered else _columns("p")
        proposed = f"select {columns}\nfrom {quote(f'{entity}__proposed_by_rules')} as p"
    only = f", cast(1 as bigint) as {VALUE}" if numbered else ""
    return (
        f"{proposed}\nunion all\nselect a.rank, l.number as left_number, r.number as right_number,"
        f' cast(null as bigint) as records, a.rule, a.version, a."by", a.evidence{only}\nfrom'
        f" {accepted} as a\njoin {values} as l on l.record = a.left_record\njoin {values} as r on"
        f" r.record = a.right_record{_merged_sql(entity, values, only) if merges else ''}"
    )


def _merged_sql(entity: str, values: str, only: str) -> str:
    return (
        "\nunion all\nselect cast(0 as bigint) as rank, least(l.number, r.number) as left_number,"
        " greatest(l.number, r.number) as right_number,\n  cast(null as bigint) as records,"
        f" cast({text(MERGED)} as varchar) as rule, cast('source' as varchar) as version, m.source"
        " as \"by\",\n  cast('its source merged the one into the other' as varchar) as"
        f" evidence{only}\nfrom {quote(f'{entity}__merges')} as m\njoin {values} as l on l.record ="
        f" m.record\njoin {values} as r on r.record = m.survivor\nwhere l.number <> r.number"
    )


def links_sql(entity: str, rules: Sequence[MatchRule], *, numbered: bool = False) -> str:
    """The links that hold: those in calm groups as they were proposed, those in troubled ones
    as they were settled.

    Two records that share several values of a list are linked once, by the value that the fewest
    records bear.
    """
    proposed, settled, values = (
        quote(f"{entity}__{word}") for word in ("proposed", "settled", "values")
    )
    fewest = {"records": "min(p.records) as records"} if numbered else {}
    calm = ", ".join(fewest.get(name, f"p.{quote(name)}") for name in PROPOSED)
    others = ", ".join(f"p.{quote(name)}" for name in PROPOSED if name not in fewest)
    once = f"  group by {others}\n" if numbered else ""
    return (
        "select l.record as left_record, r.record as right_record,\n "
        f" {_told(rules, 'h', LINK)}\nfrom (\n  select {calm} from {proposed} as p\n  where not"
        f" exists (\n    select 1 from {settled} as s\n    where s.rank = p.rank and s.left_number"
        f" = p.left_number and s.right_number = p.right_number\n  )\n{once}  union all\n  select"
        f" {_columns('s')} from {settled} as s where s.accepted\n) as h\njoin {values} as l on"
        f" l.number = h.left_number\njoin {values} as r on r.number = h.right_number"
    )


def _columns(table: str) -> str:
    return ", ".join(f"{table}.{quote(name)}" for name in PROPOSED)


def refused_sql(entity: str, rules: Sequence[MatchRule]) -> str:
    """The links that were proposed and do not hold, with the reason."""
    settled, values = quote(f"{entity}__settled"), quote(f"{entity}__values")
    return (
        "select l.record as left_record, r.record as right_record,"
        f" {_told(rules, 's', ('rule', 'rank'))}, s.stopped_by, s.reason\nfrom {settled} as s\njoin"
        f" {values} as l on l.number = s.left_number\njoin {values} as r on r.number ="
        " s.right_number\nwhere not s.accepted"
    )
