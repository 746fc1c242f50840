"""One sitting of a reviewer: what lies on the table, what was said of it; each word is in the
file before the next pair comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook.errors import WorkbookError
from workbook.identity.review_session import SIZE, PairReview
from workbook.identity.suggested_pair import Pair
from workbook.show.text import clean
from workbook.widget.pair_view import as_drawn
from workbook.widget.sampled_band import Sample
from workbook.words import error_of

VERDICTS = ("same", "different", "unsure")
_OPEN = (None, "unsure")
Message = Mapping[str, Any]


@dataclass(frozen=True)
class Word:
    """One decision of this sitting: its id in the file, the pair and the verdict."""

    id: str
    pair: Pair
    verdict: str


class Session:
    """Answers the messages of a front end; what it answers holds values, so it is sent and
    never kept.

    Every message that writes names the `turn` that the person saw: one sent twice, or from a
    view that is behind, writes nothing.
    """

    def __init__(self, desk: PairReview, by: str) -> None:
        self.desk, self.by = desk, " ".join(by.split())
        if not self.by:
            raise error_of(WorkbookError, "widget.nobody")
        self._turn = 0
        self._words: list[Word] = []
        self._made: set[str] = set()  # the lines of this sitting: no other is taken back in it
        self._band = self._pattern = self._notice = ""
        self._sample: Sample | None = None
        self._all: Sequence[Pair] = ()
        self._queue: list[Pair] = []
        self._at = 0
        # what to do, and whether it writes
        self._does: dict[str, tuple[Callable[[Message], None], bool]] = {
            "open": (self._open, False),
            "decide": (self._decide, True),
            "undo": (self._undo, True),
            "move": (self._move, False),
            "filter": (self._filter, False),
            "sample": (self._draw, False),
            "leave": (self._leave, False),
            "sign": (self._sign, True),
        }

    def answer(self, message: Message) -> dict[str, Any]:
        """What the front end shows next. An error is a sentence in it; then nothing moved on."""
        error = ""
        try:
            self._do(message)
        except WorkbookError as wrong:
            error = str(wrong)
        except OSError as wrong:
            error = (
                f"The decision file could not be written: {wrong.strerror or type(wrong).__name__}."
                " What you said last is not confirmed."
            )
        # an exception's text may quote a value, and a traceback would be saved
        except Exception as wrong:  # noqa: BLE001
            error = (
                f"The kernel failed ({type(wrong).__name__}). What you said last is not confirmed."
            )
        return self._state(clean(error))

    def _do(self, message: Message) -> None:
        does, writes = self._does.get(str(message.get("do")), (None, False))
        if does is None:
            raise error_of(WorkbookError, "widget.not_understood")
        if writes and message.get("turn") != self._turn:
            return  # the person saw another pair, or the message came twice
        self._notice = ""
        does(message)
        self._turn += 1

    def _open(self, message: Message) -> None:
        self._all = self.desk.pairs()
        if self._sample is None:
            self._lay_out()

    def _decide(self, message: Message) -> None:
        pair, verdict = self._pair(), str(message.get("verdict"))
        if pair is None or verdict not in VERDICTS:
            raise error_of(WorkbookError, "widget.no_pair")
        result = self.desk.decide(pair, verdict, by=self.by, because=_because(message))
        self._made.add(result)
        self._words.append(Word(result, pair, verdict))
        self._notice = f"Written as {result}: {verdict}."
        self._onward()

    def _undo(self, message: Message) -> None:
        last = self.desk.last(self.by, self._made)
        if not last:
            raise error_of(WorkbookError, "widget.nothing_to_undo")
        self.desk.undo(last, by=self.by, because=_because(message))
        taken = [word for word in self._words if word.id == last]
        self._words = [word for word in self._words if word.id != last]
        self._notice = f"Taken back: {last}."
        self._bring_back(taken[0].pair if taken else self._returned())

    def _returned(self) -> Pair | None:
        """The pair that an earlier sitting decided and that now waits again."""
        known = set(self._all)
        self._all = self.desk.pairs()
        back = [pair for pair in self._all if pair not in known]
        if not back:
            self._notice += " The next run shows what it was about."
        return back[0] if back else None

    def _bring_back(self, pair: Pair | None) -> None:
        if pair is None or (self._sample and pair not in self._queue):
            return
        if pair not in self._queue:
            self._queue.insert(self._at, pair)
        if pair not in self._all:
            self._all = [pair, *self._all]
        self._at = self._queue.index(pair)

    def _move(self, message: Message) -> None:
        self._at = max(0, min(self._at + int(message.get("by") or 0), len(self._queue)))

    def _filter(self, message: Message) -> None:
        self._sample = None
        self._band, self._pattern = (
            str(message.get("band") or ""),
            str(message.get("pattern") or ""),
        )
        self._lay_out()

    def _draw(self, message: Message) -> None:
        if not (self._band or self._pattern):
            raise error_of(WorkbookError, "widget.no_band")
        pairs = list(self.desk.sample(band=self._band, pattern=self._pattern, size=SIZE))
        if not pairs:
            raise error_of(WorkbookError, "widget.nothing_awaiting")
        self._sample = Sample(self._band, self._pattern, tuple(pairs))
        self._queue, self._at = pairs, -1
        self._onward()

    def _leave(self, message: Message) -> None:
        self._sample = None
        self._lay_out()

    def _sign(self, message: Message) -> None:
        if self._sample is None:
            raise error_of(WorkbookError, "widget.no_sample")
        verdict = str(message.get("verdict"))
        result = self._sample.sign(self.desk, verdict, self.by, _because(message))
        self._made.add(result)
        self._sample, self._all = None, self.desk.pairs()
        self._band = self._pattern = ""
        self._lay_out()
        self._notice = (
            f"Signed as {result}: {verdict} for all of it. What it changes shows in the next run."
        )

    def _lay_out(self) -> None:
        """What was not spoken of in this sitting; where that is nothing, what was left unsure."""
        said, waiting = self._said(), self._waiting()
        self._queue, self._at = [pair for pair in waiting if pair not in said] or waiting, 0

    def _waiting(self) -> list[Pair]:
        """What waits behind the filter; a pair that somebody was unsure of still waits."""
        decisions = self._said()
        return [
            pair
            for pair in self._all
            if decisions.get(pair) in _OPEN
            and (not self._band or pair.band == self._band)
            and (not self._pattern or pair.pattern == self._pattern)
        ]

    def _said(self) -> dict[Pair, str]:
        """The newest verdict of this sitting about each pair."""
        return {word.pair: word.verdict for word in self._words}

    def _spoken(self) -> dict[Pair, str]:
        """The verdicts that count on this table: of a sample those of earlier sittings too."""
        return self.desk.judged(self._sample.pairs, self.by) if self._sample else self._said()

    def _pair(self) -> Pair | None:
        return self._queue[self._at] if self._at < len(self._queue) else None

    def _onward(self) -> None:
        """To the next pair that nothing was said of, from here to the end and then from the
        start.
        """
        said, whole = self._spoken(), len(self._queue)
        order = [*range(self._at + 1, whole), *range(self._at + 1)]
        self._at = next((at for at in order if at < whole and self._queue[at] not in said), whole)

    def _state(self, error: str) -> dict[str, Any]:
        said, pair, drawn, sample, done, own = (
            self._said(),
            self._pair(),
            None,
            None,
            len(self._words),
            False,
        )
        try:
            spoken = self._spoken()
            drawn = {**as_drawn(self.desk, pair), "verdict": spoken.get(pair, "")} if pair else None
            sample = self._sample.as_drawn(self.desk, spoken) if self._sample else None
            done, own = self.desk.done(self.by), bool(self.desk.last(self.by, self._made))
        except Exception as wrong:  # noqa: BLE001 (as above)
            error = error or f"What lies on the table cannot be shown ({type(wrong).__name__})."
        waiting = [item for item in self._all if said.get(item) in _OPEN]
        return {
            "kind": "state",
            "turn": self._turn,
            "error": error,
            "notice": clean(self._notice),
            "entity": clean(self.desk.entity.replace("_", " ")),
            "by": clean(self.by),
            "done": done,
            "own": own,
            "waiting": len(waiting),
            "at": min(self._at + 1, len(self._queue)),
            "of": len(self._queue),
            "pair": drawn,
            "band": self._band,
            "pattern": self._pattern,
            "bands": _counted(item.band for item in waiting),
            "patterns": _counted(item.pattern for item in waiting),
            "sample": sample,
        }


def _because(message: Message) -> str:
    return clean(str(message.get("because") or "")).strip()


def _counted(names: Any) -> list[list[Any]]:
    """Names with their counts, in the order in which they first wait."""
    return [[name, count] for name, count in Counter(names).items() if name]
