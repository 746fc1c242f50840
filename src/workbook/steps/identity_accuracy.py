"""What 04b says of how right the clusters are: against labels where somebody knows, and what
samples of a review bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import polars as pl

from workbook import identity as room
from workbook.finding import Finding
from workbook.identity import evaluation
from workbook.model.csv_ledger import Broken
from workbook.model.labels import RECORDS, is_file, read_labels
from workbook.scenarios.context import Context
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list

PAGE = "04b"


class LabelAccuracy:
    """How right the clusters of an entity are, as the page says it; no label and no record is
    ever shown.
    """

    def __init__(self, context: Context, entity: str) -> None:
        self.context, self.entity, self.model = context, entity, context.model
        self.named = room.spec_of(self.model, entity).labels

    @cached_property
    def _read(self) -> tuple[pl.DataFrame, tuple[Broken, ...]]:
        """The labels, and the lines of their file that say nothing."""
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
    def measured(self) -> evaluation.Measured | None:
        """The measures after clustering; None where nothing is labelled."""
        if not self.named:
            return None
        found = evaluation.measured(self.context.frame(f"{self.entity}__clusters"), self._read[0])
        return found if found.labelled else None

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row per measure, and one per sign-off that stands."""
        if self.measured:
            yield from self._measures(self.measured)
        for row in (
            self.context.frame(f"{self.entity}__decisions")
            .filter(pl.col("stands") & pl.col("kind").is_in(["pattern", "band"]))
            .sort("line")
            .to_dicts()
        ):
            what = f"{row['kind']} {row['pattern'] or row['band']}"
            yield {
                "what": f"signed off as {row['verdict']}",
                "how": f"{what}; {row['evidence']}",
                "count": None,
                "share": None,
            }

    def _measures(self, found: evaluation.Measured) -> Iterator[dict[str, Any]]:
        unit = "pairs" if found.b_f1 is None else "records"
        yield {
            "what": f"labelled {unit}",
            "how": "of which somebody knows the truth",
            "count": found.labelled,
            "share": None,
        }
        yield {
            "what": "pairwise precision",
            "how": f"of {number.plural(found.joined, 'joined pair')}, those that are one",
            "count": found.right,
            "share": found.precision,
        }
        yield {
            "what": "pairwise recall",
            "how": (
                f"of {number.plural(found.same, 'pair')} that {'is' if found.same == 1 else 'are'}"
                " one, those that are joined"
            ),
            "count": found.right,
            "share": found.recall,
        }
        yield {"what": "pairwise F1", "how": "both in one", "count": None, "share": found.f1}
        if found.b_f1 is not None and found.b_precision is not None and found.b_recall is not None:
            how = (
                f"record by record: precision {number.percent(found.b_precision)}, recall"
                f" {number.percent(found.b_recall)}"
            )
            yield {"what": "B-cubed F1", "how": how, "count": None, "share": found.b_f1}
        yield {
            "what": "largest cluster",
            "how": "its records, labelled or not",
            "count": found.largest,
            "share": None,
        }
        yield {
            "what": "false merges",
            "how": "customers that hold records of several truths",
            "count": found.false_merges,
            "share": None,
        }

    def sentence(self) -> str:
        """Precision and recall for the page's lede; nothing where nothing is labelled."""
        found = self.measured
        if found is None or found.precision is None or found.recall is None:
            return ""
        return (
            f"Against labels, {number.percent(found.precision)} of the joined pairs of"
            f" {humanize(self.entity)} are right and {number.percent(found.recall)} of the true"
            " pairs are joined."
        )

    def conclude(self, owner: str) -> Iterator[Finding]:
        """Customers that are several in truth, and labels that say nothing."""
        found = self.measured
        if found and found.false_merges:
            wrong = found.joined - found.right
            ends = (
                f"{number.plural(found.false_merges, 'customer')}"
                f" {'holds' if found.false_merges == 1 else 'hold'} records of several true ones,"
                f" so {number.plural(wrong, 'labelled pair')} {'is' if wrong == 1 else 'are'}"
                " joined wrongly."
            )
            yield Finding(
                "identity.false_merges",
                "look",
                f"{self.entity}: {ends}",
                PAGE,
                found.false_merges,
                owner,
                (self.entity,),
            )
        if self.named and found is None:
            yield Finding(
                "identity.bad_labels",
                "look",
                f"{self.entity}: no label under {self.named} is about a record of now, so nothing"
                " is measured.",
                PAGE,
                0,
                owner,
                (self.entity,),
            )
        broken = self._read[1] if self.named else ()
        if broken:
            lines = truncate_list([f"line {each.line} ({each.why})" for each in broken])
            yield Finding(
                "identity.bad_labels",
                "look",
                f"{self.entity}: {number.plural(len(broken), 'line')} of {self.named}"
                f" {'says' if len(broken) == 1 else 'say'} nothing: {lines}.",
                PAGE,
                len(broken),
                owner,
                (self.entity,),
            )


def unmeasured(truths: list[LabelAccuracy]) -> str:
    """The sentence for entities that nobody labelled."""
    names = [humanize(each.entity) for each in truths if not each.named]
    if not names:
        return ""
    known = any(
        each.context.frame(f"{each.entity}__decisions")
        .filter(pl.col("stands") & pl.col("kind").is_in(["pattern", "band"]))
        .height
        for each in truths
        if not each.named
    )
    bound = (
        "what was signed off on a sample is bounded above"
        if known
        else "what is signed off on a sample will state how much of it is wrong at most"
    )
    return (
        f"Nobody labelled {join_words(names)} (labels: in 04b_identity takes an attribute or a"
        f" file), so precision and recall are not measured; {bound}."
    )
