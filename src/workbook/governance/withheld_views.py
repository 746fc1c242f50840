"""When nobody is in a view: what it reads is too old, or those who are in are too few."""

from __future__ import annotations

from workbook.governance.exclusion_reasons import IN, TOO_FEW, TOO_OLD
from workbook.governance.freshness_limits import late_sql
from workbook.governance.people_counted import people_in, people_sql
from workbook.model import Model
from workbook.model.as_of import as_of_day
from workbook.model.schema import Audience, Purpose, View


def withheld_sql(
    model: Model, use: View | Audience, purpose: Purpose, decided: str, sources: tuple[str, ...]
) -> str:
    """The same decisions, but nobody is in where a source is too old or people are too few."""
    late = late_sql(model, sources, purpose.freshness, as_of_day(model))
    if late:
        decided = _instead("passed", decided, late, "c.late > 0", TOO_OLD)
    if purpose.smallest_group > 1:
        counts = [
            f"({people_sql(model, use, name, 'decided', IN)})" for name in people_in(model, use)
        ]
        fewest = counts[0] if len(counts) == 1 else f"least({', '.join(counts)})"
        decided = _instead(
            "decided",
            decided,
            f"select {fewest} as people",
            f"c.people < {purpose.smallest_group}",
            TOO_FEW,
        )
    return decided


def _instead(name: str, decided: str, counted: str, condition: str, reason: str) -> str:
    """The decisions called `name`, with a reason for whoever is in where a condition holds."""
    return f"""with {name} as (
{decided}
), counted as (
{counted}
)
select d.id as id,
  case when d.decision = '{IN}' and {condition} then cast('{reason}' as varchar)
    else d.decision end as decision
from {name} as d
cross join counted as c"""
