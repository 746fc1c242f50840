"""The ten diagnostic questions, each answered from the decisions and the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from workbook.diagnose.inputs import Duplicates, Evidence
from workbook.diagnose.landed import duplicates_said
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.report.wording import label_of
from workbook.model import Model
from workbook.model.schema import Audience, View
from workbook.model.shared import shared_attributes, shared_identifiers
from workbook.words import number
from workbook.words.wording import agreeing, humanize, humanize_list, join_words

Word = Literal["yes", "partly", "no", "cannot be told yet"]
UNTOLD: Word = "cannot be told yet"  # nothing is declared that the data could be asked about


@dataclass(frozen=True)
class Answered:
    """What the data says to one question: the answer, the evidence in a sentence, and the page
    that shows it.
    """

    name: str
    asks: str
    answer: Word
    because: str
    page: str


def answers(evidence: Evidence) -> tuple[Answered, ...]:
    """All ten, in order."""
    return tuple(
        Answered(name, asks, *measure(evidence), page)
        for name, (asks, page, measure) in QUESTIONS.items()
    )


def _what_one_row_is(e: Evidence) -> tuple[Word, str]:
    grain = e.model.grain
    if grain is None or not grain.primary:
        return "no", "No row sentence is written down."
    broken = e.first("grain.key_not_unique")
    return (
        ("partly", broken)
        if broken
        else ("yes", f"{grain.sentence.rstrip('. ')}. Its key is unique in the data.")
    )


def _trace(e: Evidence) -> tuple[Word, str]:
    part = e.model.sources
    if part is None or not part.sources:
        return UNTOLD, "No source is declared yet."
    if not part.trace:
        return "no", "No identifiers are named along which a customer can be followed."
    broken = e.first("sources.trace_breaks")
    return (
        ("partly", broken)
        if broken
        else ("yes", "Every identifier of the trace reaches the next system.")
    )


def _winner(e: Evidence) -> tuple[Word, str]:
    model = e.model
    several = [f"{entity}.{name}" for entity, name in shared_attributes(model)]
    decided = set(model.survivorship.fields) if model.survivorship else set()
    defaults = set(model.survivorship.default) if model.survivorship else set()
    own = [name for name in several if name in decided]
    named = [name for name in several if name in decided or name.partition(".")[0] in defaults]
    if not model.entity_names:
        return (
            UNTOLD,
            "No entity is declared, so that nobody knows which fields come from several sources.",
        )
    if not several:
        return "yes", "No field comes from more than one source."
    if not named:
        return (
            "no",
            (
                f"{number.plural(len(several), 'field')} {agreeing(len(several), 'comes', 'come')}"
                " from several sources, and no order is written down for any."
            ),
        )
    by = (
        ""
        if len(own) == len(named)
        else (
            f", for {len(own)} by a rule of its own, for {len(named) - len(own)} by the default of"
            " its entity"
        )
    )
    keys = len(shared_identifiers(e.model))
    by += (
        f"; {number.plural(keys, 'more', 'more')} of several sources"
        f" {agreeing(keys, 'connects', 'connect')} records,"
        f" {agreeing(keys, 'has no rule of its own and is', 'have no rule of their own and are')}"
        " not counted"
        if keys
        else ""
    )
    if len(named) == len(several):
        which = (
            "the one field that comes"
            if len(several) == 1
            else f"all {len(several)} fields that come"
        )
        return "yes", f"An order is written down for {which} from several sources{by}."
    return (
        "partly",
        (
            f"An order is written down for {len(named)} of {len(several)} fields that come from"
            f" several sources{by}."
        ),
    )


def _history(e: Evidence) -> tuple[Word, str]:
    part = e.model.history
    if part is None or not part.history:
        return (
            ("no", "No field keeps its past values.")
            if e.model.source_names
            else (UNTOLD, "No source is declared yet.")
        )
    lost = e.first("history.overwritten")
    kept = (
        f"{number.plural(len(part.history), 'field')}"
        f" {agreeing(len(part.history), 'keeps', 'keep')} every past value."
    )
    return ("partly", lost) if lost else ("yes", kept)


def _same_count(e: Evidence) -> tuple[Word, str]:
    differ = e.competing()
    if differ:
        a, first, b, second = differ[0]
        return (
            "no",
            (
                f"{label_of(e.model, a)} is {number.number(first)} and {label_of(e.model, b)} is"
                f" {number.number(second)}."
            ),
        )
    part = e.model.metrics
    if part is None or not part.metrics:
        return UNTOLD, "No number is defined yet."
    return "yes", "No two definitions compete for one word."


def _duplicates(e: Evidence) -> tuple[Word, str]:
    part = e.model.identity
    if not e.model.entity_names:
        said = duplicates_said(e.landed) if e.landed else ""
        return (
            ("no", f"{said}; no rule says which are the same.")
            if said
            else (UNTOLD, "No entity is declared yet.")
        )
    if part is None or not part.identity:
        several = [name for name in e.model.entity_names if len(e.model.entity_sources(name)) > 1]
        if several:
            return "no", f"{humanize_list(several)}: no rule says which records are the same."
        return (
            UNTOLD,
            (
                "No rule says which records are the same, so duplicates within a source are not"
                " looked for."
            ),
        )
    said = " ".join(map(_handled, e.duplicates))
    waiting = e.first("identity.guarded_values", "identity.refused_links", "identity.large_cluster")
    if waiting or any(each.waiting or each.blocked for each in e.duplicates):
        return "partly", said or waiting
    return "yes", said or "Every merge names the rule that made it."


def _handled(each: Duplicates) -> str:
    """How many records of an entity are duplicates, what was done with them, what awaits review."""
    noun = humanize(each.entity)
    more = [
        (
            f"{number.plural(each.blocked, 'merge')} {agreeing(each.blocked, 'was', 'were')}"
            " blocked"
            if each.blocked
            else ""
        ),
        f"{number.plural(each.waiting, 'pair')} {agreeing(each.waiting, 'awaits', 'await')} review",
    ]
    return (
        f"{number.plural(each.records - each.things, 'duplicate')} of"
        f" {number.plural(each.records, f'{noun} record')}"
        f" {agreeing(each.records - each.things, 'is', 'are')} merged into"
        f" {number.plural(each.things, noun)}; {', '.join(filter(None, more))}."
    )


def _levels(e: Evidence) -> tuple[Word, str]:
    if not e.model.entity_names:
        return UNTOLD, "No entity is declared yet."
    if len(e.model.entity_names) < 2:
        return (
            "no",
            (
                "Fewer than two entities are declared, so persons, accounts and companies cannot be"
                " told apart."
            ),
        )
    broken = e.first("entities.cardinality_broken")
    count = len(e.model.entity_names)
    return (
        ("partly", broken)
        if broken
        else ("yes", f"{count} entities are kept apart, and every relationship holds in the data.")
    )


def _workflows(e: Evidence) -> tuple[Word, str]:
    views, ai = e.model.customer_360, e.model.ai_context
    if views is None or not (views.views or views.audiences):
        return "no", "No workflow has a view of its own."
    every: dict[str, View | Audience] = {**views.views, **views.audiences}
    without = [
        name
        for name, use in every.items()
        if not use.purpose or not ai or use.purpose not in ai.purposes
    ]
    if without:
        return (
            "partly",
            (
                f"{humanize_list(without)} {agreeing(len(without), 'has', 'have')} no purpose that"
                " says what may be read."
            ),
        )
    counts = [
        number.plural(len(part), word)
        for part, word in ((views.views, "view"), (views.audiences, "audience"))
        if part
    ]
    said = f"{join_words(counts)}, each with a purpose that says what may be read"
    return (
        "yes",
        (
            f"{said}; {number.plural(len(views.views), 'view has', 'views have')} a field"
            f" budget{', an audience has none' if views.audiences else ''}."
        ),
    )


def _definitions(e: Evidence) -> tuple[Word, str]:
    part = e.model.metrics
    if part is None or not part.metrics:
        return UNTOLD, "No number is defined yet."
    meant = [name for name in part.metrics if _has_meaning(e.model, name)]
    share = (
        f"{len(meant)} of {number.plural(len(part.metrics), 'metric')}"
        f" {agreeing(len(meant), 'says what it means', 'say what they mean')}"
    )
    if len(meant) == len(part.metrics):
        return "yes", f"{share}."
    return (
        ("partly" if meant else "no"),
        (
            f"{share}; the first without is"
            f" {label_of(e.model, next(n for n in part.metrics if n not in meant))}."
        ),
    )


def _sensitive(e: Evidence) -> tuple[Word, str]:
    if not e.model.source_names:
        return UNTOLD, "No source is declared yet."
    guessed = e.first("sources.guessed", "sources.undeclared_columns")
    if guessed:
        return "partly", guessed
    classes = [
        field.cls for source in e.model.source_names for field in e.model.fields(source).values()
    ]
    marked = sum(cls in ("personal", "sensitive") for cls in classes)
    return (
        "yes",
        (
            f"Each of {number.plural(len(classes), 'field')} has a class; {marked}"
            f" {agreeing(marked, 'is', 'are')} personal or sensitive."
        ),
    )


QUESTIONS: dict[str, tuple[str, str, Callable[[Evidence], tuple[Word, str]]]] = {
    "what_one_row_is": ("Can we say what one row is?", "02", _what_one_row_is),
    "trace_crm_to_support": ("Can one customer be followed through every system?", "03", _trace),
    "which_system_wins": ("Is it decided which system wins, field by field?", "05", _winner),
    "history_kept": ("Do we know what was true then?", "06", _history),
    "same_active_count": ("Do all departments count alike?", "07", _same_count),
    "duplicates_explained": ("Can every duplicate be explained?", "04b", _duplicates),
    "levels_separated": ("Are persons, accounts and companies kept apart?", "04", _levels),
    "workflows_governed": ("Does each workflow know what it may read?", "11", _workflows),
    "definitions_findable": ("Can a newcomer find what a number means?", "09", _definitions),
    "sensitive_known": ("Do we know where personal values stand?", "03", _sensitive),
}


def _has_meaning(model: Model, name: str) -> bool:
    """Whether figure 7.1 has words for what a number means: its own, or those of the rule that
    it counts.
    """
    part = metrics_of(model)
    rule = part.rules.get(part.metrics[name].filter.strip())
    return bool(part.metrics[name].means or (rule and rule.means))
