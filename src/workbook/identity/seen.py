"""What a reviewer saw of a pair, as a digest: the compared values of both records, normalised."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import polars as pl

from workbook.identity.normalise import normalise

_LETTERS = 12


def digest_of(left: Sequence[str | None], right: Sequence[str | None]) -> str:
    """Twelve hex digits of the values of two records, the lower record's first.

    >>> digest_of(["acme", None], ["acme", "x.test"])
    '95f3d4d6a3c4'
    """
    return sha256(json.dumps([list(left), list(right)], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")).hexdigest()[:_LETTERS]


def digests(records: pl.DataFrame, compared: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The digest of each pair whose records are both there; `compared` names the normaliser of each attribute."""
    wanted = list(pairs)
    keys = pl.Series("record", [record for pair in wanted for record in pair], dtype=pl.String).unique()
    here = records.filter(pl.col("record").is_in(keys.to_list()))
    names = sorted(compared)
    values = dict(zip(here["record"], zip(*(normalise(here[name], compared[name]) for name in names), strict=True), strict=False)) if names else {}
    return {pair: digest_of(values[pair[0]], values[pair[1]]) for pair in wanted if pair[0] in values and pair[1] in values}
