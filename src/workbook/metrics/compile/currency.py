"""Currencies: the month-end rate of each currency, and the SQL that brings an amount to the
reporting one.
"""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.metrics.compile.as_of_clock import (
    MONTHS,
    NotComputableError,
    as_of_date,
    end_of,
    moment,
)
from workbook.metrics.compile.cross_rates import cross_rates_sql
from workbook.metrics.compile.fan_out import EXACT
from workbook.model import Model
from workbook.model.times import wall_begins
from workbook.words import error_of

RATES = "m__rates"
# an amount before it is converted: a twelfth of a yearly price keeps its cents over a million rows
NATIVE = "decimal(24, 8)"
RATE = "decimal(26, 18)"
SMALLEST = "0.00000001"  # what is turned round must stay below MOST
OLD = 62  # days from a rate to the last day for which it is used: a monthly rate was missed
_CROSSED = "select currency, moment, rate, 2 as turned, 0 as _row, via, contested from cross_rates"
MOST = 100_000_000  # a rate from here on, or one that is not above zero, is no rate


def rates_table(model: Model) -> Table:
    """One row per month and currency: the last rate on or before the month's end, up to as-of,
    as the worth of one unit in the reporting currency.

    Where a source holds a pair in both directions, the row that leads to the reporting currency
    stands, and one that leads from it only where there is no other: it is turned round (1 /
    rate, to 16 digits). Of several rates of one moment and direction the last row of the source
    stands, and `contested` says that they differ. A currency without such a rate is brought
    over by way of another (`via`), both rates being of one day. `is_old` says that the rate is
    more than OLD days older than the last day for which it is used.
    """
    ways, crossed = "", ""
    if has_crosses(model):
        ways, crossed = cross_rates_sql("pairs", home(model)), _CROSSED
    sql = filled_sql(
        "metrics/exchange_rates",
        pairs=pairs_sql(model),
        cross_rates=ways,
        crossed=crossed,
        home=home(model),
        months=MONTHS,
        rate=RATE,
        smallest=SMALLEST,
        old=OLD + 1,
    )
    row_is = "the last rate of one currency on or before one month's end"
    return Table(RATES, row_is, "07_metrics", "canonical", ("month", "currency"), sql)


def has_crosses(model: Model) -> bool:
    """Whether the rates may be of two other currencies, so that one can lead to the reporting
    currency by way of another.
    """
    return has_rates(model) and home(model) not in _sides(model)


def pairs_sql(model: Model) -> str:
    """SQL of every rate up to as-of: `base`, `quote`, `moment` (on the business's clock),
    `rate` (units of quote for one base).
    """
    source, field = _rates(model)
    day = model.sources.sources[source].valid[0]
    base, counted = (_side(model, source, name) for name in _sides(model))
    at = wall_begins(model, source, day, quote(day))
    known = f"{at} < {moment(end_of(as_of_date(model)))}"
    return (
        f"select {base} as base, {counted} as quote, {at} as moment, {quote(field)} as rate, _row"
        f" from {quote(source.replace('.', '__'))} where {quote(field)} > 0 and {quote(field)} <"
        f" {MOST} and {base} is not null and {counted} is not null and {known}"
    )


def _sides(model: Model) -> tuple[str, str]:
    """What a rate is a price of, and in what it is counted: a field of the rates' source or a
    code.
    """
    source, _ = _rates(model)
    part = model.metrics.currency
    own = next(name for name, item in model.fields(source).items() if item.type == "currency")
    return part.base or own, part.quote or home(model)


def _side(model: Model, source: str, name: str) -> str:
    return (
        f"upper({quote(name)})"
        if name in model.fields(source)
        else f"cast({text(name)} as varchar)"
    )


def has_rates(model: Model) -> bool:
    """Whether amounts are brought to one currency."""
    return bool(
        not model.is_open("metrics") and model.metrics.currency and model.metrics.currency.rates
    )


def home(model: Model) -> str:
    """The reporting currency in capitals, or '' where none was decided."""
    part = model.metrics.currency if not model.is_open("metrics") else None
    return part.report_in.strip().upper() if part else ""


def rate_join(currency: str, month: str, alias: str = "fx") -> str:
    """The join that finds the rate of a currency (SQL) in a month (SQL)."""
    return (
        f"left join {quote(RATES)} as {alias} on {alias}.currency = upper({currency}) and"
        f" {alias}.month = {month}"
    )


def converted(model: Model, amount: str, currency: str, alias: str = "fx") -> str:
    """SQL of an amount in the reporting currency; NULL where no rate is known.

    The rate is what one unit is worth in the reporting currency, so amounts are multiplied;
    nothing is rounded.
    """
    exact = f"cast({amount} as {NATIVE})"
    return (
        f"case when upper({currency}) = '{home(model)}' then cast({exact} as {EXACT}) else"
        f" {worth(exact, f'{alias}.rate')} end"
    )


def worth(native: str, rate: str) -> str:
    """SQL of an amount at a rate.

    The first 6 places of a rate and the next 12 are multiplied apart: 38 digits hold no more at
    once.
    """
    first = f"cast({rate} as decimal(14, 6))"
    rest = f"cast(({rate} - {first}) * 1000000 as decimal(14, 12))"
    return (
        f"cast({native} * {first} as {EXACT}) + cast(cast({native} * {rest} as decimal(31, 13)) *"
        f" cast(0.000001 as decimal(7, 6)) as {EXACT})"
    )


def _rates(model: Model) -> tuple[str, str]:
    part = model.metrics.currency
    source, _, field = part.rates.rpartition(".")
    if part.rate_on not in ("", "month_end"):
        raise error_of(NotComputableError, "metrics.rate_day", day=part.rate_on)
    if not home(model).isalnum():
        raise error_of(NotComputableError, "metrics.no_report_currency")
    if source not in model.source_names or field not in model.fields(source):
        raise error_of(NotComputableError, "metrics.no_rates_field")
    if not model.sources.sources[source].valid:
        raise error_of(NotComputableError, "metrics.undated_rates", source=source)
    if not any(field.type == "currency" for field in model.fields(source).values()):
        raise error_of(NotComputableError, "metrics.rates_without_currency", source=source)
    return source, field
