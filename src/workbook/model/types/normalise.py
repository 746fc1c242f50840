"""A value as it was typed becomes the key by which it is compared: distinct values only, by
type.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, partial

import polars as pl

from workbook.model.empty_words import WORDS
from workbook.model.types.builtin import EXACT, grouping_of
from workbook.model.types.countries import country_code, language_code

VERSION = 5  # part of every rule's version: raise it when a value's key changes

Normaliser = Callable[[pl.Series, str], pl.Series]

# Providers that deliver `ann+shop@…` to `ann@…`; elsewhere a plus may tell two people apart.
_PLUS_TAGS = (
    "fastmail.com",
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mac.com",
    "me.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
)
_DOTS_MEAN_NOTHING = ("gmail.com", "googlemail.com")

_DIGITS_ARE_TYPED = ("phone", "tax_id", "letters_and_digits")
_LAZY_DIGITS = "|".join(
    [*(f"{digit}{{7}}$" for digit in range(10)), "^(?:1|01)?1234567(?:8(?:9(?:0)?)?)?$"]
)


def normalise(values: pl.Series, method: str, region: str = "") -> pl.Series:
    """The comparable key of each value, in the same order; null where nothing comparable is left.

    `method` is one of METHODS; a phone's may name the region of national numbers, as in
    `phone:GB`. Without a region a national number has no key.

    Raises:
        KeyError: there is no such method.
    """
    return compared(values, method, region)["key"].alias(values.name)


def compared(values: pl.Series, method: str, region: str = "") -> pl.DataFrame:
    """`raw`, `key` and `nothing` (whether the key says nothing) of each value, in the same
    order; each distinct value is worked on once.
    """
    name, _, given = method.partition(":")
    raw = values.cast(pl.String).alias("raw")
    distinct = raw.unique().drop_nulls().sort()
    key = (
        distinct
        if name == EXACT
        else NORMALISERS[name](_visible(distinct), region or given).cast(pl.String)
    )
    known = pl.DataFrame({"raw": distinct, "key": key}).with_columns(
        pl.when(pl.col("key") != "").then("key")
    )
    known = known.with_columns(nothing=says_nothing(known["key"], name))
    return raw.to_frame().join(known, on="raw", how="left", maintain_order="left")


def by_region(values: pl.Series, regions: pl.Series) -> pl.Series:
    """The key of each phone number, read by the country beside it: a code or a name; where that
    is none, without a region.
    """
    codes = regions.cast(pl.String).unique().drop_nulls()
    known = pl.DataFrame(
        {
            "said": codes,
            "region": pl.Series([country_code(said) for said in codes.to_list()], dtype=pl.String),
        }
    )
    frame = (
        pl.DataFrame({"said": regions.cast(pl.String), "value": values})
        .with_row_index("n")
        .join(known, on="said", how="left")
    )
    frame = frame.with_columns(pl.col("region").fill_null(""))
    parts = [
        part.with_columns(key=normalise(part["value"], "phone", str(region[0])))
        for region, part in frame.group_by("region")
    ]
    keys = pl.concat(parts).sort("n")["key"] if parts else pl.Series([], dtype=pl.String)
    return keys.alias(values.name)


def key_of_text(value: str, method: str) -> str | None:
    """The key of one text, as a literal in a condition; None where nothing comparable is left."""
    key: str | None = normalise(pl.Series([value], dtype=pl.String), method)[0]
    return key


def grouped_key(value: str, method: str) -> str | None:
    """The key of one text by which values share a segment."""
    name, colon, region = method.partition(":")
    return key_of_text(value, grouping_of(name) + colon + region)


def tidy(values: pl.Series) -> pl.Series:
    """A spelling as it is shown: without what nobody sees, Unicode variants and repeated
    blanks; its letter case stays.
    """
    return _apply(_visible(values), _spaced(pl.col("v").str.normalize("NFKC")))


def says_nothing(values: pl.Series, method: str) -> pl.Series:
    """Whether a key stands for "no value": `unknown`, `none@…`, zeros; for a phone or a tax id
    also 5555555 and 1234567.
    """
    value = pl.col("v")
    core = (
        value.str.to_lowercase().str.split("@").list.first().str.replace_all(r"[^\p{L}\p{N}/]", "")
    )
    nothing = core.is_in(WORDS) | (core == "") | core.str.contains(r"^0+$")
    if method in _DIGITS_ARE_TYPED:
        nothing = nothing | value.str.replace_all(r"\D", "").str.contains(_LAZY_DIGITS)
    return _apply(values, nothing & value.is_not_null())


def _visible(values: pl.Series) -> pl.Series:
    """Without what nobody sees: zero-width and direction marks, control characters."""
    return values.str.replace_all(r"[\p{Cf}\x00-\x08\x0e-\x1f\x7f]", "")


def _folded(text: pl.Expr) -> pl.Expr:
    """Lower case without accents, as `str.casefold` would have it for the letters that differ."""
    return (
        text.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_many(
            ["ß", "ø", "ł", "æ", "œ", "đ", "ı"], ["ss", "o", "l", "ae", "oe", "d", "i"]
        )
    )


def _spaced(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"\s+", " ").str.strip_chars()


def _apply(values: pl.Series, expression: pl.Expr) -> pl.Series:
    return values.alias("v").to_frame().select(expression.alias("v"))["v"]


def _category(values: pl.Series, region: str) -> pl.Series:
    """Lower case as SQL has it, letter by letter: a sigma is one at the end of a word too, a
    dotted I is an i.
    """
    lower = (
        pl.col("v")
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_many(["ς", "i\u0307"], ["σ", "i"])
    )
    return _apply(values, _spaced(lower))


def _letters_and_digits(values: pl.Series, region: str) -> pl.Series:
    return _apply(
        values,
        pl.col("v").str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", ""),
    )


def _person_name(values: pl.Series, region: str) -> pl.Series:
    words = (
        _folded(pl.col("v")).str.replace_all(r"['’`´.]", "").str.replace_all(r"[^\p{L}\p{N}]", " ")
    )
    return _apply(values, _spaced(words))


def _email(values: pl.Series, region: str) -> pl.Series:
    address = pl.col("v").str.normalize("NFKC").str.to_lowercase()
    # with the name of who is meant before it, as mail programs write it
    address = pl.coalesce(address.str.extract(r"<([^<>\s]+@[^<>\s]+)>\s*$"), address)
    address = address.str.strip_chars(" \t\r\n<>\"'")
    domain = address.str.extract(r"@([^@\s]+)$").str.strip_chars(".")
    local = address.str.extract(r"^(?:mailto:)?([^@\s]+)@[^@\s]+$")
    local = pl.when(domain.is_in(_PLUS_TAGS)).then(local.str.replace(r"\+.*$", "")).otherwise(local)
    local = (
        pl.when(domain.is_in(_DOTS_MEAN_NOTHING))
        .then(local.str.replace_all(".", "", literal=True))
        .otherwise(local)
    )
    domain = pl.when(domain == "googlemail.com").then(pl.lit("gmail.com")).otherwise(domain)
    whole = pl.concat_str([local, pl.lit("@"), domain])
    keys = _apply(values, pl.when((local != "") & (domain != "")).then(whole))
    return _with_ascii_host(keys, r"[^@]*$")


def ascii_host(host: str) -> str:
    """A host in the letters that the name system knows: bücher.example is xn--bcher-kva.example.

    >>> ascii_host("straße.example")
    'xn--strae-oqa.example'
    """
    labels = unicodedata.normalize("NFKC", host).lower().replace("。", ".").split(".")
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels
    )


def _with_ascii_host(keys: pl.Series, host: str) -> pl.Series:
    """The keys with their host, found by a pattern, in ASCII; few have other letters."""
    other = keys.str.contains(r"[^\x00-\x7F]").fill_null(value=False).arg_true()
    written = [
        re.sub(host, lambda found: ascii_host(found[0]), key, count=1)
        for key in keys.gather(other).to_list()
    ]
    return keys.scatter(other, written) if written else keys


def _each(one: Callable[[str, str], str], values: pl.Series, region: str) -> pl.Series:
    """For what a library does one value at a time; the values are distinct already."""
    return pl.Series(
        values.name, [one(value, region) for value in values.to_list()], dtype=pl.String
    )


def _phone(value: str, region: str) -> str:
    """E.164; without a region only what names its country (`+44 …`, `0044 …`) has a key."""
    import phonenumbers

    if not region:
        value = re.sub(r"^\W*00(?=\W*[1-9])", "+", value)
        if not re.match(r"[^\w+]*\+", value):
            return ""
    try:
        number = phonenumbers.parse(value, region or None)
    except phonenumbers.NumberParseException:
        return "".join(c for c in value if c.isdigit())
    if not phonenumbers.is_possible_number(number):
        return "".join(c for c in value if c.isdigit())
    # who sits behind one switchboard
    extension = f";ext={number.extension}" if number.extension else ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) + extension


@lru_cache(maxsize=1)
def _suffixes() -> object:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _domain(value: str, region: str) -> str:
    host = value.strip().lower().rpartition("//")[2].rpartition("@")[2]
    host = host.split("/")[0].split("?")[0].split(":")[0].strip(".")
    return _suffixes().privatesuffix(ascii_host(host)) or ""  # type: ignore[attr-defined]


def _company_core(value: str, region: str) -> str:
    from cleanco import basename

    return (basename(value) or value).replace("&", " and ")


def _company_name(values: pl.Series, region: str) -> pl.Series:
    return _person_name(_each(_company_core, values, region), region)


def _tax_id(value: str, region: str) -> str:
    from stdnum import vatin
    from stdnum.exceptions import ValidationError
    from stdnum.util import clean

    try:
        return str(vatin.compact(value)).upper()
    except ValidationError:
        return str(clean(value, " -./,:_")).upper()


def _coded(code: Callable[[str], str], values: pl.Series, region: str) -> pl.Series:
    """The code of each value, in lower case; a text that names nothing known is a category."""
    known = pl.Series(
        "v", [code(value).lower() or None for value in values.to_list()], dtype=pl.String
    )
    return pl.select(pl.coalesce(known, _category(values, region)).alias("v"))["v"]


def _web_address(values: pl.Series, region: str) -> pl.Series:
    parts = (
        pl.col("v")
        .str.strip_chars()
        .str.replace(r"^[A-Za-z][A-Za-z0-9+.-]*://", "")
        .str.replace(r"#.*$", "")
    )
    host, rest = (
        parts.str.extract(r"^([^/?]*)").str.to_lowercase().str.replace(r"^www\.", ""),
        parts.str.replace(r"^[^/?]*", ""),
    )
    keys = _apply(values, host + rest.str.replace(r"/+$", ""))
    return _with_ascii_host(keys, r"^[^/?]*")


NORMALISERS: dict[str, Normaliser] = {
    "category": _category,
    "email": _email,
    "phone": partial(_each, _phone),
    "domain": partial(_each, _domain),
    "url": partial(_each, _domain),
    "company_name": _company_name,
    "person_name": _person_name,
    "postal_address": _person_name,
    "postal_code": _letters_and_digits,
    "web_address": _web_address,
    "country": partial(_coded, country_code),
    "language": partial(_coded, language_code),
    "tax_id": partial(_each, _tax_id),
    "letters_and_digits": _letters_and_digits,
}
