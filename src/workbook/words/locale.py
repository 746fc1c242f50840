"""The language and country by whose rules numbers and days are written, from `locale:` of
workbook.yml; CLDR by way of Babel.

English without a country (`en`, the default) is the house's own hand: `1,204.50`, `7.4 %`,
`€1.2m`, `4 Sep 2026`. Any other locale is CLDR's.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

from workbook.errors import ShowError

DEFAULT = "en"
# of the process: a kernel runs each cell in a context of its own, so a ContextVar would forget it
_current = {"name": DEFAULT}


def use_locale(name: str) -> None:
    """Write every number and day from here on by this locale (`de_CH`).

    Raises:
        ShowError: there is no such locale.
    """
    locale_of(name)
    _current["name"] = name


def current_locale() -> str:
    """The locale that is written by."""
    return _current["name"]


def language() -> str:
    """The language of the locale that is written by: `de` of `de_CH`."""
    return _current["name"].replace("-", "_").partition("_")[0]


def house_hand() -> bool:
    """Whether numbers are written as this house writes English."""
    return _current["name"] == DEFAULT


@cache
def locale_of(name: str) -> Any:
    """Babel's locale of a name such as `de` or `en_GB`.

    Raises:
        ShowError: CLDR knows no such locale.
    """
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        raise ShowError(
            f"'{name}' is no locale. A locale is a language and, if you like, a country: en,"
            " en_GB, de_CH."
        ) from None


def known_locales() -> list[str]:
    """Every locale that CLDR describes."""
    from babel.localedata import locale_identifiers

    return sorted(locale_identifiers())


def digits(size: Decimal, decimals: int) -> str:
    """A number without its sign, rounded already: grouped, with exactly these decimals."""
    pattern = _plain(_current["name"], decimals)
    return str(pattern.apply(size, locale_of(_current["name"]), decimal_quantization=False))


@cache
def _plain(name: str, decimals: int) -> Any:
    from babel.numbers import parse_pattern

    grouping = locale_of(name).decimal_formats[None].pattern.partition(".")[0]
    return parse_pattern(grouping + ("." + "0" * decimals if decimals else ""))


def percent(size: str) -> str:
    """Digits with the locale's percent sign."""
    return _around(locale_of(_current["name"]).percent_formats[None], size)


def currency(size: str, sign: str) -> str:
    """Digits with a currency's sign or code, where the locale puts it."""
    pattern = locale_of(_current["name"]).currency_formats["standard"]
    return _around(pattern, size).replace("\u00a4", sign)


def _around(pattern: Any, size: str) -> str:
    prefix, suffix = pattern.prefix[0], pattern.suffix[0]
    return f"{prefix}{size}{suffix}"


def symbol(code: str) -> str:
    """A currency's sign in this locale, or its code."""
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(code.upper(), locale_of(_current["name"])))


def day(value: dt.date, *, long: bool = False) -> str:
    """A day, with its month shortened or whole."""
    from babel.dates import format_date

    name = _current["name"]
    form = ("d MMMM y" if long else "d MMM y") if name == DEFAULT else "long" if long else "medium"
    return str(format_date(value, form, locale_of(name)))


def month_name(number: int, *, short: bool = False) -> str:
    """A month's name, 1 to 12."""
    name = str(locale_of(_current["name"]).months["stand-alone"]["wide"][number])
    return name[:3] if short else name


def compact(size: Decimal) -> str:
    """A large number in three figures, in the locale's short form."""
    from babel.numbers import format_compact_decimal

    places = 2 - (size.adjusted() % 3 if size >= 1 else 0)
    name = locale_of(_current["name"])
    return str(format_compact_decimal(size, locale=name, fraction_digits=places))
