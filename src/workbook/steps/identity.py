"""TEMPORARY spine of 04b, until the identity room stands."""
from __future__ import annotations
import hashlib
import polars as pl
from workbook.engine import Function, Table
from workbook.identity.normalise import comparable_keys
from workbook.model import Model
from workbook.finding import Finding
from workbook.show import Headline
from workbook.steps.base import Step

class Identity(Step):
    word = "identity"; page = "04b"; title = "Identity"; asks = "Which records are the same customer?"
    @staticmethod
    def tables(model: Model) -> list[Table]:
        made = []
        for entity in model.entity_names:
            if model.has_identity(entity):
                spec = model.identity.identity.get(entity) if model.identity else None
                rules = [list(r.match) for r in spec.rules] if spec else []
                params = {"entity": entity, "rules": rules, "methods": {a: model.normaliser_of(entity, a) for r in rules for a in r}, "most": spec.guard.records_per_value if spec else 20}
                made.append(Table(f"{entity}__clusters", f"one record of {entity}", "04b_identity", keys=("record",), function=Function("tmp_clusters", 1, _clusters, (f"{entity}__records",), params, columns={"record": (f"{entity}__records.record",), "id": (f"{entity}__records.record",), "rule": (), "records": ()})))
        return made
    def headline(self): return Headline(self.page, self.title, "Temporary.", "")
    def conclude(self): return [Finding("identity.open", "note", "temporary", self.page)]

def _clusters(inputs, params):
    (records,) = inputs.values()
    parent = {r: r for r in records["record"]}
    def find(x):
        while parent[x] != x:
            parent[x] = parent[parent[x]]; x = parent[x]
        return x
    if params["rules"]:
        keys = comparable_keys(records.select("record", *params["methods"]), dict(params["methods"]))
        by = {}
        for record, attribute, value in keys.rows():
            by.setdefault(attribute, {})[record] = value
        for rule in params["rules"]:
            groups = {}
            for record in records["record"]:
                key = tuple(by.get(a, {}).get(record) for a in rule)
                if None not in key: groups.setdefault(key, []).append(record)
            for key, members in groups.items():
                if len(members) <= params["most"]:
                    for other in members[1:]: parent[find(other)] = find(members[0])
    roots = [find(r) for r in records["record"]]
    ids = {root: params["entity"][:3] + "_" + hashlib.sha256(f"{params['entity']}{root}".encode()).hexdigest()[:10] for root in set(roots)}
    frame = pl.DataFrame({"record": records["record"], "id": [ids[r] for r in roots]})
    return frame.with_columns(pl.lit(None, dtype=pl.String).alias("rule"), pl.len().over("id").cast(pl.Int64).alias("records"))
