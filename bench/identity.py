"""Customers from a million records, against plain Splink on the same normalised columns.

Ours: rules in order, the guard, a never-merge key, refusals, lasting ids, every table stored
  with its digest.
Theirs: train, predict, cluster at .95, with the rules as its blocking; it guards nothing, and
  keeps nothing.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl

from bench.people import people
from bench.timing import Case

CUSTOMERS = 627_000  # a million records, and a tenth more that come later
FIVE = 2_850_000  # five million records

COMMON = """
import os, shutil
import polars as pl
from workbook.engine import Engine, Function, Plan, Table
from workbook.identity.plan import entity_tables
from workbook.model.schema import EntityIdentity

ATTRIBUTES = ("email", "phone", "first_name", "last_name", "birth_date", "postcode", "crm_id")
SPEC = EntityIdentity.model_validate({
    "rules": [
        {"name": "same_id", "match": "crm_id"}, {"name": "same_email", "match": "email"},
            {"name": "same_phone_and_name", "match": ["phone", "last_name"]},
        {"name": "same_person", "match": ["first_name", "last_name", "birth_date", "postcode"]},
    ],
    "never_merge": ["crm_id"],
    "guard": {"records_per_value": 25, "distinct_per_value": {"last_name": 1}, "cluster_size": 25},
})

def plan(file="people.parquet", registry=None):
    call = lambda inputs, params: pl.read_parquet(params["file"]).rename({"record": "_record"})
    stamp = {"file": file, "size": os.path.getsize(file)}
    records = Table("person__records", "one record", "bench", keys=("_record",),
        function=Function("people", 1, call, (), stamp))
    methods = {name: "person_name" if name.endswith("_name") else "exact" for name in ATTRIBUTES}
    return Plan([records, *entity_tables("person", SPEC, methods=methods, registry=registry)])

def fresh(name):
    shutil.rmtree(name, ignore_errors=True)
    shutil.copytree("landed", name, copy_function=os.link)
    return Engine(name)
"""

OURS = (
    COMMON
    + """
with fresh("work") as engine:
    made = engine.build(plan(), ["person__clusters", "person__refused", "person__id_lineage"])
assert made["person__clusters"].rows > 0
"""
)

THEIRS = """
import logging
logging.disable(logging.CRITICAL)
import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
import splink.comparison_library as cl
con = duckdb.connect()
con.execute("create table people as select * from 'people.parquet'")
rules = ["l.crm_id = r.crm_id", "l.email = r.email",
    "l.phone = r.phone and l.last_name = r.last_name",
         "l.first_name = r.first_name and l.last_name = r.last_name and l.birth_date ="
             " r.birth_date and l.postcode = r.postcode"]
settings = SettingsCreator(link_type="dedupe_only", unique_id_column_name="record",
    blocking_rules_to_generate_predictions=rules, comparisons=[
    cl.JaroWinklerAtThresholds("first_name", [0.92, 0.8]),
        cl.JaroWinklerAtThresholds("last_name", [0.92, 0.8]), cl.ExactMatch("email"),
    cl.ExactMatch("phone"), cl.ExactMatch("birth_date"), cl.ExactMatch("postcode")])
linker = Linker(DuckDBAPI(con).register(con.sql("select * from people")), settings,
    log_level=logging.CRITICAL)
linker.training.estimate_probability_two_random_records_match(rules[:2], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(rules[1])
linker.training.estimate_parameters_using_expectation_maximisation(rules[3])
found = linker.inference.predict(threshold_match_probability=0.95)
linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=0.95)
"""

MEASURED = (
    COMMON
    + """
import json
from workbook.identity.evaluation import measured
def quality(clusters, file):
    found = measured(clusters, pl.read_parquet("truth.parquet"))
    crm = pl.read_parquet(file, columns=["record", "crm_id"]).drop_nulls().join(clusters,
        on="record")
    return {
        "pair precision of automatic merges": [round(found.precision, 5), ">=", 0.999],
        "pair recall": [round(found.recall, 4), ">=", 0.7],
        "B-cubed F1": [round(found.b_f1, 4), ">=", 0.9],
        "largest cluster": [found.largest, "<=", 25],
        "clusters with two values of the never-merge key":
            [crm.group_by("id").agg(pl.col("crm_id").n_unique()).filter(pl.col("crm_id") >
                1).height, "<=", 0],
    }

with fresh("work") as engine:
    clusters = engine.frame(plan(), "person__clusters").select("record", "id")
"""
)

QUALITY = (
    MEASURED
    + """
from pathlib import Path
clusters.with_columns(state=pl.lit("current")).write_parquet("registry.parquet")
people, more = pl.read_parquet("people.parquet"), pl.read_parquet("more.parquet")
people.sample(fraction=1.0, shuffle=True, seed=3).write_parquet("shuffled.parquet")
pl.concat([people, more]).write_parquet("grown.parquet")
def ids(file, registry=None):
    shutil.rmtree("again", ignore_errors=True)
    with Engine("again") as engine:
        return engine.frame(plan(file, registry), "person__clusters").select("record", "id")
def differ(other):
    return other.join(clusters, on="record").filter(pl.col("id") != pl.col("id_right")).height
moved = differ(ids("grown.parquet", Path("registry.parquet")))
print(json.dumps(quality(clusters, "people.parquet") | {
    "ids that differ when the rows are shuffled": [differ(ids("shuffled.parquet")), "<=", 0],
    "ids that change on a run with the registry": [differ(ids("shuffled.parquet",
        Path("registry.parquet"))), "<=", 0],
    "share of records whose id changes with a tenth more": [round(moved / clusters.height, 5), "<=",
        0.004],
}))
"""
)

FIVE_QUALITY = (
    "import os; os.chdir('five')"
    + MEASURED
    + "\nprint(json.dumps(quality(clusters, 'people.parquet')))\n"
)


def prepare(folder: Path) -> None:
    """The records, a tenth more of the same people, and a store in which records and their
    normalised values lie ready.
    """
    records, truth = people(CUSTOMERS)
    more = records.sample(fraction=1 / 11, seed=5)
    more.write_parquet(folder / "more.parquet")
    _land(folder, records.join(more, on="record", how="anti", maintain_order="left"), truth)


def prepare_five(folder: Path) -> None:
    """The same at one million and at five."""
    for name, customers in {"one": FIVE // 5, "five": FIVE}.items():
        (folder / name).mkdir()
        _land(folder / name, *people(customers))


def _land(folder: Path, records: pl.DataFrame, truth: pl.DataFrame) -> None:
    records.write_parquet(folder / "people.parquet")
    truth.write_parquet(folder / "truth.parquet")
    program = (
        COMMON + "\nwith Engine('landed') as engine:\n    engine.build(plan(), ['person__records',"
        " 'person__values'])\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True)


def _in(folder: str) -> str:
    return f"import os; os.chdir({folder!r})\n{OURS}"


CASE = Case(
    "identity",
    "plain Splink 5, train, predict and cluster, 1M records",
    0.35,
    prepare,
    OURS,
    THEIRS,
    peak=1024,
    quality=QUALITY,
)
CASE_FIVE = Case(
    "identity5m",
    "our own time at 1M records, 5M records",
    5.5,
    prepare_five,
    _in("five"),
    _in("one"),
    peak=3072,
    quality=FIVE_QUALITY,
)
