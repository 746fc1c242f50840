"""How many records a text file holds, counted from its bytes and not by the reader."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.engine.landing.broken_records import Grammar

_CHUNK = 1 << 24
_FEED, _RETURN = 10, 13


@dataclass(frozen=True)
class RecordCount:
    """Records of a file (its header among them), and what makes a plain reader unsafe on it."""

    records: int
    broken_quotes: bool = False  # a quote is never closed, or stands inside a field
    mixed_ends: bool = False  # lines end in more than one way
    # outside quotes, counted where some record ends with an empty field
    delimiters: int | None = None


def count_records(path: Path, quote: str, delimiter: str) -> RecordCount:
    """The records of a one-byte or UTF-8 text file: ends of line outside quotes, empty lines
    left out.
    """
    if path.stat().st_size == 0:
        return RecordCount(0)
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return _count(data, quote.encode(), delimiter.encode())


def count_text(text: str, quote: str, delimiter: str) -> RecordCount:
    """The same for text that was decoded already."""
    return _count(text.encode(), quote.encode(), delimiter.encode())


def _count(data: Any, quote: bytes, delimiter: bytes) -> RecordCount:
    import numpy as np

    whole = np.frombuffer(data, dtype=np.uint8)
    end, mixed = _line_end(whole)
    # last: where the last record or empty line ended
    records, inside, last, broken = 0, False, -1, False
    cuts = _Delimiters(whole, delimiter, quote)
    for start in range(0, len(whole), _CHUNK):
        piece = whole[start : start + _CHUNK]
        ends = np.flatnonzero(piece == end) + start
        quotes = np.flatnonzero(piece == quote[0]) + start if quote else ends[:0]
        if len(quotes):
            broken = broken or _stray(whole, quotes, delimiter, inside)
        ends = ends[(np.searchsorted(quotes, ends) + inside) % 2 == 0]
        cuts.note(ends)
        inside = bool((len(quotes) + inside) % 2)
        if len(ends):
            records += _filled(whole, ends, last)
            last = int(ends[-1])
    records += bool(bytes(whole[last + 1 :][:3]).strip(b"\r\n"))
    delimiters = cuts.counted() if cuts.last else None
    del whole, cuts
    if broken or inside or mixed:
        grammar = Grammar(delimiter.decode(), quote.decode())
        return RecordCount(sum(1 for _ in grammar.spans(data)), broken or inside, mixed)
    return RecordCount(records, delimiters=delimiters)


class _Delimiters:
    """The delimiters of a file, counted only where some record ends with an empty field, bare
    or in quotes.

    There a plain reader takes a record with one field too many, and the values before it shift.
    """

    def __init__(self, whole: Any, delimiter: bytes, quote: bytes) -> None:
        self._whole, self._delimiter, self._quote = whole, delimiter[0], quote[0] if quote else -1
        self.last = bool(len(whole)) and self._empty_before(len(whole))

    def note(self, ends: Any) -> None:
        """Look at what stands before these ends of line."""
        if len(ends) and not self.last:
            self.last = self._empty_before(ends)

    def _empty_before(self, ends: Any) -> bool:
        """Whether a delimiter, or one and two quotes, stands before any of these places; a
        carriage return does not count.
        """
        import numpy as np

        at = np.atleast_1d(np.asarray(ends)) - 1
        at = at - (self._at(at) == _RETURN)
        quoted = (
            (self._at(at) == self._quote)
            & (self._at(at - 1) == self._quote)
            & (self._at(at - 2) == self._delimiter)
        )
        return bool(((self._at(at) == self._delimiter) | quoted).any())

    def _at(self, places: Any) -> Any:
        import numpy as np

        return self._whole[np.maximum(places, 0)]

    def counted(self) -> int:
        """How many stand outside quotes."""
        import numpy as np

        total, inside = 0, False
        for start in range(0, len(self._whole), _CHUNK):
            piece = self._whole[start : start + _CHUNK]
            found = np.flatnonzero(piece == self._delimiter)
            quotes = np.flatnonzero(piece == self._quote)
            total += int(np.count_nonzero((np.searchsorted(quotes, found) + inside) % 2 == 0))
            inside = bool((len(quotes) + inside) % 2)
        return total


def _filled(whole: Any, ends: Any, last: int) -> int:
    """How many of these ends of line close something other than an empty line."""
    import numpy as np

    lengths = np.diff(ends, prepend=last)
    blank = (lengths == 1) | ((lengths == 2) & (whole[ends - 1] == _RETURN))
    return int(len(ends) - blank.sum())


def _stray(whole: Any, quotes: Any, delimiter: bytes, inside: bool) -> bool:
    """Whether a quote opens where no field starts, or closes where none ends (doubled quotes do
    both in turn).
    """
    import numpy as np

    beside = np.zeros(256, dtype=bool)
    # 0xBF ends a byte-order mark
    beside[[_FEED, _RETURN, delimiter[0], whole[quotes[0]], 0xBF]] = True
    opening, closing = quotes[inside::2], quotes[not inside :: 2]
    opens = beside[whole[np.maximum(opening - 1, 0)]] | (opening == 0)
    closes = beside[whole[np.minimum(closing + 1, len(whole) - 1)]] | (closing == len(whole) - 1)
    return not bool(opens.all() and closes.all())


def _line_end(whole: Any) -> tuple[int, bool]:
    """The byte that ends lines, and whether lines end in more than one way."""
    import numpy as np

    feeds, returns, pairs = 0, 0, 0
    for start in range(0, len(whole), _CHUNK):
        piece = whole[start : start + _CHUNK + 1]  # one byte more, so that no pair is cut
        here = piece[:_CHUNK]
        feeds += int(np.count_nonzero(here == _FEED))
        at = np.flatnonzero(here == _RETURN)
        returns += len(at)
        at = at[at + 1 < len(piece)]
        pairs += int(np.count_nonzero(piece[at + 1] == _FEED))
    if not feeds and returns:
        return _RETURN, False
    return _FEED, bool(returns) and not returns == pairs == feeds
