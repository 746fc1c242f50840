"""What one row could be: the grain that was decided, those considered, every entity, and the
usual suspects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbook.model import Model
from workbook.sources.profile.identifiers import home, places

DECIDED, CONSIDERED, OTHER, ABSENT = "decided", "considered", "other", "absent"
# What a customer usually turns out to be, and the words by which models call it.
USUAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "person",
        (
            "person",
            "people",
            "human",
            "user",
            "contact",
            "member",
            "individual",
            "consumer",
            "profile",
            "lead",
        ),
    ),
    (
        "account or workspace",
        ("account", "workspace", "tenant", "organization", "organisation", "org", "team"),
    ),
    (
        "company or legal entity",
        ("company", "legal", "firm", "business", "corporation", "enterprise", "parent"),
    ),
    ("household", ("household", "family")),
    ("billing entity", ("billing", "payer", "invoicee", "debtor")),
    ("buyer", ("buyer", "purchaser", "shopper")),
    ("seller", ("seller", "vendor", "merchant", "reseller", "partner", "supplier")),
    ("device", ("device", "cookie", "browser")),
)
DEVICE = "device"
# The grains of the method, by what a customer usually turns out to be.
GRAINS = {
    "person": "person",
    "account or workspace": "account",
    "company or legal entity": "company",
    "household": "household",
    "device": "device",
}


@dataclass(frozen=True)
class Candidate:
    """One thing that a row could be: an entity, the values of an identifier, what a
    relationship reaches, or nothing.

    `usual` are the usual things that it is an instance of.
    """

    name: str
    group: str
    kind: str = ""  # entity, identifier, relationship, or '' where no key exists
    target: str = ""
    because: str = ""
    usual: tuple[str, ...] = ()


def candidates(model: Model) -> list[Candidate]:
    """The decided grain first, then those considered, then other entities, then usual things
    that nobody named.
    """
    grain = model.grain
    found: dict[str, Candidate] = {}
    if not model.is_open("grain") and grain.primary:
        found[grain.primary] = _entity(model, grain.primary, DECIDED, grain.because)
    for name, each in grain.considered.items():
        found.setdefault(name, _considered(model, name, each.by, each.because))
    for name in model.entity_names:
        row_is = model.entities.entities[name].row_is
        found.setdefault(name, _entity(model, name, OTHER, row_is))
    named = {usual for each in found.values() for usual in each.usual}
    taken = {each.target for each in found.values() if each.kind == "identifier"}
    for usual, words in USUAL:
        if usual not in named:
            made = _unnamed(model, usual, words, taken)
            found.setdefault(made.name, made)
    order = (DECIDED, CONSIDERED, OTHER, ABSENT)
    return sorted(found.values(), key=lambda each: order.index(each.group))


def _entity(model: Model, name: str, group: str, because: str) -> Candidate:
    known = name in model.entity_names
    return Candidate(
        name, group, "entity" if known else "", name if known else "", because, usual_of(name)
    )


def _considered(model: Model, name: str, by: str, because: str) -> Candidate:
    links = model.entities.relationships
    if by in links:
        return Candidate(
            name, CONSIDERED, "relationship", by, because, usual_of(name) or usual_of(by)
        )
    if by and places(model).get(by):
        return Candidate(
            name, CONSIDERED, "identifier", by, because, usual_of(name) or usual_of(by)
        )
    if name in model.entity_names:
        return Candidate(name, CONSIDERED, "entity", name, because, usual_of(name))
    return Candidate(name, ABSENT, because=because, usual=usual_of(name))


def _unnamed(model: Model, usual: str, words: Iterable[str], taken: set[str]) -> Candidate:
    """A usual thing that nobody named: by an identifier whose name fits, one that is a key
    before one that is not.
    """
    fits = [
        name
        for name, refs in places(model).items()
        if refs and name not in taken and _words(name) & set(words)
    ]
    fits.sort(key=lambda name: home(model, name) is None)
    if fits:
        return Candidate(usual, OTHER, "identifier", fits[0], usual=(usual,))
    return Candidate(usual, ABSENT, usual=(usual,))


def usual_of(*names: str) -> tuple[str, ...]:
    """The usual things whose words stand in these names.

    >>> usual_of("billing_customer")
    ('billing entity',)
    """
    here = set().union(*map(_words, names))
    return tuple(usual for usual, words in USUAL if here & set(words))


def _words(name: str) -> set[str]:
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    return {*words, *(word.removesuffix("s") for word in words)}
