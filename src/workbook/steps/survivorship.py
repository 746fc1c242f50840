"""TEMPORARY spine of 05, until the survivorship room stands."""
from __future__ import annotations
from workbook.engine import Table, quote
from workbook.finding import Finding
from workbook.model import Model
from workbook.show import Headline
from workbook.steps.base import Step

class Survivorship(Step):
    word = "survivorship"; page = "05"; title = "Survivorship"; asks = "Which source wins?"
    @staticmethod
    def tables(model: Model) -> list[Table]:
        made = []
        for entity in model.entity_names:
            if not model.has_identity(entity): continue
            names = [n for n, refs in model.attributes(entity).items() if refs]
            for name in names:
                case = " ".join(f"when r.source = '{i.source}' or r.system = '{i.source}' then {n}" for n, i in enumerate(model.order(entity, name)))
                sql = f"""with ranked as (select c.id as id, r.{quote(name)} as value, r.source as source, r.record as record, r.recorded as recorded,
 row_number() over (partition by c.id order by case {case} else 99 end, r.record) as turn, count(*) over (partition by c.id) as candidates
 from {quote(entity + '__records')} as r join {quote(entity + '__clusters')} as c on c.record = r.record where r.{quote(name)} is not null),
 d as (select c.id as id, count(distinct r.{quote(name)}) as distinct_values from {quote(entity + '__records')} as r join {quote(entity + '__clusters')} as c on c.record = r.record where r.{quote(name)} is not null group by c.id)
select ranked.id, value, source, record, recorded, cast('source_order' as varchar) as rule, candidates, distinct_values from ranked join d on d.id = ranked.id where turn = 1"""
                made.append(Table(f"{entity}__{name}__choice", f"one {entity}", "05_survivorship", keys=("id",), sql=sql))
            joins = "\n".join(f"left join {quote(f'{entity}__{n}__choice')} as t{k} on t{k}.id = i.id" for k, n in enumerate(names))
            cols = ", ".join(["i.id as id", *(f"t{k}.value as {quote(n)}" for k, n in enumerate(names))])
            made.append(Table(entity, model.entities.entities[entity].row_is or entity, "05_survivorship", "canonical", ("id",), f"with ids as (select distinct id from {quote(entity + '__clusters')}) select {cols} from ids as i\n{joins}"))
        return made
    def headline(self): return Headline(self.page, self.title, "Temporary.", "")
    def conclude(self): return [Finding("survivorship.open", "note", "temporary", self.page)]
