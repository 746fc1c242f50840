"""How right the groups of 04b are: against labels where the truth is known, and the maximum error
that sign-offs on samples state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import polars as pl

from workbook import identity
from workbook.finding import Finding
from workbook.identity import evaluation
from workbook.identity.match_ledger import BAND, PATTERN, SampleEvidence
from workbook.model.csv_ledger import Broken
from workbook.model.labels import RECORDS, is_file, read_labels
from workbook.scenarios.context import Context
from workbook.words import finding, words_of
from workbook.words.wording import humanize

_WORDS = words_of("identity")
_SIGNED_OFF = pl.col("stands") & pl.col("kind").is_in([PATTERN, BAND])


class LabelAccuracy:
    """How right the groups of an entity are; no label and no record is ever shown."""

    def __init__(self, context: Context, entity: str) -> None:
        self.context, self.entity, self.model = context, entity, context.model
        self.named = identity.spec_of(self.model, entity).labels

    @cached_property
    def _read(self) -> tuple[pl.DataFrame, tuple[Broken, ...]]:
        """The labels, and the lines of their file without effect."""
        if not is_file(self.named):
            return (
                evaluation.labels_of(
                    self.context.frame(f"{self.entity}__records"),
                    self.model.column_of(self.entity, self.named),
                ),
                (),
            )
        found = read_labels(self.model.root / self.named)
        frame = pl.DataFrame(
            found.rows, schema=dict.fromkeys(found.columns, pl.String), orient="row"
        )
        if found.columns == RECORDS:
            return frame, found.broken
        return frame.with_columns(same=pl.col("same") == "true"), found.broken

    @property
    def known(self) -> pl.DataFrame | None:
        """The labels, of records or of pairs; None where nobody labelled any."""
        return self._read[0] if self.named else None

    @cached_property
    def measured(self) -> evaluation.ClusterAccuracy | None:
        """The measures after clustering; None where nothing is labelled."""
        if not self.named:
            return None
        found = evaluation.measured(self.context.frame(f"{self.entity}__clusters"), self._read[0])
        return found if found.labelled else None

    @cached_property
    def signed_off(self) -> list[dict[str, Any]]:
        """The sign-offs of patterns and bands that are in force, in the order of their lines."""
        decisions = self.context.frame(f"{self.entity}__decisions")
        return decisions.filter(_SIGNED_OFF).sort("line").to_dicts()

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row per measure, and one per sign-off in force."""
        if self.measured:
            yield from self._measures(self.measured)
        if self.signed_off:
            stated = {
                decision.id: decision.stated for decision in identity.ledger(self.model).decisions
            }
            for row in self.signed_off:
                yield _sign_off(row, stated.get(row["id"]))

    def _measures(self, found: evaluation.ClusterAccuracy) -> Iterator[dict[str, Any]]:
        unit = "pairs" if found.b_f1 is None else "records"
        yield self._row(unit, found.labelled)
        yield self._row("precision", found.right, found.precision, pairs=found.joined)
        yield self._row("recall", found.right, found.recall, pairs=found.same)
        yield self._row("f1", None, found.f1)
        if found.b_f1 is not None and found.b_precision is not None and found.b_recall is not None:
            yield self._row(
                "b_f1", None, found.b_f1, precision=found.b_precision, recall=found.b_recall
            )
        yield self._row("largest", found.largest)
        yield self._row("false_merges", found.false_merges)

    def _row(
        self, name: str, count: int | None = None, share: float | None = None, **values: Any
    ) -> dict[str, Any]:
        return {
            "what": _WORDS.text(f"accuracy.{name}"),
            "how": _WORDS.text(f"accuracy.how.{name}", entity=self.entity, **values),
            "count": count,
            "share": share,
        }

    def sentence(self) -> str:
        """Precision and recall for the page's lede; nothing where nothing is labelled."""
        found = self.measured
        if found is None or found.precision is None or found.recall is None:
            return ""
        return _WORDS.text(
            "lede.accuracy",
            entity=self.entity,
            precision=found.precision,
            recall=found.recall,
        )

    def conclude(self, owner: str) -> Iterator[Finding]:
        """Customers that are several in truth, and labels that measure nothing."""
        found, about = self.measured, (self.entity,)
        if found and found.false_merges:
            yield finding(
                self.model,
                "identity.false_merges",
                found.false_merges,
                about,
                owner=owner,
                entity=self.entity,
                pairs=found.joined - found.right,
            )
        if self.named and found is None:
            yield finding(
                self.model,
                "identity.bad_labels",
                0,
                about,
                owner=owner,
                variant="outdated",
                entity=self.entity,
                labels=self.named,
            )
        broken = self._read[1] if self.named else ()
        if broken:
            yield finding(
                self.model,
                "identity.bad_labels",
                len(broken),
                about,
                owner=owner,
                variant="unreadable",
                entity=self.entity,
                labels=self.named,
                lines=[f"line {line.line} ({line.why})" for line in broken],
            )


def _sign_off(row: Mapping[str, Any], stated: SampleEvidence | None) -> dict[str, Any]:
    """What a sign-off states, as a row of the figure."""
    return {
        "what": _WORDS.text(f"accuracy.{row['verdict']}"),
        "how": _WORDS.text(
            "accuracy.how.signed_off",
            kind=row["kind"],
            about=row["pattern"] or row["band"],
            errors=stated.errors if stated else 0,
            sample=stated.sample if stated else 0,
            bound=float(stated.bound) if stated else 1.0,
            of=stated.of if stated else 0,
        ),
        "count": None,
        "share": None,
    }


def accuracy_known(accuracies: Sequence[LabelAccuracy]) -> str:
    """How far accuracy is known: what labels measure, or that entities are not labelled."""
    unlabelled = [accuracy for accuracy in accuracies if not accuracy.named]
    if not unlabelled:
        return _WORDS.text("figures.review.labelled")
    return _WORDS.text(
        "figures.review.unlabelled",
        either=" or ".join(humanize(accuracy.entity) for accuracy in unlabelled),
        signed_off=any(accuracy.signed_off for accuracy in unlabelled),
    )
