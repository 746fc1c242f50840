"""Golden values with their provenance from a million records of three sources, against a DuckDB
program tuned by hand.

Both start from the same Parquet tables of records and clusters, and leave one table per
attribute (value, source, record, time, rule, candidates, whether they differ) and the golden
records. Ours goes through the store, with digests and checked keys.
"""

from __future__ import annotations

from pathlib import Path

from bench.timing import Case

ROWS = 1_000_000
SOURCES = ("crm.people", "billing.people", "product.people")
ATTRIBUTES = ("name", "email", "country", "plan", "status")

FIELDS = (
    "{no: id, name: text, email: text, country: text, plan: text, status: text, updated: timestamp}"
)
SETUP = "\n".join(
    [
        "systems: {crm: {owner: sales}, billing: {owner: finance}, product: {owner: product}}",
        "sources:",
        *(
            f"  {source}: {{primary_key: no, recorded: updated, fields: {FIELDS}}}"
            for source in SOURCES
        ),
        "identifiers: {person_no: {in: [crm.people.no, billing.people.no, product.people.no]}}",
        "",
    ]
)


def places(name: str) -> str:
    """The places of an attribute, one a source."""
    return ", ".join(f"{source}.{name}" for source in SOURCES)


ENTITIES = (
    f"entities: {{person: {{row_is: one person, from: [{', '.join(SOURCES)}], attributes:"
    f" {{{', '.join(f'{name}: [{places(name)}]' for name in ATTRIBUTES)}}}}}}}\n"
)
WINS = """
default: {person: [crm, billing, product]}
fields:
  person.plan: {order: [billing, crm, product], no_older_than: 300 days}
  person.status: {rule: most_recent}
  person.country: {rule: most_frequent}
"""

COMMON = """
import os, shutil
import polars as pl
from workbook import survivorship
from workbook.engine import Engine, Function, Plan, Table
from workbook.model import load_model
model = load_model('.')
def given(name, key):
    return Table(name, 'one record', 'bench', keys=(key,),
        function=Function(f'read_{name}', 1, lambda inputs, params: pl.read_parquet(params['file']),
        (), {'file': f'{name}.parquet'}))
def plan(model):
    return Plan([given('person__records', '_record'), given('person__clusters', 'record'),
        *survivorship.tables(model)])
"""

OURS = (
    COMMON
    + """
shutil.rmtree('store', ignore_errors=True)
shutil.copytree('base', 'store', copy_function=os.link)
with Engine('store') as engine:
    made = engine.build(plan(model), plan(model).order)
assert made['person'].rows > 0
"""
)

QUALITY = (
    COMMON
    + """
import json, time
def timed(engine, which):
    started, before = time.perf_counter(), engine.counts['built']
    engine.build(which, which.order)
    return time.perf_counter() - started, engine.counts['built'] - before
shutil.rmtree('store', ignore_errors=True)
shutil.copytree('base', 'store', copy_function=os.link)
other = model.with_change('survivorship.fields.person.plan', {'rule': 'most_recent'})
with Engine('store') as engine:
    whole, _ = timed(engine, plan(model))
    again, built = timed(engine, plan(other))
print(json.dumps({
    "share of the whole that one changed rule costs": [round(again / whole, 3), "<=", 0.25],
    "tables that one changed rule builds anew": [built, "<=",
        1 + len(plan(model).below('person__plan__choice'))],
}))
"""
)

THEIRS = """
import duckdb
con = duckdb.connect()
con.execute("create view held as select c.id, r._record as record, r._source as source,"
    " r._system as system, r._recorded as recorded, r.* from 'person__records.parquet' as r join"
        " 'person__clusters.parquet' as c on c.record = r._record")
TURN = {source: turn for turn, source in enumerate(('crm.people', 'billing.people',
    'product.people'))}
def case(order):
    return 'case source ' + ' '.join(f"when '{source}.people' then {turn}" for turn,
        source in enumerate(order)) + ' end'
RULES = {
    'name': ('source_order', case(('crm', 'billing', 'product')) + ', recorded desc, record'),
    'email': ('source_order', case(('crm', 'billing', 'product')) + ', recorded desc, record'),
    'person_no': ('source_order', case(('crm', 'billing', 'product')) + ', recorded desc, record'),
    'plan': ('source_order', "(recorded < timestamp '2024-09-04')::int, " + case(('billing', 'crm',
        'product')) + ', recorded desc, record'),
    'status': ('most_recent', 'recorded desc, ' + case(('crm', 'billing', 'product')) + ', record'),
    'country': ('most_frequent', 'times desc, spelled desc, ' + case(('crm', 'billing',
        'product')) + ', recorded desc, record'),
}
for name, (rule, order) in RULES.items():
    often = (", count(*) over (partition by id, typed) as times,"
        " count(*) over (partition by id, value) as spelled") if rule == 'most_frequent' else ""
    con.execute(f'''copy (
      with candidate as (select id, {name} as value, source, record, recorded,
          lower(trim({name})) as typed from held where {name} is not null),
      weighed as (select *{often} from candidate)
      select id, value, source, record, recorded, '{rule}' as rule,
          count(*) over (partition by id) as candidates,
        min(typed) over (partition by id) <> max(typed) over (partition by id) as contested
      from weighed qualify row_number() over (partition by id order by {order}) = 1
      order by id) to 'theirs_{name}.parquet' (format parquet)''')
joins = ' '.join(f"left join 'theirs_{name}.parquet' as {name} on {name}.id = p.id" for name
    in RULES)
con.execute(f"copy (select p.id, {', '.join(f'{name}.value as {name}' for name in RULES)} from"
    f" (select distinct id from 'person__clusters.parquet') as p {joins} order by id) to"
        f" 'theirs.parquet' (format parquet)")
"""


def prepare(folder: Path) -> None:
    """The project, records of three sources, who is whose, and a store in which both lie ready."""
    _prepare(folder, ROWS)


def prepare_ten(folder: Path) -> None:
    """The same with ten million records."""
    _prepare(folder, 10 * ROWS)


def _prepare(folder: Path, rows: int) -> None:
    import subprocess
    import sys

    import duckdb

    (folder / "model").mkdir()
    (folder / "data").mkdir()
    (folder / "workbook.yml").write_text(
        "workbook: 2\nname: Bench\nas_of: 2025-06-30\ndata: data\ndepartments: {sales: a, finance:"
        " b, product: c}\n"
    )
    for name, said in {
        "03_sources": SETUP,
        "04_entities": ENTITIES,
        "05_survivorship": WINS,
    }.items():
        (folder / "model" / f"{name}.yml").write_text(said)
    names = ", ".join(f"'{name}'" for name in SOURCES)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            f"create table made as select n, hash(n) % {rows * 45 // 100} as who, [{names}][(1 +"
            f" hash(n + 1) % 3)::int] as source from range({rows}) as r(n)"
        )
        connection.execute(
            "create table records as select source || ':' || lpad(n::varchar, 9, '0') as record,"
            " source, split_part(source, '.', 1) as system, n::varchar as person_no, timestamp"
            " '2023-07-01' + interval (hash(n + 2) % 1_000_000) minute as recorded, 'Name ' || (who"
            " + (hash(n + 3) % 5 = 0)::int) as name, case when hash(n + 4) % 4 > 0 then 'mail' ||"
            " (who + (hash(n + 5) % 8 = 0)::int) || '@x.test' end as email, ['DE', 'FR', 'US',"
            " 'GB', null][(1 + hash(who + hash(n) % 2) % 5)::int] as country, ['team', 'business',"
            " 'enterprise', null][(1 + hash(n + 6) % 4)::int] as plan, ['active', 'trial',"
            " 'gone'][(1 + hash(n + 7) % 3)::int] as status, who from made"
        )
        connection.execute(
            "copy (select record as _record, source as _source, system as _system, recorded as"
            " _recorded, * exclude (record, source, system, recorded, who) from records order by"
            f" record) to '{folder}/person__records.parquet'"
        )
        clusters = (
            "select record, 'per_' || lpad(who::varchar, 9, '0') as id, cast(null as varchar) as"
            " rule, count(*) over (partition by who) as records from records order by record"
        )
        connection.execute(f"copy ({clusters}) to '{folder}/person__clusters.parquet'")
    program = (
        COMMON
        + "\nwith Engine('base') as engine:\n    engine.build(plan(model), ['person__records',"
        " 'person__clusters'])\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True)


AGAINST = "DuckDB SQL tuned by hand, the same values with provenance"
CASE = Case(
    "survivorship", f"{AGAINST}, 1M records", 1.2, prepare, OURS, THEIRS, quality=QUALITY, cpu=True
)
CASE_TEN = Case(
    "survivorship10m", f"{AGAINST}, 10M records", 1.4, prepare_ten, OURS, THEIRS, rounds=1, cpu=True
)
CASE_LEAN = Case(
    "survivorship2gb",
    f"{AGAINST}, 10M records; ours in 2 GB",
    1.6,
    prepare_ten,
    OURS.replace("Engine('store')", "Engine('store', memory='2GB')"),
    THEIRS,
    rounds=1,
    cpu=True,
)
