"""Records joined by links into groups: numbers instead of keys, and the lowest record of each group as its name."""

from __future__ import annotations

from typing import Any

import polars as pl


class Records:
    """The records of an entity, numbered in the order of their keys."""

    def __init__(self, records: pl.Series) -> None:
        ordered = records.len() > 1 and bool((records.head(-1) < records.tail(-1)).all(ignore_nulls=False))
        self.keys = (records if ordered else records.unique().sort()).alias("record")
        self._numbered = pl.DataFrame({"record": self.keys}).with_row_index("number")

    def __len__(self) -> int:
        return len(self.keys)

    def numbers(self, keys: pl.Series) -> pl.Series:
        """The number of each key, in the same order; null for one that is no record."""
        frame = pl.DataFrame({"record": keys}).join(self._numbered, on="record", how="left", maintain_order="left")
        return frame["number"]

    def encode(self, links: pl.DataFrame) -> pl.DataFrame:
        """The links with `left` and `right` as numbers."""
        both = self.numbers(pl.concat([links["left_record"], links["right_record"]]))
        return links.with_columns(left=both.head(links.height), right=both.tail(links.height))

    def count(self, left: pl.Series, right: pl.Series) -> int:
        """How many groups the links leave."""
        return self._components(left, right)[0]

    def roots(self, left: pl.Series, right: pl.Series) -> Any:
        """For each record the number of the lowest record that it is joined with, as a numpy array."""
        import numpy as np

        _, labels = self._components(left, right)
        return np.unique(labels, return_index=True)[1][labels]

    def _components(self, left: pl.Series, right: pl.Series) -> tuple[int, Any]:
        import numpy as np
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        size = len(self)
        if not size:
            return 0, np.zeros(0, dtype=np.int64)
        ends = (left.to_numpy(), right.to_numpy())
        graph = coo_matrix((np.ones(len(left), dtype=np.int8), ends), shape=(size, size))
        return connected_components(graph, directed=False)  # type: ignore[no-any-return]
