"""Changes of one moment: the order in which old values become new ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbook.history.same_moment import chain

STATES = st.sampled_from(["lead", "trial", "customer", "churned"])


@given(st.lists(STATES, min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_a_shuffled_walk_is_found_again_from_where_it_began(
    walk: list[str], random: object
) -> None:
    changes = list(zip(walk, walk[1:], strict=False))
    random.shuffle(changes)  # type: ignore[attr-defined]
    order = chain(changes, walk[0])
    found = [changes[number] for number in order]
    assert sorted(order) == list(range(len(changes)))
    assert found[0][0] == walk[0]
    assert found[-1][1] == walk[-1]
    assert all(before[1] == after[0] for before, after in zip(found, found[1:], strict=False))


def test_a_walk_without_a_known_beginning_begins_where_nothing_leads_to() -> None:
    assert chain([("b", "c"), ("a", "b")], None) == [1, 0]
    assert chain([("b", "c"), ("a", "b")], "z") == [1, 0]


def test_changes_that_do_not_connect_all_stand_in_the_order_given() -> None:
    assert chain([("x", "y"), ("a", "b"), ("b", "c")], "a") == [1, 2, 0]
    assert sorted(chain([("a", "b"), ("a", "b")], None)) == [0, 1]
