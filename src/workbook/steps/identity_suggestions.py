"""What 04b shows of suggestions: how sure they are, what became of them, and why one pair is
suggested.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import polars as pl

from workbook import identity as room
from workbook.finding import Finding
from workbook.identity.plan import weights_of
from workbook.identity.scoring import DEPENDENCE
from workbook.model.schema import Suggest
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, nothing, table
from workbook.show.frame import frame_for
from workbook.steps import identity_words as words
from workbook.steps.identity_backlog import PAGE, ReviewBacklog, wrong
from workbook.words import number
from workbook.words.wording import humanize

# where a band is cut into ranges of scores, to show how they are spread
_CUTS = (0.999, 0.99, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.1)
_LEGEND = (("now one", "d1"), ("kept apart", "d3"), ("waits for a person", "amber"))


class Suggested:
    """The suggestions of every entity that has some, as the page shows them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.model = context.model
        self.worth = ReviewBacklog(context)
        self.entities = self.worth.entities

    def _spec(self, entity: str) -> Suggest:
        return room.spec_of(self.model, entity).suggest or Suggest()

    def why_none(self) -> str:
        """Why nothing is suggested, in words that say what to do."""
        if self.entities:
            return "no two groups that rules leave apart look alike"
        asked = [
            name
            for name in self.model.entity_names
            if self._spec(name).compare and self.model.has_identity(name)
        ]
        if asked:
            return (
                "pairs are suggested once weights are learned from this data: workbook match"
                f" train {asked[0]}"
            )
        return "the decisions do not say what suggestions compare (suggest: in 04b_identity)"

    # ---- 4b.7

    def by_band(self) -> Figure:
        """Figure 4b.7: how the scores are spread over the bands, and what became of the pairs."""
        rows = [row for name in self.entities for row in self._ranges(name)]
        title = "How sure are the suggestions, and what became of them?"
        if not rows:
            return Figure("4b.7", title, body=nothing(why=self.why_none()))
        columns = [
            Column("score", "Match score", detail="band"),
            Column("pairs", "Pairs", "int"),
            Column("state", " ", "stack", colours=tuple(tone for _, tone in _LEGEND)),
            Column("same", "Now one", "int"),
            Column("different", "Kept apart", "int"),
            Column("waiting", "Awaiting review", "int"),
            Column("wrong", "Expected wrong", detail="by"),
        ]
        caption = f"{words.SCORES} {words.EXPECTED}"
        group = "entity" if len(self.entities) > 1 else ""
        frame = frame_for(rows, [*columns, Column("entity")])
        return Figure(
            "4b.7",
            title,
            "Pairs of groups that no rule joined and that look alike, by score",
            table(frame, columns, group=group),
            caption,
            legend=_LEGEND,
        )

    def _ranges(self, entity: str) -> Iterator[dict[str, Any]]:
        found, expected = self._with_state(entity), self.worth.expected[entity]
        bands = sorted(self._spec(entity).bands.items(), key=lambda item: (-item[1], item[0]))
        top = 1.0
        for band, least in bands:
            edges = [least, *sorted(cut for cut in _CUTS if least < cut < top), top]
            for low, high in reversed(list(pairwise(edges))):
                which = (
                    (pl.col("band") == band)
                    & (pl.col("score") >= low)
                    & ((pl.col("score") < high) | (high == 1.0))
                )
                here = found.filter(which)
                if here.height:
                    score = f"over {low:g}" if high == 1.0 else f"{low:g} to {high:g}"
                    yield {
                        "entity": entity,
                        "band": band,
                        "score": score,
                        **_counted(here),
                        **wrong(expected.of(which)),
                    }
            top = least

    def _with_state(self, entity: str) -> pl.DataFrame:
        """One row per suggestion: its band and score, and whether it waits, is one customer
        now, or is kept apart.
        """
        clusters = self.context.frame(f"{entity}__clusters").select("record", "id")
        ends = ["left_record", "right_record"]
        waits = self.context.frame(f"{entity}__waiting").select(*ends, waits=pl.lit(value=True))
        both = self.context.frame(f"{entity}__suggestions").select(*ends, "band", "score")
        both = both.join(clusters, left_on="left_record", right_on="record", how="left").join(
            clusters, left_on="right_record", right_on="record", how="left", suffix="_right"
        )
        waiting = pl.col("waits").fill_null(value=False)
        one = ~waiting & (pl.col("id") == pl.col("id_right"))
        return both.join(waits, on=ends, how="left").select(
            "band", "score", waiting=waiting, same=one, different=~waiting & ~one
        )

    # ---- 4b.8

    def waiting(self) -> Figure | None:
        """Figure 4b.8: what waits, and what accepting it would change; None where 4b.7 says
        already that nothing is suggested.
        """
        return self.worth.figure() if self.entities else None

    # ---- 4b.9

    def why(self) -> Figure | None:
        """Figure 4b.9: one waiting pair, attribute by attribute; None where none waits."""
        pair = next(
            (
                pair
                for name in self.entities
                for group in self.worth.groups[name][:1]
                for pair in group.pairs[:1]
            ),
            None,
        )
        if pair is None:
            return None
        prior = sum(bits for attribute, _, bits in pair.says if attribute == "prior")
        rows: list[dict[str, Any]] = [
            {
                "attribute": "before anything is compared",
                "says": f"1 pair in {round(1 + 2**-prior):,}",
                "points": prior,
                "drawn": round(prior, 1),
            }
        ]
        said = [
            each
            for each in pair.says
            if each[0] != "prior" and each[:1] + each[2:] != (DEPENDENCE, 0.0)
        ]
        for attribute, says, bits in sorted(said, key=lambda each: (-abs(each[2]), each[0])):
            named = words.CORRECTION if attribute == DEPENDENCE else humanize(attribute)
            rows.append({"attribute": named, "says": says, "points": bits, "drawn": round(bits, 1)})
        running = 0.0
        for row in rows:
            running += row["points"]
            row.update(points=round(row["points"], 1), running=round(running, 1))
        rows.append(
            {
                "attribute": "together",
                "says": f"score {pair.score:.3f}",
                "points": round(pair.weight, 1),
                "drawn": None,
                "running": round(pair.weight, 1),
            }
        )
        columns = [
            Column("attribute", "Attribute"),
            Column("says", "What it says"),
            Column("drawn", "← two · one and the same →", "diverging", colours=("d2",)),
            Column("points", "Points", "number", decimals=1, sign=True),
            Column("running", "Sum", "number", decimals=1, sign=True),
        ]
        expected = self.worth.expected[pair.entity].of(pl.col("pattern") == pair.pattern)
        corrected = (
            words.DEPENDENCE
            if any(attribute == DEPENDENCE for attribute, _, _ in pair.says)
            else ""
        )
        caption = f"{words.of_pattern(expected) if expected else ''}{words.WEIGHTS}{corrected}{words.HIDDEN}"
        subtitle = (
            f"A waiting pair of {humanize(pair.entity)} records: the surest of the pattern that"
            " stands first above"
        )
        return Figure(
            "4b.9",
            "Why is a pair suggested?",
            subtitle,
            table(frame_for(rows, columns), columns, total=True),
            caption,
        )

    # ---- what it comes to

    def conclude(self, owner_of: Any) -> Iterator[Finding]:
        """Entities whose weights are not trained, pairs that wait, ways of finding pairs that
        were left out.
        """
        for entity in self.model.entity_names:
            spec = room.spec_of(self.model, entity)
            if (
                spec.suggest
                and spec.suggest.compare
                and self.model.has_identity(entity)
                and entity not in self.entities
            ):
                _, why = weights_of(self.model, entity, spec)
                reason = f"the weights do not fit: {why}" if why else "no weights are trained"
                yield Finding(
                    "identity.untrained",
                    "look",
                    f"{entity}: nothing is suggested, because {reason}. Run workbook match train"
                    f" {entity}.",
                    PAGE,
                    None,
                    owner_of(entity),
                    (entity,),
                )
        for entity in self.entities:
            waits = self.context.frame(f"{entity}__waiting")
            if waits.height:
                sentence = (
                    f"{entity}: {number.plural(waits.height, 'suggested pair')}"
                    f" {'waits' if waits.height == 1 else 'wait'} for a person, in"
                    f" {number.plural(waits['pattern'].n_unique(), 'pattern')}."
                )
                yield Finding(
                    "identity.suggestions_wait",
                    "note",
                    sentence,
                    PAGE,
                    waits.height,
                    owner_of(entity),
                    (entity,),
                )
            for row in self.context.frame(f"{entity}__blocks").to_dicts():
                if not row["used"]:
                    sentence = (
                        f"{entity}: pairs that agree on {row['block']} are not looked at, since"
                        f" there are {row['pairs']:,} of them. Block on more than that."
                    )
                    yield Finding(
                        "identity.block_too_wide",
                        "look",
                        sentence,
                        PAGE,
                        row["pairs"],
                        owner_of(entity),
                        (entity, row["block"]),
                    )


def _counted(here: pl.DataFrame) -> dict[str, Any]:
    same, different, waiting = (int(here[word].sum()) for word in ("same", "different", "waiting"))
    return {
        "pairs": here.height,
        "state": [same, different, waiting],
        "same": same,
        "different": different,
        "waiting": waiting,
    }
