"""Why a value stands: every record's value of one attribute of one customer in its turn, and
what each lost by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.dating import group_of
from workbook.model.schema import FieldRule
from workbook.survivorship.equality import is_cased
from workbook.survivorship.winner import (
    candidates,
    given_sql,
    in_force,
    is_grouped,
    late_sql,
    order_of,
)

RULES = {
    "source_order": "the first source in order",
    "most_recent": "the newest",
    "most_frequent": "the most frequent",
    "most_complete": "the most complete",
    "earliest": "the earliest",
    "min": "the smallest",
    "latest": "the latest",
    "max": "the greatest",
    "union": "all values together",
    "expression": "the record that fits best",
}
SAME = "says the same"


@dataclass(frozen=True)
class CandidateValue:
    """One record's value of one attribute: where it stands, when it was written, whether it
    stands, and why or why not.

    `dated` is the time by which the rule orders it, where that is another than when its record
    was written.
    """

    value: Any
    source: str
    record: str
    recorded: dt.datetime | None
    stands: bool
    because: str
    dated: dt.datetime | dt.date | None = None

    @property
    def same(self) -> bool:
        """Whether it says what the value that stands says."""
        return self.because.startswith(SAME)


def ranked_sql(model: Model, entity: str, attribute: str, identifier: str) -> str:
    """One row per record of one customer that has a value, in its turn, with all that the turn
    was taken by.
    """
    asked = text(identifier)
    often = model.rule(entity, attribute).rule == "most_frequent"
    times = (
        ", count(*) over (partition by form) as times, count(*) over (partition by value) as"
        " spelled"
        if often
        else ""
    )
    return f"""with candidate as (
  select * from (
{candidates(model, entity, attribute)}
  ) as held
  where id = {asked}
)
select *, {late_sql(model)} as late, row_number() over (order by {order_of(model, entity, attribute)}) as turn
from (
  select *{times} from candidate
) as weighed
order by turn"""


def union_sql(model: Model, entity: str, attribute: str, identifier: str) -> str:
    """The same where all values stand together."""
    value = quote(model.column_of(entity, attribute))
    return f"""select r.{value} as value, r._source as source, r._record as record, r._recorded as recorded
from {quote(entity + "__records")} as r
join {quote(entity + "__clusters")} as c on c.record = r._record
where c.id = {text(identifier)} and {given_sql(model, entity, attribute, f"r.{value}")}
order by r._record"""


def rank_candidates(
    model: Model,
    entity: str,
    attribute: str,
    rows: Sequence[Mapping[str, Any]],
    keys: Mapping[str, str | None],
) -> list[CandidateValue]:
    """What each row of `ranked_sql` (of `union_sql`, where values are united) came to, the
    winner first.

    `keys` gives the key by which a spelling is compared, for those that are contested. Of
    attributes that belong together the winner may state nothing itself; its value is then None.
    """
    rule = model.rule(entity, attribute)
    rows = [row for turn, row in enumerate(rows) if turn == 0 or row["value"] is not None]
    if not any(row["value"] is not None for row in rows):
        return []
    if rule.rule == "union":
        return [_held(row, True, RULES["union"]) for row in rows]
    winner, *others = rows
    stands = _held(winner, True, _stands(model, entity, attribute, rule, winner))
    return [
        stands,
        *(
            _held(row, False, _loses(model, entity, attribute, rule, winner, row, keys))
            for row in others
        ),
    ]


def _held(row: Mapping[str, Any], stands: bool, because: str) -> CandidateValue:
    dated = row.get("dated")
    return CandidateValue(
        row["value"],
        row["source"],
        row["record"],
        row["recorded"],
        stands,
        because,
        dated if dated != row["recorded"] else None,
    )


def _stands(
    model: Model, entity: str, attribute: str, rule: FieldRule, row: Mapping[str, Any]
) -> str:
    """The rule by which a value stands, or the exception with its owner, reason and end."""
    if row["excepted"]:
        return _exception(model, entity, attribute, row)
    said = RULES[rule.rule] + (f": {rule.expr}" if rule.rule == "expression" else "")
    if is_grouped(model, entity, attribute):
        said += f"; {', '.join(group_of(model, entity, attribute))} come from one record"
    if rule.rule == "most_frequent":
        said += f", on {row['times']} record{'' if row['times'] == 1 else 's'}"
    return said + (f"; every value is older than {rule.no_older_than}" if row["too_old"] else "")


def _exception(model: Model, entity: str, attribute: str, row: Mapping[str, Any]) -> str:
    held = in_force(model, entity, attribute)
    own = (
        [e for e in held if e.use_value]
        if row["source"] == "exception"
        else [e for e in held if e.use_source in (row["source"], model.system_of(row["source"]))]
    )
    exact = [e for e in own if e.record == row["record"]] or own
    if not exact:
        return "a documented exception"
    e = exact[0]
    until = f" until {e.until}" if e.until else ", without an end"
    return f"exception {e.id} of {e.by or 'nobody'}{until}" + (
        f": {e.because}" if e.because else ""
    )


def _loses(
    model: Model,
    entity: str,
    attribute: str,
    rule: FieldRule,
    winner: Mapping[str, Any],
    row: Mapping[str, Any],
    keys: Mapping[str, str | None],
) -> str:
    if winner["excepted"] > row["excepted"]:
        because = "an exception goes before every rule"
    elif winner["late"] < row["late"]:
        because = "it was written after the as-of day"
    elif winner.get("merged", 0) < row.get("merged", 0):
        because = "its source merged the record into another"
    elif winner["too_old"] < row["too_old"]:
        because = f"it is older than {rule.no_older_than}"
    else:
        because = _by_rule(model, rule, winner, row) or _by_turn(
            model, entity, attribute, winner, row
        )
    one, other = str(winner["value"]), str(row["value"])
    if one == other:
        return SAME
    if (not is_cased(model, entity, attribute) and _typed(one) == _typed(other)) or (
        keys.get(one) is not None and keys.get(one) == keys.get(other)
    ):
        return f"{SAME} in another spelling; {because}"
    return because


def _typed(value: str) -> str:
    return value.strip().lower()


def _by_rule(
    model: Model, rule: FieldRule, winner: Mapping[str, Any], row: Mapping[str, Any]
) -> str:
    """What the rule itself says of two values; '' where it finds them equal, or is only the
    order.
    """
    one, other = winner["value"], row["value"]
    if rule.rule == "most_recent":
        return _by_time(winner, row)
    if rule.rule == "most_frequent" and (winner["times"], winner["spelled"]) != (
        row["times"],
        row["spelled"],
    ):
        return f"{row['times']} record{' says' if row['times'] == 1 else 's say'} so" + (
            ", spelled less often" if winner["times"] == row["times"] else ""
        )
    if rule.rule == "expression" and winner["preferred"] != row["preferred"]:
        return "its record fits less well"
    if "filled" in winner:
        return (
            "its record states fewer of what belongs together"
            if winner["filled"] != row["filled"]
            else ""
        )
    if rule.rule == "most_complete" and len(str(one)) != len(str(other)):
        return "it is shorter"
    if rule.rule in ("earliest", "latest") and not isinstance(one, dt.date):
        return _by_time(winner, row, "later" if rule.rule == "earliest" else "earlier")
    if rule.rule in ("earliest", "min") and one != other:
        return "it is later" if rule.rule == "earliest" else "it is greater"
    if rule.rule in ("latest", "max") and one != other:
        return "it is earlier" if rule.rule == "latest" else "it is smaller"
    return ""


def _by_turn(
    model: Model, entity: str, attribute: str, winner: Mapping[str, Any], row: Mapping[str, Any]
) -> str:
    """What all rules end in: the order, the newest record, then its name."""
    if winner["rank"] != row["rank"]:
        named = len(model.order(entity, attribute)) >= row["rank"]
        return (
            f"{row['source']} comes after {winner['source']}"
            if named
            else f"the order does not name {row['source']}"
        )
    return _by_time(winner, row) or "as good in all; the name of the record decided"


def _by_time(winner: Mapping[str, Any], row: Mapping[str, Any], when: str = "earlier") -> str:
    if winner.get("dated") != row.get("dated"):
        return (
            f"its date is {when}" if row["dated"] is not None else "it does not say when it changed"
        )
    if winner["recorded"] == row["recorded"]:
        return ""
    return (
        f"it was written {when}"
        if row["recorded"] is not None
        else "it does not say when it was written"
    )
