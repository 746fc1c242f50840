"""A value as it was typed becomes the key by which it is compared: distinct values only, by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType

import polars as pl

from workbook.model.empty_words import WORDS, folded
from workbook.model.mail_providers import MAIL_PROVIDERS

VERSION = 2  # part of every rule's version: raise it when a value's key changes
LAYOUT = 3  # of the table of comparable values: raise it when its columns change, or why a key is not compared
DEFAULT_REGION = "US"  # how a phone number without a country code is read

Normaliser = Callable[[pl.Series, str], pl.Series]

# Providers that deliver `ann+shop@…` to `ann@…`; elsewhere a plus may tell two people apart.
_PLUS_TAGS = (
    "fastmail.com", "gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "live.com", "mac.com", "me.com",
    "outlook.com", "pm.me", "proton.me", "protonmail.com",
)
_DOTS_MEAN_NOTHING = ("gmail.com", "googlemail.com")

MAIL_PROVIDER = "mail provider"  # why the domain of a company is not compared
_DOMAINS = ("domain", "url")
_DIGITS_ARE_TYPED = ("phone", "tax_id", "letters_and_digits")
_LAZY_DIGITS = "|".join([*(f"{digit}{{7}}$" for digit in range(10)), "^(?:1|01)?1234567(?:8(?:9(?:0)?)?)?$"])


def normalise(values: pl.Series, method: str, region: str = DEFAULT_REGION) -> pl.Series:
    """The comparable key of each value, in the same order; null where nothing comparable is left.

    `method` is the name of a built-in type or of a normaliser; an unknown one trims and folds case.
    """
    return _compared(values, method, region)["key"].alias(values.name)


def _compared(values: pl.Series, method: str, region: str, add: Sequence[str] = (), keep: Sequence[str] = ()) -> pl.DataFrame:
    """The key of each value, and whether it says nothing, in the same order; each distinct value is worked on once."""
    raw = values.cast(pl.String).alias("raw")
    distinct = raw.unique().drop_nulls().sort()
    key = NORMALISERS.get(method, _text)(_visible(distinct), region).cast(pl.String)
    known = pl.DataFrame({"raw": distinct, "key": key}).with_columns(pl.when(pl.col("key") != "").then("key"))
    known = known.with_columns(nothing=says_nothing(known["key"], method))
    if add or keep:
        typed = pl.col("raw").str.strip_chars().str.to_lowercase()
        words, meant = ([folded(word) for word in given] for given in (add, keep))
        said = typed.is_in(words) | typed.str.split("@").list.first().is_in(words)
        known = known.with_columns(nothing=(pl.col("nothing") | said) & ~typed.is_in(meant) & pl.col("key").is_not_null())
    return raw.to_frame().join(known, on="raw", how="left", maintain_order="left")


def says_nothing(values: pl.Series, method: str) -> pl.Series:
    """Whether a key stands for "no value": `unknown`, `none@…`, zeros; for a phone or a tax id also 5555555 and 1234567."""
    value = pl.col("v")
    core = value.str.split("@").list.first().str.replace_all(r"[^\p{L}\p{N}/]", "")
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
    extension = f";ext={number.extension}" if number.extension else ""  # who sits behind one switchboard
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) + extension


@lru_cache(maxsize=1)
def _suffixes() -> object:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _domain(value: str, region: str) -> str:
    host = value.strip().lower().rpartition("//")[2].rpartition("@")[2]
    host = host.split("/")[0].split("?")[0].split(":")[0].strip(".")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        return ""
    return _suffixes().privatesuffix(host) or ""  # type: ignore[attr-defined]


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


def key_of(attribute: str) -> str:
    """The column of an attribute's comparable keys."""
    return f"{attribute} key"


def why_of(attribute: str) -> str:
    """The column that says why a key is not compared; null where it is."""
    return f"{attribute} why"


def borne_of(attribute: str) -> str:
    """The column that says whether another record bears the same key."""
    return f"{attribute} borne"


def compared_keys(values: pl.DataFrame, attribute: str) -> pl.Series:
    """The keys of an attribute that are compared, in the order of the values; null for all others."""
    return values.select(pl.when(pl.col(why_of(attribute)).is_null()).then(key_of(attribute)).alias(attribute)).to_series()


def comparable_values(
    records: pl.DataFrame, methods: Mapping[str, str], ignore: Mapping[str, Sequence[str]], region: str = DEFAULT_REGION,
    words: Mapping[str, tuple[Sequence[str], Sequence[str]]] = MappingProxyType({}),
) -> pl.DataFrame:
    """One row per record, in the order given: record, and of each attribute its key, why it is not compared, and whether another record bears it too.

    `methods` names the normaliser of each attribute; `ignore` the values that the team lets link nobody, as they are
    typed; `words` the words of an attribute that mean nothing and those that are meant, in addition to the built-in ones. The domain of a mail provider names no company, so it is not compared either. Without a value there is no
    key; without a reason the key is compared.
    """
    columns = [records["_record"].alias("record")]
    for attribute, method in methods.items():
        ignored = normalise(pl.Series("ignored", list(ignore.get(attribute, ())), dtype=pl.String), method, region)
        by_team = pl.col("key").is_in(ignored.drop_nulls().to_list())
        reason = pl.when(by_team).then(pl.lit("ignored by decision")).when("nothing").then(pl.lit("placeholder"))
        if method in _DOMAINS:
            reason = reason.when(pl.col("key").is_in(MAIL_PROVIDERS)).then(pl.lit(MAIL_PROVIDER))
        several = pl.col("key").is_duplicated() & pl.col("key").is_not_null()
        found = _compared(records[attribute], method, region, *words.get(attribute, ((), ())))
        columns += found.select(pl.col("key").alias(key_of(attribute)), reason.alias(why_of(attribute)), several.alias(borne_of(attribute))).get_columns()
    return pl.DataFrame(columns)
