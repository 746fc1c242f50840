"""Currencies: the month-end rate of each currency, and the SQL that brings an amount to the reporting one."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.metrics.rules import moment
from workbook.metrics.scope import NotComputable, as_of_date, end_of
from workbook.model import Model

RATES = "m__month_end_rates"


def rates_table(model: Model) -> Table:
    """One row per currency and month: the last rate known in that month, up to as-of."""
    system, table, rate = _rates(model)
    source = model.sources.sources[f"{system}.{table}"]  # type: ignore[union-attr]
    day = source.valid[0]
    currency = next(n for n, f in model.fields(f"{system}.{table}").items() if f.type == "currency")
    sql = f"""WITH ranked AS (
    SELECT UPPER({quote(currency)}) AS currency, DATE_TRUNC('month', {quote(day)}) AS month, {quote(rate)} AS rate,
           ROW_NUMBER() OVER (
               PARTITION BY UPPER({quote(currency)}), DATE_TRUNC('month', {quote(day)})
               ORDER BY {quote(day)} DESC, _record
           ) AS turn
    FROM {quote(f'{system}__{table}')}
    WHERE CAST({quote(day)} AS TIMESTAMP) < {moment(end_of(as_of_date(model)))}
)
SELECT currency, CAST(month AS DATE) AS month, rate FROM ranked WHERE turn = 1"""
    return Table(
        name=RATES,
        row_is="the last rate of one currency in one month",
        step="07_metrics",
        pattern="canonical",
        keys=("currency", "month"),
        sql=sql,
    )


def _rates(model: Model) -> tuple[str, str, str]:
    words = model.metrics.currency.rates.split(".")  # type: ignore[union-attr]
    if len(words) != 3:
        raise NotComputable("currency.rates in 07_metrics must name a field: system.table.field")
    return words[0], words[1], words[2]


def converted(model: Model, amount: str, currency: str, at: str) -> tuple[str, str]:
    """SQL of an amount in the reporting currency, and the join that it needs; NULL where no rate is known.

    `at` is SQL of the moment whose month's last rate counts. The rate is what one unit is worth in the reporting
    currency, so amounts are multiplied.
    """
    part = model.metrics.currency if model.metrics else None
    if part is None or not part.rates:
        raise NotComputable("amounts stand in the currency that each row names; 07_metrics must say `currency: report_in` and `rates`")
    home = part.report_in.upper()
    join = (
        f"LEFT JOIN {RATES} AS fx ON fx.currency = UPPER({currency})\n"
        f"    AND fx.month = CAST(DATE_TRUNC('month', {at}) AS DATE)"
    )
    sql = f"CASE WHEN UPPER({currency}) = '{home}' THEN {amount} ELSE {amount} * fx.rate END"
    return sql, join
