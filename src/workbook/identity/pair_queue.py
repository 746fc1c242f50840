"""Pairs that await review: by band and pattern, one by name, and two records side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from workbook.identity.decision_status import CHANGED, DISPUTED, UNSURE, standing
from workbook.identity.match_ledger import BAND, PAIR, PATTERN, MatchDecision, read_ledger
from workbook.identity.suggested_pair import Pair, pattern_name, short_name
from workbook.identity.weights import parse_weights, weights_path

_NOT_SHOWN = ("_record", "_source", "_system", "_recorded")
_KEYS = ["left_record", "right_record"]


def weights_beside(ledger_path: Path, entity: str) -> str:
    """The digest of the weights that lie beside the ledger; nothing where there are none."""
    try:
        return parse_weights(weights_path(ledger_path.parent, entity).read_text("utf-8")).digest
    except (OSError, ValueError, KeyError, TypeError):
        return ""


class PairQueue:
    """The pairs of one entity that await review, side by side; nothing is changed here.

    `waiting` and `evidence` are the tables of that name, `records` the records with their
    values. Samples are drawn from `population`, all suggestions, where given: it stays the same
    while the review goes on. `weights` is the digest of the weights of now; without it, it is
    read beside the ledger.
    """

    def __init__(
        self,
        entity: str,
        ledger_path: Path | str,
        waiting: pl.DataFrame,
        evidence: pl.DataFrame,
        records: pl.DataFrame,
        *,
        population: pl.DataFrame | None = None,
        weights: str | None = None,
        now: Callable[[], dt.datetime] | None = None,
    ) -> None:
        self.entity, self.path = entity, Path(ledger_path)
        self._waiting, self._evidence, self._records = waiting, evidence, records
        self._population = waiting if population is None else population
        self.weights = weights_beside(self.path, entity) if weights is None else weights
        self._now = now or (lambda: dt.datetime.now(dt.UTC))

    # ---- what waits

    def pairs(self, band: str = "", pattern: str = "", limit: int | None = None) -> list[Pair]:
        """What waits now, in the order of the table; what somebody was unsure of comes last."""
        said = self._standing()
        single = said.filter(pl.col("kind") == PAIR)
        decided = set(
            single.filter(pl.col("stands") & (pl.col("state") != DISPUTED)).select(_KEYS).rows()
        )
        held = set(
            single.filter(pl.col("stands") | (pl.col("state") == CHANGED)).select(_KEYS).rows()
        )
        unsure = set(single.filter(pl.col("state") == UNSURE).select(_KEYS).rows())
        left = [
            pair
            for pair in self._all
            if (pair.left, pair.right) not in decided
            and _within(pair, band, pattern)
            and ((pair.left, pair.right) in held or not self._signed(said, pair.pattern, pair.band))
        ]
        return sorted(left, key=lambda pair: (pair.left, pair.right) in unsure)[:limit]

    def _standing(self) -> pl.DataFrame:
        """Every word of the file about this entity, and whether it stands."""
        now = {row[:2]: row[2] for row in self._waiting.select(*_KEYS, "evidence").iter_rows()}
        return standing(self._said(), self._known, now, self.weights)

    def _said(self) -> list[MatchDecision]:
        return [
            decision
            for decision in read_ledger(self.path).decisions
            if decision.entity == self.entity
        ]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._records["_record"])

    def _signed(self, frame: pl.DataFrame, pattern: str, band: str) -> bool:
        """Whether a sign-off decides a pattern in a band; one that is disputed decides nothing."""
        key = (frame["id"].len(), pattern, band)
        if key not in self._sign_offs:
            whole = (
                (pl.col("kind") == PATTERN)
                & (pl.col("pattern") == pattern)
                & (pl.col("band").is_null() | (pl.col("band") == band))
            )
            found = frame.filter("stands").filter(whole)
            found = (
                frame.filter("stands").filter((pl.col("kind") == BAND) & (pl.col("band") == band))
                if found.is_empty()
                else found
            )
            self._sign_offs[key] = not found.is_empty() and DISPUTED not in found["state"].to_list()
        return self._sign_offs[key]

    @cached_property
    def _sign_offs(self) -> dict[tuple[int, str, str], bool]:
        """The file only grows, so what its first lines decide of a pattern is asked once."""
        return {}

    @cached_property
    def _all(self) -> list[Pair]:
        return self._as_pairs(self._waiting)

    def _as_pairs(self, chosen: pl.DataFrame) -> list[Pair]:
        says: dict[tuple[str, str], list[tuple[str, str, float]]] = {}
        here = self._evidence.join(
            chosen.select(_KEYS), on=_KEYS, how="semi", maintain_order="left"
        )
        for left, right, attribute, word, weight in here.select(
            *_KEYS, "attribute", "says", "weight"
        ).iter_rows():
            says.setdefault((left, right), []).append((attribute or "prior", word or "", weight))
        columns = (*_KEYS, "score", "weight", "band", "pattern", "evidence")
        return [
            Pair(self.entity, *row, tuple(says.get(row[:2], ())))
            for row in chosen.select(columns).iter_rows()
        ]

    def find(self, name: str) -> Pair | None:
        """The suggested pair of a short name, or of its two records with a comma between; None
        where there is none.
        """
        two = sorted(item.strip() for item in name.split(",")) if "," in name else []
        for place, (left, right) in enumerate(self._population.select(_KEYS).iter_rows()):
            if [left, right] == two or name == short_name(left, right):
                return self._as_pairs(self._population[place])[0]
        return None

    def patterns(self) -> dict[str, str]:
        """Every suggested pattern by its own words and by its short name."""
        known = sorted(self._population["pattern"].unique())
        return {**{pattern_name(item): item for item in known}, **{item: item for item in known}}

    def bands(self) -> list[str]:
        """Every band in which anything is suggested."""
        return sorted(self._population["band"].unique())

    def side_by_side(self, pair: Pair) -> list[tuple[str, str, str, bool]]:
        """Attribute, the value of each record, and whether they are the same but for case and
        blanks; compared ones first.

        These are the values themselves: only for the eyes of a steward, never for a page or a file.
        """
        both = {
            row["_record"]: row
            for row in self._records.filter(
                pl.col("_record").is_in([pair.left, pair.right])
            ).to_dicts()
        }
        one, other = both.get(pair.left, {}), both.get(pair.right, {})
        compared = [name for name, _, _ in pair.says if name in self._records.columns]
        names = dict.fromkeys(
            [*compared, *(name for name in self._records.columns if name not in _NOT_SHOWN)]
        )
        rows = [(name, _text(one.get(name)), _text(other.get(name))) for name in names]
        return [
            (name, left, right, _folded(left) == _folded(right))
            for name, left, right in rows
            if left or right
        ]


def _within(pair: Pair, band: str, pattern: str) -> bool:
    return (not band or pair.band == band) and (not pattern or pair.pattern == pattern)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
