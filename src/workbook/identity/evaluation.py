"""How right the clusters are, where somebody knows the truth: pairwise, record by record
(B-cubed), and cluster by cluster.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from workbook.errors import DataError
from workbook.words import error_of

LABELS = {"record": pl.String, "label": pl.String}
PAIRS = {"left_record": pl.String, "right_record": pl.String, "same": pl.Boolean}


@dataclass(frozen=True)
class ClusterAccuracy:
    """What clusters are worth against labels.

    Shares are 0 to 1, and None where there is nothing to divide by.

    `labelled` counts the records, or pairs, that were judged; `joined` the judged pairs in one
    cluster, `same` those that are one in truth, `right` those that are both. `largest` is the
    size in records of the largest cluster, labelled or not; `false_merges` the clusters that
    hold records of several truths. B-cubed is None where only pairs are labelled.
    """

    labelled: int
    joined: int
    same: int
    right: int
    precision: float | None
    recall: float | None
    f1: float | None
    b_precision: float | None
    b_recall: float | None
    b_f1: float | None
    largest: int
    false_merges: int


def labels_of(records: pl.DataFrame, attribute: str) -> pl.DataFrame:
    """One row per record whose `attribute` says which customer it truly is: record, label."""
    truth = pl.col(attribute).cast(pl.String).str.strip_chars()
    return records.select(
        pl.col("_record").alias("record"), label=pl.when(truth != "").then(truth)
    ).drop_nulls()


def measured(clusters: pl.DataFrame, labels: pl.DataFrame) -> ClusterAccuracy:
    """Clusters (record, id) against labels: of records (record, label), or of pairs
    (left_record, right_record, same).

    Only labelled records count, after clustering: what two records share through a third one is
    joined. Pairwise, of n labelled records in a cluster n (n - 1) / 2 pairs are joined;
    precision is the share of joined pairs that are the same, recall the share of same pairs
    that are joined. B-cubed (Bagga & Baldwin 1998, "Entity-based cross-document coreferencing
    using the vector space model") is the mean over records of |C ∩ T| / |C| (precision) and |C
    ∩ T| / |T| (recall), C being the record's cluster and T the records of its truth. F1 is 2PR
    / (P + R). A large wrong cluster ruins the first and hardly shows in the second, so read
    both, and the largest cluster.

    Labels of records that are in no cluster are left out; so is a pair that is labelled both
    the same and not.

    Raises:
        DataError: the labels have other columns, or give a record two truths.
    """
    largest = clusters.group_by("id").len()["len"].max() if clusters.height else 0
    known = clusters.select("record", "id")
    if set(PAIRS) <= set(labels.columns):
        pairs = labels.select(*PAIRS).cast(PAIRS).drop_nulls()  # type: ignore[call-overload]
        return _by_pairs(known, pairs, int(largest))
    if set(LABELS) <= set(labels.columns):
        records = labels.select(*LABELS).cast(LABELS).drop_nulls()  # type: ignore[call-overload]
        return _by_records(known, records, int(largest))
    raise error_of(
        DataError,
        "identity.label_columns",
        columns=labels.columns,
        records=list(LABELS),
        pairs=list(PAIRS),
    )


def _by_records(clusters: pl.DataFrame, labels: pl.DataFrame, largest: int) -> ClusterAccuracy:
    labels = labels.unique()
    if labels["record"].is_duplicated().any():
        raise error_of(DataError, "identity.two_labels")
    cells = (
        clusters.join(labels, on="record").group_by("id", "label").agg(n=pl.len().cast(pl.Int64))
    )
    cells = cells.with_columns(c=pl.col("n").sum().over("id"), t=pl.col("n").sum().over("label"))
    records = int(cells["n"].sum())
    by_cluster = cells.group_by("id").agg(pl.col("n").sum(), truths=pl.len())
    joined, same, right = (
        _pairs(by_cluster["n"]),
        _pairs(cells.group_by("label").agg(pl.col("n").sum())["n"]),
        _pairs(cells["n"]),
    )
    b_precision, b_recall = (_share(_exact(cells, by), records) for by in ("c", "t"))
    return ClusterAccuracy(
        records,
        joined,
        same,
        right,
        *_three(_share(right, joined), _share(right, same)),
        *_three(b_precision, b_recall),
        largest,
        by_cluster.filter(pl.col("truths") > 1).height,
    )


def _by_pairs(clusters: pl.DataFrame, labels: pl.DataFrame, largest: int) -> ClusterAccuracy:
    ends = (pl.col("left_record"), pl.col("right_record"))
    ordered = labels.select(
        pl.min_horizontal(ends).alias("left"), pl.max_horizontal(ends).alias("right"), "same"
    ).filter(pl.col("left") != pl.col("right"))
    agreed = (
        ordered.group_by("left", "right")
        .agg(pl.col("same").first(), said=pl.col("same").n_unique())
        .filter(pl.col("said") == 1)
    )
    pairs = agreed.join(clusters, left_on="left", right_on="record").join(
        clusters, left_on="right", right_on="record", suffix="_right"
    )
    together = pairs.filter(pl.col("id") == pl.col("id_right"))
    joined, same, right = together.height, int(pairs["same"].sum()), int(together["same"].sum())
    three = _three(_share(right, joined), _share(right, same))
    return ClusterAccuracy(
        pairs.height,
        joined,
        same,
        right,
        *three,
        None,
        None,
        None,
        largest,
        together.filter(~pl.col("same"))["id"].n_unique(),
    )


def _pairs(counts: pl.Series) -> int:
    return int((counts * (counts - 1) // 2).sum())


def _exact(cells: pl.DataFrame, by: str) -> float:
    """The sum of n² / size over all cells: whole numbers per size first, so that no order of
    rows can change it.
    """
    sums = cells.group_by(by).agg((pl.col("n") ** 2).sum()).sort(by)
    return float((sums["n"] / sums[by]).sum())


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _three(
    precision: float | None, recall: float | None
) -> tuple[float | None, float | None, float | None]:
    """Precision, recall and their harmonic mean."""
    if precision is None or recall is None:
        return precision, recall, None
    return (
        precision,
        recall,
        2 * precision * recall / (precision + recall) if precision + recall else 0.0,
    )
