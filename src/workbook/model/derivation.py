"""All that things of the model are derived from, down to landed fields, and by which way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from workbook.model.derivation_steps import VALUE, Steps, Thing
from workbook.model.model import Model
from workbook.model.names import ResolvedField
from workbook.privacy import strictest

Way = tuple[Thing, ...]
DERIVED = "internal"  # the class of what is derived from no field


@lru_cache(maxsize=8)
def derivation_of(model: Model) -> Derivation:
    """The derivation of everything in a model."""
    return Derivation(model)


class Derivation(Steps):
    """All that things of a model are derived from."""

    def under(
        self, starts: Iterable[Thing], *, values: bool = False, beyond: Iterable[Thing] = ()
    ) -> Iterator[Way]:
        """The way to each thing that these are derived from, themselves too; the shortest first.

        `values`: only along what their values are made from. What is derived `beyond` these is not
        followed.
        """
        seen: set[Thing] = set(beyond)
        ways: list[Way] = [(start,) for start in starts]
        while ways:
            longer: list[Way] = []
            for way in ways:
                if way[-1] in seen:
                    continue
                seen.add(way[-1])
                yield way
                longer += [
                    (*way, read.thing)
                    for read in self.reads(way[-1])
                    if read.how == VALUE or not values
                ]
            ways = longer

    def class_of(self, thing: Thing) -> str:
        """The strictest class of the fields that its value is made from."""
        fields = [
            field for way in self.under([thing], values=True) if (field := self.field_of(way[-1]))
        ]
        return strictest(field.cls for field in fields) if fields else DERIVED

    def sources(self, starts: Iterable[Thing]) -> tuple[str, ...]:
        """Every source that these are derived from."""
        found = {source_of(way[-1]) for way in self.under(starts)}
        return tuple(name for name in self.model.source_names if name in found)

    def field_of(self, thing: Thing) -> ResolvedField | None:
        """The landed field that a thing is; None of anything else."""
        _, _, name = thing.name.partition(f"{source_of(thing)}.")
        fields = self.model.fields(source_of(thing)) if thing.kind == "field" else {}
        return fields.get(name) or fields.get(name.partition(".")[0])


def source_of(thing: Thing) -> str:
    """The source of a field, or the source itself; '' of anything else."""
    return ".".join(thing.name.split(".")[:2]) if thing.kind in ("field", "source") else ""


def told(derivation: Derivation, path: Way) -> str:
    """A way as words: `quiet reads listed, which reads hits.reason`."""
    steps = [
        next(read.how for read in derivation.reads(one) if read.thing == other)
        for one, other in pairwise(path)
    ]
    return path[0].name + "".join(
        f"{', which' if number else ''} {how} {thing.name}"
        for number, (how, thing) in enumerate(zip(steps, path[1:], strict=True))
    )
