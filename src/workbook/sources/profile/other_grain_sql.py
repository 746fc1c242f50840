"""How far a number moves if another thing were the customer: what would be counted instead,
what a join would repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.sources.profile.grain_paths import Way


@dataclass(frozen=True)
class Money:
    """A metric of one measure: the entity whose rows it counts, whether it counts or sums, and
    its unit.
    """

    metric: str
    entity: str
    agg: str
    unit: str = ""

    @property
    def rows(self) -> str:
        """The table of the rows that it counts."""
        return f"m__{self.metric}__rows"

    @property
    def is_money(self) -> bool:
        """Whether it sums amounts of a currency."""
        return self.agg == "sum" and len(self.unit) == 3 and self.unit.isupper()


def additive(model: Model, metric: str) -> Money | None:
    """The metric as a count or a sum of one measure, or None where it is a ratio, derived, or
    something else.
    """
    part = model.metrics
    spec = part.metrics.get(metric) if not model.is_open("metrics") else None
    if model.is_open("metrics") or spec is None or spec.type not in ("simple", "cumulative"):
        return None
    for semantic in part.semantic_models.values():
        measure = semantic.measures.get(spec.measure)
        if measure and measure.agg in ("count", "sum"):
            is_money = (
                measure.expr in model.attributes(semantic.of)
                and model.type_of(semantic.of, measure.expr) == "money"
            )
            home = part.currency.report_in if part.currency and is_money else ""
            return Money(
                metric,
                semantic.of,
                measure.agg,
                spec.unit or home or measure.unit or _code(model, semantic.of, measure.expr),
            )
    return None


def _code(model: Model, entity: str, attribute: str) -> str:
    refs = model.attributes(entity).get(attribute, ())
    currency = model.field(refs[0].source, refs[0].field).currency if refs else ""
    return currency if len(currency) == 3 and currency.isupper() else ""


def movement_sql(label: str, money: Money, way: Way) -> str:
    """One row: the rows counted and how many reach a thing, pairs, things, the most of each per
    other, the true and the joined total.
    """
    rows = f"select id, cast(amount as decimal(28, 6)) as amount from {quote(money.rows)}"
    return (
        f"select * from (\nwith counted as (\n{rows}\n),\npairs as"
        f" (\n{way.pairs('select id from counted')}\n),\nper_row as (select id, count(*) as n from"
        " pairs group by id),\nper_thing as (select thing, count(*) as n from pairs group by"
        f" thing)\nselect cast({text(label)} as varchar) as candidate, cast({text(money.metric)} as"
        " varchar) as metric,\n  (select count(*) from counted) as rows_counted, (select count(*)"
        " from per_row) as linked,\n  cast((select coalesce(sum(n), 0) from per_row) as bigint) as"
        " pairs, (select count(*) from per_thing) as things,\n  (select max(n) from per_row) as"
        " most_things, (select max(n) from per_thing) as most_rows,\n  (select cast(sum(amount) as"
        " decimal(38, 2)) from counted) as total,\n  (select cast(sum(c.amount *"
        " cast(coalesce(p.n, 1) as decimal(9, 0))) as decimal(38, 2)) from counted as c left join"
        " per_row as p on p.id = c.id) as joined\n) as moved"
    )


def sharing_sql(label: str, primary: str, ways: Sequence[Way]) -> str:
    """One row: of all rows of the primary grain, how many reach a thing by any of the ways,
    reach several, and things that several share.
    """
    pairs = "\nunion\n".join(way.pairs(f"select id from {quote(primary)}") for way in ways)
    return (
        f"select * from (\nwith pairs as (\n{pairs}\n),\nper_row as (select id, count(*) as n from"
        " pairs group by id),\nper_thing as (select thing, count(*) as n from pairs group by"
        f" thing)\nselect cast({text(label)} as varchar) as candidate, (select count(*) from"
        f" {quote(primary)}) as customers,\n  (select count(*) from per_row) as linked, (select"
        " count(*) from per_row where n > 1) as with_several,\n  (select max(n) from per_row) as"
        " most_things, (select count(*) from per_thing) as things,\n  (select count(*) from"
        " per_thing where n > 1) as shared, (select max(n) from per_thing) as most_customers\n) as"
        " sharing"
    )
