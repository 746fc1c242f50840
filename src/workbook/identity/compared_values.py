"""The values of records as identity compares them: of each attribute its key, why it is not
compared, who else bears it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import polars as pl

from workbook.identity.match_reasons import IGNORED, MAIL_PROVIDER, PLACEHOLDER, SHARED_SITE
from workbook.model.empty_words import folded
from workbook.model.mail_providers import IN_EVERY_COUNTRY, MAIL_PROVIDERS
from workbook.model.shared_sites import SHARED_SITES, SITES_IN_EVERY_COUNTRY
from workbook.model.types.normalise import compared, normalise, says_nothing

# of the table of comparable values: raise it when its columns change, or why a key is not compared
LAYOUT = 5
_DOMAINS = ("domain", "url")
_OF_MANY = (
    (MAIL_PROVIDERS, IN_EVERY_COUNTRY, MAIL_PROVIDER),
    (SHARED_SITES, SITES_IN_EVERY_COUNTRY, SHARED_SITE),
)


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
    """The keys of an attribute that are compared, in the order of the values; null for all
    others.
    """
    return values.select(
        pl.when(pl.col(why_of(attribute)).is_null()).then(key_of(attribute)).alias(attribute)
    ).to_series()


def comparable_values(
    records: pl.DataFrame,
    methods: Mapping[str, str],
    ignore: Mapping[str, Sequence[str]],
    words: Mapping[str, tuple[Sequence[str], Sequence[str]]] = MappingProxyType({}),
    lists: Mapping[str, pl.DataFrame] = MappingProxyType({}),
) -> pl.DataFrame:
    """One row per record, in the order given: record, and of each attribute its key, why it is
    not compared, and whether another record bears it too.

    `methods` names how values of each attribute are compared; where the records bring their
    keys, those are taken as they are. `ignore` are the values that the team excludes from
    matching, as they are typed; `words` the words of an attribute that mean nothing and those
    that are meant, in addition to the built-in ones. The domain of a mail provider, a social
    network or a host of sites names no company, so it is not compared either, unless it is
    meant. Without a value there is no key; without a reason the key is compared. `lists` are
    attributes of which a record may hold several values: one row per record, in the same order.
    """
    columns = [records["_record"].alias("record")]
    for attribute, method in methods.items():
        if attribute in lists:
            names = [word(attribute) for word in (key_of, why_of, borne_of)]
            columns += lists[attribute].select(names).get_columns()
            continue
        several = pl.col("key").is_duplicated() & pl.col("key").is_not_null()
        found = keys_of(records, attribute, method, *words.get(attribute, ((), ())))
        columns += found.select(
            pl.col("key").alias(key_of(attribute)),
            reason(method, ignore.get(attribute, ()), words.get(attribute, ((), ()))[1]).alias(
                why_of(attribute)
            ),
            several.alias(borne_of(attribute)),
        ).get_columns()
    return pl.DataFrame(columns)


def reason(method: str, ignore: Sequence[str], meant: Sequence[str] = ()) -> pl.Expr:
    """Why a key is not compared, null where it is; over `key` and `nothing`. `meant` are values
    that name a company although many others may have a page or a mailbox there.
    """
    by_team = pl.col("key").is_in(_keys(ignore, method))
    found = pl.when(by_team).then(pl.lit(IGNORED)).when("nothing").then(pl.lit(PLACEHOLDER))
    if method in _DOMAINS:
        of_others = ~pl.col("key").is_in(_keys(meant, method))
        for listed, in_every_country, why in _OF_MANY:
            many = pl.col("key").is_in(listed) | pl.col("key").str.contains(in_every_country)
            found = found.when(many & of_others).then(pl.lit(why))
    return found


def _keys(values: Sequence[str], method: str) -> list[str]:
    """The keys of values that the team names."""
    return normalise(pl.Series(values, dtype=pl.String), method).drop_nulls().to_list()


def keys_of(
    records: pl.DataFrame,
    attribute: str,
    method: str,
    add: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> pl.DataFrame:
    """`key` and `nothing` of an attribute, in the order of the records: the keys that they
    bring, or made from their values.

    `add` are words that mean nothing, `keep` those that are meant, beside what the type brings.
    """
    if key_of(attribute) in records.columns:
        keys = records[key_of(attribute)].alias("key")
        distinct = keys.unique().drop_nulls()
        known = pl.DataFrame(
            {"key": distinct, "nothing": says_nothing(distinct, method.partition(":")[0])}
        )
        found = keys.to_frame().join(known, on="key", how="left", maintain_order="left")
    else:
        found = compared(records[attribute], method).select("key", "nothing")
    return (
        found.with_columns(nothing=_by_words(records[attribute], found, add, keep))
        if add or keep
        else found
    )


def _by_words(
    values: pl.Series, found: pl.DataFrame, add: Sequence[str], keep: Sequence[str]
) -> pl.Series:
    """Whether each value says nothing, by its key and by the team's words."""
    raw = values.cast(pl.String).alias("raw")
    typed = pl.col("raw").str.strip_chars().str.to_lowercase()
    words, meant = ([folded(word) for word in given] for given in (add, keep))
    said = typed.is_in(words) | typed.str.split("@").list.first().is_in(words)
    nothing = (pl.col("nothing") | said) & ~typed.is_in(meant) & pl.col("key").is_not_null()
    return found.with_columns(raw).select(nothing=nothing)["nothing"]
