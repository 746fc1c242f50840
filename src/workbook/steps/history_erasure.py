"""What page 06 finds of what the law asks: erasure requests, and answers about consent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workbook import history
from workbook.engine import quote
from workbook.entities import permission_sources
from workbook.finding import Finding
from workbook.metrics import metrics_of, resolved
from workbook.metrics.report.metric_wording import label_of
from workbook.model import erased_name
from workbook.model.links import to_one_links
from workbook.scenarios.context import Context
from workbook.words import finding, number, words_of
from workbook.words.wording import humanize


def erasure_findings(context: Context) -> list[Finding]:
    """Erasure requests that are not applied, people who are still held or followed, and answers
    that are linked to nobody.
    """
    found: list[Finding] = []
    for entity in history.erasures(context.model):
        found += _of_erasures(context, entity)
    return [*found, *_unlinked_consents(context), *_unlinked_requests(context)]


def _of_erasures(context: Context, entity: str) -> Iterator[Finding]:
    """Ambiguous requests; and whoever asked and is still known by a personal value, or by records
    that are dated later.
    """
    model = context.model
    (residue,) = context.query(history.erasure_residue_sql(model, entity)).to_dicts()
    owner = model.owner_of("history", "erasures", entity)
    if residue["unclear"]:
        yield finding(
            model,
            "history.erasure_unclear",
            residue["unclear"],
            (entity,),
            owner=owner,
            entity=entity,
        )
    sql = history.since_sql(model, entity, permission_sources(model))
    things = context.query(sql).to_dicts() if sql else []
    if residue["still"]:
        yield finding(
            model,
            "history.erased_still_held",
            residue["still"],
            (entity,),
            owner=owner,
            entity=entity,
            values=residue["personal"],
            requests=residue["requests"],
            things=_counted(things, "held"),
            rows=_total(things, "held"),
            metrics=_in_metrics(context, entity),
            **_unmatched(context, entity),
        )
    if since := _total(things, "rows"):
        returned = things[0]["returned"]
        yield finding(
            model,
            "history.erased_since",
            since,
            (entity,),
            owner=owner,
            variant="returned" if returned else "silent",
            entity=entity,
            asked=things[0]["asked"],
            returned=returned,
            things=_counted(things, "rows"),
            earlier=_counted(things, "unanswered"),
            before=_total(things, "unanswered"),
        )


def _unmatched(context: Context, entity: str) -> dict[str, int]:
    """How many requests match nobody, by whom nothing can be said, of how many."""
    for requests in history.requests(context.model):
        if requests.entity == entity:
            (row,) = context.query(requests.sql).to_dicts()
            return {"unmatched": row["unlinked"], "of": row["rows"]}
    return {"unmatched": 0, "of": 0}


def _in_metrics(context: Context, entity: str) -> list[str]:
    """The metrics that count somebody who asked, or a record of theirs, with how many; the most
    first.
    """
    model, erased = context.model, quote(erased_name(entity))
    found = []
    for name, metric in metrics_of(model).metrics.items():
        table = f"m__{name}__rows"
        if metric.type not in ("simple", "cumulative") or not context.has(table):
            continue
        of = resolved(model, name).entity
        links = [link for link, _ in to_one_links(model, start=of, end=entity) if context.has(link)]
        if of == entity:
            whose = f"select id as from_id, id as to_id from {quote(of)}"
        elif links:
            whose = " union ".join(f"select from_id, to_id from {quote(link)}" for link in links)
        else:
            continue
        sql = (
            f"select count(distinct r.id) as n from {quote(table)} as r join ({whose}) as l on"
            f" l.from_id = r.id join {erased} as e on e.id = l.to_id"
        )
        if count := int(context.query(sql)["n"][0]):
            found.append((count, label_of(model, name)))
    texts = words_of("history")
    return [
        texts.text("erased.in_metric", metric=label, count=count)
        for count, label in sorted(found, key=lambda item: (-item[0], item[1]))
    ]


def _unlinked_consents(context: Context) -> Iterator[Finding]:
    """Answers about consent that are linked to nobody."""
    model = context.model
    for answers in history.consents(model, permission_sources(model)):
        (row,) = context.query(answers.sql).to_dicts()
        if row["unlinked"]:
            yield finding(
                model,
                "history.consent_unlinked",
                row["unlinked"],
                (answers.source,),
                severity="look" if answers.expected else "fail",
                owner=model.owner_of("sources", "systems", model.system_of(answers.source)),
                source=answers.source,
                of=row["rows"],
                entity=answers.entity,
            )


def _unlinked_requests(context: Context) -> Iterator[Finding]:
    """Erasure requests that are linked to nobody; expected where the model says that whoever was
    erased is gone, and even then a warning where a request names a person in one way alone.
    """
    model = context.model
    for requests in history.requests(model):
        (row,) = context.query(requests.sql).to_dicts()
        if row["unlinked"]:
            alone = requests.expected and len(requests.named_by) < 2
            yield finding(
                model,
                "history.erasure_unlinked",
                row["unlinked"],
                (requests.source,),
                severity="look" if alone else "note" if requests.expected else "fail",
                owner=model.owner_of("history", "erasures", requests.entity),
                variant="alone" if alone else "gone" if requests.expected else "open",
                source=requests.source,
                of=row["rows"],
                entity=requests.entity,
                identifiers=list(requests.named_by),
            )


def _total(things: Sequence[dict[str, Any]], count: str) -> int:
    return sum(thing[count] for thing in things)


def _counted(things: Sequence[dict[str, Any]], count: str) -> list[str]:
    """Each thing that has any, with its count."""
    return [
        number.plural(thing[count], humanize(thing["thing"])) for thing in things if thing[count]
    ]
