"""All numbers of a company of 200k accounts and two facts of 1M rows, against MetricFlow's SQL
for the same answers.

Both start from the same Parquet tables. Ours measures every key and link, keeps each number,
segment and month, and each segment of a month, as a table with its digest, and proves that they
add up; theirs writes MetricFlow's SQL for each answer and runs it in DuckDB.
"""

from __future__ import annotations

from pathlib import Path

from bench.timing import Case

AS_OF = "2025-06-30"
SOURCES = """
systems: {shop: {owner: sales}}
sources:
  shop.accounts: {primary_key: account_id, fields: {account_id: id, country: country, plan: text,
    is_test: boolean}}
  shop.invoices: {primary_key: invoice_id, valid: issued_on,
    fields: {invoice_id: id, account_id: id, amount: decimal, status: text, issued_on: date}}
  shop.activity: {primary_key: activity_id, valid: acted_on,
    fields: {activity_id: id, account_id: id, user_name: text, name: text, acted_on: date}}
identifiers: {account_id: {in: [shop.accounts, shop.invoices, shop.activity]}}
"""
ENTITIES = """
entities:
  account: {row_is: one account, from: shop.accounts}
  invoice: {row_is: one invoice, from: shop.invoices}
  activity: {row_is: one action, from: shop.activity}
relationships:
  account_invoices: {from: invoice, to: account, by: account_id, cardinality: many to one}
  account_activity: {from: activity, to: account, by: account_id, cardinality: many to one}
"""
METRICS = """
owner: sales
rules:
  paid_lately: {of: invoice, all: ["status = 'paid'", "date_diff('day', issued_on, as_of) <= 29",
    "issued_on <= as_of"]}
  acted: {of: account, all: [{some: activity, where: name <> 'login', within: 30 days}]}
  paid: {of: account, all: [{some: invoice, where: paid_lately}]}
  active: {of: account, all: [paid, acted], none: [is_test]}
semantic_models:
  accounts: {of: account, measures: {accounts: {agg: count}}}
  invoices: {of: invoice, measures: {invoices: {agg: count}, invoiced: {agg: sum, expr: amount},
    mean_invoice: {agg: average, expr: amount}}}
  activity: {of: activity, measures: {actions: {agg: count},
    active_users: {agg: count_distinct, expr: user_name}}}
metrics:
  accounts: {measure: accounts, by: [account.country, account.plan]}
  active_accounts: {measure: accounts, filter: active, by: [account.plan]}
  orders: {measure: invoices, filter: status <> 'void', by: [invoice.status, account.plan]}
  paid_revenue: {measure: invoiced, filter: status = 'paid', by: [account.country, account.plan]}
  mean_invoice: {measure: mean_invoice, by: [account.country]}
  lifetime_value: {type: cumulative, measure: invoiced, filter: status = 'paid', by: [account.plan]}
  revenue_this_year: {type: cumulative, measure: invoiced, filter: status = 'paid',
    grain_to_date: year}
  revenue_30_days: {type: cumulative, measure: invoiced, filter: status = 'paid', window: 30 days}
  active_users: {type: cumulative, measure: active_users, window: 30 days}
  actions: {type: cumulative, measure: actions, window: 30 days}
  used: {measure: actions, filter: name <> 'login', by: [account.plan, activity.name]}
  revenue_per_account: {type: ratio, numerator: paid_revenue, denominator: accounts,
    by: [account.country]}
  revenue_per_order: {type: ratio, numerator: paid_revenue, denominator: orders, by: [account.plan]}
  double: {type: derived, expr: paid_revenue * 2}
"""
ROWS = {
    "account": (
        "select 'a' || lpad(n::varchar, 6, '0') as id, 'a' || lpad(n::varchar, 6, '0') as"
        " account_id, ['DE', 'FR', 'US', 'GB', 'NL'][(1 + hash(n) % 5)::int] as country, ['team',"
        " 'business', 'enterprise', null][(1 + hash(n + 1) % 4)::int] as plan, hash(n + 2) % 100 ="
        " 0 as is_test from range(200_000) as r(n)"
    ),
    "invoice": (
        "select 'i' || lpad(n::varchar, 7, '0') as id, 'i' || lpad(n::varchar, 7, '0') as"
        " invoice_id, case when hash(n) % 50 > 0 then 'a' || lpad((hash(n + 7) % 202_000)::varchar,"
        " 6, '0') end as account_id, ((hash(n + 3) % 100_000) / 100)::decimal(18, 6) as amount,"
        " ['paid', 'paid', 'open', 'void'][(1 + hash(n + 4) % 4)::int] as status, date '2023-07-01'"
        " + (hash(n + 5) % 730)::int as issued_on from range(1_000_000) as r(n)"
    ),
    "activity": (
        "select 'v' || lpad(n::varchar, 7, '0') as id, 'v' || lpad(n::varchar, 7, '0') as"
        " activity_id, 'a' || lpad((hash(n + 8) % 200_000)::varchar, 6, '0') as account_id, 'u' ||"
        " (hash(n + 9) % 300_000) as user_name, ['login', 'login', 'edit', 'share'][(1 + hash(n +"
        " 4) % 4)::int] as name, date '2023-07-01' + (hash(n + 6) % 730)::int as acted_on from"
        " range(1_000_000) as r(n)"
    ),
}
LINKS = {
    name: (
        f"select f.id as from_id, a.id as to_id from {fact} as f left join account as a on a.id ="
        " f.account_id"
    )
    for name, fact in (("account_invoices", "invoice"), ("account_activity", "activity"))
}


def prepare(folder: Path) -> None:
    """The project, and a store that holds its entities and links as the step before would have
    left them.
    """
    import duckdb
    import polars as pl

    from workbook.engine import Engine, Function, Plan, Table

    (folder / "model").mkdir()
    (folder / "data").mkdir()
    (folder / "workbook.yml").write_text(
        f"workbook: 2\nname: Bench\nas_of: {AS_OF}\ndata: data\ndepartments: {{sales: a}}\n"
    )
    for name, text in {
        "03_sources": SOURCES,
        "04_entities": ENTITIES,
        "07_metrics": METRICS,
    }.items():
        (folder / "model" / f"{name}.yml").write_text(text)
    with duckdb.connect() as connection:
        for name, sql in {**ROWS, **LINKS}.items():
            connection.execute(f"create table {name} as {sql}")
            connection.execute(
                f"copy (select * from {name} order by all) to '{folder / name}.parquet'"
            )
    with Engine(folder / "base", data_roots=[folder]) as engine:
        tables = [
            Table(
                name,
                "one row",
                "bench",
                keys=("id",) if name in ROWS else ("from_id",),
                function=Function(
                    f"read_{name}",
                    1,
                    lambda inputs, params, name=name: pl.read_parquet(folder / f"{name}.parquet"),
                ),
            )
            for name in (*ROWS, *LINKS)
        ]
        engine.build(Plan(tables), [table.name for table in tables])


OURS = """
import os, shutil
from workbook import metrics
from workbook.engine import Engine, Function, Plan, Table
from workbook.model import load_model
shutil.rmtree('store', ignore_errors=True)
shutil.copytree('base', 'store', copy_function=os.link)
model = load_model('.')
given = [Table(name, 'one row', 'bench', keys=(key,), function=Function(f'read_{name}', 1, None))
         for name, key in (('account', 'id'), ('invoice', 'id'), ('activity', 'id'),
             ('account_invoices', 'from_id'), ('account_activity', 'from_id'))]
tables = metrics.tables(model)
assert all(each.part == 'month' for each in metrics.refusals(model))
plan = Plan([*given, *tables])
with Engine('store', data_roots=['.']) as engine:
    engine.build(plan, plan.order)
    print(*(f"{name} {engine.frame(plan, metrics.value_table(name))['exact'][0]:.4f}" for name
        in model.metrics.metrics), sep=chr(10))
"""

THEIRS = """
import re
import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.implementations.semantic_manifest import (
    PydanticSemanticManifest)
from metricflow_semantics.model.dbt_manifest_parser import transform_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

class Dialect:
    sql_engine_type, sql_plan_renderer = SqlEngine.DUCKDB, DuckDbSqlPlanRenderer()

def relation(name):
    return {'alias': name, 'schema_name': 'main', 'relation_name': f'main.{name}'}

def model(name, table, texts, time, measures, foreign=()):
    return {'name': name, 'node_relation': relation(table),
        'defaults': {'agg_time_dimension': time},
            'entities': [{'name': table, 'type': 'primary', 'expr': 'id'},
                *({'name': each, 'type': 'foreign', 'expr': f'{each}_id'} for each in foreign)],
            'dimensions': [*({'name': each, 'type': 'categorical'} for each in texts),
                {'name': time, 'type': 'time', 'type_params': {'time_granularity': 'day'}}],
            'measures': [{'name': each, 'agg': agg, 'expr': expr,
                'agg_time_dimension': time} for each, agg, expr in measures]}

def where(text):
    return {'where_filters': [{'where_sql_template': text}]} if text else None

def simple(name, measure, text='', window=None):
    cumulative = {} if window is None else {'cumulative_type_params': window}
    return {'name': name, 'type': 'simple' if window is None else 'cumulative',
        'type_params': {'measure': {'name': measure}, **cumulative}, 'filter': where(text)}

PAID = "{{ Dimension('invoice__status') }} = 'paid'"
USED = "{{ Dimension('activity__name') }} <> 'login'"
RECENT = " and {{ TimeDimension('%s', 'day') }} between date '2025-06-01' and date '2025-06-30'"
ACTIVE = ("{{ Metric('paid_lately', group_by=['account']) }} > 0 and {{ Metric('acted',"
    " group_by=['account']) }} > 0 and not {{ Dimension('account__is_test') }}")
MONTH = {'window': {'count': 30, 'granularity': 'day'}}
manifest = {'semantic_models': [
    model('accounts', 'account', ('country', 'plan', 'is_test'), 'today',
        [('accounts_m', 'count', '1')]),
    model('invoices', 'invoice', ('status',), 'issued_on',
        [('invoices_m', 'count', '1'), ('invoiced', 'sum', 'amount'),
        ('mean_m', 'average', 'amount')], ('account',)),
    model('activities', 'activity', ('name',), 'acted_on',
        [('actions_m', 'count', '1'), ('users_m', 'count_distinct', 'user_name')], ('account',))],
  'metrics': [simple('accounts', 'accounts_m'), simple('active_accounts', 'accounts_m', ACTIVE),
      simple('paid_lately', 'invoices_m', PAID + RECENT % 'invoice__issued_on'),
    simple('acted', 'actions_m', USED + RECENT % 'activity__acted_on'),
        simple('orders', 'invoices_m', "{{ Dimension('invoice__status') }} <> 'void'"),
        simple('paid_revenue', 'invoiced', PAID),
    simple('mean_invoice', 'mean_m'), simple('lifetime_value', 'invoiced', PAID, {}),
        simple('revenue_this_year', 'invoiced', PAID, {'grain_to_date': 'year'}),
        simple('revenue_30_days', 'invoiced', PAID, MONTH),
    simple('active_users', 'users_m', '', MONTH), simple('actions', 'actions_m', '', MONTH),
        simple('used', 'actions_m', USED),
    *({'name': name, 'type': 'ratio', 'type_params': {'numerator': {'name': 'paid_revenue'},
        'denominator': {'name': other}}} for name, other in (('revenue_per_account', 'accounts'),
        ('revenue_per_order', 'orders'))),
    {'name': 'double', 'type': 'derived', 'type_params': {'expr': 'paid_revenue * 2',
        'metrics': [{'name': 'paid_revenue'}]}}],
  'project_configuration': {'time_spines': [{'node_relation': relation('spine'),
      'primary_column': {'name': 'day', 'time_granularity': 'day'}}]}}
connection = duckdb.connect()
for name in ('invoice', 'activity'):
    connection.execute(f"create view {name} as select * from read_parquet('{name}.parquet')")
connection.execute("create view account as select *, date '2025-06-30' as today from"
    " read_parquet('account.parquet')")
connection.execute("create view spine as select unnest(generate_series(date '2023-07-01', date"
    " '2025-06-30', interval 1 day))::date as day")
parsed = PydanticSemanticManifest.parse_obj(manifest)
lookup = SemanticManifestLookup(transform_dbt_generated_manifest(parsed))
engine = MetricFlowEngine(lookup, Dialect())

def asked(metric, *by, only=''):
    sql = engine.explain(MetricFlowQueryRequest.create(metric_names=[metric],
        group_by_names=list(by))).sql_statement.sql
    return connection.execute(f'select * from ({sql}) {only}').fetchall()

FLOWS = {'accounts': ('account__country', 'account__plan'), 'active_accounts': ('account__plan',),
    'orders': ('invoice__status', 'account__plan'),
    'paid_revenue': ('account__country', 'account__plan'),
         'mean_invoice': ('account__country',), 'used': ('account__plan', 'activity__name'),
             'revenue_per_account': ('account__country',), 'revenue_per_order': ('account__plan',),
             'double': ()}
ENDS = "where metric_time__day in (select max(day) from spine group by date_trunc('month', day))"
for metric, dimensions in FLOWS.items():
    print(metric, f'{asked(metric)[0][-1]:.4f}')
    for dimension in dimensions:
        asked(metric, dimension)
    if metric not in ('accounts', 'active_accounts', 'revenue_per_account'):
        asked(metric, 'metric_time__month')
        for dimension in dimensions:
            asked(metric, 'metric_time__month', dimension)
for metric in ('lifetime_value', 'revenue_this_year', 'revenue_30_days', 'active_users', 'actions'):
    print(metric, f"{max(asked(metric, 'metric_time__day', only=ENDS))[-1]:.4f}")
asked('lifetime_value', 'metric_time__day', 'account__plan', only=ENDS)
"""

CASE = Case(
    "metrics",
    "MetricFlow's SQL for the same answers, 200k accounts and two facts of 1M rows",
    1.0,
    prepare,
    OURS,
    THEIRS,
)
