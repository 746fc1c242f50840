"""Countries and languages by code and by name: ISO 3166-1 and ISO 639-1, with names as `babel`
knows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Locales whose names of countries and languages are known; English decides where a name means two
# things.
LOCALES = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "bg",
    "el",
    "tr",
    "ru",
    "uk",
    "ja",
    "zh",
    "ko",
    "ar",
    "he",
    "hi",
    "id",
    "ms",
    "vi",
    "th",
    "hr",
    "sl",
    "sr",
    "sq",
    "mk",
    "lt",
    "lv",
    "et",
    "is",
    "ga",
    "ca",
    "eu",
    "ka",
    "hy",
    "fa",
    "ur",
    "bn",
    "sw",
    "af",
)
# What people write and no register holds.
_USUAL_COUNTRIES = {
    "uk": "GB",
    "great britain": "GB",
    "britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "united states of america": "US",
    "the united states": "US",
    "america": "US",
    "u s": "US",
    "u s a": "US",
    "u k": "GB",
    "holland": "NL",
    "the netherlands": "NL",
    "south korea": "KR",
    "korea": "KR",
    "north korea": "KP",
    "russia": "RU",
    "vietnam": "VN",
    "viet nam": "VN",
    "czech republic": "CZ",
    "ivory coast": "CI",
    "burma": "MM",
    "macedonia": "MK",
    "turkey": "TR",
    "uae": "AE",
    "u a e": "AE",
    "emirates": "AE",
    "cape verde": "CV",
    "swaziland": "SZ",
    "hong kong": "HK",
    "macau": "MO",
    "taiwan": "TW",
    "palestine": "PS",
    "vatican": "VA",
    "syria": "SY",
    "iran": "IR",
    "laos": "LA",
    "brunei": "BN",
    "moldova": "MD",
    "tanzania": "TZ",
    "bolivia": "BO",
    "venezuela": "VE",
    "kosovo": "XK",
    "xk": "XK",
    "el": "GR",
    "republic of ireland": "IE",
    "eire": "IE",
    "brd": "DE",
    "bundesrepublik deutschland": "DE",
    "osterreich": "AT",
    "schweiz": "CH",
    "suisse": "CH",
    "svizzera": "CH",
    "mainland china": "CN",
    "prc": "CN",
    "ksa": "SA",
    "congo kinshasa": "CD",
    "congo brazzaville": "CG",
    "dr congo": "CD",
    "drc": "CD",
}
_USUAL_LANGUAGES = {
    "mandarin": "zh",
    "chinese": "zh",
    "farsi": "fa",
    "tagalog": "tl",
    "filipino": "tl",
    "flemish": "nl",
    "castilian": "es",
    "castellano": "es",
    "norwegian": "no",
    "norsk": "no",
}

_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})+\s*")


def folded(name: str) -> str:
    """A name without case, accents and punctuation.

    >>> folded(" Côte d’Ivoire "), folded("U.S.A.")
    ('cote d ivoire', 'u s a')
    """
    plain = "".join(
        c
        for c in unicodedata.normalize("NFKD", name.replace("ß", "ss")).casefold()
        if not unicodedata.combining(c)
    )
    return " ".join(re.sub(r"[^\w]|_", " ", plain.replace("&", " and ")).split())


def country_code(value: str) -> str:
    """The ISO code of two letters, in capitals, or ''.

    >>> country_code("Deutschland"), country_code("usa"), country_code("826")
    ('DE', 'US', 'GB')
    >>> country_code("Atlantis")
    ''
    """
    name = folded(value)
    return _country_codes().get(name, "") or _countries().get(name, "")


def language_code(value: str) -> str:
    """The ISO 639-1 code, or ''; of a locale its language.

    >>> language_code("German"), language_code("pt-BR"), language_code("spa")
    ('de', 'pt', 'es')
    >>> language_code("Klingon")
    ''
    """
    codes, tag = _language_codes(), _TAG.fullmatch(value)
    return codes.get(folded(tag[1] if tag else value), "") or _languages().get(folded(value), "")


@lru_cache(maxsize=1)
def _country_codes() -> dict[str, str]:
    """By code of two or three letters or of three digits; and what people write."""
    import pycountry

    known = {}
    for country in pycountry.countries:
        known |= {
            country.alpha_2.lower(): country.alpha_2,
            country.alpha_3.lower(): country.alpha_2,
            country.numeric: country.alpha_2,
        }
    return known | _USUAL_COUNTRIES


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """By name; loading the names of some fifty locales takes half a second, and codes alone
    never need them.
    """
    return _by_name(_country_names())


@lru_cache(maxsize=1)
def _language_codes() -> dict[str, str]:
    """By code of two or three letters; and what people write."""
    import pycountry

    known: dict[str, str] = {}
    for language in pycountry.languages:
        if code := getattr(language, "alpha_2", ""):
            known |= {
                word: code
                for word in (code, language.alpha_3, getattr(language, "bibliographic", ""))
                if word
            }
    return known | _USUAL_LANGUAGES


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    """By name."""
    return _by_name(_language_names())


def _by_name(names: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Each folded name and its code: the first locale that knows a name decides; one locale's
    name of two things is left out.
    """
    found: dict[str, str] = {}
    for name, code in names:
        found.setdefault(folded(name), code)
    found.pop("", None)
    return found


def _country_names() -> Iterator[tuple[str, str]]:
    import pycountry
    from babel import Locale

    codes = {country.alpha_2 for country in pycountry.countries}
    for country in pycountry.countries:
        for word in ("name", "official_name", "common_name"):
            if name := getattr(country, word, ""):
                yield name, country.alpha_2
    for locale in LOCALES:
        yield from (
            (name, code)
            for code, name in sorted(Locale.parse(locale).territories.items())
            if code in codes
        )


def _language_names() -> Iterator[tuple[str, str]]:
    import pycountry
    from babel import Locale

    codes = {code for language in pycountry.languages if (code := getattr(language, "alpha_2", ""))}
    for language in pycountry.languages:
        if code := getattr(language, "alpha_2", ""):
            yield language.name, code
    for locale in LOCALES:
        yield from (
            (name, code)
            for code, name in sorted(Locale.parse(locale).languages.items())
            if code in codes
        )
