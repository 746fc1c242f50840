"""Every number on a page: true minus, thousands comma, thin unit; anything that is not finite
is refused.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal

from workbook.errors import ShowError
from workbook.words import locale

Number = int | float | Decimal
THIN = "\u202f"  # narrow, and no line breaks at it
MINUS = "\u2212"
OPEN_END = dt.date(9999, 12, 31)
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def finite(value: Number) -> Decimal:
    """The value as an exact decimal.

    Raises:
        ShowError: it is no number, or not a finite one.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ShowError(f"A {type(value).__name__} stands where a page needs a number.")
    if not math.isfinite(value):
        raise ShowError(
            "A number that is not finite (NaN or infinity) cannot be shown. Leave the value empty"
            " where there is none."
        )
    return value if isinstance(value, Decimal) else Decimal(str(value))


def integer(value: Number) -> str:
    """A whole number: `1,713`.

    >>> integer(-1713)
    '−1,713'
    """
    exact = finite(value)
    if exact != exact.to_integral_value():
        raise ShowError(
            "A number with decimals stands where a page shows whole ones. Use kind='number'."
        )
    return _text(exact, 0)


def number(value: Number, decimals: int | None = None, unit: str = "") -> str:
    """A number, by default with at most one decimal, and its unit.

    >>> number(1234.56), number(30, unit="d")
    ('1,234.6', '30\\u202fd')
    """
    exact = finite(value)
    places = decimals if decimals is not None else 0 if exact == exact.to_integral_value() else 1
    return _text(exact, places) + (f"{THIN}{unit}" if unit else "")


def money(value: Number, currency: str = "", decimals: int | None = None) -> str:
    """An amount with its currency; cents only where there are any.

    >>> money(-1204.5, "EUR"), money(12, "SEK"), money(7.5)
    ('−€1,204.50', '12\\u202fSEK', '7.50')
    """
    exact = finite(value)
    text = _text(exact, decimals if decimals is not None else cents(exact))
    sign, size = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return sign + with_currency(size, currency)


def percent(value: Number, decimals: int = 1, *, bounds: bool = True) -> str:
    """A fraction as a percentage; what is not quite nothing or all never rounds to 0 or 100,
    unless without `bounds`.

    >>> percent(0.0744), percent(1), percent(0.99999), percent(0.00002)
    ('7.4\\u202f%', '100\\u202f%', '>99.9\\u202f%', '<0.1\\u202f%')
    """
    exact = finite(value) * 100
    step = Decimal(1).scaleb(-decimals)
    if exact in (0, 100):
        text = _text(exact, 0)
    elif bounds and 0 < exact < step / 2:
        text = f"<{_text(step, decimals)}"
    elif bounds and 100 - step / 2 <= exact < 100:
        text = f">{_text(100 - step, decimals)}"
    else:
        text = _text(exact, decimals)
    return text + THIN + "%" if locale.house_hand() else locale.percent(text)


def compact(value: Number, currency: str = "") -> str:
    """A large number for a headline: three figures and k, m or bn.

    >>> compact(2414300, "EUR"), compact(981)
    ('€2.41m', '981')
    """
    exact = finite(value)
    if not locale.house_hand():
        sign = MINUS if exact < 0 else ""
        return sign + with_currency(locale.compact(abs(exact)), currency)
    for size, letter in ((10**9, "bn"), (10**6, "m"), (10**3, "k")):
        scaled = abs(exact) / size
        if scaled >= (1 if letter == "k" else Decimal("0.9995")):  # 999,999 is 1.00m, not 1,000k
            places = 2 if scaled < 10 else 1 if scaled < 100 else 0
            text = _text(abs(exact) / size, places) + letter
            break
    else:
        text = number(abs(exact))
    return (MINUS if exact < 0 else "") + with_currency(text, currency)


def with_currency(text: str, currency: str) -> str:
    """A written amount with its currency: a sign before it, a code behind it."""
    code = len(currency) == 3 and currency.isalpha()
    if code and not locale.house_hand():
        return locale.currency(text, locale.symbol(currency))
    symbol = _SYMBOLS.get(currency.upper(), "" if code else currency)
    return symbol + text if symbol else f"{text}{THIN}{currency}" if currency else text


def signed(value: Number, decimals: int | None = None, unit: str = "") -> str:
    """A movement: with its sign, zero without.

    >>> signed(43.4), signed(-5), signed(0)
    ('+43.4', '−5', '0')
    """
    text = number(value, decimals, unit)
    return "+" + text if any(digit in "123456789" for digit in text) and finite(value) > 0 else text


def plural(count: Number, word: str, many: str = "") -> str:
    """A count and its noun.

    >>> plural(1, "company"), plural(2, "company"), plural(0, "box"), plural(3, "person")
    ('1 company', '2 companies', '0 boxes', '3 people')
    >>> plural(2, "half", "halves")
    '2 halves'
    """
    return f"{integer(count)} {word if count == 1 else many or _many(word)}"


def plural_of(word: str) -> str:
    """The plural of a noun.

    >>> plural_of("company"), plural_of("person")
    ('companies', 'people')
    """
    return _many(word)


def date(value: dt.date | dt.datetime | str, *, long: bool = False) -> str:
    """A day as people write it, with its time where it has one; the end of an open interval is
    `open`.

    >>> date("2026-09-04"), date(dt.date(2026, 9, 4), long=True)
    ('4 Sep 2026', '4 September 2026')
    """
    day = value if isinstance(value, dt.date) else _day(value)
    if (day.date() if isinstance(day, dt.datetime) else day) == OPEN_END:
        return "open"
    text = locale.day(day, long=long)
    at_time = isinstance(day, dt.datetime) and (day.hour or day.minute or day.second)
    return f"{text} {day.hour:02d}:{day.minute:02d}" if at_time else text


def cents(value: Decimal) -> int:
    """How many decimals an amount needs: none, or two."""
    return 0 if value == value.to_integral_value() else 2


def _day(text: str) -> dt.date | dt.datetime:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise ShowError("A date on a page is a date, or text such as 2026-09-04.") from None


def _text(value: Decimal, decimals: int) -> str:
    rounded = (
        value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if abs(value) < Decimal(10) ** 20
        else value
    )
    text = locale.digits(abs(rounded), decimals)
    return MINUS + text if rounded < 0 else text


def _many(word: str) -> str:
    if word.endswith("person"):
        return word[: -len("person")] + "people"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
