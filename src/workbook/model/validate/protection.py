"""Nothing that a purpose refuses is shown or asked, nor anything that is made from it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.channels import CHANNELS, contacts_of
from workbook.model.consent import consent_of
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Thing
from workbook.model.model import Model
from workbook.model.permission import Permission, Ruling, permission_of
from workbook.model.personal_literals import readable
from workbook.model.schema import Audience, View
from workbook.model.validate.step_validator import Place, Validator
from workbook.model.view_reads import Reading, limited_by, readings, uses_of
from workbook.words import advice_of


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
        read.thing for item in every if item.place[-1] == "only_if" for read in item.reads
    )
    matched = set()  # keys are told of once, for they refuse all that a view reads of an entity
    for reading in every:
        also = own if "fields" not in reading.place else frozenset()
        ruling = permission.rule_on(reading.text, reading.reads, also)
        if reading.reads and not ruling.allowed and ruling.key not in matched:
            matched |= {ruling.key} - {None}
            yield _refused(model, reading, ruling, f"{kind[:-1]} '{name}'")


def _refused(model: Model, reading: Reading, ruling: Ruling, use: str) -> Problem:
    validator = Validator(model, reading.word)
    text = "" if reading.place[-1] == "of" else readable(model, reading.text)
    if not ruling.never:
        return validator.problem(
            reading.place,
            "model.protection.not_permitted",
            use=use,
            text=text,
            purpose=ruling.purpose,
            because=ruling.because,
        )
    return validator.problem(
        reading.place,
        "model.protection.never",
        use=use,
        text=text,
        purpose=ruling.purpose,
        never=ruling.never,
        place=_place(model, "ai_context", ("purposes", ruling.purpose, "never")),
        way=ruling.because.partition(": ")[2],
        instead=_instead(model, ruling),
    )


def _place(model: Model, step: str, path: Place) -> str:
    """`model/12_ai_context.yml:3`."""
    return f"{model.texts[step].file}:{model.texts[step].line(path)}"


def _instead(model: Model, ruling: Ruling) -> str:
    if ruling.key:
        return _without_key(model, ruling)
    if " is made from " in ruling.because:
        return advice_of("model.protection.rows_made_from_it")
    return advice_of("model.protection.remove_it")


def _without_key(model: Model, ruling: Ruling) -> str:
    """What to do where a matching key is refused: `never` gives it no part, a class hides it."""
    key = ruling.key or Thing("key", "")
    entity = key.name.partition(".")[0]
    at = ""
    if key.kind == "key" and not model.is_open("identity"):
        at = _place(model, "identity", ("identity", entity))
    cls = derivation_of(model).class_of(key)
    permission = permission_of(model, ruling.purpose)
    shown = permission is not None and cls in permission.purpose.classes
    return advice_of("model.protection.match_without_it", place=at, cls=cls, shown=shown)


def _consent(model: Model, kind: str, name: str, use: View | Audience) -> Iterator[Problem]:
    """Where consent is the lawful basis, a condition asks for it."""
    verdict = consent_of(model, use)
    if verdict is None or not verdict.proven:
        return
    path: Place = (kind, name, "consent" if getattr(use, "consent", "") else "purpose")
    who = f"{kind[:-1]} '{name}'"
    validator = Validator(model, "customer_360")
    if verdict.kind == "nobody_asked":
        yield validator.problem(
            (kind, name, "purpose"),
            "model.protection.no_consent_asked",
            use=who,
            purpose=use.purpose,
            audience=isinstance(use, Audience),
        )
    elif verdict.kind == "channel":
        yield validator.problem(
            path,
            "model.protection.consent_for_another_channel",
            use=who,
            channel=getattr(use, "channel", ""),
            consent=verdict.name,
            given_for=verdict.what,
        )
    else:
        yield validator.problem(
            path,
            "model.protection.without_consent",
            use=who,
            answer=verdict.what,
            consent=verdict.name,
            purpose=use.purpose,
        )


def _channel(model: Model, name: str, audience: Audience) -> Iterator[Problem]:
    """A channel is known, and the audience hands over what it needs."""
    validator, path = Validator(model, "customer_360"), ("audiences", name, "channel")
    if audience.channel not in CHANNELS:
        yield from validator.known(path, "channel", audience.channel, CHANNELS)
    elif model.attributes(audience.of) and not contacts_of(model, audience):
        yield validator.problem(
            path,
            "model.protection.no_contact",
            name=name,
            channel=audience.channel,
            entity=audience.of,
            types=list(CHANNELS[audience.channel]),
        )
