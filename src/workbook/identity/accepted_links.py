"""What people made of suggestions: links accepted pair by pair, by pattern and by band; and
what still waits.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.identity.decision_status import CHANGED, DISPUTED
from workbook.identity.match_rules import BAND, DECISION, PATTERN

SUGGESTION = (
    "left_record",
    "right_record",
    "left_root",
    "right_root",
    "score",
    "weight",
    "band",
    "pattern",
    "evidence",
)


def tiers(rules: int) -> dict[str, int]:
    """The rank of links that people made, after those of the rules: by pattern, by band, pair
    by pair.
    """
    return {PATTERN: rules + 1, BAND: rules + 2, DECISION: rules + 3}


def accepted_sql(entity: str, rules: int, *, suggests: bool) -> str:
    """One row per link that people made.

    A pair that was decided stands for itself. Of a pattern or a band that was signed off as the
    same, every suggestion is accepted that no single word holds back: none that a person told
    apart, and none whose values changed since it was decided. What was signed off of its
    pattern goes before what was signed off of its band.
    """
    rank = tiers(rules)
    single = (
        f"select d.left_record, d.right_record, cast({text(DECISION)} as varchar) as rule,"
        f' cast({rank[DECISION]} as bigint) as rank,\n  d.version as version, d."by" as "by",'
        f" d.evidence as evidence\nfrom {quote(f'{entity}__decisions')} as d\nwhere d.kind = 'pair'"
        " and d.stands and d.verdict = 'same'"
    )
    if not suggests:
        return single
    return f"with {_judged(entity)}\n{single}" + "".join(
        f"\nunion all\n{_signed_off(entity, word, rank[word])}" for word in (PATTERN, BAND)
    )


def waiting_sql(entity: str) -> str:
    """One row per suggestion that nobody decided and whose two records are not one customer anyway.

    What two people say differently of waits too, and what was decided about values that have
    changed since.
    """
    columns = ", ".join(f"s.{name}" for name in SUGGESTION)
    clusters = quote(f"{entity}__clusters")
    return (
        f"with {_judged(entity)}\nselect {columns}\nfrom {quote(f'{entity}__suggestions')} as"
        " s\njoin judged as j on j.left_record = s.left_record and j.right_record ="
        f" s.right_record\njoin {clusters} as l on l.record = s.left_record\njoin {clusters} as r"
        " on r.record = s.right_record\nwhere l.id <> r.id and j.decided = 0\n  and (j.held = 1 or"
        " j.pattern_disputed = 1 or (j.pattern_id is null and (j.band_disputed = 1 or j.band_id is"
        " null)))"
    )


def _judged(entity: str) -> str:
    """One row per suggestion: whether it was decided singly (decided), whether a single word
    keeps it out of what was signed off (held), and what was signed off of its pattern and its
    band.
    """
    suggestions, decisions = quote(f"{entity}__suggestions"), quote(f"{entity}__decisions")
    pairs = (
        "pairs as (\n  select left_record, right_record,\n"
        f"    max(case when stands and state <> {text(DISPUTED)} then 1 else 0 end) as decided,\n"
        f"    max(case when stands or state = {text(CHANGED)} then 1 else 0 end) as held\n"
        f"  from {decisions} where kind = 'pair' group by left_record, right_record\n)"
    )
    signed = [
        f"{word}s as (\n  select s.left_record, s.right_record, min(d.id) as id,\n    max(case when"
        " d.verdict = 'different' then 1 else 0 end) as apart,\n    max(case when d.state ="
        f" {text(DISPUTED)} then 1 else 0 end) as disputed\n  from {suggestions} as s join"
        f" {decisions} as d on d.kind = '{word}' and d.stands and {on}\n  group by s.left_record,"
        " s.right_record\n)"
        for word, on in (
            (PATTERN, "d.pattern = s.pattern and (d.band is null or d.band = s.band)"),
            (BAND, "d.band = s.band"),
        )
    ]
    parts = [
        f"{word}s.id as {word}_id, coalesce({word}s.apart, 0) as {word}_apart,"
        f" coalesce({word}s.disputed, 0) as {word}_disputed"
        for word in (PATTERN, BAND)
    ]
    joined = [_joined(name) for name in ("pairs", f"{PATTERN}s", f"{BAND}s")]
    judged = (
        "judged as (\n  select s.left_record, s.right_record, s.pattern, s.band,"
        " coalesce(pairs.decided, 0) as decided, coalesce(pairs.held, 0) as held,\n   "
        f" {_lines(parts)}\n  from {suggestions} as s\n  {' '.join(joined)}\n)"
    )
    return ",\n".join([pairs, *signed, judged])


def _lines(parts: Sequence[str]) -> str:
    return ",\n    ".join(parts)


def _joined(name: str) -> str:
    return (
        f"left join {name} on {name}.left_record = s.left_record and {name}.right_record ="
        " s.right_record"
    )


def _signed_off(entity: str, word: str, rank: int) -> str:
    """The links of one kind of sign-off; a band gives way to whatever was signed off of the
    pattern.
    """
    unless = " and j.pattern_id is null" if word == BAND else ""
    return (
        f"select j.left_record, j.right_record, '{word} ' || j.{word} as rule, cast({rank} as"
        ' bigint) as rank,\n  d.version as version, d."by" as "by", d.evidence as'
        f" evidence\nfrom judged as j join {quote(f'{entity}__decisions')} as d on d.id ="
        f" j.{word}_id\nwhere j.held = 0 and j.{word}_apart = 0{unless}"
    )
