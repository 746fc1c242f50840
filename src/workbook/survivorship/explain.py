"""Why a value survives: every record's value of one attribute of one customer in its turn, and
by which reason each was overruled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.dated_by import group_of
from workbook.model.schema import FieldRule
from workbook.survivorship.normal_forms import is_cased
from workbook.survivorship.winner import (
    candidates,
    given_sql,
    in_force,
    is_grouped,
    late_sql,
    order_of,
)

EXCEPTION_REASON = "survives.exception"
Alike = Literal["", "same", "spelling"]


@dataclass(frozen=True)
class SurvivalReason:
    """One reason why a value survives or is overruled: its name in the catalogue
    (`survives.most_recent`, `overruled.shorter`), and the values in its text.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CandidateValue:
    """One record's value of one attribute: its source, when it was written, whether it survives,
    and the reasons.

    `dated` is the time by which the rule orders it, where that is another than when its record
    was written. `alike`: of an overruled value, whether it is the same as the surviving one, or
    another spelling of it.
    """

    value: Any
    source: str
    record: str
    recorded: dt.datetime | None
    survives: bool
    reasons: tuple[SurvivalReason, ...]
    dated: dt.datetime | dt.date | None = None
    alike: Alike = ""

    @property
    def dated_later(self) -> bool:
        """Whether the value is of a later day than its record was last recorded on."""
        if self.dated is None or self.recorded is None:
            return False
        return _day(self.dated) > _day(self.recorded)


def _day(moment: dt.datetime | dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


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
select *, {late_sql(model)} as late,
  row_number() over (order by {order_of(model, entity, attribute)}) as turn
from (
  select *{times} from candidate
) as weighed
order by turn"""


def union_sql(model: Model, entity: str, attribute: str, identifier: str) -> str:
    """The same where all values survive."""
    value = quote(model.column_of(entity, attribute))
    return f"""select r.{value} as value, r._source as source, r._record as record,
  r._recorded as recorded
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
    rows = [row for rank, row in enumerate(rows) if rank == 0 or row["value"] is not None]
    if not any(row["value"] is not None for row in rows):
        return []
    if rule.rule == "union":
        return [_candidate(row, True, (SurvivalReason("survives.union"),)) for row in rows]
    winner, *others = rows
    return [
        _candidate(winner, True, _survives(model, entity, attribute, rule, winner)),
        *(
            _candidate(
                row,
                False,
                (_overruled(model, entity, attribute, rule, winner, row),),
                _alike(model, entity, attribute, winner, row, keys),
            )
            for row in others
        ),
    ]


def _candidate(
    row: Mapping[str, Any], survives: bool, reasons: tuple[SurvivalReason, ...], alike: Alike = ""
) -> CandidateValue:
    dated = row.get("dated")
    return CandidateValue(
        row["value"],
        row["source"],
        row["record"],
        row["recorded"],
        survives,
        reasons,
        dated if dated != row["recorded"] else None,
        alike,
    )


def _survives(
    model: Model, entity: str, attribute: str, rule: FieldRule, row: Mapping[str, Any]
) -> tuple[SurvivalReason, ...]:
    """The rule by which a value survives and what it is subject to, or the exception."""
    if row["excepted"]:
        return (_exception(model, entity, attribute, row),)
    values = {
        "expression": {"condition": rule.expr},
        "most_frequent": {"records": row.get("times")},
    }
    reasons = [SurvivalReason(f"survives.{rule.rule}", values.get(rule.rule, {}))]
    if is_grouped(model, entity, attribute):
        group = group_of(model, entity, attribute)
        reasons.append(SurvivalReason("survives.one_record", {"attributes": group}))
    if row["too_old"]:
        reasons.append(SurvivalReason("survives.all_too_old", {"limit": rule.no_older_than}))
    return tuple(reasons)


def _exception(model: Model, entity: str, attribute: str, row: Mapping[str, Any]) -> SurvivalReason:
    """The exception by which a value survives, with its owner, reason and end."""
    held = in_force(model, entity, attribute)
    own = (
        [e for e in held if e.use_value]
        if row["source"] == "exception"
        else [e for e in held if e.use_source in (row["source"], model.system_of(row["source"]))]
    )
    exact = [e for e in own if e.record == row["record"]] or own
    if not exact:
        return SurvivalReason("survives.some_exception")
    e = exact[0]
    return SurvivalReason(
        EXCEPTION_REASON, {"id": e.id, "by": e.by, "until": e.until, "because": e.because}
    )


def _overruled(
    model: Model,
    entity: str,
    attribute: str,
    rule: FieldRule,
    winner: Mapping[str, Any],
    row: Mapping[str, Any],
) -> SurvivalReason:
    """Why a value is overruled by the winner."""
    if winner["excepted"] > row["excepted"]:
        return SurvivalReason("overruled.by_exception")
    if winner["late"] < row["late"]:
        return SurvivalReason("overruled.after_as_of")
    if winner.get("merged", 0) < row.get("merged", 0):
        return SurvivalReason("overruled.merged_away")
    if winner["too_old"] < row["too_old"]:
        return SurvivalReason("overruled.too_old", {"limit": rule.no_older_than})
    return _by_rule(rule, winner, row) or _by_priority(model, entity, attribute, winner, row)


def _alike(
    model: Model,
    entity: str,
    attribute: str,
    winner: Mapping[str, Any],
    row: Mapping[str, Any],
    keys: Mapping[str, str | None],
) -> Alike:
    """Whether an overruled value is the same as the surviving one, or spelled otherwise."""
    left, right = str(winner["value"]), str(row["value"])
    if left == right:
        return "same"
    folded = not is_cased(model, entity, attribute) and _typed(left) == _typed(right)
    same_key = keys.get(left) is not None and keys.get(left) == keys.get(right)
    return "spelling" if folded or same_key else ""


def _typed(value: str) -> str:
    return value.strip().lower()


def _by_rule(
    rule: FieldRule, winner: Mapping[str, Any], row: Mapping[str, Any]
) -> SurvivalReason | None:
    """What the rule itself says of two values; None where it finds them equal, or is only the
    source priority.
    """
    left, right = winner["value"], row["value"]
    if rule.rule == "most_recent":
        return _by_time(winner, row)
    if rule.rule == "most_frequent" and (winner["times"], winner["spelled"]) != (
        row["times"],
        row["spelled"],
    ):
        tied = winner["times"] == row["times"]
        return SurvivalReason("overruled.less_frequent", {"records": row["times"], "tied": tied})
    if rule.rule == "expression" and winner["preferred"] != row["preferred"]:
        return SurvivalReason("overruled.condition")
    if "filled" in winner:
        fewer = winner["filled"] != row["filled"]
        return SurvivalReason("overruled.fewer_values") if fewer else None
    if rule.rule == "most_complete" and len(str(left)) != len(str(right)):
        return SurvivalReason("overruled.shorter")
    if rule.rule in ("earliest", "latest") and not isinstance(left, dt.date):
        return _by_time(winner, row, "later" if rule.rule == "earliest" else "earlier")
    if rule.rule in ("earliest", "min") and left != right:
        later = rule.rule == "earliest"
        return SurvivalReason("overruled.later_value" if later else "overruled.larger_value")
    if rule.rule in ("latest", "max") and left != right:
        earlier = rule.rule == "latest"
        return SurvivalReason("overruled.earlier_value" if earlier else "overruled.smaller_value")
    return None


def _by_priority(
    model: Model, entity: str, attribute: str, winner: Mapping[str, Any], row: Mapping[str, Any]
) -> SurvivalReason:
    """What all rules end in: the source priority, the newest record, then its name."""
    if winner["rank"] != row["rank"]:
        named = len(model.order(entity, attribute)) >= row["rank"]
        name = "lower_priority" if named else "no_priority"
        return SurvivalReason(f"overruled.{name}", {"winner": winner["source"]})
    return _by_time(winner, row) or SurvivalReason("overruled.record_name")


def _by_time(
    winner: Mapping[str, Any], row: Mapping[str, Any], when: Literal["earlier", "later"] = "earlier"
) -> SurvivalReason | None:
    """Which of two values is dated, else written, earlier or later; None where neither is."""
    earlier = when == "earlier"
    if winner.get("dated") != row.get("dated"):
        if row["dated"] is None:
            return SurvivalReason("overruled.undated")
        return SurvivalReason("overruled.dated_earlier" if earlier else "overruled.dated_later")
    if winner["recorded"] == row["recorded"]:
        return None
    if row["recorded"] is None:
        return SurvivalReason("overruled.unrecorded")
    return SurvivalReason("overruled.written_earlier" if earlier else "overruled.written_later")
