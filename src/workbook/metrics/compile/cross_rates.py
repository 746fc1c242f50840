"""Rates by way of a third currency: one currency to another and that one to the reporting
currency, both of one day.
"""

from __future__ import annotations

from workbook.engine.sql_files import filled_sql

APART = "0.02"  # how far two rates of one currency and day may be apart, as a share of the lesser
_LEAST, _MOST = "0.00000001", "100000000"  # a rate of 18 places keeps 10 digits at least


def ways_sql(pairs: str, home: str) -> str:
    """CTE `conversion_ways`: one row per currency, day and way to the reporting currency.

    `pairs` names a CTE of base, quote, moment, rate, _row.
    """
    return filled_sql("metrics/conversion_ways", pairs=pairs, home=home)


def cross_rates_sql(pairs: str, home: str) -> str:
    """CTE `cross_rates`: one row per currency and day with a way by a third currency; `rate` is
    NULL where ways of that day are apart.
    """
    return filled_sql(
        "metrics/cross_rates",
        conversion_ways=ways_sql(pairs, home),
        apart=APART,
        least=_LEAST,
        most=_MOST,
        rate="decimal(26, 18)",
    )


def apart_sql(home: str) -> str:
    """One row per currency and reason, with the number of days on which a way by a third
    currency is apart from another: over the CTE `conversion_ways`.
    """
    return filled_sql("metrics/ways_apart", ways="conversion_ways", home=home, apart=APART)
