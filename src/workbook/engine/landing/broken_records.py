"""Records of delimited text by one grammar, which the reader and the independent count share.

A quote opens only where a field starts, and must close where it ends; any other quote is a letter
like others. A line's end outside quotes ends a record, and empty lines are none.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_BOM = "(?:\ufeff)?"


@dataclass(frozen=True)
class Grammar:
    """How fields are set apart and quoted."""

    delimiter: str
    quote: str

    @property
    def _stop(self) -> str:
        return rf"[{re.escape(self.delimiter)}\r\n]"

    @property
    def body(self) -> str:
        """What stands between two quotes: doubled ones, and anything else."""
        q = re.escape(self.quote)
        return rf"(?:[^{q}]|{q}{q})*+"

    @property
    def quoted(self) -> str:
        """A whole field in quotes; empty where nothing is quoted."""
        q = re.escape(self.quote)
        return rf"(?:\A{_BOM}|(?<={self._stop})){q}{self.body}{q}(?={self._stop}|\Z)"

    def spans(self, data: Any) -> Iterator[tuple[int, int]]:
        """Where each record of a text, or of its bytes, starts and ends, without the end of its
        line.
        """
        written = (f"{self.quoted}|" if self.quote else "") + r"\r\n|\n|\r"
        pattern: Any = written if isinstance(data, str) else written.encode()
        ends = ("\n", "\r") if isinstance(data, str) else (b"\n", b"\r")
        last = 0
        for found in re.finditer(pattern, data):
            if found[0][:1] in ends:
                if found.start() > last:
                    yield last, found.start()
                last = found.end()
        if len(data) > last:
            yield last, len(data)

    def strays(self, record: str) -> list[int]:
        """Where in a record a quote opens a field and does not close where that ends."""
        if not self.quote:
            return []
        opens = rf"{self.quoted}|(?:\A|(?<={self._stop})){re.escape(self.quote)}"
        return [found.start() for found in re.finditer(opens, record) if len(found[0]) == 1]

    def is_record(self, text: str, width: int) -> bool:
        """Whether a text has so many fields and no quote but those around whole fields."""
        letters = re.sub(self.quoted, "", text)
        return self.quote not in letters and len(self.fields(text)) == width

    def fields(self, record: str) -> list[str]:
        """The fields of a record whose quotes are whole."""
        return next(reader(self, iter(io.StringIO(record, newline=""))), [])

    def closes(self, text: str, opening: int) -> int:
        """Where the next single quote after an opening one stands; the end of the text if
        nowhere.
        """
        return re.compile(self.body).match(text, opening + 1).end()


def reader(grammar: Grammar, lines: Iterator[str]) -> Iterator[list[str]]:
    """The records of lines; it stops at the first that is broken, with csv's own error."""
    quoting = csv.QUOTE_MINIMAL if grammar.quote else csv.QUOTE_NONE
    quote = grammar.quote or None
    return csv.reader(
        lines, delimiter=grammar.delimiter, quotechar=quote, quoting=quoting, strict=True
    )


def misfit(record: list[str], width: int, line: int) -> str | None:
    """Why a record of another number of fields than the header's is rejected."""
    return None if len(record) == width else f"line {line}: {len(record)} fields instead of {width}"


def read_broken(
    grammar: Grammar, text: str, width: int, line: int
) -> Iterator[tuple[list[str], str | None]]:
    """Each record of a text with broken quotes, and why it is rejected, if it is.

    `line` is that on which the text begins. A quoted text of several lines behind whose end more
    stands is rejected with all its lines: they may read like records and be none. But where the
    line that seems to close it is a whole record by itself, the opening quote was the mistake: it
    costs its own line only, as does one that is never closed.
    """
    spans = list(grammar.spans(text))
    starts = [start for start, _ in spans]
    at, inside, opened = 0, 0, 0
    for start, end in spans:
        line += _lines_in(text[at:start])
        at, record = start, text[start:end]
        if stray := grammar.strays(record):
            closes = [grammar.closes(text, start + each) for each in stray]
            unclosed = len(text) in closes
            what = "a quote is never closed" if unclosed else "text stands after a closing quote"
            yield [], f"line {line}: {what}"
            beyond = max((each for each in closes if end < each < len(text)), default=0)
            last = text[slice(*spans[bisect_right(starts, beyond) - 1])]
            if beyond > inside and (grammar.strays(last) or not grammar.is_record(last, width)):
                inside, opened = beyond, line
        elif start < inside:
            yield (
                [],
                f"line {line}: may belong to the broken quoted text that begins on line {opened}",
            )
        else:
            fields = grammar.fields(record)
            yield fields, misfit(fields, width, line)


def _lines_in(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")
