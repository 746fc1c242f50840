"""All tables of 07_metrics: each number's value, segments and periods, and what is refused
instead of being computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from workbook.engine import Table, lint
from workbook.errors import PlanError, WorkbookError
from workbook.metrics.compile.aggregate import (
    newest_table,
    periods,
    segment_periods,
    segments,
    totals,
)
from workbook.metrics.compile.as_of_clock import (
    MONTHS,
    NotComputableError,
    now,
    period_ends,
    periods_table,
)
from workbook.metrics.compile.currency import RATES, has_rates, rates_table
from workbook.metrics.compile.dashboards import (
    by_row,
    by_segment,
    pasted,
    split_table,
    theirs_table,
)
from workbook.metrics.compile.dashboards import months_table as months_against
from workbook.metrics.compile.definition_diff_table import disagreement, pairs_that_count
from workbook.metrics.compile.fan_out import (
    key_name,
    key_table,
    link_table,
    one_name,
    unique_link_table,
)
from workbook.metrics.compile.metric_table_names import (
    grains_of,
    part_by,
    period_table,
    value_table,
)
from workbook.metrics.compile.movements import movement_tables, movement_value, over_suffix
from workbook.metrics.compile.period_to_date import (
    PeriodPart,
    accrues,
    before_name,
    before_tables,
    part_before,
)
from workbook.metrics.compile.ratios_and_formulas import (
    Input,
    combined,
    combined_by,
    expand_expression,
    leaves_of,
    moves,
)
from workbook.metrics.compile.resolve import MetricRefusal, metrics_of, refusal_of, resolve
from workbook.metrics.compile.rules import rule_tables
from workbook.metrics.compile.segment_bucket import segment_table
from workbook.metrics.compile.time_behaviour import movement_periods, nature, same_time, sound_over
from workbook.metrics.compile.units import adds_up, kind_of, resolved
from workbook.model import Model
from workbook.model.links import splitting_links
from workbook.words import error_of


class MetricCompiler:
    """Makes tables on demand; what one of them needs is made first, and what fails leaves
    nothing behind.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.part = metrics_of(model)
        self.made: dict[str, Table] = {}
        self.refused: list[MetricRefusal] = []
        self._path: list[str] = []

    def everything(self) -> None:
        """All rules, movements and metrics, and the measurements that they depend on."""
        self.shared()
        for name in self.part.rules:
            self._try(
                name,
                "rule",
                lambda name=name: self._keep(rule_tables(self.model, (name,), now(self.model))),
            )
        for name in self.part.movements:
            self._try(
                name, "movement", lambda name=name: self._keep(movement_tables(self.model, name))
            )
        for name in self.part.metrics:
            self._metric(name)
        for name, other in pairs_that_count(self.model):
            self._try(
                name, "rivals", lambda name=name, other=other: self._disagreement(name, other)
            )
        for name in self.part.dashboards:
            self._try(name, "dashboard", lambda name=name: self._dashboard(name))
        self.measurements()

    def _metric(self, name: str) -> None:
        if not self._try(name, "", lambda: self.total(name)):
            return
        split = [
            item
            for item in self.part.metrics[name].by
            if self._try(name, item, lambda value=item: self.segment(name, value))
        ]
        for grain in grains_of(self.model, name):
            if self._try(name, grain, lambda grain=grain: self.period(name, grain)):
                self._compared(name, grain)
                for item in split:
                    self._try(
                        name,
                        part_by(item, grain),
                        lambda value=item, grain=grain: self.segment(name, value, grain=grain),
                    )

    def _compared(self, name: str, grain: str) -> None:
        """The same part of the period before, of a number of which the newest period is a part
        only; none of what moved.
        """
        part, leaves = part_before(self.model, grain), leaves_of(self.model, name)
        if (
            not part
            or any(self.moves(leave) for leave in leaves)
            or not any(accrues(resolved(self.model, leave), grain) for leave in leaves)
        ):
            return
        with suppress(NotComputableError):
            self._before(name, grain, part)

    def _before(self, name: str, grain: str, part: PeriodPart) -> str:
        if self.part.metrics[name].type in ("simple", "cumulative"):
            return self._once(
                before_name(name, grain),
                lambda: before_tables(self.model, resolve(self.model, name), grain, part),
            )
        tree, inputs = expand_expression(self.model, name)
        if any(item.earlier for item in inputs.values()):
            raise error_of(NotComputableError, "metrics.earlier_part")
        parts = {word: self._before(item.metric, grain, part) for word, item in inputs.items()}
        table = before_name(name, grain)
        return self._once(
            table, lambda: [combined(name, kind_of(self.model, name), tree, parts, table)]
        )

    def _disagreement(self, name: str, other: str) -> None:
        """What only one of two competing definitions counts, where both are computed."""
        if all(value_table(item) in self.made for item in (name, other)):
            self._keep([disagreement(self.model, name, other, self.segment)])

    def _dashboard(self, name: str) -> None:
        """What a dashboard shows, and beside it our number by month and by customer, as far as
        its columns go.
        """
        each = pasted(self.model, name)
        metric = each.part.competes_with
        self.total(metric)
        self._keep([theirs_table(each)])
        if "month" in each.columns:
            self._keep([months_against(each, self.period(metric))])
        if "id" in each.columns:
            entity = each.part.of or resolved(self.model, metric).entity
            self._keep([split_table(self.model, each, entity, self._by_customer(metric, entity))])

    def _by_customer(self, metric: str, entity: str) -> str:
        """SQL of our number for each row of an entity: (id, value, written)."""
        if not adds_up(self.model, metric) or self.moves(metric):
            raise error_of(NotComputableError, "metrics.customers_not_additive", metric=metric)
        found = resolve(self.model, metric)
        if found.entity == entity:
            return by_row(self.model, found)
        dimension = f"{entity}.{self.model.id_of(entity)}"
        return by_segment(self.model, found, dimension, self.segment(metric, dimension))

    def total(self, name: str, earlier: str = "", over: str = "") -> str:
        """The table of a metric's value, made with all that it needs."""
        table = value_table(f"{name}{over_suffix(over)}") + (
            now(self.model, earlier).suffix if earlier else ""
        )
        return self._once(table, lambda: self._total(name, earlier, over))

    def period(self, name: str, grain: str = "month", earlier: str = "", over: str = "") -> str:
        """The table of a metric's months, or other periods, made with all that it needs."""
        table = f"m__{name}{over_suffix(over)}{period_ends(grain, earlier).suffix}"
        return self._once(table, lambda: self._period(name, grain, earlier, over))

    def segment(self, name: str, dimension: str, earlier: str = "", grain: str = "") -> str:
        """The table of a metric by a dimension, at the as-of day or by period, made with all
        that it needs.
        """
        clock = period_ends(grain, earlier) if grain else now(self.model, earlier)
        return self._once(
            segment_table(name, dimension) + clock.suffix,
            lambda: self._segment(name, dimension, earlier, grain),
        )

    def _total(self, name: str, earlier: str, over: str = "") -> list[Table]:
        metric = self.part.metrics[name]
        if self.moves(name):
            if earlier:
                raise error_of(NotComputableError, "metrics.earlier_movement")
            return self._movement(name, over)
        if metric.type in ("simple", "cumulative"):
            return totals(self.model, resolve(self.model, name), now(self.model, earlier))
        if earlier:
            raise error_of(NotComputableError, "metrics.earlier_formula")
        tree, inputs = expand_expression(self.model, name)
        self._no_dates(inputs.values())
        same_time(self.model, name)
        sound_over(self.model, name)
        every = movement_periods(self.model, inputs)
        parts = {word: self._valued(item, every) for word, item in inputs.items()}
        return [combined(name, kind_of(self.model, name), tree, parts)]

    def _valued(self, item: Input, every: set[str]) -> str:
        """The table of an input's value; beside what moved in a period, a flow is that of the
        period too.
        """
        if (
            not every
            or item.earlier
            or self.moves(item.metric)
            or nature(self.model, item.metric) != "flow"
        ):
            return self.total(item.metric, item.earlier, item.over)
        if len(every) > 1:
            raise error_of(
                NotComputableError,
                "metrics.movement_periods_differ",
                every=sorted(every),
                metric=item.metric,
            )
        grain = next(iter(every))
        table = newest_table(self.model, item.metric, self.period(item.metric, grain), grain)
        return self._once(table.name, lambda: [table])

    def _period(self, name: str, grain: str, earlier: str, over: str = "") -> list[Table]:
        metric = self.part.metrics[name]
        self._listed(grain)
        if movement := self.moves(name):
            every = self.part.movements[movement].every
            if grain != every or earlier:
                raise error_of(
                    NotComputableError, "metrics.movement_period", movement=movement, every=every
                )
            return self._movement(name, over)
        if metric.type in ("simple", "cumulative"):
            self.total(name)
            return periods(self.model, resolve(self.model, name), grain, earlier)
        same_time(self.model, name, grain)
        return [
            self._combined_by(
                name,
                period_table(name, grain),
                (grain,),
                lambda item: self.period(item.metric, grain, item.earlier, item.over),
            )
        ]

    def _segment(self, name: str, dimension: str, earlier: str, grain: str) -> list[Table]:
        metric = self.part.metrics[name]
        if self.moves(name):
            raise error_of(NotComputableError, "metrics.movement_split")
        if grain:
            self._listed(grain)
        if metric.type in ("simple", "cumulative"):
            self.total(name, "" if grain else earlier)
            found = resolve(self.model, name)
            return (
                segment_periods(self.model, found, dimension, grain, earlier)
                if grain
                else segments(self.model, found, dimension, earlier)
            )
        if earlier:
            raise error_of(NotComputableError, "metrics.earlier_formula")
        table, heads = (
            (period_table(name, grain, dimension), (grain, "segment"))
            if grain
            else (segment_table(name, dimension), ("segment",))
        )
        return [
            self._combined_by(
                name,
                table,
                heads,
                lambda item: self.segment(item.metric, dimension, item.earlier, grain),
            )
        ]

    def _listed(self, grain: str) -> None:
        """The table that lists the periods of a grain."""
        table = periods_table(self.model, grain)
        if table is None:
            raise error_of(NotComputableError, "metrics.no_months")
        self._keep([table])

    def _combined_by(
        self, name: str, table: str, heads: tuple[str, ...], made: Callable[[Input], str]
    ) -> Table:
        tree, inputs = expand_expression(self.model, name)
        parts = {word: made(item) for word, item in inputs.items()}
        zero = {word: self._adds_up(item.metric) for word, item in inputs.items()}
        return combined_by(name, table, kind_of(self.model, name), tree, parts, heads, zero)

    def moves(self, name: str) -> str:
        """The movement whose kind a metric names, or ''."""
        return moves(self.model, name)

    def _movement(self, name: str, over: str = "") -> list[Table]:
        return [
            *movement_tables(self.model, self.moves(name), over),
            *movement_value(self.model, name, self.part.metrics[name].measure, over),
        ]

    def _adds_up(self, name: str) -> bool:
        return adds_up(self.model, name)

    def _no_dates(self, inputs: Iterable[Input]) -> None:
        for item in inputs:
            if kind_of(self.model, item.metric) in ("date", "timestamp"):
                raise error_of(NotComputableError, "metrics.input_is_date", metric=item.metric)

    def shared(self) -> None:
        """Months, rates and links to at most one, which other tables join."""
        self._try(
            "months",
            "shared",
            lambda: self._keep([table] if (table := periods_table(self.model)) else []),
        )
        if has_rates(self.model) and MONTHS in self.made:
            self._try("currency", "shared", lambda: self._keep([rates_table(self.model)]))
        known = set(self.model.entity_names)
        for name, link in splitting_links(self.model):
            if {link.from_, link.to} <= known:
                self._keep([unique_link_table(name, link.from_)])

    def measurements(self) -> None:
        """The measured keys and links of whatever was made."""
        read = {name for table in self.made.values() for name in table.reads}
        links = self.model.entities.relationships
        self._keep([key_table(name) for name in self.model.entity_names if key_name(name) in read])
        self._keep(
            [
                link_table(name)
                for name in links
                if one_name(name) in self.made and one_name(name) in read
            ]
        )

    def _once(self, table: str, make: Callable[[], Iterable[Table]]) -> str:
        if table in self._path:
            raise error_of(NotComputableError, "metrics.circle")
        if table not in self.made:
            self._path.append(table)
            try:
                self._keep(make())
            finally:
                self._path.pop()
        return table

    def _keep(self, some: Iterable[Table]) -> None:
        """Tables that stay inside the portable subset, and read only rates that there are."""
        fresh = [table for table in some if table.name not in self.made]
        for table in fresh:
            try:
                lint(table.sql, table.name)
            except PlanError as error:
                raise error_of(
                    NotComputableError, "metrics.sql_not_portable", why=error.advice or str(error)
                ) from error
            missing = {RATES, MONTHS}.intersection(table.reads) - {*self.made, table.name}
            if RATES in missing:
                raise error_of(NotComputableError, "metrics.rates_unreadable")
            if MONTHS in missing:
                raise error_of(NotComputableError, "metrics.no_months")
        self.made.update({table.name: table for table in fresh})

    def _try(self, name: str, part: str, make: Callable[[], object]) -> bool:
        try:
            make()
        except WorkbookError as error:
            self.refused.append(refusal_of(name, error, part))
            return False
        return True
