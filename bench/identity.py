"""Customers from a million records, against plain Splink on the same normalised columns.

Ours: rules in order, the guard, a never-merge key, refusals, lasting ids, every table stored with its digest.
Theirs: train, predict, cluster at .95, with the rules as its blocking; it guards nothing, and keeps nothing.
"""

from __future__ import annotations

from pathlib import Path

from bench.people import people
from bench.timing import Case

CUSTOMERS = 570_000

COMMON = """
import os, shutil
import polars as pl
from workbook.engine import Engine, Function, Plan, Table
from workbook.identity.tables import entity_tables
from workbook.model.parts import EntityIdentity

ATTRIBUTES = ("email", "phone", "first_name", "last_name", "birth_date", "postcode", "crm_id")
SPEC = EntityIdentity.model_validate({
    "rules": [
        {"name": "same_id", "match": "crm_id"}, {"name": "same_email", "match": "email"}, {"name": "same_phone_and_name", "match": ["phone", "last_name"]},
        {"name": "same_person", "match": ["first_name", "last_name", "birth_date", "postcode"]},
    ],
    "never_merge": ["crm_id"],
    "guard": {"records_per_value": 25, "distinct_per_value": {"last_name": 1}, "cluster_size": 25},
})

def plan(file="people.parquet", registry=None):
    call = lambda inputs, params: pl.read_parquet(params["file"])
    stamp = {"file": file, "size": os.path.getsize(file)}
    records = Table("person__records", "one record", "bench", keys=("record",), function=Function("people", 1, call, (), stamp))
    methods = {name: "person_name" if name.endswith("_name") else "text" for name in ATTRIBUTES}
    return Plan([records, *entity_tables("person", SPEC, methods=methods, registry=registry)])

def fresh(name):
    shutil.rmtree(name, ignore_errors=True)
    shutil.copytree("landed", name, copy_function=os.link)
    return Engine(name)
"""

OURS = COMMON + """
with fresh("work") as engine:
    made = engine.build(plan(), ["person__clusters", "person__refused", "person__id_lineage"])
assert made["person__clusters"].rows > 0
"""

THEIRS = """
import logging
logging.disable(logging.CRITICAL)
import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
import splink.comparison_library as cl
con = duckdb.connect()
con.execute("create table people as select * from 'people.parquet'")
rules = ["l.crm_id = r.crm_id", "l.email = r.email", "l.phone = r.phone and l.last_name = r.last_name",
         "l.first_name = r.first_name and l.last_name = r.last_name and l.birth_date = r.birth_date and l.postcode = r.postcode"]
settings = SettingsCreator(link_type="dedupe_only", unique_id_column_name="record", blocking_rules_to_generate_predictions=rules, comparisons=[
    cl.JaroWinklerAtThresholds("first_name", [0.92, 0.8]), cl.JaroWinklerAtThresholds("last_name", [0.92, 0.8]), cl.ExactMatch("email"),
    cl.ExactMatch("phone"), cl.ExactMatch("birth_date"), cl.ExactMatch("postcode")])
linker = Linker(DuckDBAPI(con).register(con.sql("select * from people")), settings, log_level=logging.CRITICAL)
linker.training.estimate_probability_two_random_records_match(rules[:2], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(rules[1])
linker.training.estimate_parameters_using_expectation_maximisation(rules[3])
found = linker.inference.predict(threshold_match_probability=0.95)
linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=0.95)
"""

QUALITY = COMMON + """
import json
def pairs(frame, *by):
    return frame.group_by(*by).len().select((pl.col("len") * (pl.col("len") - 1) // 2).sum()).item()

truth = pl.read_parquet("truth.parquet")
with fresh("work") as engine:
    made = plan()
    clusters = engine.frame(made, "person__clusters").select("record", "id")
    engine.close()
both = clusters.join(truth, on="record")
crm = pl.read_parquet("people.parquet", columns=["record", "crm_id"]).drop_nulls().join(clusters, on="record")
pl.read_parquet("people.parquet").sample(fraction=1.0, shuffle=True, seed=3).write_parquet("shuffled.parquet")
with Engine("again") as engine:
    shuffled = engine.frame(plan("shuffled.parquet"), "person__clusters").select("record", "id")
clusters.write_parquet("registry.parquet")
from pathlib import Path
with Engine("again") as engine:
    again = engine.frame(plan("shuffled.parquet", registry=Path("registry.parquet")), "person__clusters").select("record", "id")
    pl.concat([pl.read_parquet("people.parquet"), pl.read_parquet("more.parquet")]).write_parquet("grown.parquet")
    grown = engine.frame(plan("grown.parquet", registry=Path("registry.parquet")), "person__clusters").select("record", "id")
moved = grown.join(clusters, on="record").filter(pl.col("id") != pl.col("id_right")).height
print(json.dumps({
    "pair precision": [round(pairs(both, "id", "truth") / pairs(both, "id"), 5), ">=", 0.999],
    "pair recall": [round(pairs(both, "id", "truth") / pairs(both, "truth"), 4), ">=", 0.7],
    "largest cluster": [clusters.group_by("id").len()["len"].max(), "<=", 25],
    "clusters with two values of the never-merge key": [crm.group_by("id").agg(pl.col("crm_id").n_unique()).filter(pl.col("crm_id") > 1).height, "<=", 0],
    "ids that differ when the rows are shuffled": [shuffled.join(clusters, on=["record", "id"], how="anti").height, "<=", 0],
    "ids that change on a run with the registry": [again.join(clusters, on=["record", "id"], how="anti").height, "<=", 0],
    "share of records whose id changes with a tenth more": [round(moved / clusters.height, 5), "<=", 0.004],
}))
"""


def prepare(folder: Path) -> None:
    """The records, a tenth more of the same people, and a store in which records and their normalised values lie ready."""
    records, truth = people(CUSTOMERS)
    some = records.sample(fraction=1 / 11, seed=5)
    records.join(some, on="record", how="anti").write_parquet(folder / "people.parquet")
    some.write_parquet(folder / "more.parquet")
    truth.write_parquet(folder / "truth.parquet")
    import subprocess
    import sys

    landed = COMMON + "\nwith Engine('landed') as engine:\n    engine.build(plan(), ['person__records', 'person__values'])\n"
    subprocess.run([sys.executable, "-c", landed], cwd=folder, check=True)


CASE = Case("identity", "plain Splink 5, train, predict and cluster, 1M records", 0.35, prepare, OURS, THEIRS, peak=1024, quality=QUALITY)
