"""Currencies: how many decimals the smallest unit of each is, and the signs that stand for them.

Decimals follow ISO 4217, as payment systems do. CLDR (babel) agrees but for currencies whose coins
went out of use, such as RSD and LBP: shops show those without decimals, ledgers keep them.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
DECIMALS = {
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
    **dict.fromkeys(_FOUR.split(), 4),
}
USUAL = 2
_DOLLARS = (
    "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BBD BMD BND BSD BZD DOP FJD GYD JMD KYD LRD "
    "NAD SBD SRD TTD XCD CVE"
)
SIGNS = {
    "$": _DOLLARS,
    "€": "EUR",
    "£": "GBP EGP FKP GIP SHP",
    "¥": "JPY CNY",
    "￥": "JPY CNY",
    "US$": "USD",
    "C$": "CAD NIO",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "S$": "SGD",
    "HK$": "HKD",
    "NT$": "TWD",
    "MX$": "MXN",
    "R$": "BRL",
    "CN¥": "CNY",
    "RMB": "CNY",
    "元": "CNY",
    "円": "JPY",
    "Fr.": "CHF",
    "Fr": "CHF",
    "SFr.": "CHF",
    "kr": "SEK NOK DKK ISK",
    "kr.": "SEK NOK DKK ISK",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "lei": "RON",
    "лв": "BGN",
    "лв.": "BGN",
    "₽": "RUB",
    "₺": "TRY",
    "₴": "UAH",
    "₸": "KZT",
    "₹": "INR",
    "Rs": "INR PKR LKR NPR MUR",
    "Rs.": "INR PKR LKR NPR MUR",
    "₩": "KRW",
    "₪": "ILS",
    "฿": "THB",
    "₫": "VND",
    "₱": "PHP",
    "Rp": "IDR",
    "RM": "MYR",
    "R": "ZAR",
    "₦": "NGN",
    "₵": "GHS",
    "GH₵": "GHS",
    "KSh": "KES",
    "₡": "CRC",
    "₲": "PYG",
    "S/": "PEN",
}


def decimals_of(currency: str) -> int:
    """How many decimals the smallest unit of a currency is: 0 for JPY, 3 for KWD, else 2."""
    return DECIMALS.get(currency.strip().upper(), USUAL)


def with_decimals(decimals: int) -> tuple[str, ...]:
    """The currencies whose smallest unit has this many decimals, where that is not the usual
    two.
    """
    return tuple(sorted(code for code, count in DECIMALS.items() if count == decimals))


def signs_of(currency: str) -> tuple[str, ...]:
    """What may stand beside an amount of a currency: its code and its signs, longest first."""
    signs = [sign for sign, codes in SIGNS.items() if currency in codes.split()]
    return tuple(sorted([currency, *signs], key=lambda sign: (-len(sign), sign)))


@lru_cache(maxsize=1)
def known_codes() -> frozenset[str]:
    """The codes of ISO 4217, also those of currencies that are no more (DEM)."""
    import pycountry
    from babel.numbers import list_currencies

    return frozenset(
        {currency.alpha_3 for currency in pycountry.currencies} | set(list_currencies())
    )


def nearest_code(text: str) -> str:
    """The code that a text seems to mean: itself in capitals, by its sign, by an English name,
    by nearly the same letters; or ''.

    >>> nearest_code("eur"), nearest_code("€"), nearest_code("euro"), nearest_code("UER")
    ('EUR', 'EUR', 'EUR', 'EUR')
    >>> nearest_code("US dollars")
    'USD'
    """
    from babel import Locale

    wanted = text.strip()
    if wanted.upper() in known_codes():
        return wanted.upper()
    if codes := SIGNS.get(wanted, "").split():
        return codes[0]
    names = {
        name.lower(): code
        for code, name in Locale("en").currencies.items()
        if code in known_codes()
    }
    near = get_close_matches(wanted.lower(), names, n=1, cutoff=0.8)
    if near:
        return names[near[0]]
    usual = list(dict.fromkeys(code for codes in SIGNS.values() for code in codes.split()))
    if len(wanted) != len("EUR"):
        return ""
    letters = [code for code in usual if sorted(code) == sorted(wanted.upper())]
    slips = [
        code
        for code in usual
        if sum(a == b for a, b in zip(code, wanted.upper(), strict=True)) == len(code) - 1
    ]
    return next(iter([*letters, *slips]), "")
