"""Work side by side: the order of what depends on what, heavy things alone, and of several
failures always the same.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.engine.scheduler import BuildCallbacks, seats_for, work_through


class Log:
    """Work that notes what begins and ends, and does what each name is told to do."""

    def __init__(
        self,
        tasks: dict[str, Callable[[], None]] | None = None,
        found: tuple[str, ...] = (),
        heavy: tuple[str, ...] = (),
    ) -> None:
        self.tasks, self.known, self.begun, self.at_work, self.together, self.interrupted = (
            tasks or {},
            {},
            [],
            set(),
            {},
            0,
        )
        self.lock = threading.Lock()
        self.work = BuildCallbacks(
            lambda name: "found" if name in found else None,
            self._make,
            lambda name: name in heavy,
            self.begun.append,
            self.known.__setitem__,
            self._interrupt,
        )

    def _make(self, name: str, seat: int) -> str:
        with self.lock:
            self.at_work.add((name, seat))
            self.together[name] = set(self.at_work)
        try:
            self.tasks.get(name, lambda: None)()
        finally:
            with self.lock:
                self.at_work.discard((name, seat))
        return "made"

    def _interrupt(self) -> None:
        self.interrupted += 1


def test_two_tables_are_made_at_once_at_seats_of_their_own() -> None:
    meet = threading.Barrier(2, timeout=30)
    log = Log({"a": meet.wait, "b": meet.wait})
    work_through(["a", "b"], {"a": (), "b": ()}, log.work, 2)
    assert {"a": "made", "b": "made"} == log.known
    assert 2 == len({seat for name in "ab" for _, seat in log.together[name]})


def test_a_heavy_one_is_alone() -> None:
    log = Log({name: lambda: time.sleep(0.02) for name in "abcd"}, heavy=("b", "c"))
    work_through(list("abcd"), dict.fromkeys("abcd", ()), log.work, 3)
    assert [{"b"}, {"c"}] == [{name for name, _ in log.together[heavy]} for heavy in "bc"]
    assert set("abcd") == set(log.known)


def test_what_was_found_is_not_made() -> None:
    log = Log(found=("a", "c"))
    work_through(list("abc"), {"a": (), "b": ("a",), "c": ("b",)}, log.work, 2)
    assert ({"a": "found", "b": "made", "c": "found"}, ["b"]) == (log.known, log.begun)


def test_of_two_that_fail_the_first_in_the_order_is_raised_and_nothing_begins_after_it() -> None:
    meet = threading.Barrier(2, timeout=30)

    def fails(word: str, after: float) -> Callable[[], None]:
        def task() -> None:
            meet.wait()
            time.sleep(after)
            raise ValueError(word)

        return task

    log = Log({"a": fails("a", 0.3), "b": fails("b", 0)})
    with pytest.raises(ValueError, match="a"):
        work_through(list("abc"), {"a": (), "b": (), "c": ()}, log.work, 2)
    assert (["a", "b"], {}, 1) == (log.begun, log.known, log.interrupted)


graphs = st.lists(st.sets(st.integers(0, 11), max_size=3), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(graphs, st.integers(1, 4), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_everything_is_made_once_and_after_what_it_rests_on(
    graph: list[set[int]], seats: int, heavy: set[int], found: set[int]
) -> None:
    names = [f"t{number}" for number in range(len(graph))]
    reads = {
        name: tuple(f"t{other}" for other in sorted(rests) if other < number)
        for number, (name, rests) in enumerate(zip(names, graph, strict=True))
    }
    log = Log(found=tuple(f"t{n}" for n in found), heavy=tuple(f"t{n}" for n in heavy))
    seen: list[str] = []
    work = BuildCallbacks(
        log.work.found,
        log.work.make,
        log.work.heavy,
        log.work.begun,
        lambda name, made: (seen.append(name), log.work.done(name, made)),
        log.work.interrupt,
    )
    work_through(names, reads, work, seats)
    assert sorted(names) == sorted(seen)
    assert all(seen.index(other) < seen.index(name) for name in names for other in reads[name])


def test_seats_are_few() -> None:
    assert [1, 3, 4] == [seats_for(1), seats_for(3), seats_for(64)]
