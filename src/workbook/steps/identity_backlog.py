"""What waits for a person on 04b, and what accepting it would change: customers, and the
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
from workbook.identity.expected_wrong import WrongRange
from workbook.identity.pair import Pair
from workbook.identity.review_session import PairReview
from workbook.scenarios import pair_review
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, nothing, table
from workbook.show.frame import frame_for
from workbook.steps import identity_words as words
from workbook.steps.identity_expected_wrong import Expected
from workbook.words import number
from workbook.words.wording import humanize, join_words

PAGE = "04b"
_BANDS = 3  # bands of an entity, the surest first, and
_PATTERNS = 2  # patterns of an entity, whose effect is computed for the page: each is another plan


class ReviewBacklog:
    """What accepting suggestions would change, by entity; computed once, and only where a page
    asks.
    """

    def __init__(self, context: Context) -> None:
        self.context = context

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """Entities of which pairs are suggested."""
        return pair_review.suggesting(self.context)

    @cached_property
    def desks(self) -> dict[str, PairReview]:
        """What waits, by entity."""
        return {name: pair_review.desk_of(self.context, name) for name in self.entities}

    @cached_property
    def pairs(self) -> dict[str, list[Pair]]:
        """The waiting pairs of each entity."""
        return {name: desk.pairs() for name, desk in self.desks.items()}

    @cached_property
    def expected(self) -> dict[str, Expected]:
        """How many pairs of each entity are expected to be wrong."""
        return {name: Expected(self.context, name) for name in self.entities}

    @cached_property
    def groups(self) -> dict[str, list[pair_review.Group]]:
        """The waiting pairs of each entity by pattern, those that move a headline number first."""
        return {
            name: pair_review.groups(self.context, desk, self.pairs[name], _PATTERNS)
            for name, desk in self.desks.items()
        }

    @cached_property
    def bands(self) -> dict[str, list[tuple[str, list[Pair], pair_review.Preview | None]]]:
        """Of each entity: its bands in which something waits, the surest first, and what
        accepting all of one would change.
        """
        return {name: list(self._bands(name)) for name in self.entities}

    def _bands(self, entity: str) -> Iterator[tuple[str, list[Pair], pair_review.Preview | None]]:
        found: dict[str, list[Pair]] = {}
        for pair in sorted(self.pairs[entity], key=lambda pair: -pair.score):
            found.setdefault(pair.band, []).append(pair)
        desk = self.desks[entity]
        for place, (band, pairs) in enumerate(found.items()):
            row = pair_review.preview_signoff(desk, "same", band=band, of=len(pairs))
            yield (
                band,
                pairs,
                pair_review.preview(self.context, entity, [row]) if place < _BANDS else None,
            )

    def sentence(self) -> str:
        """For the page's lede: how many pairs wait, and what the surest of each entity would
        change.
        """
        waits = sum(len(pairs) for pairs in self.pairs.values())
        worth = [
            f"the {number.plural(len(pairs), f'{humanize(name)} pair')} called {band}"
            f" {_moved(told)}"
            for name in self.entities
            for band, pairs, told in self.bands[name][:1]
            if told
        ]
        start = (
            f"{number.plural(waits, 'pair')} that {'looks' if waits == 1 else 'look'} alike"
            f" {'waits' if waits == 1 else 'wait'} for a person"
        )
        return f"{start}; accepting {join_words(worth)}." if waits else ""

    # ---- 4b.8

    def figure(self) -> Figure:
        """Figure 4b.8: what waits, by band and by pattern, and what accepting it would change."""
        rows = [row for name in self.entities for row in self._rows(name)]
        title = "What waits, and what is it worth?"
        if not rows:
            return Figure("4b.8", title, body=nothing(why="nothing waits for a person"))
        columns = [
            Column("what", "Accepted pairs", detail="name"),
            Column("pairs", "Pairs", "int"),
            Column("scores", "Match scores"),
            Column("wrong", "Expected wrong", detail="by"),
            Column("customers", "Then there are", "int"),
            Column("change", "Change", "int", sign=True),
            Column("moves", "Headline numbers"),
        ]
        caption = f"{words.ACCEPTING}{words.EXPECTED} {words.NAMED}"
        frame = frame_for(rows, [*columns, Column("entity")])
        group = "entity" if len(self.entities) > 1 else ""
        return Figure(
            "4b.8",
            title,
            "Suggested pairs that nobody decided, by band and by what their attributes say",
            table(frame, columns, group=group),
            caption,
        )

    def _rows(self, entity: str) -> Iterator[dict[str, Any]]:
        if not self.pairs[entity]:
            return
        yield {
            "entity": entity,
            "what": "nothing",
            "name": "as it is now",
            "customers": self.context.frame(f"{entity}__clusters")["id"].n_unique(),
        }
        suggest = spec_of(self.context.model, entity).suggest
        compared = suggest.compare if suggest else ()
        expected = self.expected[entity]
        for band, pairs, told in self.bands[entity]:
            known = expected.of(pl.col("band") == band)
            yield {
                "entity": entity,
                "what": f"all that is {band}",
                "name": "; ".join(filter(None, (f"band {band}", _alone(pairs, compared)))),
                **_told(pairs, told),
                **wrong(known),
            }
        groups = self.groups[entity]
        for each in groups[:_PATTERNS]:
            known = expected.of(pl.col("pattern") == each.pattern)
            name = f"pattern {each.name}, {join_words(each.bands)}"
            yield {
                "entity": entity,
                "what": each.pattern,
                "name": name,
                **_told(each.pairs, each.preview),
                **wrong(known),
            }
        rest = [pair for each in groups[_PATTERNS:] for pair in each.pairs]
        if rest:
            known = expected.of(
                ~pl.col("pattern").is_in([each.pattern for each in groups[:_PATTERNS]])
            )
            more = number.plural(len(groups) - _PATTERNS, "more pattern")
            yield {
                "entity": entity,
                "what": more,
                "name": (
                    f"workbook match list {entity} shows"
                    f" {'it' if len(groups) - _PATTERNS == 1 else 'them'}"
                ),
                **_told(rest, None),
                **wrong(known),
            }


def _moved(told: pair_review.Preview) -> str:
    moves = [
        f"{head.label} from {head.before} to {head.after}"
        for head in told.headlines
        if head.before != head.after
    ]
    return f"would move {join_words(moves)}" if moves else "would move no headline number"


def _told(pairs: Sequence[Pair], told: pair_review.Preview | None) -> dict[str, Any]:
    scores = [pair.score for pair in pairs]
    row: dict[str, Any] = {"pairs": len(pairs), "scores": _span(min(scores), max(scores))}
    if told is None:
        return row
    moved = [
        f"{head.label} {head.before} → {head.after}"
        for head in told.headlines
        if head.before != head.after
    ]
    return {
        **row,
        "customers": told.after,
        "change": told.after - told.before,
        "moves": "; ".join(moved) or "none moves",
    }


def wrong(found: WrongRange | None) -> dict[str, Any]:
    """The cells of a row that state how many of its pairs are expected to be wrong."""
    return {"wrong": words.span(found), "by": words.calibrated(found)} if found else {}


def _alone(pairs: Sequence[Pair], compared: Sequence[str]) -> str:
    """On which evidence alone the most pairs rest, since all else that is compared is empty;
    nothing where no pair does.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for pair in pairs:
        says = {attribute: word for attribute, word, _ in pair.says}
        if EMPTY in says.values() and DIFFERS not in says.values():
            found[tuple(name for name in compared if says.get(name) != EMPTY)] += 1
    if not found:
        return ""
    held, count = min(found.items(), key=lambda item: (-item[1], item[0]))
    empty = [humanize(name) for name in compared if name not in held]
    rest = (
        f"{count:,} of {number.plural(len(pairs), 'pair')} {'rests' if count == 1 else 'rest'} on"
        f" {join_words([humanize(name) for name in held])} alone"
    )
    return (
        f"{rest}: {join_words(empty)} {'is' if len(empty) == 1 else 'are'} empty in at least one of"
        " the two records"
    )


def _span(lowest: float, highest: float) -> str:
    ends = dict.fromkeys(
        ">0.999" if score >= 0.9995 else f"{score:.3f}" for score in (lowest, highest)
    )
    return " to ".join(ends)
