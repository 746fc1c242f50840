"""Links between numbered records make the groups that a library of graphs finds, named by their
first records.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from workbook.identity.connected_components import count, grouped

SIZE = 12
some_links = st.lists(st.tuples(st.integers(1, SIZE), st.integers(1, SIZE)), max_size=16)


def numbers(links: list[tuple[int, int]]) -> tuple[pl.Series, pl.Series]:
    return tuple(pl.Series([link[end] for link in links], dtype=pl.Int64) for end in (0, 1))


@given(some_links)
def test_groups_are_the_components_of_the_graph(links: list[tuple[int, int]]) -> None:
    left, right = numbers(links)
    found = grouped(SIZE, left, right)
    graph = coo_matrix(
        (np.ones(len(links)), ((left - 1).to_numpy(), (right - 1).to_numpy())), shape=(SIZE, SIZE)
    )
    expected, labels = connected_components(graph, directed=False)
    assert len(found.firsts) == count(SIZE, left, right) == expected
    assert {tuple(np.flatnonzero(found.labels == group)) for group in range(expected)} == {
        tuple(np.flatnonzero(labels == group)) for group in range(expected)
    }
    assert found.firsts.tolist() == sorted(set(found.roots().tolist()))
    assert [
        int(np.flatnonzero(found.labels == group)[0]) for group in range(expected)
    ] == found.firsts.tolist()
    assert found.sizes().tolist() == [int((labels == label).sum()) for label in labels]


def test_a_long_chain_is_one_group_whatever_the_order_of_its_links() -> None:
    size = 50_000
    steps = np.random.default_rng(3).permutation(size - 1) + 1
    names = np.random.default_rng(4).permutation(size) + 1
    found = grouped(size, pl.Series(names[steps - 1]), pl.Series(names[steps]))
    assert (found.firsts.tolist(), found.sizes()[0]) == ([0], size)


def test_no_records_are_no_groups() -> None:
    assert len(grouped(0, *numbers([])).firsts) == 0
