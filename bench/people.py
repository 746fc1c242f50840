"""Synthetic records of customers with planted defects and known truth, at any size, from one seed.

1 to 5 records a customer (55, 25, 12, 5, 3 %). Skewed names. E-mail missing 25 %, one of five
shared mailboxes .4 %, changed 12 %, a slip 3 %; telephone missing 35 %, zeros .3 %, one of 200
switchboards .3 %, changed 15 %, a slip 3 %; names with a slip 6 to 8 %, an initial 4 %, another
surname 2 %; postcode missing 10 %, moved 8 %; street missing 15 %, a slip 10 %; birth date
missing 45 %, wrong 4 %; an id of the CRM on 40 %, always right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

_SHARE = [0.55, 0.25, 0.12, 0.05, 0.03]  # of customers with 1, 2, … records
_START = np.datetime64("1940-01-01")


def people(customers: int, seed: int = 7) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records in the shape of an entity's `__records`, their values already normalised; and the
    truth (record, label).

    570,000 customers make a million records. Rows stand in the order of their records; which
    record a row is, and from which of two systems it comes, says nothing about its customer.
    """
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(customers), rng.choice([1, 2, 3, 4, 5], size=customers, p=_SHARE))
    size = len(who)
    order = rng.permutation(size)
    made = _true(rng, customers)[who].with_columns(
        record=pl.Series(order).cast(pl.String).str.zfill(8),
        app=pl.Series(order % 2 == 0),
        row=pl.arange(size, eager=True),
        truth=pl.Series(who),
    )
    made = made.with_columns(
        system=pl.when("app").then(pl.lit("app")).otherwise(pl.lit("crm"))
    ).with_columns(source=pl.col("system") + ".people")
    made = made.with_columns(
        record=pl.col("source") + ":" + pl.col("record"),
        recorded=pl.lit(np.datetime64("2024-01-01", "us"))
        + pl.duration(minutes=pl.Series(rng.integers(0, 500_000, size))),
    )

    def hit(share: float) -> pl.Series:
        return pl.Series(rng.random(size) < share)

    def slip(column: str, share: float) -> pl.Expr:
        """One letter is left out."""
        at = (pl.Series(rng.random(size)) * pl.col(column).str.len_chars()).floor().cast(pl.Int64)
        return (
            pl.when(hit(share))
            .then(pl.col(column).str.head(at) + pl.col(column).str.slice(at + 1))
            .otherwise(column)
        )

    def instead(value: Any, share: float, otherwise: Any) -> pl.Expr:
        return pl.when(hit(share)).then(value).otherwise(otherwise)

    number = pl.col("row").cast(pl.String)
    mailbox = pl.lit("info") + pl.Series(rng.integers(0, 5, size)).cast(pl.String) + "@office.test"
    board = pl.lit("+4930555") + pl.Series(rng.integers(100, 300, size)).cast(pl.String)
    surname = pl.Series(_names(rng, size, 60_000, 0.95, "l"), dtype=pl.String)
    made = made.with_columns(
        email=instead(
            mailbox,
            0.004,
            instead(pl.lit("new") + number + "@other.test", 0.12, slip("email", 0.03)),
        ),
        phone=instead(
            pl.lit("0000000000"),
            0.003,
            instead(
                board,
                0.003,
                instead(
                    pl.lit("+44") + (pl.col("row") + 20_000_000).cast(pl.String),
                    0.15,
                    slip("phone", 0.03),
                ),
            ),
        ),
        first_name=instead(pl.col("first_name").str.head(1), 0.04, slip("first_name", 0.08)),
        last_name=instead(surname, 0.02, slip("last_name", 0.06)),
        postcode=instead(
            pl.Series(rng.integers(10_000, 99_999, size)).cast(pl.String), 0.08, pl.col("postcode")
        ),
        street=slip("street", 0.10),
        birth_date=instead(_dates(rng, size), 0.04, pl.col("birth_date")),
    )
    missing = {
        "email": 0.25,
        "phone": 0.35,
        "postcode": 0.10,
        "street": 0.15,
        "birth_date": 0.45,
        "crm_id": 0.60,
    }
    made = made.with_columns(
        instead(None, share, pl.col(name)).alias(name) for name, share in missing.items()
    ).sort("record")
    attributes = (
        "email",
        "phone",
        "first_name",
        "last_name",
        "birth_date",
        "postcode",
        "street",
        "crm_id",
    )
    return made.select("record", "source", "system", "recorded", *attributes), made.select(
        "record", label="truth"
    )


def _true(rng: Any, customers: int) -> pl.DataFrame:
    """One row per customer, as it truly is."""
    number = pl.arange(customers, eager=True)
    first, last = _names(rng, customers, 3000, 1.05, "f"), _names(rng, customers, 60_000, 0.95, "l")
    made = pl.DataFrame(
        {
            "first_name": first,
            "last_name": last,
            "birth_date": _dates(rng, customers),
            "postcode": rng.integers(10_000, 99_999, customers),
            "street": _names(rng, customers, 20_000, 0.8, "s"),
            "house": rng.integers(1, 200, customers),
            "crm_id": number,
            "phone": 10_000_000 + number * 7,
        }
    ).cast({"postcode": pl.String, "crm_id": pl.String, "phone": pl.String})
    return made.with_columns(
        email=pl.col("first_name") + "." + pl.col("last_name") + pl.col("crm_id") + "@mail.test",
        phone="+49" + pl.col("phone"),
        crm_id="c" + pl.col("crm_id"),
        street=pl.col("street") + " " + pl.col("house").cast(pl.String),
    ).drop("house")


def _dates(rng: Any, count: int) -> pl.Series:
    return pl.Series(_START + rng.integers(0, 25_000, count)).cast(pl.Date).cast(pl.String)


def _names(rng: Any, count: int, kinds: int, skew: float, letter: str) -> Any:
    """Words of a pool, the first far more often than the last (Zipf)."""
    weights = 1 / np.arange(1, kinds + 1) ** skew
    consonants, vowels = list("bcdfghklmnprstvz"), list("aeiou")
    words = np.array(
        [
            "".join(
                consonants[(n // 5**i + i * 7 + n) % 16] + vowels[(n // 16**i + i) % 5]
                for i in range(4)
            )
            + letter
            + str(n % 97)
            for n in range(kinds)
        ]
    )
    return words[rng.choice(kinds, size=count, p=weights / weights.sum())]
