"""How old what a purpose uses is, beside how old it may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.governance.freshness_limits import hours_before, newest_sql, stalest, undated
from workbook.model import Model
from workbook.model.as_of import as_of_day
from workbook.model.derivation import derivation_of
from workbook.model.permission import permission_of
from workbook.model.schema import Purpose
from workbook.model.view_reads import requests_read, sources_read, uses_of
from workbook.scenarios.context import Context

Newest = Mapping[str, dt.datetime | None]


@dataclass(frozen=True)
class PurposeFreshness:
    """The source of a purpose whose newest record is oldest and the age of that in hours (None
    where nothing is dated), the limit in hours (None without one), and, where there is a limit,
    the sources that are not dated.
    """

    source: str
    hours: float | None
    limit: float | None
    undated: tuple[str, ...]

    @property
    def late(self) -> bool:
        """Whether it is older than the limit."""
        return self.hours is not None and self.limit is not None and self.hours > self.limit


def purpose_freshness(
    model: Model, newest: Newest, name: str, purpose: Purpose
) -> PurposeFreshness:
    """The freshness of one purpose at the end of the as-of day."""
    day, sources = as_of_day(model), sources_of_purpose(model, name)
    source, hours = stalest(dict(newest), sources, day)
    return PurposeFreshness(
        source,
        hours,
        hours_before(purpose.freshness, day),
        undated(model, sources) if purpose.freshness else (),
    )


def newest_records(context: Context) -> dict[str, dt.datetime | None]:
    """The time of the newest record of every source that is dated."""
    sql = newest_sql(context.model, context.plan, as_of_day(context.model))
    return dict(context.query(sql).rows()) if sql else {}


def sources_of_purpose(model: Model, purpose: str) -> tuple[str, ...]:
    """Every source that a purpose reads through its views and audiences; without one, that its
    named fields come from.
    """
    used = [
        source
        for kind, name, use in uses_of(model)
        if use.purpose == purpose
        for source in sources_read(model, kind, name, use)
    ]
    permission = permission_of(model, purpose)
    named = derivation_of(model).sources(permission.named) if permission else ()
    return tuple(dict.fromkeys(used)) or named


def erasure_list_ages(model: Model, newest: Newest, purpose: str = "") -> dict[str, float | None]:
    """The age in hours of the newest request in each list of requests to be forgotten that
    views (of one purpose, where named) heed; None where no request is dated.
    """
    lists = dict.fromkeys(
        source
        for kind, name, use in uses_of(model)
        if use.purpose and purpose in ("", use.purpose)
        for source in requests_read(model, kind, name, use)
    )
    day = as_of_day(model)
    return {source: stalest(dict(newest), (source,), day)[1] for source in lists}
