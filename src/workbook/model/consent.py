"""Whether a condition asks for somebody's consent: an answer that was given, and for the
channel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.model.channels import CHANNELS
from workbook.model.derivation import derivation_of
from workbook.model.expressions import names_in
from workbook.model.model import Model
from workbook.model.names import ResolvedField
from workbook.model.possible_outcomes import is_understood, literals_beside, may_hold
from workbook.model.schema import Audience, Purpose, View

GIVEN = frozenset(
    (
        "granted",
        "given",
        "yes",
        "true",
        "in",
        "1",
        "y",
        "opted_in",
        "opt_in",
        "subscribed",
        "active",
        "accepted",
        "agreed",
        "allowed",
        "permitted",
        "confirmed",
        "consented",
    )
)
REFUSED = frozenset(
    (
        "denied",
        "withdrawn",
        "refused",
        "revoked",
        "no",
        "false",
        "out",
        "0",
        "n",
        "opted_out",
        "opt_out",
        "unsubscribed",
        "declined",
        "rejected",
        "expired",
        "objected",
        "never",
        "none",
    )
)
_ASSUMED = ("withdrawn", "denied")  # what somebody may have answered where no values are declared
_WORDS = {  # words that name a channel, beside itself
    "email": {"email", "mail"},
    "phone": {"phone", "call", "calls", "telephone"},
    "sms": {"sms"},
    "letter": {"letter", "post", "postal", "mail"},
    "in_app": {"in_app", "inapp"},
    "push": {"push"},
}
_CONSENT = re.compile(r"(?<!no )(?<!not )(?<!without )\bconsent\b", re.IGNORECASE)


@dataclass(frozen=True)
class ConsentAnswer:
    """What somebody answered, as a condition names it: its fields, and which rows tell of it."""

    name: str
    fields: tuple[ResolvedField, ...]
    where: str = ""

    def values(self, text: str) -> tuple[str | None, ...]:
        """All that it may hold: what its fields declare, or what the condition names; NULL too."""
        declared = [value.casefold() for field in self.fields for value in field.values]
        if any(field.type == "boolean" for field in self.fields):
            declared = ["true", "false"]
        found = declared or [*literals_beside(text, self.name), *_ASSUMED]
        return (*dict.fromkeys(found), None)


@dataclass(frozen=True)
class ConsentVerdict:
    """What is wrong with the consent of a view or an audience, or cannot be told.

    `kind`: nobody_asked, lets_in (`what` is the answer that is let in, '' for none), channel
    (`what` are the channels that the consent is for), no_consent and no_channel (nothing tells).
    """

    kind: str
    name: str = ""
    what: str = ""

    @property
    def proven(self) -> bool:
        """Whether it is wrong for certain, so that `check` refuses it."""
        return self.kind in ("nobody_asked", "lets_in", "channel")


def consent_of(model: Model, use: View | Audience) -> ConsentVerdict | None:
    """What is wrong with the consent that a use asks for, where its purpose is based on consent."""
    purpose = _consented(model, use)
    if purpose is None:
        return None
    texts = [text for text in (getattr(use, "consent", ""), purpose.only_if) if text]
    text = " and ".join(f"({text})" for text in texts)
    names = [name for name in names_in(text) if name != "as_of"]
    if not names:
        return ConsentVerdict("nobody_asked")
    answers = [each for name in names if (each := _answer(model, use.of, name, text))]
    found = [(answer, _let_in(answer, text)) for answer in answers]
    asked = [answer for answer, verdict in found if verdict is None]
    if not asked:
        first = next((verdict for _, verdict in found if verdict and verdict.proven), None)
        clear = first is not None and not _by_rules(model, use.of, names)
        return first if clear else ConsentVerdict("no_consent", names[0])
    channel = use.channel if isinstance(use, Audience) else ""
    misfits = [_channel(model, answer, channel) for answer in asked] if channel else [None]
    return (
        None if None in misfits else min(misfits, key=lambda misfit: bool(misfit and misfit.proven))
    )


def is_on_consent(model: Model, use: View | Audience) -> bool:
    """Whether the purpose of a use is based on consent."""
    return _consented(model, use) is not None


def _consented(model: Model, use: View | Audience) -> Purpose | None:
    """The purpose of a use, where it is based on consent."""
    purpose = (
        model.ai_context.purposes.get(use.purpose) if not model.is_open("ai_context") else None
    )
    return purpose if purpose and _CONSENT.search(purpose.basis) else None


def _answer(model: Model, entity: str, name: str, text: str) -> ConsentAnswer | None:
    """The answer that a name holds; None of what is no attribute, or holds no such words."""
    owner, _, attribute = name.rpartition(".")
    owner = owner or entity
    kept = (
        model.history.history.get(f"{owner}.{attribute}") if not model.is_open("history") else None
    )
    if kept:
        field = model.fields(kept.from_).get(kept.value or attribute)
        answer = ConsentAnswer(name, (field,) if field else (), kept.where)
    else:
        refs = model.attributes(owner).get(attribute, ())
        fields = (model.fields(ref.source).get(ref.field) for ref in refs)
        answer = ConsentAnswer(name, tuple(field for field in fields if field))
    declared = {value for value in answer.values(text) if value} - set(_ASSUMED)
    if any(field.values for field in answer.fields):
        declared -= {"1", "0"}
    known = declared & (GIVEN | REFUSED) or any(
        set(_ASSUMED) & set(f.values) for f in answer.fields
    )
    return answer if answer.fields and known else None


def _let_in(answer: ConsentAnswer, text: str) -> ConsentVerdict | None:
    """The answer that a condition lets in beside a consent; None where it lets in nothing else."""
    if not is_understood(text, [answer.name]):
        return ConsentVerdict("no_consent", answer.name)
    inside = [item for item in answer.values(text) if may_hold(text, {answer.name: item})]
    if None in inside:
        return ConsentVerdict("lets_in", answer.name)
    flags = any(field.type == "boolean" for field in answer.fields)
    if refused := [item for item in inside if item in REFUSED]:
        known = "true" in inside or not flags  # a flag may well say the opposite: `opted_out`
        return ConsentVerdict("lets_in" if known else "no_consent", answer.name, str(refused[0]))
    unsure = [item for item in inside if item not in GIVEN]
    return ConsentVerdict("no_consent", answer.name) if unsure else None


def _by_rules(model: Model, entity: str, names: list[str]) -> bool:
    """Whether a rule among the names is made from what may be an answer, too."""
    derivation = derivation_of(model)
    things = [
        read.thing
        for name in names
        for read in derivation.named(name.rpartition(".")[0] or entity, name.rpartition(".")[2])
        if read.thing.kind == "rule"
    ]
    fields = (derivation.field_of(path[-1]) for path in derivation.under(things))
    return any({v.casefold() for v in field.values} & GIVEN for field in fields if field)


def _channel(model: Model, answer: ConsentAnswer, channel: str) -> ConsentVerdict | None:
    """What is wrong with the channel of a consent; None where it is for this channel."""
    spoken = set(_channels_said(answer))
    if channel in spoken:
        return None
    permitted = set(_channels_kept(model, answer))
    if permitted == {channel}:
        return None
    wrong = permitted or spoken
    if wrong:
        return ConsentVerdict("channel", answer.name, ", ".join(sorted(wrong)))
    return ConsentVerdict("no_channel", answer.name)


def _channels_kept(model: Model, answer: ConsentAnswer) -> Iterator[str]:
    """The channels of the rows that a kept answer is taken from, where its source declares them."""
    for field in answer.fields:
        for other in model.fields(field.source).values():
            if set(other.values) & set(CHANNELS) and other.name != field.name:
                yield from (
                    value
                    for value in other.values
                    if not answer.where or may_hold(answer.where, {other.name: value.casefold()})
                )


def _channels_said(answer: ConsentAnswer) -> Iterator[str]:
    """The channels that the words of an answer name: its own, its field's, those of its rows."""
    fields = [field.name for field in answer.fields]
    texts = [answer.name.rpartition(".")[2], *fields, *_texts(answer.where)]
    words = {word for text in texts for word in (text, *re.split(r"[\W_]+", text))}
    yield from (channel for channel, names in _WORDS.items() if names & words)


def _texts(where: str) -> list[str]:
    return [text for name in names_in(where) for text in literals_beside(where, name)]
