"""Seven ways in which customer models fail, looked for in the decisions, each with a good first
answer and what to avoid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbook.diagnose.inputs import Evidence
from workbook.words import number
from workbook.words.wording import agreeing, humanize, humanize_list


@dataclass(frozen=True)
class Mode:
    """One failure mode: where the decisions show it (`trouble`, '' where they do not), a good
    first answer, what to avoid.

    `open` says that nothing is decided in which it could show, `told` that a finding of its own
    page tells of it.
    """

    name: str
    trouble: str
    good: str
    avoid: str
    page: str
    open: bool = False
    told: bool = False


def modes(evidence: Evidence) -> tuple[Mode, ...]:
    """All seven, in the order of the steps."""
    return tuple(
        Mode(
            name,
            trouble := look(evidence),
            good,
            avoid,
            page,
            not trouble and not _decided(evidence, page),
            page == "06" and bool(evidence.having("history.overwritten")),
        )
        for name, good, avoid, page, look in MODES
    )


def _decided(e: Evidence, page: str) -> bool:
    """Whether anything is written down in which a mode of this page could show."""
    model = e.model
    return bool(
        {
            "04b": model.identity and model.identity.identity,
            "05": model.survivorship,
            "11": model.customer_360 and model.customer_360.views,
        }.get(page, True)
    )


def _no_grain(e: Evidence) -> str:
    grain = e.model.grain
    if grain is None or not grain.primary:
        return "no grain is decided"
    if not grain.considered:
        return "no other grain was considered"
    said = grain.sentence.lower()
    return (
        "the row sentence names several things"
        if "and/or" in said or said.count(" or ") > 1
        else ""
    )


def _mixed_levels(e: Evidence) -> str:
    model = e.model
    for entity in model.entity_names:
        names = model.attributes(entity)
        types = {model.type_of(entity, name) for name in names}
        own = model.entities.entities[entity].attributes if model.entities else {}
        if {"person_name", "company_name"} <= types and {"money"} & types and own:
            return f"{humanize(entity)} holds a person's name, a company's name and money"
    return (
        ""
        if len(model.entity_names) > 1
        else "one table holds everything"
        if model.entity_names
        else "no entity is declared"
    )


def _merge_by_likeness(e: Evidence) -> str:
    weak = []
    for entity, spec in e.model.identity.identity.items() if e.model.identity else ():
        for rule in spec.rules:
            types = {e.model.type_of(entity, name) for name in rule.match}
            if types <= {"person_name", "company_name", "full_name", "country", "postal_address"}:
                weak.append(f"{humanize(entity)}: {humanize(rule.name)}")
    if weak:
        return f"{', '.join(weak)} {agreeing(len(weak), 'merges', 'merge')} by a name alone"
    several = [name for name in e.model.entity_names if len(e.model.entity_sources(name)) > 1]
    open_ones = [
        name for name in several if not e.model.identity or name not in e.model.identity.identity
    ]
    return (
        f"{humanize_list(open_ones)} {agreeing(len(open_ones), 'comes', 'come')} from several"
        f" systems and {agreeing(len(open_ones), 'has', 'have')} no rule"
        if open_ones
        else ""
    )


def _last_write_wins(e: Evidence) -> str:
    part = e.model.survivorship
    several = any(len(e.model.entity_sources(name)) > 1 for name in e.model.entity_names)
    if part is None:
        return "no rule says which source wins" if several else ""
    loose = [
        name
        for name, rule in part.fields.items()
        if rule.rule == "most_recent" and not rule.because
    ]
    return (
        f"{humanize_list([name.replace('.', ' ') for name in loose])}: the newest value wins, with"
        " no reason given"
        if loose
        else ""
    )


def _no_history(e: Evidence) -> str:
    part = e.model.history
    if not part or not (part.history or part.events):
        return "nothing keeps its past"
    lost = e.having("history.overwritten")
    return (
        f"{number.plural(lost[0].count or 0, 'field')} on which numbers or rules depend"
        f" {agreeing(lost[0].count or 0, 'keeps', 'keep')} no past"
        if lost
        else ""
    )


def _one_big_table(e: Evidence) -> str:
    views = e.model.customer_360.views if e.model.customer_360 else {}
    over = [name for name, view in views.items() if len(view.fields) > view.budget]
    aimless = [name for name, view in views.items() if not view.answers and not view.purpose]
    if over:
        return (
            f"{humanize_list(over)}"
            f" {agreeing(len(over), 'has more fields than its', 'have more fields than their')}"
            " budget"
        )
    return (
        f"{humanize_list(aimless)}"
        f" {agreeing(len(aimless), 'answers no question and serves', 'answer no question and serve')}"
        " no purpose"
        if aimless
        else ""
    )


def _no_owner(e: Evidence) -> str:
    part = e.model.metrics
    missing = [
        name
        for name in (part.metrics if part else {})
        if not e.model.owner_of("metrics", "metrics", name)
    ]
    if missing:
        return (
            f"{number.plural(len(missing), 'metric')} {agreeing(len(missing), 'has', 'have')} no"
            " owner"
        )
    if e.model.ai_context is None and e.model.customer_360 is not None:
        return "views exist, and nothing says who may use them for what"
    return "" if part else "no number has an owner, because none is defined"


MODES: tuple[tuple[str, str, str, str, Callable[[Evidence], str]], ...] = (
    (
        "The grain is never decided",
        "one sentence, and the grains that were turned down",
        "a table called customers that everybody reads differently",
        "02",
        _no_grain,
    ),
    (
        "Persons, accounts and companies in one table",
        "one entity for each, joined by keys",
        "a wide table that mixes their fields",
        "04",
        _mixed_levels,
    ),
    (
        "Merging by likeness",
        "certain keys first; likeness only suggests",
        "a name match that merges by itself",
        "04b",
        _merge_by_likeness,
    ),
    (
        "Whichever loaded last wins",
        "billing for what is paid, product for what is used, each with a reason",
        "the newest timestamp as a rule for everything",
        "05",
        _last_write_wins,
    ),
    (
        "The past is overwritten",
        "intervals for what decides: plan, owner, status, consent",
        "a current value in a question about last year",
        "06",
        _no_history,
    ),
    (
        "One table for every use",
        "a small view per workflow, compiled from modular tables",
        "a view that other tables read",
        "11",
        _one_big_table,
    ),
    (
        "Nobody answers for a number",
        "an owner for each definition, and a purpose for each use",
        "access by habit",
        "12",
        _no_owner,
    ),
)
