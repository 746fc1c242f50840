"""What page 06 concludes of what the law asks: requests to be forgotten, and answers about
permission.
"""

from __future__ import annotations

from workbook import history as room
from workbook.entities import permission_sources
from workbook.finding import Finding
from workbook.scenarios.context import Context
from workbook.steps.history_words import nothing_left, rows_held, since_erasure
from workbook.words import number
from workbook.words.wording import capital, humanize


def conclude(context: Context, page: str) -> list[Finding]:
    """Requests that are not heeded, people who are still held or followed, and answers that
    belong to nobody.
    """
    return _of_erasures(context, page) + _of_unlinked(context, page)


def _of_erasures(context: Context, page: str) -> list[Finding]:
    """Requests to be forgotten that do not say whose they are; and whoever asked and is still
    known by a personal value.
    """
    found = []
    for entity in room.erasures(context.model):
        (row,) = context.query(room.erasure_residue_sql(context.model, entity)).to_dicts()
        owner = context.model.owner_of("history", "erasures", entity)
        if row["unclear"]:
            one = row["unclear"] == 1
            sentence = (
                f"{number.plural(row['unclear'], 'request')} to be forgotten"
                f" {'reaches' if one else 'reach'} more than one {humanize(entity)} and"
                f" {'is' if one else 'are'} heeded for none: all that"
                f" {'it names' if one else 'they name'} may be shown. Say in 04b whether they are"
                " one, or let the request name the one that is meant."
            )
            found.append(
                Finding(
                    "history.erasure_unclear",
                    "fail",
                    sentence,
                    page,
                    row["unclear"],
                    owner,
                    (entity,),
                )
            )
        sql = room.since_sql(context.model, entity, permission_sources(context.model))
        things = context.query(sql).to_dicts() if sql else []
        if row["still"]:
            who, one = number.plural(row["still"], humanize(entity)), row["still"] == 1
            values = number.plural(row["personal"], "personal value")
            sentence = (
                f"{who} who asked to be forgotten {'is' if one else 'are'} still held, with"
                f" {values}; {number.plural(row['requests'], 'request')}"
                f" {'was' if row['requests'] == 1 else 'were'} made. {rows_held(things)}Erase them"
                " where they stand, and wherever an old list may bring them back."
            )
            found.append(
                Finding(
                    "history.erased_still_held",
                    "look",
                    sentence,
                    page,
                    row["still"],
                    owner,
                    (entity,),
                )
            )
        if any(each["rows"] for each in things):
            sentence = since_erasure(humanize(entity), things)
            found.append(
                Finding(
                    "history.erased_since",
                    "look",
                    sentence,
                    page,
                    sum(each["rows"] for each in things),
                    owner,
                    (entity,),
                )
            )
    return found


def _of_unlinked(context: Context, page: str) -> list[Finding]:
    """Answers about permission, and requests to be forgotten, that belong to nobody."""
    every = [
        ("history.consent_unlinked", "answer about permission", "answers about permission", each)
        for each in room.consents(context.model, permission_sources(context.model))
    ]
    every += [
        ("history.erasure_unlinked", "request to be forgotten", "requests to be forgotten", each)
        for each in room.requests(context.model)
    ]
    found = []
    for code, one, several, each in every:
        (row,) = context.query(each.sql).to_dicts()
        if row["unlinked"]:
            source = humanize(each.source.replace(".", " "))
            verb = "has" if row["unlinked"] == 1 else "have"
            sentence = (
                f"{capital(source)}: {number.integer(row['unlinked'])} of"
                f" {number.plural(row['rows'], one, several)} {verb} no effect, because their"
                f" identifier belongs to no {humanize(each.entity)} or to several. Correct it at"
                " the source, or how it is linked in 04_entities.yml."
            )
            # the model says that whoever was erased is gone
            if gone := code.endswith("erasure_unlinked") and each.expected:
                sentence = nothing_left(
                    source,
                    row["unlinked"],
                    number.plural(row["rows"], one, several),
                    humanize(each.entity),
                )
            severity = "note" if gone else "look" if each.expected else "fail"
            words = (
                ("history", "erasures", each.entity)
                if code.endswith("erasure_unlinked")
                else ("sources", "systems", context.model.system_of(each.source))
            )
            found.append(
                Finding(
                    code,
                    severity,
                    sentence,
                    page,
                    row["unlinked"],
                    context.model.owner_of(*words),
                    (each.source,),
                )
            )
    return found
