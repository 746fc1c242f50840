"""What a reviewer saw of a pair, as a digest: the compared values of both records, normalised."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import polars as pl

from workbook.identity.compared_values import key_of, keys_of

_LETTERS = 12
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def digest_of(left: Sequence[str | None], right: Sequence[str | None]) -> str:
    """Twelve hex digits of the values of two records, the lower record's first.

    >>> digest_of(["acme", None], ["acme", "x.test"])
    '5b6f8776c31d'
    """
    return _digest(_WRITTEN(list(left)), _WRITTEN(list(right)))


def _digest(left: str, right: str) -> str:
    return sha256(f"[{left},{right}]".encode("utf-8", "surrogatepass")).hexdigest()[:_LETTERS]


def digests(
    records: pl.DataFrame, compared: Mapping[str, str], pairs: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """The digest of each pair whose records are both there; `compared` names how each attribute
    is compared.
    """
    wanted = list(pairs)
    keys = pl.DataFrame(
        {
            "_record": (
                pl.Series([record for pair in wanted for record in pair], dtype=pl.String).unique()
            )
        }
    )
    names = sorted(compared)
    brought = [key_of(name) for name in names if key_of(name) in records.columns]
    here = records.select("_record", *names, *brought).join(keys, on="_record", how="semi")
    rows = (
        zip(*(keys_of(here, name, compared[name])["key"] for name in names), strict=True)
        if names
        else ()
    )
    written = dict(zip(here["_record"], (_WRITTEN(list(row)) for row in rows), strict=False))
    return {
        pair: _digest(written[pair[0]], written[pair[1]])
        for pair in wanted
        if pair[0] in written and pair[1] in written
    }
