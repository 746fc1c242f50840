"""A first draft of entities, relationships, match rules and source orders, made from the sources
that are written and from nothing else: a proposal to try and to correct.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbook.model import FieldRef, Model
from workbook.sources.profile import home
from workbook.sources.profile.grain_candidates import usual_of

_FAMILIES = {
    "account": ("account or workspace", "company or legal entity", "billing entity"),
    "person": ("person",),
}
_ORGANIZATION = {"customer", "client", "debtor", "subscriber"}  # where the row has a company's name
# of these types a source has one that says the same as another's, by whatever name
_COMMON = {"company_name": "name", "domain": "domain", "country": "country", "phone": "phone"}
_LEFT_OUT = ("free_text", "json")
_PARTS = (("first", ("first", "given", "forename")), ("last", ("last", "family", "surname")))


def draft_entities(model: Model) -> dict[str, Any]:
    """Entity to its block: one for each kind of thing that the sources hold, sources of one kind
    together where an identifier connects them.
    """
    return {name: _entity(model, sources) for name, sources in _by_kind(model).items() if sources}


def draft_relationships(model: Model) -> dict[str, Any]:
    """Relationship to its block: each entity that holds the key of another one."""
    found: dict[str, Any] = {}
    for identifier, refs in model.identifier_places.items():
        to = _keyed_by(model, identifier)
        for name in model.entity_names:
            own = [ref for ref in refs if ref.source in model.entity_sources(name)]
            if to and own and name != to and f"{name}_{to}" not in found:
                listed = any(model.field(ref.source, ref.field).split for ref in own)
                cardinality = "many to many" if listed else "many to one"
                found[f"{name}_{to}"] = {
                    "from": name,
                    "to": to,
                    "by": identifier,
                    "cardinality": cardinality,
                }
    return found


def draft_rules(model: Model) -> dict[str, Any]:
    """Entity of several sources to its match rules: the identifiers that its sources share, weak
    ones only where no strong one connects a source.
    """
    found = {}
    for name in model.entity_names:
        sources = model.entity_sources(name)
        if len(sources) > 1 and (rules := list(_rules(model, sources))):
            found[name] = {"rules": rules}
    return found


def draft_orders(model: Model) -> dict[str, list[str]]:
    """Entity of several systems to their order, as its `from` names them; where every entity is
    of one system, the customer and that system.
    """
    systems = {
        name: list(dict.fromkeys(each.partition(".")[0] for each in model.entity_sources(name)))
        for name in model.entity_names
    }
    several = {name: found for name, found in systems.items() if len(found) > 1}
    primary = model.grain.primary
    return several or {name: found for name, found in systems.items() if name == primary}


# ---- which sources are about one thing


def _by_kind(model: Model) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source in model.sources.sources:
        kind = _kind(model, source)
        if kind in found and not _connected(model, source, found[kind]):
            kind = f"{source.partition('.')[0]}_{kind}"
        if kind in model.sources.systems:
            kind = f"{kind}_row"  # a dotted name must say whether a system or an entity is meant
        found.setdefault(kind, []).append(source)
    return found


def _kind(model: Model, source: str) -> str:
    """What a row of a source is, as a name."""
    spec = model.sources.sources[source]
    words = "".join(sign if sign.isalnum() else " " for sign in spec.row_is.lower()).split()
    noun = "_".join(word for word in words if word not in ("one", "a", "an"))
    noun = noun or source.partition(".")[2]
    types = {each.type for each in spec.fields.values()}
    if noun in _ORGANIZATION and types & {"company_name", "domain", "tax_id"}:
        return "account"
    usual = usual_of(noun) if "_" not in noun else ()
    return next(
        (name for name, kinds in _FAMILIES.items() if set(usual) & set(kinds)),
        noun if noun[:1].isalpha() and noun.isascii() else source.replace(".", "_"),
    )


def _connected(model: Model, source: str, others: list[str]) -> bool:
    return any(
        {source} < {ref.source for ref in refs} and any(ref.source in others for ref in refs)
        for refs in model.identifier_places.values()
    )


# ---- what each is made of


def _entity(model: Model, sources: list[str]) -> dict[str, Any]:
    row_is = model.sources.sources[sources[0]].row_is
    block: dict[str, Any] = {"row_is": row_is, "from": sources}
    if len(sources) > 1:
        block["attributes"] = _attributes(model, sources)
    return block


def _attributes(model: Model, sources: list[str]) -> dict[str, list[str]]:
    """Attribute to the fields that it comes from; identifiers are attributes unnamed."""
    keys = {(ref.source, ref.field) for refs in model.identifier_places.values() for ref in refs}
    found: dict[str, list[str]] = {}
    for source in sources:
        own = model.sources.sources[source].primary_key
        taken: set[str] = set()
        for name, field in model.sources.sources[source].fields.items():
            if (source, name) in keys or name in own or field.split or field.type in _LEFT_OUT:
                continue
            for attribute, part in _named(name, field.type):
                if attribute not in taken:
                    found.setdefault(attribute, []).append(f"{source}.{name}{part}")
                    taken.add(attribute)
                elif attribute != name:
                    found.setdefault(name, []).append(f"{source}.{name}")
    return {name: found[name] for name in found if name not in model.sources.systems}


def _named(name: str, kind: str) -> Iterator[tuple[str, str]]:
    """The attribute that a field states, and the part of the field that does."""
    if kind == "full_name" and name in ("name", "full_name"):
        yield from (("first_name", ".first"), ("last_name", ".last"))
        return
    parts = [part for part, words in _PARTS if set(words) & set(name.split("_"))]
    if kind == "person_name" and parts:
        yield f"{parts[0]}_name", ""
    else:
        yield _COMMON.get(kind, name), ""


# ---- what connects them


def _keyed_by(model: Model, identifier: str) -> str:
    """The entity of which an identifier names one: whose source has it as its key, else the
    person of an address.
    """
    ref = home(model, identifier)
    refs = model.identifier_places[identifier]
    kinds = {model.field(each.source, each.field).type for each in refs}
    for name in model.entity_names:
        sources = model.entity_sources(name)
        if ref and ref.source in sources:
            return name
        person = "person" in usual_of(name) and any(each.source in sources for each in refs)
        if not ref and person and kinds == {"email"}:
            return name
    return ""


def _rules(model: Model, sources: tuple[str, ...]) -> Iterator[Mapping[str, str]]:
    connected: set[str] = set()
    shared = {
        name: {ref.source for ref in _whole(refs) if ref.source in sources}
        for name, refs in model.identifier_places.items()
    }
    strong = model.sources.identifiers
    for name in sorted(shared, key=lambda each: strong[each].strength != "strong"):
        held = shared[name]
        if len(held) > 1 and (strong[name].strength == "strong" or not held <= connected):
            ref = home(model, name)
            certain = bool(ref and ref.source in sources)
            yield {
                "name": f"same_{name}",
                "match": name,
                "confidence": "certain" if certain else "high",
            }
            connected |= held


def _whole(refs: tuple[FieldRef, ...]) -> list[FieldRef]:
    return [ref for ref in refs if not ref.part]
