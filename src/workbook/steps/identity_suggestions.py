"""Figures 4b.7 to 4b.9: suggested matches, how sure they are, what was decided, and the evidence
for one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import polars as pl

from workbook import identity
from workbook.finding import Finding
from workbook.identity.candidate_pairs import PRIOR
from workbook.identity.plan import weights_of
from workbook.identity.scoring import DEPENDENCE
from workbook.identity.suggested_pair import Pair
from workbook.model.schema import Suggest
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.identity_backlog_impact import ReviewBacklog
from workbook.steps.identity_expected_wrong import (
    basis_text,
    range_caption,
    range_cells,
    range_text,
)
from workbook.steps.identity_results import entity_label
from workbook.steps.step import Step
from workbook.words import finding
from workbook.words.wording import capital, humanize

# where a band is cut into ranges of scores, to show how they are spread
_CUTS = (0.999, 0.99, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.1)
_STATUS = {"same": "d1", "different": "d3", "waiting": "amber"}  # and the tone of each


class Suggestions:
    """The suggested matches of every entity that has some."""

    def __init__(self, step: Step, backlog: ReviewBacklog) -> None:
        self.step, self.context, self.model = step, step.context, step.model
        self.backlog, self.entities = backlog, backlog.entities

    def _spec(self, entity: str) -> Suggest:
        return identity.spec_of(self.model, entity).suggest or Suggest()

    def _compared(self) -> list[str]:
        """The entities of which the decisions say what suggestions compare."""
        return [
            name
            for name in self.model.entity_names
            if self._spec(name).compare and self.model.has_identity(name)
        ]

    # ---- 4b.7

    def by_band(self) -> Figure:
        """Figure 4b.7: how the scores are spread over the bands, and what was decided."""
        rows = [row for name in self.entities for row in self._ranges(name)]
        columns = self.step.heads(
            "suggestions",
            Column("score", detail="band"),
            Column("pairs", kind="int"),
            Column("state", " ", "stack", colours=tuple(_STATUS.values())),
            Column("same", kind="int"),
            Column("different", kind="int"),
            Column("waiting", kind="int"),
            Column("wrong", detail="by"),
        )
        frame = frame_for(rows, [*columns, Column("entity")])
        group = "entity" if len(self.entities) > 1 else ""
        why_empty = "empty_untrained" if self._compared() else "empty_open"
        return self.step.figure(
            "suggestions",
            table(frame, columns, group=group),
            empty="empty" if self.entities else why_empty,
            legend=[(self.step.text(f"status.{name}"), tone) for name, tone in _STATUS.items()]
            if rows
            else (),
            either=" or ".join(humanize(name) for name in self.entities),
            expected=range_caption(),
        )

    def _ranges(self, entity: str) -> Iterator[dict[str, Any]]:
        found, expected = self._with_state(entity), self.backlog.expected[entity]
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
                    yield {
                        "entity": entity_label(entity),
                        "band": band,
                        "score": self._range(low, high),
                        **_counted(here),
                        **range_cells(expected.of(which)),
                    }
            top = least

    def _range(self, low: float, high: float) -> str:
        at = "figures.suggestions"
        if high == 1.0:
            return self.step.text(f"{at}.above", low=f"{low:g}")
        return self.step.text(f"{at}.between", low=f"{low:g}", high=f"{high:g}")

    def _with_state(self, entity: str) -> pl.DataFrame:
        """One row per suggestion: its band and score, and whether it awaits review, is one
        customer now, or is kept separate.
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
        """Figure 4b.8: what awaits review, and what accepting it would change; None where 4b.7
        states already that nothing is suggested.
        """
        return self.backlog.figure() if self.entities else None

    # ---- 4b.9

    def why(self) -> Figure | None:
        """Figure 4b.9: one waiting pair, attribute by attribute; None where none awaits review."""
        pair = next(
            (
                pair
                for name in self.entities
                for group in self.backlog.groups[name][:1]
                for pair in group.pairs[:1]
            ),
            None,
        )
        if pair is None:
            return None
        rows = self._evidence(pair)
        columns = self.step.heads(
            "why",
            Column("attribute"),
            Column("says"),
            Column("drawn", kind="diverging", colours=("d2",)),
            Column("points", kind="number", decimals=1, sign=True),
            Column("running", kind="number", decimals=1, sign=True),
        )
        expected = self.backlog.expected[pair.entity].of(pl.col("pattern") == pair.pattern)
        return self.step.figure(
            "why",
            table(frame_for(rows, columns), columns, total=True),
            entity=pair.entity,
            range=range_text(expected) if expected else "",
            pairs=expected.pairs if expected else 0,
            high=expected.high if expected else 0,
            basis=basis_text(expected) if expected else "",
            corrected=any(attribute == DEPENDENCE for attribute, _, _ in pair.says),
        )

    def _evidence(self, pair: Pair) -> list[dict[str, Any]]:
        """The prior, the match weight of each attribute, the strongest first, and their total."""
        at, text = "figures.why", self.step.text
        prior = sum(bits for attribute, _, bits in pair.says if attribute == PRIOR)
        compared = [
            (attribute, level, bits)
            for attribute, level, bits in pair.says
            if attribute != PRIOR and (attribute, bits) != (DEPENDENCE, 0.0)
        ]
        weights = [(text(f"{at}.prior"), text(f"{at}.prior_says", pairs=_pairs(prior)), prior)]
        for attribute, level, bits in sorted(compared, key=lambda item: (-abs(item[2]), item[0])):
            label = text(f"{at}.dependence") if attribute == DEPENDENCE else humanize(attribute)
            weights.append((capital(label), level, bits))
        rows: list[dict[str, Any]] = []
        running = 0.0
        for label, level, bits in weights:
            running += bits
            rows.append(
                {
                    "attribute": label,
                    "says": level,
                    "points": round(bits, 1),
                    "drawn": round(bits, 1),
                    "running": round(running, 1),
                }
            )
        total = {
            "attribute": text(f"{at}.total"),
            "says": text(f"{at}.total_says", score=f"{pair.score:.3f}"),
            "points": round(pair.weight, 1),
            "drawn": None,
            "running": round(pair.weight, 1),
        }
        return [*rows, total]

    # ---- what it comes to

    def conclude(self, owner_of: Callable[[str], str]) -> Iterator[Finding]:
        """Entities whose weights are not trained, pairs that await review, conditions that give
        too many pairs to compare.
        """
        for entity in self._compared():
            if entity not in self.entities:
                _, outdated = weights_of(self.model, entity, identity.spec_of(self.model, entity))
                yield finding(
                    self.model,
                    "identity.untrained",
                    None,
                    (entity,),
                    owner=owner_of(entity),
                    variant="outdated" if outdated else "missing",
                    entity=entity,
                )
        for entity in self.entities:
            waits = self.context.frame(f"{entity}__waiting")
            if waits.height:
                yield finding(
                    self.model,
                    "identity.suggestions_wait",
                    waits.height,
                    (entity,),
                    owner=owner_of(entity),
                    entity=entity,
                    patterns=waits["pattern"].n_unique(),
                )
            for row in self.context.frame(f"{entity}__blocks").to_dicts():
                if not row["used"]:
                    yield finding(
                        self.model,
                        "identity.block_too_wide",
                        row["pairs"],
                        (entity, row["block"]),
                        owner=owner_of(entity),
                        entity=entity,
                        block=row["block"],
                    )


def _pairs(prior: float) -> int:
    """Of how many pairs one is a match before anything is compared, from its bits."""
    return round(1 + 2**-prior)


def _counted(here: pl.DataFrame) -> dict[str, Any]:
    counts = {name: int(here[name].sum()) for name in _STATUS}
    return {"pairs": here.height, "state": list(counts.values()), **counts}
