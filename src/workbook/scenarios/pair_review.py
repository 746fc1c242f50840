"""What the review needs of a whole project: the desk of an entity, what waits and what it is
worth, and a preview.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbook.errors import WorkbookError
from workbook.identity import LEDGER, said_of
from workbook.identity.id_registry import publish
from workbook.identity.match_ledger import SampleEvidence
from workbook.identity.review_session import PairReview
from workbook.identity.suggested_pair import Pair, pattern_name
from workbook.model import Model
from workbook.scenarios.compare import numbers
from workbook.scenarios.context import Context
from workbook.scenarios.headline_numbers import NumberChange
from workbook.scenarios.train_weights import trainable
from workbook.words import error_of

PREVIEWS = 5  # patterns whose worth is computed: each is another plan
NOBODY = "preview"  # who decides in a preview


@dataclass(frozen=True)
class Preview:
    """What a decision would change: customers, golden values by attribute (only those that
    change), headline numbers.
    """

    entity: str
    before: int
    after: int
    golden: tuple[tuple[str, int], ...]
    headlines: tuple[NumberChange, ...]

    @property
    def moves(self) -> float:
        """The largest move of a headline number."""
        return max((headline.effect for headline in self.headlines), default=0.0)


@dataclass(frozen=True)
class Group:
    """The waiting pairs of one pattern; `preview` is what accepting all of it would change,
    None where it was not computed.
    """

    pattern: str
    bands: tuple[str, ...]
    pairs: tuple[Pair, ...]
    lowest: float
    highest: float
    preview: Preview | None = None

    @property
    def name(self) -> str:
        """The short name of the pattern."""
        return pattern_name(self.pattern)


def suggesting(context: Context) -> tuple[str, ...]:
    """The entities whose records pairs are suggested of: those with weights."""
    return tuple(name for name in context.model.entity_names if context.has(f"{name}__waiting"))


def ledger_path(model: Model) -> Path:
    """The file of decisions about pairs."""
    return model.root / model.project.decisions / LEDGER


def desk_of(context: Context, entity: str) -> PairReview:
    """The desk of one entity, over its tables as they are now.

    Raises:
        WorkbookError: nothing is suggested for it.
    """
    known = trainable(context)
    if entity not in known:
        raise error_of(
            WorkbookError, "scenarios.unknown_suggesting", entity=entity, known=list(known)
        )
    if entity not in suggesting(context):
        raise error_of(WorkbookError, "scenarios.not_trained", entity=entity)
    waiting, evidence, records, population = (
        context.frame(f"{entity}__{word}")
        for word in ("waiting", "suggestion_evidence", "records", "suggestions")
    )
    order = ["weight", "left_record", "right_record"]
    waiting = waiting.sort(order, descending=[True, False, False])
    records = records.rename(said_of(context.model, entity), strict=False)
    return PairReview(
        entity, ledger_path(context.model), waiting, evidence, records, population=population
    )


def reviewer(model: Model, by: str) -> str:
    """The person as the decisions name them, given that name or their department.

    Raises:
        WorkbookError: the project knows its departments, and this is none of them.
    """
    departments = model.project.departments
    if not by.strip():
        raise error_of(WorkbookError, "scenarios.nobody")
    if by in departments:
        return departments[by]
    if departments and by not in departments.values():
        known = [*departments, *departments.values()]
        raise error_of(
            WorkbookError,
            "scenarios.unknown_person",
            by=by,
            people=known,
            departments=list(departments),
        )
    return by


# ---- a preview


def preview(context: Context, entity: str, rows: Sequence[Mapping[str, str]]) -> Preview:
    """What further lines of the review would change; nothing is written."""
    numbered = [{**row, "id": f"{NOBODY}-{number}"} for number, row in enumerate(rows, start=1)]
    other = context.what_if(context.model.as_if(LEDGER, *numbered), "identity")
    now, then = (
        item.frame(f"{entity}__clusters").select("record", "id") for item in (context, other)
    )
    return Preview(
        entity,
        now["id"].n_unique(),
        then["id"].n_unique(),
        tuple(_golden(context, other, entity, now, then)),
        tuple(numbers(context, other)),
    )


def preview_signoff(
    desk: PairReview, verdict: str, *, pattern: str = "", band: str = "", of: int = 0
) -> dict[str, str]:
    """The line of a sign-off that nobody gave, for a preview."""
    stated = SampleEvidence(0, 0, "1.000", of, desk.weights or "none")
    return desk.row(
        verdict, NOBODY, "", {"pattern": pattern, "band": band, "evidence": str(stated)}
    )


def preview_decision(desk: PairReview, verdict: str, pair: Pair) -> dict[str, str]:
    """The line of a word on one pair that nobody said, for a preview."""
    return desk.row(
        verdict,
        NOBODY,
        "",
        {"left_record": pair.left, "right_record": pair.right, "evidence": pair.evidence},
    )


def _golden(
    context: Context, other: Context, entity: str, now: pl.DataFrame, then: pl.DataFrame
) -> Iterator[tuple[str, int]]:
    """Of each attribute, for how many customers another value would stand; those that would be
    one are counted each.
    """
    if not (context.has(entity) and other.has(entity)):
        return
    before, after = context.frame(entity), other.frame(entity)
    moved = now.join(then, on="record", suffix="_then").select("id", "id_then").unique()
    both = moved.join(before, on="id").join(
        after, left_on="id_then", right_on="id", suffix="_after"
    )
    for name in before.columns:
        if name != "id" and f"{name}_after" in both.columns:
            count = both.filter(pl.col(name).ne_missing(pl.col(f"{name}_after"))).height
            if count:
                yield name, count


# ---- what waits, and what it is worth


def groups(
    context: Context, desk: PairReview, pairs: Sequence[Pair], most: int = PREVIEWS
) -> list[Group]:
    """The waiting pairs by pattern; those that would move the headline numbers most come first,
    then those that hold the most pairs which are one customer if the scores hold: many unlikely
    ones are worth no more than few likely ones.

    What accepting a pattern would change is computed for the `most` that hold the most such pairs.
    """
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair.pattern, []).append(pair)
    largest = sorted(found, key=lambda pattern: (-_likely(found[pattern]), pattern))
    results = [
        _group(context, desk, pattern, found[pattern], tried=place < most)
        for place, pattern in enumerate(largest)
    ]
    return sorted(
        results,
        key=lambda result: (
            result.preview is None,
            -(result.preview.moves if result.preview else 0.0),
            -_likely(result.pairs),
            result.pattern,
        ),
    )


def _likely(pairs: Sequence[Pair]) -> float:
    """How many of the pairs are one customer if the scores hold; rounded, so that no order of
    them can change it.
    """
    return round(sum(pair.score for pair in pairs), 6)


def _group(
    context: Context, desk: PairReview, pattern: str, pairs: Sequence[Pair], *, tried: bool
) -> Group:
    worth = (
        preview(
            context, desk.entity, [preview_signoff(desk, "same", pattern=pattern, of=len(pairs))]
        )
        if tried
        else None
    )
    scores = [pair.score for pair in pairs]
    return Group(
        pattern,
        tuple(sorted({pair.band for pair in pairs})),
        tuple(pairs),
        min(scores),
        max(scores),
        worth,
    )


# ---- ids


def publish_ids(context: Context) -> list[tuple[str, int, bool]]:
    """Publish the ids of every entity that is resolved: entity, records, and whether anything
    changed.
    """
    published = []
    for entity in context.model.entity_names:
        if context.model.has_identity(entity) and context.has(f"{entity}__clusters"):
            clusters = context.frame(f"{entity}__clusters")
            published.append(
                (
                    entity,
                    clusters.height,
                    publish(context.model.root / "registry" / f"{entity}.parquet", clusters),
                )
            )
    return published
