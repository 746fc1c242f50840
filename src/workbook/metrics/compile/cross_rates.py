"""Rates by way of a third currency: one currency to another and that one to the reporting
currency, both of one day.
"""

from __future__ import annotations

APART = "0.02"  # how far two rates of one currency and day may be apart, as a share of the lesser
_LEAST, _MOST = "0.00000001", "100000000"  # a rate of 18 places keeps 10 digits at least


def ways_sql(pairs: str, home: str) -> str:
    """CTEs `legs` and `ways`: one row per currency, day and way to the reporting currency (SQL
    text).

    `pairs` names a CTE of base, quote, moment, rate, _row. A leg is a rate (`up` units for
    `down`) or one that is turned round. `via` is the currency between, '' for a direct rate;
    `worth` is a double, of 15 digits.
    """
    return f"""legs as (
    select base as one, quote as other, cast(moment as date) as day, moment,
           cast(rate as double) as up, cast(1 as double) as down, 0 as turned, _row from {pairs} where base <> quote
    union all
    select quote as one, base as other, cast(moment as date) as day, moment,
           cast(1 as double) as up, cast(rate as double) as down, 1 as turned, _row from {pairs} where base <> quote
), ways as (
    select one as currency, '' as via, day, moment, up / down as worth, turned, _row, _row as second_row
    from legs
    where other = {home}
    union all
    select here.one as currency, here.other as via, here.day as day,
           greatest(here.moment, there.moment) as moment, (here.up * there.up) / (here.down * there.down) as worth,
           here.turned + there.turned as turned, here._row as _row, there._row as second_row
    from legs as here
    join legs as there on there.one = here.other and there.day = here.day
    where there.other = {home} and here.one <> {home} and here.other <> {home}
)"""


def crosses_sql() -> str:
    """One row per currency and day with a way by a third currency; `rate` is NULL where ways of
    that day are apart.

    Of several ways that agree stands the one with the fewest rates turned round, then the first
    by name.
    """
    day = "partition by currency, day"
    like = "partition by currency, day, via, turned"
    return f"""select currency, moment, case when greatest_worth <= least_worth * (1 + {APART})
            and worth > {_LEAST} and worth < {_MOST} then cast(worth as decimal(26, 18)) end as rate,
           via, differs as contested
    from (
        select currency, moment, via, worth, min(worth) over ({day}) as least_worth, max(worth) over ({day}) as greatest_worth,
               min(worth) over ({like}) < max(worth) over ({like}) as differs,
               row_number() over ({day} order by turned, via, moment desc, _row desc, second_row desc) as turn
        from ways
        where via <> ''
    ) as crossed
    where turn = 1"""


def apart_sql(home: str) -> str:
    """One row per currency and reason, with the number of days on which a way by a third
    currency is apart from another.

    `direct`: from the rate that is given; `ways`: from another such way, and none is given.
    """
    return f"""select currency as base, {home} as quote, case when given > 0 then 'direct' else 'ways' end as doubt, count(*) as rates
from (
    select currency, day, sum(case when via = '' then 1 else 0 end) as given, sum(case when via = '' then 0 else 1 end) as crossed,
           min(worth) as least_worth, max(worth) as greatest_worth
    from ways
    group by currency, day
) as days
where crossed > 0 and greatest_worth > least_worth * (1 + {APART})
group by currency, case when given > 0 then 'direct' else 'ways' end"""
