"""One cell: the frame's value as escaped HTML, as the text that a page writes, and as redacted
data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workbook.errors import ShowError
from workbook.show.column import Column
from workbook.show.figure_body import Cell
from workbook.show.text import clean, clip, escape, said
from workbook.words import error_of, number, words_of

_LONGEST = 300  # characters of a value that a page carries
_CHECKS = {
    "pass": ("✓", "pass"),
    "look": ("▲", "look"),
    "fail": ("✕", "fail"),
    "note": ("·", "note"),
    "accepted": ("○", "accepted"),
    "untested": ("–", "untested"),
}


@dataclass(frozen=True)
class Shown:
    """What became of a cell: `html` is safe, `text` and `data` are redacted."""

    html: str
    text: str
    data: Cell


EMPTY = Shown("", "", None)


def hidden(words: str) -> Shown:
    """A cell that may not be shown because it counts few people."""
    return Shown(f'<span class="wb-quiet">{escape(words)}</span>', words, words)


def plain(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    """A cell of any kind that is not drawn; `names` are the tokens of its column, where it has
    them.
    """
    if value is None:
        return EMPTY
    return _KINDS["value" if column.hides else column.kind](column, value, names, decimals)


def data_of(value: Any) -> Cell:
    """A value that is no text as plain JSON: whole numbers, floats, ISO dates; never NaN."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, (float, Decimal)):
        exact = number.finite(value)
        return (
            int(exact)
            if isinstance(value, Decimal) and exact == exact.to_integral_value()
            else float(exact) + 0.0
        )
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, str):
        return clean(value)
    raise error_of(ShowError, "show.type_in_cell", type=type(value).__name__)


def text_of(value: Any) -> str:
    """A value of any plain type in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, Decimal)):
        return number.number(value)
    if isinstance(value, (dt.date, dt.datetime)):
        return number.date(value)
    if isinstance(value, str):
        return clean(value)
    raise error_of(ShowError, "show.type_in_cell", type=type(value).__name__)


def _words(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    text = text_of(value)
    return Shown(escape(text), text, data_of(value))


def _mono(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    text = text_of(value)
    return Shown(f"<code>{escape(text)}</code>", text, text)


def _value(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    if column.hides:
        token = names[str(value)]
        return Shown(f'<span class="wb-token">{escape(token)}</span>', token, token)
    text = clip(text_of(value), _LONGEST)
    return Shown(escape(text), text, text if isinstance(value, str) else data_of(value))


def _number(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    text = figure(column, value, decimals)
    return Shown(escape(text), text, data_of(value))


def figure(column: Column, value: number.Number, decimals: int | None = None) -> str:
    """A number of the column as it is written: by its kind, its unit and its decimals."""
    text = _unsigned(column, value, decimals)
    moved = column.sign or column.kind == "diverging"
    return (
        f"+{text}"
        if moved and number.finite(value) > 0 and any(digit in "123456789" for digit in text)
        else text
    )


def _unsigned(column: Column, value: number.Number, decimals: int | None) -> str:
    if column.kind == "int":
        return number.integer(value) + (f"{number.THIN}{column.unit}" if column.unit else "")
    if column.kind == "money":
        return number.money(value, column.unit, decimals)
    if column.kind == "percent":
        return number.percent(value, 1 if decimals is None else decimals, bounds=not column.sign)
    return number.number(value, decimals, column.unit)


def _date(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    text = number.date(value)
    return Shown(
        escape(text), text, value.isoformat() if isinstance(value, dt.date) else clean(value)
    )


def _check(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    symbol, word = check_symbol(column, value)
    html = (
        f'<span class="wb-{word}"><span class="wb-symbol" aria-hidden="true">{symbol}</span>'
        f" {escape(words_of('shared').text(f'check.{word}'))}</span>"
    )
    return Shown(html, word, word)


def check_symbol(column: Column, value: Any) -> tuple[str, str]:
    """The symbol and the word of a check's result."""
    if value not in _CHECKS:
        raise error_of(ShowError, "show.no_check_state", column=column.name, known=list(_CHECKS))
    return _CHECKS[value]


def _history(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    results = [check_symbol(column, item)[1] for item in value]
    marks = {"look": "▲", "fail": "■"}
    html = "".join(
        f'<span class="wb-{result}">{marks.get(result, "·")}</span>' for result in results
    )
    words = (
        ", ".join(
            f"{results.count(word)} {word}" for word in ("fail", "look", "pass") if word in results
        )
        or "no run"
    )
    return Shown(
        f'<span class="wb-history" role="img" aria-label="{words}, the newest'
        f' {results[-1] if results else "none"}">{html}</span>',
        words,
        list(results),
    )


def _dot(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    if not isinstance(value, bool):
        raise error_of(ShowError, "show.no_truth_value", column=column.name)
    if value:
        return Shown(f'<span class="wb-dot" aria-hidden="true">●</span>{said("yes")}', "yes", True)
    return Shown(f'<span class="wb-nodot" aria-hidden="true">·</span>{said("no")}', "no", False)


def _rank(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    text = number.integer(value)
    return Shown(
        f'<span class="wb-rank{" wb-first" if value == 1 else ""}">{escape(text)}</span>',
        text,
        data_of(value),
    )


def _chip(column: Column, value: Any, names: Mapping[str, str], decimals: int | None) -> Shown:
    text = text_of(value)
    if text in ("●", "·"):
        cls, words = ("wb-dot", "yes") if text == "●" else ("wb-nodot", "not asked")
        return Shown(
            f'<span class="{cls}" aria-hidden="true">{text}</span>{said(words)}', words, text
        )
    return Shown(f'<span class="wb-chip">{escape(text)}</span>' if text else "", text, text)


_KINDS = {
    "words": _words,
    "written": _words,
    "mono": _mono,
    "value": _value,
    "int": _number,
    "number": _number,
    "money": _number,
    "percent": _number,
    "date": _date,
    "check": _check,
    "history": _history,
    "dot": _dot,
    "rank": _rank,
    "chip": _chip,
}
