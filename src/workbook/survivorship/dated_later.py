"""Values that are dated after their record was last recorded: the source wrote them without a new
recorded date.
"""

from __future__ import annotations

from workbook.model import Model
from workbook.model.dated_by import dated_sources
from workbook.survivorship.winner import candidates


def dated_later_sql(model: Model, entity: str, attribute: str) -> str:
    """One row per source of a dated attribute: values with both dates, and of these those that
    are dated later than their record; '' where nothing dates the attribute.
    """
    if not dated_sources(model, entity, attribute):
        return ""
    return f"""select source, count(*) as dated,
  sum(case when dated > recorded then 1 else 0 end) as later
from (
{candidates(model, entity, attribute)}
) as held
where dated is not null and recorded is not null
group by source
order by source"""
