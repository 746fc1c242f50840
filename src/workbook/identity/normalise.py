"""A value as it was typed becomes the key by which it is compared: distinct values only, by type."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import polars as pl

VERSION = 1
DEFAULT_REGION = "US"  # how a phone number without a country code is read

Normaliser = Callable[[pl.Series, str], pl.Series]

# Providers that deliver `ann+shop@…` to `ann@…`; elsewhere a plus may tell two people apart.
_PLUS_TAGS = (
    "fastmail.com", "gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "live.com", "mac.com", "me.com",
    "outlook.com", "pm.me", "proton.me", "protonmail.com",
)
_DOTS_MEAN_NOTHING = ("gmail.com", "googlemail.com")


def normalise(values: pl.Series, method: str, region: str = DEFAULT_REGION) -> pl.Series:
    """The comparable key of each value, in the same order; null where nothing comparable is left.

    `method` is the name of a built-in type or of a normaliser; an unknown one trims and folds case.
    """
    distinct = values.cast(pl.String).unique().drop_nulls().sort()
    keys = NORMALISERS.get(method, _text)(distinct, region)
    known = pl.DataFrame({"raw": distinct, "key": keys.cast(pl.String)}).with_columns(
        pl.when(pl.col("key") != "").then("key")
    )
    raw = pl.DataFrame({"raw": values.cast(pl.String)})
    return raw.join(known, on="raw", how="left", maintain_order="left")["key"].alias(values.name)


def _folded(text: pl.Expr) -> pl.Expr:
    """Lower case without accents, as `str.casefold` would have it for the letters that differ."""
    return (
        text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
        .str.replace_many(["ß", "ø", "ł", "æ", "œ", "đ", "ı"], ["ss", "o", "l", "ae", "oe", "d", "i"])
    )  # fmt: skip


def _spaced(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"\s+", " ").str.strip_chars()


def _apply(values: pl.Series, expression: pl.Expr) -> pl.Series:
    return values.alias("v").to_frame().select(expression.alias("v"))["v"]


def _text(values: pl.Series, region: str) -> pl.Series:
    return _apply(values, _spaced(pl.col("v").str.normalize("NFKC").str.to_lowercase()))


def _letters_and_digits(values: pl.Series, region: str) -> pl.Series:
    return _apply(values, pl.col("v").str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", ""))


def _person_name(values: pl.Series, region: str) -> pl.Series:
    words = _folded(pl.col("v")).str.replace_all(r"['’`´.]", "").str.replace_all(r"[^\p{L}\p{N}]", " ")
    return _apply(values, _spaced(words))


def _email(values: pl.Series, region: str) -> pl.Series:
    address = pl.col("v").str.normalize("NFKC").str.to_lowercase().str.strip_chars(" \t\r\n<>\"'")
    domain = address.str.extract(r"@([^@\s]+)$").str.strip_chars(".")
    local = address.str.extract(r"^(?:mailto:)?([^@\s]+)@[^@\s]+$")
    local = pl.when(domain.is_in(_PLUS_TAGS)).then(local.str.replace(r"\+.*$", "")).otherwise(local)
    local = pl.when(domain.is_in(_DOTS_MEAN_NOTHING)).then(local.str.replace_all(".", "", literal=True)).otherwise(local)
    domain = pl.when(domain == "googlemail.com").then(pl.lit("gmail.com")).otherwise(domain)
    whole = pl.concat_str([local, pl.lit("@"), domain])
    return _apply(values, pl.when((local != "") & (domain != "")).then(whole))


def _each(one: Callable[[str, str], str], values: pl.Series, region: str) -> pl.Series:
    """For what a library does one value at a time; the values are distinct already."""
    return pl.Series(values.name, [one(value, region) for value in values.to_list()], dtype=pl.String)


def _phone(value: str, region: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return "".join(c for c in value if c.isdigit())
    if not phonenumbers.is_possible_number(number):
        return "".join(c for c in value if c.isdigit())
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=1)
def _suffixes() -> object:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _domain(value: str, region: str) -> str:
    host = value.strip().lower().rpartition("//")[2].rpartition("@")[2]
    host = host.split("/")[0].split("?")[0].split(":")[0].strip(".")
    return _suffixes().privatesuffix(host) or ""  # type: ignore[attr-defined]


def _company_core(value: str, region: str) -> str:
    from cleanco import basename

    return basename(value.replace("&", " and ")) or value


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


NORMALISERS: dict[str, Normaliser] = {
    "email": _email,
    "phone": partial(_each, _phone),
    "domain": partial(_each, _domain),
    "url": partial(_each, _domain),
    "company_name": _company_name,
    "person_name": _person_name,
    "full_name": _person_name,
    "tax_id": partial(_each, _tax_id),
    "letters_and_digits": _letters_and_digits,
}


def comparable_keys(records: pl.DataFrame, methods: dict[str, str], region: str = DEFAULT_REGION) -> pl.DataFrame:
    """One row per record and attribute that has a comparable value: record, attribute, value.

    `records` has a column `record` and one per attribute of `methods` (attribute -> normaliser).
    """
    parts = [pl.DataFrame(schema={"record": pl.String, "attribute": pl.String, "value": pl.String})]
    for attribute, method in methods.items():
        value = normalise(records[attribute], method, region)
        parts.append(
            pl.DataFrame({"record": records["record"], "value": value})
            .drop_nulls("value")
            .select("record", pl.lit(attribute).alias("attribute"), "value")
        )
    return pl.concat(parts).sort("record", "attribute")
