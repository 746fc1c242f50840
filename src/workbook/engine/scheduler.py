"""The order of the work: what may be made side by side is, each thing after those that it rests
on, and a heavy one alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Generic, TypeVar

Made = TypeVar("Made")


def seats_for(threads: int | None) -> int:
    """How many tables are made at once: as many as there are threads, at most four."""
    return max(1, min(4, threads or os.cpu_count() or 1))


@dataclass(frozen=True)
class BuildCallbacks(Generic[Made]):
    """What is done with a name: `found` gives what need not be made, `make` makes it at one of
    the seats, `heavy` ones are made alone.

    All but `make` and `interrupt` are called by who called `work_through`, one at a time.
    """

    found: Callable[[str], Made | None]
    make: Callable[[str, int], Made]
    heavy: Callable[[str], bool]
    begun: Callable[[str], None]
    done: Callable[[str, Made], None]
    interrupt: Callable[[], None]


def work_through(
    order: Sequence[str], reads: Mapping[str, Sequence[str]], work: BuildCallbacks[Made], seats: int
) -> None:
    """Have everything in `order` made.

    Of what fails the first in that order is raised, once all that was begun has ended.
    """
    with ThreadPoolExecutor(seats) as pool:
        try:
            _Scheduler(order, reads, work, pool, seats).run()
        except BaseException:
            work.interrupt()
            raise


class _Scheduler(Generic[Made]):
    """Names that wait for others, those that may begin, and those at work."""

    def __init__(
        self,
        order: Sequence[str],
        reads: Mapping[str, Sequence[str]],
        work: BuildCallbacks[Made],
        pool: ThreadPoolExecutor,
        seats: int,
    ) -> None:
        self._work, self._pool, self._seats = work, pool, list(range(seats))
        self._place = {name: number for number, name in enumerate(order)}
        self._sorter = TopologicalSorter(
            {name: [other for other in reads[name] if other in self._place] for name in order}
        )
        self._queue: list[str] = []
        self._running: dict[Future[Made], tuple[str, int]] = {}

    def run(self) -> None:
        self._sorter.prepare()
        while self._sorter.is_active():
            while ready := self._sorter.get_ready():
                self._sort_out(ready)
            self._begin()
            if self._running:
                self._end(list(self._ended()))

    def _sort_out(self, ready: Sequence[str]) -> None:
        """What need not be made is done; the rest joins the queue."""
        for name in ready:
            result = self._work.found(name)
            if result is None:
                self._queue.append(name)
            else:
                self._done(name, result)
        self._queue.sort(key=self._place.__getitem__)

    def _begin(self) -> None:
        """As much of the queue as there are seats for; a heavy one once nothing else is at work."""
        light = [name for name in self._queue if not self._work.heavy(name)]
        for name in light[: len(self._seats)]:
            seat = self._seats.pop()
            self._leave(name)
            self._running[self._pool.submit(self._work.make, name, seat)] = (name, seat)
        if self._queue and not self._running:
            name = self._queue[0]
            self._leave(name)
            self._done(name, self._work.make(name, self._seats[0]))

    def _leave(self, name: str) -> None:
        self._queue.remove(name)
        self._work.begun(name)

    def _done(self, name: str, made: Made) -> None:
        self._work.done(name, made)
        self._sorter.done(name)

    def _ended(self) -> Iterator[Future[Made]]:
        """What has ended; waiting in short turns hears an interrupt that the system hands to
        another thread.
        """
        while not (ended := wait(self._running, timeout=0.2, return_when=FIRST_COMPLETED).done):
            pass
        yield from ended

    def _end(self, ended: Sequence[Future[Made]]) -> None:
        if any(item.exception() for item in ended):
            failed = [item for item in wait(self._running).done if item.exception()]
            raise (
                min(failed, key=lambda item: self._place[self._running[item][0]]).exception()
                or AssertionError
            )
        for item in ended:
            name, seat = self._running.pop(item)
            self._seats.append(seat)
            self._done(name, item.result())
