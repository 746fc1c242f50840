"""Landing a CSV file of a million rows, against a bare DuckDB read and write of the same file.

Theirs reads with declared types and writes Parquet: no rejects counted, no text kept, no
digest, no content address.
"""

from __future__ import annotations

import random
from pathlib import Path

from bench.timing import Case

ROWS = 1_000_000


def prepare(folder: Path) -> None:
    """A file of orders: an id, a customer, an amount in cents, a status, two times; one cell in
    a thousand is bad.
    """
    rng = random.Random(7)
    states = ("paid", "open", "void")
    with (folder / "shop_orders.csv").open("w", encoding="utf-8") as file:
        file.write("order_id,customer_id,email,amount_cents,status,ordered_on,updated_at\n")
        for number in range(ROWS):
            day = rng.randrange(1, 29)
            month = rng.randrange(1, 13)
            amount = "n/a" if rng.random() < 0.001 else str(rng.randrange(100, 1_000_000))
            who = rng.randrange(200_000)
            file.write(
                f"o{number:07d},c{who:06d},user{who}@example.org,{amount},"
                f"{states[number % 3]},2024-{month:02d}-{day:02d},"
                f"2024-{month:02d}-{day:02d}T{number % 24:02d}:{number % 60:02d}:00\n"
            )


OURS = """
import shutil
from workbook.engine import Engine, FieldSpec, Plan, SourceSpec, landing_tables
shutil.rmtree('store', ignore_errors=True)
fields = [('order_id', 'id', ''), ('customer_id', 'id', ''), ('email', 'email', ''),
    ('amount_cents', 'money', 'cents'), ('status', 'text', ''),
          ('ordered_on', 'date', ''), ('updated_at', 'timestamp', '')]
spec = SourceSpec('shop.orders', ('shop_orders.csv',),
    tuple(FieldSpec(n, type=t, unit=u) for n, t, u in fields), primary_key=('order_id',),
    timestamps='ISO')
plan = Plan(landing_tables('shop.orders', spec))
with Engine('store', data_roots=['.']) as engine:
    made = engine.build(plan, plan.order)
assert made['shop__orders'].rows == 1_000_000
"""

THEIRS = """
import duckdb
duckdb.sql(\"\"\"copy (
    select order_id, customer_id, email, try_cast(amount_cents as decimal(18,
        2)) / 100 as amount_cents, status,
        try_cast(ordered_on as date) as ordered_on, try_cast(updated_at as timestamp) as updated_at
    from read_csv('shop_orders.csv', header = true, all_varchar = true)
) to 'orders.parquet' (format parquet, compression zstd)\"\"\")
"""

CASE = Case(
    "landing",
    "a bare DuckDB read and write of the same file, 1M rows",
    3.0,
    prepare,
    OURS,
    THEIRS,
    rounds=5,
)
