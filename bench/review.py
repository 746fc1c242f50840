"""What a review costs and reaches on a million records, and what it takes to build the
customers anew with its words.

A reviewer who makes no mistake uses what the desk offers: the surest band is signed off on a
sample of every pattern, and the pairs that wait first of the next band are judged one by one.
Ours is a whole build from landed values with these decisions; theirs is plain Splink, train,
predict and cluster.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench import suggestions
from bench.suggestions import SUGGESTED, THEIRS
from bench.timing import Case

CHECKS, SINGLES = 5_000, 2_500

REVIEWED = f"""
{SUGGESTED}
from workbook.identity.match_ledger import read_ledger
BUILT = ["person__clusters", "person__refused", "person__id_lineage", "person__suggestions", "person__suggestion_evidence", "person__waiting"]
LEDGER = Path("decisions/matches.csv")
def decided():
    return whole(decisions=read_ledger(LEDGER).decisions)
"""

REVIEW = (
    REVIEWED
    + f"""
import json
from workbook.identity.review_session import PairReview
truth = dict(pl.read_parquet("truth.parquet").select("record", "label").iter_rows())
def said(pair):
    return "same" if truth[pair.left] == truth[pair.right] else "different"
with fresh("work") as engine:
    frames = {{word: engine.frame(whole(), f"person__{{word}}") for word in ("waiting", "suggestion_evidence", "records", "suggestions")}}
LEDGER.parent.mkdir()
desk = PairReview("person", LEDGER, frames["waiting"], frames["suggestion_evidence"], frames["records"], population=frames["suggestions"], weights=parse_weights(Path("weights.json").read_text("utf-8")).digest)
judged = {{pair: said(pair) for pair in desk.sample("sure", size={CHECKS})}}
stated, _ = desk.stated("sure", "", "same", judged)
desk.sign_off(band="sure", verdict="same", by="ann", because="sampled", judged=judged)
singles = desk.pairs("likely", limit={SINGLES})
for pair in singles:
    desk.decide(pair, said(pair), by="ann")
whole_band = frames["suggestions"].filter(pl.col("band") == "sure")
wrong = sum(truth[left] != truth[right] for left, right in whole_band.select("left_record", "right_record").iter_rows())
told = {{"checks": len(judged), "singles": len(singles), "bound": float(stated.bound), "wrong": wrong / whole_band.height, "patterns": whole_band["pattern"].n_unique()}}
Path("review.json").write_text(json.dumps(told))
"""
)

OURS = (
    REVIEWED
    + """
with fresh("work") as engine:
    made = engine.build(decided(), BUILT)
assert made["person__clusters"].rows > 0
"""
)

QUALITY = (
    REVIEWED
    + f"""
import json
from workbook.identity.evaluation import measured
told = json.loads(Path("review.json").read_text())
with Engine("work") as engine:
    found = measured(engine.frame(decided(), "person__clusters").select("record", "id"), pl.read_parquet("truth.parquet"))
print(json.dumps({{
    "pair recall after the review": [round(found.recall, 4), ">=", 0.94],
    "pair precision after the review": [round(found.precision, 5), ">=", 0.999],
    "pairs judged one by one": [told["singles"], "<=", {SINGLES}],
    "pairs checked in the sample": [told["checks"], "<=", 6000],
    "patterns in the band that was signed off": [told["patterns"], ">=", 1],
    "share of errors at most, as stated": [told["bound"], "<=", 0.002],
    "share of errors in truth over what was stated": [round(told["wrong"] / told["bound"], 3), "<=", 1],
    "largest customer": [found.largest, "<=", 25],
}}))
"""
)


def prepare(folder: Path) -> None:
    """What the suggestions need, and the file of decisions that the review left."""
    suggestions.prepare(folder)
    subprocess.run([sys.executable, "-c", REVIEW], cwd=folder, check=True)


CASE = Case(
    "review",
    "plain Splink 5, train, predict and cluster, 1M records; ours with all decisions of a review",
    1.0,
    prepare,
    OURS,
    THEIRS,
    quality=QUALITY,
)
