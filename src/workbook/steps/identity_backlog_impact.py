"""Figure 4b.8: what awaits review on 04b, and what accepting it would change: customers, and the
headline numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import polars as pl

from workbook.identity import spec_of
from workbook.identity.comparison_levels import DIFFERS, EMPTY
from workbook.identity.review_session import PairReview
from workbook.identity.suggested_pair import Pair
from workbook.scenarios import pair_review
from workbook.scenarios.pair_review import Group, Preview
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.identity_expected_wrong import ExpectedWrong, range_cells
from workbook.steps.identity_results import MatchResults, entity_label
from workbook.steps.step import Step
from workbook.words import words_of

_BANDS = 3  # bands of an entity, the surest first, and
_PATTERNS = 2  # patterns of an entity, whose effect is computed for the page: each is another plan
_AT = "figures.waiting"
Band = tuple[str, list[Pair], Preview | None]  # its name, its waiting pairs, what they would change


class ReviewBacklog:
    """What accepting suggestions would change, by entity; computed once, and only where a page
    asks.
    """

    def __init__(self, step: Step, results: MatchResults) -> None:
        self.step, self.context, self.results = step, step.context, results

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """Entities of which pairs are suggested."""
        return pair_review.suggesting(self.context)

    @cached_property
    def desks(self) -> dict[str, PairReview]:
        """What awaits review, by entity."""
        return {name: pair_review.desk_of(self.context, name) for name in self.entities}

    @cached_property
    def pairs(self) -> dict[str, list[Pair]]:
        """The waiting pairs of each entity."""
        return {name: desk.pairs() for name, desk in self.desks.items()}

    @cached_property
    def expected(self) -> dict[str, ExpectedWrong]:
        """How many pairs of each entity are expected to be wrong."""
        return {name: ExpectedWrong(self.context, name) for name in self.entities}

    @cached_property
    def groups(self) -> dict[str, list[Group]]:
        """The waiting pairs of each entity by pattern, those that move a headline number first."""
        return {
            name: pair_review.groups(self.context, desk, self.pairs[name], _PATTERNS)
            for name, desk in self.desks.items()
        }

    @cached_property
    def bands(self) -> dict[str, list[Band]]:
        """Of each entity: its bands in which something awaits review, the surest first, and what
        accepting all of one would change.
        """
        return {name: list(self._bands(name)) for name in self.entities}

    def _bands(self, entity: str) -> Iterator[Band]:
        found: dict[str, list[Pair]] = {}
        for pair in sorted(self.pairs[entity], key=lambda pair: -pair.score):
            found.setdefault(pair.band, []).append(pair)
        desk = self.desks[entity]
        for number, (band, pairs) in enumerate(found.items()):
            row = pair_review.preview_signoff(desk, "same", band=band, of=len(pairs))
            shown = number < _BANDS
            yield (
                band,
                pairs,
                pair_review.preview(self.context, entity, [row]) if shown else None,
            )

    def sentence(self) -> str:
        """For the page's lede: how many pairs await review, and what the surest band of each
        entity would change.
        """
        waiting = sum(len(pairs) for pairs in self.pairs.values())
        if not waiting:
            return ""
        sentences = [self.step.text("lede.waiting", count=waiting)]
        for name in self.entities:
            for band, pairs, preview in self.bands[name][:1]:
                if preview:
                    moves = self._moves("lede.move", preview)
                    sentences.append(
                        self.step.text(
                            "lede.accepting",
                            count=len(pairs),
                            entity=name,
                            band=band,
                            moves=moves,
                        )
                    )
        return " ".join(sentences)

    def _moves(self, text: str, preview: Preview) -> list[str]:
        """The headline numbers that would change, each by a text of that name."""
        return [
            self.step.text(text, metric=head.named, before=head.before, after=head.after)
            for head in preview.headlines
            if head.before != head.after
        ]

    # ---- 4b.8

    def figure(self) -> Figure:
        """Figure 4b.8: what awaits review, by band and by pattern, and what accepting it would
        change.
        """
        rows = [row for name in self.entities for row in self._rows(name)]
        result = self.step.text(f"{_AT}.result", things=self.results.things)
        columns = self.step.heads(
            "waiting",
            Column("what", detail="name"),
            Column("pairs", kind="int"),
            Column("scores"),
            Column("wrong", detail="by"),
            Column("customers", result, "int"),
            Column("change", kind="int", sign=True),
            Column("moves"),
        )
        frame = frame_for(rows, [*columns, Column("entity")])
        group = "entity" if len(self.entities) > 1 else ""
        return self.step.figure(
            "waiting",
            table(frame, columns, group=group),
            warning=words_of("method").text("warning.rule"),
        )

    def _rows(self, entity: str) -> Iterator[dict[str, Any]]:
        if not self.pairs[entity]:
            return
        label, at, text = entity_label(entity), f"{_AT}.rows", self.step.text
        yield {
            "entity": label,
            "what": text(f"{at}.none"),
            "name": text(f"{at}.none_how"),
            "customers": self.context.frame(f"{entity}__clusters")["id"].n_unique(),
        }
        suggest = spec_of(self.context.model, entity).suggest
        expected = self.expected[entity]
        for band, pairs, preview in self.bands[entity]:
            yield {
                "entity": label,
                "what": text(f"{at}.band", band=band),
                "name": self._sole_evidence(pairs, suggest.compare if suggest else ()),
                **self._effect(pairs, preview),
                **range_cells(expected.of(pl.col("band") == band)),
            }
        groups = self.groups[entity]
        for group in groups[:_PATTERNS]:
            yield {
                "entity": label,
                "what": group.pattern,
                "name": text(f"{at}.pattern_how", bands=list(group.bands)),
                **self._effect(group.pairs, group.preview),
                **range_cells(expected.of(pl.col("pattern") == group.pattern)),
            }
        rest = [pair for group in groups[_PATTERNS:] for pair in group.pairs]
        if rest:
            shown = [group.pattern for group in groups[:_PATTERNS]]
            yield {
                "entity": label,
                "what": text(f"{at}.more", count=len(groups) - _PATTERNS),
                "name": text(f"{at}.more_how"),
                **self._effect(rest, None),
                **range_cells(expected.of(~pl.col("pattern").is_in(shown))),
            }

    def _effect(self, pairs: Sequence[Pair], preview: Preview | None) -> dict[str, Any]:
        """The cells of a row that state its pairs and what accepting them would change."""
        scores = [pair.score for pair in pairs]
        row: dict[str, Any] = {
            "pairs": len(pairs),
            "scores": _score_range(min(scores), max(scores)),
        }
        if preview is None:
            return row
        moves = self._moves(f"{_AT}.move", preview)
        return {
            **row,
            "customers": preview.after,
            "change": preview.after - preview.before,
            "moves": "; ".join(moves) or self.step.text(f"{_AT}.no_move"),
        }

    def _sole_evidence(self, pairs: Sequence[Pair], compared: Sequence[str]) -> str:
        """The attributes that are the only evidence of the most pairs, since all else that is
        compared is missing; empty where no pair has any missing.
        """
        found: Counter[tuple[str, ...]] = Counter()
        for pair in pairs:
            levels = {attribute: level for attribute, level, _ in pair.says}
            if EMPTY in levels.values() and DIFFERS not in levels.values():
                found[tuple(name for name in compared if levels.get(name) != EMPTY)] += 1
        if not found:
            return ""
        held, count = min(found.items(), key=lambda item: (-item[1], item[0]))
        return self.step.text(
            f"{_AT}.alone",
            count=count,
            of=len(pairs),
            held=held,
            empty=[name for name in compared if name not in held],
        )


def _score_range(lowest: float, highest: float) -> str:
    ends = dict.fromkeys(
        ">0.999" if score >= 0.9995 else f"{score:.3f}" for score in (lowest, highest)
    )
    return " to ".join(ends)
