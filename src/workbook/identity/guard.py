"""The guard: a value that too many records, or too different ones, share links nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from workbook.identity.rules import attribute_of, value_groups, wide

GUARDED = {
    "rule": pl.String,
    "attribute": pl.String,
    "value": pl.String,
    "records": pl.Int64,
    "links_not_made": pl.Int64,
    "reason": pl.String,
    "hub": pl.String,
}
_PLACEHOLDER_WORDS = (
    "anonymous", "missing", "n/a", "na", "nil", "nobody", "noemail", "nomail", "none", "noreply", "no-reply", "null",
    "test", "tbd", "unknown", "xxx",
)  # fmt: skip


def is_placeholder(value: pl.Expr) -> pl.Expr:
    """Whether a normalised value stands for "no value": 000…, a run of digits, `unknown`, `none@…`."""
    core = value.str.split("@").list.first().str.replace_all(r"[^\p{L}\p{N}/-]", "")
    digits = value.str.replace_all(r"\D", "")
    only_digits = value.str.contains(r"^[\d\s+().-]+$")
    last_seven = digits.str.tail(7)
    one_digit = (digits.str.len_chars() >= 3) & (last_seven == digits.str.tail(1).repeat_by(last_seven.str.len_chars()).list.join(""))
    run = digits.is_in(["123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "11234567890"])
    return core.is_in(_PLACEHOLDER_WORDS) | (core == "") | (only_digits & (one_digit | run))


def alike(left: str, right: str) -> bool:
    """Whether two normalised values are spellings of one: at most two letters differ, or one holds the other.

    Short values are held to more: of three letters one may differ; an initial must be the beginning.

    >>> alike("scott", "scoto"), alike("j", "jones"), alike("li", "ng"), alike("adams", "jones")
    (True, True, False, False)
    """
    from rapidfuzz.distance import Levenshtein

    short, long = sorted((left, right), key=len)
    if long.startswith(short) or (len(short) > 2 and short in long):
        return True
    allowed = min(2, len(short) // 2)
    return Levenshtein.distance(short, long, score_cutoff=allowed) <= allowed


def distinct_by_similarity(values: Sequence[str]) -> int:
    """How many groups the values form when every pair that is alike stands in one group (single link).

    >>> distinct_by_similarity(["scott", "scoto", "adams", "adam"])
    2
    """
    groups: list[list[str]] = []
    for value in sorted(set(values)):
        touched = [group for group in groups if any(alike(value, member) for member in group)]
        groups = [group for group in groups if group not in touched] + [[value, *(m for group in touched for m in group)]]
    return len(groups)


def guarded_values(keys: pl.DataFrame, rules: Sequence[Mapping[str, Any]], guard: Mapping[str, Any]) -> pl.DataFrame:
    """One row per rule and value that may not link: rule, attribute, value, records, links_not_made, reason, hub.

    A value is guarded, first reason first, because the team ignores it, because it is a placeholder, because more than
    `records_per_value` records bear it, or because the records behind it name more different values of another
    attribute than `distinct_per_value` allows; spellings of one value count once. Only values that two or more
    records share are listed. `hub` is the lowest record that bears it.
    """
    parts = [pl.DataFrame(schema=GUARDED)]
    for rule in rules:
        match = list(rule["match"])
        groups = value_groups(keys, match).with_columns(reason=_reason_of_value(match, guard))
        varied = _too_varied(keys, match, groups.filter(pl.col("reason").is_null()), guard["distinct_per_value"])
        groups = groups.join(varied, on="hub", how="left").with_columns(pl.coalesce("reason", "varied").alias("reason"))
        parts.append(
            groups.drop_nulls("reason").select(
                pl.lit(rule["name"]).alias("rule"),
                pl.lit(attribute_of(match)).alias("attribute"),
                pl.concat_str(match, separator=" + ").alias("value"),
                "records",
                (pl.col("records") - 1).alias("links_not_made"),
                "reason",
                "hub",
            )
        )
    return pl.concat(parts).sort("rule", "value", "hub")


def _reason_of_value(match: Sequence[str], guard: Mapping[str, Any]) -> pl.Expr:
    """Why the value alone, or the number of its records, forbids a link; null where it does not."""
    limit = int(guard["records_per_value"])
    ignored = [pl.col(a).is_in(list(guard["ignore"][a])) for a in match if guard["ignore"].get(a)]
    return (
        pl.when(pl.any_horizontal(ignored) if ignored else pl.lit(False)).then(pl.lit("ignored by decision"))
        .when(pl.any_horizontal(is_placeholder(pl.col(a)) for a in match)).then(pl.lit("placeholder"))
        .when(pl.col("records") > limit).then(pl.lit(f"on more than {limit} records"))
    )  # fmt: skip


def _too_varied(
    keys: pl.DataFrame, match: Sequence[str], groups: pl.DataFrame, limits: Mapping[str, int]
) -> pl.DataFrame:
    """One row per value whose records differ too much: hub, varied (the reason)."""
    members = wide(keys, match).join(groups, on=list(match)).select("record", "hub")
    found: dict[str, str] = {}
    for attribute, limit in limits.items():
        if attribute in match:
            continue
        other = keys.filter(pl.col("attribute") == attribute).select("record", "value")
        suspects = (
            members.join(other, on="record")
            .group_by("hub")
            .agg(pl.col("value").unique())
            .filter(pl.col("value").list.len() > limit)
        )
        for hub, values in suspects.sort("hub").iter_rows():
            if distinct_by_similarity(values) > limit:
                found.setdefault(hub, f"more than {limit} different {attribute}")
    return pl.DataFrame({"hub": list(found), "varied": list(found.values())}, schema={"hub": pl.String, "varied": pl.String})
