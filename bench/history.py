"""The past of a million facts on both axes, against a DuckDB program tuned by hand that gives
the same rows.

Both start from the same Parquet tables of landed rows: a log of changes, and contracts that are
written over. Three of a hundred rows were written late, one is a newer version of another. Ours
goes through the store, with digests and measured keys.
"""

from __future__ import annotations

from pathlib import Path

from bench.timing import Case

ROWS = 1_000_000
AS_OF = "2025-06-30"

SOURCES = """
systems: {shop: {owner: sales}}
sources:
  shop.clients: {primary_key: client_id, fields: {client_id: id}}
  shop.changes: {primary_key: change_id, valid: changed, recorded: logged,
    fields: {change_id: id, client_id: id, was: text, becomes: text, changed: timestamp,
    logged: timestamp}}
  shop.contracts: {primary_key: contract_id, valid: [starts, ends], recorded: written,
    fields: {contract_id: id, client_id: id, plan: text, starts: timestamp, ends: timestamp,
    written: timestamp}}
identifiers: {client_id: {in: [shop.clients, shop.changes, shop.contracts]}}
"""
ENTITIES = "entities: {client: {row_is: one client, from: shop.clients}}\n"
HISTORY = """
history:
  client.rank: {from: shop.changes, as: changes, value: becomes, before: was}
  client.plan: {from: shop.contracts, as: periods, value: plan}
"""
TABLES = ("shop__clients", "shop__changes", "shop__contracts")

COMMON = """
import os, shutil
import polars as pl
from workbook import history
from workbook.engine import Engine, Function, Plan, Table
from workbook.model import load_model
model = load_model('.')
def given(name):
    return Table(name, 'one row', 'bench', keys=('_row',),
        function=Function(f'read_{name}', 1, lambda inputs, params: pl.read_parquet(params['file']),
        (), {'file': f'{name}.parquet'}))
def plan():
    made = [table for table in history.tables(model) if table.name.startswith(('client__rank',
        'client__plan'))]
    assert len(made) == 7
    return Plan([*map(given, ('shop__clients', 'shop__changes', 'shop__contracts')), *made])
"""

OURS = (
    COMMON
    + """
shutil.rmtree('store', ignore_errors=True)
shutil.copytree('base', 'store', copy_function=os.link)
with Engine('store') as engine:
    made = engine.build(plan(), plan().order)
assert made['client__rank__history'].rows > 0
"""
)


def prepare(folder: Path) -> None:
    """The project, its landed rows, and a store in which they lie ready."""
    _prepare(folder, ROWS)


def prepare_ten(folder: Path) -> None:
    """The same with ten million facts."""
    _prepare(folder, 10 * ROWS)


def _prepare(folder: Path, rows: int) -> None:
    import subprocess
    import sys

    import duckdb

    (folder / "model").mkdir()
    (folder / "data").mkdir()
    (folder / "workbook.yml").write_text(
        f"workbook: 2\nname: Bench\nas_of: {AS_OF}\ndata: data\ndepartments: {{sales: a}}\n"
    )
    for name, said in {
        "03_sources": SOURCES,
        "04_entities": ENTITIES,
        "06_history": HISTORY,
    }.items():
        (folder / "model" / f"{name}.yml").write_text(said)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        for name, sql in landed(rows).items():
            connection.execute(f"copy ({sql}) to '{folder}/{name}.parquet'")
    program = (
        COMMON + "\nwith Engine('base') as engine:\n    engine.build(plan(), ['shop__clients',"
        " 'shop__changes', 'shop__contracts'])\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True)


def landed(rows: int) -> dict[str, str]:
    """SQL of the landed rows: half are changes, half are contracts, five of each to a client.

    Of ten contracts seven end as the next begins, two some days before, one goes on beside it;
    of the last ones two thirds run.
    """
    clients, half = rows // 10, rows // 2
    client = f"'c' || lpad((n % {clients})::varchar, 8, '0')"
    day = f"(n // {clients}) * 200 + (hash(n) % 200)::int"
    late = "case when hash(n + 1) % 100 < 3 then (hash(n + 2) % 300)::int else 0 end"
    plan = "['team', 'business', 'enterprise'][(1 + hash(n + 3) % 3)::int]"
    # a newer version of the client's row before
    again = f"case when hash(n + 4) % 100 = 0 and n >= {clients} then n - {clients} else n end"
    moments = (
        f"timestamp '2022-01-01' + interval 1 day * ({day}) + interval 1 minute * (hash(n + 5) %"
        f" 1440)::int as moment, interval 1 day * ({late}) as late"
    )
    made = (
        f"select n, {client} as client_id, {plan} as said, {moments}, lpad(({again})::varchar, 9,"
        f" '0') as no from range({half}) as r(n)"
    )
    next_one = "lead(moment) over (partition by client_id order by moment, n)"
    apart = (
        "case when hash(n + 6) % 10 < 7 then 0 when hash(n + 6) % 10 = 7 then 1 + (hash(n + 7) %"
        " 60)::int else -1 - (hash(n + 7) % 60)::int end"
    )
    ended = (
        f"select *, coalesce({next_one} + interval 1 day * ({apart}), case when hash(n + 8) % 3 = 0"
        f" then moment + interval 90 day end) as until from ({made})"
    )
    return {
        "shop__clients": (
            "select n + 1 as _row, 'shop.clients:c' || lpad(n::varchar, 8, '0') as _record, 'c' ||"
            f" lpad(n::varchar, 8, '0') as client_id from range({clients}) as r(n) order by n"
        ),
        "shop__changes": (
            "select n + 1 as _row, 'shop.changes:' || no as _record, no as change_id, client_id,"
            " 'free' as was, said as becomes, moment as changed, moment + late as logged from"
            f" ({made}) order by n"
        ),
        "shop__contracts": (
            "select n + 1 as _row, 'shop.contracts:' || no as _record, no as contract_id,"
            " client_id, said as plan, moment as starts, case when until > moment then until end"
            " as ends, coalesce(case when until > moment then until end, moment) + late as written"
            f" from ({ended}) order by n"
        ),
    }


THEIRS = """
import duckdb
con = duckdb.connect()
con.execute("create macro open() as timestamp '9999-12-31'")
con.execute("create macro nobody_knows() as timestamp '1900-01-01'")
con.execute("create macro closed() as timestamp '2025-07-01'")

def versions(table, columns, written):
    con.execute(f'''create or replace temp table said as
        select client_id as id, {columns}, _record as record, {written} as written
        from '{table}.parquet' semi join 'shop__clients.parquet' using (client_id)''')
    con.execute('''create or replace temp table version as
      with again as (select record from said group by record having count(*) > 1),
      counted as (select *, row_number() over w as version, lead(written, 1,
          open()) over w as replaced from said semi join again using (record)
              window w as (partition by record order by written, since))
      select *, 1 as version, open() as replaced from said anti join again using (record) union all
          select * from counted''')

def kept(name):
    con.execute(f"copy (select * from belief order by id, valid_from, recorded_from) to"
        f" 'theirs_{name}_beliefs.parquet'")
    con.execute(f"copy (select *, valid_from < closed() and valid_to >= closed() as is_current"
        f" from 'theirs_{name}_beliefs.parquet' where recorded_to = open() order by id,"
            f" valid_from) to 'theirs_{name}.parquet'")

versions('shop__changes', 'becomes as value, was as value_before, changed as since', 'logged')
con.execute('''create or replace temp table placed as
  with fact as (select id, value, value_before, since, record, written as known_from,
      if(replaced >= closed(), open(), replaced) as known_to,
      if(replaced >= closed(), written, replaced + interval 1 second) as settled from version
          where written < replaced and written < closed()),
  around as (select *, row_number() over w as turn, lag(known_to) over w as known_before,
      lag(value) over w as value_ended, lag(since) over w as since_ended,
      lag(record) over w as record_ended,
      max(settled) over (w rows between unbounded preceding and 1 preceding) as settled_before,
          coalesce(min(known_from) over (w rows between 1 following and unbounded following),
          open()) as until
      from fact window w as (partition by id order by since, known_from, value, record)),
  cut as (select *, coalesce(settled_before <= least(known_from, until),
      true) as begins from around)
  select *, begins and greatest(settled,
      settled_before) <= until and known_to = open() and coalesce(known_before,
      open()) = open() as calm from cut''')
con.execute('''create or replace temp table belief as
  with rough as (select *,
      sum(begins::int) over (partition by id order by turn) as block from placed where not calm),
  bound as (select id, block, min(turn) as first_turn, max(until) as until from rough group by all),
  carried as (select b.id, b.block, max(p.turn) as turn from bound b join placed p on p.id = b.id
      and p.turn < b.first_turn and p.known_to = open() group by all),
  member as (select id, block, turn, value, value_before, since, record, known_from,
      known_to from rough union all
      select p.id, c.block, p.turn, p.value, null, p.since, p.record, p.known_from,
          p.known_to from carried c join placed p on p.id = c.id and p.turn = c.turn),
  moment as (select id, block, known_from as moment from rough union select id, block,
      known_to from rough where known_to < open()),
  epoch as (select m.id, m.block, moment as recorded_from,
      lead(moment, 1, b.until) over w as recorded_to, lead(moment) over w is null as last,
      row_number() over w as epoch
      from moment m join bound b using (id, block) window w as (partition by m.id,
          m.block order by moment)),
  known as (select e.*, f.value, f.value_before, f.since, f.record,
      lead(f.since, 1, open()) over w as until, row_number() over w as place
      from epoch e join member f on f.id = e.id and f.block = e.block
          and f.known_from <= e.recorded_from and f.known_to > e.recorded_from
      window w as (partition by f.id, f.block, e.epoch order by f.turn)),
  held as (select id, block, epoch, last, recorded_from, recorded_to, value, since, until,
      record from known where since < until union all
      select id, block, epoch, last, recorded_from, recorded_to, value_before, nobody_knows(),
          since, record from known where place = 1 and value_before is not null),
  joined as (select *, epoch - row_number() over (partition by id, block, record, value, since,
      until order by epoch) as belief
      from (select * replace (if(last and until < open(), open(),
          recorded_to) as recorded_to) from held) where recorded_from < recorded_to)
  select id, value, since as valid_from, open() as valid_to, known_from as recorded_from,
      until as recorded_to, 'shop.changes' as source,
      record from placed where calm and known_from < until
  union all select id, value_ended, since_ended, since, known_from, open(), 'shop.changes',
      record_ended from placed where calm and turn > 1 and since_ended < since
  union all select id, value_before, nobody_knows(), since, known_from, open(), 'shop.changes',
      record from placed where calm and turn = 1 and value_before is not null
  union all select id, value, since, until, min(recorded_from), max(recorded_to), 'shop.changes',
      record from joined group by id, block, value, since, until, record, belief''')
kept('rank')

versions('shop__contracts', 'plan as value, starts as since, coalesce(ends, open()) as until',
    'written')
con.execute('''create or replace temp table fact as
  with item as (select *, if(version = 1, least(since, written), written) as first_known,
      if(replaced < open(), replaced + interval 1 second, written) as settled,
      if(replaced = open(), until, null) as runs_to from version),
  around as (select *, max(settled) over (w rows between unbounded preceding
      and 1 preceding) as settled_before, max(runs_to) over (w rows between unbounded preceding
          and 1 preceding) as runs_before,
      coalesce(min(first_known) over (w rows between 1 following and unbounded following),
          open()) as known_after, lead(since, 1, open()) over w as next_since,
          row_number() over w as turn
      from item window w as (partition by id order by since, first_known, written, record,
          version)),
  cut as (select *, coalesce(settled_before <= least(first_known, known_after),
      true) and coalesce(runs_before <= since, true) as begins,
      greatest(settled, settled_before) <= known_after and coalesce(greatest(runs_before,
          runs_to) <= next_since, true) as ends from around),
  placed as (select *, begins and ends as alone,
      sum(begins::int) over (partition by id order by turn) as block from cut),
  phase as (select id, block, alone, value, since, until, record, written,
      if(version = 1 and until = open(), first_known, written) as known_from,
      replaced as known_to from placed union all
      select id, block, alone, value, since, open(), record, written, first_known,
          written from placed where version = 1 and until < open())
  select * replace (if(known_to >= closed(), open(),
      known_to) as known_to) from phase where known_from < known_to and known_from < closed()''')
con.execute('''create or replace temp table belief as
  with rough as (select * from fact where not alone),
  moment as (select id, block, known_from as moment from rough union select id, block,
      known_to from rough where known_to < open()),
  epoch as (select id, block, moment as recorded_from,
      lead(moment, 1, open()) over w as recorded_to,
      row_number() over w as epoch from moment window w as (partition by id,
      block order by moment)),
  known as (select e.*, f.value, f.since, f.until, f.record, f.written from epoch e
      join rough f on f.id = e.id and f.block = e.block and f.known_from <= e.recorded_from
          and f.known_to > e.recorded_from),
  edge as (select id, block, epoch, since as moment from known union select id, block, epoch,
      until from known),
  slice as (select id, block, epoch, moment as starts,
      lead(moment) over (partition by id, block, epoch order by moment) as ends from edge),
  covered as (select k.* exclude (since, until, written), c.starts, c.ends from slice c
      join known k on k.id = c.id and k.block = c.block and k.epoch = c.epoch
          and k.since <= c.starts and k.until >= c.ends
      qualify row_number() over (partition by c.id, c.block, c.epoch,
          c.starts order by k.since desc, k.until, k.written desc, k.value desc, k.record) = 1),
  apart as (select *, if(lag(ends) over w = starts, 0,
      1) as apart from covered window w as (partition by id, block, epoch, record order by starts)),
  piece as (select *, sum(apart) over (partition by id, block, epoch,
      record order by starts) as piece from apart),
  held as (select epoch, recorded_from, recorded_to, id, block, value, min(starts) as since,
      max(ends) as until, record from piece group by epoch, recorded_from, recorded_to, id, block,
      value, record, piece),
  joined as (select *, epoch - row_number() over (partition by id, block, record, value, since,
      until order by epoch) as belief from held)
  select id, value, since as valid_from, until as valid_to, known_from as recorded_from,
      known_to as recorded_to, 'shop.contracts' as source, record from fact where alone
  union all select id, value, since, until, min(recorded_from), max(recorded_to), 'shop.contracts',
      record from joined group by id, block, value, since, until, record, belief''')
kept('plan')
"""

QUALITY = (
    COMMON
    + """
import json
columns = ['id', 'value', 'valid_from', 'valid_to', 'recorded_from', 'recorded_to', 'source',
    'record']
with Engine('store') as engine:
    ours = [engine.frame(plan(), f'client__{name}__{table}').select(columns) for name in ('rank',
        'plan') for table in ('beliefs', 'history')]
theirs = [pl.read_parquet(f'theirs_{name}{table}.parquet', columns=columns) for name in ('rank',
    'plan') for table in ('_beliefs', '')]
print(json.dumps({"tables whose rows differ": [sum(not one.equals(other) for one,
    other in zip(ours, theirs)), "<=", 0]}))
"""
)

AGAINST = "DuckDB SQL tuned by hand, the same beliefs and intervals"
CASE = Case(
    "history", f"{AGAINST}, 1M facts", 1.2, prepare, OURS, THEIRS, quality=QUALITY, cpu=True
)
CASE_TEN = Case(
    "history10m", f"{AGAINST}, 10M facts", 1.4, prepare_ten, OURS, THEIRS, rounds=1, cpu=True
)
CASE_LEAN = Case(
    "history2gb",
    f"{AGAINST}, 10M facts; ours in 2 GB",
    1.6,
    prepare_ten,
    OURS.replace("Engine('store')", "Engine('store', memory='2GB')"),
    THEIRS,
    rounds=1,
    cpu=True,
)
