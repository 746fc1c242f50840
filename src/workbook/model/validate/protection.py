"""Nothing that a purpose refuses is shown or asked, nor anything that is made from it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.channels import CHANNELS, contacts_of
from workbook.model.consent import consent_of
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Thing
from workbook.model.literals import readable
from workbook.model.model import Model
from workbook.model.permission import Permission, Ruling, permission_of
from workbook.model.readings import Reading, limited_by, readings, uses_of
from workbook.model.schema import Audience, View
from workbook.model.validate.validator import Place, Validator


def protection(model: Model) -> Iterator[Problem]:
    """Views read what their purpose permits, ask for consent where it needs it, use a channel."""
    found: dict[Problem, None] = {}
    for kind, name, use in uses_of(model):
        permission = permission_of(model, use.purpose)
        if permission:
            found |= dict.fromkeys(_reads(model, permission, kind, name, use))
            found |= dict.fromkeys(_consent(model, kind, name, use))
        if isinstance(use, Audience) and use.channel:
            found |= dict.fromkeys(_channel(model, name, use))
    yield from found


def _reads(
    model: Model, permission: Permission, kind: str, name: str, use: View | Audience
) -> Iterator[Problem]:
    limits = (reading for _, _, reading in limited_by(model, use))
    every = [*readings(model, kind, name, use), *limits]
    # What the purpose asks itself may be asked in a condition, and is not for that reason shown.
    own = frozenset(
        read.thing for each in every if each.place[-1] == "only_if" for read in each.reads
    )
    matched = set()  # keys are told of once, for they refuse all that a view reads of an entity
    for reading in every:
        also = own if "fields" not in reading.place else frozenset()
        ruling = permission.rule_on(reading.text, reading.reads, also)
        if reading.reads and not ruling.allowed and ruling.key not in matched:
            matched |= {ruling.key} - {None}
            yield _refused(model, reading, ruling, f"{kind[:-1]} '{name}'")


def _refused(model: Model, reading: Reading, ruling: Ruling, use: str) -> Problem:
    validator, context = Validator(model, reading.word), Validator(model, "ai_context")
    part = "its rows" if reading.place[-1] == "of" else f"'{readable(model, reading.text)}'"
    if ruling.never:
        at = context.problem(("purposes", ruling.purpose, "never"), "")
        what = (
            f"{use} reads {part}, and purpose '{ruling.purpose}' is never given {ruling.never}"
            f" ({at.file}:{at.line}){_behind(ruling)}."
        )
        return validator.problem(reading.place, what, _instead(model, reading, ruling))
    what = (
        f"{use} reads {part}, and purpose '{ruling.purpose}' does not permit it: {ruling.because}."
    )
    return validator.problem(
        reading.place, what, "Leave it out, or name it in `fields` of the purpose."
    )


def _behind(ruling: Ruling) -> str:
    _, colon, way = ruling.because.partition(": ")
    return f": {way}" if colon else ""


def _instead(model: Model, reading: Reading, ruling: Ruling) -> str:
    if ruling.key:
        return _without_key(model, ruling)
    if " is made from " in ruling.because:
        return (
            "Such rows may be there because of it alone: take the source out of `from` of the"
            " entity and make an entity of its own of it, or name in `never` the fields that are"
            " meant."
        )
    return "Leave it out: what is refused can neither be shown nor decide who is in."


def _without_key(model: Model, ruling: Ruling) -> str:
    """What to do where a matching key is refused: `never` gives it no part, a class hides it."""
    key = ruling.key or Thing("key", "")
    entity = key.name.partition(".")[0]
    at = ""
    if key.kind == "key" and not model.is_open("identity"):
        place = Validator(model, "identity").problem(("identity", entity), "")
        at = f" ({place.file}:{place.line})"
    cls = derivation_of(model).class_of(key)
    permission = permission_of(model, ruling.purpose)
    shown = permission is not None and cls in permission.purpose.classes
    hide = (
        f"and leave the class {cls} out of `classes`, naming in `fields` what is needed of it"
        if shown
        else f"for the purpose shows nothing of class {cls} that its `fields` do not name"
    )
    return (
        f"What is refused may decide nothing, also not which records are one: match without it{at}."
        f" Where it must only not be shown, take it out of `never`, {hide}."
    )


def _consent(model: Model, kind: str, name: str, use: View | Audience) -> Iterator[Problem]:
    """Where consent is the lawful basis, a condition asks for it."""
    verdict = consent_of(model, use)
    if verdict is None or not verdict.proven:
        return
    place: Place = (kind, name, "consent" if getattr(use, "consent", "") else "purpose")
    who = f"{kind[:-1]} '{name}'"
    basis = f"the basis of purpose '{use.purpose}' is consent"
    if verdict.kind == "nobody_asked":
        place = (kind, name, "purpose")
        what = f"{who} asks nobody's consent, and {basis}."
        where = "Write `consent:` here, or" if isinstance(use, Audience) else "Write"
        advice = f"{where} `only_if:` of the purpose, such as user.consent = 'granted'."
    elif verdict.kind == "channel":
        channel = getattr(use, "channel", "")
        what = (
            f"{who} contacts people by {channel}, and the consent that it asks for, {verdict.name},"
            f" is for {verdict.what}."
        )
        advice = (
            f"Ask for a consent by {channel}: keep one in 06_history.yml with `where:`, such as"
            f" channel = '{channel}'."
        )
    else:
        said = f"answered '{verdict.what}'" if verdict.what else "did not answer"
        what = (
            f"{who} lets in who {said}: its condition can hold without a consent in {verdict.name},"
            f" and {basis}."
        )
        advice = (
            f"Write the answer that permits it, such as {verdict.name} = 'granted', joined with"
            " `and`."
        )
    yield Validator(model, "customer_360").problem(place, what, advice)


def _channel(model: Model, name: str, audience: Audience) -> Iterator[Problem]:
    """A channel is known, and the audience hands over what it needs."""
    validator, place = Validator(model, "customer_360"), ("audiences", name, "channel")
    if audience.channel not in CHANNELS:
        yield from validator.known(place, "channel", audience.channel, CHANNELS)
    elif model.attributes(audience.of) and not contacts_of(model, audience):
        kinds = " or ".join(CHANNELS[audience.channel])
        what = (
            f"audience '{name}' is contacted by {audience.channel}, and none of its fields is an"
            f" attribute of {audience.of} of type {kinds}."
        )
        yield validator.problem(place, what, "Name one in `fields`, or another channel.")
