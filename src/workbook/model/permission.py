"""What a purpose may read: nothing that it refuses or that is derived from it; else by class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from workbook.model.derivation import DERIVED, Derivation, Way, derivation_of, told
from workbook.model.derivation_steps import MATCH, VALUE, Read, Thing
from workbook.model.model import Model
from workbook.model.names import dimension_of
from workbook.model.schema import Purpose


@dataclass(frozen=True)
class Ruling:
    """Whether a purpose may read a field, and why.

    `never` is the purpose's word that refuses it, and `key` the matching key by which it does so,
    where the refused thing only decides which records are one.
    """

    purpose: str
    field: str
    cls: str
    allowed: bool
    because: str
    never: str = ""
    key: Thing | None = None


def things_named(model: Model, text: str) -> tuple[Thing, ...]:
    """What a name of a purpose means: rule, metric, entity, attribute, system, source or field."""
    found = []
    if not model.is_open("metrics"):
        found += [Thing("rule", text)] if text in model.metrics.rules else []
        found += [Thing("metric", text)] if text in model.metrics.metrics else []
    if text in model.entities.entities:
        found.append(Thing("entity", text))
    found += [
        Thing("source", source)
        for source in model.source_names
        if text in (source, model.system_of(source))
    ]
    source, _, name = text.rpartition(".")
    if name in model.fields(source):
        found.append(Thing("field", text))
    entity, attribute, event, _ = dimension_of(text)
    if entity and not event:
        steps = derivation_of(model)
        found += [read.thing for read in steps.named(entity, attribute)]
        if (
            attribute in model.metrics.metrics
            and not model.is_open("entities")
            and entity in model.entities.entities
        ):
            found.append(Thing("metric", attribute))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16)
def permission_of(model: Model, name: str) -> Permission | None:
    """What a purpose permits; None where nobody wrote the purpose down."""
    purpose = model.ai_context.purposes.get(name) if not model.is_open("ai_context") else None
    return Permission(model, name, purpose) if purpose else None


class Permission:
    """What one purpose permits and refuses."""

    def __init__(self, model: Model, name: str, purpose: Purpose) -> None:
        self.name, self.purpose = name, purpose
        self.derivation: Derivation = derivation_of(model)
        self.named = frozenset(
            thing for text in purpose.fields for thing in things_named(model, text)
        )
        self._never: dict[Thing, str] = {}
        for text in purpose.never:
            for thing in _refused(model, things_named(model, text)):
                self._never.setdefault(thing, text)

    def rule_on(
        self, field: str, reads: Iterable[Read], also: frozenset[Thing] = frozenset()
    ) -> Ruling:
        """The ruling on what is shown or asked, by all that it reads; `also` is permitted, too."""
        reads = tuple(reads)
        shown = [read.thing for read in reads if read.how == VALUE]
        cls = max(
            (self.derivation.class_of(thing) for thing in shown), key=_ORDER.index, default=DERIVED
        )
        for path in self.derivation.under(read.thing for read in reads):
            if word := self._never_word(path[-1]):
                return Ruling(
                    self.name,
                    field,
                    cls,
                    False,
                    f"never for this purpose{self._way(path, field)}",
                    word,
                    self._matching_key(path),
                )
        allowed = self.named | also
        if shown and all(thing in allowed for thing in shown):
            return Ruling(self.name, field, cls, True, "named for this purpose")
        for path, found in self._classes(shown, allowed):
            if found not in self.purpose.classes:
                because = (
                    f"{found} fields are not allowed, and this one is not"
                    f" named{self._way(path, field)}"
                )
                return Ruling(self.name, field, cls, False, because)
        return Ruling(self.name, field, cls, True, f"{cls} fields are allowed")

    def _classes(self, shown: list[Thing], allowed: frozenset[Thing]) -> Iterator[tuple[Way, str]]:
        """The class of every field that values are made from, save what is named; strictest
        first.
        """
        found = []
        for path in self.derivation.under(shown, values=True, beyond=allowed):
            field = self.derivation.field_of(path[-1])
            if field or (not self.derivation.reads(path[-1]) and path[-1].kind != "source"):
                found.append((path, field.cls if field else DERIVED))
        yield from sorted(found, key=lambda item: -_ORDER.index(item[1]))

    def _never_word(self, thing: Thing) -> str:
        if thing.kind != "field":
            return self._never.get(thing, "")
        fits = (
            word
            for never, word in self._never.items()
            if never.kind == "field" and _same_field(never.name, thing.name)
        )
        return next(fits, "")

    def _matching_key(self, path: Way) -> Thing | None:
        """The key at which a way turns from what is read to how its records are matched."""
        for one, thing in pairwise(path):
            hows = {read.how for read in self.derivation.reads(one) if read.thing == thing}
            if hows == {MATCH}:
                return thing
        return None

    def _way(self, way: Way, field: str) -> str:
        """How what was asked for comes to what is refused; '' where that is itself."""
        whole = next(
            (
                item
                for item in self.derivation.under([way[-1]], values=True)
                if item[-1].kind == "field"
            ),
            (way[-1],),
        )
        path = (*way, *whole[1:])
        if len(path) == 1:
            return "" if path[0].name == field else f": it reads {path[0].name}"
        return f": {told(self.derivation, path)}"


_ORDER = ("public", "internal", "personal", "sensitive")


def _same_field(left: str, right: str) -> bool:
    """Whether two fields share values: one is the other, or a part of it (`name.first`)."""
    return left == right or left.startswith(f"{right}.") or right.startswith(f"{left}.")


def _refused(model: Model, things: Iterable[Thing]) -> Iterator[Thing]:
    """What a refused name takes with it: of an entity all, of a source and an attribute the
    fields.
    """
    steps = derivation_of(model)
    for thing in things:
        yield thing
        if thing.kind == "source":
            yield from (Thing("field", f"{thing.name}.{name}") for name in model.fields(thing.name))
        elif thing.kind == "entity":
            names = (*model.names_of(thing.name), model.id_of(thing.name), "lifecycle")
            yield from (read.thing for name in names for read in steps.named(thing.name, name))
        elif thing.kind == "attribute":
            entity, _, attribute = thing.name.partition(".")
            yield from (Thing("past", thing.name), Thing("key", thing.name))
            whole = [
                ref
                for ref in model.attributes(entity).get(attribute, ())
                if not model.where(entity, ref.source)
            ]
            yield from (Thing("field", ref.name) for ref in whole)
