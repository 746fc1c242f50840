"""All of identity with suggestions on a million records, against plain Splink with the same
comparisons, rules and blocks.

Ours: what the case `identity` does, and the scored pairs of groups that no rule joined, with
their evidence, in a store. Its weights were trained before, as a run reads them. Theirs is a
whole run of Splink: train, predict, cluster at .95. What our training costs is told apart, and
the ratio with training counted on both sides.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.febrl import splink_settings
from bench.identity import COMMON
from bench.people import people
from bench.timing import Case

CUSTOMERS = 570_000  # a million records

COMPARED = {
    "email": "email",
    "phone": "phone",
    "first_name": "person_name",
    "last_name": "person_name",
    "birth_date": "date",
    "postcode": "text",
    "street": "text",
}
BLOCKS = [
    "email",
    "phone",
    "last_name, postcode",
    "first_name, postcode",
    "birth_date, postcode",
    "street, postcode",
    "last_name, birth_date",
    "first_name, street",
    "last_name, street",
]
BANDS = {"sure": 0.999, "likely": 0.95, "possible": 0.5}

SUGGESTED = f"""
{COMMON}
from pathlib import Path
from workbook.identity.candidate_tables import Compared, suggestion_tables
from workbook.identity.weights import parse_weights, settings_of
from workbook.model.schema import Suggest

KINDS = {COMPARED!r}
SUGGEST = Suggest.model_validate({{"compare": list(KINDS), "block_on": {BLOCKS!r},
    "bands": {BANDS!r}}})
SPEC = SPEC.model_copy(update={{"suggest": SUGGEST}})
METHODS = {{name: "person_name" if name.endswith("_name") else "exact" for name in (*ATTRIBUTES,
    *KINDS)}}
COMPARED = Compared(KINDS, {{name: METHODS[name] for name in KINDS}}, {{}})
SETTINGS = settings_of(COMPARED.kinds, COMPARED.methods)

def records_table(file):
    call = lambda inputs, params: pl.read_parquet(params["file"]).rename({{"record": "_record"}})
    stamp = {{"file": file, "size": os.path.getsize(file)}}
    return Table("person__records", "one record", "bench", keys=("_record",),
        function=Function("people", 1, call, (), stamp))

def whole(file="people.parquet", decisions=(), weights="weights.json"):
    weights = parse_weights(Path(weights).read_text("utf-8"))
    methods = {{name: METHODS[name] for name in ATTRIBUTES}}
    suggested = suggestion_tables("person", SPEC, COMPARED, weights)
    made = entity_tables("person", SPEC, methods=methods, decisions=decisions,
        suggestions=suggested, seen=COMPARED.seen, weights=weights.digest)
    return Plan([records_table(file), *made])
"""

LAND = """
with Engine("landed") as engine:
    engine.build(whole(), ["person__records", "person__values", "person__compared"])
"""

TRAIN = """
import sys
from workbook.identity.candidate_tables import wide
from workbook.identity.training import train
from workbook.identity.weights import write_weights
methods = {name: METHODS[name] for name in (*ATTRIBUTES, *KINDS)}
made = train(wide(pl.read_parquet("people.parquet").rename({"record": "_record"}), methods, {}),
    KINDS, [list(rule.match) for rule in SPEC.rules], SETTINGS)
write_weights(Path("weights.json"), made)
"""

OURS = (
    SUGGESTED
    + """
with fresh("work") as engine:
    made = engine.build(whole(), ["person__clusters", "person__refused", "person__id_lineage",
        "person__suggestion_evidence", "person__waiting"])
assert made["person__waiting"].rows > 0
"""
)

THEIRS = """
import json, logging
logging.disable(logging.CRITICAL)
import duckdb
from splink import DuckDBAPI, Linker
con = duckdb.connect()
con.execute("create table people as select * from 'people.parquet'")
linker = Linker(DuckDBAPI(con).register(con.sql("select * from people")),
    json.load(open("settings.json")), log_level=logging.CRITICAL)
rules = json.load(open("rules.json"))
linker.training.estimate_probability_two_random_records_match(rules[:2], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(rules[1])
linker.training.estimate_parameters_using_expectation_maximisation(rules[3])
found = linker.inference.predict(threshold_match_probability=0.95)
clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(found,
    threshold_match_probability=0.95).as_duckdbpyrelation()
con.sql("copy (select record, cast(cluster_id as varchar) as id from clusters) to"
    " 'theirs.parquet' (format parquet)")
"""

QUALITY = (
    SUGGESTED
    + """
import json, time
from workbook.identity.evaluation import measured
truth, theirs = pl.read_parquet("truth.parquet"), pl.read_parquet("theirs.parquet")
with Engine("work") as engine:
    plan = whole()
    found = engine.frame(plan, "person__suggestions").join(truth, left_on="left_record",
        right_on="record").join(truth, left_on="right_record", right_on="record")
    told = measured(engine.frame(plan, "person__clusters").select("record", "id"), truth)
sure = found.filter(pl.col("band") == "sure")
right = sure.filter(pl.col("label") == pl.col("label_right")).height
splink = measured(theirs, truth)
started = time.perf_counter()
"""
    + TRAIN
    + """
print(json.dumps({
    "pairs suggested": [found.height, ">=", 1],
    "share of the surest band that is right": [round(right / sure.height, 5), ">=", 0.999],
    "pair precision of automatic merges": [round(told.precision, 5), ">=", 0.999],
    "pair precision of Splink's clusters": [round(splink.precision, 5), ">=", 0],
    "pair recall of Splink's clusters": [round(splink.recall, 4), ">=", 0],
    "seconds that our training takes, which a run does not": [round(time.perf_counter() - started,
        1), ">=", 0],
}))
"""
)


def prepare(folder: Path, customers: int = CUSTOMERS) -> None:
    """The records and their truth, trained weights, Splink's settings, and a store in which the
    normalised values lie ready.
    """
    records, truth = people(customers)
    records.write_parquet(folder / "people.parquet")
    truth.write_parquet(folder / "truth.parquet")
    rules = [
        ["crm_id"],
        ["email"],
        ["phone", "last_name"],
        ["first_name", "last_name", "birth_date", "postcode"],
    ]
    settings = splink_settings(COMPARED, [*(", ".join(rule) for rule in rules), *BLOCKS])
    (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
    (folder / "rules.json").write_text(
        json.dumps([" and ".join(f"l.{name} = r.{name}" for name in rule) for rule in rules]),
        "utf-8",
    )
    for program in (TRAIN, LAND):
        subprocess.run([sys.executable, "-c", SUGGESTED + program], cwd=folder, check=True)


CASE = Case(
    "suggestions",
    "plain Splink 5, train, predict and cluster, the same pairs, 1M records",
    1.0,
    prepare,
    OURS,
    THEIRS,
    quality=QUALITY,
)
