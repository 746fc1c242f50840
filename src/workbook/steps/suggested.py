"""What 04b shows of suggestions: how sure they are, what waits and what it is worth, and why one pair is suggested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from workbook import identity as room
from workbook.finding import Finding
from workbook.identity.desk import Desk
from workbook.identity.pair import pattern_name
from workbook.identity.tables import weights_of
from workbook.model.parts import Suggest
from workbook.show import Column, Figure, nothing, number, table
from workbook.steps import matching
from workbook.steps.base import Context
from workbook.steps.words import frame_for, listed, spoken

PAGE = "04b"
_PATTERNS = 8  # patterns of an entity that have a row of their own
_PREVIEWS = 2  # patterns of an entity whose effect is computed for the page: each is another plan


class Suggested:
    """The suggestions of every entity that has some, as the page shows them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.model = context.model

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """Entities of which pairs are suggested."""
        return matching.suggesting(self.context)

    @cached_property
    def desks(self) -> dict[str, Desk]:
        """What waits, by entity."""
        return {name: matching.desk_of(self.context, name) for name in self.entities}

    @cached_property
    def groups(self) -> dict[str, list[matching.Group]]:
        """The waiting pairs of each entity by pattern, those that move a headline number first."""
        return {name: matching.groups(self.context, desk, desk.pairs(), _PREVIEWS) for name, desk in self.desks.items()}

    @property
    def _group(self) -> str:
        return "entity" if len(self.entities) > 1 else ""

    def _spec(self, entity: str) -> Suggest:
        return room.spec_of(self.model, entity).suggest or Suggest()

    def _figure(self, at: str, title: str, subtitle: str, rows: list[dict[str, Any]], columns: list[Column], caption: str, **more: Any) -> Figure:
        if not rows:
            return Figure(at, title, body=nothing(why=self._why()))
        frame = frame_for(rows, columns + ([Column("entity")] if self._group else []))
        return Figure(at, title, subtitle, table(frame, columns, group=self._group), caption, **more)

    def _why(self) -> str:
        if self.entities:
            return "no pair of records that rules leave apart looks alike"
        return "nothing is suggested, since `suggest:` is not decided or its weights are not trained yet"

    def by_band(self) -> Figure:
        """Figure 4b.7: how sure the suggestions are, and what became of them."""
        rows = [row for name in self.entities for row in self._bands(name)]
        columns = [
            Column("band", "Band", detail="least"), Column("pairs", "Pairs", "int"), Column("bar", " ", "bar"), Column("waiting", "Wait", "int"),
            Column("same", "Said to be one", "int"), Column("different", "Told apart", "int"), Column("patterns", "Patterns", "int"),
        ]  # fmt: skip
        caption = (
            "A pair is the best of two groups that no rule joined. Scores are learnt from this data and rounded before they are put in a band; "
            "a suggestion changes no customer. Scores count evidence, and namesakes share it: judge a sample before a band is signed off."
        )
        return self._figure("4b.7", "How sure are the suggestions?", "Pairs of groups by confidence band", rows, columns, caption)

    def _bands(self, entity: str) -> Iterator[dict[str, Any]]:
        found = self.context.frame(f"{entity}__suggestions")
        waits = Counter(self.context.frame(f"{entity}__waiting")["band"])
        said = {(row["left_record"], row["right_record"]): row["verdict"] for row in self.context.frame(f"{entity}__decisions").to_dicts() if row["stands"] and row["left_record"]}
        for band, least in sorted(self._spec(entity).bands.items(), key=lambda item: (-item[1], item[0])):
            here = [row for row in found.to_dicts() if row["band"] == band]
            verdicts = Counter(said.get((row["left_record"], row["right_record"]), "") for row in here)
            yield {
                "entity": entity, "band": band, "least": f"score of {least} and more", "pairs": len(here), "bar": len(here), "waiting": waits[band],
                "same": verdicts["same"], "different": verdicts["different"], "patterns": len({row["pattern"] for row in here}),
            }  # fmt: skip

    def waiting(self) -> Figure:
        """Figure 4b.8: what waits for a person, by what the attributes say, and what accepting it would change."""
        rows = [row for name in self.entities for row in self._waiting(name)]
        columns = [
            Column("pattern", "What the attributes say", detail="name"), Column("pairs", "Pairs", "int"), Column("bar", " ", "bar"),
            Column("scores", "Scores"), Column("customers", "Customers if accepted"), Column("moves", "Headline numbers if accepted"),
        ]  # fmt: skip
        caption = (
            f"The effect is computed for the {_PREVIEWS} largest patterns of each entity, as if all of their pairs were accepted. "
            "The short name is what `workbook match` takes: it samples a pattern, previews it, signs it off and takes it back."
        )
        return self._figure("4b.8", "What waits, and what is it worth?", "Suggested pairs by pattern, what moves a headline number first", rows, columns, caption)

    def _waiting(self, entity: str) -> Iterator[dict[str, Any]]:
        groups = self.groups[entity]
        for each in groups[:_PATTERNS]:
            told = each.preview
            moved = [f"{head.label} {head.before} → {head.after}" for head in told.headlines if head.before != head.after] if told else []
            yield {
                "entity": entity, "pattern": each.pattern, "name": f"{pattern_name(each.pattern)}, {listed(each.bands)}", "pairs": len(each.pairs), "bar": len(each.pairs),
                "scores": _span(each.lowest, each.highest),
                "customers": f"{told.before:,} → {told.after:,}" if told else "not computed", "moves": "; ".join(moved) or ("none moves" if told else "not computed"),
            }  # fmt: skip
        rest = groups[_PATTERNS:]
        if rest:
            count = sum(len(each.pairs) for each in rest)
            yield {"entity": entity, "pattern": f"{len(rest):,} more patterns", "name": "", "pairs": count, "bar": count, "scores": "", "customers": "", "moves": ""}

    def why(self) -> Figure:
        """Figure 4b.9: one suggested pair, attribute by attribute."""
        pairs = [pair for name in self.entities for group in self.groups[name][:1] for pair in group.pairs[:1]]
        rows: list[dict[str, Any]] = []
        for pair in pairs[:1]:
            running = 0.0
            for attribute, says, bits in sorted(pair.says, key=lambda each: each[0] != "prior"):
                running += bits
                rows.append({"attribute": "before anything is compared" if attribute == "prior" else spoken(attribute), "says": says, "bits": round(bits, 1), "drawn": round(bits, 1), "running": round(running, 1)})
            odds = f"a score of {pair.score:.3f}"
            rows.append({"attribute": "together", "says": odds, "bits": round(pair.weight, 1), "drawn": None, "running": round(pair.weight, 1)})
        if not rows:
            return Figure("4b.9", "Why is a pair suggested?", body=nothing(why=self._why()))
        columns = [
            Column("attribute", "Attribute"), Column("says", "What it says"), Column("bits", "Bits", "number", decimals=1), Column("drawn", " ", "diverging", colours=("d2",)),
            Column("running", "Running total", "number", decimals=1),
        ]  # fmt: skip
        caption = "One bit doubles the odds that two records are one customer; a rare value that is the same says more than a frequent one. The records themselves are shown to a reviewer only."
        subtitle = f"One waiting pair of {spoken(pairs[0].entity)}, the first of the list"
        return Figure("4b.9", "Why is a pair suggested?", subtitle, table(frame_for(rows, columns), columns, total=True), caption)

    def conclude(self, owner_of: Any) -> Iterator[Finding]:
        """Entities whose weights are not trained, pairs that wait, ways of finding pairs that were left out."""
        for entity in self.model.entity_names:
            spec = room.spec_of(self.model, entity)
            if spec.suggest and spec.suggest.compare and self.model.has_identity(entity) and entity not in self.entities:
                _, why = weights_of(self.model, entity, spec)
                reason = f"the weights do not fit: {why}" if why else "no weights are trained"
                yield Finding("identity.untrained", "look", f"{entity}: nothing is suggested, because {reason}. Run workbook match {entity} --train.", PAGE, None, owner_of(entity), (entity,))
        for entity in self.entities:
            waits = self.context.frame(f"{entity}__waiting").height
            if waits:
                sentence = f"{entity}: {number.plural(waits, 'suggested pair')} {'waits' if waits == 1 else 'wait'} for a person, in {number.plural(len(self.groups[entity]), 'pattern')}."
                yield Finding("identity.suggestions_wait", "note", sentence, PAGE, waits, owner_of(entity), (entity,))
            for row in self.context.frame(f"{entity}__blocks").to_dicts():
                if not row["used"]:
                    sentence = f"{entity}: pairs that agree on {row['block']} are not looked at, since there are {row['pairs']:,} of them. Block on more than that."
                    yield Finding("identity.block_too_wide", "look", sentence, PAGE, row["pairs"], owner_of(entity), (entity, row["block"]))


def _span(lowest: float, highest: float) -> str:
    ends = dict.fromkeys(">0.999" if score >= 0.9995 else f"{score:.3f}" for score in (lowest, highest))
    return " to ".join(ends)
